/* export_text.h - a text that grows, with numbers that read back exactly and names that are escaped. */
#ifndef EXPORT_TEXT_H
#define EXPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct export_text {
    char *at; /* not ended by 0 */
    size_t n, room;
    bool has_failed; /* memory ran out: something is missing */
};

void export_text_free(struct export_text *text);
/* A place for n bytes, which the caller fills and counts in text->n; NULL without memory. */
char *export_text_room(struct export_text *text, size_t n);
void export_text_put(struct export_text *text, const char *string);
void export_text_bytes(struct export_text *text, const char *bytes, size_t n);
/* The text with a 0 after it, which does not count in text->n; NULL when something is missing. */
const char *export_text_string(struct export_text *text);
void export_text_integer(struct export_text *text, int64_t value);
/* A finite number, in as few digits as read back as the same double. Needs a decimal point as in the C locale. */
void export_text_number(struct export_text *text, double value);
/* Seconds with up to three decimals. */
void export_text_seconds(struct export_text *text, int64_t ms);
/* 2025-11-15T01:00:46.000Z; nothing for a time that no calendar has. */
void export_text_utc(struct export_text *text, double unix_s);
/* A name from outside: a character of `escaped` gets a backslash before it; a control character becomes a blank, and
 * bytes that are not UTF-8 U+FFFD. */
void export_text_escaped(struct export_text *text, const char *name, const char *escaped);
/* A cell of CSV (RFC 4180), as `longhaul show` writes it. */
void export_text_cell(struct export_text *text, const char *name);

#endif
