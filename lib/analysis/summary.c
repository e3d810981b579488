/* summary.c - the reference script's figures of one leg, over every interval of its series. stats does the
 * arithmetic. */

#include <longhaul.h>
#include <math.h>
#include <stdlib.h>

#include "base/stats.h"
#include "base/units.h"
#include "read/end_record.h"
#include "read/gaps.h"
#include "read/repeats.h"
#include "read/series.h"

/* The reference script's figures of the rate, over every interval of the series whose rate is known. */
static void summarise_rate(const double *bps, size_t n, struct longhaul_summary *out)
{
    double *known = malloc((n ? n : 1) * sizeof *known);
    size_t n_known = 0;
    out->mean_mbps = out->std_mbps = out->min_mbps = out->max_mbps = out->median_mbps = NAN;
    if (known == NULL)
        return;
    for (size_t i = 0; i < n; i++)
        if (!isnan(bps[i]))
            known[n_known++] = bps[i];
    out->mean_mbps = stats_mean(known, n_known) / BPS_PER_MBPS;
    out->std_mbps = stats_std(known, n_known, stats_mean(known, n_known)) / BPS_PER_MBPS;
    out->min_mbps = stats_min(known, n_known) / BPS_PER_MBPS;
    out->max_mbps = stats_max(known, n_known) / BPS_PER_MBPS;
    for (size_t i = 0; i < n_known; i++)
        known[i] = known[i] / BPS_PER_MBPS;
    out->median_mbps = stats_median(known, n_known);
    free(known);
}

static double mean_packet_rate(const double *packets, const double *seconds, size_t n)
{
    double sum = 0;
    size_t known = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(packets[i]))
            continue;
        sum += packets[i] / (seconds[i] > 0 ? seconds[i] : 1);
        known++;
    }
    return known ? sum / (double)known : NAN;
}

/* The gaps that neither end observed, by start, none touching another; *n is 0 without memory for them. */
static struct longhaul_gap *merged_gaps(const struct longhaul_series *series, struct gap_list *list, size_t *n)
{
    const struct longhaul_gap *gaps = series_unseen_gaps(series, n);
    struct longhaul_gap *merged =
        *n > 0 && gap_list_take_sorted(list, gaps, *n) ? malloc(*n * sizeof *merged) : NULL;
    *n = merged ? gaps_merge(list->gaps, list->n, merged) : 0;
    return merged;
}

/* A repeated interval was observed once; what lies in a gap was not. */
static double observed_s(const struct longhaul_series *series, const double *seconds, size_t n)
{
    const double *start_s = longhaul_series_column(series, LONGHAUL_COLUMN_START_S);
    unsigned char *is_repeated = calloc(n + 1, 1);
    struct gap_list list = { 0 };
    size_t n_gaps, first = 0;
    struct longhaul_gap *gaps = merged_gaps(series, &list, &n_gaps);
    double sum_s = 0;
    if (is_repeated)
        repeats_mark(start_s, longhaul_series_column(series, LONGHAUL_COLUMN_END_S), seconds, n, 1, is_repeated);
    for (size_t i = 0; i < n; i++) {
        if (isnan(seconds[i]) || (is_repeated && is_repeated[i]))
            continue;
        double in_gaps_s = gaps_time_in(gaps, n_gaps, start_s[i], start_s[i] + seconds[i], &first);
        sum_s += seconds[i] - fmin(in_gaps_s, seconds[i]);
    }
    free(is_repeated);
    free(gaps);
    gap_list_free(&list);
    return sum_s;
}

void longhaul_summarise(const struct longhaul_series *series, struct longhaul_summary *summary)
{
    const struct longhaul_info *info = longhaul_series_info(series);
    const double *seconds = longhaul_series_column(series, LONGHAUL_COLUMN_SECONDS);
    size_t n = longhaul_series_length(series);
    struct end_record end;
    end_record_read(series, &end);
    *summary = (struct longhaul_summary){
        .n_intervals = n,
        .mean_pkt_rate = mean_packet_rate(longhaul_series_column(series, LONGHAUL_COLUMN_PACKETS), seconds, n),
        .duration_s = info->end_seconds > 0 ? info->end_seconds : info->planned_s,
        .reported_mbps = end.bits_per_second / BPS_PER_MBPS,
        .jitter_ms = end.jitter_ms, .lost_packets = end.is_contradicted ? NAN : end.lost_packets,
        .total_packets = end.packets, .loss_percent = end.is_contradicted ? NAN : end.lost_percent,
        .sent_mbps = end.sent_mbps, .received_mbps = end.received_mbps,
        .observed_s = n == 0 && info->end_seconds > 0 ? NAN : observed_s(series, seconds, n) };
    summarise_rate(longhaul_series_column(series, LONGHAUL_COLUMN_BITS_PER_SECOND), n, summary);
}
