/* live.h - the figures of a record so far, updated with each row. */
#ifndef LIVE_H
#define LIVE_H

#include <longhaul.h>

#include "base/histogram.h"
#include "record/live_available.h"

/* All zero before the first session, except for what live_init() sets. */
struct live {
    int64_t bytes, packets;
    int64_t lost_packets;      /* decreases when losses turn out to be reordering */
    int64_t most_lost_packets; /* its greatest value so far, for use as a counter */
    double out_of_order_packets, duplicate_packets; /* of the intervals that know them; NAN while none does */
    int64_t retransmits;
    double jitter_ms, bits_per_second, rtt_ms,
        newest_loss_percent; /* of the newest interval; NAN before it, and where unknown */
    int64_t newest_monotonic_ns; /* when it arrived; 0 before it, and if it was read from a file */
    double seconds;              /* sum of the intervals' lengths */
    uint32_t n_sessions, n_gaps;
    bool has_loss, has_tcp;
    struct longhaul_delay_totals delays;
    struct histogram all_delays; /* of the histograms so far: what delays tells of them */
    struct longhaul_jitter_totals jitters;
    struct live_available available;
    double closed_s;                 /* observed in finished sessions */
    double session_start_s,
        good_s; /* the start of the newest session's first interval, and the time up to which it is confirmed; NAN
                 * before it */
};

void live_init(struct live *live);
/* A session begins. */
void live_session(struct live *live);
void live_interval(struct live *live, const struct longhaul_interval *interval);
/* The text of a histogram of delays (base/histogram.h); what is not one adds nothing. */
void live_delays(struct live *live, const char *histogram);
/* The record is confirmed up to until_s on its axis. Never takes anything back. */
void live_confirm(struct live *live, double until_s);
/* A gap from start_s to until_s is over: when a record is read again, time after start_s does not count as confirmed.
 * is_outage: it is known that nothing got through. */
void live_gap(struct live *live, double start_s, double until_s, bool is_outage);
/* Fills the known members, and the others with 0, or NAN where a time, a target or a length is unknown. */
void live_status(const struct live *live, struct longhaul_status *status);

/* Seconds since then; NAN for 0. */
double live_age_s(int64_t newest_monotonic_ns);
/* Sum of the sessions' confirmed time. Only live_gap() decreases it. */
double live_observed_s(const struct live *live);

#endif
