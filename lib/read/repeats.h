/* repeats.h - intervals that are there more than once. */
#ifndef REPEATS_H
#define REPEATS_H

#include <stddef.h>

/* Sets bit in the mark of each of n intervals that is there before, with the same start, end and length to the last
 * bit. Returns how many there are; 0 too when out of memory. */
size_t repeats_mark(const double *start_s, const double *end_s, const double *seconds, size_t n, unsigned char bit,
                    unsigned char *marks);

#endif
