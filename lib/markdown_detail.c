/* markdown_detail.c - what summary_report.md has beyond the reference's table: takeaways, verdicts, percentiles, outages, events, hours,
 * notes, how it was measured. GFM tables; all text out of files goes through markup_markdown(). */

#include "markdown.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "markdown_cells.h"

#define MOST_EVENTS 200 /* in a table; the gravest ones */
#define MOST_COLUMNS 8  /* legs beside each other */
#define MOST_HOURS 200
#define MOST_GAPS 20    /* of a leg */

/* ---- takeaways, verdicts */

static void write_takeaways(FILE *out, const struct longhaul_report *report)
{
    fputs("\n## Takeaways\n\n", out);
    for (size_t i = 0; i < report->n_takeaways; i++) {
        fputs("- ", out);
        markup_markdown(out, report->takeaways[i]);
        fputs("\n", out);
    }
    if (report->n_legs > REPORT_MOST_DETAILED)
        fprintf(out, "\nOf %zu legs the %d that lost most are below, and drawn; `longhaul report --csv` has all, `--charts "
                     "pair,direction` draws all.\n",
                report->n_legs, REPORT_MOST_DETAILED);
}

static void write_rules(FILE *out, const struct longhaul_analysis *analysis)
{
    size_t n;
    const struct longhaul_finding *findings = longhaul_analysis_findings(analysis, &n);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s%s%s%s", i ? ", " : "", findings[i].is_fault ? "**" : "", findings[i].rule,
                findings[i].is_fault ? "**" : "");
    fputs(n ? "" : "-", out);
}

static void write_verdicts(FILE *out, const struct longhaul_report *report)
{
    fputs("\n## Verdicts\n\nCan the figures be relied on? A rule in bold is a fault: figures of that leg cannot.\n\n"
          "| Direction | Verdict | Observed | Coverage % | Availability % | Longest without loss | Events | Rules broken |\n"
          "|---|---|---:|---:|---:|---:|---:|---|\n", out);
    for (size_t i = 0; i < report->n_legs; i++) {
        if (!report->legs[i].is_detailed)
            continue;
        const struct report_leg *leg = &report->legs[i];
        const struct longhaul_figures *f = longhaul_analysis_figures(leg->analysis);
        size_t n_events;
        longhaul_analysis_events(leg->analysis, &n_events);
        leg_cell(out, report, i);
        text_cell(out, longhaul_verdict_text(longhaul_analysis_verdict(leg->analysis)));
        cell(out, wording_length(leg->summary.observed_s));
        cell(out, wording_number(100 * f->coverage, 3, ""));
        cell(out, wording_number(100 * f->availability, 4, ""));
        cell(out, wording_length(f->clean_seconds));
        cell(out, wording_count((double)n_events));
        fputs(" ", out);
        write_rules(out, leg->analysis);
        fputs(" |\n", out);
    }
}

/* ---- percentiles */

static const struct longhaul_percentiles *percentiles_of(const struct report_leg *leg, int which)
{
    const struct longhaul_figures *f = longhaul_analysis_figures(leg->analysis);
    return which == 0 ? &f->rate_mbps : which == 1 ? &f->loss_percent : &f->jitter_ms;
}

static void write_percentile_table(FILE *out, const struct longhaul_report *report, int which, const char *title)
{
    size_t n_known = 0;
    for (size_t i = 0; i < report->n_legs; i++)
        n_known += percentiles_of(&report->legs[i], which)->n > 0;
    fprintf(out, "\n**%s**\n\n", title);
    if (n_known == 0) {
        fputs("No interval knows it: these files were written where the data was sent.\n", out);
        return;
    }
    fputs("| Direction | Intervals | min | p1 | p5 | p50 | p95 | p99 | p99.9 | max | From |\n"
          "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|\n", out);
    for (size_t i = 0; i < report->n_legs; i++) {
        if (!report->legs[i].is_detailed)
            continue;
        const struct report_leg *leg = &report->legs[i];
        const struct longhaul_percentiles *p = percentiles_of(leg, which);
        const double values[] = { p->min, p->p1, p->p5, p->p50, p->p95, p->p99, p->p99_9, p->max };
        leg_cell(out, report, i);
        cell(out, wording_count((double)p->n));
        for (size_t k = 0; k < sizeof values / sizeof *values; k++)
            cell(out, wording_number(values[k], 4, ""));
        text_cell(out, p->n == 0 ? "-" : which > 0 && leg->has_receiver ? "receiver's record"
                                       : leg->info->is_sender ? "sender" : "receiver");
        fputs("\n", out);
    }
}

