/* json_mend.h - mends iperf3's known deviations from JSON. */
#ifndef JSON_MEND_H
#define JSON_MEND_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Negative counts appear as unsigned numbers: libiperf 3.12 writes -1 as 18446744073709551615. No real count is this
 * large. */
#define JSON_MEND_WRAPPED 0x1p63

/* Copies n bytes of JSON to out, which has room for 4 n, and mends them: nan, inf, and numbers that do not fit a double
 * or break JSON's grammar become null; integers from 2^63 to 2^64 - 1 become the negative numbers that they stand for;
 * control characters become blanks; bytes that are not ASCII become "?". Returns the new length. */
size_t json_mend(const char *in, size_t n, char *out);

/* Loads the value in n bytes as it stands; if that fails, mends it first and sets *is_mended. A repeated key counts as
 * mended, and its last value is used. NULL if it cannot be read, or when out of memory. */
json_t *json_mend_load(const char *text, size_t n, bool *is_mended);

/* True if the value contains a number of JSON_MEND_WRAPPED or more. */
bool json_mend_has_wrapped(const json_t *value);

#endif
