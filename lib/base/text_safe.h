/* text_safe.h - the one place that says which characters of a text from outside may come out again. */
#ifndef TEXT_SAFE_H
#define TEXT_SAFE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* May a character stand in a line of text, wherever that is shown? Not controls (C0, DEL, C1: a terminal obeys them),
 * not what turns the order of reading or hides (U+061C, U+200B, U+200E, U+200F, U+2028 to U+202E, U+2060 to U+206F,
 * U+FEFF, tags), and no noncharacters. */
bool text_safe_code(uint32_t code);

/* Bytes of the character that text begins with; 0 when it is not UTF-8 (RFC 3629), or a character that may not stand
 * there. *skip, which may be NULL: bytes to pass over then. */
size_t text_safe_character(const char *text, size_t *skip);

/* Makes text safe where it is: what may not stand there becomes a blank, what is not UTF-8 "?". It never grows. */
void text_make_safe(char *text);

#endif
