/* delay.h - the members of struct longhaul_delay, and their keys in a row's object "delay_us". */
#ifndef DELAY_H
#define DELAY_H

#include <math.h>

#include <longhaul/delay.h>

#define DELAY_TEXT_BYTES 4096 /* of a histogram, at most: 10 Gbit/s for a minute, its delays in all bins */

/* Each as the column's name, member and key. */
#define DELAY_MEMBERS(MEMBER)                                                                                          \
    MEMBER(BASE_US, base_us, "base")                                                                                   \
    MEMBER(DELAY_MIN_US, min_us, "min")                                                                                \
    MEMBER(DELAY_P50_US, p50_us, "p50")                                                                                \
    MEMBER(DELAY_P95_US, p95_us, "p95")                                                                                \
    MEMBER(DELAY_P99_US, p99_us, "p99")                                                                                \
    MEMBER(DELAY_MAX_US, max_us, "max")                                                                                \
    MEMBER(IPDV_P50_US, ipdv50_us, "ipdv50")                                                                           \
    MEMBER(IPDV_P99_US, ipdv99_us, "ipdv99")                                                                           \
    MEMBER(SILENCE_US, silence_us, "silence")                                                                          \
    MEMBER(SILENT_US, silent_us, "silent")                                                                             \
    MEMBER(SILENCES, silences, "silences")                                                                             \
    MEMBER(SHIFT_US, shift_us, "shift")                                                                                \
    MEMBER(SHIFTED_US, shifted_us, "shifted")                                                                          \
    MEMBER(SENDER_STEP_US, step_us, "step")                                                                            \
    MEMBER(READ_LATE_US, read_us, "read")

/* ... and those that stand in the row's own object, "longhaul". */
#define DELAY_OWN_MEMBERS(MEMBER)                                                                                      \
    MEMBER(LOSS_RUNS, loss_runs, "loss_runs")                                                                          \
    MEMBER(LONGEST_RUN, longest_run, "longest_run")                                                                    \
    MEMBER(REORDER_EXTENT, reorder_extent, "reorder_extent")                                                           \
    MEMBER(REORDER_LATE_US, reorder_late_us, "reorder_late_us")

static inline struct longhaul_delay delay_none(void)
{
    return (struct longhaul_delay){
#define DELAY_NAN(name, member, key) .member = NAN,
        DELAY_MEMBERS(DELAY_NAN) DELAY_OWN_MEMBERS(DELAY_NAN)
#undef DELAY_NAN
    };
}

#endif
