/* markdown_hours.c - in summary_report.md: the legs next to each other over time, in the report's cells of a second
 * to a day, and the minutes with the most losses. A leg whose cells know neither loss nor jitter shows the rate
 * compared with its target, and its outages. */

#include "publish/markdown.h"

#include <math.h>
#include <stdlib.h>

#include "base/units.h"
#include "publish/markdown_cells.h"

#define MOST_COLUMNS 8  /* legs next to each other */
#define MOST_HOURS 200

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The cells of all legs, each once; n is 0 if no start is known. The caller frees them. */
static double *list_hours(const struct longhaul_report *report, size_t *n)
{
    size_t all = 0, kept = 0;
    for (size_t i = 0; i < report->n_legs; i++)
        all += report->legs[i].n_bins;
    double *hours = malloc((all + 1) * sizeof *hours);
    all = 0;
    for (size_t i = 0; hours && i < report->n_legs; i++)
        for (size_t k = 0; k < report->legs[i].n_bins; k++)
            if (!isnan(report->legs[i].bins[k].start_unix_s))
                hours[all++] = rint(report->legs[i].bins[k].start_unix_s);
    if (hours)
        qsort(hours, all, sizeof *hours, ascending);
    for (size_t i = 0; hours && i < all; i++)
        if (kept == 0 || hours[kept - 1] != hours[i])
            hours[kept++] = hours[i];
    *n = kept;
    return hours;
}

static const struct longhaul_span *hour_of(const struct report_leg *leg, double unix_s)
{
    for (size_t i = 0; i < leg->n_bins; i++)
        if (rint(leg->bins[i].start_unix_s) == unix_s)
            return &leg->bins[i];
    return NULL;
}

/* True if the loss or jitter of any of its cells is known. */
static bool has_loss_or_jitter(const struct report_leg *leg)
{
    for (size_t i = 0; i < leg->n_bins; i++)
        if (report_hour_has_loss(&leg->bins[i]) || !isnan(leg->bins[i].jitter_p95_ms))
            return true;
    return false;
}

static bool has_delays(const struct report_leg *leg)
{
    return longhaul_analysis_delays(leg->analysis)->n_intervals > 0;
}

static void write_hour_cells(FILE *out, const struct report_leg *leg, double unix_s)
{
    const struct longhaul_span *hour = hour_of(leg, unix_s);
    cell(out, hour ? wording_hour_rate(hour) : (struct wording){ "-" });
    if (has_loss_or_jitter(leg)) {
        cell(out, wording_short(hour ? hour->loss_percent : NAN, ""));
        cell(out, wording_short(hour ? hour->jitter_p95_ms : NAN, ""));
    } else {
        cell(out, wording_share(hour ? 100 * report_rate_share(leg, hour->mean_mbps) : NAN, ""));
        cell(out, hour && hour->outage_s > 0 ? wording_length(hour->outage_s) : (struct wording){ "-" });
    }
    if (has_delays(leg))
        cell(out, wording_short(hour ? hour->delay_p99_ms : NAN, ""));
}

static const char *columns_of(const struct report_leg *leg)
{
    if (has_loss_or_jitter(leg))
        return " loss % | jitter p95 |";
    return isnan(report_target_mbps(leg->info)) ? " % of its median | outages |" : " % of its target | outages |";
}

/* Writes every cell, with MOST_COLUMNS / 2 legs next to each other. */
static void write_hour_table(FILE *out, const struct longhaul_report *report, const double *hours, size_t n,
                             size_t first)
{
    size_t last = first + MOST_COLUMNS / 2 < report->n_legs ? first + MOST_COLUMNS / 2 : report->n_legs;
    fputs(report->bins.step_s == HOUR_S ? "\n| Hour (UTC) |" : "\n| From (UTC) |", out);
    for (size_t i = first; i < last; i++) {
        text_cell(out, wording_run(report, i).text);
        fputs(columns_of(&report->legs[i]), out);
        fputs(has_delays(&report->legs[i]) ? " delay p99 |" : "", out);
    }
    fputs("\n|---|", out);
    for (size_t i = first; i < last; i++)
        fputs(has_delays(&report->legs[i]) ? "---:|---:|---:|---:|" : "---:|---:|---:|", out);
    for (size_t k = 0; k < n; k++) {
        fprintf(out, "\n| %.*s |", report->bins.step_s < 60 ? 19 : 16, wording_utc(hours[k]).text);
        for (size_t i = first; i < last; i++)
            write_hour_cells(out, &report->legs[i], hours[k]);
    }
    fputs("\n", out);
}

