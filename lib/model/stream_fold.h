/* stream_fold.h - what a TCP sender's kernel says about each stream, and how several streams make one value: one rule
 * for live intervals and for files. */
#ifndef STREAM_FOLD_H
#define STREAM_FOLD_H

#include <math.h>

#include "base/units.h"

enum stream_fold { STREAM_SUM, STREAM_MEAN, STREAM_LEAST };

/* X(column, member of struct longhaul_interval, libiperf's key, how many of its units make one of ours, fold) */
#define STREAM_MEMBERS(X)                                                                                              \
    X(LONGHAUL_COLUMN_SND_CWND_BYTES, snd_cwnd_bytes, "snd_cwnd", 1, STREAM_SUM)                                       \
    X(LONGHAUL_COLUMN_SND_WND_BYTES, snd_wnd_bytes, "snd_wnd", 1, STREAM_SUM)                                          \
    X(LONGHAUL_COLUMN_RTT_MS, rtt_ms, "rtt", US_PER_MS, STREAM_MEAN)                                                   \
    X(LONGHAUL_COLUMN_RTTVAR_MS, rttvar_ms, "rttvar", US_PER_MS, STREAM_MEAN)                                          \
    X(LONGHAUL_COLUMN_PMTU_BYTES, pmtu_bytes, "pmtu", 1, STREAM_LEAST)

#define STREAM_CANNOT_TELL (-1.0) /* as libiperf writes it */

/* Adds one stream's value to those before it: NAN before the first stream, and for a stream without the member, which
 * does not count. If one stream cannot tell, the sum and the mean are unknown, and stay STREAM_CANNOT_TELL; the least
 * is that of the others. For STREAM_MEAN the result is the sum so far. */
static inline double stream_fold(enum stream_fold fold, double before, double value)
{
    if (isnan(value))
        return before;
    if (value < 0)
        return fold == STREAM_LEAST ? before : STREAM_CANNOT_TELL;
    if (isnan(before))
        return value;
    if (before < 0)
        return before;
    return fold != STREAM_LEAST ? before + value : value < before ? value : before;
}

/* The value of all streams together, of which n have the member, in our units; NAN if unknown. */
static inline double stream_fold_end(enum stream_fold fold, double folded, double n, double per)
{
    return folded >= 0 && isfinite(folded) ? folded / (fold == STREAM_MEAN ? per * n : per) : NAN;
}

#endif
