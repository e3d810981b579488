/* objective_judge.c - did a leg do what it was to achieve? What was not observed counts as what would tip the answer:
 * only where it cannot, something is said. What a run in progress has yet to do makes nothing missed. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/objective_judge.h"
#include "analysis/objective_whole.h"
#include "base/error.h"
#include "base/plain_numbers.h"
#include "model/objective.h"

#define MOST_DIGITS 9 /* of a value that rounds to its limit */

static bool has_windows(const struct longhaul_objective *o)
{
    return !isnan(o->share);
}

/* ---- of windows */

static double all_windows(const struct longhaul_objective_result *r, bool with_future)
{
    return r->n_good + r->n_bad + r->n_unknown + (with_future ? r->n_to_come : 0);
}

static struct objective_range windows_range(const struct longhaul_objective_result *r, bool with_future)
{
    double all = all_windows(r, with_future);
    if (r->n_good + r->n_bad == 0)
        return (struct objective_range){ NAN, NAN };
    return (struct objective_range){ 100 * r->n_good / all, 100 * (all - r->n_bad) / all };
}

/* The share that is left of the windows that may be bad; of loss, availability and coverage of the whole test, of what
 * may be lost, down or not covered. */
static double budget_left(const struct longhaul_objective_result *r)
{
    const struct longhaul_objective *o = &r->objective;
    double all_s = r->observed_s + r->to_come_s, done = r->to_come_s > 0 ? r->observed_s / all_s : 1;
    double allowed, used;
    if (isnan(r->value))
        return NAN;
    if (has_windows(o)) {
        allowed = all_windows(r, true) * (100 - o->share) / 100;
        used = r->n_bad;
    } else if (o->quantity == LONGHAUL_OBJECTIVE_LOSS) {
        allowed = o->limit;
        used = r->value * done;
    } else if (o->quantity == LONGHAUL_OBJECTIVE_AVAILABILITY || o->quantity == LONGHAUL_OBJECTIVE_COVERAGE) {
        allowed = 100 - o->limit;
        used = (100 - r->value) * done;
    } else {
        return NAN;
    }
    return allowed > 0 ? 1 - used / allowed : NAN;
}

/* ---- words */

/* With three digits, or as many as show on which side of the limit it is, and that a share of a whole is not all. */
static void value_text(double value, double limit, double whole, char *text, size_t size)
{
    longhaul_figure_text(value, text, size);
    struct plain_numbers plain;
    plain_numbers_begin(&plain);
    for (int digits = 4; digits <= MOST_DIGITS; digits++) {
        double shown = strtod(text, NULL);
        if ((value == limit || shown != limit) && (value == whole || shown != whole))
            break;
        snprintf(text, size, "%.*g", digits, value);
    }
    plain_numbers_end(&plain);
}

void longhaul_objective_budget_text(const struct longhaul_objective_result *r, char text[LONGHAUL_PEOPLE_SIZE])
{
    char figure[LONGHAUL_PEOPLE_SIZE / 2];
    bool is_used = r->budget_left < 0, is_unsure = r->unobserved_s > 0 || r->n_unknown > 0;
    longhaul_figure_text(is_used ? 1 - r->budget_left : 100 * r->budget_left, figure, sizeof figure);
    if (isnan(r->budget_left))
        text[0] = 0;
    else if (is_used)
        snprintf(text, LONGHAUL_PEOPLE_SIZE, "%s times used", figure);
    else
        snprintf(text, LONGHAUL_PEOPLE_SIZE, "%s%s %% left", is_unsure ? "at most " : "", figure);
}

static void say_windows(const struct longhaul_objective_result *r, char *text, size_t size)
{
    const char *windows = objective_window_name(r->objective.window_s);
    double known = r->n_good + r->n_bad;
    char share[LONGHAUL_PEOPLE_SIZE];
    value_text(r->value, r->objective.share, 100, share, sizeof share);
    if (known > 0)
        snprintf(text, size, "%.0f of %.0f %s (%s %%)", r->n_good, known, windows, share);
    else if (all_windows(r, true) > 0)
        snprintf(text, size, "nothing is known of the %s", windows);
    else
        snprintf(text, size, "too short for %s", windows);
    size_t n = strlen(text);
    if (known > 0 && r->n_unknown > 0)
        snprintf(text + n, size - n, ", %.0f not known", r->n_unknown);
}

static void say_whole(const struct longhaul_objective_result *r, char *text, size_t size)
{
    const struct objective_quantity *q = objective_quantity(r->objective.quantity);
    char figure[LONGHAUL_PEOPLE_SIZE], length[LONGHAUL_PEOPLE_SIZE];
    double whole = strcmp(q->unit, "%") == 0 && q->is_least ? 100 : NAN;
    value_text(r->value / q->per_unit, r->objective.limit / q->per_unit, whole, figure, sizeof figure);
    longhaul_seconds_text(r->unobserved_s, length, sizeof length);
    if (isnan(r->value))
        snprintf(text, size, "nothing is known of it");
    else if (r->unobserved_s > 0 && r->objective.quantity != LONGHAUL_OBJECTIVE_COVERAGE)
        snprintf(text, size, "%s %s, %s not known", figure, q->unit, length);
    else
        snprintf(text, size, "%s %s", figure, q->unit);
}

