/* trouble.h - notices, from one interval to the next, that a path has a trouble, so that its route is traced while it
 * lasts. It decides nothing else: what a report calls an event comes from the whole file. Knows no clock. */
#ifndef TROUBLE_H
#define TROUBLE_H

#include <jansson.h>
#include <longhaul.h>

#include "record/trace_plan.h"

/* What is usual on this path, and what is wrong. All zero at the beginning of a leg.
 *
 * Loss: each interval adds what it lost beyond LOSS_TIMES the usual share, at least LOSS_LEAST of its datagrams, to a
 * sum that never falls below 0 (CUSUM: Page, Biometrika 1954). A trouble begins when the sum reaches LOSS_BEGINS.
 * Delay: the 95th percentile is more than twice the usual one and 2 ms more, in two intervals in a row.
 * Silence: nothing arrived, or the peer was not heard of, for 2 s. Shift: engine/arrivals.c tells.
 * A loss, a delay and a silence end when all intervals of 5 s were free of them. What is usual is a mean that forgets
 * in 5 minutes; a trouble counts only a tenth, so that what lasts becomes usual after a while. */
struct trouble {
    double loss_share, p95_us; /* usual; p95_us is 0 before the first one */
    double loss_sum;
    unsigned n_late; /* intervals in a row with a great delay */
    double silent_s, quiet_s;
    enum trace_why now; /* TRACE_NONE, or TRACE_DELAY, _LOSS, _SILENCE */
};

/* What an interval showed. */
struct trouble_signs {
    double seconds;
    double lost, packets;    /* TCP: segments sent again, and all segments; NAN if unknown */
    double p95_us, shift_us; /* NAN if unknown */
    bool is_silent;          /* nothing arrived in all of it */
    double unheard_s;        /* how long ago the peer's host was heard of at its end; NAN if unknown */
};

/* The signs of an interval: by the receiver of UDP, or by the sender for TCP. last_ack_s is that of the interval's
 * event. */
struct trouble_signs trouble_signs_of(const struct longhaul_interval *interval, bool is_receiver, double last_ack_s);

/* Takes an interval: returns the trouble of now, TRACE_SHIFT if there is only that, or TRACE_NONE. */
enum trace_why trouble_take(struct trouble *trouble, const struct trouble_signs *signs);

/* The index of the stream that suffers most of it in an interval of libiperf's: of a loss, the one that lost most; else
 * the one with the greatest delay or shift by what was seen of each flow (model/flow.h; "" for nothing). */
size_t trouble_flow(enum trace_why why, const json_t *interval, const char *seen);

#endif
