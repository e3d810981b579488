/* report_drawings.c - chooses the events whose traces a report draws, and says what each hop of a row is. Draws
 * nothing. */

#include "report/report_drawings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/route_compare.h"
#include "base/error.h"

#define MOST_DRAWINGS 24
#define MOST_OF_INCIDENT 3
#define MOST_LOOKED_UP 4000 /* events */

/* ---- hops */

size_t report_n_nodes(const struct longhaul_route *route)
{
    return route->n_hops + (route->distance > 0);
}

static bool has_address(const struct longhaul_route *route, const char *address)
{
    for (uint32_t hop = 1; hop <= route->n_hops; hop++)
        if (strcmp(route_address(route, hop), address) == 0)
            return true;
    return false;
}

/* The routers of a route behind hop `from` and before hop `to` (0: its end) that the other one does not have. */
static void mark_between(const struct longhaul_route *route, const struct longhaul_route *other, uint32_t from,
                         uint32_t to, enum report_node *nodes)
{
    for (uint32_t hop = from + 1; hop <= route->n_hops && (to == 0 || hop < to); hop++)
        if (route_address(route, hop)[0] && !has_address(other, route_address(route, hop)))
            nodes[hop - 1] = REPORT_NODE_CHANGED;
}

static void mark_answers(const struct longhaul_route *route, enum report_node nodes[REPORT_MOST_NODES])
{
    for (uint32_t i = 0; i < REPORT_MOST_NODES; i++)
        nodes[i] = i >= route->n_hops                 ? REPORT_NODE_NONE
                   : route_address(route, i + 1)[0] ? REPORT_NODE_SAME
                                                    : REPORT_NODE_SILENT;
    if (route->distance > 0)
        nodes[route->n_hops] = REPORT_NODE_PEER;
}

void report_draw_route(const struct longhaul_route *route, const struct longhaul_route *other,
                       enum report_node nodes[REPORT_MOST_NODES])
{
    struct route_known known = { .n = 0 };
    struct route_difference difference;
    mark_answers(route, nodes);
    if (other == NULL || other == route)
        return;
    route_learn(&known, other, 0);
    if (route_differs(&known, route, &difference))
        mark_between(route, other, difference.from, difference.to, nodes);
}

/* A loop may go on after its event. */
static bool is_loop(const struct report_drawing *d, int row)
{
    uint32_t first, second;
    bool is_slight;
    return row > 0 && d->routes[row] && d->event->hops.sign == LONGHAUL_HOPS_SIGN_LOOP &&
           route_has_loop(d->routes[row], &first, &second, &is_slight);
}

static void mark_loop(const struct longhaul_route *route, enum report_node *nodes)
{
    for (uint32_t hop = 1; hop <= route->n_hops; hop++)
        for (uint32_t k = hop + 1; k <= route->n_hops && route_address(route, hop)[0]; k++)
            if (strcmp(route_address(route, hop), route_address(route, k)) == 0)
                nodes[hop - 1] = nodes[k - 1] = REPORT_NODE_LOOPS;
}

void report_draw_row(const struct report_drawing *d, int row, enum report_node nodes[REPORT_MOST_NODES])
{
    const struct longhaul_event_hops *h = &d->event->hops;
    const struct longhaul_route *route = d->routes[row];
    report_draw_route(route, d->routes[row == 0 ? 1 : 0], nodes);
    for (size_t i = 0; row == 0 && i < route->n_hops; i++)
        if (nodes[i] == REPORT_NODE_CHANGED)
            nodes[i] = REPORT_NODE_GONE;
    if (is_loop(d, row))
        mark_loop(route, nodes);
    if (row != 1)
        return;
    if (h->sign == LONGHAUL_HOPS_SIGN_DIFFERS && d->routes[0]) /* as far as earlier traces knew it */
        mark_between(route, d->routes[0], h->from, h->to, nodes);
    for (uint32_t hop = h->from; h->sign == LONGHAUL_HOPS_SIGN_LOSES && hop <= h->to && hop <= route->n_hops; hop++)
        if (hop > 0 && nodes[hop - 1] == REPORT_NODE_SAME)
            nodes[hop - 1] = REPORT_NODE_LOSES;
}

const char *report_row_name(const struct report_drawing *d, int row)
{
    static const char *const names[REPORT_ROWS] = { "before", "during", "after" },
                             *const of_routes[REPORT_ROWS] = { "before", "since", "later" };
    bool is_route = d->event->kind == LONGHAUL_EVENT_ROUTE && d->event->hops.sign == LONGHAUL_HOPS_SIGN_DIFFERS;
    return (is_route && d->event->hops.n_changes <= 1 ? of_routes : names)[row];
}

