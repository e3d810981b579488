/* two_samples_inside.h - what the parts of two_samples share: batches of cells, and how far their sums vary. */
#ifndef TWO_SAMPLES_INSIDE_H
#define TWO_SAMPLES_INSIDE_H

#include "analysis/two_samples.h"

/* Cells of a batch. */
static const size_t two_samples_batches[] = { 1, 2, 3, 6, 12 };
enum { TWO_SAMPLES_N_BATCHES = sizeof two_samples_batches / sizeof *two_samples_batches, TWO_SAMPLES_LONGEST = 12 };

/* Half the interval's width for the sum of n_x parts; of two sides, for their difference. y is NULL for pairs, whose
 * parts are subtracted before. Batches have up to `longest` cells. NAN with less than TWO_SAMPLES_LEAST parts. */
double two_samples_width(const double *x, size_t n_x, const double *y, size_t n_y, size_t longest, double error);

/* The parts of both sides' cells that count: x alone if they are pairs. */
struct two_samples_parts {
    double *x, *y; /* after, before */
    size_t n_x, n_y;
};
/* Room for the plan's cells. False when out of memory; two_samples_parts_free() is due in either case. */
bool two_samples_parts_new(struct two_samples_parts *parts, const struct two_samples_plan *plan);
void two_samples_parts_free(struct two_samples_parts *parts);
double two_samples_parts_width(const struct two_samples_parts *parts, const struct two_samples_plan *plan,
                               size_t longest);

#endif
