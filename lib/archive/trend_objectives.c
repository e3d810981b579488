/* trend_objectives.c - the legs' objectives by month, from the index. Of windows as they were counted when the results
 * were read, by the month in which a test began; of other quantities by the figures of the month's days. What was not
 * observed counts as what would tip the answer, as in reports. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/objective_range.h"
#include "archive/trend.h"
#include "base/error.h"
#include "model/objective.h"

static int add(struct trend_leg *leg, const struct trend_objective *objective, struct longhaul_error *err)
{
    struct trend_objective *grown = realloc(leg->objectives, (leg->n_objectives + 1) * sizeof *grown);
    if (grown == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "trend: out of memory");
    leg->objectives = grown;
    grown[leg->n_objectives++] = *objective;
    return 0;
}

/* ---- windows */

/* Rows come by leg, text and time. */
static int take_counts(void *payload, const struct store_objective *row, struct longhaul_error *err)
{
    struct longhaul_trend *t = payload;
    struct trend_objective o = { .value = NAN, .n_good = 0, .budget_left = NAN };
    size_t leg = trend_leg_of(t, row->leg.id);
    if (leg == t->n_legs || longhaul_objective_parse(row->text, &o.objective, NULL) != 0 || isnan(o.objective.share))
        return 0;
    longhaul_objective_text(&o.objective, o.text);
    o.month_unix_s = t->months[trend_month_of(t, row->start_unix_s)];
    struct trend_leg *of = &t->legs[leg];
    struct trend_objective *last = of->n_objectives > 0 ? &of->objectives[of->n_objectives - 1] : NULL;
    if (last == NULL || strcmp(last->text, o.text) != 0 || last->month_unix_s < o.month_unix_s) {
        int rc = add(of, &o, err);
        if (rc != 0)
            return rc;
        last = &of->objectives[of->n_objectives - 1];
    }
    last->n_good += isnan(row->n_good) ? 0 : row->n_good;
    last->n_bad += isnan(row->n_bad) ? 0 : row->n_bad;
    last->n_unknown += (isnan(row->n_unknown) ? 0 : row->n_unknown) + (isnan(row->n_to_come) ? 0 : row->n_to_come);
    return 0;
}

static enum longhaul_objective_verdict verdict_of(struct objective_range range, double limit, bool is_least)
{
    enum objective_kept kept = objective_keeps(range, limit, is_least);
    return kept == OBJECTIVE_KEPT     ? LONGHAUL_OBJECTIVE_MET
           : kept == OBJECTIVE_BROKEN ? LONGHAUL_OBJECTIVE_MISSED
                                      : LONGHAUL_OBJECTIVE_CANNOT_SAY;
}

static void judge_windows(struct trend_objective *o)
{
    double known = o->n_good + o->n_bad, all = known + o->n_unknown, limit = o->objective.share;
    double allowed = all * (100 - limit) / 100;
    if (known == 0)
        return;
    o->value = 100 * o->n_good / known;
    o->budget_left = allowed > 0 ? 1 - o->n_bad / allowed : NAN;
    o->verdict = verdict_of((struct objective_range){ 100 * o->n_good / all, 100 * (all - o->n_bad) / all }, limit,
                            true);
}

/* ---- the whole month */

/* The value, and what it is at least and at most, whatever happened in the share of time that was not observed. */
struct range {
    double value, least, most;
};

static struct range of_share(double percent, double unknown)
{
    return (struct range){ percent, percent * (1 - unknown), percent * (1 - unknown) + 100 * unknown };
}

/* A percentile can be anything if more than the rest was not observed. */
static struct range of_percentile(double value, double share, double unknown)
{
    return unknown == 0 ? (struct range){ value, value, value }
                        : (struct range){ value, 0, unknown < 1 - share ? value : INFINITY };
}

