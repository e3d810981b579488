/* longhaul/delay.h - what the times and numbers of an interval's datagrams tell, where this host receives them. */
#ifndef LONGHAUL_DELAY_H
#define LONGHAUL_DELAY_H
#include <longhaul/base.h>
LONGHAUL_BEGIN
/* Losses in a row (RFC 3357: a loss period). distance: from the last number of the run before to its first one; 0 for a
 * stream's first run. */
struct longhaul_loss_run { uint32_t distance, length; };
enum { LONGHAUL_LOSS_RUNS = 16 };
/* From each datagram's number, its sender's time and the kernel's time of its arrival (SO_TIMESTAMPNS), over all
 * streams of the interval; in microseconds, NAN when unknown: TCP, what this host sends, no datagram, libiperf's GRO.
 * A delay is a datagram's transit above the base, the least transit: time in queues. The base follows the drift of the
 * two clocks: an edge of the lower convex hull of the last hour's transits (Zhang, Liu and Xia, INFOCOM 2002). */
struct longhaul_delay {
    double base_us;     /* at the interval's end, relative to the session's first datagram; not a one-way delay */
    double min_us, max_us, p50_us, p95_us, p99_us; /* delays; percentiles to 1.6 % */
    double ipdv50_us, ipdv99_us; /* |difference| of successive datagrams' transits (RFC 3393) */
    double silence_us;  /* longest time without an arrival on a stream that ended in it, less the sender's pauses,
                         * and less what found no room in this host's socket */
    double silent_us;   /* when it began: before the interval's end; NAN where silences is 0 */
    double silences;    /* number of silences of over 10 spacings of datagrams */
    double shift_us;    /* the base changed its level by so much, and has kept the new one for 3 s: another route */
    double shifted_us;  /* when: before the interval's end */
    double step_us;     /* the sender's clock was set by so much, which is not a delay */
    double read_us;     /* longest time from an arrival to its reading, if above 10 ms: this host was busy */
    double loss_runs, longest_run; /* losses in a row, told 0.1 s later, so that what is reordered is not lost */
    uint32_t n_listed;  /* of runs: the first of them, by their numbers */
    struct longhaul_loss_run runs[LONGHAUL_LOSS_RUNS];
    double reorder_extent, reorder_late_us; /* greatest (RFC 4737, 4.2 and 4.3); NAN without a reordered datagram */
};
/* The delays of a leg so far, for a monitoring system; counts and sums never fall. */
enum { LONGHAUL_DELAY_BOUNDS = 16 };
struct longhaul_delay_totals {
    bool is_known;          /* an interval had delays; else counts are 0, and the rest is NAN */
    double newest_p99_us;   /* of the newest interval; NAN while unknown */
    double p99_us;          /* of all datagrams of the histograms so far, merged, to 1.6 %; NAN before the first one */
    double longest_silence_us;
    uint64_t n_silences, n_shifts; /* silences of over 10 spacings, changes of the base's level */
    /* Of the histograms so far, of 10 s or a minute each: datagrams, those whose delay is at most each of
     * longhaul_delay_bounds_s(), the sum of delays. Within 1.6 % of a bound a delay may count on either side of it. */
    uint64_t n_datagrams, n_within[LONGHAUL_DELAY_BOUNDS];
    double sum_s;
};
/* The jitter of a leg's intervals so far: how many know theirs, those of at most each bound, and their sum. */
struct longhaul_jitter_totals { uint64_t n, n_within[LONGHAUL_DELAY_BOUNDS]; double sum_s; };
const double *longhaul_delay_bounds_s(void); /* LONGHAUL_DELAY_BOUNDS of them, from 100 us to 10 s */
LONGHAUL_END
#endif
