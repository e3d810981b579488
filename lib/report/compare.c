/* compare.c - compares the legs of two reports: which belong together, how their time is matched, and what may be said.
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "base/error.h"
#include "base/units.h"
#include "report/compare.h"
#include "report/compare_cells.h"

#define DEFAULT_ERROR 0.01
#define MATCHED_SHARE 0.5 /* of the shorter side's cells, by the time of day, which both must have to be matched */
#define DELAYS_LEAST_CELL_S 60.0 /* of a test that is longer than ... */
#define DELAYS_SHORT_S 180.0     /* ... this, whose histograms are of a minute */

static const struct {
    const char *text, *unit;
    double margin;
    int worse; /* the sign of a change for the worse */
} quantities[LONGHAUL_N_COMPARED] = { [LONGHAUL_COMPARED_RATE] = { "rate", "Mbps", 0.5, -1 },
                                      [LONGHAUL_COMPARED_LOSS] = { "loss", "%", 0.02, 1 },
                                      [LONGHAUL_COMPARED_JITTER] = { "jitter", "ms", 0.5, 1 },
                                      [LONGHAUL_COMPARED_DELAY] = { "delay", "ms", 1, 1 },
                                      [LONGHAUL_COMPARED_SILENCES] = { "silences", "an hour", 1, 1 },
                                      [LONGHAUL_COMPARED_RETRANSMITS] = { "retransmits", "%", 0.02, 1 },
                                      [LONGHAUL_COMPARED_RTT] = { "rtt", "ms", 1, 1 } };

const char *longhaul_compared_text(enum longhaul_compared quantity)
{
    return (unsigned)quantity < LONGHAUL_N_COMPARED ? quantities[quantity].text : "";
}

const char *longhaul_compared_unit(enum longhaul_compared quantity)
{
    return (unsigned)quantity < LONGHAUL_N_COMPARED ? quantities[quantity].unit : "";
}

double longhaul_compare_margin(enum longhaul_compared quantity)
{
    return (unsigned)quantity < LONGHAUL_N_COMPARED ? quantities[quantity].margin : NAN;
}

const char *longhaul_difference_words(enum longhaul_difference difference)
{
    static const char *const words[] = { "cannot say", "no difference that matters", "better", "worse" };
    return (unsigned)difference < sizeof words / sizeof *words ? words[difference] : "";
}

const char *longhaul_difference_text(enum longhaul_difference difference)
{
    static const char *const texts[] = { "cannot_say", "none", "better", "worse" };
    return (unsigned)difference < sizeof texts / sizeof *texts ? texts[difference] : "";
}

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "compare: out of memory");
}

/* ---- legs that belong together */

/* Borrowed; malloc'd lists. */
struct leg_tests {
    const struct report_leg **before, **after;
    size_t n_before, n_after;
};

static int by_leg(const void *a, const void *b)
{
    const struct longhaul_info *x = (*(const struct report_leg *const *)a)->info,
                               *y = (*(const struct report_leg *const *)b)->info;
    int order = strcmp(x->source, y->source);
    order = order ? order : strcmp(x->destination, y->destination);
    order = order ? order : strcmp(x->protocol, y->protocol);
    return order ? order : (x->start_unix_s > y->start_unix_s) - (x->start_unix_s < y->start_unix_s);
}

static bool is_same_leg(const struct report_leg *a, const struct report_leg *b)
{
    return strcmp(a->info->source, b->info->source) == 0 &&
           strcmp(a->info->destination, b->info->destination) == 0 &&
           strcmp(a->info->protocol, b->info->protocol) == 0;
}

static const struct report_leg **sorted(const struct longhaul_report *report)
{
    const struct report_leg **legs = malloc((report->n_legs + 1) * sizeof *legs);
    for (size_t i = 0; legs && i < report->n_legs; i++)
        legs[i] = &report->legs[i];
    if (legs && report->n_legs > 0)
        qsort(legs, report->n_legs, sizeof *legs, by_leg);
    return legs;
}

static size_t n_same(const struct report_leg *const *legs, size_t n, size_t first)
{
    size_t end = first;
    while (end < n && is_same_leg(legs[first], legs[end]))
        end++;
    return end - first;
}

