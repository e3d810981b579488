/* html_incidents.c - in index.html: the first lines, which tell what happened, and the list of incidents with the legs
 * and events of each. An incident has one number and one colour, its kind's, in lists and charts. */

#include "analysis/analysis.h"
#include "publish/html.h"
#include "publish/html_cells.h"
#include "report/report_drawings.h"

#define MOST_INCIDENTS 300 /* rows, the gravest */
#define MOST_LISTED 24     /* events of one incident */
#define MOST_LISTED_ALL 1500
#define MOST_LEGS_ALL 20000 /* of all incidents, for the search */

void html_write_incident_number(FILE *out, const struct longhaul_incident *incident, const char *target)
{
    fprintf(out, "<a class=\"inc k-%s\" href=\"#%s\"", event_kind_key(incident->kind), target);
    if (target[0] == 'l')
        fprintf(out, " data-incident=%zu", incident->number);
    fprintf(out, ">%zu</a>", incident->number);
}

/* To the drawing of the route around it. */
static void write_route_link(FILE *out, const struct longhaul_report *report, size_t incident)
{
    const struct report_drawing *drawing = report_drawing_of_incident(report, incident);
    if (drawing)
        fprintf(out, " <a href=\"#r%zu\">The route, drawn</a>", drawing->number);
}

/* ---- the first lines */

void html_write_first(FILE *out, const struct longhaul_report *report)
{
    size_t n;
    const struct longhaul_incident *list = longhaul_incidents_list(report->incidents, &n);
    fputs("<div class=first><h2 class=said>", out);
    markup_html(out, longhaul_incidents_verdict(report->incidents));
    fputs("</h2>\n<ol>", out);
    for (size_t i = 0; i < n && i < REPORT_MOST_FIRST; i++) {
        char target[32];
        snprintf(target, sizeof target, "i%zu", list[i].number);
        fputs("<li>", out);
        html_write_incident_number(out, &list[i], target);
        fputs(" ", out);
        markup_html(out, list[i].text);
        write_route_link(out, report, list[i].number);
    }
    fputs("</ol>", out);
    if (n > REPORT_MOST_FIRST)
        fprintf(out, "<p>&hellip; and <a href=\"#incidents\">%zu more</a></p>", n - REPORT_MOST_FIRST);
    fputs("</div>\n", out);
}

/* ---- the list */

/* The leg whose chart shows the incident: the first that has one; n_legs if none has. */
static size_t shown_leg(const struct longhaul_report *report, const struct longhaul_incident *incident)
{
    for (size_t i = 0; i < incident->n_legs; i++)
        if (report->legs[incident->legs[i]].is_detailed)
            return incident->legs[i];
    return report->n_legs;
}

static void event_item(FILE *out, const struct longhaul_report *report, const struct longhaul_incident_event *event,
                       bool with_day)
{
    const struct report_leg *leg = &report->legs[event->test];
    size_t n, number = leg->event_numbers[event->event];
    const struct longhaul_event *e = &longhaul_analysis_events(leg->analysis, &n)[event->event];
    fputs("<li>", out);
    if (leg->is_detailed)
        fprintf(out, "<a href=\"#leg%zu\" data-event=%zu>", event->test, number);
    markup_html(out, wording_run(report, event->test).text);
    fprintf(out, "%s %s, %s, %s", leg->is_detailed ? "</a>" : "", wording_when(e, with_day).text,
            longhaul_event_kind_text(e->kind), wording_length(e->seconds).text);
    if (e->kind == LONGHAUL_EVENT_OUTAGE || e->lost_packets > 0)
        fprintf(out, ", %s%s", wording_lost(e->kind, e->lost_packets).text, e->lost_packets > 0 ? " lost" : "");
}

/* Where it was, and folded under it its legs and events. *room is how many more events the page has room for. */
static void write_parts(FILE *out, const struct longhaul_report *report, const struct longhaul_incident *incident,
                        bool with_day, size_t *room)
{
    size_t n = incident->n_events < MOST_LISTED ? incident->n_events : MOST_LISTED;
    n = n < *room ? n : *room;
    *room -= n;
    fputs("<details><summary>", out);
    markup_html(out, incident->where);
    fputs("</summary><p>", out);
    markup_html(out, incident->text);
    write_route_link(out, report, incident->number);
    fprintf(out, "</p><p>%zu leg%s, %zu event%s:</p><ul>", incident->n_legs, incident->n_legs == 1 ? "" : "s",
            incident->n_events, incident->n_events == 1 ? "" : "s");
    for (size_t i = 0; i < n; i++)
        event_item(out, report, &incident->events[i], with_day);
    if (incident->n_events > n)
        fprintf(out, "<li>and %zu more", incident->n_events - n);
    fputs("</ul></details>", out);
}

