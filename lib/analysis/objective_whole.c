/* objective_whole.c - what all tests of a leg together say of a quantity: its value, and what it is at least and at
 * most, whatever happened in the time that was not observed. */

#include "analysis/objective_whole.h"

#include <stdlib.h>

#include "base/stats.h"
#include "base/units.h"
#include "read/series.h"

#define TOUCH_S 1e-3 /* times in files have microseconds */

static bool has_loss(const struct longhaul_loss *l)
{
    return l->origin == LONGHAUL_LOSS_ORIGIN_END && l->lost >= 0 && l->total > 0 && l->lost <= l->total;
}

bool objective_has_totals(const struct longhaul_analysis *a, enum longhaul_objective_kind quantity)
{
    switch (quantity) {
    case LONGHAUL_OBJECTIVE_LOSS: return has_loss(&a->loss);
    case LONGHAUL_OBJECTIVE_RATE: return a->rate.kind == LONGHAUL_RATE_KIND_DELIVERED && !isnan(a->rate.mbps);
    default: return false;
    }
}

/* ---- one test */

static void take_loss(const struct objective_test *t, struct objective_evidence *e)
{
    const struct longhaul_loss *l = &t->a->loss;
    if (has_loss(l)) {
        e->sum += l->lost + t->expected;
        e->weight += l->total + t->expected;
        return;
    }
    for (size_t i = 0; i < t->view.n; i++)
        if (objective_test_knows(t, LONGHAUL_OBJECTIVE_LOSS, i)) {
            e->sum += t->lost[i];
            e->weight += t->packets[i];
        }
}

static void take_rate(const struct objective_test *t, struct objective_evidence *e)
{
    double target_bps = analysis_target_bps(&t->a->info), most_bps = isnan(target_bps) ? INFINITY : target_bps;
    e->most_bits += t->missing_s > 0 ? most_bps * t->missing_s : 0;
    e->most_bits_to_come += t->to_come_s > 0 ? most_bps * t->to_come_s : 0;
    if (objective_has_totals(t->a, LONGHAUL_OBJECTIVE_RATE)) {
        e->sum += t->a->rate.mbps * BPS_PER_MBPS * t->a->rate.seconds;
        e->weight += t->a->rate.seconds;
        return;
    }
    for (size_t i = 0; i < t->view.n; i++)
        if (objective_test_knows(t, LONGHAUL_OBJECTIVE_RATE, i)) {
            e->sum += objective_test_arrived(t, i);
            e->weight += t->view.seconds[i];
        }
}

/* The time in gaps in which nothing got through is known to be without it. */
static double silent_s(const struct objective_test *t)
{
    double sum_s = 0;
    for (size_t k = 0; k < t->view.n_gaps; k++)
        if (objective_is_outage(&t->view.gaps[k]))
            sum_s += objective_missing_s(t, t->view.gaps[k].start_s, t->view.gaps[k].start_s + t->view.gaps[k].seconds);
    return sum_s;
}

static void take_availability(const struct objective_test *t, struct objective_evidence *e,
                              struct longhaul_objective_result *r)
{
    double known_s = t->a->figures.availability_known_s, out_s = silent_s(t);
    e->sum += known_s > 0 ? t->a->figures.availability * known_s : 0;
    e->weight += known_s + out_s;
    r->observed_s += out_s;
    r->unobserved_s -= out_s;
}

/* Of its plan, also when it was stopped on request. */
static void take_coverage(const struct objective_test *t, struct objective_evidence *e,
                          struct longhaul_objective_result *r)
{
    const struct longhaul_info *info = &t->a->info;
    double observed_s = t->end_s - t->missing_s,
           planned_s = info->is_journal || isnan(info->planned_s) ? t->end_s : fmax(info->planned_s, t->end_s);
    if (isnan(info->planned_s) && !info->is_journal)
        return; /* nothing says what was planned */
    e->sum += observed_s;
    e->weight += planned_s;
    r->unobserved_s += planned_s - t->end_s;
}

/* ---- outages */

/* Times that touch each other, one after another. */
struct chain {
    double from_s, to_s, longest_s;
};

