/* scope.c - what the other legs did while something happened on one: is it the leg, the pair, or the hub? Looks at events
 * and coverage alone, by the time of day; refuses to tell where too little was measured. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis.h"
#include "error.h"

#define SLACK_S 3.0 /* two hosts' clocks, and starts that are known to the second */
#define MOST 0.5    /* of the pairs that meet at a site */

static bool overlaps(double a, double a_seconds, double b, double b_seconds)
{
    return a <= b + b_seconds + SLACK_S && b <= a + a_seconds + SLACK_S;
}

/* Loss and outages come together: to the one leg it is a silence, to the other a loss. */
enum { LOSSES, JITTERS, SHIFTS, N_SORTS };

static int sort_of(const struct longhaul_event *event)
{
    return event->kind == LONGHAUL_RATE_SHIFT ? SHIFTS : event->kind == LONGHAUL_JITTER_BURST ? JITTERS : LOSSES;
}

/* Of a shift only its edge counts. */
static double seconds_of(const struct longhaul_event *event)
{
    return event->kind == LONGHAUL_RATE_SHIFT ? 0 : event->seconds;
}

/* A test's events of one sort, by start, and how far those up to each one reach: whether one of them overlaps with another test's is found
 * without looking at each. */
struct timeline {
    double *start_unix_s, *end_unix_s;
    size_t n;
};

/* Fills those of a test, with room for two numbers of each of its events; returns what is left of it. */
static double *fill_timelines(struct timeline lines[N_SORTS], const struct longhaul_analysis *a, double *room)
{
    size_t n[N_SORTS] = { 0 };
    for (size_t k = 0; k < a->events.n; k++)
        n[sort_of(&a->events.events[k])]++;
    for (int sort = 0; sort < N_SORTS; room += 2 * n[sort++])
        lines[sort] = (struct timeline){ room, room + n[sort], 0 };
    for (size_t k = 0; k < a->events.n; k++) {
        const struct longhaul_event *e = &a->events.events[k];
        struct timeline *line = &lines[sort_of(e)];
        double end = e->start_unix_s + seconds_of(e);
        line->start_unix_s[line->n] = e->start_unix_s;
        line->end_unix_s[line->n] = line->n > 0 ? fmax(line->end_unix_s[line->n - 1], end) : end;
        line->n++;
    }
    return room;
}

static bool has_alike(const struct timeline *line, const struct longhaul_event *event)
{
    size_t low = 0;
    for (size_t high = line->n; low < high;) { /* the first that begins too late */
        size_t middle = low + (high - low) / 2;
        if (line->start_unix_s[middle] <= event->start_unix_s + seconds_of(event) + SLACK_S)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && event->start_unix_s <= line->end_unix_s[low - 1] + SLACK_S;
}

/* Did the test know it at the time of the event? */
static bool is_within(const struct longhaul_analysis *a, const struct longhaul_event *event, struct extent known)
{
    double start_s = event->start_unix_s - a->figures.start_unix_s;
    return start_s >= known.from_s - SLACK_S && start_s + seconds_of(event) <= known.to_s + SLACK_S;
}

/* Would this test show the like of the event? A sender's record knows neither loss nor jitter, a receiver's of TCP no loss. */
static bool could_tell(const struct longhaul_analysis *a, const struct longhaul_event *event, bool of_sender)
{
    if (event->kind == LONGHAUL_RATE_SHIFT) /* what a receiver gets less of, a sender does not see */
        return of_sender || !a->info.is_sender;
    if (event->kind == LONGHAUL_JITTER_BURST)
        return is_within(a, event, a->has_jitter);
    return is_within(a, event, a->has_loss) || (event->kind == LONGHAUL_OUTAGE && !a->info.is_sender);
}

static enum longhaul_concurrence concurrence(const struct longhaul_analysis *a, const struct timeline lines[N_SORTS],
                                             const struct longhaul_event *event, bool of_sender)
{
    if (isnan(event->start_unix_s) || isnan(a->figures.start_unix_s) || a->view.n == 0 ||
        !overlaps(event->start_unix_s, event->seconds, a->figures.start_unix_s, a->last_end_s))
        return LONGHAUL_NOT_MEASURED;
    if (has_alike(&lines[sort_of(event)], event))
        return LONGHAUL_AFFECTED;
    return could_tell(a, event, of_sender) ? LONGHAUL_QUIET : LONGHAUL_NOT_MEASURED;
}

/* ---- who meets whom */

struct ends {
    size_t source, destination; /* numbers of sites */
};

/* The tests of each site: those of site s are at[first[s]] up to at[first[s + 1]]. */
struct meeting {
    struct longhaul_analysis *const *tests;
    size_t n, n_sites;
    const char **sites;
    struct ends *ends; /* of each test */
    size_t *first, *at;
    struct timeline (*lines)[N_SORTS]; /* of each test */
    double *times;                     /* what they point into */
    bool *is_counted;                  /* of each site, while pairs are counted */
    enum longhaul_concurrence (*towards)[2]; /* of the leg with each other site: from it, to it; for one event and site */
};

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The sites, sorted, each once. */
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

static void list_tests(struct meeting *m)
{
    for (size_t i = 0; i < m->n; i++) {
        m->ends[i].source = site_number(m, m->tests[i]->info.source);
        m->ends[i].destination = site_number(m, m->tests[i]->info.destination);
        m->first[m->ends[i].source + 1]++;
        m->first[m->ends[i].destination + 1]++;
    }
    for (size_t s = 0; s < m->n_sites; s++)
        m->first[s + 1] += m->first[s];
    for (size_t i = m->n; i-- > 0;) { /* first[s + 1] goes back to where the tests of s begin */
        m->at[--m->first[m->ends[i].source + 1]] = i;
        m->at[--m->first[m->ends[i].destination + 1]] = i;
    }
    for (size_t s = 0; s < m->n_sites; s++)
        m->first[s] = m->first[s + 1];
    m->first[m->n_sites] = 2 * m->n;
}

static void meeting_free(struct meeting *m)
{
    free(m->sites);
    free(m->ends);
    free(m->first);
    free(m->at);
    free(m->lines);
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
                           .ends = malloc((n + 1) * sizeof *m->ends), .first = calloc(2 * n + 2, sizeof *m->first),
                           .at = malloc((2 * n + 1) * sizeof *m->at), .towards = malloc((2 * n + 1) * sizeof *m->towards),
                           .is_counted = calloc(2 * n + 1, sizeof *m->is_counted),
                           .lines = malloc((n + 1) * sizeof *m->lines), .times = malloc((2 * n_events + 1) * sizeof *m->times) };
    if (!m->sites || !m->ends || !m->first || !m->at || !m->towards || !m->is_counted || !m->lines || !m->times) {
        meeting_free(m);
        return false;
    }
    double *room = m->times;
    for (size_t i = 0; i < n; i++)
        room = fill_timelines(m->lines[i], tests[i], room);
    list_sites(m);
    list_tests(m);
    return true;
}

