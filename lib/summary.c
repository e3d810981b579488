/* summary.c - the figures of one leg, from its series; and as a line of JSON. Arithmetic is in stats. */

#include <jansson.h>
#include <longhaul.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "stats.h"

#define BPS_PER_MBPS 1e6

/* The reference script's figures of the rate, over every interval of the series. */
static void summarise_rate(const double *bps, size_t n, struct longhaul_summary *out)
{
    double *mbps = malloc((n ? n : 1) * sizeof *mbps);
    out->mean_mbps = stats_mean(bps, n) / BPS_PER_MBPS;
    out->std_mbps = stats_std(bps, n, stats_mean(bps, n)) / BPS_PER_MBPS;
    out->min_mbps = stats_min(bps, n) / BPS_PER_MBPS;
    out->max_mbps = stats_max(bps, n) / BPS_PER_MBPS;
    out->median_mbps = NAN;
    if (mbps == NULL)
        return;
    for (size_t i = 0; i < n; i++)
        mbps[i] = bps[i] / BPS_PER_MBPS;
    out->median_mbps = stats_median(mbps, n);
    free(mbps);
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

static double sum_of_known(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]))
            sum += x[i];
    return sum;
}

void longhaul_summarise(const struct longhaul_series *series, struct longhaul_summary *summary)
{
    const struct longhaul_info *info = longhaul_series_info(series);
    const double *seconds = longhaul_series_column(series, LONGHAUL_SECONDS);
    size_t n = longhaul_series_length(series);
    *summary = (struct longhaul_summary){
        .n_intervals = n,
        .mean_pkt_rate = mean_packet_rate(longhaul_series_column(series, LONGHAUL_PACKETS), seconds, n),
        .duration_s = info->end_seconds > 0 ? info->end_seconds : info->planned_s,
        .reported_mbps = info->end_bits_per_second / BPS_PER_MBPS,
        .jitter_ms = info->end_jitter_ms,
        .lost_packets = info->end_lost_packets,
        .total_packets = info->end_packets,
        .loss_percent = info->end_lost_percent,
        .observed_s = sum_of_known(seconds, n) };
    summarise_rate(longhaul_series_column(series, LONGHAUL_BITS_PER_SECOND), n, summary);
}

/* ---- JSON */

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* Text of a file, or a path: any bytes. */
static json_t *text(const char *value)
{
    json_t *string = json_string(value);
    if (string)
        return string;
    char *copy = strdup(value); /* not UTF-8 */
    for (char *p = copy; p && *p; p++)
        if ((unsigned char)*p > 127)
            *p = '?';
    string = json_string(copy);
    free(copy);
    return string;
}

static json_t *summary_object(const struct longhaul_info *info, const struct longhaul_summary *s)
{
    return json_pack("{so so so so so so so sI so so so so so so so so so so so so so so sb sb}",
                     "path", text(info->path), "source", text(info->source), "destination", text(info->destination),
                     "protocol", text(info->protocol), "version", text(info->version), "error", text(info->error),
                     "start_unix_s", number(info->start_unix_s), "n_intervals", (json_int_t)s->n_intervals,
                     "mean_mbps", number(s->mean_mbps), "median_mbps", number(s->median_mbps),
                     "min_mbps", number(s->min_mbps), "max_mbps", number(s->max_mbps), "std_mbps", number(s->std_mbps),
                     "mean_pkt_rate", number(s->mean_pkt_rate), "duration_s", number(s->duration_s),
                     "reported_mbps", number(s->reported_mbps), "jitter_ms", number(s->jitter_ms),
                     "lost_packets", number(s->lost_packets), "total_packets", number(s->total_packets),
                     "loss_percent", number(s->loss_percent), "observed_s", number(s->observed_s),
                     "planned_s", number(info->planned_s), "is_complete", info->is_complete, "is_journal", info->is_journal);
}

int longhaul_summary_json(const struct longhaul_series *series, const struct longhaul_summary *summary, char **out,
                          struct longhaul_error *err)
{
    json_t *object = summary_object(longhaul_series_info(series), summary);
    char *line = object ? json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(object);
    if (line == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", longhaul_series_info(series)->path);
    *out = line;
    return 0;
}
