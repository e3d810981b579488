/* delay.h - the members of struct longhaul_delay, and their keys in a row's object "delay_us". */
#ifndef DELAY_H
#define DELAY_H

#include <math.h>

#include <longhaul/delay.h>

#define DELAY_TEXT_BYTES 2048 /* of a histogram, at most; one that does not fit is left out */

/* Each as column, member and key. */
#define DELAY_MEMBERS(MEMBER)                                                                                          \
    MEMBER(BASE, base_us, "base")                                                                                      \
    MEMBER(DELAY_MIN, min_us, "min")                                                                                   \
    MEMBER(DELAY_P50, p50_us, "p50")                                                                                   \
    MEMBER(DELAY_P95, p95_us, "p95")                                                                                   \
    MEMBER(DELAY_P99, p99_us, "p99")                                                                                   \
    MEMBER(DELAY_MAX, max_us, "max")                                                                                   \
    MEMBER(IPDV_P50, ipdv50_us, "ipdv50")                                                                              \
    MEMBER(IPDV_P99, ipdv99_us, "ipdv99")                                                                              \
    MEMBER(SILENCE, silence_us, "silence")                                                                             \
    MEMBER(SILENT, silent_us, "silent")                                                                                \
    MEMBER(SILENCES, silences, "silences")                                                                             \
    MEMBER(SHIFT, shift_us, "shift")                                                                                   \
    MEMBER(SHIFTED, shifted_us, "shifted")                                                                             \
    MEMBER(SENDER_STEP, step_us, "step")                                                                               \
    MEMBER(READ_LATE, read_us, "read")

/* ... and those that stand in the row's own object, "longhaul". */
#define DELAY_OWN_MEMBERS(MEMBER)                                                                                      \
    MEMBER(LOSS_RUNS, loss_runs, "loss_runs")                                                                          \
    MEMBER(LONGEST_RUN, longest_run, "longest_run")                                                                    \
    MEMBER(REORDER_EXTENT, reorder_extent, "reorder_extent")                                                           \
    MEMBER(REORDER_LATE, reorder_late_us, "reorder_late_us")

static inline struct longhaul_delay delay_none(void)
{
    return (struct longhaul_delay){
#define DELAY_NAN(column, member, key) .member = NAN,
        DELAY_MEMBERS(DELAY_NAN) DELAY_OWN_MEMBERS(DELAY_NAN)
#undef DELAY_NAN
    };
}

#endif
