/* html_events.c - in index.html: the events of all legs, in the order of time, and the incidents they belong to. */

#include "publish/html.h"
#include "publish/html_cells.h"

#define MOST_EVENTS 1000 /* rows; more make a page slow */

static void number_head(FILE *out, const struct longhaul_report *report, size_t i)
{
    size_t leg = report->events[i].leg;
    fprintf(out, "<tr id=e%zu><th scope=row class=n data-v=\"%zu\">", i + 1, i + 1);
    if (report->legs[leg].is_detailed)
        fprintf(out, "<a href=\"#leg%zu\" data-event=%zu>%zu</a>", leg, i + 1, i + 1);
    else
        fprintf(out, "%zu", i + 1);
}

static void incident_cell(FILE *out, const struct longhaul_report *report, size_t number)
{
    const struct longhaul_incident *incident = report_incident(report, number);
    if (incident == NULL) {
        fputs("<td class=n>&ndash;", out);
        return;
    }
    char target[32];
    snprintf(target, sizeof target, "i%zu", number);
    fprintf(out, "<td class=n data-v=\"%zu\">", number);
    html_write_incident_number(out, incident, target);
}

static void event_row(FILE *out, const struct longhaul_report *report, size_t i, bool with_day, bool with_hops)
{
    const struct report_event *entry = &report->events[i];
    const struct longhaul_event *e = entry->event;
    number_head(out, report, i);
    incident_cell(out, report, report_incident_of(report, entry));
    fprintf(out, "<td data-v=\"%.9g\">%s", isnan(e->start_unix_s) ? e->start_s : (double)i,
            wording_when(e, with_day).text);
    text_cell(out, wording_run(report, entry->leg).text);
    text_cell(out, longhaul_event_kind_text(e->kind));
    if (e->cause[0]) {
        fputs(" (", out);
        markup_html(out, e->cause);
        fputs(")", out);
    }
    number_cell(out, e->seconds, wording_length(e->seconds));
    lost_cell(out, e->kind, e->lost_packets);
    text_cell(out, isnan(e->level) ? "\xe2\x80\x93" : wording_level(e->kind, e->level, e->usual).text);
    fprintf(out, "<td data-v=\"%d\"><span class=\"chip s-%s\">", (int)e->scope, longhaul_scope_text(e->scope));
    markup_html(out, wording_scope(e).text);
    fputs("</span>", out);
    text_cell(out, wording_concurrence(e).text);
    if (with_hops)
        html_write_hops_cell(out, report, i + 1);
    fputs("\n", out);
}

void html_write_events(FILE *out, const struct longhaul_report *report)
{
    static const char *const columns[] = { "#", "Incident", "Start (UTC)", "Leg", "What", "Length", "Lost", "Level",
                                           "Reach", "Other legs then", "Route" };
    bool with_day = wording_needs_day(report), with_hops = report->knows_hops;
    if (report->n_events == 0)
        return;
    fprintf(out, "<details class=fold id=events><summary><h3>%zu event%s, and the incident%s</h3></summary>\n",
            report->n_events, report->n_events == 1 ? "" : "s",
            report->n_events == 1 ? " it belongs to" : "s they belong to");
    fputs("<p class=hint>Reach: <b>leg</b>, this direction alone; <b>pair</b>, the opposite direction too; <b>hub</b>, "
          "most "
          "other pairs of a site too.",
          out);
    if (report->n_events > MOST_EVENTS)
        fprintf(out, " The first %d of %zu; <code>longhaul show --events</code> has all.", MOST_EVENTS,
                report->n_events);
    fputs("\n", out);
    begin_table(out, "event-table", "Events");
    for (size_t i = 0; i < sizeof columns / sizeof *columns - !with_hops; i++)
        fprintf(out, "<th scope=col%s>%s", i < 2 || i == 5 || i == 6 ? " class=n" : "", columns[i]);
    fputs("</thead><tbody>\n", out);
    for (size_t i = 0; i < report->n_events && i < MOST_EVENTS; i++)
        event_row(out, report, i, with_day, with_hops);
    end_table(out);
    fputs("</details>\n", out);
}
