/* incident_text.c - tells an incident in one sentence: when, how long, where, what and how much, why if that is known.
 */

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "analysis/analysis.h"
#include "report/incident_hops.h"
#include "report/wording.h"

/* Room for a sentence with long names. */
struct sentence {
    char text[640];
};

static struct sentence say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static struct sentence say(const char *format, ...)
{
    struct sentence s;
    va_list args;
    va_start(args, format);
    vsnprintf(s.text, sizeof s.text, format, args);
    va_end(args);
    return s;
}

/* "2025-11-15 01:10:00Z, 58 s: " */
static struct sentence tell_when(const struct longhaul_incident *x)
{
    struct wording length = wording_length(x->seconds);
    struct wording start =
        isnan(x->start_unix_s) ? wording_say("at %s", wording_length(x->start_s).text) : wording_utc(x->start_unix_s);
    if (x->kind == LONGHAUL_EVENT_ENDED)
        return say("%s: ", start.text);
    if (x->kind == LONGHAUL_EVENT_ROUTE && x->count == 1 && !(x->seconds > 0 && analysis_is_traced(x->kind, x->level)))
        return say("%s: ", start.text);
    if (x->is_open)
        return say("since %s (%s), still going on at the end of the data: ", start.text, length.text);
    return say("%s, %s: ", start.text, length.text);
}

/* "all 3 legs to WUS", "2 of 3 legs from WUS" if all go the same way, else "all 6 legs of WUS", "2 of 6 legs of WUS" */
static struct wording legs_of_site(const struct longhaul_analysis *const *tests, const struct incident_sites *sites,
                                   const struct longhaul_incident *x)
{
    size_t n_from = 0, n_to = 0;
    for (size_t i = 0; i < x->n_legs; i++) {
        n_from += strcmp(tests[x->legs[i]]->info.source, x->where) == 0;
        n_to += strcmp(tests[x->legs[i]]->info.destination, x->where) == 0;
    }
    const char *way = n_to == x->n_legs ? "to" : n_from == x->n_legs ? "from" : "of";
    size_t n = n_to == x->n_legs     ? incident_sites_to(sites, x->where)
               : n_from == x->n_legs ? incident_sites_from(sites, x->where)
                                     : incident_sites_of(sites, x->where);
    if (n == x->n_legs)
        return wording_say("all %zu legs %s %s", n, way, x->where);
    return wording_say("%zu of %zu legs %s %s", x->n_legs, n, way, x->where);
}

/* "HK->WUS", "both directions of HK<->WUS", "all 6 legs", "2 of 6 legs", those of a site */
static struct wording subject_of(const struct longhaul_analysis *const *tests, const struct incident_sites *sites,
                                 const struct longhaul_incident *x)
{
    if (x->reach == LONGHAUL_REACH_LEG)
        return wording_say("%s", x->where);
    if (x->reach == LONGHAUL_REACH_PAIR)
        return wording_say("both directions of %s", x->where);
    if (x->reach == LONGHAUL_REACH_SITE)
        return legs_of_site(tests, sites, x);
    if (sites->n == x->n_legs)
        return wording_say("all %zu legs", sites->n);
    return wording_say("%zu of %zu legs", x->n_legs, sites->n);
}

/* "2 of 16 flows (source ports 41234, 41236) of HK->WUS", where one incident of one leg is confined to them. */
static struct sentence subject_with_flows(const struct longhaul_incident *x, const struct incident_part *part,
                                          const char *subject)
{
    char flows[160];
    longhaul_event_flows_text(part->events[0], flows, sizeof flows);
    if (!part->is_of_flows)
        return say("%s", subject);
    return x->n_legs == 1 && x->count == 1 ? say("%s of %s", flows, subject) : say("some flows of %s", subject);
}

/* "1,090 packets lost"; what is unknown is said. In an outage that lost none nothing was sent, or nobody counted. */
static struct wording lost_of(const struct longhaul_incident *x)
{
    if (x->kind == LONGHAUL_EVENT_OUTAGE && x->lost_packets == 0)
        return wording_say("packets not sent, or their loss unknown");
    return isnan(x->lost_packets)
               ? wording_say("how many packets were lost is unknown")
               : wording_say("%s packet%s lost", wording_count(x->lost_packets).text, x->lost_packets == 1 ? "" : "s");
}