static void chain_add(struct chain *c, double from_s, double to_s)
{
    if (to_s <= from_s)
        return;
    c->from_s = from_s <= c->to_s + TOUCH_S ? c->from_s : from_s;
    c->to_s = from_s <= c->to_s + TOUCH_S ? fmax(c->to_s, to_s) : to_s;
    c->longest_s = fmax(c->longest_s, c->to_s - c->from_s);
}

/* The parts of an event that are outside of gaps in which nobody looked. Events come by their start: *first is the
 * first gap that may reach it. */
static void add_outage(const struct objective_test *t, const struct longhaul_event *e, size_t *first, struct chain *c)
{
    double from_s = e->start_s, to_s = e->start_s + e->seconds;
    while (*first < t->view.n_gaps && t->view.gaps[*first].start_s + t->view.gaps[*first].seconds <= from_s)
        ++*first;
    for (size_t k = *first; k < t->view.n_gaps && t->view.gaps[k].start_s < to_s; k++) {
        const struct longhaul_gap *gap = &t->view.gaps[k];
        if (objective_is_outage(gap))
            continue;
        chain_add(c, from_s, gap->start_s);
        from_s = fmin(gap->start_s + gap->seconds, to_s);
    }
    chain_add(c, from_s, to_s);
}

/* The next outage among the events from *k on; NULL. */
static const struct longhaul_event *next_outage(const struct longhaul_analysis *a, size_t *k)
{
    while (*k < a->events.n && a->events.events[*k].kind != LONGHAUL_EVENT_OUTAGE)
        ++*k;
    return *k < a->events.n ? &a->events.events[*k] : NULL;
}

/* A time that nobody observed can be an outage, together with those that it touches. */
static void take_outages(const struct objective_test *t, struct objective_evidence *e)
{
    struct chain known = { NAN, -INFINITY, 0 }, possible = known;
    size_t k = 0, h = 0, gap = 0;
    for (;;) { /* both lists are by start */
        const struct longhaul_event *event = next_outage(t->a, &k);
        const struct objective_hole *hole = h < t->n_holes ? &t->holes[h] : NULL;
        if (event && (hole == NULL || event->start_s <= hole->from_s)) {
            add_outage(t, event, &gap, &known);
            chain_add(&possible, event->start_s, event->start_s + event->seconds);
            k++;
        } else if (hole) {
            chain_add(&possible, hole->from_s, hole->to_s);
            h++;
        } else {
            break;
        }
    }
    e->worst = fmax(e->worst, known.longest_s);
    e->worst_possible = fmax(e->worst_possible, fmax(possible.longest_s, known.longest_s));
    chain_add(&possible, t->end_s, t->end_s + t->to_come_s);
    e->worst_to_come = fmax(e->worst_to_come, possible.longest_s);
}

/* ---- quantiles */

static bool take_jitter(const struct objective_test *t, struct objective_evidence *e)
{
    double *grown = realloc(e->values, (e->n_values + t->view.n + 1) * sizeof *grown);
    if (grown == NULL)
        return false;
    e->values = grown;
    for (size_t i = 0; i < t->view.n; i++)
        if (view_has_jitter(&t->view, i))
            grown[e->n_values++] = t->view.jitter_ms[i];
    return true;
}

/* Histograms may be missing where the intervals have their percentiles. */
static void take_delay(const struct objective_test *t, struct objective_evidence *e,
                       struct longhaul_objective_result *r)
{
    double known_s = t->end_s - t->missing_s, of_histograms_s = 0, from_s, until_s;
    for (size_t i = 0; series_delay_histogram(t->series, i, &from_s, &until_s, &e->delays); i++)
        of_histograms_s += until_s - from_s;
    double slack_s = t->view.usual_s * fmax(t->a->info.n_sessions, 1);
    for (size_t i = 0; i < t->view.n; i++)
        if (view_is_dead(&t->view, i))
            known_s -= t->view.seconds[i]; /* nothing came: no histogram either */
    double missing_s = known_s - of_histograms_s;
    if (missing_s > slack_s) {
        r->unobserved_s += missing_s;
        r->observed_s -= missing_s;
    }
}

static double quantile_of(struct objective_evidence *e, double share)
{
    double value = NAN;
    if (share < 0)
        return 0;
    if (share > 1)
        return INFINITY;
    if (e->values == NULL)
        return histogram_quantile(&e->delays, share) / US_PER_MS;
    stats_quantiles(e->values, e->n_values, &share, 1, &value);
    return value;
}

