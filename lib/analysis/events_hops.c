/* events_hops.c - what traces say about each event: the route was another one, went in circles, or lost from a hop on.
 * Where no trace was made at the time, or routers were silent, nothing is said. */

#include "analysis/routes.h"

#include <stdio.h>
#include <stdlib.h>

#include "analysis/route_loss.h"
#include "model/trace_pace.h"

#define BEFORE_S 2.0  /* a trace so long after an event's start may still be the one before it */
#define MOST_BACK 64  /* traces of a flow, before an event and after it, that say what is usual */
#define MOST_ON 16
#define QUIET_S 3.0   /* around an event traces are not the usual */
#define NEAR_S 10.0   /* a change so long before or after an event's start is its own */
#define MANY 4        /* probes of a hop, in a trace that looks for a loss */
#define MOST_AHEAD 5  /* hops behind the last one that answers are probed, where the peer's distance is unknown */
#define INSIDE 0.9    /* of the watch's time: it counts as of the event */

/* A time of trouble. */
struct trouble {
    double from_s, to_s;
};

struct search {
    const struct routes *r;
    struct trouble *troubles; /* by start, none touching another */
    size_t n_troubles;
};

/* ---- times of trouble */

static double loss_of(const struct longhaul_event *e)
{
    switch (e->kind) {
    case LONGHAUL_EVENT_OUTAGE: return 1;
    case LONGHAUL_EVENT_LOSS: return fmin(e->level / 100, 1);
    case LONGHAUL_EVENT_RATE_CAP: return fmin(fmax(1 - e->level / e->usual, 0), 1);
    default: return NAN;
    }
}

static int by_from(const void *a, const void *b)
{
    const struct trouble *x = a, *y = b;
    return (x->from_s > y->from_s) - (x->from_s < y->from_s);
}

static bool list_troubles(struct search *s, const struct event_list *list)
{
    size_t n = 0;
    s->troubles = malloc((list->n + 1) * sizeof *s->troubles);
    for (size_t k = 0; s->troubles && k < list->n; k++) {
        const struct longhaul_event *e = &list->events[k];
        if (!isnan(loss_of(e)) || e->kind == LONGHAUL_EVENT_SILENCE)
            s->troubles[n++] = (struct trouble){ e->start_s - QUIET_S, e->start_s + e->seconds + QUIET_S };
    }
    if (n > 1)
        qsort(s->troubles, n, sizeof *s->troubles, by_from);
    for (size_t i = 0; i < n; i++) {
        struct trouble *last = s->n_troubles > 0 ? &s->troubles[s->n_troubles - 1] : NULL;
        if (last && s->troubles[i].from_s <= last->to_s)
            last->to_s = fmax(last->to_s, s->troubles[i].to_s);
        else
            s->troubles[s->n_troubles++] = s->troubles[i];
    }
    return s->troubles != NULL;
}

