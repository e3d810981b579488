/* incident_join.c - joins what several legs had at once: parts of one kind that begin, last and end together. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "model/trace_pace.h"
#include "report/incident_hops.h"

#define APART_S 5.0       /* of two hosts' clocks, and of edges */
#define APART_SOFT_S 10.0 /* of a slight loss, whose edges are less sharp */
#define APART_JITTER_S 8.0
#define APART_SHARE 0.01 /* of the length */
#define SOFT_PERCENT 2.0
#define HEAVY_PERCENT 30.0 /* so short a loss may be an outage on another leg */
#define BRIEF_S 6.0
#define INSIDE_SHARE 0.7  /* of jitter, by a loss or an outage that explains it */
#define RESTART_S 6.0     /* of a session that is given up and begun anew, where the path is well */
#define LONGER 2.0        /* times: an outage that explains it */
#define CONTROL_SHARE 0.5 /* of an outage, by a control connection that was silent then */

struct join {
    const struct longhaul_analysis *const *tests;
    struct incident_groups *groups;
    size_t *group;       /* of each part, in the order of parts */
    size_t *head, *next; /* of each group its newest part; of each part the one before it in its group */
};

static int by_start(const void *a, const void *b)
{
    const struct incident_part *x = a, *y = b;
    if (x->start_s != y->start_s)
        return x->start_s < y->start_s ? -1 : 1;
    return (x->test > y->test) - (x->test < y->test);
}

static double length_of(const struct incident_part *p)
{
    return p->end_s - p->start_s;
}

/* A cap is a loss. */
static int sort_of(const struct incident_part *p)
{
    return p->kind == LONGHAUL_EVENT_RATE_CAP ? LONGHAUL_EVENT_LOSS : (int)p->kind;
}

static bool is_kind(const struct incident_part *a, const struct incident_part *b)
{
    bool is_dark = a->kind == LONGHAUL_EVENT_OUTAGE || b->kind == LONGHAUL_EVENT_OUTAGE,
         is_silent = a->kind == LONGHAUL_EVENT_SILENCE || b->kind == LONGHAUL_EVENT_SILENCE,
         is_brief = length_of(a) < BRIEF_S && length_of(b) < BRIEF_S;
    const struct incident_part *loss = a->kind == LONGHAUL_EVENT_LOSS ? a : b;
    if (sort_of(a) == sort_of(b))
        return true;
    if (loss->kind == LONGHAUL_EVENT_LOSS)
        return is_brief && (is_silent || (is_dark && loss->level >= HEAVY_PERCENT));
    return is_brief && is_dark && is_silent;
}

static double within_s(const struct join *j, const struct incident_part *a, const struct incident_part *b)
{
    bool is_soft =
        a->kind == LONGHAUL_EVENT_LOSS && b->kind == LONGHAUL_EVENT_LOSS && fmin(a->level, b->level) < SOFT_PERCENT;
    double within = a->kind == LONGHAUL_EVENT_JITTER ? APART_JITTER_S : is_soft ? APART_SOFT_S : APART_S;
    double rows = fmax(longhaul_analysis_figures(j->tests[a->test])->usual_s,
                       longhaul_analysis_figures(j->tests[b->test])->usual_s);
    return fmax(within + (rows > 1 ? rows : 0), APART_SHARE * length_of(a));
}

/* True if both are one and the same on two legs. */
static bool is_same(const struct join *j, const struct incident_part *a, const struct incident_part *b)
{
    if (a->test == b->test || !is_kind(a, b) || a->is_of_flows != b->is_of_flows || a->is_open != b->is_open ||
        (a->n > 1) != (b->n > 1) || isnan(a->period_s) != isnan(b->period_s))
        return false;
    if (incident_hops_are_one(a, b))
        return true;
    double within = within_s(j, a, b);
    return fabs(a->start_s - b->start_s) <= within && fabs(a->end_s - b->end_s) <= (a->is_open ? INFINITY : within);
}

static bool has_time(const struct join *j, const struct incident_part *p)
{
    return !isnan(longhaul_analysis_figures(j->tests[p->test])->start_unix_s);
}

/* True if part i is the same as each of group g. */
static bool belongs(const struct join *j, size_t g, size_t i)
{
    for (size_t k = j->head[g]; k != SIZE_MAX; k = j->next[k])
        if (!has_time(j, &j->groups->parts[k]) || !is_same(j, &j->groups->parts[k], &j->groups->parts[i]))
            return false;
    return true;
}

