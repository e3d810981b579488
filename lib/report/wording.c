/* wording.c - words times, lengths, counts and events for all texts of a report, so that Markdown, page and sentences
 * say the same in the same way. Plain text; knows nothing of markup. */

#include "report/wording.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "report/report.h"

static struct wording rate(double mbps, const char *unit, enum longhaul_rate_kind kind)
{
    return kind == LONGHAUL_RATE_KIND_UNKNOWN
               ? wording_say("-")
               : wording_say("%s%s%s", wording_short(mbps, "").text, unit,
                             kind == LONGHAUL_RATE_KIND_SENT ? " sent" : "");
}

struct wording wording_rate(const struct report_leg *leg, const char *unit)
{
    const struct longhaul_rate *r = longhaul_analysis_rate(leg->analysis);
    return rate(r->mbps, unit, r->kind);
}

struct wording wording_hour_rate(const struct longhaul_span *hour)
{
    return rate(hour->mean_mbps, "", hour->rate_kind);
}

/* Legs are sorted by label. */
static bool is_same_label(const struct longhaul_report *report, size_t i, size_t j)
{
    return j < report->n_legs && report_is_same_direction(report->legs[i].info, report->legs[j].info);
}

struct wording wording_run(const struct longhaul_report *report, size_t leg)
{
    const struct report_leg *l = &report->legs[leg];
    struct wording label = wording_leg(l->info);
    if (isnan(l->info->start_unix_s) ||
        !(is_same_label(report, leg, leg + 1) || (leg > 0 && is_same_label(report, leg, leg - 1))))
        return label;
    return wording_say("%.120s %s", label.text, wording_time_of_day(l->info->start_unix_s, true).text);
}

struct wording wording_route(const struct longhaul_info *info)
{
    const char *from = info->is_sender ? info->local_address : info->remote_address;
    const char *to = info->is_sender ? info->remote_address : info->local_address;
    return from[0] || to[0] ? wording_say("%s -> %s", from[0] ? from : "?", to[0] ? to : "?") : wording_say("-");
}

struct wording wording_writer(const struct longhaul_info *info)
{
    if (info->longhaul_version[0] == 0)
        return wording_say("%s", info->version[0] ? info->version : "-");
    return wording_say("%s%slonghaul %s", info->version, info->version[0] ? ", " : "", info->longhaul_version);
}

struct wording wording_protocol(const struct longhaul_info *info)
{
    return wording_say("%s%s%s", info->protocol[0] ? info->protocol : "-", info->congestion[0] ? ", " : "",
                       info->congestion);
}

struct wording wording_source(const struct report_leg *leg)
{
    const struct longhaul_loss *loss = longhaul_analysis_loss(leg->analysis);
    bool has_loss = loss->origin != LONGHAUL_LOSS_ORIGIN_UNKNOWN, has_jitter = !isnan(leg->summary.jitter_ms);
    bool of_intervals = longhaul_analysis_figures(leg->analysis)->jitter_ms.n > 0;
    if (!has_loss && !has_jitter && !of_intervals)
        return wording_say("%s", strcmp(leg->info->protocol, "TCP") == 0 ? "-" : "unknown");
    if (leg->has_receiver)
        return wording_say("the receiver's record");
    return wording_say("%s",
                       !leg->info->is_sender ? "this record, of the receiver" : "the receiver's report at the end");
}

struct wording wording_measured(const struct longhaul_report *report)
{
    struct report_extent e = report_extent_of(report);
    double measured_s = e.length_s < 1 ? e.length_s : round(e.length_s);
    if (!e.is_open)
        return wording_length(measured_s);
    return wording_say("%s of %s", wording_length(measured_s).text, wording_length(round(e.planned_s)).text);
}

bool wording_needs_day(const struct longhaul_report *report)
{
    double first = INFINITY, last = -INFINITY;
    for (size_t i = 0; i < report->n_legs; i++) {
        const struct report_leg *leg = &report->legs[i];
        double start = leg->info->start_unix_s;
        if (isnan(start))
            continue;
        first = fmin(first, floor(start / 86400));
        last = fmax(last, floor((start + report_length_s(leg)) / 86400));
    }
    return last > first;
}

