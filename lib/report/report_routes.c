/* report_routes.c - joins the traces of a leg to the routes that they show. A hop that is silent in a trace is like
 * any, so a route is known as well as all of its traces together know it. */

#include "report/report_routes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/routes.h"
#include "base/error.h"
#include "report/wording.h"

#define MOST_ROUTES 24
#define MOST_IN_TEXT 4

/* A route while it is made. */
struct making {
    struct longhaul_route_hop hops[LONGHAUL_ROUTE_MAX];
    struct route_known known;
    struct longhaul_route route;
    size_t n_traces, last_flow;
    double first_s;
};

/* A flow was on a route. */
struct stay {
    double from_s, to_s;
    size_t route;
};

struct search {
    struct report_routes *out;
    struct making made[MOST_ROUTES], open;
    struct stay *stays;
    size_t n_stays, flow;
    bool is_open;
    double last_s; /* when the open route was last seen */
};

/* ---- traces of one route */

static void add_hop(struct longhaul_route_hop *sum, const struct longhaul_route_hop *hop)
{
    if (hop->n_answered > 0 && hop->address[0])
        sum->address = hop->address;
    if (hop->labels[0])
        sum->labels = hop->labels;
    sum->n_sent += hop->n_sent;
    sum->n_answered += hop->n_answered;
    sum->min_ms = fmin(sum->min_ms, hop->min_ms); /* fmin and fmax ignore NAN */
    sum->max_ms = fmax(sum->max_ms, hop->max_ms);
}

static void begin_making(struct making *m, const struct longhaul_route *first)
{
    memset(m, 0, sizeof *m);
    for (size_t i = 0; i < LONGHAUL_ROUTE_MAX; i++)
        m->hops[i] = (struct longhaul_route_hop){ .address = "", .labels = "", .min_ms = NAN, .max_ms = NAN };
    m->route = *first;
    m->route.n_hops = 0;
    m->route.hops = m->hops;
    m->first_s = first->at_s;
    m->last_flow = SIZE_MAX;
}

static void add_route(struct making *m, const struct longhaul_route *route, size_t n_traces)
{
    for (uint32_t i = 0; i < route->n_hops; i++)
        add_hop(&m->hops[i], &route->hops[i]);
    if (route->n_hops > m->route.n_hops)
        m->route.n_hops = route->n_hops;
    if (route->distance > 0)
        m->route.distance = route->distance;
    route_learn(&m->known, route, 0);
    m->n_traces += n_traces;
}

/* Where the peer's distance was unknown for a while, hops behind it were probed, too. */
static void trim(struct making *m)
{
    while (m->route.distance > 0 && m->route.n_hops >= m->route.distance &&
           m->hops[m->route.n_hops - 1].n_answered == 0)
        m->route.n_hops--;
}

/* ---- which route it is */

/* The one that shares most hops with it, and none that differs; n for none. */
static size_t find_made(const struct search *s)
{
    size_t best = s->out->n;
    uint32_t most = 0;
    for (size_t i = 0; i < s->out->n; i++) {
        struct route_difference difference;
        uint32_t n_same = route_n_same(&s->made[i].known, &s->open.route);
        if ((best == s->out->n || n_same > most) && !route_differs(&s->made[i].known, &s->open.route, &difference)) {
            best = i;
            most = n_same;
        }
    }
    return best;
}

static void count_flow(struct search *s, size_t i, uint16_t port)
{
    struct report_route *route = &s->out->routes[i];
    if (s->made[i].last_flow == s->flow)
        return;
    s->made[i].last_flow = s->flow;
    if (route->n_flows < REPORT_MOST_PORTS)
        route->ports[route->n_flows] = port;
    route->n_flows++;
}

/* The flow leaves the open route, at the latest at to_s. */
static void close_open(struct search *s, double to_s)
{
    if (!s->is_open)
        return;
    s->is_open = false;
    trim(&s->open);
    size_t i = find_made(s);
    if (i == MOST_ROUTES) {
        s->out->are_more = true;
        return;
    }
    if (i == s->out->n) {
        begin_making(&s->made[i], &s->open.route);
        s->out->n++;
    }
    struct making *m = &s->made[i];
    add_route(m, &s->open.route, s->open.n_traces);
    m->first_s = fmin(m->first_s, s->open.first_s);
    count_flow(s, i, s->out->are_destinations ? s->open.route.destination_port : s->open.route.source_port);
    s->stays[s->n_stays++] = (struct stay){ s->open.first_s, to_s, i };
}

/* A trace that fell into a change, and the next one, are one change: what the next one shows counts. */
static void take_trace(struct search *s, const struct route_step *step)
{
    struct route_difference difference;
    if (step->is_change)
        close_open(s, step->route->at_s);
    if (!s->is_open)
        begin_making(&s->open, step->route);
    else if (route_differs(&s->open.known, step->route, &difference)) {
        double first_s = s->open.first_s;
        begin_making(&s->open, step->route);
        s->open.first_s = first_s;
    }
    s->is_open = true;
    add_route(&s->open, step->route, 1);
}

