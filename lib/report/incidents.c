/* incidents.c - incidents: joins events to causes, orders them by what they cost, and accounts for every lost packet.
 */

#include "report/incidents.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/analysis.h"
#include "base/error.h"
#include "base/stats.h"
#include "report/wording.h"

struct longhaul_incidents {
    const struct longhaul_analysis *const *tests;
    size_t n_tests;
    struct longhaul_incident *incidents;
    size_t n;
    size_t *legs;                           /* of all incidents, one list after another */
    struct longhaul_incident_event *events; /* likewise */
    size_t **of;                            /* for each event of each test: its incident */
    struct incident_groups groups;
    const struct longhaul_event **room;
    size_t n_known; /* tests whose loss is known */
    double lost_outside, packets;
    char verdict[2 * sizeof(struct wording)];
};

void longhaul_incidents_free(struct longhaul_incidents *all)
{
    if (all == NULL)
        return;
    for (size_t i = 0; all->of && i < all->n_tests; i++)
        free(all->of[i]);
    free(all->of);
    free(all->incidents);
    free(all->legs);
    free(all->events);
    free(all->groups.parts);
    free(all->groups.first);
    free(all->room);
    free(all);
}

/* ---- what the groups are of */

static bool find_parts(struct longhaul_incidents *all)
{
    size_t n_events = 0, n;
    for (size_t i = 0; i < all->n_tests; i++) {
        longhaul_analysis_events(all->tests[i], &n);
        n_events += n;
        all->of[i] = calloc(n + 1, sizeof *all->of[i]);
        if (all->of[i] == NULL)
            return false;
    }
    all->room = malloc((n_events + 1) * sizeof *all->room);
    all->groups.parts = malloc((n_events + 1) * sizeof *all->groups.parts);
    all->events = malloc((n_events + 1) * sizeof *all->events);
    all->legs = malloc((n_events + 1) * sizeof *all->legs);
    if (!all->room || !all->groups.parts || !all->events || !all->legs)
        return false;
    for (size_t i = 0, at = 0; i < all->n_tests; i++, at += n) {
        longhaul_analysis_events(all->tests[i], &n);
        size_t n_parts = incident_series_of(i, all->tests[i], all->room + at, all->groups.parts + all->groups.n_parts);
        if (n_parts == SIZE_MAX)
            return false;
        all->groups.n_parts += n_parts;
    }
    return incident_join(all->tests, &all->groups);
}

/* ---- where */

static const struct longhaul_info *info_of(const struct longhaul_incidents *all, size_t test)
{
    return &all->tests[test]->info;
}

static bool is_end(const struct longhaul_info *info, const char *site)
{
    return strcmp(info->source, site) == 0 || strcmp(info->destination, site) == 0;
}

static bool is_end_of_all(const struct longhaul_incidents *all, const struct longhaul_incident *x, const char *site)
{
    for (size_t i = 0; i < x->n_legs; i++)
        if (!is_end(info_of(all, x->legs[i]), site))
            return false;
    return true;
}

static void fill_where(const struct longhaul_incidents *all, struct longhaul_incident *x)
{
    const struct longhaul_info *first = info_of(all, x->legs[0]);
    bool is_leg = true, has_source = is_end_of_all(all, x, first->source),
         has_destination = is_end_of_all(all, x, first->destination);
    for (size_t i = 1; i < x->n_legs; i++)
        is_leg = is_leg && strcmp(info_of(all, x->legs[i])->source, first->source) == 0 &&
                 strcmp(info_of(all, x->legs[i])->destination, first->destination) == 0;
    x->reach = is_leg                          ? LONGHAUL_REACH_LEG
               : has_source && has_destination ? LONGHAUL_REACH_PAIR
               : has_source || has_destination ? LONGHAUL_REACH_SITE
                                               : LONGHAUL_REACH_ALL;
    const char *low = strcmp(first->source, first->destination) < 0 ? first->source : first->destination;
    if (x->reach == LONGHAUL_REACH_LEG)
        snprintf(x->where, sizeof x->where, "%s", wording_leg(first).text);
    else if (x->reach == LONGHAUL_REACH_PAIR)
        snprintf(x->where, sizeof x->where, "%s<->%s", low, low == first->source ? first->destination : first->source);
    else
        snprintf(x->where, sizeof x->where, "%s",
                 has_source        ? first->source
                 : has_destination ? first->destination
                                   : "all");
}

/* ---- one incident */

static enum longhaul_event_kind kind_of(const struct incident_part *parts, size_t n)
{
    bool is_dark = false, is_same = true;
    for (size_t i = 0; i < n; i++) {
        is_dark = is_dark || parts[i].kind == LONGHAUL_EVENT_OUTAGE;
        is_same = is_same && parts[i].kind == parts[0].kind;
    }
    return is_dark ? LONGHAUL_EVENT_OUTAGE : is_same ? parts[0].kind : LONGHAUL_EVENT_LOSS;
}