static void write_burstiness(FILE *out, const struct longhaul_report *report)
{
    bool is_any = false;
    for (size_t i = 0; i < report->n_legs; i++)
        is_any = is_any || longhaul_analysis_figures(report->legs[i].analysis)->loss_percent.n > 0;
    if (!is_any)
        return;
    fputs("\n**How losses lie**: intervals by packets lost, and the share of intervals with loss, of all and of those after one "
          "with loss "
          "(alike when losses are independent, far apart when they cluster)\n\n"
          "| Direction | 0 | 1 | 2-10 | 11-100 | 101-1000 | more | With loss % | After loss % |\n"
          "|---|---:|---:|---:|---:|---:|---:|---:|---:|\n", out);
    for (size_t i = 0; i < report->n_legs; i++) {
        if (!report->legs[i].is_detailed)
            continue;
        const struct longhaul_figures *f = longhaul_analysis_figures(report->legs[i].analysis);
        if (f->loss_percent.n == 0)
            continue;
        leg_cell(out, report, i);
        for (size_t k = 0; k < LONGHAUL_N_LOSS_CLASSES; k++)
            cell(out, wording_count((double)f->loss_classes[k]));
        cell(out, wording_number(100 * f->p_loss, 4, ""));
        cell(out, wording_number(100 * f->p_loss_after_loss, 4, ""));
        fputs("\n", out);
    }
}

/* ---- outages, events */

