/* report_routes.h - the routes that the traces of a leg show over the whole test, each once. */
#ifndef REPORT_ROUTES_H
#define REPORT_ROUTES_H

#include "report/report.h"

enum { REPORT_MOST_PORTS = 16 };

/* What the traces of one route show together. */
struct report_route {
    struct longhaul_route route; /* counts are sums, times the least and the greatest of all its traces */
    double first_s;              /* its first trace, on the leg's axis */
    double seconds;              /* from the first trace to the last one; with several flows, while any was on it */
    size_t n_traces, n_flows;
    uint16_t ports[REPORT_MOST_PORTS]; /* of its flows, the first ones: see are_destinations */
};
struct report_routes {
    struct report_route *routes; /* n, the longest first */
    size_t n, n_flows;           /* flows that were traced */
    bool are_destinations;       /* ports are destination ports: the source port of all flows is the same */
    bool are_more;               /* routes than are listed */
    struct longhaul_route_hop (*hops)[LONGHAUL_ROUTE_MAX]; /* of each route, owned */
};

/* Fills the routes of the legs that are described in detail, once that is known. A loop is not a route. */
int report_find_routes(struct longhaul_report *report, struct longhaul_error *err);
/* NULL is accepted. */
void report_free_routes(struct report_routes *routes);
/* The name of a route of the list: "A". */
char report_route_letter(size_t index);
/* "3 routes: A 22 h, B 1 h 40 min, C 20 min" */
void report_routes_text(const struct report_routes *routes, char *text, size_t size);

#endif