/* Takes the next leg of either list; false when both are done. */
static bool next_leg(const struct report_leg **b, size_t n_b, size_t *i, const struct report_leg **a, size_t n_a,
                     size_t *k, struct leg_tests *t)
{
    *t = (struct leg_tests){ b + *i, a + *k, n_same(b, n_b, *i), n_same(a, n_a, *k) };
    if (*i < n_b && *k < n_a && !is_same_leg(b[*i], a[*k])) {
        const struct report_leg *x = b[*i], *y = a[*k];
        int order = strcmp(x->info->source, y->info->source);
        order = order ? order : strcmp(x->info->destination, y->info->destination);
        order = order ? order : strcmp(x->info->protocol, y->info->protocol);
        *(order < 0 ? &t->n_after : &t->n_before) = 0;
    }
    *i += t->n_before;
    *k += t->n_after;
    return t->n_before + t->n_after > 0;
}

static const struct report_leg *test_at(const struct leg_tests *t, size_t i)
{
    return i < t->n_before ? t->before[i] : t->after[i - t->n_before];
}

/* ---- time */

static double observed_s(const struct report_leg *const *tests, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += longhaul_analysis_summary(tests[i]->analysis)->observed_s;
    return sum;
}

static double usual_s(const struct leg_tests *t)
{
    double most = 0;
    for (size_t i = 0; i < t->n_before + t->n_after; i++)
        most = fmax(most, longhaul_analysis_figures(test_at(t, i)->analysis)->usual_s);
    return most;
}

static bool is_dated(const struct leg_tests *t)
{
    for (size_t i = 0; i < t->n_before + t->n_after; i++)
        if (isnan(longhaul_analysis_figures(test_at(t, i)->analysis)->start_unix_s))
            return false;
    return true;
}

static size_t n_known(const struct compare_cells *cells)
{
    size_t n = 0;
    for (size_t i = 0; i < cells->n; i++)
        n += cells->ratios[i].weight > 0;
    return n;
}

static size_t n_both(const struct compare_cells *x, const struct compare_cells *y)
{
    size_t n = 0;
    for (size_t i = 0; i < x->n && i < y->n; i++)
        n += x->ratios[i].weight > 0 && y->ratios[i].weight > 0;
    return n;
}

/* Decides the cells' length, and whether times of day are matched: if both sides have at least half of the shorter one's
 * in common. By the rate, which all tests have. False when out of memory. */
static bool match_times(const struct leg_tests *t, struct longhaul_compared_leg *leg)
{
    double before_s = observed_s(t->before, t->n_before), after_s = observed_s(t->after, t->n_after);
    double shorter_s = fmin(fmin(before_s, after_s), 86400);
    struct compare_grid grid = { compare_cell_s(shorter_s, usual_s(t)), true };
    struct compare_cells b = { 0 }, a = { 0 };
    bool good = compare_cells_fill(t->before, t->n_before, LONGHAUL_COMPARED_RATE, &grid, &b) &&
                compare_cells_fill(t->after, t->n_after, LONGHAUL_COMPARED_RATE, &grid, &a);
    if (good) {
        size_t x = n_known(&b), y = n_known(&a), both = n_both(&b, &a);
        leg->cell_s = grid.cell_s;
        leg->is_matched = is_dated(t) && both > 0 && (double)both >= MATCHED_SHARE * (double)(x < y ? x : y);
        leg->seconds = leg->is_matched ? (double)both * grid.cell_s : fmin(before_s, after_s);
    }
    compare_cells_free(&b);
    compare_cells_free(&a);
    return good;
}

/* ---- one figure */

static void cannot(struct longhaul_compared_figure *f, const char *why)
{
    f->difference = LONGHAUL_DIFFERENCE_CANNOT_SAY;
    snprintf(f->why, sizeof f->why, "%s", why);
}

