/* change.h - finds where a sequence of double changes: only arithmetic. */
#ifndef CHANGE_H
#define CHANGE_H

#include <stdbool.h>
#include <stddef.h>

/* Finds the next stretch of score[from..n) whose sum exceeds threshold, and is as large as possible: one-sided CUSUM
 * (Page 1954), which ends at its maximum once the sum has fallen from there by threshold, or to 0. NAN counts as 0,
 * -INFINITY separates stretches. [*first, *last] are the ends, both with a score above 0. False if none exists. O(n)
 * over all calls. */
bool change_next_burst(const double *score, size_t n, size_t from, double threshold, size_t *first, size_t *last);

/* PELT (Killick, Fearnhead and Eckley, JASA 107, 2012) with least squares about a mean for each segment: finds the
 * segmentation of x that minimises squares + penalty for each change, with no segment shorter than min_length. Writes
 * the first index of each segment except the first, ascending, to out (room for n) and their number to *n_out. False
 * when out of memory. */
bool change_points(const double *x, size_t n, double penalty, size_t min_length, size_t *out, size_t *n_out);

#endif