static struct range range_of(const struct trend_span *m, enum longhaul_objective_kind quantity)
{
    double covered = trend_coverage(m), unknown = isnan(covered) ? 0 : 1 - covered, mbps = cell_mean_mbps(&m->cell);
    double missing_s = fmax(m->cell.planned_s - m->cell.observed_s, 0);
    unknown = missing_s < 1 ? 0 : unknown; /* as much as intervals vary */
    double outage_s = m->longest_outage_s;
    switch (quantity) {
    case LONGHAUL_OBJECTIVE_LOSS: return of_share(m->loss_percent, unknown);
    case LONGHAUL_OBJECTIVE_DELAY_P50: return of_percentile(m->delay_p50_ms, 0.5, unknown);
    case LONGHAUL_OBJECTIVE_DELAY_P99: return of_percentile(m->delay_p99_ms, 0.99, unknown);
    case LONGHAUL_OBJECTIVE_JITTER: return of_percentile(m->jitter_p95_ms, 0.95, unknown);
    case LONGHAUL_OBJECTIVE_RATE:
        return m->cell.is_delivered > 0
                   ? (struct range){ 1e6 * mbps, 1e6 * mbps * (1 - unknown), unknown > 0 ? INFINITY : 1e6 * mbps }
                   : (struct range){ NAN, NAN, NAN };
    case LONGHAUL_OBJECTIVE_OUTAGE:
        return (struct range){ outage_s, outage_s, outage_s + (unknown > 0 ? missing_s : 0) };
    case LONGHAUL_OBJECTIVE_AVAILABILITY: return of_share(100 * trend_availability(m), unknown);
    default: return (struct range){ 100 * covered, 100 * covered, 100 * covered };
    }
}

static void judge_whole(const struct range *r, struct trend_objective *o)
{
    enum longhaul_objective_kind q = o->objective.quantity;
    double limit = o->objective.limit;
    o->value = r->value;
    if (isnan(r->value))
        return;
    o->verdict = verdict_of((struct objective_range){ r->least, r->most }, limit, objective_quantity(q)->is_least);
    if (q == LONGHAUL_OBJECTIVE_LOSS && limit > 0)
        o->budget_left = 1 - r->value / limit;
    if ((q == LONGHAUL_OBJECTIVE_AVAILABILITY || q == LONGHAUL_OBJECTIVE_COVERAGE) && limit < 100)
        o->budget_left = 1 - (100 - r->value) / (100 - limit);
}

static int judge_leg(struct longhaul_trend *t, size_t leg, struct longhaul_error *err)
{
    const struct longhaul_trend_options *options = t->options;
    for (size_t k = 0; k < options->n_objectives; k++) {
        if (!isnan(options->objectives[k].share))
            continue;
        for (size_t m = 0; m < t->n_months; m++) {
            struct trend_objective o = { .objective = options->objectives[k],
                                         .month_unix_s = t->months[m],
                                         .value = NAN,
                                         .n_good = NAN,
                                         .n_bad = NAN,
                                         .n_unknown = NAN,
                                         .budget_left = NAN,
                                         .verdict = LONGHAUL_OBJECTIVE_CANNOT_SAY };
            if (!t->legs[leg].months[m].is_known)
                continue;
            struct range range = range_of(&t->legs[leg].months[m], o.objective.quantity);
            longhaul_objective_text(&o.objective, o.text);
            judge_whole(&range, &o);
            int rc = add(&t->legs[leg], &o, err);
            if (rc != 0)
                return rc;
        }
    }
    return 0;
}

int trend_judge(struct longhaul_trend *t, struct store *store, struct longhaul_error *err)
{
    int rc =
        store_each_objective(store, t->first_unix_s, t->first_unix_s + 86400 * (double)t->n_days, take_counts, t, err);
    for (size_t leg = 0; rc == 0 && leg < t->n_legs; leg++) {
        for (size_t i = 0; i < t->legs[leg].n_objectives; i++)
            judge_windows(&t->legs[leg].objectives[i]);
        rc = judge_leg(t, leg, err);
    }
    return rc;
}