/* The gravest of one sort: how many lost packets, or seconds, an event must have to be among MOST_EVENTS of n. */
static int downwards(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

static double gravity(const struct longhaul_event *e)
{
    return e->kind == LONGHAUL_OUTAGE ? e->seconds : isnan(e->lost_packets) ? e->seconds / 1e6 : e->lost_packets;
}

static double least_gravity(const struct longhaul_report *report, bool outages, size_t *n)
{
    double *all = malloc((report->n_events + 1) * sizeof *all), least = -INFINITY;
    *n = 0;
    for (size_t i = 0; i < report->n_events; i++)
        if ((report->events[i].event->kind == LONGHAUL_OUTAGE) == outages) {
            if (all)
                all[*n] = gravity(report->events[i].event);
            ++*n;
        }
    if (all && *n > MOST_EVENTS) {
        qsort(all, *n, sizeof *all, downwards);
        least = all[MOST_EVENTS - 1];
    }
    free(all);
    return least;
}

static void write_event(FILE *out, const struct longhaul_report *report, size_t i, bool with_day)
{
    const struct report_event *entry = &report->events[i];
    const struct longhaul_event *e = entry->event;
    fprintf(out, "| %zu | %s |", i + 1, wording_when(e, with_day).text);
    text_cell(out, wording_run(report, entry->leg).text);
    if (e->kind != LONGHAUL_OUTAGE)
        fprintf(out, " %s |", longhaul_event_kind_text(e->kind));
    cell(out, wording_length(e->seconds));
    cell(out, wording_count(e->lost_packets));
    if (e->kind != LONGHAUL_OUTAGE)
        cell(out, wording_peak(e));
    else
        text_cell(out, e->cause[0] ? e->cause : "-");
    text_cell(out, wording_scope(e).text);
    text_cell(out, wording_concurrence(e).text);
    fputs("\n", out);
}

static void write_event_table(FILE *out, const struct longhaul_report *report, bool outages, const char *heading, const char *none)
{
    bool with_day = wording_needs_day(report);
    size_t n, shown = 0;
    double least = least_gravity(report, outages, &n);
    fprintf(out, "\n## %s\n\n", heading);
    if (n == 0) {
        fputs(none, out);
        return;
    }
    if (n > MOST_EVENTS)
        fprintf(out, "The gravest %d of %zu; `longhaul show --events` has all.\n\n", MOST_EVENTS, n);
    fputs(outages ? "| # | Start (UTC) | Direction | Length | Lost packets | Cause | Reach | Other legs then |\n"
                    "|---:|---|---|---:|---:|---|---|---|\n"
                  : "| # | Start (UTC) | Direction | What | Length | Lost packets | Worst | Reach | Other legs then |\n"
                    "|---:|---|---|---|---:|---:|---|---|---|\n", out);
    for (size_t i = 0; i < report->n_events && shown < MOST_EVENTS; i++) {
        const struct longhaul_event *e = report->events[i].event;
        if ((e->kind == LONGHAUL_OUTAGE) != outages || gravity(e) < least)
            continue;
        write_event(out, report, i, with_day);
        shown++;
    }
}

/* Why time is missing, as far as longhaul's own records say. */
static void write_gaps(FILE *out, const struct longhaul_report *report)
{
    bool has_head = false;
    for (size_t i = 0; i < report->n_legs; i++) {
        size_t n;
        const struct longhaul_gap *gaps = longhaul_analysis_gaps(report->legs[i].analysis, &n);
        double start = longhaul_analysis_figures(report->legs[i].analysis)->start_unix_s;
        for (size_t k = 0; report->legs[i].is_detailed && k < n && k < MOST_GAPS; k++) {
            if (!has_head)
                fputs("\n**Gaps, and why**\n\n| Direction | Start (UTC) | Length | Cause | Noticed by | Said |\n"
                      "|---|---|---:|---|---|---|\n", out);
            has_head = true;
            leg_cell(out, report, i);
            cell(out, wording_utc(start + gaps[k].start_s));
            cell(out, wording_length(gaps[k].seconds));
            text_cell(out, gaps[k].cause[0] ? gaps[k].cause : "-");
            text_cell(out, gaps[k].noticed[0] ? gaps[k].noticed : "-");
            text_cell(out, gaps[k].text[0] ? gaps[k].text : "-");
            fputs("\n", out);
        }
        if (report->legs[i].is_detailed && n > MOST_GAPS) {
            leg_cell(out, report, i);
            fprintf(out, " and %zu more; `longhaul show --json` has all | | | | |\n", n - MOST_GAPS);
        }
    }
}

/* ---- hours */

static int ascending(const void *a, const void *b)
{
    return downwards(b, a);
}

/* The hours that the legs have, each once; n is 0 when no start is known. The caller frees it. */
static double *list_hours(const struct longhaul_report *report, size_t *n)
{
    size_t all = 0, kept = 0, m;
    for (size_t i = 0; i < report->n_legs; i++) {
        longhaul_analysis_hours(report->legs[i].analysis, &m);
        all += m;
    }
    double *hours = malloc((all + 1) * sizeof *hours);
    all = 0;
    for (size_t i = 0; hours && i < report->n_legs; i++) {
        const struct longhaul_span *spans = longhaul_analysis_hours(report->legs[i].analysis, &m);
        for (size_t k = 0; k < m; k++)
            if (!isnan(spans[k].start_unix_s))
                hours[all++] = spans[k].start_unix_s;
    }
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
    size_t n;
    const struct longhaul_span *hours = longhaul_analysis_hours(leg->analysis, &n);
    for (size_t i = 0; i < n; i++)
        if (hours[i].start_unix_s == unix_s)
            return &hours[i];
    return NULL;
}

static void write_hour_cells(FILE *out, const struct report_leg *leg, double unix_s)
{
    const struct longhaul_span *hour = hour_of(leg, unix_s);
    double loss = hour ? hour->loss_percent : NAN, jitter = hour ? hour->jitter_p95_ms : NAN;
    cell(out, wording_number(hour ? hour->mean_mbps : NAN, 4, ""));
    cell(out, wording_number(loss, 4, ""));
    cell(out, wording_number(jitter, 3, ""));
}

/* Every hour, the legs beside each other, MOST_COLUMNS / 2 at a time. */
static void write_hour_table(FILE *out, const struct longhaul_report *report, const double *hours, size_t n, size_t first)
{
    size_t last = first + MOST_COLUMNS / 2 < report->n_legs ? first + MOST_COLUMNS / 2 : report->n_legs;
    fputs("\n| Hour (UTC) |", out);
    for (size_t i = first; i < last; i++) {
        text_cell(out, wording_run(report, i).text);
        fputs(" loss % | jitter p95 |", out);
    }
    fputs("\n|---|", out);
    for (size_t i = first; i < last; i++)
        fputs("---:|---:|---:|", out);
    for (size_t k = 0; k < n; k++) {
        fprintf(out, "\n| %.16s |", wording_utc(hours[k]).text);
        for (size_t i = first; i < last; i++)
            write_hour_cells(out, &report->legs[i], hours[k]);
    }
    fputs("\n", out);
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
                fputs("\n**Minutes that lost most, of each direction**\n\n| Direction | Minute (UTC) | Lost packets | Loss % | "
                      "Min Mbps |\n|---|---|---:|---:|---:|\n", out);
            has_head = true;
            leg_cell(out, report, i);
            if (isnan(f->worst[k].start_unix_s))
                fprintf(out, " at %.0f s |", f->worst[k].start_s);
            else
                fprintf(out, " %.16s |", wording_utc(f->worst[k].start_unix_s).text);
            cell(out, wording_count(f->worst[k].lost_packets));
            cell(out, wording_number(f->worst[k].loss_percent, 4, ""));
            cell(out, wording_number(f->worst[k].min_mbps, 4, ""));
            fputs("\n", out);
        }
    }
}

