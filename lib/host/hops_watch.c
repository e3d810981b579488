/* hops_watch.c - one hop after the other; a hop that did not answer is asked again at once, until it is known to be
 * silent. Sends nothing, knows no time. */

#include "host/hops_watch.h"

#include <string.h>

#define SILENT 4   /* in a row: silent */
#define MOSTLY 0.9 /* of earlier probes, answered: 4 unanswered ones happen by chance once in 10,000 */

static bool is_known(const struct hops_watched_hop *hop, const char *address)
{
    for (size_t i = 0; i < HOPS_SEEN_MAX; i++)
        if (strcmp(hop->address[i], address) == 0)
            return true;
    return false;
}

/* Where packets are balanced one by one, a trace may see one of several addresses: those of before stay known. */
static void keep_addresses(struct hops_watched_hop *hop, const struct hops_watched_hop *before)
{
    bool has_several = before->address[1][0] != 0;
    for (size_t i = 0; i < HOPS_SEEN_MAX && has_several; i++)
        has_several = hop->address[i][0] == 0 || is_known(before, hop->address[i]);
    if (has_several && hop->address[0][0])
        memcpy(hop->address, before->address, sizeof hop->address);
}

void hops_watch_begin(struct hops_watch *watch, const struct hops_places *places, const struct hops_route *route,
                      uint32_t last, int64_t now_ns)
{
    struct hops_watch before = *watch;
    *watch = (struct hops_watch){ .since_ns = now_ns };
    for (uint32_t i = 0; i < route->n && i < last; i++) {
        const struct hops_place *place = &places->place[i];
        watch->hop[i] = (struct hops_watched_hop){ .is_on = route->hop[i].n_answered > 0,
                                                   .shape = place->shape,
                                                   .n_before = route->hop[i].n_sent,
                                                   .n_answered_before = route->hop[i].n_answered };
        memcpy(watch->hop[i].address, place->address, sizeof place->address);
        keep_addresses(&watch->hop[i], &before.hop[i]);
        watch->is_on = watch->is_on || watch->hop[i].is_on;
    }
}

uint32_t hops_watch_next(struct hops_watch *watch)
{
    const struct hops_watched_hop *last = watch->ttl ? &watch->hop[watch->ttl - 1] : NULL;
    if (last && last->is_on && last->n_silent > 0 && last->n_silent < SILENT)
        return watch->ttl;
    for (uint32_t i = 0; i < HOPS_MAX; i++) {
        watch->ttl = watch->ttl % HOPS_MAX + 1;
        if (watch->hop[watch->ttl - 1].is_on)
            return watch->ttl;
    }
    return 0;
}

void hops_watch_change(struct hops_watch *watch)
{
    watch->has_changed |= !watch->is_told;
    watch->is_told = true;
}

void hops_watch_answered(struct hops_watch *watch, uint32_t ttl, const char *address)
{
    struct hops_watched_hop *hop = &watch->hop[ttl - 1];
    hop->n++;
    hop->n_answered++;
    hop->n_silent = 0;
    if (!is_known(hop, address))
        hops_watch_change(watch);
}

void hops_watch_silent(struct hops_watch *watch, uint32_t ttl)
{
    struct hops_watched_hop *hop = &watch->hop[ttl - 1];
    hop->n++;
    hop->n_silent++;
    uint32_t n = hop->n_before + hop->n - hop->n_silent, n_answered = hop->n_answered_before + hop->n_answered;
    if (hop->n_silent == SILENT && n_answered >= MOSTLY * n)
        hops_watch_change(watch);
}

void hops_watch_fill(const struct hops_watch *watch, struct hops_route *route)
{
    route->watched_at_ns = watch->since_ns;
    for (size_t i = 0; i < HOPS_MAX; i++) {
        route->hop[i].n_watched = watch->hop[i].n;
        route->hop[i].n_watched_answered = watch->hop[i].n_answered;
        if (watch->hop[i].n > 0 && route->n <= i)
            route->n = i + 1;
    }
}
