/* trend_find.c - what many days show: changed levels, outages, the worst seconds. Reads events from the index, nothing
 * else. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "archive/trend.h"
#include "base/error.h"
#include "base/text_safe.h"

#define DAY_S 86400.0

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "trend: out of memory");
}

double trend_value(const struct trend_span *day, enum trend_quantity quantity)
{
    switch (quantity) {
    case TREND_LOSS: return day->loss_percent;
    case TREND_TRIP: return day->cell.rtt_min_ms;
    case TREND_DELAY: return day->delay_p99_ms;
    case TREND_JITTER: return day->jitter_p50_ms;
    default: return cell_mean_mbps(&day->cell);
    }
}

double trend_coverage(const struct trend_span *span)
{
    return span->cell.planned_s > 0 ? fmin(span->cell.observed_s / span->cell.planned_s, 1) : NAN;
}

double trend_availability(const struct trend_span *span)
{
    return span->cell.available_known_s > 0 ? span->cell.available_s / span->cell.available_known_s : NAN;
}

/* ---- levels */

static int add_shifts(struct longhaul_trend *t, struct trend_leg *leg, enum trend_quantity quantity,
                      const struct shift *list, size_t n, struct longhaul_error *err)
{
    struct trend_shift *grown = realloc(leg->shifts, (leg->n_shifts + n + 1) * sizeof *grown);
    if (grown == NULL)
        return out_of_memory(err);
    leg->shifts = grown;
    for (size_t i = 0; i < n; i++)
        grown[leg->n_shifts++] =
            (struct trend_shift){ quantity, list[i], t->first_unix_s + (double)list[i].at * DAY_S };
    return 0;
}

static int by_day(const void *a, const void *b)
{
    const struct trend_shift *x = a, *y = b;
    if (x->shift.at != y->shift.at)
        return x->shift.at < y->shift.at ? -1 : 1;
    return (x->quantity > y->quantity) - (x->quantity < y->quantity);
}

static int find_shifts(struct longhaul_trend *t, struct trend_leg *leg, double *room, struct longhaul_error *err)
{
    int rc = 0;
    for (int q = 0; rc == 0 && q < TREND_N_QUANTITIES; q++) {
        struct shift_rules rules = { trend_rules[q].least, trend_rules[q].least_share,
                                     trend_weekday(t->first_unix_s) };
        struct shift *list = NULL;
        size_t n = 0;
        for (size_t i = 0; i < t->n_days; i++)
            room[i] = trend_value(&leg->days[i], (enum trend_quantity)q);
        rc = shifts_find(room, t->n_days, &rules, &list, &n) ? add_shifts(t, leg, (enum trend_quantity)q, list, n, err)
                                                             : out_of_memory(err);
        free(list);
    }
    if (rc == 0 && leg->n_shifts > 1)
        qsort(leg->shifts, leg->n_shifts, sizeof *leg->shifts, by_day);
    return rc;
}

/* ---- outages: a heap of the longest ones, the shortest on top */

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

static void keep(struct longhaul_trend *t, const struct trend_outage *o)
{
    if (!(o->seconds > 0))
        return;
    struct trend_span *month = &t->legs[o->leg].months[trend_month_of(t, o->start_unix_s)];
    month->longest_outage_s = fmax(month->longest_outage_s, o->seconds);
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

static int find_outages(struct longhaul_trend *t, struct store *store, struct longhaul_error *err)
{
    t->outages = malloc(TREND_MOST_OUTAGES * sizeof *t->outages);
    if (t->outages == NULL)
        return out_of_memory(err);
    int rc = store_each_event(store, "outage", t->first_unix_s, t->first_unix_s + (double)t->n_days * DAY_S,
                              take_outage, t, err);
    for (size_t i = 0; i < t->n_legs; i++)
        keep(t, &t->legs[i].last_outage);
    if (t->n_outages > 1)
        qsort(t->outages, t->n_outages, sizeof *t->outages, by_time);
    return rc;
}

/* ---- the worst seconds: at most one of a leg and day */

static void rank(struct longhaul_trend *t, struct trend_worst worst)
{
    size_t at = t->n_worst;
    while (at > 0 && t->worst[at - 1].lost < worst.lost)
        at--;
    if (at == TREND_MOST_WORST)
        return;
    if (t->n_worst < TREND_MOST_WORST)
        t->n_worst++;
    memmove(&t->worst[at + 1], &t->worst[at], (t->n_worst - 1 - at) * sizeof *t->worst);
    t->worst[at] = worst;
}

static void find_worst(struct longhaul_trend *t)
{
    for (size_t l = 0; l < t->n_legs; l++)
        for (size_t i = 0; i < t->n_days; i++) {
            const struct trend_span *day = &t->legs[l].days[i];
            if (day->cell.worst_lost > 0 && !isnan(day->cell.worst_lost_at))
                rank(t, (struct trend_worst){ l, day->cell.worst_lost_at, day->cell.worst_lost, day->raw });
        }
}

/* ---- the order of the legs */

struct place {
    double loss;
    size_t leg;
};

static int by_loss(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->loss < y->loss || x->loss > y->loss)
        return x->loss > y->loss ? -1 : 1;
    return (x->leg > y->leg) - (x->leg < y->leg);
}

static int rank_legs(struct longhaul_trend *t, struct longhaul_error *err)
{
    struct place *places = malloc((t->n_legs + 1) * sizeof *places);
    t->gravest = malloc((t->n_legs + 1) * sizeof *t->gravest);
    if (places == NULL || t->gravest == NULL) {
        free(places);
        return out_of_memory(err);
    }
    for (size_t i = 0; i < t->n_legs; i++) {
        double loss = t->legs[i].whole.loss_percent;
        places[i] = (struct place){ isnan(loss) ? -1 : loss, i };
    }
    qsort(places, t->n_legs, sizeof *places, by_loss);
    for (size_t i = 0; i < t->n_legs; i++)
        t->gravest[i] = places[i].leg;
    free(places);
    return 0;
}

int trend_find(struct longhaul_trend *t, struct store *store, struct longhaul_error *err)
{
    double *room = malloc((t->n_days + 1) * sizeof *room);
    int rc = room ? 0 : out_of_memory(err);
    for (size_t i = 0; rc == 0 && i < t->n_legs; i++)
        rc = find_shifts(t, &t->legs[i], room, err);
    free(room);
    if (rc == 0)
        rc = find_outages(t, store, err);
    find_worst(t);
    return rc == 0 ? rank_legs(t, err) : rc;
}
