/* rules.c - Prometheus rules for the objectives of a plan's legs, over the metrics of `longhaul run` and
 * `longhaul serve` (longhaul-metrics(5)). What counters cannot tell has a comment instead of a rule. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/plain_numbers.h"
#include "model/leg.h"
#include "model/objective.h"
#include "plan/plan.h"

#define ROUNDING 1e-9 /* relative: of sums and shares */
#define MOST_MISSING_S 20 /* of a window: metrics are written every 15 s, so less may only seem to be missing */

/* One rule in the making: a leg's objective, and what selects the leg's metrics. */
struct rule {
    FILE *out;
    const struct longhaul_leg *leg;
    const struct longhaul_objective *o;
    const char *side;                    /* "run" where the leg is pulled; else its receiver's, "serve" */
    char select[2 * LONGHAUL_CODE_MAX + 24]; /* {src="HK",dst="WUS"} */
    char text[LONGHAUL_OBJECTIVE_TEXT];
    const char *window;                  /* "1m" */
};

/* ---- which objectives have rules */

static bool is_percentile(const struct longhaul_objective *o)
{
    return o->quantity == LONGHAUL_OBJECTIVE_DELAY_P50 || o->quantity == LONGHAUL_OBJECTIVE_DELAY_P99 ||
           o->quantity == LONGHAUL_OBJECTIVE_JITTER;
}

/* The share of datagrams that may be above the limit of a delay, or of intervals above that of jitter. */
static double may_be_above(const struct longhaul_objective *o)
{
    return o->quantity == LONGHAUL_OBJECTIVE_DELAY_P50   ? 0.5
           : o->quantity == LONGHAUL_OBJECTIVE_DELAY_P99 ? 0.01
                                                         : 0.05;
}

static double greatest_bound_s(void)
{
    return longhaul_delay_bounds_s()[LONGHAUL_DELAY_BOUNDS - 1];
}

/* Why there is no rule; NULL when there is one. */
static const char *why_not(const struct longhaul_leg *leg, const struct longhaul_objective *o)
{
    bool is_tcp = leg->protocol == LONGHAUL_PROTOCOL_TCP;
    if (o->window_s == 1)
        return "the metrics are written every 15 s, and do not tell one second from the next";
    if (is_tcp && o->quantity != LONGHAUL_OBJECTIVE_RATE && o->quantity != LONGHAUL_OBJECTIVE_COVERAGE)
        return "TCP has no such metric";
    if (o->quantity == LONGHAUL_OBJECTIVE_RATE && isnan(leg_total_bps(leg)) && isnan(o->share))
        return "without a target nobody knows what the rest of the test can make up for";
    if (is_percentile(o) && o->limit / 1e3 > greatest_bound_s() * (1 + ROUNDING))
        return "the histograms end at 10 s";
    return NULL;
}

/* ---- parts of expressions */

static void metric(const struct rule *r, const char *name)
{
    fprintf(r->out, "longhaul_%s_%s%s", r->side, name, r->select);
}

/* What a counter grew by in the window. */
static void growth(const struct rule *r, const char *name)
{
    fputs("(", r->out);
    metric(r, name);
    fputs(" - ", r->out);
    metric(r, name);
    fprintf(r->out, " offset %s)", r->window);
}

static const char *histogram(const struct rule *r)
{
    return r->o->quantity == LONGHAUL_OBJECTIVE_JITTER ? "interval_jitter_seconds" : "delay_seconds";
}

static void histogram_count(const struct rule *r)
{
    fprintf(r->out, "longhaul_%s_%s_count%s", r->side, histogram(r), r->select);
}

/* How many were counted in the window. */
static void histogram_growth(const struct rule *r)
{
    char name[64];
    snprintf(name, sizeof name, "%s_count", histogram(r));
    growth(r, name);
}

/* The bucket of a bound, which counts what is at most that. */
static void bucket(const struct rule *r, double bound_s, bool is_before)
{
    fprintf(r->out, "sum without (le) (longhaul_%s_%s_bucket{src=\"%s\",dst=\"%s\",le=\"%g\"}%s%s)", r->side,
            histogram(r), r->leg->source, r->leg->destination, bound_s, is_before ? " offset " : "",
            is_before ? r->window : "");
}

/* How many were at most the limit. Between two bounds, they are taken as evenly spread. */
static void within(const struct rule *r, bool is_before)
{
    const double *bounds_s = longhaul_delay_bounds_s();
    double limit_s = r->o->limit / 1e3, below_s = 0;
    size_t k = 0;
    for (; k + 1 < LONGHAUL_DELAY_BOUNDS && limit_s > bounds_s[k] * (1 + ROUNDING); k++)
        below_s = bounds_s[k];
    double share = (limit_s - below_s) / (bounds_s[k] - below_s);
    if (share >= 1 - ROUNDING) {
        bucket(r, bounds_s[k], is_before);
        return;
    }
    fputs("(", r->out);
    if (k > 0) {
        bucket(r, below_s, is_before);
        fprintf(r->out, " * %.9g + ", 1 - share);
    }
    bucket(r, bounds_s[k], is_before);
    fprintf(r->out, " * %.9g)", share);
}

