/* two_samples.h - the difference between two days that are cut into cells, and how much of it can be chance: only
 * arithmetic. Cells that follow each other depend on each other, so batches of them are the units (the method of batch
 * means: Law, Simulation Modeling and Analysis, 9.5.3): 1, 2, 3 and 6 cells, and the widest interval counts. */
#ifndef TWO_SAMPLES_H
#define TWO_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/histogram.h"

enum { TWO_SAMPLES_LEAST = 20 }; /* cells, below which there is no interval */

/* A cell of a ratio, such as lost packets and packets. Weight 0: it is not known. */
struct two_samples_cell {
    double sum, weight;
};

/* Cells of both sides. is_matched: cell i of both is the same time of day, n of both are equal, and only cells that both
 * know count. error: the chance that the true difference is beyond one end of the interval. */
struct two_samples_plan {
    size_t n_before, n_after;
    bool is_matched;
    double error;
};

struct two_samples {
    double before, after, effect; /* after less before; NAN when a side is not known */
    double low, high;             /* the interval; NAN with too few cells; may be infinite */
    double degrees;               /* of freedom, of Student's t; NAN with too few cells */
    size_t n;                     /* cells that count: pairs, or of the side that has fewer */
};

/* Each side's figure is the sum of sums over that of weights. False when out of memory. */
bool two_samples_ratio(const struct two_samples_cell *before, const struct two_samples_cell *after,
                       const struct two_samples_plan *plan, struct two_samples *result);

/* The same for a quantile of what the cells' histograms hold, in their unit; one without values is not known. The interval
 * has the differences at which a test of equal shares below the quantile does not fail (Woodruff 1952, for two samples).
 * Values are taken as spread evenly within a bin. */
bool two_samples_quantile(const struct histogram *before, const struct histogram *after,
                          const struct two_samples_plan *plan, double share, struct two_samples *result);

/* Widens the interval for what whole days differ by beyond their cells: figures of n days, n >= 3, of the side before, to
 * which one day is compared. */
void two_samples_add_days(struct two_samples *result, const double *days, size_t n, double error);

/* The value that Student's t exceeds with that chance, 0 < error < 0.5. */
double two_samples_t(double error, double degrees);

#endif