/* Describes the tables below: mentions only quantities that a leg has. */
static void write_hours_head(FILE *out, const struct longhaul_report *report)
{
    size_t n_known = 0;
    const char *comma = " Loss of the whole test: ", *name = report_bin_name(&report->bins);
    for (size_t i = 0; i < report->n_legs; i++)
        n_known += has_loss_or_jitter(&report->legs[i]);
    fprintf(out,
            "\nDelivered rate (Mbps; sent, where the file does not tell what arrived then)%s of each %s, over the time "
            "that was observed.\n",
            n_known > 0 ? ", loss and the 95th percentile of jitter (ms)" : "", name);
    if (report_knows_delays(report))
        fputs("Where the receiver was longhaul, also the 99th percentile of the datagrams' delay in queues (ms).\n",
              out);
    if (n_known < report->n_legs)
        fputs("Where a file does not tell when packets were lost, the rate is compared with the target instead.", out);
    for (size_t i = 0; i < report->n_legs; i++) {
        const struct report_leg *leg = &report->legs[i];
        if (has_loss_or_jitter(leg) || isnan(longhaul_analysis_loss(leg->analysis)->percent))
            continue;
        fputs(comma, out);
        markup_markdown(out, wording_run(report, i).text);
        fprintf(out, " %s", wording_short(longhaul_analysis_loss(leg->analysis)->percent, " %").text);
        comma = ", ";
    }
    fputs(n_known == report->n_legs ? "" : comma[0] == ',' ? ".\n" : "\n", out);
}

static void write_worst_minutes(FILE *out, const struct longhaul_report *report)
{
    bool has_head = false;
    for (size_t i = 0; i < report->n_legs; i++) {
        if (!report->legs[i].is_detailed)
            continue;
        const struct longhaul_figures *f = longhaul_analysis_figures(report->legs[i].analysis);
        for (size_t k = 0; k < f->n_worst && k < (report->n_legs > MOST_COLUMNS ? 1 : 3); k++) {
            if (!has_head)
                fputs("\n**Minutes that lost most, of each direction**\n\n| Direction | Minute (UTC) | Lost packets | "
                      "Loss % | "
                      "Min Mbps |\n|---|---|---:|---:|---:|\n",
                      out);
            has_head = true;
            leg_cell(out, report, i);
            if (isnan(f->worst[k].start_unix_s))
                fprintf(out, " at %.0f s |", f->worst[k].start_s);
            else
                fprintf(out, " %.16s |", wording_utc(f->worst[k].start_unix_s).text);
            cell(out, wording_count(f->worst[k].lost_packets));
            cell(out, wording_short(f->worst[k].loss_percent, ""));
            cell(out, wording_short(f->worst[k].min_mbps, ""));
            fputs("\n", out);
        }
    }
}

static bool has_intervals(const struct longhaul_report *report)
{
    for (size_t i = 0; i < report->n_legs; i++)
        if (report->legs[i].summary.n_intervals > 0)
            return true;
    return false;
}

void markdown_write_hours(FILE *out, const struct longhaul_report *report)
{
    size_t n;
    double *hours = list_hours(report, &n);
    const char *name = report_bin_name(&report->bins);
    if (report->bins.step_s == HOUR_S)
        fputs("\n## Hours\n", out);
    else
        fprintf(out, "\n## Each %s\n", name);
    if (hours == NULL || n == 0)
        fputs(has_intervals(report)
                  ? "\nThe files do not say when they were written; `longhaul show --hours` counts from each start.\n"
                  : "\nUnknown: no file has intervals.\n",
              out);
    else if (report->n_legs > 2 * MOST_COLUMNS || n > MOST_HOURS)
        fprintf(out, "\n%zu legs over %zu %s: `longhaul show --hours` has them by the hour.\n", report->n_legs, n,
                report_bin_plural(&report->bins));
    else {
        write_hours_head(out, report);
        for (size_t first = 0; first < report->n_legs; first += MOST_COLUMNS / 2)
            write_hour_table(out, report, hours, n, first);
    }
    free(hours);
    write_worst_minutes(out, report);
}
