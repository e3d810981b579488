/* charts.c - decides which charts a report has, and their names: one for each pair and each leg, and some of all legs.
 * The newest runs get the plain names; older ones have their start in the name, so that no chart overwrites another. */

#include "chart/charts.h"

#include <ctype.h>
#include <math.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/calendar.h"
#include "base/error.h"
#include "chart/quantity.h"
#include "model/leg.h"
#include "report/partners.h"

#define NAME_SIZE 256
#define MOST_CHARTS 2000 /* in one report */

const char *longhaul_chart_text(enum longhaul_chart chart)
{
    static const char *const texts[] = { "pair", "direction", "hub", "heat", "distribution", "matrix" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (chart == (enum longhaul_chart)(1u << i))
            return texts[i];
    return NULL;
}

static bool is_wanted(const struct longhaul_report *report, enum longhaul_chart kind)
{
    return report->options->charts == 0 || (report->options->charts & kind);
}

/* In a large mesh only the legs that the report describes get charts of their own, unless charts were requested.
 * Without intervals there is nothing to draw. */
static bool is_shown(const struct longhaul_report *report, size_t leg)
{
    return report->legs[leg].summary.n_intervals > 0 && (report->options->charts != 0 || report->legs[leg].is_detailed);
}

/* ---- names */

/* Labels can be addresses: characters that are awkward in a file name become "_". */
void chart_name_part(char *out, size_t size, const char *label)
{
    snprintf(out, size, "%s", label);
    for (char *p = out; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '.' && *p != '-')
            *p = '_';
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static bool is_taken(const struct longhaul_report *report, const char *name)
{
    return tfind(name, &report->chart_names, by_name) != NULL;
}

static void keep(void *name)
{
    (void)name; /* the chart owns it */
}

static void forget_names(struct longhaul_report *report)
{
    tdestroy(report->chart_names, keep);
    report->chart_names = NULL;
}

/* Adds a chart to the report's list, under a name that no chart has yet: <stem>, else with the start, else also with a
 * number. Charts of one stem must be added newest first. */
static int add_chart(struct longhaul_report *report, const struct report_chart *chart, const char *stem,
                     struct longhaul_error *err)
{
    char stamp[32] = "undated", name[NAME_SIZE];
    struct tm utc;
    if (chart->n_legs > 0 && report->n_charts >= MOST_CHARTS) {
        report->n_charts_left_out++;
        return 0;
    }
    struct report_chart *grown = realloc(report->charts, (report->n_charts + 1) * sizeof *grown);
    if (grown == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "charts: out of memory");
    report->charts = grown;
    if (calendar_of(chart->start_unix_s, &utc))
        strftime(stamp, sizeof stamp, LEG_STAMP_FORMAT, &utc);
    snprintf(name, sizeof name, "%s", stem);
    bool is_newest = !is_taken(report, name);
    if (!is_newest)
        snprintf(name, sizeof name, "%.200s_%s", stem, stamp);
    for (int i = 2; is_taken(report, name); i++)
        snprintf(name, sizeof name, "%.200s_%s_%d", stem, stamp, i);
    grown += report->n_charts;
    *grown = *chart;
    grown->name = strdup(name);
    grown->subject = strdup(chart->subject);
    grown->is_newest = is_newest;
    if (grown->name == NULL || grown->subject == NULL || tsearch(grown->name, &report->chart_names, by_name) == NULL) {
        free(grown->name);
        free(grown->subject);
        return error_set(err, LONGHAUL_ENOMEM, "charts: out of memory");
    }
    report->n_charts++;
    return 0;
}

static void sites_stem(char stem[NAME_SIZE], const char *kind, const char *from, const char *to)
{
    char a[80], b[80];
    chart_name_part(a, sizeof a, from);
    chart_name_part(b, sizeof b, to);
    snprintf(stem, NAME_SIZE, "%s_%s_%s_bandwidth", kind, a, b);
}

/* ---- pairs */

/* The leg towards the hub first; else in the report's order. */
static void set_legs(const struct longhaul_report *report, struct report_chart *chart, size_t first, size_t second)
{
    size_t x = first < second ? first : second, y = first < second ? second : first;
    bool swap = report_is_inbound(report, y) && !report_is_inbound(report, x);
    chart->legs[0] = swap ? y : x;
    chart->legs[1] = swap ? x : y;
    chart->n_legs = 2;
}

static int add_pair_chart(struct longhaul_report *report, const struct report_pair *pair, size_t mine, size_t other,
                          struct longhaul_error *err)
{
    char subject[160], stem[NAME_SIZE];
    struct report_chart chart = {
        .kind = LONGHAUL_CHART_PAIR, .subject = subject, .legs = { pair->legs[mine] }, .n_legs = 1
    };
    chart.start_unix_s = report->legs[pair->legs[mine]].info->start_unix_s;
    snprintf(subject, sizeof subject, "%s <-> %s", pair->a, pair->b);
    sites_stem(stem, "pair", pair->a, pair->b);
    if (other < pair->n)
        set_legs(report, &chart, pair->legs[mine], pair->legs[other]);
    return add_chart(report, &chart, stem, err);
}

static int add_pair_charts(struct longhaul_report *report, const struct report_pair *pair, struct longhaul_error *err)
{
    size_t *order = partners_newest_first(report, pair), *partner = partners_of_pair(report, pair);
    bool *done = calloc(pair->n + 1, sizeof *done);
    int rc = order && partner && done ? 0 : error_set(err, LONGHAUL_ENOMEM, "charts: out of memory");
    for (size_t i = 0; rc == 0 && i < pair->n; i++) {
        size_t mine = order[i], other = partner[mine];
        if (done[mine])
            continue;
        done[mine] = true;
        if (other < pair->n)
            done[other] = true;
        if (is_shown(report, pair->legs[mine]) || (other < pair->n && is_shown(report, pair->legs[other])))
            rc = add_pair_chart(report, pair, mine, other, err);
    }
    free(order);
    free(partner);
    free(done);
    return rc;
}

/* ---- legs */

/* Goes backwards: within a label the newest leg is last. */
static int add_direction_charts(struct longhaul_report *report, struct longhaul_error *err)
{
    int rc = 0;
    for (size_t i = report->n_legs; rc == 0 && i-- > 0; ) {
        const struct longhaul_info *info = report->legs[i].info;
        char subject[160], stem[NAME_SIZE];
        struct report_chart chart = { .kind = LONGHAUL_CHART_DIRECTION, .subject = subject, .legs = { i }, .n_legs = 1,
                                      .start_unix_s = info->start_unix_s };
        snprintf(subject, sizeof subject, "%s->%s", info->source, info->destination);
        sites_stem(stem, "direction", info->source, info->destination);
        if (is_shown(report, i))
            rc = add_chart(report, &chart, stem, err);
    }
    return rc;
}

/* ---- all legs */

/* True if any leg knows what a chart shows. The heat strip shows rates where loss is unknown. */
static bool knows(const struct longhaul_report *report, enum longhaul_chart kind)
{
    struct report_hours hours = report_hours_of(report);
    if (kind == LONGHAUL_CHART_HEAT)
        return hours.n_loss + hours.n_rate > 0;
    for (size_t i = 0; i < report->n_legs && kind == LONGHAUL_CHART_DISTRIBUTION; i++) {
        struct quantity_columns c = quantity_columns_of(report->legs[i].series, report->legs[i].analysis);
        if (quantity_is_known(&quantity_loss, &c) || quantity_is_known(&quantity_jitter, &c))
            return true;
    }
    return kind != LONGHAUL_CHART_DISTRIBUTION;
}

static const char *heat_subject(const struct longhaul_report *report)
{
    struct report_hours hours = report_hours_of(report);
    return hours.n_rate == 0   ? "loss by leg and time"
           : hours.n_loss == 0 ? "rate by leg and time"
                               : "loss or rate by leg and time";
}

static int add_charts_of_all(struct longhaul_report *report, struct longhaul_error *err)
{
    const struct { enum longhaul_chart kind; const char *stem, *subject;
    } all[] = { { LONGHAUL_CHART_HUB, "hub_overview", "all legs over time" },
                { LONGHAUL_CHART_HEAT, "heat_loss", heat_subject(report) },
                { LONGHAUL_CHART_DISTRIBUTION, "distribution_jitter_loss",
                  report_knows_delays(report) ? "distribution of jitter, loss and delay"
                                              : "distribution of jitter and loss" },
                { LONGHAUL_CHART_MATRIX, "matrix_loss_jitter_coverage",
                  "loss, jitter and coverage by source and destination" } };
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < sizeof all / sizeof *all; i++) {
        char subject[80];
        snprintf(subject, sizeof subject, "%s", all[i].subject);
        struct report_chart chart = { .kind = all[i].kind, .subject = subject, .start_unix_s = NAN };
        if (!is_wanted(report, all[i].kind))
            continue;
        if (knows(report, all[i].kind))
            rc = add_chart(report, &chart, all[i].stem, err);
        else if (report->options->charts) /* it was requested */
            rc = report_note(report, err, "no chart of kind %s: no leg has %s for its intervals",
                             longhaul_chart_text(all[i].kind),
                             all[i].kind == LONGHAUL_CHART_HEAT ? "a loss or a rate" : "loss or jitter");
    }
    return rc;
}

int charts_plan(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n_pairs;
    struct report_pair *pairs = report_pairs(report, &n_pairs);
    int rc = pairs ? 0 : error_set(err, LONGHAUL_ENOMEM, "charts: out of memory");
    for (size_t i = 0; rc == 0 && i < n_pairs && is_wanted(report, LONGHAUL_CHART_PAIR); i++)
        rc = add_pair_charts(report, &pairs[i], err);
    if (rc == 0 && is_wanted(report, LONGHAUL_CHART_DIRECTION))
        rc = add_direction_charts(report, err);
    if (rc == 0)
        rc = add_charts_of_all(report, err);
    if (rc == 0 && report->n_charts_left_out > 0)
        rc = report_note(report, err, "%zu charts of pairs and directions are not drawn: %d are the most",
                         report->n_charts_left_out, MOST_CHARTS);
    if (pairs)
        report_pairs_free(pairs, n_pairs);
    forget_names(report);
    return rc;
}
