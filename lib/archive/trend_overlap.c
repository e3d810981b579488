/* trend_overlap.c - the time of a leg, of which several tests may tell: what was observed, planned or out at the same
 * time by two tests counts once in a day. Packets, rates, shares and percentiles are those of all tests. */

#include <math.h>
#include <stdlib.h>

#include "archive/trend.h"
#include "base/error.h"
#include "base/units.h"

struct range {
    double from_s, to_s;
};

struct ranges {
    struct range *list;
    size_t n, capacity;
};

struct walk {
    struct longhaul_trend *trend;
    int64_t leg, test;             /* of the row before; -1 */
    struct ranges seen, planned;   /* of the leg's tests */
    double from_s, end_s;          /* of what is observed after the gaps of the test so far */
};

static int add_range(struct ranges *r, double from_s, double to_s, struct longhaul_error *err)
{
    if (!(from_s < to_s))
        return 0;
    if (r->n == r->capacity) {
        size_t capacity = r->capacity ? 2 * r->capacity : 64;
        struct range *grown = realloc(r->list, capacity * sizeof *grown);
        if (grown == NULL)
            return error_set(err, LONGHAUL_ENOMEM, "trend: out of memory");
        r->list = grown;
        r->capacity = capacity;
    }
    r->list[r->n++] = (struct range){ from_s, to_s };
    return 0;
}

static int by_start(const void *a, const void *b)
{
    const struct range *x = a, *y = b;
    return (x->from_s > y->from_s) - (x->from_s < y->from_s);
}

/* Adds the part of a range that is in each day to a member of the days. */
static void add_to_days(const struct longhaul_trend *t, struct trend_leg *leg, struct range r, size_t member)
{
    double from_s = fmax(r.from_s, t->first_unix_s), to_s = fmin(r.to_s, t->first_unix_s + (double)t->n_days * DAY_S);
    while (from_s < to_s) {
        size_t day = (size_t)((from_s - t->first_unix_s) / DAY_S);
        double end_s = fmin(t->first_unix_s + (double)(day + 1) * DAY_S, to_s);
        *(double *)(void *)((char *)&leg->days[day] + member) += end_s - from_s;
        from_s = end_s;
    }
}

/* What is there more than once: by start, all is taken from each start up to the greatest end so far. */
static void add_repeated(const struct walk *w, struct ranges *r, size_t member)
{
    double until_s = -INFINITY;
    size_t leg = trend_leg_of(w->trend, w->leg);
    if (r->n > 1)
        qsort(r->list, r->n, sizeof *r->list, by_start);
    for (size_t i = 0; leg < w->trend->n_legs && i < r->n; i++) {
        struct range once = { r->list[i].from_s, fmin(r->list[i].to_s, until_s) };
        add_to_days(w->trend, &w->trend->legs[leg], once, member);
        until_s = fmax(until_s, r->list[i].to_s);
    }
    r->n = 0;
}

static int end_test(struct walk *w, struct longhaul_error *err)
{
    return w->test < 0 ? 0 : add_range(&w->seen, w->from_s, w->end_s, err);
}

static int end_leg(struct walk *w, struct longhaul_error *err)
{
    int rc = end_test(w, err);
    w->test = -1;
    add_repeated(w, &w->seen, offsetof(struct trend_span, overlap_s));
    add_repeated(w, &w->planned, offsetof(struct trend_span, planned_overlap_s));
    return rc;
}

/* Rows come by leg, test and gap. */
static int take(void *payload, const struct store_stretch *row, struct longhaul_error *err)
{
    struct walk *w = payload;
    int rc = row->leg != w->leg ? end_leg(w, err) : row->test != w->test ? end_test(w, err) : 0;
    if (rc == 0 && row->test != w->test) {
        w->from_s = row->start_unix_s;
        w->end_s = row->end_unix_s;
        rc = add_range(&w->planned, row->start_unix_s, row->start_unix_s + row->planned_days_s, err);
    }
    w->leg = row->leg;
    w->test = row->test;
    if (rc == 0 && row->gap_s > 0) {
        rc = add_range(&w->seen, w->from_s, fmin(row->gap_unix_s, w->end_s), err);
        w->from_s = fmax(w->from_s, row->gap_unix_s + row->gap_s);
    }
    return rc;
}

/* What is certain of a time that several tests had: all of it, without what they had at the same time, and as much as
 * any one of them. Returns by how much the sum is greater. */
static double settle(double *sum, double most, double overlap_s)
{
    double before = *sum;
    *sum = fmax(fmin(before, most), before - overlap_s);
    return before - *sum;
}

static void settle_day(const struct longhaul_trend *t, struct trend_leg *leg, size_t i)
{
    struct trend_span *day = &leg->days[i], *month = &leg->months[trend_month_of(t, day->cell.unix_s)];
    double observed_s = settle(&day->cell.observed_s, day->most_observed_s, day->overlap_s);
    double outage_s = settle(&day->cell.outage_s, day->most_outage_s, day->overlap_s);
    double planned_s = settle(&day->cell.planned_s, day->most_planned_s, day->planned_overlap_s);
    struct trend_span *const wider[] = { month, &leg->whole };
    for (size_t k = 0; k < 2; k++) {
        wider[k]->cell.observed_s -= observed_s;
        wider[k]->twice_s += observed_s;
        wider[k]->cell.outage_s -= outage_s;
        wider[k]->cell.planned_s -= planned_s;
    }
}

int trend_count_once(struct longhaul_trend *t, struct store *store, struct longhaul_error *err)
{
    struct walk w = { .trend = t, .leg = -1, .test = -1 };
    int rc = store_each_stretch(store, t->first_unix_s, t->first_unix_s + (double)t->n_days * DAY_S, take, &w, err);
    if (rc == 0)
        rc = end_leg(&w, err);
    for (size_t l = 0; rc == 0 && l < t->n_legs; l++)
        for (size_t i = 0; i < t->n_days; i++)
            settle_day(t, &t->legs[l], i);
    free(w.seen.list);
    free(w.planned.list);
    return rc;
}
