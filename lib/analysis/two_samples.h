/* two_samples.h - the difference between two days that are cut into cells, and how much of it can be chance: only
 * arithmetic. Cells that follow each other depend on each other, so batches of them are the units (the method of batch
 * means: Law, Simulation Modeling and Analysis, 9.5.3): of 1, 2, 3, 6 and 12 cells, as long as there are 10 batches;
 * the widest interval counts. */
#ifndef TWO_SAMPLES_H
#define TWO_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/histogram.h"

/* Cells, below which there is no interval; tests, below which they are no units of their own. */
enum { TWO_SAMPLES_LEAST = 20, TWO_SAMPLES_LEAST_TESTS = 4 };

/* A cell of a ratio, such as lost packets and packets. Weight 0: it is not known. */
struct two_samples_cell {
    double sum, weight;
};

/* Cells of both sides. is_matched: cell i of both is the same time of day, n of both are equal, and only cells that
 * both know count. error: the chance that the true difference is beyond one end of the interval. */
struct two_samples_plan {
    size_t n_before, n_after;
    bool is_matched;
    double error;
};

struct two_samples {
    double before, after, effect; /* after less before; NAN when a side is not known */
    double low, high;             /* the interval; NAN with too few cells; high may be infinite */
    size_t n;                     /* cells that count: pairs, or of the side that has fewer */
};

/* Each side's figure is the sum of sums over that of weights. False when out of memory. */
bool two_samples_ratio(const struct two_samples_cell *before, const struct two_samples_cell *after,
                       const struct two_samples_plan *plan, struct two_samples *result);

/* The same for a quantile of what the cells' histograms hold, in their unit; one without values is not known. The error
 * is that of the shares below both quantiles, on the scale of the logarithm of their odds, half of it for each side:
 * the interval has the differences of the values below which the sides have such shares (Woodruff 1952, for two
 * samples). Of pairs the interval is at least what the levels of all busy cells allow. Values are taken as spread
 * evenly within a bin. */
bool two_samples_quantile(const struct histogram *before, const struct histogram *after,
                          const struct two_samples_plan *plan, double share, struct two_samples *result);

/* Widens the interval to what Student's t test of whole tests allows (one variance for both sides), if both sides
 * together have TWO_SAMPLES_LEAST_TESTS: the figures of each side's tests are its units then, not their cells. */
void two_samples_add_tests(struct two_samples *result, const double *before, size_t n_before, const double *after,
                           size_t n_after, double error);

/* The value that Student's t exceeds with that chance, 0 < error < 0.5. */
double two_samples_t(double error, double degrees);

#endif
