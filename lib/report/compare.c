/* compare.c - compares the legs of two reports: measures each difference, and decides what may be said of it. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "base/error.h"
#include "base/units.h"
#include "report/compare.h"
#include "report/compare_legs.h"

#define DEFAULT_ERROR 0.01
#define LESS_OBSERVED 0.01 /* of the planned time */

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "compare: out of memory");
}

/* ---- one figure */

static void cannot(struct longhaul_compared_figure *f, const char *why)
{
    f->difference = LONGHAUL_DIFFERENCE_CANNOT_SAY;
    snprintf(f->why, sizeof f->why, "%s", why);
}

static void judge(struct longhaul_compared_figure *f, enum longhaul_compared quantity,
                  const struct longhaul_compared_leg *leg)
{
    int sign = compare_worse_sign(quantity);
    double worse = sign * f->effect, low = sign > 0 ? f->low : -f->high, high = sign > 0 ? f->high : -f->low;
    if (isnan(f->effect)) {
        cannot(f, leg->is_matched ? "no piece of time in which both sides know it" : "known only for whole tests");
    } else if (isnan(low)) {
        char why[sizeof f->why];
        snprintf(why, sizeof why, "too few pieces of time: %zu, and %d are needed", f->n_cells, TWO_SAMPLES_LEAST);
        cannot(f, why);
    } else if (low >= -f->margin && high <= f->margin) {
        f->difference = LONGHAUL_DIFFERENCE_NONE;
    } else if (leg->is_other_time) {
        cannot(f, "other times of day");
    } else if (low > 0 && worse >= f->margin) {
        f->difference = LONGHAUL_DIFFERENCE_WORSE;
    } else if (high < 0 && worse <= -f->margin) {
        f->difference = LONGHAUL_DIFFERENCE_BETTER;
    } else {
        cannot(f, low > 0 || high < 0 ? "a difference, but perhaps less than matters"
                                      : "varies too much for the time compared");
    }
}

/* Fills the figure but for its judgement, with that chance of error at each end. False when out of memory. */
static bool measure(const struct compare_cells *b, const struct compare_cells *a, bool is_matched, double error,
                    struct longhaul_compared_figure *f)
{
    struct two_samples r;
    struct two_samples_plan plan = { b->n, a->n, is_matched, error };
    if (!(b->is_delays ? two_samples_quantile(b->delays, a->delays, &plan, HISTOGRAM_P99, &r)
                       : two_samples_ratio(b->ratios, a->ratios, &plan, &r)))
        return false;
    two_samples_add_tests(&r, b->tests, b->n_tests, a->tests, a->n_tests, error);
    double unit = b->is_delays ? US_PER_MS : 1;
    *f = (struct longhaul_compared_figure){ .is_known = true,
                                            .before = r.before / unit,
                                            .after = r.after / unit,
                                            .effect = r.effect / unit,
                                            .low = r.low / unit,
                                            .high = r.high / unit,
                                            .n_cells = r.n };
    return true;
}

/* ---- one leg */

static const char *kind_of_rates(const struct report_leg *const *tests, size_t n)
{
    enum longhaul_rate_kind kind = longhaul_analysis_rate(tests[0]->analysis)->kind;
    for (size_t i = 1; i < n; i++)
        if (longhaul_analysis_rate(tests[i]->analysis)->kind != kind)
            return "mixed";
    return longhaul_rate_kind_text(kind);
}

static const char *target_text(const struct report_leg *test, char text[40])
{
    double mbps = report_target_mbps(test->info);
    snprintf(text, 40, isnan(mbps) ? "unlimited" : "%.12g Mbps", mbps);
    return text;
}

/* The first test whose target is not that of the first one before; NULL if none is. */
static const struct report_leg *other_target(const struct compare_tests *t)
{
    double wanted = report_target_mbps(t->before[0]->info);
    for (size_t i = 1; i < t->n_before + t->n_after; i++) {
        double target = report_target_mbps(compare_test_at(t, i)->info);
        if (target != wanted && !(isnan(target) && isnan(wanted)))
            return compare_test_at(t, i);
    }
    return NULL;
}

/* Rates can be compared if both sides wanted the same, and count the same. */
static void judge_rate(const struct compare_tests *t, struct longhaul_compared_leg *leg)
{
    struct longhaul_compared_figure *f = &leg->figures[LONGHAUL_COMPARED_RATE];
    const char *before = kind_of_rates(t->before, t->n_before), *after = kind_of_rates(t->after, t->n_after);
    const struct report_leg *other = other_target(t);
    char why[sizeof f->why];
    if (other) {
        char targets[2][40];
        compare_note(leg, "targets differ: %s and %s", target_text(t->before[0], targets[0]),
                     target_text(other, targets[1]));
        cannot(f, "the targets differ");
    } else if (strcmp(before, after) != 0 || strcmp(before, "mixed") == 0) {
        snprintf(why, sizeof why, "not the same kind of rate: %s before, %s after", before, after);
        cannot(f, why);
    }
}

