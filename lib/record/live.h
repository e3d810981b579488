/* live.h - the figures of a record so far, kept as its rows come. */
#ifndef LIVE_H
#define LIVE_H

#include <longhaul.h>

/* All zero before the first session, but for live_init(). */
struct live {
    int64_t bytes, packets;
    int64_t lost_packets;      /* falls when losses turn out to be reordering */
    int64_t most_lost_packets; /* the most that it ever was: what may be a counter */
    double out_of_order_packets, duplicate_packets; /* of the intervals that know theirs; NAN while none does */
    int64_t retransmits;
    double jitter_ms, bits_per_second,
        rtt_ms; /* of the newest interval; NAN before it, jitter also where it is not known */
    uint32_t n_sessions, n_gaps;
    bool has_loss, has_tcp;
    double closed_s;                 /* observed in sessions that are over */
    double session_start_s,
        good_s; /* the newest session's first interval, and up to where it is confirmed; NAN before it */
};

void live_init(struct live *live);
/* A session begins. */
void live_session(struct live *live);
void live_interval(struct live *live, const struct longhaul_interval *interval);
/* The record is good up to there: seconds on its axis. Never takes anything back. */
void live_confirm(struct live *live, double until_s);
/* A gap that is over, from there on: what had been taken for confirmed is not, of a record that is read again. */
void live_gap(struct live *live, double start_s);
/* Fills what is known of them, the rest with 0. */
void live_status(const struct live *live, struct longhaul_status *status);

/* Sum of the sessions' confirmed parts. Never falls, but for live_gap(). */
double live_observed_s(const struct live *live);

#endif
