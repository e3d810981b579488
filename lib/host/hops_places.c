/* hops_places.c - collects a trace's answers. A hop that answers short probes is asked by short ones, now and later;
 * one that answers only plain ones by those; only such probes count for it. Sends nothing. */

#include "host/hops_places.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LOOP_TIMES 3
#define NEW_TRIES 2

static bool is_answered(const struct hops_place *place)
{
    return place->n_answered[HOPS_SHORT] + place->n_answered[HOPS_PLAIN] > 0;
}

void hops_places_begin(struct hops_places *places, bool is_new)
{
    for (size_t i = 0; i < HOPS_MAX; i++) {
        struct hops_place *place = &places->place[i];
        /* A hop that has become silent may be another one, which wants the other shape. */
        bool is_settled = !is_new && place->is_settled && is_answered(place);
        *place = (struct hops_place){ .is_settled = is_settled, .shape = place->shape, .min_ms = NAN, .max_ms = NAN };
    }
}

enum hops_shape hops_places_choose(const struct hops_places *places, uint32_t ttl, bool may_be_plain, int64_t now_ns,
                                   int64_t patience_ns)
{
    const struct hops_place *place = &places->place[ttl - 1];
    if (!may_be_plain)
        return HOPS_SHORT;
    if (place->is_settled)
        return place->shape;
    return place->short_ns && now_ns - place->short_ns > patience_ns ? HOPS_PLAIN : HOPS_SHORT;
}

void hops_places_tried(struct hops_places *places, uint32_t ttl, enum hops_shape shape, bool is_sent, int64_t now_ns)
{
    struct hops_place *place = &places->place[ttl - 1];
    place->n_sent[shape] += is_sent;
    if (shape == HOPS_SHORT)
        place->short_ns = now_ns;
}

static void take_address(struct hops_place *place, const char *address)
{
    for (size_t i = 0; i < HOPS_SEEN_MAX; i++) {
        if (place->n_seen[i] == 0)
            snprintf(place->address[i], sizeof place->address[i], "%s", address);
        if (strcmp(place->address[i], address) == 0) {
            place->n_seen[i]++;
            return;
        }
    }
}

void hops_places_answered(struct hops_places *places, uint32_t ttl, enum hops_shape shape, const char *address,
                          const char *labels, double rtt_ms)
{
    struct hops_place *place = &places->place[ttl - 1];
    place->n_answered[shape]++;
    if (!place->is_settled || shape == HOPS_SHORT)
        place->shape = shape;
    place->is_settled = true;
    take_address(place, address);
    place->min_ms = fmin(place->min_ms, rtt_ms); /* fmin() prefers what is not NAN */
    place->max_ms = fmax(place->max_ms, rtt_ms);
    if (labels[0])
        snprintf(place->labels, sizeof place->labels, "%s", labels);
}

uint32_t hops_places_last(const struct hops_places *places)
{
    uint32_t last = 0;
    for (uint32_t ttl = 1; ttl <= HOPS_MAX; ttl++)
        if (is_answered(&places->place[ttl - 1]))
            last = ttl;
    return last;
}

static bool has_address(const struct hops_place *place, const char *address)
{
    for (size_t i = 0; i < HOPS_SEEN_MAX; i++)
        if (place->n_seen[i] > 0 && strcmp(place->address[i], address) == 0)
            return true;
    return false;
}

bool hops_places_are_new(const struct hops_places *places, uint32_t ttl)
{
    const struct hops_place *place = &places->place[ttl - 1];
    return !is_answered(place) && place->n_sent[HOPS_SHORT] + place->n_sent[HOPS_PLAIN] <= NEW_TRIES;
}

bool hops_places_have(const struct hops_places *places, uint32_t ttl, const char *address)
{
    return has_address(&places->place[ttl - 1], address);
}

bool hops_places_have_loop(const struct hops_places *places)
{
    for (size_t i = 0; i < HOPS_MAX; i++) {
        int n = 0;
        for (size_t k = i; k < HOPS_MAX && places->place[i].n_seen[0] > 0; k++)
            n += has_address(&places->place[k], places->place[i].address[0]);
        if (n >= LOOP_TIMES)
            return true;
    }
    return false;
}

static struct hop fill_one(const struct hops_place *place)
{
    struct hop hop = { .min_ms = place->min_ms, .max_ms = place->max_ms };
    size_t most = 0;
    for (int shape = 0; shape < HOPS_SHAPES; shape++)
        if (!place->is_settled || place->shape == (enum hops_shape)shape) {
            hop.n_sent += place->n_sent[shape];
            hop.n_answered += place->n_answered[shape];
        }
    for (size_t i = 1; i < HOPS_SEEN_MAX; i++)
        if (place->n_seen[i] > place->n_seen[most])
            most = i;
    if (place->n_seen[most] > 0)
        snprintf(hop.address, sizeof hop.address, "%s", place->address[most]);
    snprintf(hop.labels, sizeof hop.labels, "%s", place->labels);
    return hop;
}

void hops_places_fill(const struct hops_places *places, struct hops_route *route, uint32_t n)
{
    route->n = n;
    for (size_t i = 0; i < n; i++)
        route->hop[i] = fill_one(&places->place[i]);
}
