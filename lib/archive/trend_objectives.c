/* trend_objectives.c - the legs' objectives by month, from the index. Of windows as they were counted when the results
 * were read, by the month in which a test began; of other quantities by the figures of the month's days. What was not
 * observed counts as what would tip the answer, and what is to come makes nothing missed, as in reports. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/objective_judge.h"
#include "archive/trend.h"
#include "base/error.h"
#include "base/units.h"
#include "model/objective.h"
#include "model/topology.h"

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "trend: out of memory");
}

static bool has_windows(const struct longhaul_objective *o)
{
    return !isnan(o->share);
}

/* ---- what the index counted */

/* The windows of a leg's tests that began in a month. */
struct count {
    size_t leg, month;
    struct longhaul_objective_result result; /* the counts alone */
    double tests_s;                          /* of the tests that were counted, by their plans */
};

struct judgement {
    struct longhaul_trend *trend;
    struct count *counts; /* by leg, objective, month */
    size_t n_counts, capacity;
    size_t first;             /* of the leg that is judged */
    size_t planned_leg;       /* whose plans are taken: tests come by leg and start */
    double planned_until_s;   /* their time counts once where tests overlap */
    struct trend_plan *plans; /* of each leg and month */
};

static struct count *count_of(struct judgement *j, size_t leg, size_t month, const struct longhaul_objective *o)
{
    if (j->n_counts > 0) {
        struct count *last = &j->counts[j->n_counts - 1];
        if (last->leg == leg && last->month == month && objective_is_same(&last->result.objective, o))
            return last;
    }
    if (j->n_counts == j->capacity) {
        size_t capacity = j->capacity ? 2 * j->capacity : 64;
        struct count *grown = realloc(j->counts, capacity * sizeof *grown);
        if (grown == NULL)
            return NULL;
        j->counts = grown;
        j->capacity = capacity;
    }
    struct count *added = &j->counts[j->n_counts++];
    *added = (struct count){ leg, month, objective_begin(o, 0), 0 };
    return added;
}

/* Rows come by leg, text and time. */
static int take_counts(void *payload, const struct store_objective *row, struct longhaul_error *err)
{
    struct judgement *j = payload;
    struct longhaul_objective o;
    size_t leg = trend_leg_of(j->trend, row->leg.id);
    if (leg == j->trend->n_legs || longhaul_objective_parse(row->text, &o, NULL) != 0 || !has_windows(&o))
        return 0;
    struct count *c = count_of(j, leg, trend_month_of(j->trend, row->start_unix_s), &o);
    if (c == NULL)
        return out_of_memory(err);
    c->result.n_good += fmax(row->n_good, 0); /* fmax ignores NAN */
    c->result.n_bad += fmax(row->n_bad, 0);
    c->result.n_unknown += fmax(row->n_unknown, 0);
    c->result.n_to_come += fmax(row->n_to_come, 0);
    c->result.n_tests++;
    c->tests_s += fmax(row->planned_s, row->end_unix_s - row->start_unix_s);
    return 0;
}

/* How long a run in progress has been waiting for its next session since its data ended. */
static double waiting_s(const struct trend_leg *leg, const struct store_test *test)
{
    double end_s = test->end_unix_s;
    for (size_t i = 0; test->is_in_progress && i < leg->n_gaps; i++)
        if (leg->gaps[i].start_unix_s >= test->start_unix_s)
            end_s = fmax(end_s, leg->gaps[i].start_unix_s + leg->gaps[i].seconds);
    return end_s - test->end_unix_s;
}

static int take_plan(void *payload, const struct store_test *test, struct longhaul_error *err)
{
    struct judgement *j = payload;
    const struct longhaul_trend *t = j->trend;
    size_t leg = trend_leg_of(t, test->leg.id), first = trend_month_of(t, test->start_unix_s);
    (void)err;
    if (leg == t->n_legs)
        return 0;
    double waits_s = waiting_s(&t->legs[leg], test);
    double plan_end_s = fmax(test->start_unix_s + test->planned_s, test->end_unix_s); /* fmax ignores NAN */
    double now_s = test->is_in_progress ? fmin(test->end_unix_s + waits_s, plan_end_s) : plan_end_s;
    struct trend_plan *plans = &j->plans[leg * t->n_months];
    double taken_until_s = leg == j->planned_leg ? j->planned_until_s : -INFINITY;
    j->planned_leg = leg;
    j->planned_until_s = fmax(taken_until_s, plan_end_s);
    for (size_t m = first; m < t->n_months && t->months[m] < plan_end_s; m++) {
        struct trend_times times = trend_month_times(t, m);
        double from_s = fmax(times.from_s, fmax(test->start_unix_s, taken_until_s));
        bool is_last = m + 1 == t->n_months; /* what a run has yet to do may be later */
        double to_s = is_last && test->is_in_progress ? plan_end_s : times.to_s;
        plans[m].n_tests++;
        plans[m].planned_s += fmax(fmin(to_s, now_s) - from_s, 0);
        plans[m].to_come_s += fmax(fmin(to_s, plan_end_s) - fmax(from_s, now_s), 0);
    }
    plans[trend_month_of(t, test->end_unix_s)].waiting_s += waits_s;
    if (test->start_unix_s >= t->first_unix_s) {
        plans[first].tests_s += plan_end_s - test->start_unix_s;
        plans[first].tests_to_come_s += plan_end_s - now_s;
    }
    return 0;
}

