/* route_compare.h - the route of one flow as its traces show it, and where a trace differs from it. Pure. */
#ifndef ROUTE_COMPARE_H
#define ROUTE_COMPARE_H

#include <longhaul.h>

/* What is known of a route: of each hop the address that answered last, "" where none ever did. Addresses are borrowed
 * from traces. */
struct route_known {
    const char *address[LONGHAUL_ROUTE_MAX]; /* [0] is hop 1 */
    uint32_t n;                              /* no hop behind it has answered */
    uint32_t distance;                       /* of the peer; 0: unknown */
};

/* As from, to, hop, before and after in struct longhaul_event_hops. */
struct route_difference {
    uint32_t from, to, hop;
    const char *before, *after;
};

/* The address of a hop from 1 on; "" if it did not answer. */
const char *route_address(const struct longhaul_route *route, uint32_t hop);
/* True unless it has only what the watch counted. Without a hop nothing answered, or there is nothing to answer. */
bool route_is_trace(const struct longhaul_route *route);
/* True if another router answered at some distance. A hop that is silent in either is like any. Distances of the peer
 * are learnt with other ports, so they count only in a trace that was made because the route seemed to have changed. */
bool route_differs(const struct route_known *known, const struct longhaul_route *now, struct route_difference *out);
/* Takes over what a trace says: of a route that differs from a hop on, without what was known from there; hop is 0 for
 * one that does not. */
void route_learn(struct route_known *known, const struct longhaul_route *now, uint32_t hop);
/* How many hops answered in both. */
uint32_t route_n_same(const struct route_known *known, const struct longhaul_route *now);
/* True if an address answers at two distances, *first and *second, with another router or a silent one in between; at
 * three in a row; or at two in a row, which some routers do without a loop, if *is_slight may be set. */
bool route_has_loop(const struct longhaul_route *route, uint32_t *first, uint32_t *second, bool *is_slight);

#endif
