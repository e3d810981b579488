/* csv.h - prints cells of comma-separated values (RFC 4180, lines end in LF) on stdout. */
#ifndef CSV_H
#define CSV_H

#include <stdbool.h>

/* A line being printed; all zero at its beginning. */
struct csv {
    bool has_cell;
};

/* Quotes the text if needed; puts "'" before what a spreadsheet would take for a formula, and "?" in place of
 * controls. */
void csv_text(struct csv *line, const char *text);
/* A word as JSON has it: "_" for a blank. */
void csv_key(struct csv *line, const char *text);
/* A path; if it begins like a formula, it becomes relative: "./=x.json". */
void csv_path(struct csv *line, const char *path);
/* With enough digits to restore the same double; empty for NAN. */
void csv_number(struct csv *line, double value);
/* 2025-11-15T01:00:46.000Z; empty for NAN, and for times that no calendar has. */
void csv_utc(struct csv *line, double unix_s);
void csv_end(struct csv *line);

/* The same text of a time, but "-" instead of empty. */
enum { UTC_TEXT_SIZE = 40 };
const char *utc_text(double unix_s, char text[UTC_TEXT_SIZE]);

#endif
