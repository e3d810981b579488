/* compare_legs.c - finds the tests of each leg on both sides of a comparison, and decides how their times of day are
 * matched. Compares no figures. */

#include "report/compare_legs.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "base/units.h"

#define MATCHED_SHARE 0.5 /* of the shorter side's cells, by the time of day, which both must have to be matched */
#define OTHER_TIME_S (2 * 3600.0) /* from a cell of one side to the nearest one of the other */

/* ---- legs that belong together */

static int leg_order(const struct report_leg *a, const struct report_leg *b)
{
    int order = strcmp(a->info->source, b->info->source);
    order = order ? order : strcmp(a->info->destination, b->info->destination);
    return order ? order : strcmp(a->info->protocol, b->info->protocol);
}

static int by_leg(const void *a, const void *b)
{
    const struct report_leg *x = *(const struct report_leg *const *)a, *y = *(const struct report_leg *const *)b;
    int order = leg_order(x, y);
    return order ? order : (x > y) - (x < y); /* those of one leg as in the report: by start */
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
    while (end < n && leg_order(legs[first], legs[end]) == 0)
        end++;
    return end - first;
}

static bool is_among(const struct report_leg *test, const struct report_leg *const *others, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (test->info->start_unix_s == others[i]->info->start_unix_s)
            return true;
    return false;
}

/* A folder of many days may have the day that is compared with them: it is not one of those before. */
static void leave_out(struct compare_tests *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_before; i++)
        n += is_among(t->before[i], t->after, t->n_after);
    if (n == t->n_before)
        return;
    t->n_left_out = n;
    n = t->n_before;
    t->n_before = 0;
    for (size_t i = 0; i < n; i++)
        if (!is_among(t->before[i], t->after, t->n_after))
            t->before[t->n_before++] = t->before[i];
}

bool compare_legs_take(const struct longhaul_report *before, const struct longhaul_report *after,
                       struct compare_legs *legs)
{
    const size_t n_b = before->n_legs, n_a = after->n_legs;
    *legs = (struct compare_legs){ sorted(before), sorted(after), malloc((n_b + n_a + 1) * sizeof *legs->tests), 0 };
    if (!legs->before || !legs->after || !legs->tests)
        return false;
    for (size_t i = 0, k = 0; i < n_b || k < n_a;) {
        const struct report_leg **b = legs->before + i, **a = legs->after + k;
        int order = i == n_b ? 1 : k == n_a ? -1 : leg_order(*b, *a);
        struct compare_tests t = { b, a, order <= 0 ? n_same(legs->before, n_b, i) : 0,
                                   order >= 0 ? n_same(legs->after, n_a, k) : 0, 0 };
        i += t.n_before;
        k += t.n_after;
        leave_out(&t);
        legs->tests[legs->n++] = t;
    }
    return true;
}

void compare_legs_free(struct compare_legs *legs)
{
    free(legs->before);
    free(legs->after);
    free(legs->tests);
}

const struct report_leg *compare_test_at(const struct compare_tests *t, size_t i)
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

double compare_legs_coverage(const struct report_leg *const *tests, size_t n)
{
    double observed = 0, planned = 0;
    for (size_t i = 0; i < n; i++) {
        double coverage = longhaul_analysis_figures(tests[i]->analysis)->coverage, its = report_length_s(tests[i]);
        if (isnan(coverage))
            continue;
        observed += coverage * its;
        planned += its;
    }
    return planned > 0 ? observed / planned : NAN;
}

static double usual_s(const struct compare_tests *t)
{
    double most = 0;
    for (size_t i = 0; i < t->n_before + t->n_after; i++)
        most = fmax(most, longhaul_analysis_figures(compare_test_at(t, i)->analysis)->usual_s);
    return most;
}

static bool is_dated(const struct compare_tests *t)
{
    for (size_t i = 0; i < t->n_before + t->n_after; i++)
        if (isnan(longhaul_analysis_figures(compare_test_at(t, i)->analysis)->start_unix_s))
            return false;
    return true;
}

static bool is_known(const struct compare_cells *cells, size_t i)
{
    return compare_cells_know(cells, i % cells->n);
}

static size_t n_known(const struct compare_cells *cells)
{
    size_t n = 0;
    for (size_t i = 0; i < cells->n; i++)
        n += is_known(cells, i);
    return n;
}

