/* json_check.h - checks whether a text is JSON. */
#ifndef JSON_CHECK_H
#define JSON_CHECK_H

#include <stddef.h>

/* Returns the length of the JSON value (RFC 8259, UTF-8) at the beginning of text, with the blanks before it; 0 if
 * there is no complete value, or it is nested deeper than Jansson reads. Allocates nothing. If Jansson cannot read a
 * value that is accepted here, memory ran out or a number is too large. */
size_t json_check(const char *text, size_t n);

/* Returns where the value of a member begins, when text is one whole object. The last one counts if the key is
 * repeated. NULL if there is no such member, or if a key contains an escape, so that it would have to be decoded
 * first. */
const char *json_check_member(const char *text, size_t n, const char *key, size_t *length);

#endif
