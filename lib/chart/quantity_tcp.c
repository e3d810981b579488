/* quantity_tcp.c - the quantities of a TCP leg that are drawn over time, and the round trips measured during any
 * test. */

#include "chart/quantity.h"

#include <math.h>

#include "base/stats.h"

#define HELD_PERIODS 1.5 /* a round trip is valid for this many usual distances between two of them */
#define KB 1e3

static double of_column(const struct quantity_columns *c, enum longhaul_column which, size_t i)
{
    const double *column = longhaul_series_column(c->series, which);
    return column == NULL || (c->artefacts[i] & (LONGHAUL_ARTEFACT_TINY | LONGHAUL_ARTEFACT_ABSURD_COUNT)) ? NAN
                                                                                                           : column[i];
}

static double median_of(const struct quantity *quantity, const struct quantity_columns *c, size_t from, size_t to,
                        double *room)
{
    size_t n = 0;
    for (size_t i = from; i < to; i++) {
        double value = quantity->value(c, i);
        if (!isnan(value))
            room[n++] = value;
    }
    return stats_median(room, n);
}

/* ---- retransmits */

static double retransmits_of(const struct quantity_columns *c, size_t i)
{
    return of_column(c, LONGHAUL_COLUMN_RETRANSMITS, i);
}

static double mean_retransmits(const struct quantity_columns *c, size_t from, size_t to, double *room)
{
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        if (!isnan(retransmits_of(c, i)))
            room[n++] = retransmits_of(c, i);
    return stats_mean(room, n);
}

const struct quantity quantity_retransmits = { "Retr.",        "Retransmits|mean/", "loss",       false,
                                               retransmits_of, mean_retransmits,   axis_of_times };

/* ---- TCP's round trip */

/* TCP keeps its last round trip while nothing is sent, which measures nothing: an outage has no value. */
static double rtt_of(const struct quantity_columns *c, size_t i)
{
    return c->bits_per_second[i] <= 0 ? NAN : of_column(c, LONGHAUL_COLUMN_RTT_MS, i);
}

static double median_rtt(const struct quantity_columns *c, size_t from, size_t to, double *room)
{
    return median_of(&quantity_tcp_rtt, c, from, to, room);
}

const struct quantity quantity_tcp_rtt = { "RTT (ms)", "RTT ms|median/",    "rtt", true, rtt_of,
                                           median_rtt, axis_of_round_trips };

/* ---- the congestion window */

static double cwnd_of(const struct quantity_columns *c, size_t i)
{
    return of_column(c, LONGHAUL_COLUMN_SND_CWND_BYTES, i) / KB;
}

static double median_cwnd(const struct quantity_columns *c, size_t from, size_t to, double *room)
{
    return median_of(&quantity_cwnd, c, from, to, room);
}

const struct quantity quantity_cwnd = {
    "cwnd (kB)", "cwnd kB|median/", NULL, true, cwnd_of, median_cwnd, axis_of_times
};

/* ---- round trips during the test: an interval gets the last one before its end, while that one is valid */

static double held_s(const struct longhaul_rtt_sample *samples, size_t n)
{
    return n > 1 ? HELD_PERIODS * (samples[n - 1].start_s - samples[0].start_s) / (double)(n - 1) : HUGE_VAL;
}

static double path_rtt_of(const struct quantity_columns *c, size_t i)
{
    size_t n, low = 0;
    const struct longhaul_rtt_sample *samples = longhaul_series_rtt(c->series, &n);
    for (size_t high = n; low < high;) { /* the first that begins after the interval */
        size_t middle = low + (high - low) / 2;
        if (samples[middle].start_s > c->end_s[i])
            high = middle;
        else
            low = middle + 1;
    }
    bool is_there = low > 0 && c->end_s[i] - samples[low - 1].start_s < held_s(samples, n);
    return is_there ? samples[low - 1].rtt_ms : NAN;
}

static double median_path_rtt(const struct quantity_columns *c, size_t from, size_t to, double *room)
{
    return median_of(&quantity_path_rtt, c, from, to, room);
}

const struct quantity quantity_path_rtt = { "RTT (ms)", "RTT ms|median/", "rtt", true, path_rtt_of, median_path_rtt,
                                            axis_of_round_trips };
