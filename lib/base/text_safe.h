/* text_safe.h - the one place that decides which characters of a text from outside may be shown. */
#ifndef TEXT_SAFE_H
#define TEXT_SAFE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True if a character may stand in a line of text, wherever that is shown. Forbidden are controls (C0, DEL, C1: a
 * terminal obeys them), characters that change the reading order or hide (U+061C, U+200B, U+200E, U+200F, U+2028 to
 * U+202E, U+2060 to U+206F, U+FEFF, tags), and noncharacters. */
bool text_safe_code(uint32_t code);

/* Length in bytes of the character at text; 0 if it is not UTF-8 (RFC 3629), or may not be shown. *skip (may be NULL)
 * is then the number of bytes to skip. */
size_t text_safe_character(const char *text, size_t *skip);

/* Makes text safe in place: a character that may not be shown becomes a blank, a byte that is not UTF-8 becomes "?".
 * The text never grows. */
void text_make_safe(char *text);

/* True for a cell of CSV that a spreadsheet would take for a formula: it gets a ' before it. */
bool text_is_formula(const char *text);

#endif
