/* report_bins.c - the cells of a report's maps over time: how long they are, where they begin, and what each leg did in
 * them. Page, chart and Markdown show the same cells. */

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "report/report.h"

#define LEAST_BINS 12.0
#define MOST_BINS 120.0
#define MOST_COLUMNS 400.0 /* of days: beyond, the last ones are shown */

static const struct { double length_s; const char *name, *plural;
} lengths[] = { { 1, "second", "seconds" },          { 10, "10 seconds", "tens of seconds" },
                { 60, "minute", "minutes" },         { 900, "15 minutes", "quarters of an hour" },
                { 3600, "hour", "hours" },           { 86400, "day", "days" } };

enum { N_LENGTHS = sizeof lengths / sizeof *lengths };

/* The factor by which there are too few or too many; 1 if neither. */
static double factor_off(double n)
{
    return n < LEAST_BINS ? LEAST_BINS / n : fmax(n / MOST_BINS, 1);
}

double report_bin_s(double range_s, double usual_s)
{
    size_t best = N_LENGTHS - 1;
    for (size_t i = N_LENGTHS; range_s > 0 && i-- > 0 && lengths[i].length_s > 0.99 * usual_s;)
        if (factor_off(range_s / lengths[i].length_s) < factor_off(range_s / lengths[best].length_s))
            best = i;
    return range_s > 0 ? lengths[best].length_s : 3600;
}

static size_t number_of(double length_s)
{
    size_t i = 0;
    while (i + 1 < N_LENGTHS && lengths[i].length_s < length_s)
        i++;
    return i;
}

const char *report_bin_name(const struct report_columns *bins)
{
    return lengths[number_of(bins->step_s)].name;
}

const char *report_bin_plural(const struct report_columns *bins)
{
    return lengths[number_of(bins->step_s)].plural;
}

/* From the first start to the last end, by UTC or by the legs' own axes. False if no leg has such a start. */
static bool range_of(const struct longhaul_report *report, bool is_dated, double *first, double *last)
{
    *first = INFINITY;
    *last = -INFINITY;
    for (size_t i = 0; i < report->n_legs; i++) {
        double start = is_dated ? longhaul_analysis_figures(report->legs[i].analysis)->start_unix_s : 0;
        if (isnan(start))
            continue;
        *first = fmin(*first, start);
        *last = fmax(*last, start + report_shown_s(&report->legs[i]));
    }
    return *last >= *first;
}

static struct report_columns columns_of(const struct longhaul_report *report)
{
    double first = 0, last = 0, usual_s = 0;
    bool is_dated = range_of(report, true, &first, &last);
    if (!is_dated)
        range_of(report, false, &first, &last);
    for (size_t i = 0; i < report->n_legs; i++)
        usual_s = fmax(usual_s, longhaul_analysis_figures(report->legs[i].analysis)->usual_s);
    double step_s = report_bin_s(last - first, usual_s), begin = floor(first / step_s) * step_s;
    /* What ends a little late does not begin a new cell. */
    double n = fmax(ceil((last - fmin(1, step_s / 2) - begin) / step_s), 1);
    if (n > MOST_COLUMNS)
        begin += (n - MOST_COLUMNS) * step_s;
    return (struct report_columns){ begin, step_s, (size_t)fmin(n, MOST_COLUMNS), is_dated };
}

int report_find_bins(struct longhaul_report *report, struct longhaul_error *err)
{
    int rc = 0;
    report->bins = columns_of(report);
    for (size_t i = 0; rc == 0 && i < report->n_legs; i++) {
        struct report_leg *leg = &report->legs[i];
        rc = longhaul_analysis_spans(leg->analysis, leg->series, report->bins.step_s, &leg->bins, &leg->n_bins, err);
        if (rc == 0 && !report_find_flows(&report->bins, leg))
            rc = error_set(err, LONGHAUL_ENOMEM, "out of memory");
    }
    return rc;
}

/* ---- the scale of losses */

static const double loss_limits[] = { 0, 0.001, 0.01, 0.1, 1, 10 };
static const char *const loss_texts[REPORT_LOSS_LEVELS] = { "0",   "≤0.001", "≤0.01", "≤0.1",
                                                            "≤1", "≤10",    ">10",   "outage" };

int report_loss_level(double percent)
{
    int level = 0;
    if (isnan(percent))
        return -1;
    if (percent >= 100)
        return REPORT_LEVEL_OUTAGE;
    while (level < REPORT_LEVEL_OUTAGE - 1 && percent > loss_limits[level])
        level++;
    return level;
}

int report_bin_level(double loss_percent, double outage_s, double observed_s)
{
    return outage_s > observed_s / 2 && outage_s > 0 ? REPORT_LEVEL_OUTAGE : report_loss_level(loss_percent);
}

const char *report_loss_text(int level)
{
    return level >= 0 && level < REPORT_LOSS_LEVELS ? loss_texts[level] : "";
}
