/* arrivals.h - one stream's datagrams as they arrive: what their times and numbers tell about an interval. Pure: knows
 * no socket and reads no clock. */
#ifndef ARRIVALS_H
#define ARRIVALS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/histogram.h"
#include "engine/numbers.h"
#include "engine/transit_base.h"
#include "model/delay.h"

/* What is known about a datagram. Times are in ns; arrivals and readings are on this host's CLOCK_BOOTTIME, sent_ns is
 * on a clock of the sender's. arrival_ns is 0 if the kernel's time is unknown: then only its number counts. */
struct arrival {
    uint64_t number;
    int64_t sent_ns, arrival_ns, read_ns;
    uint32_t n_dropped; /* by this host's socket, before it */
};

/* The newest datagram that was not late. */
struct arrival_before {
    uint64_t number; /* 0 for none */
    int64_t sent_ns, arrival_ns;
    double delay_us;
    uint32_t n_dropped;
};

/* An interval's extremes; 0 where nothing was seen. */
struct arrival_extremes {
    double min_us, max_us; /* of delays */
    double silence_us;
    int64_t silent_ns;     /* when it began */
    double n_silences;
    double step_us, read_us;
};

struct arrivals {
    struct numbers numbers;
    struct transit_base base;
    struct histogram delay, ipdv; /* of the interval */
    struct arrival_extremes extremes;
    struct arrival_before before;
    int64_t first_ns, first_transit_ns; /* of the first datagram: what times and transits are relative to */
    uint64_t paced_from;                /* the sender's pace is measured from this number on, ... */
    int64_t paced_from_ns;              /* ... which it sent then */
};

/* Counts a datagram. is_over: libiperf counts no more, so a new one is ignored. */
enum number_kind arrivals_add(struct arrivals *s, const struct arrival *datagram, bool is_over);

/* Adds what the interval that ends now has to out and to the histograms, and begins the next one. An empty out is
 * delay_none(). */
void arrivals_take(struct arrivals *s, int64_t now_ns, struct longhaul_delay *out, struct histogram *delay,
                   struct histogram *ipdv);

/* The interval is complete: fills in its percentiles. */
void arrivals_percentiles(struct longhaul_delay *out, const struct histogram *delay, const struct histogram *ipdv);

#endif