/* What a test knows; of a figure that it does not know nothing is measured. */
static bool knows(const struct report_leg *test, enum longhaul_compared quantity)
{
    const struct longhaul_figures *f = longhaul_analysis_figures(test->analysis);
    const struct longhaul_tcp *tcp = longhaul_analysis_tcp(test->analysis);
    switch (quantity) {
    case LONGHAUL_COMPARED_RATE: return f->rate_mbps.n > 0;
    case LONGHAUL_COMPARED_LOSS: return f->loss_percent.n > 0;
    case LONGHAUL_COMPARED_JITTER: return f->jitter_ms.n > 0;
    case LONGHAUL_COMPARED_DELAY: return longhaul_analysis_delays(test->analysis)->n_datagrams > 0;
    case LONGHAUL_COMPARED_SILENCES: return longhaul_analysis_delays(test->analysis)->n_intervals > 0;
    case LONGHAUL_COMPARED_RETRANSMITS: return tcp && !isnan(tcp->retransmits);
    case LONGHAUL_COMPARED_RTT: return tcp ? tcp->rtt_ms.n > 0 : f->path_rtt_ms.n > 0;
    }
    return false;
}

static bool is_known(const struct compare_tests *t, enum longhaul_compared quantity)
{
    bool before = false, after = false;
    for (size_t i = 0; i < t->n_before + t->n_after; i++)
        *(i < t->n_before ? &before : &after) |= knows(compare_test_at(t, i), quantity);
    return before && after;
}

/* What is different apart from the figures. */
static void note_sides(const struct compare_tests *t, struct longhaul_compared_leg *leg)
{
    leg->coverage_before = compare_legs_coverage(t->before, t->n_before);
    leg->coverage_after = compare_legs_coverage(t->after, t->n_after);
    leg->is_less_observed = leg->coverage_after < leg->coverage_before - LESS_OBSERVED;
    if (leg->is_less_observed)
        compare_note(leg, "observed for %.3g %% of its planned time, before for %.3g %%", 100 * leg->coverage_after,
                     100 * leg->coverage_before);
    if (t->n_left_out > 0)
        compare_note(leg, "%zu test%s of before left out, as on both sides", t->n_left_out,
                     t->n_left_out > 1 ? "s" : "");
}

/* Fills drawings too, one of each quantity. */
static bool compare_figures(const struct compare_tests *t, const double *margins, double error,
                            struct longhaul_compared_leg *leg, struct compare_drawing *drawings)
{
    struct compare_sides sides;
    bool wanted[LONGHAUL_N_COMPARED];
    for (int q = 0; q < LONGHAUL_N_COMPARED; q++)
        wanted[q] = is_known(t, (enum longhaul_compared)q);
    bool good = compare_legs_match(t, wanted, leg, &sides);
    for (int i = 0; i < LONGHAUL_N_COMPARED && good; i++) {
        enum longhaul_compared q = (enum longhaul_compared)i;
        struct longhaul_compared_figure *f = &leg->figures[i];
        if (!wanted[i])
            continue;
        good = measure(&sides.before[i], &sides.after[i], leg->is_matched, error, f) &&
               compare_draw(&sides.before[i], &sides.after[i], leg->is_matched, &drawings[i]);
        f->margin = q == LONGHAUL_COMPARED_RATE ? margins[q] / 100 * fabs(f->before) : margins[q];
        judge(f, q, leg);
    }
    compare_sides_free(&sides);
    return good;
}

static int compare_leg(const struct compare_tests *t, const double *margins, double error,
                       struct longhaul_compared_leg *leg, struct compare_drawing *drawings, struct longhaul_error *err)
{
    if (!compare_figures(t, margins, error, leg, drawings))
        return out_of_memory(err);
    if (leg->figures[LONGHAUL_COMPARED_RATE].is_known)
        judge_rate(t, leg);
    note_sides(t, leg);
    return 0;
}

/* ---- all */