/* ---- windows */

/* Whether a window was observed, but for what only seems to be missing. */
static void is_whole(const struct rule *r)
{
    growth(r, "observed_seconds_total");
    fprintf(r->out, " >= %.9g", r->o->window_s - MOST_MISSING_S);
}

/* The part of the window that was observed: what was not may have had nothing above the limit. */
static void observed_part(const struct rule *r)
{
    fputs(" * clamp_max((", r->out);
    growth(r, "observed_seconds_total");
    fprintf(r->out, " + %d) / %.9g, 1)", MOST_MISSING_S, r->o->window_s);
}

/* 1 where the window broke the limit, else 0; nothing where it cannot be said. */
static void bad_window(const struct rule *r)
{
    const struct longhaul_objective *o = r->o;
    FILE *out = r->out;
    if (o->quantity == LONGHAUL_OBJECTIVE_LOSS) {
        fputs("((", out);
        growth(r, "lost_packets_total");
        fputs(" / ", out);
        growth(r, "packets_total");
        observed_part(r);
        fprintf(out, " > bool %.9g) and ", o->limit / 100);
        growth(r, "packets_total");
        fputs(" > 0) or (", out);
        growth(r, "bytes_total");
        fputs(" == bool 0 and ", out);
        is_whole(r);
        fputs(")", out);
    } else if (o->quantity == LONGHAUL_OBJECTIVE_RATE) {
        fputs("8 * ", out);
        growth(r, "bytes_total");
        fputs(" / ", out);
        growth(r, "observed_seconds_total");
        fprintf(out, " < bool %.9g and ", o->limit);
        is_whole(r);
    } else {
        fputs("(1 - (", out);
        within(r, false);
        fputs(" - ", out);
        within(r, true);
        fputs(") / ", out);
        histogram_growth(r);
        fputs(")", out);
        observed_part(r);
        fprintf(out, " > bool %.12g and ", may_be_above(o) * (1 + ROUNDING));
        histogram_growth(r);
        fputs(" > 0", out);
    }
}

static double windows_of_leg(const struct rule *r)
{
    return fmax(rint(r->leg->duration_s / r->o->window_s), 1);
}

static double allowed_windows(const struct rule *r)
{
    return windows_of_leg(r) * (100 - r->o->share) / 100;
}

/* The label of a leg's objective; those of src and dst stay where the metric has them. */
static void labels(const struct rule *r, bool is_alert)
{
    fprintf(r->out, "        labels:\n          src: \"%s\"\n          dst: \"%s\"\n          objective: \"%s\"\n",
            r->leg->source, r->leg->destination, r->text);
    if (is_alert)
        fputs("          severity: warning\n", r->out);
}

static void select_recorded(const struct rule *r)
{
    fprintf(r->out, "leg:longhaul_objective_bad:window{src=\"%s\",dst=\"%s\",objective=\"%s\"}[%us]", r->leg->source,
            r->leg->destination, r->text, (unsigned)r->leg->duration_s);
}

static void record_window(const struct rule *r)
{
    fputs("      - record: leg:longhaul_objective_bad:window\n        expr: |\n          (", r->out);
    bad_window(r);
    fputs(")\n          and ", r->out);
    growth(r, "observed_seconds_total");
    fputs(" > 0\n", r->out);
    labels(r, false);
}

static void record_budget(const struct rule *r)
{
    double allowed = allowed_windows(r);
    if (!(allowed > 0))
        return;
    fputs("      - record: leg:longhaul_objective_budget_left:ratio\n        expr: |\n          1 - sum_over_time(",
          r->out);
    select_recorded(r);
    fprintf(r->out, ") / %.9g\n", allowed);
    labels(r, false);
}

/* ---- the whole test */

/* Above the limit, whatever the rest of the test does. */
static void broken_whole(const struct rule *r)
{
    const struct longhaul_objective *o = r->o;
    FILE *out = r->out;
    switch (o->quantity) {
    case LONGHAUL_OBJECTIVE_LOSS:
        metric(r, "lost_packets_total");
        fputs(" / ", out);
        metric(r, "packets_total");
        fputs("\n            * ", out);
        metric(r, "observed_seconds_total");
        fprintf(out, " / %u > %.9g", (unsigned)r->leg->duration_s, o->limit / 100);
        break;
    case LONGHAUL_OBJECTIVE_RATE:
        fputs("(8 * ", out);
        metric(r, "bytes_total");
        fprintf(out, " + %.9g * (%u - ", leg_total_bps(r->leg), (unsigned)r->leg->duration_s);
        metric(r, "observed_seconds_total");
        fprintf(out, ")) / %u < %.9g", (unsigned)r->leg->duration_s, o->limit);
        break;
    case LONGHAUL_OBJECTIVE_COVERAGE:
        fputs("(", out);
        metric(r, "observed_seconds_total");
        fputs(" + ", out);
        metric(r, "remaining_seconds");
        fprintf(out, ") / %u < %.9g", (unsigned)r->leg->duration_s, o->limit / 100);
        break;
    case LONGHAUL_OBJECTIVE_OUTAGE:
        metric(r, "longest_silence_seconds");
        fprintf(out, " > %.9g", o->limit);
        break;
    case LONGHAUL_OBJECTIVE_AVAILABILITY:
        metric(r, "unavailable_seconds_total");
        fprintf(out, " / %u > %.12g", (unsigned)r->leg->duration_s, (100 - o->limit) / 100 * (1 + ROUNDING));
        break;
    default:
        fputs("(1 - ", out);
        within(r, false);
        fputs(" / ", out);
        histogram_count(r);
        fputs(")\n            * ", out);
        metric(r, "observed_seconds_total");
        fprintf(out, " / %u > %.9g", (unsigned)r->leg->duration_s, may_be_above(o));
    }
}

