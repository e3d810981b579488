/* trend_find.c - what many days show: changed levels, the worst seconds. Reads nothing. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "archive/trend.h"
#include "base/error.h"
#include "base/units.h"

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "trend: out of memory");
}

double trend_value(const struct trend_span *day, enum trend_quantity quantity, int percentile)
{
    bool is_middle = percentile == 50, is_most = percentile == 99;
    switch (quantity) {
    case TREND_LOSS: return day->loss_percent;
    case TREND_TRIP: return day->cell.rtt_min_ms;
    case TREND_DELAY: return is_middle ? day->delay_p50_ms : is_most ? day->delay_p99_ms : day->delay_p95_ms;
    case TREND_JITTER: return is_middle ? day->jitter_p50_ms : is_most ? day->jitter_p99_ms : day->jitter_p95_ms;
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
            room[i] = trend_value(&leg->days[i], (enum trend_quantity)q, trend_rules[q].percentile);
        rc = shifts_find(room, t->n_days, &rules, &list, &n) ? add_shifts(t, leg, (enum trend_quantity)q, list, n, err)
                                                             : out_of_memory(err);
        free(list);
    }
    if (rc == 0 && leg->n_shifts > 1)
        qsort(leg->shifts, leg->n_shifts, sizeof *leg->shifts, by_day);
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

int trend_find(struct longhaul_trend *t, struct longhaul_error *err)
{
    double *room = malloc((t->n_days + 1) * sizeof *room);
    int rc = room ? 0 : out_of_memory(err);
    for (size_t i = 0; rc == 0 && i < t->n_legs; i++)
        rc = find_shifts(t, &t->legs[i], room, err);
    free(room);
    find_worst(t);
    return rc == 0 ? rank_legs(t, err) : rc;
}
