/* incident_hops.c - what traces of the route say about an incident: only where the legs that were traced agree. */

#include "report/incident_hops.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/analysis.h"
#include "analysis/routes.h"
#include "report/wording.h"

#define MOST_LATE_S 120.0  /* of traces that nothing asked for: the change may have been at any time between them */
#define MOST_APART_S 60.0  /* of traces of two legs: one a minute, or a round of the watch */

static bool is_same(const char *a, const char *b)
{
    return a[0] && strcmp(a, b) == 0;
}

/* True if both name the same router. */
static bool agree(const struct longhaul_event_hops *a, const struct longhaul_event_hops *b)
{
    return a->sign == b->sign &&
           (is_same(a->after, b->after) || (a->sign != LONGHAUL_HOPS_SIGN_LOSES && is_same(a->before, b->before)));
}

/* It may be any of some routers. */
static bool is_range(const struct longhaul_event_hops *h)
{
    return h->sign == LONGHAUL_HOPS_SIGN_LOSES && h->from != h->to;
}

/* The gravest, of the parts that are explained by others, or of those that are not. */
static const struct longhaul_event *gravest(const struct incident_part *parts, size_t n, bool of_explained,
                                            size_t *test)
{
    const struct longhaul_event *best = NULL;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; parts[i].is_explained == of_explained && k < parts[i].n; k++)
            if (routes_gravity(&parts[i].events[k]->hops) > (best ? routes_gravity(&best->hops) : 0)) {
                best = parts[i].events[k];
                *test = parts[i].test;
            }
    return best;
}

const struct longhaul_event *incident_hops_event(const struct incident_part *parts, size_t n)
{
    size_t n_traced = 0, n_alike = 0, test = 0;
    const struct longhaul_event *best = gravest(parts, n, false, &test);
    if (best == NULL)
        return gravest(parts, n, true, &test);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; !parts[i].is_explained && k < parts[i].n; k++) {
            const struct longhaul_event_hops *h = &parts[i].events[k]->hops;
            bool is_alike = &best->hops == h || agree(&best->hops, h);
            if (h->sign == LONGHAUL_HOPS_SIGN_UNKNOWN || (is_range(h) && !is_alike))
                continue;
            n_traced++;
            n_alike += is_alike;
            if (!is_alike && parts[i].test != test)
                return NULL;
        }
    return 2 * n_alike >= n_traced ? best : NULL;
}

/* What the traces of several legs show: at their routers, whose distances may differ. */
static struct incident_hops_text tell_legs(const struct longhaul_event_hops *h, const char *time)
{
    struct incident_hops_text t = { "" };
    if (h->sign == LONGHAUL_HOPS_SIGN_LOSES && !is_range(h) && h->after[0])
        snprintf(t.text, sizeof t.text, "; first loss at %s", h->after);
    else if (h->sign == LONGHAUL_HOPS_SIGN_LOOP)
        snprintf(t.text, sizeof t.text, "; packets go in circles at %s", h->after);
    else if (h->sign == LONGHAUL_HOPS_SIGN_DIFFERS && h->before[0] && h->after[0])
        snprintf(t.text, sizeof t.text, "; traces show %s in place of %s since %s", h->after, h->before, time);
    return t;
}

static struct incident_hops_text tell_leg(const struct longhaul_event *e, const char *time, const char *after)
{
    struct incident_hops_text t = { "" };
    char words[280];
    longhaul_event_hops_text(e, words, sizeof words);
    if (e->hops.sign == LONGHAUL_HOPS_SIGN_DIFFERS && e->hops.n_changes == 1 && after[0])
        snprintf(t.text, sizeof t.text, "; %s%s", words, after);
    else if (e->hops.sign == LONGHAUL_HOPS_SIGN_DIFFERS && e->hops.n_changes == 1)
        snprintf(t.text, sizeof t.text, "; the route changed at %s %s", time, hops_where(&e->hops).text);
    else
        snprintf(t.text, sizeof t.text, "; %s", words);
    return t;
}

static size_t test_of(const struct incident_part *parts, size_t n, const struct longhaul_event *e)
{
    size_t test = parts[0].test;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < parts[i].n; k++)
            test = parts[i].events[k] == e ? parts[i].test : test;
    return test;
}

static struct wording moment(const struct longhaul_analysis *test, double at_s)
{
    double unix_s = longhaul_analysis_figures(test)->start_unix_s + at_s;
    return isnan(unix_s) ? wording_say("%.0f s", at_s) : wording_time_of_day(unix_s, false);
}

struct wording incident_hops_after(const struct longhaul_analysis *const *tests, const struct incident_part *parts,
                                   size_t n)
{
    const struct longhaul_event *e = incident_hops_event(parts, n);
    const struct longhaul_route *routes[3];
    if (e == NULL || e->hops.sign != LONGHAUL_HOPS_SIGN_DIFFERS)
        return wording_say("%s", "");
    const struct longhaul_analysis *test = tests[test_of(parts, n, e)];
    longhaul_analysis_event_routes(test, e, routes);
    bool is_asked = routes[1] && routes[1]->reason >= LONGHAUL_ROUTE_REASON_CHANGE &&
                    routes[1]->reason != LONGHAUL_ROUTE_REASON_ENDED;
    return is_asked || !(e->hops.at_s - e->hops.before_s > MOST_LATE_S)
               ? wording_say("%s", "")
               : wording_say(", after the trace of %s", moment(test, e->hops.before_s).text);
}

struct incident_hops_text incident_hops_tell(const struct longhaul_analysis *const *tests,
                                             const struct longhaul_incident *x, const struct incident_part *parts,
                                             size_t n)
{
    const struct longhaul_event *e = incident_hops_event(parts, n);
    if (e == NULL)
        return (struct incident_hops_text){ "" };
    struct wording time = moment(tests[test_of(parts, n, e)], e->hops.at_s);
    return x->n_legs > 1 ? tell_legs(&e->hops, time.text)
                         : tell_leg(e, time.text, incident_hops_after(tests, parts, n).text);
}

bool incident_hops_are_one(const struct incident_part *a, const struct incident_part *b)
{
    return a->kind == LONGHAUL_EVENT_ROUTE && b->kind == LONGHAUL_EVENT_ROUTE && a->n == 1 && b->n == 1 &&
           a->events[0]->hops.sign >= LONGHAUL_HOPS_SIGN_DIFFERS && agree(&a->events[0]->hops, &b->events[0]->hops) &&
           fabs(a->start_s - b->start_s) <= MOST_APART_S && fabs(a->end_s - b->end_s) <= MOST_APART_S;
}