size_t report_drawing_width(const struct report_drawing *d)
{
    size_t n = 0;
    for (int row = 0; row < REPORT_ROWS; row++) {
        size_t wide = d->routes[row] ? report_n_nodes(d->routes[row]) : 0;
        if (is_loop(d, row) && wide > d->event->hops.to + 1)
            wide = d->event->hops.to + 1;
        n = wide > n ? wide : n;
    }
    return n;
}

struct wording report_trace_time(const struct longhaul_report *report, size_t leg, double at_s, bool with_day)
{
    double unix_s = longhaul_analysis_figures(report->legs[leg].analysis)->start_unix_s + at_s;
    return isnan(unix_s) ? wording_say("at %.0f s", at_s) : wording_time_of_day(unix_s, with_day);
}

/* ---- which are drawn */

/* The traces of an event; false if they are too few for a drawing. */
static bool take_routes(const struct longhaul_report *report, const struct report_event *entry,
                        struct report_drawing *drawing)
{
    if (entry->event->hops.sign <= LONGHAUL_HOPS_SIGN_SAME || !report->legs[entry->leg].is_detailed)
        return false;
    *drawing = (struct report_drawing){ .leg = entry->leg,
                                        .number = (size_t)(entry - report->events) + 1,
                                        .incident = report_incident_of(report, entry),
                                        .event = entry->event };
    longhaul_analysis_event_routes(report->legs[entry->leg].analysis, entry->event, drawing->routes);
    return drawing->routes[1] && (drawing->routes[0] || drawing->routes[2]);
}

static const struct report_drawing *same_drawing(const struct longhaul_report *report, const struct report_drawing *d)
{
    for (size_t i = 0; i < report->n_drawings; i++)
        if (memcmp(report->drawings[i].routes, d->routes, sizeof d->routes) == 0)
            return &report->drawings[i];
    return NULL;
}

const struct report_drawing *report_drawing_of_event(const struct longhaul_report *report, size_t number)
{
    struct report_drawing d;
    bool has = report->n_drawings > 0 && take_routes(report, &report->events[number - 1], &d);
    return has ? same_drawing(report, &d) : NULL;
}

const struct report_drawing *report_drawing_of_incident(const struct longhaul_report *report, size_t number)
{
    for (size_t i = 0; i < report->n_drawings && number > 0; i++)
        if (report->drawings[i].incident == number)
            return &report->drawings[i];
    return NULL;
}

/* An event, and the number of its incident. */
struct candidate {
    size_t event, incident;
};

/* Those of no incident last: 0 - 1 is the greatest. */
static int by_gravity(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->incident != y->incident)
        return x->incident - 1 < y->incident - 1 ? -1 : 1;
    return (x->event > y->event) - (x->event < y->event);
}

static size_t list_candidates(struct longhaul_report *report, struct candidate *candidates)
{
    size_t n = 0;
    for (size_t i = 0; i < report->n_events; i++) {
        enum longhaul_hops_sign sign = report->events[i].event->hops.sign;
        report->knows_hops = report->knows_hops || sign > LONGHAUL_HOPS_SIGN_UNKNOWN;
        if (sign > LONGHAUL_HOPS_SIGN_SAME)
            candidates[n++] = (struct candidate){ i, report_incident_of(report, &report->events[i]) };
    }
    if (n > 1)
        qsort(candidates, n, sizeof *candidates, by_gravity);
    return n;
}

static void choose(struct longhaul_report *report, const struct candidate *candidates, size_t n)
{
    size_t n_of_incident = 0;
    report->has_more_drawings = n > MOST_LOOKED_UP;
    for (size_t i = 0; i < n && i < MOST_LOOKED_UP; i++) {
        struct report_drawing d;
        if (i > 0 && candidates[i].incident != candidates[i - 1].incident)
            n_of_incident = 0;
        if (!take_routes(report, &report->events[candidates[i].event], &d) || same_drawing(report, &d))
            continue;
        if (report->n_drawings == MOST_DRAWINGS || n_of_incident == MOST_OF_INCIDENT) {
            report->has_more_drawings = true;
            continue;
        }
        report->drawings[report->n_drawings++] = d;
        n_of_incident++;
    }
}

int report_find_drawings(struct longhaul_report *report, struct longhaul_error *err)
{
    struct candidate *candidates = malloc((report->n_events + 1) * sizeof *candidates);
    report->drawings = malloc(MOST_DRAWINGS * sizeof *report->drawings);
    bool good = candidates && report->drawings;
    if (good)
        choose(report, candidates, list_candidates(report, candidates));
    free(candidates);
    return good ? 0 : error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
}
