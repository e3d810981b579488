/* routes.c - puts the traces of a leg in order, flow by flow, and finds where each differs from what was known. */

#include "analysis/routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/trace_pace.h"

#define ONE_CHANGE_S TRACE_EVERY_S /* a trace may fall into a change: the next one shows where it led */

static int compare_flows(const struct longhaul_route *x, const struct longhaul_route *y)
{
    if (x->is_tcp != y->is_tcp)
        return x->is_tcp ? 1 : -1;
    if (x->source_port != y->source_port)
        return x->source_port < y->source_port ? -1 : 1;
    return (x->destination_port > y->destination_port) - (x->destination_port < y->destination_port);
}

static int by_flow_and_time(const void *a, const void *b)
{
    const struct route_step *x = a, *y = b;
    int order = compare_flows(x->route, y->route);
    if (order == 0)
        order = (x->route->at_s > y->route->at_s) - (x->route->at_s < y->route->at_s);
    return order ? order : (x->route > y->route) - (x->route < y->route);
}

/* Walks over the traces of one flow. `origin` is the route before the last change. */
struct walk {
    struct route_known known, origin;
    const struct longhaul_route *last;
    struct route_step *change;
    uint32_t age;
    bool is_in_loop;
};

/* A loop that the trace before did not have: some hosts answer at several distances without one. */
static bool has_new_loop(struct walk *w, const struct longhaul_route *now, struct route_difference *at)
{
    uint32_t first, second, other;
    bool is_slight, was_slight, has = route_has_loop(now, &first, &second, &is_slight);
    if (!has)
        w->is_in_loop = false;
    if (!has || w->is_in_loop || w->last == NULL || route_has_loop(w->last, &other, &other, &was_slight))
        return false;
    const char *before = w->known.address[second - 1]; /* of two in a row: another router must have been there */
    if (is_slight && (*before == 0 || strcmp(before, route_address(now, second)) == 0))
        return false;
    w->is_in_loop = true;
    at->from = first;
    at->to = second;
    at->after = route_address(now, first);
    return true;
}

/* The trace before fell into the change: tells the whole of it there. True if this trace is not another change. */
static bool goes_on(struct walk *w, const struct route_step *step)
{
    struct route_difference whole;
    if (w->change == NULL || step->route->at_s - w->change->route->at_s > ONE_CHANGE_S ||
        !route_differs(&w->origin, step->route, &whole))
        return false;
    w->change->difference = whole;
    return true;
}

/* A loop is no route: what comes after it is compared with what was before. */
static void take_trace(struct walk *w, struct route_step *step)
{
    struct route_difference difference = { .before = "", .after = "" };
    bool is_other = w->last && route_differs(&w->known, step->route, &difference);
    step->before = w->last;
    step->n_same = route_n_same(&w->known, step->route);
    step->is_loop = has_new_loop(w, step->route, &difference);
    step->difference = difference;
    w->last = step->route;
    if (w->is_in_loop)
        return;
    w->age += is_other;
    if (is_other && !goes_on(w, step)) {
        step->is_change = true;
        w->origin = w->known;
        w->change = step;
    }
    route_learn(&w->known, step->route, is_other ? difference.hop : 0);
}

static void walk_flow(struct route_step *steps, size_t n)
{
    struct walk w = { .age = 0 };
    for (size_t i = 0; i < n; i++) {
        steps[i].is_trace = route_is_trace(steps[i].route);
        if (steps[i].is_trace)
            take_trace(&w, &steps[i]);
        steps[i].age = w.age;
    }
}

bool routes_make(struct routes *r, const struct longhaul_route *list, size_t n)
{
    *r = (struct routes){ .steps = calloc(n + 1, sizeof *r->steps), .first = malloc((n + 1) * sizeof *r->first) };
    if (r->steps == NULL || r->first == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        r->steps[i].route = &list[i];
    r->n = n;
    if (n > 1)
        qsort(r->steps, n, sizeof *r->steps, by_flow_and_time);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || compare_flows(r->steps[i - 1].route, r->steps[i].route) != 0)
            r->first[r->n_flows++] = i;
        r->steps[i].flow = (uint32_t)(r->n_flows - 1);
    }
    r->first[r->n_flows] = n;
    for (size_t f = 0; f < r->n_flows; f++)
        walk_flow(&r->steps[r->first[f]], r->first[f + 1] - r->first[f]);
    return true;
}