static struct wording every(const struct longhaul_incident *x)
{
    return isnan(x->period_s) ? wording_say("%s", "") : wording_say(", every %s", wording_length(x->period_s).text);
}

/* The mean length of the events of the part that has most. */
static struct wording each_length(const struct incident_part *parts, size_t n)
{
    const struct incident_part *most = &parts[0];
    double sum = 0;
    for (size_t i = 1; i < n; i++)
        most = parts[i].n > most->n ? &parts[i] : most;
    for (size_t i = 0; i < most->n; i++)
        sum += most->events[i]->seconds;
    return wording_length(round(10 * sum / (double)most->n) / 10);
}

static struct sentence tell_outage(const struct longhaul_incident *x, const char *subject, const char *length)
{
    if (x->count > 1)
        return say("%zu outages of %s of %s%s, %s", x->count, subject, length, every(x).text, lost_of(x).text);
    return say("outage of %s, %s", subject, lost_of(x).text);
}

static struct sentence tell_loss(const struct longhaul_incident *x, bool is_of_flows, const char *subject,
                                 const char *length)
{
    struct wording level = wording_short(x->level, " %"), usual = wording_short(x->usual, " %");
    const char *most = x->n_legs > 1 ? "up to " : "";
    if (x->count > 1)
        return say("%s lost %s%s in each of %zu bursts of %s%s (%s)", subject, most, level.text, x->count, length,
                   every(x).text, lost_of(x).text);
    return say("%s lost %s%s (%s; %s %s)", subject, most, level.text, lost_of(x).text,
               is_of_flows ? "the others" : "usual", usual.text);
}

static struct sentence tell_rate(const struct longhaul_incident *x, bool is_tcp, const char *subject,
                                 const char *length)
{
    struct wording level = wording_short(x->level, ""), usual = wording_short(x->usual, " Mbps");
    if (x->kind == LONGHAUL_EVENT_RATE_CAP)
        return say("%s %s held at %s of %s: a policer? (%s)", subject, x->n_legs > 1 ? "were" : "was", level.text,
                   usual.text, lost_of(x).text);
    if (x->count > 1)
        return say("%s: %zu times %s of %s %s for %s%s", subject, x->count, level.text, usual.text,
                   is_tcp ? "carried" : "sent", length, every(x).text);
    if (x->level == 0)
        return say("%s: nothing was %s", subject, is_tcp ? "carried" : "sent");
    else
        return say("%s: %s of %s %s", subject, level.text, usual.text,
                   is_tcp ? "carried" : "sent; the sender was slower, not the path");
}

/* On request: its sentence says so. */
static bool is_stopped(const struct longhaul_incident *x)
{
    return x->kind == LONGHAUL_EVENT_ENDED && strcmp(x->cause, "stopped") == 0;
}

/* A silence is shorter than a second, mostly. */
static struct sentence tell_silence(const struct longhaul_incident *x, const char *subject)
{
    struct wording level = wording_short(x->level, " ms");
    struct wording lost = x->lost_packets == 0 ? wording_say("no packet lost") : lost_of(x);
    if (x->count > 1)
        return say("%zu silences of %s of some %s each%s, %s", x->count, subject, level.text, every(x).text, lost.text);
    return say("nothing arrived on %s for %s%s, %s", subject, x->n_legs > 1 ? "up to " : "", level.text, lost.text);
}

static struct sentence tell_delay(const struct longhaul_incident *x, bool is_of_flows, const char *subject,
                                  const char *length)
{
    struct wording level = wording_short(x->level, " ms"), usual = wording_short(x->usual, " ms");
    const char *most = x->n_legs > 1 ? "up to " : "";
    if (x->count > 1)
        return say("%s: %zu queues of %s%s (p95), each for some %s%s, usual %s", subject, x->count, most, level.text,
                   length, every(x).text, usual.text);
    if (is_of_flows)
        return say("%s: a queue of %s%s (p99)", subject, most, level.text);
    return say("%s: a queue of %s%s (p95), usual %s", subject, most, level.text, usual.text);
}

