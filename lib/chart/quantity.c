/* quantity.c - the quantities of a leg that are drawn over time: how each is computed from an interval or a minute, and
 * the name and form of its axis. Intervals with an artefact have no value, as in the analysis. A new quantity is a new
 * entry here. */

#include "chart/quantity.h"

#include <math.h>

#include "base/stats.h"
#include "base/units.h"
#include "read/series.h"

struct quantity_columns quantity_columns_of(const struct longhaul_series *series,
                                            const struct longhaul_analysis *analysis)
{
    return (struct quantity_columns){
        .series = series, .artefacts = longhaul_analysis_artefacts(analysis),
        .start_s = longhaul_series_column(series, LONGHAUL_COLUMN_START_S),
        .end_s = longhaul_series_column(series, LONGHAUL_COLUMN_END_S),
        .bits_per_second = longhaul_series_column(series, LONGHAUL_COLUMN_BITS_PER_SECOND),
        .packets = longhaul_series_column(series, LONGHAUL_COLUMN_PACKETS),
        .lost_packets = longhaul_series_column(series, LONGHAUL_COLUMN_LOST_PACKETS),
        .jitter_ms = longhaul_series_column(series, LONGHAUL_COLUMN_JITTER_MS), .n = longhaul_series_length(series),
        .seconds = longhaul_series_column(series, LONGHAUL_COLUMN_SECONDS), .arrived = series_arrived(series),
    };
}

static bool is_out(const struct quantity_columns *c, size_t i, unsigned more)
{
    return c->artefacts[i] & (LONGHAUL_ARTEFACT_TINY | LONGHAUL_ARTEFACT_ABSURD_COUNT | more);
}

/* ---- rate */

static double rate_of(const struct quantity_columns *c, size_t i)
{
    if (c->arrived && !isnan(c->arrived[i]) && c->seconds[i] > 0)
        return is_out(c, i, 0) ? NAN : 8 * c->arrived[i] / c->seconds[i] / BPS_PER_MBPS;
    return is_out(c, i, 0) ? NAN : c->bits_per_second[i] / BPS_PER_MBPS;
}

static double mean_rate(const struct quantity_columns *c, size_t from, size_t to, double *room)
{
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        if (!is_out(c, i, 0))
            room[n++] = rate_of(c, i);
    return stats_mean(room, n);
}

const struct quantity quantity_rate = { "Bandwidth (Mbps)", "Mbps|per ", NULL, true, rate_of,
                                        mean_rate,          axis_of_rates };

static double sent_of(const struct quantity_columns *c, size_t i)
{
    return c->arrived == NULL || is_out(c, i, 0) ? NAN : c->bits_per_second[i] / BPS_PER_MBPS;
}

const struct quantity quantity_sent = { "Sent (Mbps)", "Mbps|per ", NULL, true, sent_of, mean_rate, axis_of_rates };

/* ---- loss */

static double loss_of(const struct quantity_columns *c, size_t i)
{
    if (is_out(c, i, LONGHAUL_ARTEFACT_ABSURD_LOSS) || !(c->packets[i] > 0))
        return NAN;
    return 100 * c->lost_packets[i] / c->packets[i];
}

static double loss_of_sums(const struct quantity_columns *c, size_t from, size_t to, double *room)
{
    double lost = 0, packets = 0;
    (void)room;
    for (size_t i = from; i < to; i++) {
        if (is_out(c, i, 0) || isnan(c->lost_packets[i]) || isnan(c->packets[i]))
            continue;
        lost += c->lost_packets[i];
        packets += c->packets[i];
    }
    return packets > 0 ? 100 * fmax(lost, 0) / packets : NAN;
}

const struct quantity quantity_loss = { "Loss (%)", "Loss %|per ", "loss",        false,
                                        loss_of,    loss_of_sums,      axis_of_losses };

/* ---- jitter */

static double jitter_of(const struct quantity_columns *c, size_t i)
{
    return is_out(c, i, LONGHAUL_ARTEFACT_ABSURD_JITTER) ? NAN : c->jitter_ms[i];
}

static double jitter_p95(const struct quantity_columns *c, size_t from, size_t to, double *room)
{
    static const double share = 0.95;
    double p95;
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        if (!isnan(jitter_of(c, i)))
            room[n++] = jitter_of(c, i);
    stats_quantiles(room, n, &share, 1, &p95);
    return p95;
}

const struct quantity quantity_jitter = { "Jitter (ms)", "Jitter ms|p95/", "jitter",     true,
                                          jitter_of,     jitter_p95,           axis_of_times };

/* ---- delay: its panel shows percentiles, too (plot_delay.c) */

static double greatest_delay(const struct quantity_columns *c, size_t i)
{
    double p50_us = longhaul_series_column(c->series, LONGHAUL_COLUMN_DELAY_P50_US)[i],
           p99_us = longhaul_series_column(c->series, LONGHAUL_COLUMN_DELAY_P99_US)[i];
    return is_out(c, i, 0) || isnan(p50_us) || isnan(p99_us)
               ? NAN
               : longhaul_series_column(c->series, LONGHAUL_COLUMN_DELAY_MAX_US)[i] / (double)US_PER_MS;
}

const struct quantity quantity_delay = { "Delay (ms)", "Delay ms", "delay", true, greatest_delay, NULL, axis_of_times };

bool quantity_is_known(const struct quantity *quantity, const struct quantity_columns *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (!isnan(quantity->value(c, i)))
            return true;
    return false;
}
