/* json_check.h - is a text JSON? */
#ifndef JSON_CHECK_H
#define JSON_CHECK_H

#include <stddef.h>

/* Bytes of the JSON value (RFC 8259, in UTF-8) that text begins with, the blanks before it counted; 0 when there is none, or it is
 * nested deeper than Jansson reads. Allocates nothing: what it finds whole and Jansson does not read lacks memory, or has a number that
 * is too large. */
size_t json_check(const char *text, size_t n);

#endif
