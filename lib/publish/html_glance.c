/* html_glance.c - the first lines of index.html: what the events affected (a hub, a pair or a leg), and how many legs
 * have figures that can be relied on. Does not look into any series. */

#include <stdlib.h>
#include <string.h>

#include "base/markup.h"
#include "publish/html.h"
#include "report/wording.h"

/* The events of one reach: their number, the hub, pair or leg with the most of them, and whether it has all of them, or
 * more than any other. */
struct reach {
    size_t n, worst;
    bool is_all, is_most;
};

void html_write_verdict(FILE *out, enum longhaul_verdict verdict)
{
    static const char *const classes[] = { "good", "noted", "bad" }, *const signs[] = { "&#10003;", "!", "&#10007;" };
    fprintf(out, "<span class=\"chip %s\"><span aria-hidden=true>%s</span> %s</span>", classes[verdict], signs[verdict],
            longhaul_verdict_text(verdict));
}

static bool is_same_pair(const struct longhaul_info *a, const struct longhaul_info *b)
{
    return report_is_same_direction(a, b) ||
           (strcmp(a->source, b->destination) == 0 && strcmp(a->destination, b->source) == 0);
}

/* True if two events of that reach affected the same hub, pair or leg. */
static bool is_same(const struct longhaul_report *report, const struct report_event *a, const struct report_event *b)
{
    if (a->event->scope == LONGHAUL_SCOPE_HUB)
        return strcmp(a->event->site, b->event->site) == 0;
    if (a->event->scope == LONGHAUL_SCOPE_PAIR)
        return is_same_pair(report->legs[a->leg].info, report->legs[b->leg].info);
    return a->leg == b->leg;
}

/* One of the events that affected something, and their number. */
struct affected {
    size_t event, n;
};

/* Counts the events of a reach by leg, and those of hubs by leg and end: in slots[2 * leg] and the next one. */
static void count_by_leg(const struct longhaul_report *report, enum longhaul_scope scope, struct affected *slots)
{
    memset(slots, 0, 2 * report->n_legs * sizeof *slots);
    for (size_t i = 0; i < report->n_events; i++) {
        const struct report_event *e = &report->events[i];
        bool is_end =
            scope == LONGHAUL_SCOPE_HUB && strcmp(report->legs[e->leg].info->destination, e->event->site) == 0;
        struct affected *slot = &slots[2 * e->leg + is_end];
        if (e->event->scope != scope)
            continue;
        slot->event = slot->n++ == 0 ? i : slot->event;
    }
}

/* Combines those of the same hub, pair or leg; returns how many remain. */
static size_t fold(const struct longhaul_report *report, enum longhaul_scope scope, struct affected *slots)
{
    size_t n = 0, k;
    bool is_one_leg = scope != LONGHAUL_SCOPE_HUB && scope != LONGHAUL_SCOPE_PAIR;
    for (size_t i = 0; i < 2 * report->n_legs; i++) {
        struct affected one = slots[i];
        if (one.n == 0)
            continue;
        for (k = is_one_leg ? n : 0;
             k < n && !is_same(report, &report->events[one.event], &report->events[slots[k].event]); k++)
            ;
        if (k == n)
            slots[n++] = one;
        else
            slots[k].n += one.n;
    }
    return n;
}

/* slots has room for two per leg. */
static struct reach reach_of(const struct longhaul_report *report, enum longhaul_scope scope, struct affected *slots)
{
    struct reach reach = { .n = 0 };
    count_by_leg(report, scope, slots);
    size_t n = fold(report, scope, slots), most = 0;
    for (size_t k = 0; k < n; k++) {
        reach.n += slots[k].n;
        if (slots[k].n >= most) {
            reach.is_most = slots[k].n > most;
            reach.worst = slots[k].n > most ? slots[k].event : reach.worst;
            most = slots[k].n;
        }
    }
    reach.is_all = n == 1;
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
    struct affected *slots = malloc((2 * report->n_legs + 1) * sizeof *slots);
    fprintf(out, "<li><b>%zu</b> <a href=\"#events\">event%s</a>:", report->n_events, report->n_events == 1 ? "" : "s");
    for (size_t k = 0; slots && k < sizeof scopes / sizeof *scopes; k++) {
        struct reach reach = reach_of(report, scopes[k].scope, slots);
        if (reach.n == 0)
            continue;
        fprintf(out, " <span class=\"chip %s\"><b>%zu</b> %s", scopes[k].class, reach.n, scopes[k].text);
        if (reach.is_most) {
            fputs(reach.is_all ? ", " : ", most on ", out);
            write_whom(out, report, &report->events[reach.worst]);
        }
        fputs("</span>", out);
    }
    free(slots);
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
        fprintf(out, "<li>No <a href=\"#events\">events</a> found%s",
                report_unknown_of(report, true).rest_text[0] ? "in what the files record" : "");
    fputs("<li>Figures:", out);
    for (int v = 0; v < 3; v++)
        if (n[v] > 0) {
            fprintf(out, " <b>%zu</b> leg%s ", n[v], n[v] == 1 ? "" : "s");
            html_write_verdict(out, (enum longhaul_verdict)v);
        }
    fputs("</ul>\n", out);
}
