/* change.h - where a sequence of double changes: arithmetic alone. */
#ifndef CHANGE_H
#define CHANGE_H

#include <stdbool.h>
#include <stddef.h>

/* The next stretch of score[from..n) whose sum is over threshold and as large as it can be: one-sided CUSUM (Page
 * 1954), ended where the sum was greatest once it has fallen by threshold since, or to 0. NAN counts as 0, -INFINITY
 * separates.
 * [*first, *last] are its ends, both with a score above 0. False when there is none. O(n) over all calls. */
bool change_next_burst(const double *score, size_t n, size_t from, double threshold, size_t *first, size_t *last);

/* PELT (Killick, Fearnhead and Eckley, JASA 107, 2012) with least squares about a mean for each segment: the
 * segmentation of x that minimises squares + penalty for each change, no segment shorter than min_length. Writes the
 * first index of each segment but the first, ascending, to out (room for n) and their number to *n_out. False when out
 * of memory. */
bool change_points(const double *x, size_t n, double penalty, size_t min_length, size_t *out, size_t *n_out);

#endif
