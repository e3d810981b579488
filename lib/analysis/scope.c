/* scope.c - determines whether an event on one leg affected only that leg, its pair, or the hub, from what the other
 * legs did then. Uses only events and coverage, by time of day; decides nothing if too little was measured. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "base/error.h"

#define SLACK_S 3.0 /* for two hosts' clocks, and for starts that are known to the second */
#define EDGE_S 5.0  /* an event that is shared begins and ends with the other, within this or a share of its length */
#define EDGE_SHARE 0.05
#define MOST 0.5    /* of the pairs that meet at a site */

/* Loss and outages go together: one leg may see a silence where the other sees loss. */
enum { LOSSES, JITTERS, RATES, ENDS, DELAYS, ROUTES, N_SORTS };

static int sort_of(const struct longhaul_event *event)
{
    switch (event->kind) {
    case LONGHAUL_EVENT_JITTER: return JITTERS;
    case LONGHAUL_EVENT_RATE: return RATES;
    case LONGHAUL_EVENT_DELAY: return DELAYS;
    case LONGHAUL_EVENT_ROUTE: return ROUTES;
    case LONGHAUL_EVENT_CONTROL:
    case LONGHAUL_EVENT_ENDED: return ENDS;
    default: return LOSSES;
    }
}

/* Spans of time sorted by start, with the greatest end of all up to each: so whether one of them overlaps another span
 * is found without looking at each. */
struct timeline {
    double *start_unix_s, *end_unix_s;
    double *own_end_unix_s; /* of each span itself */
    size_t n;
};

