/* routes.h - the traces of a leg, flow by flow, and the changes that they show; for the events. */
#ifndef ROUTES_H
#define ROUTES_H

#include "analysis/events.h"
#include "analysis/route_compare.h"

/* A trace, or what the watch counted, with its place among those of its flow. */
struct route_step {
    const struct longhaul_route *route;
    uint32_t flow;   /* number */
    uint32_t age;    /* how many changes of the flow's route came before it */
    uint32_t n_same; /* hops that answered as before */
    bool is_trace;
    bool is_loop;    /* with `difference`: hop is the first that another address answered, 0 for none */
    bool is_change;
    struct route_difference difference;
    const struct longhaul_route *before; /* the trace of its flow before it; NULL */
};

/* Of one route: from one trace to the next. */
struct routes {
    struct route_step *steps; /* n, by flow, then time */
    size_t n, n_flows, *first; /* of flow f: first[f] up to first[f + 1] */
};

/* False when out of memory; free it in any case. */
bool routes_make(struct routes *routes, const struct longhaul_route *list, size_t n);
void routes_free(struct routes *routes);
/* What a step says as that of an event; SIGN_UNKNOWN where it is not a change. */
struct longhaul_event_hops routes_change_of(const struct route_step *step);

/* How grave it is what the traces say of an event: a loop, then another route, then a loss, then a loss at one of
 * several hops; 0 for none of them. */
int routes_gravity(const struct longhaul_event_hops *hops);

/* Of an event of some flows only their traces tell, unless they are more than it names. */
bool routes_is_of(const struct longhaul_event *event, const struct longhaul_route *route);

/* events_routes.c: adds changes of the route that no event tells yet. */
bool events_find_routes(const struct longhaul_analysis *analysis, const struct routes *routes,
                        struct event_list *list);
/* events_hops.c: what the traces say about each event that has none of them yet. False when out of memory. */
bool events_fill_hops(const struct routes *routes, struct event_list *list);

#endif
