/* takeaways_hops.c - what traces of the routes show: how often routes changed, and where losses begin. */

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "report/takeaways.h"
#include "report/wording.h"

#define LEAST_LOSSES 2

/* How often the route of a leg changed, as its traces show. */
static size_t n_changes_of(const struct report_leg *leg)
{
    size_t n, sum = 0;
    const struct longhaul_event *events = longhaul_analysis_events(leg->analysis, &n);
    for (size_t i = 0; i < n; i++)
        if (events[i].kind == LONGHAUL_EVENT_ROUTE && events[i].hops.sign == LONGHAUL_HOPS_SIGN_DIFFERS)
            sum += events[i].hops.n_changes;
    return sum;
}

static bool is_traced(const struct report_leg *leg)
{
    size_t n;
    longhaul_analysis_routes(leg->analysis, &n);
    return n > 1;
}

static int say_changes(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n_traced = 0, n_legs = 0, n_changes = 0, most = 0, leg = 0;
    for (size_t i = 0; i < report->n_legs; i++) {
        size_t n = n_changes_of(&report->legs[i]);
        n_traced += is_traced(&report->legs[i]);
        n_legs += n > 0;
        n_changes += n;
        if (n > most) {
            most = n;
            leg = i;
        }
    }
    if (n_changes == 0)
        return 0;
    return report_takeaway(report, err,
                           "Traces: the route changed %zu time%s on %zu of %zu traced leg%s; most on %s (%zu).",
                           n_changes, n_changes == 1 ? "" : "s", n_legs, n_traced, n_traced == 1 ? "" : "s",
                           wording_run(report, leg).text, most);
}

/* An event whose first losing router is one, and known. */
static const char *router_of(const struct longhaul_event *e)
{
    bool is_named = e->hops.sign == LONGHAUL_HOPS_SIGN_LOSES && e->hops.from == e->hops.to;
    return is_named ? e->hops.after : "";
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The routers of all such events, sorted; the caller frees them. */
static const char **list_routers(const struct longhaul_report *report, size_t *n_routers)
{
    const char **routers = malloc((report->n_events + 1) * sizeof *routers);
    *n_routers = 0;
    for (size_t i = 0; routers && i < report->n_events; i++) {
        const char *router = router_of(report->events[i].event);
        if (router[0])
            routers[(*n_routers)++] = router;
    }
    if (*n_routers > 1)
        qsort(routers, *n_routers, sizeof *routers, by_name);
    return routers;
}

/* Several losses that begin at one router. */
static int say_losses(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n, most = 0, at = 0;
    const char **routers = list_routers(report, &n);
    if (routers == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && strcmp(routers[to], routers[from]) == 0; to++)
            ;
        if (to - from > most) {
            most = to - from;
            at = from;
        }
    }
    int rc = 0;
    if (most >= LEAST_LOSSES)
        rc = report_takeaway(report, err, "Traces: %zu of the %zu losses whose first losing hop is known begin at %s.",
                             most, n, routers[at]);
    free(routers);
    return rc;
}

int takeaways_say_hops(struct longhaul_report *report, struct longhaul_error *err)
{
    int rc = say_changes(report, err);
    return rc ? rc : say_losses(report, err);
}