static size_t n_both(const struct compare_cells *x, const struct compare_cells *y)
{
    size_t n = 0;
    for (size_t i = 0; i < x->n && i < y->n; i++)
        n += is_known(x, i) && is_known(y, i);
    return n;
}

/* For how long both sides know the same times of day. Of several days a time counts once. */
static double seconds_of_both(const struct compare_cells *x, const struct compare_cells *y)
{
    double seconds = 0;
    for (size_t i = 0; i < x->n && i < y->n; i++)
        seconds += fmin(x->length_s, fmin(x->ratios[i].weight, y->ratios[i].weight));
    return seconds;
}

/* How many cells a cell of x is away from the nearest one of y, around the clock: the most of all. */
static size_t farthest(const struct compare_cells *x, const struct compare_cells *y)
{
    size_t n = x->n, first = 0, far = 0;
    while (first < n && !is_known(y, first))
        first++;
    for (size_t last = first, next = first + 1; first < n && next <= first + n; next++) {
        if (!is_known(y, next))
            continue;
        for (size_t i = last + 1; i < next; i++) {
            size_t away = i - last < next - i ? i - last : next - i;
            far = is_known(x, i) && away > far ? away : far;
        }
        last = next;
    }
    return far;
}

/* Times of day are matched if both sides have half of the shorter one's in common, or enough of them where the rest is
 * at other times of day. By the rate, which all tests have, and whose weight is the time. */
static void match(const struct compare_cells *b, const struct compare_cells *a, struct longhaul_compared_leg *leg)
{
    size_t x = n_known(b), y = n_known(a), both = n_both(b, a), b_far = farthest(b, a), a_far = farthest(a, b);
    bool is_far = (double)(a_far > b_far ? a_far : b_far) * leg->cell_s > OTHER_TIME_S;
    leg->is_matched =
        both > 0 && ((double)both >= MATCHED_SHARE * (double)(x < y ? x : y) || (is_far && both >= TWO_SAMPLES_LEAST));
    leg->is_other_time = !leg->is_matched && is_far;
    if (leg->is_matched)
        leg->seconds = seconds_of_both(b, a);
}

static bool fill(const struct compare_tests *t, const bool *wanted, const struct compare_grid *grid,
                 struct compare_sides *sides)
{
    return compare_cells_fill(t->before, t->n_before, wanted, grid, sides->before) &&
           compare_cells_fill(t->after, t->n_after, wanted, grid, sides->after);
}

bool compare_legs_match(const struct compare_tests *t, const bool *wanted, struct longhaul_compared_leg *leg,
                        struct compare_sides *sides)
{
    bool with_rate[LONGHAUL_N_COMPARED];
    double before_s = observed_s(t->before, t->n_before), after_s = observed_s(t->after, t->n_after);
    struct compare_grid grid = compare_grid_for(fmin(fmin(before_s, after_s), DAY_S), usual_s(t));
    memcpy(with_rate, wanted, sizeof with_rate);
    with_rate[LONGHAUL_COMPARED_RATE] = true;
    leg->cell_s = grid.cell_s;
    leg->seconds = fmin(before_s, after_s);
    *sides = (struct compare_sides){ 0 };
    grid.is_by_day = is_dated(t);
    if (!fill(t, with_rate, &grid, sides))
        return false;
    if (grid.is_by_day)
        match(&sides->before[LONGHAUL_COMPARED_RATE], &sides->after[LONGHAUL_COMPARED_RATE], leg);
    if (leg->is_matched || !grid.is_by_day)
        return true;
    compare_sides_free(sides);
    grid.is_by_day = false;
    return fill(t, with_rate, &grid, sides);
}

void compare_sides_free(struct compare_sides *sides)
{
    compare_cells_free(sides->before);
    compare_cells_free(sides->after);
    *sides = (struct compare_sides){ 0 };
}

/* ---- notes */

void compare_note(struct longhaul_compared_leg *leg, const char *format, ...)
{
    char text[sizeof leg->note];
    size_t length = strlen(leg->note);
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (length + 2 + strlen(text) >= sizeof leg->note) /* what does not fit is omitted */
        return;
    if (length > 0)
        strcat(leg->note, "; ");
    strcat(leg->note, text);
}
