/* csv.h - cells of comma-separated values (RFC 4180, lines end in LF), on stdout. */
#ifndef CSV_H
#define CSV_H

#include <stdbool.h>

/* A line in the making; all zero when it begins. */
struct csv {
    bool has_cell;
};

/* In quotes where that is needed. */
void csv_text(struct csv *line, const char *text);
/* Digits that give the same double back; nothing for NAN. */
void csv_number(struct csv *line, double value);
/* 2025-11-15T01:00:46.000Z; nothing for NAN. */
void csv_utc(struct csv *line, double unix_s);
void csv_end(struct csv *line);

/* The same text of a time, "-" for NAN. */
enum { UTC_TEXT_SIZE = 40 };
const char *utc_text(double unix_s, char text[UTC_TEXT_SIZE]);

#endif
