/* trend_month.c - what a month's days know of an objective of the whole time: the value, and what it is at least and at
 * most, whatever happened in the time in which it is not known. Where the days know less than a report of the tests
 * would, the answer is that nobody can say, never another one. */

#include <math.h>

#include "analysis/objective_judge.h"
#include "analysis/objective_range.h"
#include "archive/trend.h"
#include "base/units.h"

#define JITTER_SHARE 0.95
#define BIN_SHARE (1.0 / 64) /* a percentile of a histogram is known to that */

static bool is_delivered(const struct trend_span *m)
{
    return m->cell.is_delivered > 0; /* false for NAN */
}

/* Of sums over tests, what is certain when tests overlap. */
static double once_s(const struct trend_span *m, double sum_s)
{
    return fmax(sum_s - m->twice_s, 0);
}

/* Seconds in which the quantity is known. */
static double known_s(const struct trend_span *m, enum longhaul_objective_kind quantity)
{
    const struct archive_cell *c = &m->cell;
    double arrived = c->packets - fmax(c->lost, 0), share; /* fmax ignores NAN */
    switch (quantity) {
    case LONGHAUL_OBJECTIVE_LOSS: return m->is_loss_of_test ? c->observed_s : once_s(m, c->available_known_s);
    case LONGHAUL_OBJECTIVE_DELAY_P50:
    case LONGHAUL_OBJECTIVE_DELAY_P99:
        share = arrived > 0 ? m->n_delay / arrived : 0;
        return c->observed_s * fmin(share, 1);
    case LONGHAUL_OBJECTIVE_JITTER:
        share = c->n_intervals > 0 ? m->n_jitter / c->n_intervals : 0;
        return c->observed_s * fmin(share, 1);
    case LONGHAUL_OBJECTIVE_RATE: return is_delivered(m) ? once_s(m, c->rate_s) : 0;
    case LONGHAUL_OBJECTIVE_OUTAGE:
        return once_s(m, fmax(c->available_known_s, is_delivered(m) ? c->rate_s : 0)) + m->silent_s;
    case LONGHAUL_OBJECTIVE_AVAILABILITY: return once_s(m, c->available_known_s) + m->silent_s;
    default: return c->observed_s;
    }
}

static double value_of(const struct trend_span *m, const struct longhaul_objective_result *r, double planned_s)
{
    switch (r->objective.quantity) {
    case LONGHAUL_OBJECTIVE_LOSS: return m->loss_percent;
    case LONGHAUL_OBJECTIVE_DELAY_P50: return m->delay_p50_ms;
    case LONGHAUL_OBJECTIVE_DELAY_P99: return m->delay_p99_ms;
    case LONGHAUL_OBJECTIVE_JITTER: return m->jitter_p95_ms;
    case LONGHAUL_OBJECTIVE_RATE: return is_delivered(m) ? BPS_PER_MBPS * cell_mean_mbps(&m->cell) : NAN;
    case LONGHAUL_OBJECTIVE_OUTAGE: return r->observed_s > 0 || m->longest_outage_s > 0 ? m->longest_outage_s : NAN;
    case LONGHAUL_OBJECTIVE_AVAILABILITY:
        return r->observed_s > 0 ? 100 * m->cell.available_s / (m->cell.available_known_s + m->silent_s) : NAN;
    default: return planned_s > 0 ? 100 * fmin(m->cell.observed_s / planned_s, 1) : NAN;
    }
}

/* ---- ranges */

static struct objective_range of_share(double percent, double unknown)
{
    return (struct objective_range){ percent * (1 - unknown), percent * (1 - unknown) + 100 * unknown };
}

/* By the percentiles that the month has: with what is not known, it is among the greater, or the lesser ones. */
static struct objective_range of_percentile(double share, double unknown, const double quantiles[3], double most,
                                            double slack)
{
    static const double shares[3] = { 0.5, 0.95, 0.99 };
    double low = objective_shifted(share, 1 - unknown, unknown, false),
           high = objective_shifted(share, 1 - unknown, unknown, true);
    struct objective_range range = { 0, high <= 1 ? most : INFINITY };
    if (isnan(quantiles[0]))
        return (struct objective_range){ NAN, NAN };
    for (int i = 0; i < 3; i++)
        range.least = shares[i] <= low + 1e-9 ? quantiles[i] * (1 - slack) : range.least;
    for (int i = 3; i-- > 0;)
        range.most = shares[i] >= high - 1e-9 ? quantiles[i] * (1 + slack) : range.most;
    return range;
}

/* With missing_s in which nobody knows the quantity, or that are to come. */
static struct objective_range range_of(const struct trend_span *m, const struct longhaul_objective_result *r,
                                       double missing_s)
{
    double value = r->value, all_s = r->observed_s + missing_s, unknown = all_s > 0 ? missing_s / all_s : 0;
    const double delays[] = { m->delay_p50_ms, m->delay_p95_ms, m->delay_p99_ms },
                 jitters[] = { m->jitter_p50_ms, m->jitter_p95_ms, m->jitter_p99_ms };
    switch (r->objective.quantity) {
    case LONGHAUL_OBJECTIVE_LOSS:
    case LONGHAUL_OBJECTIVE_AVAILABILITY: return of_share(value, unknown);
    case LONGHAUL_OBJECTIVE_DELAY_P50: return of_percentile(0.5, unknown, delays, m->cell.delay_max_ms, 0);
    case LONGHAUL_OBJECTIVE_DELAY_P99: return of_percentile(0.99, unknown, delays, m->cell.delay_max_ms, 0);
    case LONGHAUL_OBJECTIVE_JITTER:
        return of_percentile(JITTER_SHARE, unknown, jitters, m->cell.jitter_max_ms, BIN_SHARE);
    case LONGHAUL_OBJECTIVE_RATE:
        return (struct objective_range){ value * (1 - unknown), unknown > 0 ? INFINITY : value };
    default: return (struct objective_range){ value, value + missing_s };
    }
}

/* When what is to come is not observed, and when all of it is. */
static struct objective_range coverage_range(const struct trend_span *m, double planned_s, double to_come_s)
{
    double all_s = planned_s + to_come_s;
    return all_s > 0 ? (struct objective_range){ 100 * fmin(m->cell.observed_s / all_s, 1),
                                                 100 * fmin((m->cell.observed_s + to_come_s) / all_s, 1) }
                     : (struct objective_range){ NAN, NAN };
}

void trend_judge_month(const struct trend_span *m, const struct trend_plan *plan, struct longhaul_objective_result *r)
{
    bool is_coverage = r->objective.quantity == LONGHAUL_OBJECTIVE_COVERAGE;
    double wanted_s = fmax(m->cell.planned_s, m->cell.observed_s) + plan->waiting_s;
    r->observed_s = known_s(m, r->objective.quantity);
    r->unobserved_s = fmax((is_coverage ? plan->planned_s : wanted_s) - r->observed_s, 0);
    if (r->unobserved_s < plan->n_tests) /* a second of each: as much as intervals vary */
        r->unobserved_s = 0;
    r->to_come_s = plan->to_come_s;
    r->value = value_of(m, r, plan->planned_s);
    if (is_coverage)
        objective_conclude(r, coverage_range(m, plan->planned_s, 0),
                           coverage_range(m, plan->planned_s, plan->to_come_s));
    else
        objective_conclude(r, range_of(m, r, r->unobserved_s), range_of(m, r, r->unobserved_s + plan->to_come_s));
}
