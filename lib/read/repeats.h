/* repeats.h - finds intervals that occur more than once. */
#ifndef REPEATS_H
#define REPEATS_H

#include <stddef.h>

/* Sets bit in the mark of each of n intervals that occurred before, with exactly the same start, end and length.
 * Returns their number; also 0 when out of memory. */
size_t repeats_mark(const double *start_s, const double *end_s, const double *seconds, size_t n, unsigned char bit,
                    unsigned char *marks);

#endif