/* Gives each part a group: the first that fits it, of those that begin shortly before. */
static void group_parts(struct join *j)
{
    struct incident_groups *all = j->groups;
    for (size_t i = 0; i < all->n_parts; i++) {
        const struct incident_part *p = &all->parts[i];
        double reach = 2 * APART_SHARE * length_of(p) + 200;
        size_t g = all->n;
        if (has_time(j, p))
            for (size_t k = all->n; k-- > 0 && p->start_s - all->parts[j->head[k]].start_s <= reach;)
                if (belongs(j, k, i))
                    g = k;
        j->next[i] = g < all->n ? j->head[g] : SIZE_MAX;
        j->head[g] = i;
        j->group[i] = g;
        all->n += g == all->n;
    }
}

static double seconds_both(const struct incident_part *a, const struct incident_part *b)
{
    return fmin(a->end_s, b->end_s) - fmax(a->start_s, b->start_s);
}

static bool share_site(const struct longhaul_info *a, const struct longhaul_info *b)
{
    return strcmp(a->source, b->source) == 0 || strcmp(a->source, b->destination) == 0 ||
           strcmp(a->destination, b->source) == 0 || strcmp(a->destination, b->destination) == 0;
}

/* A session that was given up, since its control connection was silent, and begun anew. */
static bool is_brief_gap(const struct incident_part *p)
{
    const char *cause = p->events[0]->cause;
    return p->kind == LONGHAUL_EVENT_OUTAGE && p->n == 1 && length_of(p) <= RESTART_S &&
           (strcmp(cause, "path-silent") == 0 || strcmp(cause, "peer-closed") == 0 ||
            strcmp(cause, "session-error") == 0);
}

/* True unless the cause has other flows, or only some of those that the other part has. */
static bool has_flows_of(const struct incident_part *cause, const struct incident_part *p)
{
    return !cause->is_of_flows ||
           (p->is_of_flows && p->events[0]->n_flows_affected == cause->events[0]->n_flows_affected &&
            memcmp(p->events[0]->flow_ports, cause->events[0]->flow_ports, sizeof p->events[0]->flow_ports) == 0);
}

/* What others may follow from. Jitter follows from a queue, too. */
static bool can_explain(const struct incident_part *cause, const struct incident_part *p)
{
    return cause->n == 1 && has_flows_of(cause, p) &&
           (cause->kind <= LONGHAUL_EVENT_RATE_CAP || cause->kind == LONGHAUL_EVENT_SILENCE ||
            (cause->kind == LONGHAUL_EVENT_DELAY && p->kind == LONGHAUL_EVENT_JITTER));
}

/* How long after its cause a change of the route may be seen: it came between two traces, one a minute. */
static double route_apart_s(const struct incident_part *cause, const struct incident_part *p)
{
    const struct longhaul_event *first = cause->events[0];
    bool is_between =
        analysis_is_traced(p->kind, p->level) && first->start_s + first->seconds >= p->events[0]->hops.before_s;
    return is_between && first->start_s <= p->events[0]->start_s ? TRACE_LATEST_S : APART_S;
}

/* True if jitter, a queue, another route, or the silence of a control connection comes with the loss or outage of
 * another part. */
static bool explains(const struct join *j, const struct incident_part *cause, const struct incident_part *p)
{
    if (!can_explain(cause, p))
        return false;
    if (p->kind == LONGHAUL_EVENT_JITTER || p->kind == LONGHAUL_EVENT_DELAY)
        return cause->test == p->test && seconds_both(cause, p) >= INSIDE_SHARE * length_of(p);
    if (p->kind == LONGHAUL_EVENT_ROUTE)
        return cause->test == p->test && p->n == 1 && seconds_both(cause, p) > -route_apart_s(cause, p);
    if (is_brief_gap(p))
        return cause->kind == LONGHAUL_EVENT_OUTAGE && cause->test != p->test && has_time(j, p) && has_time(j, cause) &&
               share_site(&j->tests[cause->test]->info, &j->tests[p->test]->info) &&
               length_of(cause) >= LONGER * length_of(p) && seconds_both(cause, p) > -APART_S;
    return p->kind == LONGHAUL_EVENT_CONTROL && cause->kind == LONGHAUL_EVENT_OUTAGE && has_time(j, p) &&
           has_time(j, cause) && share_site(&j->tests[cause->test]->info, &j->tests[p->test]->info) &&
           seconds_both(cause, p) >= CONTROL_SHARE * length_of(cause);
}