/* ---- events */

struct wording wording_level(enum longhaul_event_kind kind, double level, double usual)
{
    static const char *const units[LONGHAUL_N_EVENT_KINDS] = {
        [LONGHAUL_EVENT_LOSS] = " %", [LONGHAUL_EVENT_RATE_CAP] = " Mbps", [LONGHAUL_EVENT_JITTER] = " ms",
        [LONGHAUL_EVENT_RATE] = " Mbps", [LONGHAUL_EVENT_DELAY] = " ms", [LONGHAUL_EVENT_ROUTE] = " ms",
        [LONGHAUL_EVENT_SILENCE] = " ms"
    };
    if (isnan(level) || units[kind] == NULL)
        return wording_say("-");
    if (isnan(usual))
        return wording_short(level, units[kind]);
    return wording_say("%s (usual %s)", wording_short(level, units[kind]).text, wording_short(usual, "").text);
}

struct wording wording_lost(enum longhaul_event_kind kind, double lost_packets)
{
    if (lost_packets > 0)
        return wording_count(lost_packets);
    return kind == LONGHAUL_EVENT_OUTAGE  ? wording_say("not sent or unknown")
           : kind == LONGHAUL_EVENT_ENDED ? wording_say("-")
                                          : wording_count(lost_packets);
}

struct wording wording_host_lost(const struct longhaul_incident *i)
{
    return isnan(i->host_lost) ? wording_say("%s", "")
                               : wording_say("%s by its host", wording_count(i->host_lost).text);
}

static struct wording moment(double unix_s, double axis_s, bool with_day)
{
    if (isnan(unix_s))
        return wording_say("at %.0f s", axis_s);
    return with_day ? wording_utc(unix_s) : wording_time_of_day(unix_s, false);
}

struct wording wording_incident_start(const struct longhaul_incident *i, bool with_day)
{
    return moment(i->start_unix_s, i->start_s, with_day);
}

struct wording wording_incident_end(const struct longhaul_incident *i, bool with_day)
{
    if (i->is_open && i->kind != LONGHAUL_EVENT_ENDED)
        return wording_say("goes on");
    return moment(i->end_unix_s, i->start_s + i->seconds, with_day);
}

struct wording wording_times(const struct longhaul_incident *i)
{
    return isnan(i->period_s) ? wording_say("%zu", i->count)
                              : wording_say("%zu, every %s", i->count, wording_length(i->period_s).text);
}

struct wording wording_scope(const struct longhaul_event *e)
{
    char flows[sizeof((struct wording *)0)->text];
    longhaul_event_flows_text(e, flows, sizeof flows);
    if (e->scope == LONGHAUL_SCOPE_FLOW)
        return wording_say("%s", flows);
    return wording_say("%s%s%s", longhaul_scope_text(e->scope), e->site[0] ? " " : "", e->site);
}

struct wording wording_concurrence(const struct longhaul_event *e)
{
    static const char *const opposites[] = { "opposite direction not measured", "opposite direction quiet",
                                             "opposite direction too" };
    if (e->n_other_measured == 0)
        return wording_say("%s", opposites[e->opposite]);
    return wording_say("%s, %zu of %zu legs of other pairs", opposites[e->opposite], e->n_other_affected,
                       e->n_other_measured);
}

struct wording wording_when(const struct longhaul_event *e, bool with_day)
{
    return isnan(e->start_unix_s) ? wording_say("at %.0f s", e->start_s)
                                  : wording_time_of_day(e->start_unix_s, with_day);
}

struct wording wording_objectives(size_t n, size_t missed, size_t unknown)
{
    const char *s = n == 1 ? "" : "s";
    if (missed + unknown == 0)
        return wording_say("%s%zu objective%s met", n == 1 ? "" : "all ", n, s);
    if (missed == 0)
        return wording_say("%zu of %zu objective%s cannot be judged%s", unknown, n, s,
                           unknown < n ? ", the others are met" : "");
    if (unknown == 0)
        return wording_say("%zu of %zu objective%s missed", missed, n, s);
    return wording_say("%zu of %zu objective%s missed, %zu cannot be judged", missed, n, s, unknown);
}
