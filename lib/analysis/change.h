/* change.h - finds where a sequence of double changes: only arithmetic. */
#ifndef CHANGE_H
#define CHANGE_H

#include <stdbool.h>
#include <stddef.h>

/* PELT (Killick, Fearnhead and Eckley, JASA 107, 2012) with least squares about a mean for each segment: finds the
 * segmentation of x that minimises squares + penalty for each change, with no segment shorter than min_length. Writes
 * the first index of each segment except the first, ascending, to out (room for n) and their number to *n_out. False
 * when out of memory. */
bool change_points(const double *x, size_t n, double penalty, size_t min_length, size_t *out, size_t *n_out);

#endif