void routes_free(struct routes *r)
{
    free(r->steps);
    free(r->first);
}

bool routes_is_of(const struct longhaul_event *e, const struct longhaul_route *route)
{
    uint16_t port = e->is_flow_destination ? route->destination_port : route->source_port;
    bool is = e->scope != LONGHAUL_SCOPE_FLOW || e->n_flows_affected > LONGHAUL_EVENT_PORTS;
    for (size_t i = 0; i < LONGHAUL_EVENT_PORTS && !is; i++)
        is = e->flow_ports[i] == port;
    return is;
}

int routes_gravity(const struct longhaul_event_hops *h)
{
    switch (h->sign) {
    case LONGHAUL_HOPS_SIGN_LOOP: return 4;
    case LONGHAUL_HOPS_SIGN_DIFFERS: return 3;
    case LONGHAUL_HOPS_SIGN_LOSES: return h->from == h->to ? 2 : 1;
    default: return 0;
    }
}

struct longhaul_event_hops routes_change_of(const struct route_step *s)
{
    struct longhaul_event_hops h = { .before_s = NAN, .at_s = NAN, .lost_share = NAN };
    if (!s->is_change && !s->is_loop)
        return h;
    h.sign = s->is_loop ? LONGHAUL_HOPS_SIGN_LOOP : LONGHAUL_HOPS_SIGN_DIFFERS;
    h.from = s->difference.from;
    h.to = s->difference.to;
    h.hop = s->difference.hop;
    h.n_changes = 1;
    h.at_s = s->route->at_s;
    h.before_s = s->before ? s->before->at_s : NAN;
    h.source_port = s->route->source_port;
    h.destination_port = s->route->destination_port;
    snprintf(h.before, sizeof h.before, "%s", s->difference.before);
    snprintf(h.after, sizeof h.after, "%s", s->difference.after);
    return h;
}

/* ---- the traces of an analysis, by time */

bool hops_keep(struct longhaul_analysis *a, const struct longhaul_series *series)
{
    size_t n;
    const struct longhaul_route *routes = longhaul_series_routes(series, &n);
    bool good = true;
    for (size_t i = 0; i < n && good; i++)
        good = route_list_add(&a->routes, &routes[i]);
    return good;
}

const struct longhaul_route *longhaul_analysis_routes(const struct longhaul_analysis *a, size_t *n)
{
    *n = a->routes.n;
    return a->routes.routes;
}

static bool is_trace_of(const struct longhaul_route *r, const struct longhaul_event_hops *h)
{
    return r->reason != LONGHAUL_ROUTE_REASON_WATCH && r->source_port == h->source_port &&
           r->destination_port == h->destination_port;
}

/* The first trace of the flow from a time on, or only after it; NULL for none. */
static const struct longhaul_route *trace_from(const struct longhaul_analysis *a, const struct longhaul_event_hops *h,
                                               double at_s, bool is_after)
{
    size_t low = 0;
    for (size_t high = a->routes.n; low < high;) {
        size_t middle = low + (high - low) / 2;
        double middle_s = a->routes.routes[middle].at_s;
        if (middle_s < at_s || (is_after && middle_s == at_s))
            low = middle + 1;
        else
            high = middle;
    }
    while (low < a->routes.n && !is_trace_of(&a->routes.routes[low], h))
        low++;
    return low < a->routes.n ? &a->routes.routes[low] : NULL;
}

/* NULL, also if the time is unknown. */
static const struct longhaul_route *trace_at(const struct longhaul_analysis *a, const struct longhaul_event_hops *h,
                                             double at_s)
{
    const struct longhaul_route *r = isnan(at_s) ? NULL : trace_from(a, h, at_s, false);
    return r && r->at_s == at_s ? r : NULL;
}

void longhaul_analysis_event_routes(const struct longhaul_analysis *a, const struct longhaul_event *e,
                                    const struct longhaul_route *routes[3])
{
    const struct longhaul_event_hops *h = &e->hops;
    bool has = h->sign != LONGHAUL_HOPS_SIGN_UNKNOWN;
    routes[0] = has ? trace_at(a, h, h->before_s) : NULL;
    routes[1] = has && h->at_s != h->before_s ? trace_at(a, h, h->at_s) : NULL;
    routes[2] = has ? trace_from(a, h, fmax(e->start_s + e->seconds, h->at_s), true) : NULL;
}