static void write_hours(FILE *out, const struct longhaul_report *report)
{
    size_t n;
    double *hours = list_hours(report, &n);
    fputs("\n## Hours\n", out);
    if (hours == NULL || n == 0)
        fputs("\nThe files do not say when they were written; `longhaul show --hours` counts from each start.\n", out);
    else if (report->n_legs > 2 * MOST_COLUMNS || n > MOST_HOURS)
        fprintf(out, "\n%zu legs over %zu hours: `longhaul show --hours` has them.\n", report->n_legs, n);
    else {
        fputs("\nMean rate (Mbps), loss and the 95th percentile of jitter (ms) of each hour, as far as it was observed.\n", out);
        for (size_t first = 0; first < report->n_legs; first += MOST_COLUMNS / 2)
            write_hour_table(out, report, hours, n, first);
    }
    free(hours);
    write_worst_minutes(out, report);
}

/* ---- notes, method */

static void write_findings(FILE *out, const struct longhaul_report *report)
{
    size_t n_all = 0;
    fputs("\n## Validity notes\n\n", out);
    for (size_t i = 0; i < report->n_legs; i++) {
        if (!report->legs[i].is_detailed)
            continue;
        size_t n;
        const struct longhaul_finding *findings = longhaul_analysis_findings(report->legs[i].analysis, &n);
        for (size_t k = 0; k < n; k++, n_all++) {
            fputs("- ", out);
            markup_markdown(out, wording_run(report, i).text);
            fprintf(out, ": %s%s: ", findings[k].is_fault ? "fault, " : "", findings[k].rule);
            markup_markdown(out, findings[k].text);
            fputs("\n", out);
        }
    }
    for (size_t i = 0; i < report->n_notes; i++) {
        fputs("- ", out);
        markup_markdown(out, report->notes[i]);
        fputs("\n", out);
    }
    if (n_all + report->n_notes == 0)
        fputs("None: every rule that `longhaul show` looks at was kept.\n", out);
}

