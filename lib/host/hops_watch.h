/* hops_watch.h - which hop is asked between two traces, and whether its answers are still those of the last trace. */
#ifndef HOPS_WATCH_H
#define HOPS_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "host/hops.h"
#include "host/hops_places.h"

struct hops_watched_hop {
    bool is_on;
    enum hops_shape shape;
    char address[HOPS_SEEN_MAX][HOPS_ADDRESS_SIZE]; /* "": none */
    uint32_t n_before, n_answered_before; /* of the trace */
    uint32_t n, n_answered;
    uint32_t n_silent; /* the last ones, in a row */
};

/* All 0: there is no watch. [ttl - 1] */
struct hops_watch {
    bool is_on, has_changed;
    bool is_told; /* until the next trace: a change is news once */
    int64_t since_ns;
    uint32_t ttl; /* asked last */
    struct hops_watched_hop hop[HOPS_MAX];
};

/* Of what the last trace saw, up to the distance last. */
void hops_watch_begin(struct hops_watch *watch, const struct hops_places *places, const struct hops_route *route,
                      uint32_t last, int64_t now_ns);

/* The next ttl; 0: there is nothing to watch. */
uint32_t hops_watch_next(struct hops_watch *watch);

/* What became of a probe. */
void hops_watch_answered(struct hops_watch *watch, uint32_t ttl, const char *address);
void hops_watch_silent(struct hops_watch *watch, uint32_t ttl);

/* An answer that cannot be of the same route: no way to the peer, or the peer itself. */
void hops_watch_change(struct hops_watch *watch);

/* The counts, into a route's hops. */
void hops_watch_fill(const struct hops_watch *watch, struct hops_route *route);

#endif