/* For the search: which legs have a part in it; "all" if the page has no room for their numbers. */
static void write_legs(FILE *out, const struct longhaul_incident *incident, size_t *room)
{
    fputs(" data-legs=\"", out);
    for (size_t i = 0; i < incident->n_legs && incident->n_legs <= *room; i++)
        fprintf(out, "%s%zu", i > 0 ? " " : "", incident->legs[i]);
    fputs(incident->n_legs > *room ? "all\"" : "\"", out);
    *room -= incident->n_legs <= *room ? incident->n_legs : 0;
}

static void incident_row(FILE *out, const struct longhaul_report *report, const struct longhaul_incident *incident,
                         bool with_day, size_t *room, size_t *legs_room)
{
    size_t leg = shown_leg(report, incident);
    char target[32];
    snprintf(target, sizeof target, leg < report->n_legs ? "leg%zu" : "i%zu",
             leg < report->n_legs ? leg : incident->number);
    fprintf(out, "<tr id=i%zu><th scope=row class=n data-v=\"%zu\">", incident->number, incident->number);
    html_write_incident_number(out, incident, target);
    text_cell(out, longhaul_event_kind_text(incident->kind));
    if (incident->cause[0]) {
        fputs(" (", out);
        markup_html(out, incident->cause);
        fputs(")", out);
    }
    fputs("<td class=where", out);
    write_legs(out, incident, legs_room);
    fputs(">", out);
    write_parts(out, report, incident, with_day, room);
    double start = isnan(incident->start_unix_s) ? incident->start_s : incident->start_unix_s;
    fprintf(out, "<td data-v=\"%.3f\">%s", start, wording_incident_start(incident, with_day).text);
    fprintf(out, "<td data-v=\"%.3f\">%s", start + incident->seconds, wording_incident_end(incident, with_day).text);
    number_cell(out, incident->seconds, wording_length(incident->seconds));
    lost_cell(out, incident->kind, incident->lost_packets);
    if (!isnan(incident->host_lost))
        fprintf(out, " <small>(%s)</small>", wording_host_lost(incident).text);
    fprintf(out, "<td class=n data-v=\"%.9g\">%s", incident->down_s,
            incident->down_s > 0 ? wording_length(incident->down_s).text : "0");
    text_cell(out, isnan(incident->level)
                       ? "\xe2\x80\x93"
                       : wording_level(incident->kind, incident->level, incident->usual).text);
    fprintf(out, "<td class=n data-v=\"%zu\">%s\n", incident->count, wording_times(incident).text);
}

/* If none was found: which could not have been found. */
static void write_none(FILE *out, const struct longhaul_report *report)
{
    struct report_unknown unknown = report_unknown_of(report, true);
    fputs("<p>", out);
    markup_html(out, unknown.none_text[0] ? unknown.none_text
                                          : "Unknown: no interval knows a rate, a loss or a jitter.");
    fputs("\n", out);
}

void html_write_incidents(FILE *out, const struct longhaul_report *report)
{
    static const struct { const char *name, *title; } columns[] = {
        { "#", "the gravest first: by time without data, then lost packets, legs, length; leads to its chart" },
        { "What", "its kind, in whose colour the charts have it, and its cause if it is known" },
        { "Where", "one leg, both of a pair, a site at which its legs meet, or all; below it its legs and events" },
        { "Start (UTC)", "" }, { "End (UTC)", "" }, { "Length", "" },
        { "Lost", "packets, in all its legs" },
        { "Without data", "sum over its legs" },
        { "Level", "the loss, the jitter or the rate, of the worst leg" },
        { "Times", "how many like bursts it is, and their period" },
    };
    size_t n, room = MOST_LISTED_ALL, legs_room = MOST_LEGS_ALL;
    const struct longhaul_incident *list = longhaul_incidents_list(report->incidents, &n);
    bool with_day = wording_needs_day(report);
    if (n == 0) {
        write_none(out, report);
        return;
    }
    if (n > MOST_INCIDENTS)
        fprintf(out, "<p class=hint>The gravest %d of %zu; <code>longhaul report --csv=incidents</code> has all.\n",
                MOST_INCIDENTS, n);
    begin_table(out, "incident-table", "Incidents");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        fprintf(out, "<th scope=col title=\"%s\"%s>%s", columns[i].title,
                i == 0 || (i >= 5 && i != 8) ? " class=n" : "", columns[i].name);
    fputs("</thead><tbody>\n", out);
    for (size_t i = 0; i < n && i < MOST_INCIDENTS; i++)
        incident_row(out, report, &list[i], with_day, &room, &legs_room);
    end_table(out);
}
