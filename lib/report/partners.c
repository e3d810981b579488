/* partners.c - which runs of a pair of sites share a chart: those of opposite directions that were measured at the same
 * time. Sorts them by start, so that a hundred thousand runs are fast. */

#include "report/partners.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The start of a leg if known; else -1. */
static double start_of(const struct longhaul_report *report, size_t leg)
{
    double start = report->legs[leg].info->start_unix_s;
    return isnan(start) ? -1 : start;
}

/* A run, sorted by start; if equal, by its place in the report. */
struct run {
    double start_s;
    size_t number; /* in pair->legs */
};

static int by_start(const void *a, const void *b)
{
    const struct run *x = a, *y = b;
    int order = (x->start_s > y->start_s) - (x->start_s < y->start_s);
    return order ? order : (x->number > y->number) - (x->number < y->number);
}

/* The runs of one direction. */
struct runs {
    struct run *run;
    size_t n;
    double longest_s; /* the greatest distance between the starts of two runs that overlap */
    const char *source;
};

static bool list_runs(const struct longhaul_report *report, const struct report_pair *pair, const char *source,
                      struct runs *runs)
{
    *runs = (struct runs){ .run = malloc((pair->n + 1) * sizeof *runs->run), .source = source };
    for (size_t i = 0; runs->run && i < pair->n; i++) {
        size_t leg = pair->legs[i];
        if (strcmp(report->legs[leg].info->source, source) != 0)
            continue;
        runs->run[runs->n++] = (struct run){ start_of(report, leg), i };
        runs->longest_s = fmax(runs->longest_s, report_length_s(&report->legs[leg]));
    }
    if (runs->n > 1)
        qsort(runs->run, runs->n, sizeof *runs->run, by_start);
    return runs->run != NULL;
}

/* The first run that does not begin earlier. */
static size_t find_start(const struct runs *runs, double start_s)
{
    size_t low = 0;
    for (size_t high = runs->n; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (runs->run[middle].start_s < start_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Among runs with the same start, the first in the report that overlaps with mine; n if none does. step is 1 or -1. */
static size_t first_of_time(const struct longhaul_report *report, const struct report_pair *pair,
                            const struct runs *runs, size_t at, size_t mine)
{
    size_t first = at;
    while (first > 0 && runs->run[first - 1].start_s == runs->run[at].start_s)
        first--;
    for (; first < runs->n && runs->run[first].start_s == runs->run[at].start_s; first++)
        if (runs->run[first].number != mine &&
            report_is_same_time(&report->legs[pair->legs[runs->run[first].number]], &report->legs[pair->legs[mine]]))
            return runs->run[first].number;
    return pair->n;
}

/* Among these runs, the one that overlaps with mine and began closest to it; the pair's n if none does. Searches
 * outwards from mine. */
static size_t nearest(const struct longhaul_report *report, const struct report_pair *pair, const struct runs *runs,
                      size_t mine)
{
    double start_s = start_of(report, pair->legs[mine]),
           reach_s = fmax(runs->longest_s, report_length_s(&report->legs[pair->legs[mine]]));
    size_t above = find_start(runs, start_s), below = above;
    while (above < runs->n || below > 0) {
        double up = above < runs->n ? runs->run[above].start_s - start_s : INFINITY;
        double down = below > 0 ? start_s - runs->run[below - 1].start_s : INFINITY;
        bool is_far = fmin(up, down) > reach_s && start_s >= 0;
        if (is_far && (runs->n == 0 || runs->run[0].start_s >= 0))
            break;
        size_t at = up < down ? above : below - 1, found = first_of_time(report, pair, runs, at, mine);
        if (found < pair->n)
            return found;
        while (up < down && above < runs->n && runs->run[above].start_s == runs->run[at].start_s)
            above++;
        while (!(up < down) && below > 0 && runs->run[below - 1].start_s == runs->run[at].start_s)
            below--;
    }
    return pair->n;
}

size_t *partners_of_pair(const struct longhaul_report *report, const struct report_pair *pair)
{
    struct runs from_a, from_b;
    size_t *near = malloc((pair->n + 1) * sizeof *near), *partners = malloc((pair->n + 1) * sizeof *partners);
    bool good = list_runs(report, pair, pair->a, &from_a), has_b = list_runs(report, pair, pair->b, &from_b);
    good = good && has_b && near && partners;
    for (size_t i = 0; good && i < pair->n; i++)
        near[i] = nearest(report, pair,
                          strcmp(report->legs[pair->legs[i]].info->destination, pair->a) == 0 ? &from_a : &from_b, i);
    for (size_t i = 0; good && i < pair->n; i++)
        partners[i] = near[i] < pair->n && near[near[i]] == i ? near[i] : pair->n;
    free(from_a.run);
    free(from_b.run);
    free(near);
    if (good)
        return partners;
    free(partners);
    return NULL;
}

size_t *partners_newest_first(const struct longhaul_report *report, const struct report_pair *pair)
{
    struct run *runs = malloc((pair->n + 1) * sizeof *runs);
    size_t *order = malloc((pair->n + 1) * sizeof *order);
    for (size_t i = 0; runs && i < pair->n; i++)
        runs[i] = (struct run){ -start_of(report, pair->legs[i]), i };
    if (runs && pair->n > 1)
        qsort(runs, pair->n, sizeof *runs, by_start);
    for (size_t i = 0; runs && order && i < pair->n; i++)
        order[i] = runs[i].number;
    if (runs == NULL) {
        free(order);
        order = NULL;
    }
    free(runs);
    return order;
}
