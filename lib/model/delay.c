/* delay.c - the buckets in which delays are counted for a monitoring system. */

#include "model/delay.h"

#include <math.h>
#include <string.h>

#include "base/units.h"

static const double bounds_s[LONGHAUL_DELAY_BOUNDS] = { 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                        0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10 };

const double *longhaul_delay_bounds_s(void)
{
    return bounds_s;
}

void delay_buckets_of(const struct histogram *sum, struct delay_buckets *buckets)
{
    memset(buckets, 0, sizeof *buckets);
    for (size_t bin = 0; bin < HISTOGRAM_BINS; bin++) {
        double delay_s = sum->count[bin] ? histogram_middle_us(bin) / (double)US_PER_S : 0;
        buckets->sum_s += (double)sum->count[bin] * delay_s; /* in the order of the bins: it never falls */
        for (size_t k = 0; sum->count[bin] && k < LONGHAUL_DELAY_BOUNDS; k++)
            buckets->n_within[k] += delay_s <= bounds_s[k] ? sum->count[bin] : 0;
    }
}

double delay_buckets_quantile(const struct delay_buckets *buckets, uint64_t n, double share)
{
    double rank = share * (double)n, before = 0, low = 0;
    if (n == 0)
        return NAN;
    for (size_t k = 0; k < LONGHAUL_DELAY_BOUNDS; k++) {
        double within = (double)buckets->n_within[k];
        if (within >= rank)
            return low + (bounds_s[k] - low) * ((rank - before) / (within - before));
        before = within;
        low = bounds_s[k];
    }
    return low;
}