static void say(struct longhaul_objective_result *r)
{
    char objective[LONGHAUL_OBJECTIVE_TEXT], seen[120];
    static const char *const words[] = { "cannot say", "met", "missed" };
    longhaul_objective_text(&r->objective, objective);
    if (has_windows(&r->objective))
        say_windows(r, seen, sizeof seen);
    else
        say_whole(r, seen, sizeof seen);
    int n = snprintf(r->text, sizeof r->text, "%s: %s%s: ", objective, words[r->verdict],
                     objective_is_so_far(r) ? " so far" : "");
    r->seen_at = (size_t)n;
    snprintf(r->text + n, sizeof r->text - (size_t)n, "%s", seen);
}

/* ---- the verdict */

bool objective_is_so_far(const struct longhaul_objective_result *r)
{
    return r->to_come_s > 0 && r->verdict != LONGHAUL_OBJECTIVE_MISSED;
}

void objective_conclude(struct longhaul_objective_result *r, struct objective_range so_far,
                        struct objective_range whole)
{
    const struct longhaul_objective *o = &r->objective;
    bool is_least = has_windows(o) || objective_quantity(o->quantity)->is_least;
    double limit = has_windows(o) ? o->share : o->limit;
    r->least = whole.least;
    r->most = whole.most;
    if (objective_keeps(so_far, limit, is_least) == OBJECTIVE_KEPT)
        r->verdict = LONGHAUL_OBJECTIVE_MET;
    else if (objective_keeps(whole, limit, is_least) == OBJECTIVE_BROKEN)
        r->verdict = LONGHAUL_OBJECTIVE_MISSED;
    else
        r->verdict = LONGHAUL_OBJECTIVE_CANNOT_SAY;
    r->budget_left = budget_left(r);
    say(r);
}

void objective_conclude_windows(struct longhaul_objective_result *r)
{
    r->value = r->n_good + r->n_bad > 0 ? 100 * r->n_good / (r->n_good + r->n_bad) : NAN;
    objective_conclude(r, windows_range(r, false), windows_range(r, true));
}

static void judge(struct objective_evidence *e, struct longhaul_objective_result *r)
{
    if (has_windows(&r->objective)) {
        objective_conclude_windows(r);
        return;
    }
    r->value = objective_value(e, r);
    objective_conclude(r, objective_range(e, r, false), objective_range(e, r, true));
}

/* ---- all tests */

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "objective: out of memory");
}

/* Asks a test for one objective. False when out of memory. */
static bool take(struct objective_test *test, struct objective_evidence *e, struct longhaul_objective_result *r)
{
    const struct longhaul_objective *o = &r->objective;
    bool good;
    objective_test_ask(test, o->quantity, !has_windows(o) && objective_has_totals(test->a, o->quantity));
    if (has_windows(o)) {
        r->observed_s += test->end_s - test->missing_s;
        r->unobserved_s += test->missing_s;
        good = objective_count_windows(test, r);
    } else {
        good = objective_take_test(test, e, r);
    }
    r->to_come_s += test->to_come_s;
    return good;
}

static int take_all(const struct longhaul_analysis *a, const struct longhaul_series *series,
                    struct objective_evidence *evidence, struct longhaul_objective_result *results, size_t n,
                    struct longhaul_error *err)
{
    struct objective_test test;
    if (longhaul_series_length(series) != a->view.n)
        return error_set(err, LONGHAUL_EINVAL, "objective: %s: not the test that was analysed", a->info.path);
    bool good = objective_test_begin(&test, a, series);
    for (size_t k = 0; k < n && good; k++)
        good = take(&test, &evidence[k], &results[k]);
    objective_test_end(&test);
    return good ? 0 : out_of_memory(err);
}

struct longhaul_objective_result objective_begin(const struct longhaul_objective *o, size_t n_tests)
{
    double none = has_windows(o) ? 0 : NAN;
    return (struct longhaul_objective_result){ .objective = *o, .value = NAN, .least = NAN, .most = NAN, .n_good = none,
                                               .n_bad = none, .n_unknown = none, .n_to_come = none,
                                               .budget_left = NAN, .n_tests = n_tests };
}

int objective_judge_all(const struct longhaul_objective *list, size_t n_objectives,
                        const struct longhaul_analysis *const *tests, const struct longhaul_series *const *series,
                        size_t n, struct longhaul_objective_result *out, struct longhaul_error *err)
{
    struct objective_evidence *evidence = calloc(n_objectives + 1, sizeof *evidence);
    int rc = evidence ? 0 : out_of_memory(err);
    for (size_t k = 0; k < n_objectives && rc == 0; k++)
        if ((rc = objective_check(&list[k], err)) == 0)
            out[k] = objective_begin(&list[k], n);
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = take_all(tests[i], series[i], evidence, out, n_objectives, err);
    for (size_t k = 0; k < n_objectives && rc == 0; k++)
        judge(&evidence[k], &out[k]);
    for (size_t k = 0; k < n_objectives && evidence; k++)
        free(evidence[k].values);
    free(evidence);
    return rc;
}

int longhaul_objective_judge(const struct longhaul_objective *o, const struct longhaul_analysis *const *tests,
                             const struct longhaul_series *const *series, size_t n,
                             struct longhaul_objective_result *out, struct longhaul_error *err)
{
    struct longhaul_objective_result result;
    if (n == 0)
        return error_set(err, LONGHAUL_EINVAL, "objective: there is no test");
    int rc = objective_judge_all(o, 1, tests, series, n, &result, err);
    if (rc == 0)
        *out = result;
    return rc;
}