static int check_options(const struct longhaul_compare_options *o, struct longhaul_error *err)
{
    for (int q = 0; o && q < LONGHAUL_N_COMPARED; q++)
        if (!(o->margins[q] >= 0) || isinf(o->margins[q]))
            return error_set(err, LONGHAUL_EINVAL, "the margin of %s is not 0 or more",
                             longhaul_compared_text((enum longhaul_compared)q));
    if (o && !(o->error >= 0 && o->error < 0.5))
        return error_set(err, LONGHAUL_EINVAL, "the chance of a false alarm is not 0 to 0.5");
    return 0;
}

static struct longhaul_compared_leg new_leg(const struct compare_tests *t)
{
    const struct longhaul_info *info = compare_test_at(t, 0)->info;
    struct longhaul_compared_leg leg = { .source = info->source,
                                         .destination = info->destination,
                                         .protocol = info->protocol,
                                         .n_before = t->n_before,
                                         .n_after = t->n_after,
                                         .coverage_before = NAN,
                                         .coverage_after = NAN };
    for (int q = 0; q < LONGHAUL_N_COMPARED; q++)
        leg.figures[q] = (struct longhaul_compared_figure){
            .before = NAN, .after = NAN, .effect = NAN, .low = NAN, .high = NAN, .margin = NAN
        };
    return leg;
}

static size_t count_figures(const struct compare_legs *all)
{
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        for (int q = 0; q < LONGHAUL_N_COMPARED; q++)
            n += is_known(&all->tests[i], (enum longhaul_compared)q);
    return n;
}

static int compare_all(const struct compare_legs *all, const struct longhaul_compare_options *options,
                       struct longhaul_comparison *c, struct longhaul_error *err)
{
    double margins[LONGHAUL_N_COMPARED], error = options && options->error > 0 ? options->error : DEFAULT_ERROR;
    int rc = 0;
    for (int q = 0; q < LONGHAUL_N_COMPARED; q++)
        margins[q] = options && options->margins[q] > 0 ? options->margins[q]
                                                        : longhaul_compare_margin((enum longhaul_compared)q);
    c->all_error = error;
    size_t n_figures = count_figures(all);
    c->error = error / (double)(n_figures > 0 ? n_figures : 1);
    for (size_t i = 0; i < all->n && rc == 0; i++) {
        struct longhaul_compared_leg *leg = &c->legs[c->n_legs++];
        *leg = new_leg(&all->tests[i]);
        if (leg->n_before > 0 && leg->n_after > 0)
            rc = compare_leg(&all->tests[i], margins, c->error, leg, c->drawings + i * LONGHAUL_N_COMPARED, err);
        c->n_both += leg->n_before > 0 && leg->n_after > 0;
        for (int q = 0; q < LONGHAUL_N_COMPARED; q++)
            c->n[leg->figures[q].difference] += leg->figures[q].is_known;
    }
    if (rc == 0 && c->n_both == 0)
        rc = error_set(err, LONGHAUL_EFORMAT, "nothing to compare: no leg is on both sides");
    return rc;
}

int longhaul_compare(const struct longhaul_report *before, const struct longhaul_report *after,
                     const struct longhaul_compare_options *options, struct longhaul_comparison **out,
                     struct longhaul_error *err)
{
    struct compare_legs all = { 0 };
    int rc = check_options(options, err);
    struct longhaul_comparison *c = calloc(1, sizeof *c);
    if (rc == 0 && (!c || !compare_legs_take(before, after, &all) || !(c->legs = calloc(all.n + 1, sizeof *c->legs)) ||
                    !(c->drawings = calloc(all.n * LONGHAUL_N_COMPARED + 1, sizeof *c->drawings))))
        rc = out_of_memory(err);
    if (rc == 0) {
        c->before = before;
        c->after = after;
    }
    if (rc == 0)
        rc = compare_all(&all, options, c, err);
    if (rc == 0)
        rc = compare_say(c, err);
    compare_legs_free(&all);
    if (rc == 0)
        *out = c;
    else
        longhaul_comparison_free(c);
    return rc;
}

void longhaul_comparison_free(struct longhaul_comparison *c)
{
    if (c == NULL)
        return;
    free(c->legs);
    free(c->drawings);
    free(c->verdict);
    free(c);
}

const struct longhaul_compared_leg *longhaul_comparison_legs(const struct longhaul_comparison *c, size_t *n)
{
    *n = c->n_legs;
    return c->legs;
}

size_t longhaul_comparison_n(const struct longhaul_comparison *c, enum longhaul_difference difference)
{
    return (unsigned)difference <= LONGHAUL_DIFFERENCE_WORSE ? c->n[difference] : 0;
}

double longhaul_comparison_error(const struct longhaul_comparison *c)
{
    return c->error;
}

const char *longhaul_comparison_verdict(const struct longhaul_comparison *c)
{
    return c->verdict;
}
