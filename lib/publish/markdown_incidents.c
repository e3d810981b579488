/* markdown_incidents.c - in summary_report.md: the first lines, which tell what happened; the list of incidents, each
 * with its events; gaps with their causes. */

#include "publish/markdown.h"

#include <math.h>
#include <stdlib.h>

#include "publish/markdown_cells.h"

#define MOST_INCIDENTS 200  /* in the table, the gravest */
#define MOST_WITH_EVENTS 40 /* have a table of their events */
#define MOST_LISTED 20      /* events of one incident */
#define MOST_ALONE 100      /* events without an incident */
#define MOST_GAPS 20        /* per leg */

/* ---- the first lines */

void markdown_write_first(FILE *out, const struct longhaul_report *report)
{
    size_t n;
    const struct longhaul_incident *list = longhaul_incidents_list(report->incidents, &n);
    fputs("\n## In short\n\n**", out);
    markup_markdown(out, longhaul_incidents_verdict(report->incidents));
    fputs("**\n", out);
    for (size_t i = 0; i < n && i < REPORT_MOST_FIRST; i++) {
        fprintf(out, "%s%zu. ", i == 0 ? "\n" : "", list[i].number);
        markup_markdown(out, list[i].text);
        fputs("\n", out);
    }
    if (n > REPORT_MOST_FIRST)
        fprintf(out, "\n... and %zu more, [below](#incidents).\n", n - REPORT_MOST_FIRST);
}

/* ---- nothing */

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

/* ---- the list */

/* A link to the picture of the pair that a leg of the incident is of. */
static void chart_cell(FILE *out, const struct longhaul_report *report, const struct longhaul_incident *incident)
{
    for (size_t i = 0; i < report->n_charts; i++) {
        const struct report_chart *chart = &report->charts[i];
        for (size_t k = 0; k < chart->n_legs; k++)
            if (chart->kind == LONGHAUL_CHART_PAIR && (chart->has_png || chart->has_svg) &&
                chart->legs[k] == incident->legs[0]) {
                fputs(" [", out);
                markup_markdown(out, chart->subject);
                fputs("](", out);
                markup_link(out, chart->name);
                fprintf(out, ".%s) |", chart->has_png ? "png" : "svg");
                return;
            }
    }
    fputs(" - |", out);
}

static void what_cell(FILE *out, enum longhaul_event_kind kind, const char *cause)
{
    fprintf(out, " %s", longhaul_event_kind_text(kind));
    if (cause[0]) {
        fputs(" (", out);
        markup_markdown(out, cause);
        fputs(")", out);
    }
    fputs(" |", out);
}

static void write_row(FILE *out, const struct longhaul_report *report, const struct longhaul_incident *incident)
{
    fprintf(out, "| %zu |", incident->number);
    what_cell(out, incident->kind, incident->cause);
    text_cell(out, incident->where);
    cell(out, wording_incident_start(incident, true));
    cell(out, wording_incident_end(incident, true));
    cell(out, wording_length(incident->seconds));
    fprintf(out, isnan(incident->host_lost) ? " %s%s |" : " %s (%s) |",
            wording_lost(incident->kind, incident->lost_packets).text, wording_host_lost(incident).text);
    fprintf(out, " %s |", incident->down_s > 0 ? wording_length(incident->down_s).text : "0");
    cell(out, wording_level(incident->kind, incident->level, incident->usual));
    cell(out, wording_times(incident));
    chart_cell(out, report, incident);
    fputs("\n", out);
}

/* What traces say, and nothing where no trace says anything about any event. */
static void hops_cell(FILE *out, const struct longhaul_report *report, const struct longhaul_event *e)
{
    char said[400];
    longhaul_event_hops_text(e, said, sizeof said);
    if (report->knows_hops)
        text_cell(out, said[0] ? said : e->hops.sign == LONGHAUL_HOPS_SIGN_SAME ? "the same" : "-");
}