static int by_value(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static int by_time(const void *a, const void *b)
{
    const struct longhaul_incident_event *x = a, *y = b;
    return x->event != y->event ? (x->event > y->event) - (x->event < y->event)
                                : (x->test > y->test) - (x->test < y->test);
}

static void take_events(struct longhaul_incidents *all, struct longhaul_incident *x, const struct incident_part *p,
                        bool is_explained)
{
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(all->tests[p->test], &n);
    struct longhaul_incident_event *out = (struct longhaul_incident_event *)x->events;
    for (size_t i = 0; i < p->n; i++) {
        const struct longhaul_event *e = p->events[i];
        out[x->n_events++] = (struct longhaul_incident_event){ p->test, (size_t)(e - events) };
        x->lost_packets += e->lost_packets;
        if (e->kind == LONGHAUL_EVENT_OUTAGE || e->kind == LONGHAUL_EVENT_ENDED)
            x->down_s += e->seconds;
        if (i == 0 && !is_explained && x->n_events == 1)
            memcpy(x->cause, e->cause, sizeof x->cause);
        else if (!is_explained && strcmp(x->cause, e->cause) != 0)
            x->cause[0] = 0;
    }
}

/* The median of a member of the parts. */
static double median_of(const struct incident_part *parts, size_t n, size_t offset, double *room)
{
    size_t known = 0;
    for (size_t i = 0; i < n; i++) {
        double value = *(const double *)(const void *)((const char *)&parts[i] + offset);
        if (!isnan(value))
            room[known++] = value;
    }
    return known ? stats_median(room, known) : NAN;
}

/* The level of the worst: the most loss or jitter, the least rate. */
static void fill_level(struct longhaul_incident *x, const struct incident_part *parts, size_t n)
{
    bool is_low = x->kind == LONGHAUL_EVENT_RATE || x->kind == LONGHAUL_EVENT_RATE_CAP;
    x->level = x->usual = NAN;
    for (size_t i = 0; i < n; i++)
        if (isnan(x->level) || (is_low ? parts[i].level < x->level : parts[i].level > x->level)) {
            x->level = parts[i].level;
            x->usual = parts[i].usual;
        }
}

static void fill_incident(struct longhaul_incidents *all, struct longhaul_incident *x,
                          const struct incident_part *parts, size_t n_all, double *room)
{
    size_t n = n_all;
    while (n > 1 && parts[n - 1].is_explained)
        n--;
    x->kind = kind_of(parts, n);
    for (size_t i = 0; i < n_all; i++)
        take_events(all, x, &parts[i], i >= n);
    for (size_t i = 0; i < n; i++) {
        ((size_t *)x->legs)[x->n_legs++] = parts[i].test;
        x->count = parts[i].n > x->count ? parts[i].n : x->count;
    }
    qsort((size_t *)x->legs, x->n_legs, sizeof *x->legs, by_value);
    qsort((struct longhaul_incident_event *)x->events, x->n_events, sizeof *x->events, by_time);
    double start_s = median_of(parts, n, offsetof(struct incident_part, start_s), room);
    double end_s = median_of(parts, n, offsetof(struct incident_part, end_s), room);
    double axis_s = longhaul_analysis_figures(all->tests[parts[0].test])->start_unix_s;
    x->seconds = fmax(end_s - start_s, 0);
    x->start_s = isnan(axis_s) ? start_s : start_s - axis_s;
    x->start_unix_s = isnan(axis_s) ? NAN : start_s;
    x->end_unix_s = isnan(axis_s) ? NAN : start_s + x->seconds;
    x->period_s = median_of(parts, n, offsetof(struct incident_part, period_s), room);
    x->is_open = parts[0].is_open;
    x->host_lost = NAN;
    fill_level(x, parts, n);
    fill_where(all, x);
}

/* Leg-seconds of data that did not arrive: downtime, and lost packets as seconds of the leg's packet rate. */
static double cost_of(const struct longhaul_incidents *all, const struct longhaul_incident *x)
{
    double cost = x->down_s;
    for (size_t i = 0; i < x->n_events; i++) {
        size_t n;
        const struct longhaul_analysis *test = all->tests[x->events[i].test];
        const struct longhaul_event *e = &longhaul_analysis_events(test, &n)[x->events[i].event];
        double pace = longhaul_analysis_summary(test)->mean_pkt_rate;
        if (e->kind != LONGHAUL_EVENT_OUTAGE && e->lost_packets > 0 && pace > 0)
            cost += e->lost_packets / pace;
        if (e->kind == LONGHAUL_EVENT_RATE && e->usual > 0)
            cost += e->seconds * fmin(fmax(1 - e->level / e->usual, 0), 1);
    }
    return cost;
}

/* An incident while they are ordered. */
struct ranked {
    struct longhaul_incident incident;
    double cost;
    size_t group;
};

static int by_gravity(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->cost != y->cost)
        return x->cost > y->cost ? -1 : 1;
    if (x->incident.n_legs != y->incident.n_legs)
        return x->incident.n_legs > y->incident.n_legs ? -1 : 1;
    if (x->incident.seconds != y->incident.seconds)
        return x->incident.seconds > y->incident.seconds ? -1 : 1;
    return (x->group > y->group) - (x->group < y->group);
}

