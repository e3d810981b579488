/* route_list.c - a list of routes that owns their hops: the hops of a route and their texts are one block. */

#include "read/route_list.h"

#include <stdlib.h>
#include <string.h>

#define MOST_ROUTES (1u << 17)
#define MOST_HOPS (1u << 20)

bool route_list_is_full(const struct route_list *list)
{
    return list->n >= MOST_ROUTES || list->n_hops + LONGHAUL_ROUTE_MAX > MOST_HOPS;
}

static size_t bytes_of(const struct longhaul_route *route)
{
    size_t bytes = route->n_hops * sizeof *route->hops;
    for (uint32_t i = 0; i < route->n_hops; i++)
        bytes += strlen(route->hops[i].address) + strlen(route->hops[i].labels) + 2;
    return bytes;
}

static const char *keep_text(char **at, const char *text)
{
    char *kept = *at;
    size_t n = strlen(text) + 1;
    memcpy(kept, text, n);
    *at += n;
    return kept;
}

/* NULL for a route without hops, too. */
static struct longhaul_route_hop *copy_hops(const struct longhaul_route *route)
{
    struct longhaul_route_hop *hops = route->n_hops > 0 ? malloc(bytes_of(route)) : NULL;
    char *text = hops ? (char *)(hops + route->n_hops) : NULL;
    for (uint32_t i = 0; hops && i < route->n_hops; i++) {
        hops[i] = route->hops[i];
        hops[i].address = keep_text(&text, route->hops[i].address);
        hops[i].labels = keep_text(&text, route->hops[i].labels);
    }
    return hops;
}

bool route_list_add(struct route_list *list, const struct longhaul_route *route)
{
    if (route_list_is_full(list))
        return false;
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 32;
        struct longhaul_route *grown = realloc(list->routes, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        list->routes = grown;
        list->capacity = capacity;
    }
    struct longhaul_route_hop *hops = copy_hops(route);
    if (hops == NULL && route->n_hops > 0)
        return false;
    list->routes[list->n] = *route;
    list->routes[list->n++].hops = hops;
    list->n_hops += route->n_hops;
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct longhaul_route *x = a, *y = b;
    if (x->at_s != y->at_s)
        return x->at_s < y->at_s ? -1 : 1;
    if (x->source_port != y->source_port)
        return x->source_port < y->source_port ? -1 : 1;
    return (x->destination_port > y->destination_port) - (x->destination_port < y->destination_port);
}

void route_list_sort(struct route_list *list)
{
    if (list->n > 1)
        qsort(list->routes, list->n, sizeof *list->routes, by_time);
}

void route_list_free(struct route_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free((void *)(uintptr_t)list->routes[i].hops);
    free(list->routes);
    *list = (struct route_list){ NULL, 0, 0, 0 };
}