/* ---- all tests */

bool objective_take_test(const struct objective_test *t, struct objective_evidence *e,
                         struct longhaul_objective_result *r)
{
    r->observed_s += t->end_s - t->missing_s;
    r->unobserved_s += t->missing_s;
    switch (r->objective.quantity) {
    case LONGHAUL_OBJECTIVE_LOSS: take_loss(t, e); break;
    case LONGHAUL_OBJECTIVE_RATE: take_rate(t, e); break;
    case LONGHAUL_OBJECTIVE_AVAILABILITY: take_availability(t, e, r); break;
    case LONGHAUL_OBJECTIVE_COVERAGE: take_coverage(t, e, r); break;
    case LONGHAUL_OBJECTIVE_OUTAGE: take_outages(t, e); break;
    case LONGHAUL_OBJECTIVE_JITTER: return take_jitter(t, e);
    case LONGHAUL_OBJECTIVE_DELAY_P50:
    case LONGHAUL_OBJECTIVE_DELAY_P99: take_delay(t, e, r); break;
    }
    return true;
}

static double share_of(enum longhaul_objective_kind quantity)
{
    return quantity == LONGHAUL_OBJECTIVE_JITTER      ? OBJECTIVE_JITTER_SHARE
           : quantity == LONGHAUL_OBJECTIVE_DELAY_P50 ? 0.5
                                                      : 0.99;
}

double objective_value(struct objective_evidence *e, const struct longhaul_objective_result *r)
{
    switch (r->objective.quantity) {
    case LONGHAUL_OBJECTIVE_OUTAGE: return e->worst > 0 || r->observed_s > 0 ? e->worst : NAN;
    case LONGHAUL_OBJECTIVE_RATE: return e->weight > 0 ? e->sum / e->weight : NAN;
    case LONGHAUL_OBJECTIVE_JITTER:
    case LONGHAUL_OBJECTIVE_DELAY_P50:
    case LONGHAUL_OBJECTIVE_DELAY_P99:
        return (e->values ? e->n_values > 0 : e->delays.n > 0) ? quantile_of(e, share_of(r->objective.quantity)) : NAN;
    default: return e->weight > 0 ? 100 * e->sum / e->weight : NAN;
    }
}

struct objective_range objective_range(struct objective_evidence *e, const struct longhaul_objective_result *r,
                                       bool with_future)
{
    enum longhaul_objective_kind quantity = r->objective.quantity;
    double missing_s = r->unobserved_s + (with_future ? r->to_come_s : 0);
    if (isnan(r->value))
        return (struct objective_range){ NAN, NAN };
    if (quantity == LONGHAUL_OBJECTIVE_OUTAGE)
        return (struct objective_range){ e->worst, with_future ? e->worst_to_come : e->worst_possible };
    if (quantity == LONGHAUL_OBJECTIVE_COVERAGE) { /* what was not observed is no doubt */
        double to_come_s = with_future ? r->to_come_s : 0, all_s = e->weight + to_come_s;
        return (struct objective_range){ 100 * e->sum / all_s, 100 * (e->sum + to_come_s) / all_s };
    }
    if (quantity == LONGHAUL_OBJECTIVE_RATE) {
        double all_s = e->weight + missing_s, bits = e->most_bits + (with_future ? e->most_bits_to_come : 0);
        return (struct objective_range){ e->sum / all_s, (e->sum + bits) / all_s };
    }
    if (quantity == LONGHAUL_OBJECTIVE_LOSS || quantity == LONGHAUL_OBJECTIVE_AVAILABILITY) {
        double unknown = missing_s > 0 ? e->weight * missing_s / r->observed_s : 0, all = e->weight + unknown;
        return (struct objective_range){ 100 * e->sum / all, 100 * (e->sum + unknown) / all };
    }
    double share = share_of(quantity), least = objective_shifted(share, r->observed_s, missing_s, false),
           most = objective_shifted(share, r->observed_s, missing_s, true);
    return (struct objective_range){ fmin(quantile_of(e, least), r->value), fmax(quantile_of(e, most), r->value) };
}
