/* events_routes.c - changes of the route by traces: those that a shift of the base tells are one event with it, the
 * others are events of their own. */

#include "analysis/routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/trace_pace.h"

#define SHIFT_AFTER_S 10.0  /* the watch may see a change before the shift, whose time is known to seconds */
#define SAME_TIME_S 90.0    /* flows that change together */
#define FLAP_S 600.0        /* changes of a flow that are no farther apart, if there are ... */
#define FLAP_LEAST 4        /* ... so many, are one event */

/* A change, and the flows that it has: traces of the first ones. */
struct change {
    const struct route_step *step;
    uint32_t n_flows;
    const struct longhaul_route *routes[LONGHAUL_EVENT_PORTS];
};

static int by_time(const void *a, const void *b)
{
    const struct route_step *x = ((const struct change *)a)->step, *y = ((const struct change *)b)->step;
    if (x->route->at_s != y->route->at_s)
        return x->route->at_s < y->route->at_s ? -1 : 1;
    return (x > y) - (x < y);
}

static double at_of(const struct route_step *s)
{
    return s->route->at_s;
}

/* ---- a change that another event tells */

/* The shift nearest before the trace that has no change yet; the shifts are by time. SIZE_MAX for none. */
static size_t shift_of(const struct event_list *list, const size_t *shifts, size_t n, const struct route_step *s)
{
    double from_s = fmax(s->before ? s->before->at_s : -INFINITY, at_of(s) - TRACE_LATEST_S) - SHIFT_AFTER_S,
           to_s = at_of(s) + s->route->seconds + SHIFT_AFTER_S;
    size_t low = 0;
    for (size_t high = n; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (list->events[shifts[middle]].start_s <= to_s)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low > 0 && list->events[shifts[low - 1]].start_s >= from_s; low--)
        if (list->events[shifts[low - 1]].hops.sign == LONGHAUL_HOPS_SIGN_UNKNOWN &&
            routes_is_of(&list->events[shifts[low - 1]], s->route))
            return shifts[low - 1];
    return SIZE_MAX;
}

/* Gives changes to shifts. Returns how many are left. */
static size_t give_to_shifts(struct event_list *list, struct change *changes, size_t n, size_t *shifts)
{
    size_t n_shifts = 0, n_left = 0;
    for (size_t k = 0; k < list->n; k++)
        if (list->events[k].kind == LONGHAUL_EVENT_ROUTE)
            shifts[n_shifts++] = k; /* they are found by time */
    for (size_t i = 0; i < n; i++) {
        size_t k = shift_of(list, shifts, n_shifts, changes[i].step);
        if (k == SIZE_MAX)
            changes[n_left++] = changes[i];
        else
            list->events[k].hops = routes_change_of(changes[i].step);
    }
    return n_left;
}

/* ---- events of their own */

/* Flows that leave a router, or come to one, together. */
static bool is_together(const struct route_step *a, const struct route_step *b)
{
    const struct route_difference *x = &a->difference, *y = &b->difference;
    return a->flow != b->flow && at_of(b) - at_of(a) <= SAME_TIME_S && a->is_loop == b->is_loop &&
           ((x->before[0] && strcmp(x->before, y->before) == 0) || (x->after[0] && strcmp(x->after, y->after) == 0));
}

/* Makes changes that come with one of another flow one with it. */
static size_t join_flows(struct change *changes, size_t n)
{
    size_t n_left = 0;
    for (size_t i = 0; i < n; i++) {
        struct change *c = NULL;
        for (size_t k = n_left; k > 0 && c == NULL && n_left - k < 64 &&
                                at_of(changes[i].step) - at_of(changes[k - 1].step) <= SAME_TIME_S; k--)
            if (is_together(changes[k - 1].step, changes[i].step))
                c = &changes[k - 1];
        if (c == NULL) {
            c = &changes[n_left++];
            *c = (struct change){ .step = changes[i].step };
        }
        if (c->n_flows < LONGHAUL_EVENT_PORTS)
            c->routes[c->n_flows] = changes[i].step->route;
        c->n_flows++;
    }
    return n_left;
}

static int by_flow(const void *a, const void *b)
{
    const struct route_step *x = ((const struct change *)a)->step, *y = ((const struct change *)b)->step;
    return (x > y) - (x < y); /* steps are by flow, then time */
}

/* Where all flows of the leg are traced, and at most half of them changed: these. */
static void name_flows(const struct longhaul_analysis *a, const struct routes *r, const struct change *c,
                       struct longhaul_event *e)
{
    if (a->n_flows < 2 || r->n_flows != a->n_flows || 2 * c->n_flows > a->n_flows)
        return;
    e->scope = LONGHAUL_SCOPE_FLOW;
    e->n_flows = (uint32_t)a->n_flows;
    e->n_flows_affected = c->n_flows;
    e->is_flow_destination = flows_have_one_source(a->flows, a->n_flows);
    for (size_t i = 0; i < LONGHAUL_EVENT_PORTS && i < c->n_flows; i++)
        e->flow_ports[i] = e->is_flow_destination ? c->routes[i]->destination_port : c->routes[i]->source_port;
}

static bool add(const struct longhaul_analysis *a, const struct routes *r, const struct change *first,
                const struct change *last, size_t n, struct event_list *list)
{
    const struct view *v = &a->view;
    size_t row = events_row_at(v, at_of(first->step));
    struct longhaul_event e = events_between(v, LONGHAUL_EVENT_ROUTE, row, row);
    e.start_s = fmax(at_of(first->step), 0);
    e.seconds = at_of(last->step) - at_of(first->step);
    e.lost_packets = 0;
    e.hops = routes_change_of(first->step);
    e.hops.n_changes = (uint32_t)n;
    snprintf(e.cause, sizeof e.cause, "hops");
    name_flows(a, r, first, &e);
    return event_list_add(list, v, e);
}

/* A route that goes to and fro is one event. */
static bool add_all(const struct longhaul_analysis *a, const struct routes *r, struct change *changes, size_t n,
                    struct event_list *list)
{
    bool good = true;
    if (n > 1)
        qsort(changes, n, sizeof *changes, by_flow);
    for (size_t i = 0, end; i < n && good; i = end) {
        for (end = i + 1; end < n && changes[end].step->flow == changes[i].step->flow &&
                          at_of(changes[end].step) - at_of(changes[end - 1].step) <= FLAP_S; end++)
            ;
        bool is_flapping = end - i >= FLAP_LEAST;
        for (size_t k = i; k < end && good; k += is_flapping ? end - i : 1)
            good = add(a, r, &changes[k], &changes[is_flapping ? end - 1 : k], is_flapping ? end - i : 1, list);
    }
    return good;
}

bool events_find_routes(const struct longhaul_analysis *a, const struct routes *r, struct event_list *list)
{
    struct change *changes = malloc((r->n + 1) * sizeof *changes);
    size_t *shifts = malloc((list->n + 1) * sizeof *shifts), n = 0;
    bool good = changes && shifts;
    for (size_t i = 0; good && i < r->n; i++)
        if (r->steps[i].is_change || r->steps[i].is_loop)
            changes[n++] = (struct change){ .step = &r->steps[i] };
    if (n > 0 && a->view.n > 0) {
        qsort(changes, n, sizeof *changes, by_time);
        n = give_to_shifts(list, changes, n, shifts);
        good = add_all(a, r, changes, join_flows(changes, n), list);
    }
    free(changes);
    free(shifts);
    return good;
}