/* The greatest end of those that begin at this time or before. */
static double reach_of(const struct timeline *line, double unix_s)
{
    size_t low = 0;
    for (size_t high = line->n; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (line->start_unix_s[middle] <= unix_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? line->end_unix_s[low - 1] : -INFINITY;
}

static bool meets(const struct timeline *line, double start_unix_s, double seconds)
{
    return reach_of(line, start_unix_s + seconds + SLACK_S) >= start_unix_s - SLACK_S;
}

/* True if one of them contains all of it. */
static bool covers(const struct timeline *line, double start_unix_s, double seconds)
{
    return reach_of(line, start_unix_s + SLACK_S) >= start_unix_s + seconds - SLACK_S;
}

/* True if one of them begins and ends with it: what only overlaps is another event. */
static bool shares(const struct timeline *line, double start_unix_s, double seconds)
{
    double within_s = fmax(EDGE_S, EDGE_SHARE * seconds);
    size_t low = 0;
    for (size_t high = line->n; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (line->start_unix_s[middle] < start_unix_s - within_s)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < line->n && line->start_unix_s[low] <= start_unix_s + within_s; low++)
        if (fabs(line->own_end_unix_s[low] - start_unix_s - seconds) <= within_s)
            return true;
    return false;
}

struct span {
    double start_unix_s, end_unix_s;
};

static int by_start(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    return (x->start_unix_s > y->start_unix_s) - (x->start_unix_s < y->start_unix_s);
}

/* Puts n sorted spans into a timeline, using room for three numbers each; returns the remaining room. */
static double *fill_timeline(struct timeline *line, struct span *spans, size_t n, double *room)
{
    *line = (struct timeline){ room, room + n, room + 2 * n, n };
    if (n > 1)
        qsort(spans, n, sizeof *spans, by_start);
    for (size_t i = 0; i < n; i++) {
        line->start_unix_s[i] = spans[i].start_unix_s;
        line->own_end_unix_s[i] = spans[i].end_unix_s;
        line->end_unix_s[i] = i > 0 ? fmax(line->end_unix_s[i - 1], spans[i].end_unix_s) : spans[i].end_unix_s;
    }
    return room + 3 * n;
}

/* Who measured at a time: anybody, a receiver, somebody who knew jitter, or losses. A sender's record may know neither,
 * and a TCP receiver's knows no loss. */
enum { BY_ALL, BY_RECEIVERS, WITH_JITTER, WITH_LOSS, WITH_DELAY, WITH_ROUTES, N_WAYS };

/* From the first trace to the last one. */
static struct extent traced(const struct longhaul_analysis *a)
{
    size_t n = a->routes.n;
    return n > 0 ? (struct extent){ a->routes.routes[0].at_s, a->routes.routes[n - 1].at_s }
                 : (struct extent){ NAN, NAN };
}

static bool span_of(const struct longhaul_analysis *a, int way, struct span *span)
{
    const struct extent whole = { 0, a->last_end_s };
    struct extent e = way == WITH_JITTER  ? a->has_jitter
                      : way == WITH_LOSS  ? a->has_loss
                      : way == WITH_DELAY ? a->has_delay
                      : way == WITH_ROUTES ? traced(a)
                                          : whole;
    *span = (struct span){ a->figures.start_unix_s + e.from_s, a->figures.start_unix_s + e.to_s };
    return a->view.n > 0 && span->start_unix_s <= span->end_unix_s && (way != BY_RECEIVERS || !a->info.is_sender);
}

/* ---- which legs meet */

struct ends {
    size_t source, destination; /* indices of sites */
};

/* All tests from one site to another: when they were measured by somebody who could tell, and what happened then. */
struct direction {
    struct ends ends;
    struct timeline events[N_SORTS], measured[N_WAYS];
};

/* True if a similar event would have been visible. */
static bool could_tell(const struct direction *d, const struct longhaul_event *event, bool of_sender)
{
    double start_s = event->start_unix_s, seconds = event->seconds;
    if (sort_of(event) == ENDS)
        return true;
    if (event->kind == LONGHAUL_EVENT_RATE) /* a sender does not see that the receiver gets less */
        return meets(&d->measured[of_sender ? BY_ALL : BY_RECEIVERS], start_s, event->seconds);
    if (analysis_is_traced(event->kind, event->level))
        return covers(&d->measured[WITH_ROUTES], start_s, seconds);
    if (sort_of(event) == DELAYS || sort_of(event) == ROUTES)
        return covers(&d->measured[WITH_DELAY], start_s, seconds);
    if (event->kind == LONGHAUL_EVENT_JITTER)
        return covers(&d->measured[WITH_JITTER], start_s, seconds);
    return covers(&d->measured[WITH_LOSS], start_s, seconds) ||
           (event->kind == LONGHAUL_EVENT_OUTAGE && meets(&d->measured[BY_RECEIVERS], start_s, event->seconds));
}

static enum longhaul_concurrence concurrence(const struct direction *d, const struct longhaul_event *event,
                                             bool of_sender)
{
    if (isnan(event->start_unix_s) || !meets(&d->measured[BY_ALL], event->start_unix_s, event->seconds))
        return LONGHAUL_CONCURRENCE_NOT_MEASURED;
    if (shares(&d->events[sort_of(event)], event->start_unix_s, event->seconds))
        return LONGHAUL_CONCURRENCE_AFFECTED;
    return could_tell(d, event, of_sender) ? LONGHAUL_CONCURRENCE_QUIET : LONGHAUL_CONCURRENCE_NOT_MEASURED;
}

/* A test with its source and destination. */
struct placed {
    struct ends ends;
    const struct longhaul_analysis *test;
};

/* The directions of each site: those of site s are at[first[s]] up to at[first[s + 1]]. */
struct meeting {
    struct longhaul_analysis *const *tests;
    size_t n, n_sites, n_directions;
    const char **sites;
    struct ends *ends;     /* one per test */
    struct placed *placed; /* the tests, sorted by their ends */
    struct direction *directions;
    size_t *first, *at;
    struct span *spans; /* room for the spans of one timeline */
    double *times;      /* what timelines point into */
    bool *is_counted;   /* one per site, for share_affected() */
    enum longhaul_concurrence (
        *towards)[2]; /* the leg from and to each other site; for one event and site */
};

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Lists the sites, sorted, each once. */
static void list_sites(struct meeting *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++) {
        m->sites[2 * i] = m->tests[i]->info.source;
        m->sites[2 * i + 1] = m->tests[i]->info.destination;
    }
    if (m->n > 0)
        qsort(m->sites, 2 * m->n, sizeof *m->sites, by_name);
    for (size_t i = 0; i < 2 * m->n; i++)
        if (n == 0 || strcmp(m->sites[n - 1], m->sites[i]) != 0)
            m->sites[n++] = m->sites[i];
    m->n_sites = n;
}

static size_t site_number(const struct meeting *m, const char *site)
{
    const char *const *found = bsearch(&site, m->sites, m->n_sites, sizeof *m->sites, by_name);
    return found ? (size_t)(found - (const char *const *)m->sites) : 0;
}

static int compare_ends(const struct ends *x, const struct ends *y)
{
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    return (x->destination > y->destination) - (x->destination < y->destination);
}

static int by_ends(const void *a, const void *b)
{
    return compare_ends(&((const struct placed *)a)->ends, &((const struct placed *)b)->ends);
}

static size_t list_events(struct span *spans, const struct placed *tests, size_t n, int sort)
{
    size_t n_spans = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < tests[i].test->events.n; k++) {
            const struct longhaul_event *e = &tests[i].test->events.events[k];
            if (sort_of(e) == sort && !isnan(e->start_unix_s))
                spans[n_spans++] = (struct span){ e->start_unix_s, e->start_unix_s + e->seconds };
        }
    return n_spans;
}

