/* trend_charts.c - which charts many days have, and their names: maps of all legs, and, for the legs that lost most,
 * the daily figures and a map of hours. */

#include "archive/trend_charts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/trend_plot.h"
#include "base/error.h"
#include "chart/charts.h"
#include "report/report.h"

#define NAME_SIZE 256
#define MOST_MAPPED 200 /* legs in maps of all legs */
#define MOST_LEGS 20    /* with charts of their own, unless charts were asked for */
#define MOST_ASKED 1000

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "charts: out of memory");
}

static bool is_wanted(const struct longhaul_trend *t, enum longhaul_chart kind)
{
    return t->options.report->charts == 0 || (t->options.report->charts & kind);
}

/* A direction: a leg's daily figures. A heat map of one leg: its hours; of two numbers: of legs[1] legs from the
 * legs[0]'th gravest on. */
static int texts_of(const void *trend, const struct report_chart *chart, char **data, char **script,
                    struct longhaul_error *err)
{
    const struct longhaul_trend *t = trend;
    const struct trend_leg *leg = &t->legs[chart->legs[0]];
    if (chart->kind == LONGHAUL_CHART_DIRECTION)
        return trend_plot_days(chart->name, t, leg, data, script, err);
    return chart->n_legs == 1
               ? trend_plot_hours(chart->name, t, leg, data, script, err)
               : trend_plot_calendar(chart->name, t, chart->legs[0], chart->legs[1], data, script, err);
}

/* ---- the list */

static bool is_taken(const struct longhaul_report *report, const char *name)
{
    for (size_t i = 0; i < report->n_charts; i++)
        if (strcmp(report->charts[i].name, name) == 0)
            return true;
    return false;
}

static int add(struct longhaul_report *report, struct report_chart chart, const char *stem, struct longhaul_error *err)
{
    char name[NAME_SIZE + 24];
    struct report_chart *grown = realloc(report->charts, (report->n_charts + 1) * sizeof *grown);
    if (grown == NULL)
        return out_of_memory(err);
    report->charts = grown;
    snprintf(name, sizeof name, "%s", stem);
    for (size_t n = 2; is_taken(report, name); n++)
        snprintf(name, sizeof name, "%s_%zu", stem, n);
    chart.name = strdup(name);
    grown[report->n_charts++] = chart;
    return chart.name ? 0 : out_of_memory(err);
}

static int add_leg(struct longhaul_report *report, const struct trend_leg *leg, struct report_chart chart,
                   const char *kind, struct longhaul_error *err)
{
    char source[64], destination[64], stem[NAME_SIZE];
    bool is_udp = strcmp(leg->protocol, "UDP") == 0;
    chart_name_part(source, sizeof source, leg->source);
    chart_name_part(destination, sizeof destination, leg->destination);
    snprintf(stem, sizeof stem, "trend_%s_%s_%s%s", kind, source, destination, is_udp ? "" : "_tcp");
    return add(report, chart, stem, err);
}

int trend_charts_plan(const struct longhaul_trend *t, struct longhaul_report *report, struct longhaul_error *err)
{
    size_t most = t->options.report->charts ? MOST_ASKED : MOST_LEGS, n_mapped = t->n_legs;
    int rc = 0;
    if (n_mapped > MOST_MAPPED)
        n_mapped = MOST_MAPPED;
    for (size_t i = 0; rc == 0 && i < n_mapped && is_wanted(t, LONGHAUL_CHART_HEAT); i += TREND_PLOT_ROWS) {
        size_t n = n_mapped - i < TREND_PLOT_ROWS ? n_mapped - i : TREND_PLOT_ROWS;
        rc = add(report, (struct report_chart){ .kind = LONGHAUL_CHART_HEAT, .legs = { i, n }, .n_legs = 2 },
                 "trend_heat", err);
    }
    for (size_t i = 0; rc == 0 && i < t->n_legs && i < most; i++) {
        size_t leg = t->gravest[i];
        struct report_chart days = { .kind = LONGHAUL_CHART_DIRECTION, .legs = { leg, 0 }, .n_legs = 1 }, hours = days;
        hours.kind = LONGHAUL_CHART_HEAT;
        if (is_wanted(t, LONGHAUL_CHART_DIRECTION))
            rc = add_leg(report, &t->legs[leg], days, "days", err);
        if (rc == 0 && is_wanted(t, LONGHAUL_CHART_HEAT))
            rc = add_leg(report, &t->legs[leg], hours, "hours", err);
    }
    return rc;
}

/* ---- what came of them */

static int keep_charts(struct longhaul_trend *t, struct longhaul_report *report, struct longhaul_error *err)
{
    t->charts = calloc(report->n_charts + 1, sizeof *t->charts);
    if (t->charts == NULL)
        return out_of_memory(err);
    for (size_t i = 0; i < report->n_charts; i++) {
        const struct report_chart *c = &report->charts[i];
        bool is_of_all = c->kind == LONGHAUL_CHART_HEAT && c->n_legs == 2;
        if (!c->has_png)
            continue;
        t->charts[t->n_charts] = (struct trend_chart){ strdup(c->name), is_of_all ? SIZE_MAX : c->legs[0] };
        if (t->charts[t->n_charts].name == NULL)
            return out_of_memory(err);
        t->n_charts++;
    }
    return 0;
}

/* The lists become the trend's. */
static void keep_lines(struct longhaul_trend *t, struct longhaul_report *report)
{
    report_free_lines(t->files, t->n_files);
    report_free_lines(t->notes, t->n_notes);
    t->files = report->files;
    t->n_files = report->n_files;
    t->notes = report->notes;
    t->n_notes = report->n_notes;
    report->files = report->notes = NULL;
    report->n_files = report->n_notes = 0;
}

int trend_charts_write(struct longhaul_trend *t, struct longhaul_report *report, struct longhaul_error *err)
{
    int rc = chart_files_write(report, texts_of, t, err);
    if (rc == 0)
        rc = keep_charts(t, report, err);
    keep_lines(t, report);
    return rc;
}
