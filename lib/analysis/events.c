/* events.c - finds the events of a test, each kind outside of what the graver ones explain: outages, then loss, jitter,
 * the rate, and an early end. longhaul-show(1) has the methods and their sources. scope.c says what other legs did. */

#include <stdio.h>
#include <stdlib.h>

#include "analysis/routes.h"
#include "base/stats.h"

#define OF_TARGET 0.05    /* packets a second that differ by less are the target's */
#define LEAST_EARLY_S 3.0 /* before its plan */
#define EARLY_SHARE 1e-4  /* of the plan: clocks of two hosts */
#define SPACINGS 5.0      /* of two losses: so long after the last one a slight loss may go on */
#define OPEN_S 5.0        /* before the end of the data: it goes on */

/* Packets a second: the median of the intervals that know their loss, or the target's where they are close to it. */
static double pace_of(const struct longhaul_analysis *a, double *room)
{
    const struct view *v = &a->view;
    size_t n = 0;
    for (size_t i = 0; i < v->n; i++)
        if (view_has_loss(v, i) && v->packets[i] > 0 && v->seconds[i] > 0)
            room[n++] = v->packets[i] / v->seconds[i];
    if (n == 0)
        return NAN;
    double middle = stats_median(room, n);
    double target = analysis_target_bps(&a->info) / 8 / a->info.datagram_bytes;
    return fabs(middle / target - 1) < OF_TARGET ? target : middle;
}

/* Bytes of a datagram: as the test says, else by what its intervals carried. */
static double datagram_bytes_of(const struct longhaul_analysis *a)
{
    double bytes = 0, packets = 0;
    if (a->info.datagram_bytes > 0)
        return a->info.datagram_bytes;
    for (size_t i = 0; i < a->view.n; i++)
        if (view_has_loss(&a->view, i)) {
            bytes += a->view.bytes[i];
            packets += a->view.packets[i] - (a->info.is_sender ? 0 : a->view.lost[i]);
        }
    return packets > 0 ? bytes / packets : NAN;
}

/* The end of the data: of the intervals, or of a gap behind them. */
static double data_end_s(const struct longhaul_analysis *a)
{
    double end_s = a->last_end_s;
    for (size_t k = 0; k < a->view.n_gaps; k++)
        end_s = fmax(end_s, a->view.gaps[k].start_s + a->view.gaps[k].seconds);
    return end_s;
}

static bool find_early_end(const struct longhaul_analysis *a, double end_s, bool *is_early, struct event_list *list)
{
    double missing_s = a->info.planned_s - end_s;
    *is_early =
        a->view.n > 0 && !a->info.is_journal && missing_s > fmax(LEAST_EARLY_S, EARLY_SHARE * a->info.planned_s);
    if (!*is_early)
        return true;
    struct longhaul_event e = { .kind = LONGHAUL_EVENT_ENDED,
                                .start_s = end_s,
                                .seconds = missing_s,
                                .is_open = true,
                                .first = a->view.n,
                                .level = NAN,
                                .peak = NAN,
                                .usual = NAN };
    if (!isnan(a->info.stopped_s))
        snprintf(e.cause, sizeof e.cause, "stopped");
    return event_list_add(list, &a->view, e);
}

static void mark_open(const struct longhaul_analysis *a, double end_s, struct event_list *list)
{
    double slack_s = fmax(OPEN_S, 1.5 * a->view.usual_s);
    for (size_t k = 0; k < list->n; k++) {
        struct longhaul_event *e = &list->events[k];
        double spacing_s = e->lost_packets > 0 ? e->seconds / e->lost_packets : 0;
        double rest_s = fmax(slack_s, fmin(SPACINGS * spacing_s, e->seconds / 10));
        if (e->kind == LONGHAUL_EVENT_OUTAGE) /* one interval with data ends it */
            rest_s = 0.5 * a->view.usual_s;
        e->is_open = e->start_s + e->seconds >= end_s - rest_s;
    }
}

/* After all other events: what the traces of the route say. */
static bool find_hops(const struct longhaul_analysis *a, struct event_list *list)
{
    struct routes r;
    if (a->routes.n == 0)
        return true;
    bool good = routes_make(&r, a->routes.routes, a->routes.n) && events_find_routes(a, &r, list) &&
                events_fill_hops(&r, list);
    routes_free(&r);
    return good;
}

bool events_find(struct longhaul_analysis *a, double *room, struct event_list *list)
{
    struct view *v = &a->view;
    double pace = a->has_tcp ? NAN : pace_of(a, room), end_s = data_end_s(a);
    bool is_early;
    v->datagram_bytes = datagram_bytes_of(a);
    a->figures.usual_loss_least_percent = a->figures.usual_loss_most_percent = a->figures.usual_loss_most_s = NAN;
    list->mark = calloc(v->n + 1, 1);
    bool good = list->mark && events_find_outages(a, pace, list) && events_find_loss(a, pace, list) &&
                events_find_jitter(v, room, list) && events_find_rate(a, room, list) &&
                events_find_delays(v, room, list) && events_find_flows(v, list) && find_hops(a, list);
    free(list->mark);
    list->mark = NULL;
    good = good && find_early_end(a, end_s, &is_early, list);
    if (good && !is_early)
        mark_open(a, end_s, list);
    if (good)
        events_find_causes(a, list);
    return good;
}
