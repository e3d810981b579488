/* json_mend.h - JSON as iperf3 is known to write it where that is not JSON, or not what it means. */
#ifndef JSON_MEND_H
#define JSON_MEND_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Counts below 0 come as unsigned numbers: libiperf 3.12 writes -1 as 18446744073709551615. No count is as large as
 * this. */
#define JSON_MEND_WRAPPED 0x1p63

/* Copies n bytes of JSON to out, which has room for 4 n, and mends them: nan and inf, and a number that no double holds
 * or that breaks JSON's grammar, become null; an integer from 2^63 to 2^64 - 1 becomes what it is as a signed one;
 * control characters become blanks, and bytes that are not ASCII become "?". Returns the new length. */
size_t json_mend(const char *in, size_t n, char *out);

/* The value in n bytes: as it stands, else mended, and then *is_mended. A repeated key counts as mended; its last value
 * is used. NULL when it cannot be read, or without memory. */
json_t *json_mend_load(const char *text, size_t n, bool *is_mended);

/* Is there a number of JSON_MEND_WRAPPED or more in the value? */
bool json_mend_has_wrapped(const json_t *value);

#endif
