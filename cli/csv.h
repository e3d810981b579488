/* csv.h - cells of comma-separated values (RFC 4180, lines end in LF), on stdout. */
#ifndef CSV_H
#define CSV_H

#include <stdbool.h>

/* A line in the making; all zero when it begins. */
struct csv {
    bool has_cell;
};

/* In quotes where that is needed; "'" stands before what a spreadsheet would take for a formula, and "?"
 * for controls. */
void csv_text(struct csv *line, const char *text);
/* A path, from here when it begins with what spreadsheets take for a formula: "./=x.json". */
void csv_path(struct csv *line, const char *path);
/* Digits that give the same double back; nothing for NAN. */
void csv_number(struct csv *line, double value);
/* 2025-11-15T01:00:46.000Z; nothing for NAN, nor for what no calendar has. */
void csv_utc(struct csv *line, double unix_s);
void csv_end(struct csv *line);

/* The same text of a time, "-" for those. */
enum { UTC_TEXT_SIZE = 40 };
const char *utc_text(double unix_s, char text[UTC_TEXT_SIZE]);

#endif
