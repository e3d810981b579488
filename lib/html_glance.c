/* html_glance.c - the first lines of index.html: whom the events befell, a hub, a pair or a leg, and how many legs have figures that
 * can be relied on. Looks into no series. */

#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "markup.h"
#include "wording.h"

/* The events of a reach: how many, one of the leg that has the most of them (of hubs the first), and whether all are of the same. */
struct reach {
    size_t n, worst;
    bool is_all;
};

void html_write_verdict(FILE *out, enum longhaul_verdict verdict)
{
    static const char *const classes[] = { "good", "noted", "bad" }, *const signs[] = { "&#10003;", "!", "&#10007;" };
    fprintf(out, "<span class=\"chip %s\"><span aria-hidden=true>%s</span> %s</span>", classes[verdict], signs[verdict],
            longhaul_verdict_text(verdict));
}

static bool is_same_pair(const struct longhaul_info *a, const struct longhaul_info *b)
{
    return (strcmp(a->source, b->source) == 0 && strcmp(a->destination, b->destination) == 0) ||
           (strcmp(a->source, b->destination) == 0 && strcmp(a->destination, b->source) == 0);
}

/* Did two events of that reach befall the same hub, pair or leg? */
static bool is_same(const struct longhaul_report *report, const struct report_event *a, const struct report_event *b)
{
    if (a->event->scope == LONGHAUL_SCOPE_HUB)
        return strcmp(a->event->site, b->event->site) == 0;
    if (a->event->scope == LONGHAUL_SCOPE_PAIR)
        return is_same_pair(report->legs[a->leg].info, report->legs[b->leg].info);
    return a->leg == b->leg;
}

/* counts has room for one number for each leg. */
static struct reach reach_of(const struct longhaul_report *report, enum longhaul_scope scope, size_t *counts)
{
    struct reach reach = { .is_all = true };
    size_t most = 0;
    memset(counts, 0, report->n_legs * sizeof *counts);
    for (size_t i = 0; i < report->n_events; i++) {
        const struct report_event *e = &report->events[i];
        if (e->event->scope != scope)
            continue;
        if (reach.n++ > 0)
            reach.is_all = reach.is_all && is_same(report, e, &report->events[reach.worst]);
        if (++counts[e->leg] > most && (scope != LONGHAUL_SCOPE_HUB || most == 0)) {
            most = counts[e->leg];
            reach.worst = i;
        }
    }
    return reach;
}

static void write_whom(FILE *out, const struct longhaul_report *report, const struct report_event *e)
{
    const struct longhaul_info *info = report->legs[e->leg].info;
    bool is_ordered = strcmp(info->source, info->destination) < 0;
    if (e->event->scope == LONGHAUL_SCOPE_HUB) {
        markup_html(out, e->event->site);
    } else if (e->event->scope == LONGHAUL_SCOPE_PAIR) {
        markup_html(out, is_ordered ? info->source : info->destination);
        fputs(" &harr; ", out);
        markup_html(out, is_ordered ? info->destination : info->source);
    } else {
        markup_html(out, wording_run(report, e->leg).text);
    }
}

/* "28 events: 6 of a hub, WUS; 6 of a pair, KC <-> WUS; 16 of one leg, most on HK->WUS" */
static void write_events(FILE *out, const struct longhaul_report *report)
{
    static const struct { enum longhaul_scope scope; const char *class, *text; } scopes[] = {
        { LONGHAUL_SCOPE_HUB, "s-hub", "of a hub" }, { LONGHAUL_SCOPE_PAIR, "s-pair", "of a pair" },
        { LONGHAUL_SCOPE_LEG, "s-leg", "of one leg" }, { LONGHAUL_SCOPE_UNKNOWN, "s-unknown", "of unknown reach" } };
    size_t *counts = malloc((report->n_legs + 1) * sizeof *counts);
    fprintf(out, "<li><b>%zu</b> <a href=\"#events\">event%s</a>:", report->n_events, report->n_events == 1 ? "" : "s");
    for (size_t k = 0; counts && k < sizeof scopes / sizeof *scopes; k++) {
        struct reach reach = reach_of(report, scopes[k].scope, counts);
        if (reach.n == 0)
            continue;
        fprintf(out, " <span class=\"chip %s\"><b>%zu</b> %s, %s", scopes[k].class, reach.n, scopes[k].text, reach.is_all ? "" : "most on ");
        write_whom(out, report, &report->events[reach.worst]);
        fputs("</span>", out);
    }
    free(counts);
}

void html_write_glance(FILE *out, const struct longhaul_report *report)
{
    size_t n[3] = { 0, 0, 0 };
    for (size_t i = 0; i < report->n_legs; i++)
        n[longhaul_analysis_verdict(report->legs[i].analysis)]++;
    fputs("<ul class=glance>", out);
    if (report->n_events > 0)
        write_events(out, report);
    else
        fprintf(out, "<li>No <a href=\"#events\">events</a> found%s", report_unknown_of(report, true).rest_text[0] ? ", as far as the files tell" : "");
    fputs("<li>Figures:", out);
    for (int v = 0; v < 3; v++)
        if (n[v] > 0) {
            fprintf(out, " <b>%zu</b> leg%s ", n[v], n[v] == 1 ? "" : "s");
            html_write_verdict(out, (enum longhaul_verdict)v);
        }
    fputs("</ul>\n", out);
}
