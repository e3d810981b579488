/* events_routes.c - changes of the route by traces: those that a shift of the base tells are one event with it, the
 * others are events of their own. */

#include "analysis/routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHIFT_BEFORE_S 90.0 /* a shift is so long before the trace that it asked for, at most: one trace a minute */
#define SHIFT_AFTER_S 10.0  /* the watch may see a change before the shift, whose time is known to seconds */
#define SAME_TIME_S 90.0    /* flows that change together */
#define FLAP_S 600.0        /* changes of a flow that are no farther apart, if there are ... */
#define FLAP_LEAST 4        /* ... so many, are one event */

static int by_time(const void *a, const void *b)
{
    const struct route_step *x = *(const struct route_step *const *)a, *y = *(const struct route_step *const *)b;
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
    double from_s = fmax(s->before ? s->before->at_s : -INFINITY, at_of(s) - SHIFT_BEFORE_S) - SHIFT_AFTER_S,
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
        if (list->events[shifts[low - 1]].hops.sign == LONGHAUL_HOPS_SIGN_UNKNOWN)
            return shifts[low - 1];
    return SIZE_MAX;
}

/* Gives changes to shifts. Returns how many are left. */
static size_t give_to_shifts(struct event_list *list, const struct route_step **changes, size_t n, size_t *shifts)
{
    size_t n_shifts = 0, n_left = 0;
    for (size_t k = 0; k < list->n; k++)
        if (list->events[k].kind == LONGHAUL_EVENT_ROUTE)
            shifts[n_shifts++] = k; /* they are found by time */
    for (size_t i = 0; i < n; i++) {
        size_t k = shift_of(list, shifts, n_shifts, changes[i]);
        if (k == SIZE_MAX)
            changes[n_left++] = changes[i];
        else
            list->events[k].hops = routes_change_of(changes[i]);
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

/* Leaves out changes that come with one of another flow. */
static size_t join_flows(const struct route_step **changes, size_t n)
{
    size_t n_left = 0;
    for (size_t i = 0; i < n; i++) {
        size_t k = n_left;
        bool is_same = false;
        for (; k > 0 && !is_same && at_of(changes[i]) - at_of(changes[k - 1]) <= SAME_TIME_S && n_left - k < 64; k--)
            is_same = is_together(changes[k - 1], changes[i]);
        if (!is_same)
            changes[n_left++] = changes[i];
    }
    return n_left;
}

static int by_flow(const void *a, const void *b)
{
    const struct route_step *x = *(const struct route_step *const *)a, *y = *(const struct route_step *const *)b;
    return (x > y) - (x < y); /* steps are by flow, then time */
}

static bool add(const struct longhaul_analysis *a, const struct route_step *first, const struct route_step *last,
                size_t n, struct event_list *list)
{
    const struct view *v = &a->view;
    size_t row = events_row_at(v, at_of(first));
    struct longhaul_event e = events_between(v, LONGHAUL_EVENT_ROUTE, row, row);
    e.start_s = fmax(at_of(first), 0);
    e.seconds = at_of(last) - at_of(first);
    e.lost_packets = 0;
    e.hops = routes_change_of(first);
    e.hops.n_changes = (uint32_t)n;
    snprintf(e.cause, sizeof e.cause, "hops");
    return event_list_add(list, v, e);
}

/* A route that goes to and fro is one event. */
static bool add_all(const struct longhaul_analysis *a, const struct route_step **changes, size_t n,
                    struct event_list *list)
{
    bool good = true;
    if (n > 1)
        qsort(changes, n, sizeof *changes, by_flow);
    for (size_t i = 0, end; i < n && good; i = end) {
        for (end = i + 1; end < n && changes[end]->flow == changes[i]->flow &&
                          at_of(changes[end]) - at_of(changes[end - 1]) <= FLAP_S; end++)
            ;
        bool is_flapping = end - i >= FLAP_LEAST;
        for (size_t k = i; k < end && good; k += is_flapping ? end - i : 1)
            good = add(a, changes[k], changes[is_flapping ? end - 1 : k], is_flapping ? end - i : 1, list);
    }
    return good;
}

bool events_find_routes(const struct longhaul_analysis *a, const struct routes *r, struct event_list *list)
{
    const struct route_step **changes = malloc((r->n + 1) * sizeof *changes);
    size_t *shifts = malloc((list->n + 1) * sizeof *shifts), n = 0;
    bool good = changes && shifts;
    for (size_t i = 0; good && i < r->n; i++)
        if (r->steps[i].is_change || r->steps[i].is_loop)
            changes[n++] = &r->steps[i];
    if (n > 0 && a->view.n > 0) {
        qsort(changes, n, sizeof *changes, by_time);
        n = give_to_shifts(list, changes, n, shifts);
        good = add_all(a, changes, join_flows(changes, n), list);
    }
    free(changes);
    free(shifts);
    return good;
}
