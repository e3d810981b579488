/* delay.h - the members of struct longhaul_delay, their keys in a row's object "delay_us", and buckets of delays. */
#ifndef DELAY_H
#define DELAY_H

#include <math.h>

#include <longhaul/delay.h>

#include "base/histogram.h"

#define DELAY_TEXT_BYTES 4096 /* of a histogram, at most: 10 Gbit/s for a minute, its delays in all bins */

/* What a member is: a time, its change, a difference of clocks, or a number of things. */
enum delay_kind { DELAY_TIME, DELAY_CHANGE, DELAY_CLOCK, DELAY_COUNT };

/* Each as the column's name, member, key and kind. */
#define DELAY_MEMBERS(MEMBER)                                                                                          \
    MEMBER(BASE_US, base_us, "base", DELAY_CLOCK)                                                                      \
    MEMBER(DELAY_MIN_US, min_us, "min", DELAY_TIME)                                                                    \
    MEMBER(DELAY_P50_US, p50_us, "p50", DELAY_TIME)                                                                    \
    MEMBER(DELAY_P95_US, p95_us, "p95", DELAY_TIME)                                                                    \
    MEMBER(DELAY_P99_US, p99_us, "p99", DELAY_TIME)                                                                    \
    MEMBER(DELAY_MAX_US, max_us, "max", DELAY_TIME)                                                                    \
    MEMBER(IPDV_P50_US, ipdv50_us, "ipdv50", DELAY_TIME)                                                               \
    MEMBER(IPDV_P99_US, ipdv99_us, "ipdv99", DELAY_TIME)                                                               \
    MEMBER(SILENCE_US, silence_us, "silence", DELAY_TIME)                                                              \
    MEMBER(SILENT_US, silent_us, "silent", DELAY_TIME)                                                                 \
    MEMBER(SILENCES, silences, "silences", DELAY_COUNT)                                                                \
    MEMBER(SHIFT_US, shift_us, "shift", DELAY_CHANGE)                                                                  \
    MEMBER(SHIFTED_US, shifted_us, "shifted", DELAY_TIME)                                                              \
    MEMBER(SENDER_STEP_US, step_us, "step", DELAY_CLOCK)                                                               \
    MEMBER(READ_LATE_US, read_us, "read", DELAY_TIME)

/* ... and those that stand in the row's own object, "longhaul". */
#define DELAY_OWN_MEMBERS(MEMBER)                                                                                      \
    MEMBER(LOSS_RUNS, loss_runs, "loss_runs", DELAY_COUNT)                                                             \
    MEMBER(LONGEST_RUN, longest_run, "longest_run", DELAY_COUNT)                                                       \
    MEMBER(REORDER_EXTENT, reorder_extent, "reorder_extent", DELAY_COUNT)                                              \
    MEMBER(REORDER_LATE_US, reorder_late_us, "reorder_late_us", DELAY_TIME)

static inline struct longhaul_delay delay_none(void)
{
    return (struct longhaul_delay){
#define DELAY_NAN(name, member, key, kind) .member = NAN,
        DELAY_MEMBERS(DELAY_NAN) DELAY_OWN_MEMBERS(DELAY_NAN)
#undef DELAY_NAN
    };
}

/* A value of a file or of hostile datagrams that cannot be a measurement is unknown: NAN. */
static inline double delay_known(enum delay_kind kind, double value)
{
    static const struct { double least, most; } can_be[] = {
        [DELAY_TIME] = { 0, 1e10 },      /* us: nearly three hours */
        [DELAY_CHANGE] = { -1e10, 1e10 },
        [DELAY_CLOCK] = { -4e15, 4e15 }, /* us: more than a century */
        [DELAY_COUNT] = { 0, 1e12 }      /* a year at 30,000 a second */
    };
    return value >= can_be[kind].least && value < can_be[kind].most ? value : NAN;
}

/* The datagrams of a histogram whose delay is at most each of longhaul_delay_bounds_s(), and the sum of delays: each
 * counts as the middle of its bin. */
struct delay_buckets {
    uint64_t n_within[LONGHAUL_DELAY_BOUNDS];
    double sum_s;
};
void delay_buckets_of(const struct histogram *sum, struct delay_buckets *buckets);
/* What Prometheus's histogram_quantile() makes of the buckets of n datagrams, in seconds: linear within the bucket, and
 * the greatest bound for what is above it. NAN without datagrams. */
double delay_buckets_quantile(const struct delay_buckets *buckets, uint64_t n, double share);

#endif
