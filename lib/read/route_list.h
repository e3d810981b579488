/* route_list.h - a list of routes that owns their hops. */
#ifndef ROUTE_LIST_H
#define ROUTE_LIST_H

#include <longhaul.h>

struct route_list {
    struct longhaul_route *routes;
    size_t n, capacity, n_hops; /* n_hops: of all routes */
};

/* Adds a copy. False when out of memory, and when the list has as many as a year of traces: then nothing is added. */
bool route_list_add(struct route_list *list, const struct longhaul_route *route);
/* True if it may have as many already. */
bool route_list_is_full(const struct route_list *list);
/* Orders them by time, those of one time by their flow. */
void route_list_sort(struct route_list *list);
/* Empties the list. */
void route_list_free(struct route_list *list);

#endif