static bool is_quiet(const struct search *s, double from_s, double to_s)
{
    size_t low = 0;
    for (size_t high = s->n_troubles; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (s->troubles[middle].to_s < from_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low == s->n_troubles || s->troubles[low].from_s > to_s;
}

/* ---- the loss of hops */

static double end_of(const struct longhaul_event *e)
{
    return e->start_s + e->seconds;
}

/* How much of from_s to to_s lies in the event, as a share. */
static double share_inside(const struct longhaul_event *e, double from_s, double to_s)
{
    double inside_s = fmin(to_s, end_of(e)) - fmax(from_s, e->start_s);
    return to_s > from_s ? fmax(inside_s, 0) / (to_s - from_s) : from_s >= e->start_s && from_s <= end_of(e);
}

static void add_count(struct route_loss_count *sum, double sent, double answered)
{
    sum->sent += sent;
    sum->answered += answered;
}

/* Adds a trace's probes, and those behind its last hop where it does not know how far the peer is: one to each of the
 * next ones was not answered. So few are as slow as the watch's. */
static void add_trace(const struct longhaul_route *t, uint32_t n, bool is_usual, struct route_loss_hop *hops)
{
    for (uint32_t i = 0; i < n && i < t->n_hops; i++) {
        const struct longhaul_route_hop *h = &t->hops[i];
        enum route_loss_kind kind = h->n_sent >= MANY ? ROUTE_LOSS_MANY : ROUTE_LOSS_FEW;
        struct route_loss_count c = route_loss_limited(h->n_sent, h->n_answered, t->seconds);
        add_count(is_usual ? &hops[i].usual[kind] : &hops[i].now[kind], c.sent, c.answered);
    }
    for (uint32_t i = t->n_hops; i < n && i < t->n_hops + MOST_AHEAD && t->distance == 0 && !is_usual; i++)
        add_count(&hops[i].now[ROUTE_LOSS_WATCH], 1, 0);
}

static void add_watch(const struct longhaul_route *t, uint32_t n, bool is_usual, struct route_loss_hop *hops)
{
    for (uint32_t i = 0; i < n && i < t->n_hops; i++)
        add_count(is_usual ? &hops[i].usual[ROUTE_LOSS_WATCH] : &hops[i].now[ROUTE_LOSS_WATCH],
                  t->hops[i].n_watched, t->hops[i].n_watched_answered);
}

static void add_step(const struct search *s, const struct longhaul_event *e, const struct route_step *step, uint32_t n,
                     struct route_loss_hop *hops, bool *has)
{
    const struct longhaul_route *t = step->route;
    double end_s = t->at_s + t->seconds;
    bool is_inside = t->at_s >= e->start_s && t->at_s <= end_of(e) && share_inside(e, t->at_s, end_s) >= INSIDE;
    if (step->is_trace && is_inside)
        add_trace(t, n, false, hops);
    else if (step->is_trace && is_quiet(s, t->at_s, end_s))
        add_trace(t, n, true, hops);
    *has = *has || (step->is_trace && is_inside);
    if (isnan(t->watched_from_s))
        return;
    is_inside = share_inside(e, t->watched_from_s, t->at_s) >= INSIDE;
    if (is_inside)
        add_watch(t, n, false, hops);
    else if (is_quiet(s, t->watched_from_s, t->at_s))
        add_watch(t, n, true, hops);
    *has = *has || is_inside;
}

/* The address that answered last at a hop, up to a step, of the same route. */
static const char *address_at(const struct route_step *first, const struct route_step *last, uint32_t hop)
{
    for (const struct route_step *s = last; s >= first && s->age == last->age; s--)
        if (route_address(s->route, hop)[0])
            return route_address(s->route, hop);
    return "";
}

/* The hops of a flow whose route has not changed around step `at`: probes that were sent to them. */
static bool find_loss(const struct search *s, const struct route_step *at, const struct longhaul_event *e,
                      struct longhaul_event_hops *out)
{
    const struct route_step *first = &s->r->steps[s->r->first[at->flow]],
                            *end = &s->r->steps[s->r->first[at->flow + 1]];
    struct route_loss_hop hops[LONGHAUL_ROUTE_MAX] = { 0 };
    const struct route_step *from = at - first > MOST_BACK ? at - MOST_BACK : first,
                            *to = end - at > MOST_ON ? at + MOST_ON : end;
    struct route_loss_found found;
    uint32_t n = 0;
    bool has = false;
    for (const struct route_step *k = from; k < to; k++)
        if (k->age == at->age && k->route->n_hops > n)
            n = k->route->n_hops;
    for (const struct route_step *k = from; k < to; k++)
        if (k->age == at->age)
            add_step(s, e, k, n, hops, &has);
    if (!has || !route_loss_find(hops, n, loss_of(e), &found))
        return false;
    out->sign = LONGHAUL_HOPS_SIGN_LOSES;
    out->from = found.from;
    out->to = found.to;
    out->lost_share = found.share;
    snprintf(out->after, sizeof out->after, "%s", address_at(from, at, found.to));
    return true;
}

/* ---- events */

/* The first trace of its flow that says something about the event, or a change shortly before. */
static bool is_at(const struct longhaul_event *e, const struct route_step *step)
{
    const struct longhaul_route *t = step->route;
    bool is_first = t->at_s >= e->start_s - BEFORE_S && (!step->before || step->before->at_s <= e->start_s + BEFORE_S),
         is_change = (step->is_change || step->is_loop) && fabs(t->at_s - e->start_s) <= NEAR_S;
    return step->is_trace && t->at_s <= end_of(e) + TRACE_LATEST_S && (is_first || is_change) && routes_is_of(e, t);
}

static bool can_have_hops(const struct longhaul_event *e)
{
    return e->hops.sign == LONGHAUL_HOPS_SIGN_UNKNOWN &&
           (!isnan(loss_of(e)) || e->kind == LONGHAUL_EVENT_SILENCE || e->kind == LONGHAUL_EVENT_DELAY ||
            e->kind == LONGHAUL_EVENT_ROUTE || e->kind == LONGHAUL_EVENT_RATE);
}

static size_t first_step_from(const struct route_step *const *steps, size_t n, double from_s)
{
    size_t low = 0;
    for (size_t high = n; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (steps[middle]->route->at_s < from_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The traces agree, or they lose from a hop on. */
static void take_same(const struct search *s, const struct route_step *step, struct longhaul_event *e)
{
    struct longhaul_event_hops h = { .sign = LONGHAUL_HOPS_SIGN_SAME,
                                     .before_s = step->before ? step->before->at_s : NAN,
                                     .at_s = step->route->at_s,
                                     .lost_share = NAN,
                                     .source_port = step->route->source_port,
                                     .destination_port = step->route->destination_port };
    bool is_known = step->before && (find_loss(s, step, e, &h) || step->n_same > 0);
    if (is_known && h.sign > e->hops.sign)
        e->hops = h;
}

/* What is graver counts; of two that are alike the earlier one. */
static void fill(const struct search *s, const struct route_step *const *steps, size_t n, struct longhaul_event *e)
{
    for (size_t i = first_step_from(steps, n, e->start_s - NEAR_S);
         i < n && steps[i]->route->at_s <= end_of(e) + TRACE_LATEST_S && e->hops.sign != LONGHAUL_HOPS_SIGN_LOOP; i++) {
        const struct route_step *step = steps[i];
        if (!is_at(e, step))
            continue;
        struct longhaul_event_hops change = routes_change_of(step);
        if (routes_gravity(&change) > routes_gravity(&e->hops))
            e->hops = change;
        else if (change.sign == LONGHAUL_HOPS_SIGN_UNKNOWN && e->hops.sign <= LONGHAUL_HOPS_SIGN_SAME)
            take_same(s, step, e);
    }
}

static int by_time(const void *a, const void *b)
{
    const struct route_step *x = *(const struct route_step *const *)a, *y = *(const struct route_step *const *)b;
    if (x->route->at_s != y->route->at_s)
        return x->route->at_s < y->route->at_s ? -1 : 1;
    return (x > y) - (x < y);
}

bool events_fill_hops(const struct routes *r, struct event_list *list)
{
    struct search s = { .r = r };
    const struct route_step **steps = malloc((r->n + 1) * sizeof *steps);
    bool good = steps && list_troubles(&s, list);
    for (size_t i = 0; good && i < r->n; i++)
        steps[i] = &r->steps[i];
    if (good && r->n > 1)
        qsort(steps, r->n, sizeof *steps, by_time);
    for (size_t k = 0; good && k < list->n; k++)
        if (can_have_hops(&list->events[k]))
            fill(&s, steps, r->n, &list->events[k]);
    free(steps);
    free(s.troubles);
    return good;
}