/* What an incident lost on the way to a host, and the most drops that one of its records counted there. */
static double lost_to(const struct longhaul_incidents *all, const struct longhaul_incident *x, const char *site)
{
    double lost = 0;
    for (size_t i = 0; i < x->n_events; i++) {
        size_t n;
        const struct longhaul_analysis *test = all->tests[x->events[i].test];
        double its = longhaul_analysis_events(test, &n)[x->events[i].event].lost_packets;
        lost += strcmp(test->info.destination, site) == 0 && its > 0 ? its : 0;
    }
    return lost;
}

/* The drops of a host, which several legs' records count, are those of the one incident that lost as many there. */
static void find_host(struct longhaul_incidents *all, struct ranked *ranked, size_t n, const char *site, double drops)
{
    size_t n_same = 0;
    struct longhaul_incident *same = NULL;
    for (size_t i = 0; i < n; i++)
        if (ranked[i].incident.kind != LONGHAUL_EVENT_RATE_CAP &&
            events_are_own_drops(lost_to(all, &ranked[i].incident, site), drops)) {
            n_same++;
            same = &ranked[i].incident;
        }
    if (n_same != 1)
        return;
    snprintf(same->cause, sizeof same->cause, "this-host");
    same->host_lost = fmin(drops, lost_to(all, same, site));
}

/* A test whose record counts drops of the receiving host. */
struct dropping {
    const char *site;
    double drops;
    size_t test;
};

/* Of each site the one that counts most, the first of several. */
static int by_site_and_drops(const void *a, const void *b)
{
    const struct dropping *x = a, *y = b;
    int order = strcmp(x->site, y->site);
    if (order == 0)
        order = (x->drops < y->drops) - (x->drops > y->drops);
    return order ? order : (x->test > y->test) - (x->test < y->test);
}

static bool find_hosts(struct longhaul_incidents *all, struct ranked *ranked, size_t n)
{
    struct dropping *list = calloc(all->n_tests + 1, sizeof *list);
    size_t n_list = 0;
    bool good = list != NULL;
    for (size_t i = 0; good && i < all->n_tests; i++) {
        double drops = events_receiver_drops(all->tests[i]);
        if (drops > 0)
            list[n_list++] = (struct dropping){ info_of(all, i)->destination, drops, i };
    }
    if (n_list > 0)
        qsort(list, n_list, sizeof *list, by_site_and_drops);
    for (size_t i = 0; i < n_list; i++)
        if (i == 0 || strcmp(list[i - 1].site, list[i].site) != 0)
            find_host(all, ranked, n, list[i].site, list[i].drops);
    free(list);
    return good;
}

static bool fill_all(struct longhaul_incidents *all)
{
    const struct incident_groups *g = &all->groups;
    struct ranked *ranked = calloc(g->n + 1, sizeof *ranked);
    double *room = malloc((g->n_parts + 1) * sizeof *room);
    struct incident_sites sites = { .n = 0 };
    size_t n_legs = 0, n_events = 0;
    all->incidents = calloc(g->n + 1, sizeof *all->incidents);
    bool good = ranked && room && all->incidents;
    for (size_t i = 0; good && i < g->n; i++) {
        struct longhaul_incident *x = &ranked[i].incident;
        x->legs = all->legs + n_legs;
        x->events = all->events + n_events;
        fill_incident(all, x, &g->parts[g->first[i]], g->first[i + 1] - g->first[i], room);
        ranked[i].cost = cost_of(all, x);
        ranked[i].group = i;
        n_legs += x->n_legs;
        n_events += x->n_events;
    }
    good = good && find_hosts(all, ranked, g->n) && incident_sites_make(&sites, all->tests, all->n_tests);
    if (good && g->n > 1)
        qsort(ranked, g->n, sizeof *ranked, by_gravity);
    for (size_t i = 0; good && i < g->n; i++) {
        struct longhaul_incident *x = &all->incidents[all->n++];
        *x = ranked[i].incident;
        x->number = i + 1;
        for (size_t k = 0; k < x->n_events; k++)
            all->of[x->events[k].test][x->events[k].event] = x->number;
        incident_tell(all->tests, &sites, x, &g->parts[g->first[ranked[i].group]],
                      g->first[ranked[i].group + 1] - g->first[ranked[i].group]);
    }
    incident_sites_free(&sites);
    free(ranked);
    free(room);
    return good;
}