static void judge_windows(const struct judgement *j, size_t leg, size_t month, struct longhaul_objective_result *r)
{
    const struct trend_plan *plan = &j->plans[leg * j->trend->n_months + month];
    double uncounted_s = plan->tests_s;
    for (size_t i = j->first; i < j->n_counts && j->counts[i].leg == leg; i++) {
        const struct count *c = &j->counts[i];
        if (c->month != month || !objective_is_same(&c->result.objective, &r->objective))
            continue;
        *r = c->result;
        uncounted_s -= c->tests_s;
    }
    /* Tests whose raw data had been removed when others were asked for. */
    if (uncounted_s > 1)
        r->n_unknown += ceil(uncounted_s / r->objective.window_s);
    r->to_come_s = plan->tests_to_come_s;
    objective_conclude_windows(r);
}

/* ---- all legs */

static int judge(const struct judgement *j, size_t leg, const struct longhaul_objective *o, struct longhaul_error *err)
{
    struct trend_leg *of = &j->trend->legs[leg];
    for (size_t m = 0; m < j->trend->n_months; m++) {
        const struct trend_plan *plan = &j->plans[leg * j->trend->n_months + m];
        if (has_windows(o) ? !(plan->tests_s > 0) : !of->months[m].is_known)
            continue;
        struct trend_objective *grown = realloc(of->objectives, (of->n_objectives + 1) * sizeof *grown);
        if (grown == NULL)
            return out_of_memory(err);
        of->objectives = grown;
        struct trend_objective *added = &grown[of->n_objectives++];
        *added = (struct trend_objective){ objective_begin(o, 0), m };
        if (has_windows(o))
            judge_windows(j, leg, m, &added->result);
        else
            trend_judge_month(&of->months[m], plan, &added->result);
    }
    return 0;
}

/* Nothing was asked for: whatever the index counts. */
static int judge_counted(const struct judgement *j, size_t leg, struct longhaul_error *err)
{
    const struct longhaul_objective *before = NULL;
    int rc = 0;
    for (size_t i = j->first; rc == 0 && i < j->n_counts && j->counts[i].leg == leg; i++) {
        const struct longhaul_objective *o = &j->counts[i].result.objective;
        if (before && objective_is_same(before, o))
            continue;
        rc = judge(j, leg, o, err);
        before = o;
    }
    return rc;
}

static int judge_leg(const struct judgement *j, size_t leg, struct longhaul_error *err)
{
    const struct longhaul_report_options *o = j->trend->options.report;
    const struct trend_leg *of = &j->trend->legs[leg];
    size_t n;
    if (o->topology == NULL && o->n_objectives == 0)
        return judge_counted(j, leg, err);
    struct longhaul_objective *list = topology_objectives_and(o->topology, of->source, of->destination, o->objectives,
                                                              o->n_objectives, &n);
    int rc = list ? 0 : out_of_memory(err);
    for (size_t k = 0; rc == 0 && k < n; k++)
        rc = judge(j, leg, &list[k], err);
    free(list);
    return rc;
}

int trend_judge(struct longhaul_trend *t, struct store *store, struct longhaul_error *err)
{
    struct judgement j = { .trend = t,
                           .plans = calloc(t->n_legs * t->n_months + 1, sizeof *j.plans),
                           .planned_leg = SIZE_MAX };
    double to_s = t->first_unix_s + (double)t->n_days * DAY_S;
    int rc = j.plans ? store_each_objective(store, t->first_unix_s, to_s, take_counts, &j, err) : out_of_memory(err);
    if (rc == 0)
        rc = store_each_test(store, t->first_unix_s, to_s, take_plan, &j, err);
    for (size_t leg = 0; rc == 0 && leg < t->n_legs; leg++) {
        while (j.first < j.n_counts && j.counts[j.first].leg < leg) /* they come in the order of the legs */
            j.first++;
        rc = judge_leg(&j, leg, err);
    }
    free(j.counts);
    free(j.plans);
    return rc;
}
