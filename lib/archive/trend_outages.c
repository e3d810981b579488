/* trend_outages.c - the outages of many days, and the times in which nobody looked. Reads them from the index. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "archive/trend.h"
#include "base/error.h"
#include "base/text_safe.h"
#include "base/units.h"
#include "model/availability.h"

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "trend: out of memory");
}

/* ---- a heap of the longest ones, the shortest on top */

static void swap(struct trend_outage *a, struct trend_outage *b)
{
    struct trend_outage kept = *a;
    *a = *b;
    *b = kept;
}

static void sink(struct longhaul_trend *t, size_t i)
{
    for (;;) {
        size_t least = i;
        for (size_t k = 2 * i + 1; k <= 2 * i + 2; k++)
            if (k < t->n_outages && t->outages[k].seconds < t->outages[least].seconds)
                least = k;
        if (least == i)
            return;
        swap(&t->outages[i], &t->outages[least]);
        i = least;
    }
}

static void rise(struct longhaul_trend *t, size_t i)
{
    while (i > 0 && t->outages[i].seconds < t->outages[(i - 1) / 2].seconds) {
        swap(&t->outages[i], &t->outages[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
}

/* ---- gaps */

/* Only the part in each month is the month's. */
static void add_silence(const struct longhaul_trend *t, struct trend_leg *leg, const struct store_gap *g)
{
    for (size_t m = 0; m < t->n_months; m++) {
        struct trend_times times = trend_month_times(t, m);
        leg->months[m].silent_s +=
            fmax(fmin(g->start_unix_s + g->seconds, times.to_s) - fmax(g->start_unix_s, times.from_s), 0);
    }
}

static int take_gap(void *payload, const struct store_gap *g, struct longhaul_error *err)
{
    struct longhaul_trend *t = payload;
    size_t l = trend_leg_of(t, g->leg.id);
    if (l == t->n_legs || !(g->seconds > 0))
        return 0;
    struct trend_leg *leg = &t->legs[l];
    if (cause_is_outage(g->cause)) {
        add_silence(t, leg, g);
        return 0;
    }
    struct trend_gap *grown = realloc(leg->gaps, (leg->n_gaps + 1) * sizeof *grown);
    if (grown == NULL)
        return out_of_memory(err);
    leg->gaps = grown;
    grown[leg->n_gaps++] = (struct trend_gap){ g->start_unix_s, g->seconds };
    return 0;
}

/* The longest part of an outage that is outside of times in which nobody looked. */
static double longest_part(const struct trend_leg *leg, double from_s, double to_s)
{
    double longest_s = 0;
    for (size_t i = 0; i < leg->n_gaps && leg->gaps[i].start_unix_s < to_s; i++) {
        longest_s = fmax(longest_s, leg->gaps[i].start_unix_s - from_s);
        from_s = fmax(from_s, fmin(leg->gaps[i].start_unix_s + leg->gaps[i].seconds, to_s));
    }
    return fmax(longest_s, to_s - from_s);
}

/* ---- outages */

static void keep(struct longhaul_trend *t, const struct trend_outage *o)
{
    if (!(o->seconds > 0))
        return;
    struct trend_leg *leg = &t->legs[o->leg];
    double end_s = o->start_unix_s + o->seconds, longest_s = longest_part(leg, o->start_unix_s, end_s);
    for (size_t m = trend_month_of(t, o->start_unix_s); m < t->n_months && t->months[m] < end_s; m++)
        leg->months[m].longest_outage_s = fmax(leg->months[m].longest_outage_s, longest_s);
    t->n_all_outages++;
    t->outages_s += o->seconds;
    if (t->n_outages < TREND_MOST_OUTAGES) {
        t->outages[t->n_outages] = *o;
        rise(t, t->n_outages++);
    } else if (o->seconds > t->outages[0].seconds) {
        t->outages[0] = *o;
        sink(t, 0);
    }
}

/* Outages of two tests of a leg that overlap are one: its time counts once, what both have lost is added. False if they
 * do not overlap. */
static bool join(struct trend_outage *last, const struct trend_outage *o)
{
    double end_s = last->start_unix_s + last->seconds;
    if (!(last->seconds > 0) || o->start_unix_s >= end_s)
        return false;
    last->seconds = fmax(end_s, o->start_unix_s + o->seconds) - last->start_unix_s;
    last->lost = isnan(last->lost) ? o->lost : last->lost + (isnan(o->lost) ? 0 : o->lost);
    last->is_open = last->is_open || o->is_open;
    last->raw = last->raw == o->raw ? o->raw : STORE_RAW_PARTLY;
    return true;
}

static int take_outage(void *payload, const struct store_event *e, struct longhaul_error *err)
{
    struct longhaul_trend *t = payload;
    struct trend_outage o = { .leg = trend_leg_of(t, e->leg.id),
                              .start_unix_s = e->start_unix_s,
                              .seconds = e->seconds,
                              .lost = e->lost_packets,
                              .is_open = e->is_open,
                              .raw = e->raw };
    (void)err;
    if (o.leg == t->n_legs || !(o.seconds > 0))
        return 0;
    size_t n = strnlen(e->cause, sizeof o.cause - 1);
    memcpy(o.cause, e->cause, n);
    text_make_safe(o.cause);
    struct trend_outage *last = &t->legs[o.leg].last_outage;
    if (!join(last, &o)) {
        keep(t, last);
        *last = o;
    }
    return 0;
}

static int by_time(const void *a, const void *b)
{
    const struct trend_outage *x = a, *y = b;
    if (x->start_unix_s < y->start_unix_s || x->start_unix_s > y->start_unix_s)
        return x->start_unix_s < y->start_unix_s ? -1 : 1;
    return (x->leg > y->leg) - (x->leg < y->leg);
}

int trend_find_outages(struct longhaul_trend *t, struct store *store, struct longhaul_error *err)
{
    double from_s = t->first_unix_s, to_s = from_s + (double)t->n_days * DAY_S;
    t->outages = malloc(TREND_MOST_OUTAGES * sizeof *t->outages);
    if (t->outages == NULL)
        return out_of_memory(err);
    int rc = store_each_gap(store, from_s, to_s, take_gap, t, err);
    if (rc == 0)
        rc = store_each_event(store, "outage", from_s, to_s, take_outage, t, err);
    for (size_t i = 0; i < t->n_legs; i++)
        keep(t, &t->legs[i].last_outage);
    if (t->n_outages > 1)
        qsort(t->outages, t->n_outages, sizeof *t->outages, by_time);
    return rc;
}