static size_t list_measured(struct span *spans, const struct placed *tests, size_t n, int way)
{
    size_t n_spans = 0;
    for (size_t i = 0; i < n; i++)
        n_spans += span_of(tests[i].test, way, &spans[n_spans]);
    return n_spans;
}

static void list_directions(struct meeting *m)
{
    double *room = m->times;
    for (size_t i = 0; i < m->n; i++) {
        m->ends[i] =
            (struct ends){ site_number(m, m->tests[i]->info.source), site_number(m, m->tests[i]->info.destination) };
        m->placed[i] = (struct placed){ m->ends[i], m->tests[i] };
    }
    if (m->n > 1)
        qsort(m->placed, m->n, sizeof *m->placed, by_ends);
    for (size_t from = 0, to; from < m->n; from = to) {
        struct direction *d = &m->directions[m->n_directions++];
        for (to = from + 1; to < m->n && by_ends(&m->placed[from], &m->placed[to]) == 0; to++)
            ;
        d->ends = m->placed[from].ends;
        for (int sort = 0; sort < N_SORTS; sort++)
            room = fill_timeline(&d->events[sort], m->spans, list_events(m->spans, m->placed + from, to - from, sort),
                                 room);
        for (int way = 0; way < N_WAYS; way++)
            room = fill_timeline(&d->measured[way], m->spans, list_measured(m->spans, m->placed + from, to - from, way),
                                 room);
    }
}

static void list_by_site(struct meeting *m)
{
    for (size_t i = 0; i < m->n_directions; i++) {
        m->first[m->directions[i].ends.source + 1]++;
        m->first[m->directions[i].ends.destination + 1]++;
    }
    for (size_t s = 0; s < m->n_sites; s++)
        m->first[s + 1] += m->first[s];
    for (size_t i = m->n_directions; i-- > 0;) { /* first[s + 1] moves back to where the directions of s begin */
        m->at[--m->first[m->directions[i].ends.source + 1]] = i;
        m->at[--m->first[m->directions[i].ends.destination + 1]] = i;
    }
    for (size_t s = 0; s < m->n_sites; s++)
        m->first[s] = m->first[s + 1];
    m->first[m->n_sites] = 2 * m->n_directions;
}

static void meeting_free(struct meeting *m)
{
    free(m->sites);
    free(m->ends);
    free(m->placed);
    free(m->directions);
    free(m->first);
    free(m->at);
    free(m->spans);
    free(m->times);
    free(m->towards);
    free(m->is_counted);
}

static bool meeting_make(struct meeting *m, struct longhaul_analysis *const *tests, size_t n)
{
    size_t n_events = 0;
    for (size_t i = 0; i < n; i++)
        n_events += tests[i]->events.n;
    *m = (struct meeting){ .tests = tests, .n = n, .sites = malloc((2 * n + 1) * sizeof *m->sites),
                           .ends = malloc((n + 1) * sizeof *m->ends), .placed = malloc((n + 1) * sizeof *m->placed),
                           .directions = calloc(n + 1, sizeof *m->directions),
                           .first = calloc(2 * n + 2, sizeof *m->first), .at = malloc((2 * n + 1) * sizeof *m->at),
                           .towards = malloc((2 * n + 1) * sizeof *m->towards),
                           .is_counted = calloc(2 * n + 1, sizeof *m->is_counted),
                           .spans = malloc((n + n_events + 1) * sizeof *m->spans),
                           .times = malloc((3 * n_events + 3 * N_WAYS * n + 1) * sizeof *m->times) };
    if (!m->sites || !m->ends || !m->placed || !m->directions || !m->first || !m->at || !m->towards || !m->is_counted ||
        !m->spans || !m->times) {
        meeting_free(m);
        return false;
    }
    list_sites(m);
    list_directions(m);
    list_by_site(m);
    return true;
}

/* ---- one event */

/* One record that shows it is enough: two may be of the same leg, its sender's and its receiver's. */
static void merge(enum longhaul_concurrence *all, enum longhaul_concurrence one)
{
    if (one > *all)
        *all = one;
}

