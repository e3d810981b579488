/* live_delay.c - the delays of a record so far, as counts that never fall: bins of its histograms, in the few buckets
 * of a monitoring system. */

#include "record/live_delay.h"

#include <math.h>
#include <string.h>

#include "model/delay.h"

void live_delay_init(struct longhaul_delay_totals *totals)
{
    *totals = (struct longhaul_delay_totals){ .newest_p99_us = NAN, .p99_us = NAN, .longest_silence_us = NAN };
}

static bool is_count(double value)
{
    return value > 0 && value < 1e15; /* a file that is read again may say anything */
}

void live_delay_interval(struct longhaul_delay_totals *totals, const struct longhaul_delay *delay)
{
    totals->newest_p99_us = delay->p99_us;
    totals->is_known = totals->is_known || !isnan(delay->base_us) || !isnan(delay->p50_us);
    totals->n_silences += is_count(delay->silences) ? (uint64_t)delay->silences : 0;
    totals->n_shifts += isnan(delay->shift_us) ? 0 : 1;
    totals->longest_silence_us = fmax(totals->longest_silence_us, delay->silence_us);
}

void live_delay_histogram(struct longhaul_delay_totals *totals, struct histogram *sum, const char *text)
{
    if (!histogram_read(sum, text, strlen(text)))
        return;
    totals->is_known = true;
    totals->n_datagrams = sum->n;
    totals->p99_us = histogram_quantile(sum, HISTOGRAM_P99);
    struct delay_buckets buckets;
    delay_buckets_of(sum, &buckets);
    totals->sum_s = buckets.sum_s;
    memcpy(totals->n_within, buckets.n_within, sizeof totals->n_within);
}