/* ---- accounts */

static void account(struct longhaul_incidents *all)
{
    double lost = 0;
    for (size_t i = 0; i < all->n_tests; i++) {
        size_t n;
        const struct longhaul_loss *loss = longhaul_analysis_loss(all->tests[i]);
        const struct longhaul_event *events = longhaul_analysis_events(all->tests[i], &n);
        if (loss->origin == LONGHAUL_LOSS_ORIGIN_UNKNOWN)
            continue;
        all->n_known++;
        lost += loss->lost;
        all->packets += loss->total;
        for (size_t k = 0; k < n; k++)
            lost -= isnan(events[k].lost_packets) ? 0 : events[k].lost_packets;
    }
    all->lost_outside = all->n_known > 0 ? lost : NAN;
}

/* "; the loss of 2 legs is unknown"; "" */
static struct wording unknown_legs(const struct longhaul_incidents *all)
{
    size_t n = all->n_tests - all->n_known;
    return n > 0 ? wording_say("; the loss of %zu leg%s is unknown", n, n == 1 ? "" : "s") : wording_say("%s", "");
}

#define MOST_LATE_S 60.0 /* a run in progress is over by then after its planned end */

/* "; in progress: measured until 2025-11-15 01:12:46Z, planned until 2025-11-16 01:00:46Z"; "" where no leg is. */
static struct wording progress(const struct longhaul_incidents *all)
{
    double last_s = -INFINITY, planned_s = -INFINITY;
    size_t n = 0;
    for (size_t i = 0; i < all->n_tests; i++) {
        const struct longhaul_analysis *test = all->tests[i];
        if (!test->info.is_journal)
            continue;
        n++;
        last_s = fmax(last_s, test->figures.start_unix_s + test->last_end_s);
        planned_s = fmax(planned_s, test->figures.start_unix_s + test->info.planned_s);
    }
    if (n == 0)
        return wording_say("%s", "");
    const char *state = (double)time(NULL) > planned_s + MOST_LATE_S ? "not finished" : "in progress";
    return isfinite(last_s) && isfinite(planned_s)
               ? wording_say("; %s: measured until %s, planned until %s", state, wording_utc(last_s).text,
                             wording_utc(planned_s).text)
               : wording_say("; %s", state);
}

static void fill_verdict(struct longhaul_incidents *all)
{
    struct wording lost;
    struct wording found =
        all->n > 0 ? wording_say("%zu incident%s", all->n, all->n == 1 ? "" : "s") : wording_say("No incident found");
    double share = all->packets > 0 ? 100 * all->lost_outside / all->packets : NAN;
    const char *otherwise = all->n > 0 ? "otherwise " : "";
    if (all->n_tests == 0)
        lost = wording_say("Nothing was measured");
    else if (isnan(share))
        lost = wording_say("%s; the loss is unknown", found.text);
    else
        lost = wording_say("%s; %s%s lost%s", found.text, otherwise, wording_short(share, " %").text,
                           unknown_legs(all).text);
    snprintf(all->verdict, sizeof all->verdict, "%s%s", lost.text, progress(all).text);
}

/* ---- the interface */

int longhaul_incidents_find(const struct longhaul_analysis *const *tests, size_t n, struct longhaul_incidents **out,
                            struct longhaul_error *err)
{
    struct longhaul_incidents *all = calloc(1, sizeof *all);
    if (all) {
        all->tests = tests;
        all->n_tests = n;
        all->of = calloc(n + 1, sizeof *all->of);
    }
    if (all == NULL || all->of == NULL || !find_parts(all) || !fill_all(all)) {
        longhaul_incidents_free(all);
        return error_set(err, LONGHAUL_ENOMEM, "incidents of %zu tests: out of memory", n);
    }
    account(all);
    fill_verdict(all);
    *out = all;
    return 0;
}

const struct longhaul_incident *longhaul_incidents_list(const struct longhaul_incidents *all, size_t *n)
{
    *n = all->n;
    return all->incidents;
}

size_t longhaul_incidents_of(const struct longhaul_incidents *all, size_t test, size_t event)
{
    size_t n = 0;
    if (test < all->n_tests)
        longhaul_analysis_events(all->tests[test], &n);
    return event < n ? all->of[test][event] : 0;
}

double longhaul_incidents_lost_outside(const struct longhaul_incidents *all)
{
    return all->lost_outside;
}

const char *longhaul_incidents_verdict(const struct longhaul_incidents *all)
{
    return all->verdict;
}

const char *longhaul_reach_text(enum longhaul_reach reach)
{
    static const char *const texts[] = { "leg", "pair", "site", "all" };
    return (unsigned)reach < sizeof texts / sizeof *texts ? texts[reach] : "";
}
