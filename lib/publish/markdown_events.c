/* markdown_events.c - in summary_report.md: outages, gaps with their causes, events. */

#include "publish/markdown.h"

#include <math.h>
#include <stdlib.h>

#include "publish/markdown_cells.h"

#define MOST_EVENTS 200 /* in a table, which has the gravest ones */
#define MOST_GAPS 20    /* per leg */

static int downwards(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

static double gravity(const struct longhaul_event *e)
{
    return e->kind == LONGHAUL_EVENT_OUTAGE ? e->seconds : isnan(e->lost_packets) ? e->seconds / 1e6 : e->lost_packets;
}

/* The threshold of one sort: how many lost packets, or seconds, an event must have to be among MOST_EVENTS of n. */
static double least_gravity(const struct longhaul_report *report, bool outages, size_t *n)
{
    double *all = malloc((report->n_events + 1) * sizeof *all), least = -INFINITY;
    *n = 0;
    for (size_t i = 0; i < report->n_events; i++)
        if ((report->events[i].event->kind == LONGHAUL_EVENT_OUTAGE) == outages) {
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
    if (e->kind != LONGHAUL_EVENT_OUTAGE)
        fprintf(out, " %s |", longhaul_event_kind_text(e->kind));
    cell(out, wording_length(e->seconds));
    cell(out, wording_count(e->lost_packets));
    if (e->kind != LONGHAUL_EVENT_OUTAGE)
        cell(out, wording_peak(e));
    else
        text_cell(out, e->cause[0] ? e->cause : "-");
    text_cell(out, wording_scope(e).text);
    text_cell(out, wording_concurrence(e).text);
    fputs("\n", out);
}

/* Only legs with intervals count; the intervals of a sender's file say what was sent. */
static void write_no_outage(FILE *out, const struct longhaul_report *report)
{
    size_t n = 0, n_sent = 0, n_whole = 0;
    for (size_t i = 0; i < report->n_legs; i++) {
        const struct report_leg *leg = &report->legs[i];
        n += leg->summary.n_intervals > 0;
        n_sent += leg->summary.n_intervals > 0 && leg->info->is_sender && !leg->has_receiver;
        n_whole += longhaul_analysis_loss(leg->analysis)->lost == 0;
    }
    if (n == 0)
        fputs("Unknown: no file has intervals.\n", out);
    else
        fprintf(out, "None was found: no gap, and no two intervals in a row without a byte%s.\n",
                n_sent == 0         ? ""
                : n_sent < n      ? " (of the senders' own files: a byte sent)"
                : n_whole < n     ? " sent; when packets were lost is unknown"
                                  : " sent");
}

static void write_no_event(FILE *out, const struct longhaul_report *report)
{
    struct report_unknown unknown = report_unknown_of(report, false);
    if (unknown.none_text[0])
        markup_markdown(out, unknown.none_text);
    else
        fputs("Unknown: no interval knows a rate, a loss or a jitter.", out);
    fputs("\n", out);
}

static void write_event_table(FILE *out, const struct longhaul_report *report, bool outages, const char *heading)
{
    bool with_day = wording_needs_day(report);
    size_t n, shown = 0;
    double least = least_gravity(report, outages, &n);
    fprintf(out, "\n## %s\n\n", heading);
    if (n == 0) {
        (outages ? write_no_outage : write_no_event)(out, report);
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
        if ((e->kind == LONGHAUL_EVENT_OUTAGE) != outages || gravity(e) < least)
            continue;
        write_event(out, report, i, with_day);
        shown++;
    }
}

/* Why time is missing, if longhaul's own records say it. */
static void write_gaps(FILE *out, const struct longhaul_report *report)
{
    bool has_head = false;
    for (size_t i = 0; i < report->n_legs; i++) {
        size_t n;
        const struct longhaul_gap *gaps = longhaul_analysis_gaps(report->legs[i].analysis, &n);
        double start = longhaul_analysis_figures(report->legs[i].analysis)->start_unix_s;
        for (size_t k = 0; report->legs[i].is_detailed && k < n && k < MOST_GAPS; k++) {
            if (!has_head)
                fputs("\n**Gaps, and why**\n\n| Direction | Start (UTC) | Length | Data seen | Cause | Noticed by | "
                      "Said |\n|---|---|---:|---:|---|---|---|\n",
                      out);
            has_head = true;
            leg_cell(out, report, i);
            cell(out, wording_utc(start + gaps[k].start_s));
            cell(out, wording_length(gaps[k].seconds));
            cell(out, gaps[k].seconds_seen > 0 ? wording_length(gaps[k].seconds_seen) : (struct wording){ "-" });
            text_cell(out, gaps[k].cause[0] ? gaps[k].cause : "-");
            text_cell(out, gaps[k].noticed[0] ? gaps[k].noticed : "-");
            text_cell(out, gaps[k].text[0] ? gaps[k].text : "-");
            fputs("\n", out);
        }
        if (report->legs[i].is_detailed && n > MOST_GAPS) {
            leg_cell(out, report, i);
            fprintf(out, " and %zu more; `longhaul show --json` has all | | | | | |\n", n - MOST_GAPS);
        }
    }
}

void markdown_write_events(FILE *out, const struct longhaul_report *report)
{
    write_event_table(out, report, true, "Outages");
    write_gaps(out, report);
    write_event_table(out, report, false, "Events");
}