/* Fills towards[] of every site that was tested with this one. */
static void ask_site(struct meeting *m, size_t site, const struct longhaul_event *event, bool of_sender)
{
    for (size_t k = m->first[site]; k < m->first[site + 1]; k++)
        for (size_t end = 0; end < 2; end++) {
            m->towards[m->directions[m->at[k]].ends.source][end] = LONGHAUL_CONCURRENCE_NOT_MEASURED;
            m->towards[m->directions[m->at[k]].ends.destination][end] = LONGHAUL_CONCURRENCE_NOT_MEASURED;
        }
    for (size_t k = m->first[site]; k < m->first[site + 1]; k++) {
        struct ends ends = m->directions[m->at[k]].ends;
        bool is_to = ends.source == site;
        merge(&m->towards[is_to ? ends.destination : ends.source][is_to],
              concurrence(&m->directions[m->at[k]], event, of_sender));
    }
}

/* Adds the legs of this site's other pairs to the event's counts; returns the share of those pairs that were affected,
 * among all pairs that the tests have of the site: a pair that was not measured then does not count as affected. Each
 * pair is counted once, at its first test. */
static double share_affected(struct meeting *m, size_t site, size_t other_end, struct longhaul_event *event)
{
    size_t n = 0, n_affected = 0;
    for (size_t k = m->first[site]; k < m->first[site + 1]; k++) {
        struct ends ends = m->directions[m->at[k]].ends;
        size_t far = ends.source == site ? ends.destination : ends.source;
        enum longhaul_concurrence pair = LONGHAUL_CONCURRENCE_NOT_MEASURED;
        if (far == other_end || far == site || m->is_counted[far])
            continue;
        for (size_t end = 0; end < 2; end++) {
            merge(&pair, m->towards[far][end]);
            event->n_other_measured += m->towards[far][end] != LONGHAUL_CONCURRENCE_NOT_MEASURED;
            event->n_other_affected += m->towards[far][end] == LONGHAUL_CONCURRENCE_AFFECTED;
        }
        m->is_counted[far] = true;
        n++;
        n_affected += pair == LONGHAUL_CONCURRENCE_AFFECTED;
    }
    for (size_t k = m->first[site]; k < m->first[site + 1]; k++)
        m->is_counted[m->directions[m->at[k]].ends.source] = m->is_counted[m->directions[m->at[k]].ends.destination] =
            false;
    return n ? (double)n_affected / (double)n : 0;
}

static void relate_path(struct meeting *m, size_t test, struct longhaul_event *event)
{
    struct ends own = m->ends[test];
    bool of_sender = m->tests[test]->info.is_sender;
    event->n_other_measured = event->n_other_affected = 0;
    event->site[0] = 0;
    event->scope = LONGHAUL_SCOPE_UNKNOWN;
    event->opposite = LONGHAUL_CONCURRENCE_NOT_MEASURED;
    if (own.source == own.destination || m->sites[own.source][0] == 0 || m->sites[own.destination][0] == 0)
        return;
    ask_site(m, own.destination, event, of_sender);
    event->opposite = m->towards[own.source][1];
    double at_destination = share_affected(m, own.destination, own.source, event);
    ask_site(m, own.source, event, of_sender);
    double at_source = share_affected(m, own.source, own.destination, event);
    if (fmax(at_source, at_destination) > MOST) {
        event->scope = LONGHAUL_SCOPE_HUB;
        snprintf(event->site, sizeof event->site, "%s",
                 m->sites[at_source > at_destination ? own.source : own.destination]);
    } else if (event->opposite != LONGHAUL_CONCURRENCE_NOT_MEASURED) {
        event->scope = event->opposite == LONGHAUL_CONCURRENCE_AFFECTED ? LONGHAUL_SCOPE_PAIR : LONGHAUL_SCOPE_LEG;
    }
}

/* What is confined to some flows of a leg is not another leg's. */
static void relate_event(struct meeting *m, size_t test, struct longhaul_event *event)
{
    relate_path(m, test, event);
    if (event->n_flows == 0)
        return;
    event->scope = LONGHAUL_SCOPE_FLOW;
    event->site[0] = 0;
}

int longhaul_analysis_relate(struct longhaul_analysis *const *tests, size_t n, struct longhaul_error *err)
{
    struct meeting m;
    if (!meeting_make(&m, tests, n))
        return error_set(err, LONGHAUL_ENOMEM, "relating %zu tests: out of memory", n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < tests[i]->events.n; k++)
            relate_event(&m, i, &tests[i]->events.events[k]);
    meeting_free(&m);
    return 0;
}

const char *longhaul_scope_text(enum longhaul_scope scope)
{
    static const char *const texts[] = { "unknown", "leg", "pair", "hub", "flow" };
    return (unsigned)scope < sizeof texts / sizeof *texts ? texts[scope] : "";
}
