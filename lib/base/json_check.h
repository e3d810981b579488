/* json_check.h - is a text JSON? */
#ifndef JSON_CHECK_H
#define JSON_CHECK_H

#include <stddef.h>

/* Bytes of the JSON value (RFC 8259, in UTF-8) that text begins with, the blanks before it counted; 0 when there is
 * none, or it is nested deeper than Jansson reads. Allocates nothing: what it finds whole and Jansson does not read
 * lacks memory, or has a number that is too large. */
size_t json_check(const char *text, size_t n);

/* The value of a member of the object that is the whole of text, as it stands there: of a repeated key the last one.
 * NULL when there is none, or a key is spelled with escapes, so that nobody knows without reading it. */
const char *json_check_member(const char *text, size_t n, const char *key, size_t *length);

#endif