static void alert(const struct rule *r)
{
    fputs("      - alert: LonghaulObjectiveMissed\n        expr: |\n          ", r->out);
    if (isnan(r->o->share)) {
        broken_whole(r);
    } else {
        fputs("sum_over_time(", r->out);
        select_recorded(r);
        fprintf(r->out, ") > %.9g", allowed_windows(r));
    }
    fputs("\n", r->out);
    labels(r, true);
    fprintf(r->out, "        annotations:\n          summary: \"%s->%s misses its objective: %s\"\n", r->leg->source,
            r->leg->destination, r->text);
}

/* ---- groups */

/* Does something with each objective of each leg that has a rule, or has none. */
typedef void each(const struct rule *r);

static size_t for_each(FILE *out, const struct longhaul_plan *p, double window_s, bool has_rule, each *act)
{
    size_t count = 0, n;
    for (size_t i = 0; i < p->n_legs; i++) {
        const struct longhaul_leg *leg = &p->legs[i].leg;
        const struct longhaul_objective *list =
            longhaul_topology_objectives(p->topology, leg->source, leg->destination, &n);
        for (size_t k = 0; k < n; k++) {
            struct rule r = { .out = out, .leg = leg, .o = &list[k], .window = list[k].window_s == 3600 ? "1h" : "1m",
                              .side = leg->direction == LONGHAUL_DIRECTION_PULL ? "run" : "serve" };
            if ((window_s >= 0 && list[k].window_s != window_s) || (why_not(leg, &list[k]) == NULL) != has_rule)
                continue;
            longhaul_objective_text(&list[k], r.text);
            snprintf(r.select, sizeof r.select, "{src=\"%s\",dst=\"%s\"}", leg->source, leg->destination);
            count++;
            if (act)
                act(&r);
        }
    }
    return count;
}

static void remark(const struct rule *r)
{
    fprintf(r->out, "# %s->%s: %s: no rule: %s.\n", r->leg->source, r->leg->destination, r->text,
            why_not(r->leg, r->o));
}

static const char head[] =
    "# Objectives of a topology for Prometheus, written by `longhaul plan --rules`: see longhaul-plan(1). A\n"
    "# pulled leg has the metrics of `longhaul run`, a pushed one those of its receiver, `longhaul serve`. An\n"
    "# alert is told when an objective is missed, whatever the rest of the test does. Windows begin when\n"
    "# Prometheus evaluates, not at whole minutes of UTC; one of which more than 20 s were not observed counts\n"
    "# as bad only if it is, whatever happened then. A loss counts when later packets tell it, and a delay up\n"
    "# to a minute late. Where a limit of delay or jitter is not a bound of the histogram, what lies between its two\n"
    "# bounds counts as evenly spread.\n";

static void write_all(FILE *out, const struct longhaul_plan *p)
{
    static const struct { const char *name, *interval;
        double window_s;
    } windows[] = { { "minutes", "1m", 60 }, { "hours", "1h", 3600 } };
    fputs(head, out);
    for_each(out, p, -1, false, remark);
    if (for_each(out, p, -1, true, NULL) == 0) {
        fputs("groups: []\n", out);
        return;
    }
    fputs("groups:\n", out);
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        if (for_each(out, p, windows[i].window_s, true, NULL) == 0)
            continue;
        fprintf(out, "  - name: longhaul-objectives-%s\n    interval: %s\n    rules:\n", windows[i].name,
                windows[i].interval);
        for_each(out, p, windows[i].window_s, true, record_window);
    }
    fputs("  - name: longhaul-objectives\n    interval: 1m\n    rules:\n", out);
    for_each(out, p, 60, true, record_budget);
    for_each(out, p, 3600, true, record_budget);
    for_each(out, p, -1, true, alert);
}

int longhaul_plan_rules(const struct longhaul_plan *p, char **out, struct longhaul_error *err)
{
    char *text = NULL;
    size_t size;
    struct plain_numbers plain;
    FILE *stream = open_memstream(&text, &size);
    if (stream) {
        plain_numbers_begin(&plain);
        write_all(stream, p);
        plain_numbers_end(&plain);
    }
    if (stream == NULL || fclose(stream) != 0 || text == NULL) {
        free(text);
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", p->topology->file);
    }
    *out = text;
    return 0;
}
