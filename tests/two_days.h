/* two_days.h - for tests: delays of two days, and how they differ. */
#ifndef TWO_DAYS_H
#define TWO_DAYS_H

#include <stdlib.h>

#include "analysis/two_samples.h"

#define DAY 144 /* cells of 10 minutes */
#define PI 3.14159265358979323846

static inline struct two_samples quantile(const struct histogram *before, size_t n_before,
                                          const struct histogram *after, size_t n_after, bool is_matched, double share,
                                          double error)
{
    struct two_samples r;
    struct two_samples_plan plan = { n_before, n_after, is_matched, error };
    if (!two_samples_quantile(before, after, &plan, share, &r))
        exit(1);
    return r;
}

static inline void put(struct histogram *h, size_t bin, uint64_t count)
{
    h->count[bin] += count;
    h->n += count;
}

static struct histogram days[2][DAY];

#endif
