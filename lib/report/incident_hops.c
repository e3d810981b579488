/* incident_hops.c - what traces of the route say about an incident: only where the legs that were traced agree. */

#include "report/incident_hops.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/analysis.h"
#include "report/wording.h"

#define MOST_APART_S 60.0 /* of traces of two legs: one a minute, or a round of the watch */

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

/* A loop, then another route, then a loss. */
static int gravity(const struct longhaul_event *e)
{
    switch (e->hops.sign) {
    case LONGHAUL_HOPS_SIGN_LOOP: return 3;
    case LONGHAUL_HOPS_SIGN_DIFFERS: return 2;
    case LONGHAUL_HOPS_SIGN_LOSES: return 1;
    default: return 0;
    }
}

/* The gravest, of the parts that are explained by others, or of those that are not. */
static const struct longhaul_event *gravest(const struct incident_part *parts, size_t n, bool of_explained,
                                            size_t *test)
{
    const struct longhaul_event *best = NULL;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; parts[i].is_explained == of_explained && k < parts[i].n; k++)
            if (gravity(parts[i].events[k]) > (best ? gravity(best) : 0)) {
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
            if (h->sign == LONGHAUL_HOPS_SIGN_UNKNOWN)
                continue;
            n_traced++;
            n_alike += is_alike;
            if (!is_alike && parts[i].test != test)
                return NULL;
        }
    return 2 * n_alike >= n_traced ? best : NULL;
}

static const struct longhaul_analysis *test_of(const struct longhaul_analysis *const *tests,
                                               const struct incident_part *parts, size_t n,
                                               const struct longhaul_event *e)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < parts[i].n; k++)
            if (parts[i].events[k] == e)
                return tests[parts[i].test];
    return NULL;
}

struct incident_hops_text incident_hops_tell(const struct longhaul_analysis *const *tests,
                                             const struct incident_part *parts, size_t n)
{
    struct incident_hops_text t = { "" };
    char words[280];
    const struct longhaul_event *e = incident_hops_event(parts, n);
    const struct longhaul_analysis *test = e ? test_of(tests, parts, n, e) : NULL;
    if (test == NULL)
        return t;
    double at_unix_s = longhaul_analysis_figures(test)->start_unix_s + e->hops.at_s;
    longhaul_event_hops_text(e, words, sizeof words);
    if (e->hops.sign == LONGHAUL_HOPS_SIGN_DIFFERS && e->hops.n_changes == 1 && !isnan(at_unix_s))
        snprintf(t.text, sizeof t.text, "; the route changed at %s %s", wording_time_of_day(at_unix_s, false).text,
                 hops_where(&e->hops).text);
    else
        snprintf(t.text, sizeof t.text, "; %s", words);
    return t;
}

bool incident_hops_are_one(const struct incident_part *a, const struct incident_part *b)
{
    return a->kind == LONGHAUL_EVENT_ROUTE && b->kind == LONGHAUL_EVENT_ROUTE && a->n == 1 && b->n == 1 &&
           a->events[0]->hops.sign >= LONGHAUL_HOPS_SIGN_DIFFERS && agree(&a->events[0]->hops, &b->events[0]->hops) &&
           fabs(a->start_s - b->start_s) <= MOST_APART_S && fabs(a->end_s - b->end_s) <= MOST_APART_S;
}