static void walk_flow(struct search *s, const struct route_step *steps, size_t n)
{
    bool is_in_loop = false, is_slight;
    uint32_t at;
    for (size_t i = 0; i < n; i++) {
        s->last_s = steps[i].route->at_s;
        if (!steps[i].is_trace)
            continue;
        is_in_loop = steps[i].is_loop || (is_in_loop && route_has_loop(steps[i].route, &at, &at, &is_slight));
        if (is_in_loop)
            close_open(s, s->last_s);
        else
            take_trace(s, &steps[i]);
    }
    close_open(s, s->last_s);
}

/* ---- how long */

static int by_route_and_time(const void *a, const void *b)
{
    const struct stay *x = a, *y = b;
    if (x->route != y->route)
        return x->route < y->route ? -1 : 1;
    return (x->from_s > y->from_s) - (x->from_s < y->from_s);
}

/* Time in which several flows were on a route counts once. */
static void sum_stays(struct search *s)
{
    double until_s = -INFINITY;
    if (s->n_stays > 1)
        qsort(s->stays, s->n_stays, sizeof *s->stays, by_route_and_time);
    for (size_t i = 0; i < s->n_stays; i++) {
        const struct stay *stay = &s->stays[i];
        if (i > 0 && s->stays[i - 1].route != stay->route)
            until_s = -INFINITY;
        s->out->routes[stay->route].seconds += fmax(stay->to_s - fmax(stay->from_s, until_s), 0);
        until_s = fmax(until_s, stay->to_s);
    }
}

static int by_length(const void *a, const void *b)
{
    const struct report_route *x = a, *y = b;
    if (x->seconds != y->seconds)
        return x->seconds > y->seconds ? -1 : 1;
    return (x->first_s > y->first_s) - (x->first_s < y->first_s);
}

/* The routes, with hops of their own; texts are the analysis's. */
static bool keep(struct search *s)
{
    struct longhaul_route_hop(*hops)[LONGHAUL_ROUTE_MAX] = malloc((s->out->n + 1) * sizeof *hops);
    s->out->hops = hops;
    for (size_t i = 0; hops && i < s->out->n; i++) {
        struct report_route *route = &s->out->routes[i];
        memcpy(hops[i], s->made[i].hops, sizeof hops[i]);
        route->route = s->made[i].route;
        route->route.hops = hops[i];
        route->first_s = s->made[i].first_s;
        route->n_traces = s->made[i].n_traces;
    }
    if (hops && s->out->n > 1)
        qsort(s->out->routes, s->out->n, sizeof *s->out->routes, by_length);
    return hops != NULL;
}

static bool find_of(const struct report_leg *leg, struct report_routes *out)
{
    size_t n, n_flows;
    const struct longhaul_route *list = longhaul_analysis_routes(leg->analysis, &n);
    const struct longhaul_flow *flows = longhaul_analysis_flows(leg->analysis, &n_flows);
    struct routes r = { .steps = NULL };
    struct search *s = calloc(1, sizeof *s);
    out->are_destinations = flows_have_one_source(flows, n_flows);
    out->routes = calloc(MOST_ROUTES, sizeof *out->routes);
    bool good = s && out->routes && (s->stays = malloc((n + 1) * sizeof *s->stays)) != NULL && routes_make(&r, list, n);
    if (good) {
        s->out = out;
        for (s->flow = 0; s->flow < r.n_flows; s->flow++)
            walk_flow(s, &r.steps[r.first[s->flow]], r.first[s->flow + 1] - r.first[s->flow]);
        out->n_flows = r.n_flows;
        sum_stays(s);
        good = keep(s);
    }
    routes_free(&r);
    free(s ? s->stays : NULL);
    free(s);
    return good;
}

int report_find_routes(struct longhaul_report *report, struct longhaul_error *err)
{
    for (size_t i = 0; i < report->n_legs; i++) {
        struct report_leg *leg = &report->legs[i];
        size_t n = 0;
        if (!leg->is_detailed || longhaul_analysis_routes(leg->analysis, &n) == NULL || n == 0)
            continue;
        leg->routes = calloc(1, sizeof *leg->routes);
        if (leg->routes == NULL || !find_of(leg, leg->routes))
            return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    }
    return 0;
}

void report_free_routes(struct report_routes *routes)
{
    if (routes == NULL)
        return;
    free(routes->routes);
    free(routes->hops);
    free(routes);
}

/* ---- words */

char report_route_letter(size_t index)
{
    return (char)('A' + index);
}

void report_routes_text(const struct report_routes *r, char *text, size_t size)
{
    int n = snprintf(text, size, "%zu%s routes:", r->n, r->are_more ? " and more" : "");
    for (size_t i = 0; i < r->n && i < MOST_IN_TEXT && n >= 0 && (size_t)n < size; i++)
        n += snprintf(text + n, size - (size_t)n, "%s %c %s", i > 0 ? "," : "", report_route_letter(i),
                      r->routes[i].seconds > 0 ? wording_length(r->routes[i].seconds).text : "one trace");
    if (r->n > MOST_IN_TEXT && n >= 0 && (size_t)n < size)
        snprintf(text + n, size - (size_t)n, " ...");
}