static void write_method(FILE *out, const struct longhaul_report *report)
{
    fputs("\n## How it was measured\n\n"
          "| Direction | Start (UTC) | Planned | Intervals of | Protocol | Target (Mbps) | Streams | Datagram (bytes) | Route | "
          "Written by | Loss and jitter from | File |\n"
          "|---|---|---:|---:|---|---:|---:|---:|---|---|---|---|\n", out);
    for (size_t i = 0; i < report->n_legs; i++) {
        if (!report->legs[i].is_detailed)
            continue;
        const struct report_leg *leg = &report->legs[i];
        const struct longhaul_info *info = leg->info;
        const char *file = strrchr(info->path, '/');
        leg_cell(out, report, i);
        cell(out, wording_utc(info->start_unix_s));
        cell(out, wording_length(info->planned_s));
        cell(out, wording_length(longhaul_analysis_figures(leg->analysis)->usual_s));
        text_cell(out, wording_protocol(info).text);
        cell(out, wording_short(info->target_bps > 0 ? info->target_bps / 1e6 : NAN, ""));
        cell(out, wording_count(info->n_streams));
        cell(out, wording_count(strcmp(info->protocol, "UDP") == 0 ? info->datagram_bytes : NAN));
        text_cell(out, wording_route(info).text);
        text_cell(out, wording_writer(info).text);
        text_cell(out, leg->has_receiver ? "the receiver's record"
                       : info->is_sender ? "the receiver's report at the end" : "this record: it received");
        text_cell(out, file ? file + 1 : info->path);
        fputs("\n", out);
    }
    fprintf(out, "\nRates are of what each interval carried above UDP or TCP, 1 Mbps being 1,000,000 bit/s. Percentiles are "
                 "linear between ranks. "
                 "The jitter in the first table is the running estimate of RFC 1889 at the end of a test, about its last "
                 "packets only; "
                 "the percentiles are over the intervals. Report by longhaul %s.\n", LONGHAUL_VERSION);
}

static void write_quanta(FILE *out, const struct longhaul_report *report)
{
    bool has_head = false;
    for (size_t i = 0; i < report->n_legs; i++) {
        if (!report->legs[i].is_detailed)
            continue;
        char text[320];
        longhaul_quantum_text(&report->legs[i].summary, longhaul_analysis_figures(report->legs[i].analysis), text, sizeof text);
        if (text[0] == 0)
            continue;
        if (!has_head)
            fputs("\n## The packet quantum\n\nA sender puts whole datagrams on the wire: an interval has one more or one less, "
                  "and the rate seems to flicker.\n\n", out);
        has_head = true;
        fputs("- ", out);
        markup_markdown(out, wording_run(report, i).text);
        fputs(": ", out);
        markup_markdown(out, text);
        fputs("\n", out);
    }
}

/* ---- pictures */

static void write_pictures(FILE *out, const struct longhaul_report *report)
{
    bool has_head = false;
    for (size_t i = 0; i < report->n_charts; i++) {
        const struct report_chart *chart = &report->charts[i];
        if (!chart->has_png && !chart->has_svg)
            continue;
        if (!has_head)
            fputs("\n## Charts\n", out);
        has_head = true;
        fputs("\n**", out);
        markup_markdown(out, chart->subject);
        fputs("**", out);
        if (!chart->is_newest)
            fprintf(out, ", run of %s", wording_utc(chart->start_unix_s).text);
        fputs("\n\n![", out);
        markup_markdown(out, longhaul_chart_text(chart->kind));
        fputs(" chart: ", out);
        markup_markdown(out, chart->subject);
        fputs("](", out);
        markup_link(out, chart->name);
        fprintf(out, ".%s)\n", chart->has_png ? "png" : "svg");
    }
}

void markdown_write_detail(FILE *out, const struct longhaul_report *report)
{
    write_takeaways(out, report);
    write_verdicts(out, report);
    write_pictures(out, report);
    write_event_table(out, report, true, "Outages", "None was found: no two intervals on end without a byte, and no gap.\n");
    write_gaps(out, report);
    write_event_table(out, report, false, "Events", "No burst of loss or jitter and no shift of the rate was found in what the "
                                          "files know.\n");
    fputs("\n## Percentiles\n", out);
    write_percentile_table(out, report, 0, "Rate of the intervals (Mbps)");
    write_percentile_table(out, report, 1, "Loss of the intervals (%)");
    write_percentile_table(out, report, 2, "Jitter of the intervals (ms)");
    write_burstiness(out, report);
    markdown_write_path(out, report);
    write_hours(out, report);
    write_findings(out, report);
    write_method(out, report);
    write_quanta(out, report);
}
