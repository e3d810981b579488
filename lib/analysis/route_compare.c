/* route_compare.c - compares traces of one flow. Addresses are texts in one form, so the same ones are the same texts.
 */

#include "analysis/route_compare.h"

#include <string.h>

const char *route_address(const struct longhaul_route *route, uint32_t hop)
{
    bool has = hop > 0 && hop <= route->n_hops && route->hops[hop - 1].n_answered > 0;
    return has ? route->hops[hop - 1].address : "";
}

bool route_is_trace(const struct longhaul_route *route)
{
    bool is_sent = route->n_hops == 0;
    for (uint32_t i = 0; i < route->n_hops; i++)
        is_sent = is_sent || route->hops[i].n_sent > 0;
    return is_sent && route->reason != LONGHAUL_ROUTE_REASON_WATCH;
}

static const char *known_address(const struct route_known *known, uint32_t hop)
{
    return hop > 0 && hop <= known->n ? known->address[hop - 1] : "";
}

/* Both are known, and the same or not. */
static bool is_same(const char *a, const char *b)
{
    return a[0] && strcmp(a, b) == 0;
}

static bool is_other(const char *a, const char *b)
{
    return a[0] && b[0] && strcmp(a, b) != 0;
}

static uint32_t last_same_before(const struct route_known *known, const struct longhaul_route *now, uint32_t hop)
{
    while (--hop > 0 && !is_same(known_address(known, hop), route_address(now, hop)))
        ;
    return hop;
}

/* The first hop from `hop` on whose router the old route had there or elsewhere behind `from`; 0 for none. */
static uint32_t first_same_after(const struct route_known *known, const struct longhaul_route *now, uint32_t from,
                                 uint32_t hop)
{
    for (uint32_t i = hop; i <= now->n_hops; i++)
        for (uint32_t k = from + 1; k <= known->n; k++)
            if (is_same(known_address(known, k), route_address(now, i)))
                return i;
    return 0;
}

/* The peer is nearer or farther than it was, and the reason for the trace was that the route seemed to have changed. */
static uint32_t hop_of_length(const struct route_known *known, const struct longhaul_route *now)
{
    bool is_seen = now->reason == LONGHAUL_ROUTE_REASON_CHANGE || now->reason == LONGHAUL_ROUTE_REASON_SHIFT;
    if (!is_seen || known->distance == 0 || now->distance == 0 || known->distance == now->distance)
        return 0;
    return known->distance < now->distance ? known->distance : now->distance;
}

bool route_differs(const struct route_known *known, const struct longhaul_route *now, struct route_difference *out)
{
    uint32_t hop = 1, n = known->n < now->n_hops ? known->n : now->n_hops;
    while (hop <= n && !is_other(known_address(known, hop), route_address(now, hop)))
        hop++;
    bool is_by_address = hop <= n;
    if (!is_by_address)
        hop = hop_of_length(known, now);
    if (hop == 0)
        return false;
    out->hop = hop;
    out->before = known_address(known, hop);
    out->after = route_address(now, hop);
    out->from = last_same_before(known, now, hop);
    out->to = is_by_address ? first_same_after(known, now, out->from, hop) : 0;
    return true;
}

void route_learn(struct route_known *known, const struct longhaul_route *now, uint32_t hop)
{
    if (hop > 0 && known->n >= hop)
        known->n = hop - 1;
    for (uint32_t i = 1; i <= now->n_hops; i++) {
        const char *address = route_address(now, i);
        if (!address[0])
            continue;
        while (known->n < i)
            known->address[known->n++] = "";
        known->address[i - 1] = address;
    }
    if (now->distance > 0 || hop > 0)
        known->distance = now->distance;
}

uint32_t route_n_same(const struct route_known *known, const struct longhaul_route *now)
{
    uint32_t n = 0;
    for (uint32_t i = 1; i <= known->n; i++)
        n += is_same(known_address(known, i), route_address(now, i));
    return n;
}

bool route_has_loop(const struct longhaul_route *route, uint32_t *first, uint32_t *second, bool *is_slight)
{
    uint32_t slight = 0;
    *is_slight = false;
    for (uint32_t i = 1; i < route->n_hops; i++) {
        const char *address = route_address(route, i);
        uint32_t run = i; /* the last of those in a row */
        while (run < route->n_hops && is_same(address, route_address(route, run + 1)))
            run++;
        for (uint32_t k = run + 1; k <= route->n_hops; k++)
            if (is_same(address, route_address(route, k))) {
                *first = i;
                *second = k;
                return true;
            }
        if (run >= i + 2) {
            *first = i;
            *second = run;
            return true;
        }
        slight = run > i && slight == 0 ? i : slight;
    }
    if (slight == 0)
        return false;
    *is_slight = true;
    *first = slight;
    *second = slight + 1;
    return true;
}