/* ---- one event */

/* One record that says so is enough: two may be of the same leg, its sender's and its receiver's. */
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
            m->towards[m->ends[m->at[k]].source][end] = LONGHAUL_NOT_MEASURED;
            m->towards[m->ends[m->at[k]].destination][end] = LONGHAUL_NOT_MEASURED;
        }
    for (size_t k = m->first[site]; k < m->first[site + 1]; k++) {
        struct ends ends = m->ends[m->at[k]];
        bool is_to = ends.source == site;
        merge(&m->towards[is_to ? ends.destination : ends.source][is_to], concurrence(m->tests[m->at[k]], m->lines[m->at[k]], event, of_sender));
    }
}

/* Adds the legs of this site's other pairs to the event's counts; returns the share of those pairs that were affected, of all that the tests
 * have of the site: one that was not measured then is not taken for affected. Each pair is counted once, at its first test. */
static double share_affected(struct meeting *m, size_t site, size_t other_end, struct longhaul_event *event)
{
    size_t n = 0, n_affected = 0;
    for (size_t k = m->first[site]; k < m->first[site + 1]; k++) {
        struct ends ends = m->ends[m->at[k]];
        size_t far = ends.source == site ? ends.destination : ends.source;
        enum longhaul_concurrence pair = LONGHAUL_NOT_MEASURED;
        if (far == other_end || far == site || m->is_counted[far])
            continue;
        for (size_t end = 0; end < 2; end++) {
            merge(&pair, m->towards[far][end]);
            event->n_other_measured += m->towards[far][end] != LONGHAUL_NOT_MEASURED;
            event->n_other_affected += m->towards[far][end] == LONGHAUL_AFFECTED;
        }
        m->is_counted[far] = true;
        n++;
        n_affected += pair == LONGHAUL_AFFECTED;
    }
    for (size_t k = m->first[site]; k < m->first[site + 1]; k++)
        m->is_counted[m->ends[m->at[k]].source] = m->is_counted[m->ends[m->at[k]].destination] = false;
    return n ? (double)n_affected / (double)n : 0;
}

static void relate_event(struct meeting *m, size_t test, struct longhaul_event *event)
{
    struct ends own = m->ends[test];
    bool of_sender = m->tests[test]->info.is_sender;
    event->n_other_measured = event->n_other_affected = 0;
    event->site[0] = 0;
    event->scope = LONGHAUL_SCOPE_UNKNOWN;
    event->opposite = LONGHAUL_NOT_MEASURED;
    if (own.source == own.destination || m->sites[own.source][0] == 0 || m->sites[own.destination][0] == 0)
        return;
    ask_site(m, own.destination, event, of_sender);
    event->opposite = m->towards[own.source][1];
    double at_destination = share_affected(m, own.destination, own.source, event);
    ask_site(m, own.source, event, of_sender);
    double at_source = share_affected(m, own.source, own.destination, event);
    if (fmax(at_source, at_destination) > MOST) {
        event->scope = LONGHAUL_SCOPE_HUB;
        snprintf(event->site, sizeof event->site, "%s", m->sites[at_source > at_destination ? own.source : own.destination]);
    } else if (event->opposite != LONGHAUL_NOT_MEASURED) {
        event->scope = event->opposite == LONGHAUL_AFFECTED ? LONGHAUL_SCOPE_PAIR : LONGHAUL_SCOPE_LEG;
    }
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
    static const char *const texts[] = { "unknown", "leg", "pair", "hub" };
    return (unsigned)scope < sizeof texts / sizeof *texts ? texts[scope] : "";
}