static void judge(struct longhaul_compared_figure *f, enum longhaul_compared quantity)
{
    double worse = quantities[quantity].worse * f->effect,
           low = quantities[quantity].worse > 0 ? f->low : -f->high,
           high = quantities[quantity].worse > 0 ? f->high : -f->low;
    if (isnan(low)) {
        char why[sizeof f->why];
        snprintf(why, sizeof why, "too short: %zu pieces of time, and %d are needed", f->n_cells, TWO_SAMPLES_LEAST);
        cannot(f, why);
    } else if (low > 0 && worse >= f->margin) {
        f->difference = LONGHAUL_DIFFERENCE_WORSE;
    } else if (high < 0 && worse <= -f->margin) {
        f->difference = LONGHAUL_DIFFERENCE_BETTER;
    } else if (low >= -f->margin && high <= f->margin) {
        f->difference = LONGHAUL_DIFFERENCE_NONE;
    } else {
        cannot(f, low > 0 || high < 0 ? "a difference, but it may be less than what matters"
                                      : "varies too much for the time compared");
    }
}

/* Fills the figure but for its judgement, with that chance of error at each end. False when out of memory. */
static bool measure(const struct leg_tests *t, enum longhaul_compared quantity, double error,
                    const struct longhaul_compared_leg *leg, struct longhaul_compared_figure *f)
{
    bool is_delays = quantity == LONGHAUL_COMPARED_DELAY;
    struct compare_grid grid = { leg->cell_s, leg->is_matched };
    struct compare_cells b = { 0 }, a = { 0 };
    struct two_samples r = { NAN, NAN, NAN, NAN, NAN, NAN, 0 };
    if (is_delays && leg->seconds > DELAYS_SHORT_S)
        grid.cell_s = fmax(grid.cell_s, DELAYS_LEAST_CELL_S);
    bool good = compare_cells_fill(t->before, t->n_before, quantity, &grid, &b) &&
                compare_cells_fill(t->after, t->n_after, quantity, &grid, &a);
    struct two_samples_plan plan = { b.n, a.n, grid.is_by_day, error };
    if (good)
        good = is_delays ? two_samples_quantile(b.delays, a.delays, &plan, COMPARE_SHARE, &r)
                         : two_samples_ratio(b.ratios, a.ratios, &plan, &r);
    if (good && t->n_after == 1)
        two_samples_add_days(&r, b.days, b.n_days, error);
    double unit = is_delays ? US_PER_MS : 1;
    *f = (struct longhaul_compared_figure){ .is_known = !isnan(r.effect), .before = r.before / unit,
                                            .after = r.after / unit, .effect = r.effect / unit, .low = r.low / unit,
                                            .high = r.high / unit, .n_cells = r.n };
    compare_cells_free(&b);
    compare_cells_free(&a);
    return good;
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

/* The first test of the side after whose target is not that of the first one before; NULL if none is. */
static const struct report_leg *other_target(const struct leg_tests *t)
{
    double wanted = report_target_mbps(t->before[0]->info);
    for (size_t i = 1; i < t->n_before + t->n_after; i++) {
        double target = report_target_mbps(test_at(t, i)->info);
        if (target != wanted && !(isnan(target) && isnan(wanted)))
            return test_at(t, i);
    }
    return NULL;
}

/* Rates can be compared if both sides wanted the same, and count the same. */
static void judge_rate(const struct leg_tests *t, struct longhaul_compared_leg *leg)
{
    struct longhaul_compared_figure *f = &leg->figures[LONGHAUL_COMPARED_RATE];
    const char *before = kind_of_rates(t->before, t->n_before), *after = kind_of_rates(t->after, t->n_after);
    const struct report_leg *other = other_target(t);
    char why[sizeof f->why];
    if (other) {
        snprintf(leg->note, sizeof leg->note, "targets differ: %g Mbps and %g Mbps",
                 report_target_mbps(t->before[0]->info), report_target_mbps(other->info));
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

static bool is_known(const struct leg_tests *t, enum longhaul_compared quantity)
{
    bool before = false, after = false;
    for (size_t i = 0; i < t->n_before + t->n_after; i++)
        *(i < t->n_before ? &before : &after) |= knows(test_at(t, i), quantity);
    return before && after;
}

static int compare_leg(const struct leg_tests *t, const double *margins, double error,
                       struct longhaul_compared_leg *leg, struct longhaul_error *err)
{
    if (!match_times(t, leg))
        return out_of_memory(err);
    for (int i = 0; i < LONGHAUL_N_COMPARED; i++) {
        enum longhaul_compared q = (enum longhaul_compared)i;
        struct longhaul_compared_figure *f = &leg->figures[i];
        if (!is_known(t, q))
            continue;
        if (!measure(t, q, error, leg, f))
            return out_of_memory(err);
        f->margin = q == LONGHAUL_COMPARED_RATE ? margins[q] / 100 * fabs(f->before) : margins[q];
        if (f->is_known)
            judge(f, q);
    }
    if (leg->figures[LONGHAUL_COMPARED_RATE].is_known)
        judge_rate(t, leg);
    return 0;
}

/* ---- all */

static int check_options(const struct longhaul_compare_options *o, struct longhaul_error *err)
{
    for (int q = 0; o && q < LONGHAUL_N_COMPARED; q++)
        if (!(o->margins[q] >= 0) || isinf(o->margins[q]))
            return error_set(err, LONGHAUL_EINVAL, "the margin of %s is not 0 or more", quantities[q].text);
    if (o && !(o->error >= 0 && o->error < 0.5))
        return error_set(err, LONGHAUL_EINVAL, "the chance of a false alarm is not 0 to 0.5");
    return 0;
}

static struct longhaul_compared_leg new_leg(const struct leg_tests *t)
{
    const struct longhaul_info *info = test_at(t, 0)->info;
    struct longhaul_compared_leg leg = { .source = info->source, .destination = info->destination,
                                         .protocol = info->protocol, .n_before = t->n_before, .n_after = t->n_after };
    for (int q = 0; q < LONGHAUL_N_COMPARED; q++)
        leg.figures[q] = (struct longhaul_compared_figure){ .before = NAN, .after = NAN, .effect = NAN, .low = NAN,
                                                            .high = NAN, .margin = NAN };
    return leg;
}

/* The legs of both reports, and how many figures both know. */
struct all_legs {
    const struct report_leg **before, **after;
    struct leg_tests *tests;
    size_t n, n_figures;
};

static bool take_legs(const struct longhaul_report *before, const struct longhaul_report *after, struct all_legs *all)
{
    size_t i = 0, k = 0;
    struct leg_tests t;
    *all = (struct all_legs){ sorted(before), sorted(after),
                              malloc((before->n_legs + after->n_legs + 1) * sizeof *all->tests), 0, 0 };
    if (!all->before || !all->after || !all->tests)
        return false;
    while (next_leg(all->before, before->n_legs, &i, all->after, after->n_legs, &k, &t)) {
        all->tests[all->n++] = t;
        for (int q = 0; q < LONGHAUL_N_COMPARED; q++)
            all->n_figures += is_known(&t, (enum longhaul_compared)q);
    }
    return true;
}

static void free_legs(struct all_legs *all)
{
    free(all->before);
    free(all->after);
    free(all->tests);
}

static int compare_all(const struct all_legs *all, const struct longhaul_compare_options *options,
                       struct longhaul_comparison *c, struct longhaul_error *err)
{
    double margins[LONGHAUL_N_COMPARED], error = options && options->error > 0 ? options->error : DEFAULT_ERROR;
    int rc = 0;
    for (int q = 0; q < LONGHAUL_N_COMPARED; q++)
        margins[q] = options && options->margins[q] > 0 ? options->margins[q] : quantities[q].margin;
    c->all_error = error;
    c->error = error / (double)(all->n_figures > 0 ? all->n_figures : 1);
    for (size_t i = 0; i < all->n && rc == 0; i++) {
        struct longhaul_compared_leg *leg = &c->legs[c->n_legs++];
        *leg = new_leg(&all->tests[i]);
        if (leg->n_before > 0 && leg->n_after > 0)
            rc = compare_leg(&all->tests[i], margins, c->error, leg, err);
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
    struct all_legs all = { 0 };
    int rc = check_options(options, err);
    struct longhaul_comparison *c = calloc(1, sizeof *c);
    if (rc == 0 && (!c || !take_legs(before, after, &all) || !(c->legs = calloc(all.n + 1, sizeof *c->legs))))
        rc = out_of_memory(err);
    if (rc == 0)
        rc = compare_all(&all, options, c, err);
    if (rc == 0)
        rc = compare_say(c, err);
    free_legs(&all);
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