/* "3.02 ms longer" */
static struct wording change_of(const struct incident_part *part)
{
    double ms = part->events[0]->peak;
    return wording_say("%s %s", wording_short(fabs(ms), " ms").text, ms < 0 ? "shorter" : "longer");
}

/* Of an incident or an event: the round trip tells that it may have been a clock. */
static bool is_route_in_doubt(const char *cause)
{
    return strcmp(cause, "round-trip-same") == 0;
}

/* What changed is known, but not where. */
static struct sentence tell_transit(const struct longhaul_incident *x, const struct incident_part *parts,
                                    const char *subject)
{
    if (x->count > 1)
        return say("the least transit of %s changed %zu times%s, by some %s", subject, x->count, every(x).text,
                   wording_short(x->level, " ms").text);
    if (x->n_legs > 1)
        return say("the least transits of %s changed, by up to %s", subject, wording_short(x->level, " ms").text);
    return say("the least transit of %s is %s from then on", subject, change_of(parts).text);
}

/* What only traces show: nobody measured by how much the delay changed. */
static struct sentence tell_traced(const struct longhaul_analysis *const *tests, const struct longhaul_incident *x,
                                   const struct incident_part *parts, size_t n, const char *subject)
{
    const struct longhaul_event *e = incident_hops_event(parts, n);
    if (x->count > 1)
        return say("the route of %s changed %zu times%s", subject, x->count, every(x).text);
    if (x->n_legs > 1)
        return say("the routes of %s changed", subject);
    if (e && e->hops.sign == LONGHAUL_HOPS_SIGN_LOOP)
        return say("packets of %s go in circles: %s answers at hop %u and %u", subject, e->hops.after, e->hops.from,
                   e->hops.to);
    if (e && e->hops.n_changes > 1)
        return say("the route of %s changed %u times, first %s", subject, e->hops.n_changes,
                   hops_where(&e->hops).text);
    return say("the route of %s changed %s%s", subject, e ? hops_where(&e->hops).text : "",
               incident_hops_after(tests, parts, n).text);
}

static struct sentence tell_route(const struct longhaul_analysis *const *tests, const struct longhaul_incident *x,
                                  const struct incident_part *parts, size_t n, const char *subject)
{
    if (analysis_is_traced(x->kind, x->level))
        return tell_traced(tests, x, parts, n, subject);
    if (is_route_in_doubt(x->cause))
        return tell_transit(x, parts, subject);
    if (x->count > 1)
        return say("the route of %s changed %zu times%s, by some %s", subject, x->count, every(x).text,
                   wording_short(x->level, " ms").text);
    if (x->n_legs > 1)
        return say("the routes of %s changed, by up to %s", subject, wording_short(x->level, " ms").text);
    return say("the route of %s is %s from then on", subject, change_of(parts).text);
}

static struct sentence tell_what(const struct longhaul_analysis *const *tests, const struct longhaul_incident *x,
                                 const struct incident_part *parts, size_t n_parts, const char *subject,
                                 const char *length)
{
    switch (x->kind) {
    case LONGHAUL_EVENT_OUTAGE: return tell_outage(x, subject, length);
    case LONGHAUL_EVENT_LOSS: return tell_loss(x, parts[0].is_of_flows, subject, length);
    case LONGHAUL_EVENT_JITTER:
        return say("jitter of %s was %s%s, usual %s", subject, x->n_legs > 1 ? "up to " : "",
                   wording_short(x->level, " ms").text, wording_short(x->usual, " ms").text);
    case LONGHAUL_EVENT_SILENCE: return tell_silence(x, subject);
    case LONGHAUL_EVENT_DELAY: return tell_delay(x, parts[0].is_of_flows, subject, length);
    case LONGHAUL_EVENT_ROUTE: return tell_route(tests, x, parts, n_parts, subject);
    case LONGHAUL_EVENT_CONTROL:
        return say("the control connection of %s was silent; no data is known to be lost", subject);
    case LONGHAUL_EVENT_ENDED:
        return is_stopped(x)
                   ? say("%s %s stopped on request, %s before the planned end", subject,
                         x->n_legs > 1 ? "were" : "was", wording_length(x->seconds).text)
                   : say("the record of %s ends %s before its plan", subject, wording_length(x->seconds).text);
    default: return tell_rate(x, longhaul_analysis_tcp(tests[x->legs[0]]) != NULL, subject, length);
    }
}