static void write_event(FILE *out, const struct longhaul_report *report, size_t i, bool with_day)
{
    const struct report_event *entry = &report->events[i];
    const struct longhaul_event *e = entry->event;
    fprintf(out, "| %zu | %s |", i + 1, wording_when(e, with_day).text);
    text_cell(out, wording_run(report, entry->leg).text);
    what_cell(out, e->kind, e->cause);
    cell(out, wording_length(e->seconds));
    cell(out, wording_lost(e->kind, e->lost_packets));
    cell(out, wording_level(e->kind, e->level, e->usual));
    text_cell(out, wording_scope(e).text);
    text_cell(out, wording_concurrence(e).text);
    hops_cell(out, report, e);
    fputs("\n", out);
}

static void write_event_head(FILE *out, const struct longhaul_report *report)
{
    fputs("| Event | Start (UTC) | Direction | What | Length | Lost packets | Level | Reach | Other legs then |", out);
    fprintf(out, "%s\n|---:|---|---|---|---:|---:|---|---|---|%s\n", report->knows_hops ? " Route |" : "",
            report->knows_hops ? "---|" : "");
}

static void write_events_of(FILE *out, const struct longhaul_report *report, const struct longhaul_incident *incident,
                            bool with_day)
{
    fprintf(out, "\n### Incident %zu\n\n", incident->number);
    markup_markdown(out, incident->text);
    fputs("\n\n", out);
    write_event_head(out, report);
    for (size_t i = 0; i < incident->n_events && i < MOST_LISTED; i++) {
        const struct longhaul_incident_event *e = &incident->events[i];
        write_event(out, report, report->legs[e->test].event_numbers[e->event] - 1, with_day);
    }
    if (incident->n_events > MOST_LISTED)
        fprintf(out, "\n%zu more of its events: `longhaul show --events` has all.\n", incident->n_events - MOST_LISTED);
    markdown_write_drawings(out, report, incident->number);
}

/* Events that are no part of an incident. */
static void write_alone(FILE *out, const struct longhaul_report *report, bool with_day)
{
    size_t n = 0;
    for (size_t i = 0; i < report->n_events; i++) {
        if (report_incident_of(report, &report->events[i]) > 0 || n++ >= MOST_ALONE)
            continue;
        if (n == 1) {
            fputs("\n### Events that belong to no incident\n\n", out);
            write_event_head(out, report);
        }
        write_event(out, report, i, with_day);
    }
    if (n > MOST_ALONE)
        fprintf(out, "\n%zu more events: `longhaul show --events` has all.\n", n - MOST_ALONE);
    markdown_write_drawings(out, report, 0);
}

static void write_list(FILE *out, const struct longhaul_report *report, const struct longhaul_incident *list, size_t n)
{
    fputs("The gravest first: by time without data, then lost packets, legs, length.\n\n", out);
    if (n > MOST_INCIDENTS)
        fprintf(out, "The gravest %d of %zu; `longhaul report --csv=incidents` has all.\n\n", MOST_INCIDENTS, n);
    fputs("| # | What | Where | Start (UTC) | End (UTC) | Length | Lost packets | Without data | Level | Times | Chart "
          "|\n|---:|---|---|---|---|---:|---:|---:|---|---|---|\n",
          out);
    for (size_t i = 0; i < n && i < MOST_INCIDENTS; i++)
        write_row(out, report, &list[i]);
}

/* ---- gaps */

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

void markdown_write_incidents(FILE *out, const struct longhaul_report *report)
{
    size_t n;
    const struct longhaul_incident *list = longhaul_incidents_list(report->incidents, &n);
    bool with_day = wording_needs_day(report);
    fputs("\n## Incidents\n\n", out);
    if (n > 0)
        write_list(out, report, list, n);
    else if (report->n_events == 0) {
        write_no_outage(out, report);
        write_no_event(out, report);
    }
    for (size_t i = 0; i < n && i < MOST_WITH_EVENTS; i++)
        write_events_of(out, report, &list[i], with_day);
    write_alone(out, report, with_day);
    write_gaps(out, report);
}