static bool can_be_explained(const struct incident_part *p)
{
    return p->kind == LONGHAUL_EVENT_JITTER || p->kind == LONGHAUL_EVENT_DELAY || p->kind == LONGHAUL_EVENT_ROUTE ||
           p->kind == LONGHAUL_EVENT_CONTROL || is_brief_gap(p);
}

static bool is_cause(const struct incident_part *p)
{
    return p->kind <= LONGHAUL_EVENT_RATE_CAP || p->kind == LONGHAUL_EVENT_SILENCE || p->kind == LONGHAUL_EVENT_DELAY;
}

/* The group that explains part i; SIZE_MAX for none. Few parts overlap one, so the search goes back no further than the
 * longest cause. */
static size_t cause_of(const struct join *j, size_t i, double longest_s)
{
    const struct incident_groups *all = j->groups;
    const struct incident_part *p = &all->parts[i];
    size_t from = i;
    while (from > 0 && all->parts[from - 1].start_s >= p->start_s - longest_s - TRACE_LATEST_S)
        from--;
    for (size_t k = from; k < all->n_parts && all->parts[k].start_s < p->end_s + APART_S; k++)
        if (k != i && explains(j, &all->parts[k], p))
            return j->group[k];
    return SIZE_MAX;
}

/* Jitter of several legs at once is explained where each of them is, by one cause. */
static bool is_one_cause(const struct join *j, const size_t *causes, size_t i)
{
    for (size_t k = j->head[j->group[i]]; k != SIZE_MAX; k = j->next[k])
        if (causes[k] != causes[i])
            return false;
    return true;
}

/* Moves each part that is explained to the group of its cause, and marks it. False when out of memory. */
static bool explain(struct join *j)
{
    struct incident_groups *all = j->groups;
    size_t *causes = malloc((all->n_parts + 1) * sizeof *causes);
    double longest_s = 0;
    if (causes == NULL)
        return false;
    for (size_t i = 0; i < all->n_parts; i++)
        longest_s = fmax(longest_s, is_cause(&all->parts[i]) ? length_of(&all->parts[i]) : 0);
    for (size_t i = 0; i < all->n_parts; i++)
        causes[i] = can_be_explained(&all->parts[i]) ? cause_of(j, i, longest_s) : SIZE_MAX;
    for (size_t i = 0; i < all->n_parts; i++)
        if (causes[i] != SIZE_MAX && (all->parts[i].kind != LONGHAUL_EVENT_JITTER || is_one_cause(j, causes, i)))
            all->parts[i].is_explained = true;
    for (size_t i = 0; i < all->n_parts; i++)
        if (all->parts[i].is_explained)
            j->group[i] = causes[i];
    free(causes);
    return true;
}

/* Orders the parts by their groups, those that are explained last, and numbers the groups anew without empty ones. */
static bool order_parts(struct join *j)
{
    struct incident_groups *all = j->groups;
    struct incident_part *sorted = malloc((all->n_parts + 1) * sizeof *sorted);
    size_t *count = calloc(all->n + 2, sizeof *count), n = 0;
    bool good = sorted && count && (all->first = malloc((all->n + 2) * sizeof *all->first));
    if (good) {
        for (size_t i = 0; i < all->n_parts; i++)
            count[j->group[i] + 1]++;
        for (size_t g = 0; g < all->n; g++)
            count[g + 1] += count[g];
        for (size_t g = 0; g < all->n; g++)
            if (count[g + 1] > count[g])
                all->first[n++] = count[g];
        all->first[n] = all->n_parts;
        for (int turn = 0; turn < 2; turn++)
            for (size_t i = 0; i < all->n_parts; i++)
                if (all->parts[i].is_explained == (turn == 1))
                    sorted[count[j->group[i]]++] = all->parts[i];
        memcpy(all->parts, sorted, all->n_parts * sizeof *sorted);
        all->n = n;
    }
    free(sorted);
    free(count);
    return good;
}

bool incident_join(const struct longhaul_analysis *const *tests, struct incident_groups *groups)
{
    size_t n = groups->n_parts;
    struct join j = { .tests = tests,
                      .groups = groups,
                      .group = malloc((n + 1) * sizeof *j.group),
                      .head = malloc((n + 1) * sizeof *j.head),
                      .next = malloc((n + 1) * sizeof *j.next) };
    groups->n = 0;
    groups->first = NULL;
    if (n > 1)
        qsort(groups->parts, n, sizeof *groups->parts, by_start);
    bool good = j.group && j.head && j.next;
    if (good) {
        group_parts(&j);
        good = explain(&j) && order_parts(&j);
    }
    free(j.group);
    free(j.head);
    free(j.next);
    return good;
}