static const struct {
    const char *cause, *text;
} causes[] = { { "path-silent", "the path was silent" },
               { "peer-stopped",
                 "the peer's host answered, but no data came: its process stopped, or only small packets get through" },
               { "peer-closed", "the peer ended the session" },
               { "link-down", "this host could not send" },
               { "host-suspended", "this host slept" },
               { "restarted", "longhaul was not running" },
               { "address-changed", "this host's address changed" },
               { "session-error", "the session ended with an error" },
               { "large-packets", "small packets got through: is the MTU smaller on the way? Ask longhaul path" },
               { "round-trip-same", "the round trip did not change, so the sender's clock was set or stood still, or "
                                    "only the test's datagrams go another way" },
               { "sender", "the sender paused" } };

static struct sentence cause_of(const struct longhaul_incident *x)
{
    if (!isnan(x->host_lost))
        return say("the receiving host itself dropped %s of them, its buffers were full",
                   wording_count(x->host_lost).text);
    if (strcmp(x->cause, "this-host") == 0)
        return say("the receiving host itself dropped them, its buffers were full");
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
        if (strcmp(x->cause, causes[i].cause) == 0)
            return say("%s", causes[i].text);
    return say("%s", x->cause);
}

/* "; the route is 3.02 ms longer since then": of what comes with a loss, an outage or a silence; "" */
static struct sentence tell_new_route(const struct incident_part *parts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (parts[i].is_explained && parts[i].kind == LONGHAUL_EVENT_ROUTE &&
            !analysis_is_traced(parts[i].kind, parts[i].level))
            return is_route_in_doubt(parts[i].events[0]->cause)
                       ? say("; the least transit is %s since then, but the round trip did not change, so the sender's "
                             "clock was set or stood still, or only the test's datagrams go another way",
                             change_of(&parts[i]).text)
                       : say("; the route is %s since then", change_of(&parts[i]).text);
    return say("%s", "");
}

/* "; the control connections of 3 more legs were silent, and their data arrived"; "" */
static struct sentence tell_control(const struct incident_part *parts, size_t n)
{
    size_t n_silent = 0;
    for (size_t i = 0; i < n; i++)
        n_silent += parts[i].is_explained && parts[i].kind == LONGHAUL_EVENT_CONTROL;
    if (n_silent == 0)
        return say("%s", "");
    return say("; the control connection%s of %zu more leg%s %s silent, and the data arrived", n_silent == 1 ? "" : "s",
               n_silent, n_silent == 1 ? "" : "s", n_silent == 1 ? "was" : "were");
}

/* Of most flows it is not one way of several. */
static bool is_of_few(const struct incident_part *part)
{
    return part->is_of_flows && 2 * part->events[0]->n_flows_affected <= part->events[0]->n_flows;
}

void incident_tell(const struct longhaul_analysis *const *tests, const struct incident_sites *sites,
                   struct longhaul_incident *x, const struct incident_part *parts, size_t n_parts)
{
    struct wording length = each_length(parts, n_parts);
    struct sentence subject = subject_with_flows(x, parts, subject_of(tests, sites, x).text);
    bool has_cause = x->cause[0] && !is_stopped(x) && strcmp(x->cause, "hops") != 0;
    /* A single change that only traces show has said it. */
    bool is_told = analysis_is_traced(x->kind, x->level) && x->count == 1 && x->n_legs == 1;
    struct sentence what = tell_what(tests, x, parts, n_parts, subject.text, length.text);
    struct sentence all = say("%s%s%s%s%s%s%s%s", tell_when(x).text, what.text,
                              is_of_few(parts) ? "; look for one member of a LAG, or one ECMP path" : "",
                              has_cause ? ": " : "",
                              has_cause ? cause_of(x).text : "", tell_new_route(parts, n_parts).text,
                              is_told ? "" : incident_hops_tell(tests, x, parts, n_parts).text,
                              tell_control(parts, n_parts).text);
    snprintf(x->text, sizeof x->text, "%s.", all.text);
}
