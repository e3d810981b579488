/* incident_text.c - tells an incident in one sentence: when, how long, where, what and how much, why if that is known. */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/analysis.h"
#include "base/stats.h"
#include "report/incidents.h"
#include "report/wording.h"

/* "2025-11-15 01:10:00Z, 58 s: " */
static void tell_when(const struct longhaul_incident *x, char *text, size_t size)
{
    struct wording start = wording_utc(x->start_unix_s), length = wording_length(x->seconds);
    if (isnan(x->start_unix_s))
        snprintf(start.text, sizeof start.text, "at %s", wording_length(x->start_s).text);
    if (x->kind == LONGHAUL_EVENT_ENDED)
        snprintf(text, size, "%s: ", start.text);
    else if (x->is_open)
        snprintf(text, size, "since %s (%s), still going on at the end of the data: ", start.text, length.text);
    else
        snprintf(text, size, "%s, %s: ", start.text, length.text);
}

/* "HK->WUS", "both directions of HK<->WUS", "all 6 legs of WUS", "2 of 6 legs of WUS" */
static struct wording subject_of(const struct longhaul_analysis *const *tests, size_t n_tests,
                                 const struct longhaul_incident *x)
{
    struct wording w = { "" };
    size_t n = 0;
    for (size_t i = 0; i < n_tests; i++)
        n += x->reach == LONGHAUL_REACH_ALL || strcmp(tests[i]->info.source, x->where) == 0 ||
             strcmp(tests[i]->info.destination, x->where) == 0;
    if (x->reach == LONGHAUL_REACH_LEG)
        snprintf(w.text, sizeof w.text, "%s", x->where);
    else if (x->reach == LONGHAUL_REACH_PAIR)
        snprintf(w.text, sizeof w.text, "both directions of %.120s", x->where);
    else if (n == x->n_legs)
        snprintf(w.text, sizeof w.text, "all %zu legs%s%.100s", n, x->reach == LONGHAUL_REACH_SITE ? " of " : "",
                 x->reach == LONGHAUL_REACH_SITE ? x->where : "");
    else
        snprintf(w.text, sizeof w.text, "%zu of %zu legs%s%.100s", x->n_legs, n,
                 x->reach == LONGHAUL_REACH_SITE ? " of " : "", x->reach == LONGHAUL_REACH_SITE ? x->where : "");
    return w;
}

/* ", 1,090 packets lost"; what is unknown is said. */
static struct wording lost_of(const struct longhaul_incident *x)
{
    struct wording w = { "how many packets were lost is unknown" };
    if (!isnan(x->lost_packets))
        snprintf(w.text, sizeof w.text, "%s packet%s lost", wording_count(x->lost_packets).text,
                 x->lost_packets == 1 ? "" : "s");
    return w;
}

static struct wording every(const struct longhaul_incident *x)
{
    struct wording w = { "" };
    if (!isnan(x->period_s))
        snprintf(w.text, sizeof w.text, ", every %s", wording_length(x->period_s).text);
    return w;
}

/* The median length of the events of the part that has most. */
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

static void tell_outage(const struct longhaul_incident *x, const char *subject, const char *length, char *text, size_t size)
{
    if (x->count > 1)
        snprintf(text, size, "%zu outages of %s of %s%s, %s", x->count, subject, length, every(x).text, lost_of(x).text);
    else
        snprintf(text, size, "outage of %s, %s", subject, lost_of(x).text);
}

static void tell_loss(const struct longhaul_incident *x, const char *subject, const char *length, char *text, size_t size)
{
    struct wording level = wording_short(x->level, " %"), usual = wording_short(x->usual, " %");
    const char *most = x->n_legs > 1 ? "up to " : "";
    if (x->count > 1)
        snprintf(text, size, "%s lost %s%s in each of %zu bursts of %s%s (%s)", subject, most, level.text, x->count,
                 length, every(x).text, lost_of(x).text);
    else
        snprintf(text, size, "%s lost %s%s (%s; usual %s)", subject, most, level.text, lost_of(x).text, usual.text);
}

static void tell_rate(const struct longhaul_incident *x, bool is_tcp, const char *subject, const char *length, char *text,
                      size_t size)
{
    struct wording level = wording_short(x->level, ""), usual = wording_short(x->usual, " Mbps");
    if (x->kind == LONGHAUL_EVENT_RATE_CAP)
        snprintf(text, size, "%s was held at %s of %s: a policer? (%s)", subject, level.text, usual.text, lost_of(x).text);
    else if (x->count > 1)
        snprintf(text, size, "%s: %zu times %s of %s %s for %s%s", subject, x->count, level.text, usual.text,
                 is_tcp ? "carried" : "sent", length, every(x).text);
    else if (x->level == 0)
        snprintf(text, size, "%s: nothing was %s", subject, is_tcp ? "carried" : "sent");
    else
        snprintf(text, size, "%s: %s of %s %s", subject, level.text, usual.text,
                 is_tcp ? "carried" : "sent; the sender was slower, not the path");
}

static void tell_what(const struct longhaul_analysis *const *tests, const struct longhaul_incident *x,
                      const char *subject, const char *length, char *text, size_t size)
{
    switch (x->kind) {
    case LONGHAUL_EVENT_OUTAGE:
        tell_outage(x, subject, length, text, size);
        break;
    case LONGHAUL_EVENT_LOSS:
        tell_loss(x, subject, length, text, size);
        break;
    case LONGHAUL_EVENT_JITTER:
        snprintf(text, size, "jitter of %s was %s%s, usual %s", subject, x->n_legs > 1 ? "up to " : "",
                 wording_short(x->level, " ms").text, wording_short(x->usual, "").text);
        break;
    case LONGHAUL_EVENT_CONTROL:
        snprintf(text, size, "the control connection of %s was silent; no data is known to be lost", subject);
        break;
    case LONGHAUL_EVENT_ENDED:
        snprintf(text, size, "the record of %s ends %s before its plan", subject, wording_length(x->seconds).text);
        break;
    default:
        tell_rate(x, longhaul_analysis_tcp(tests[x->legs[0]]) != NULL, subject, length, text, size);
    }
}

static const struct {
    const char *cause, *text;
} causes[] = { { "path-silent", "the path was silent" },
               { "peer-stopped", "the peer's host answered, its process did not" },
               { "peer-closed", "the peer ended the session" },
               { "link-down", "this host could not send" },
               { "host-suspended", "this host slept" },
               { "restarted", "longhaul was not running" },
               { "address-changed", "this host's address changed" },
               { "session-error", "the session ended with an error" },
               { "this-host", "the receiving host itself dropped most of them" },
               { "large-packets", "small packets got through: an MTU on the way? See longhaul path" },
               { "sender", "the sender paused" } };

static const char *cause_of(const struct longhaul_incident *x)
{
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
        if (strcmp(x->cause, causes[i].cause) == 0)
            return causes[i].text;
    return x->cause;
}

void incident_tell(const struct longhaul_analysis *const *tests, size_t n_tests, struct longhaul_incident *x,
                   const struct incident_part *parts, size_t n_parts)
{
    char when[200], what[400];
    tell_when(x, when, sizeof when);
    tell_what(tests, x, subject_of(tests, n_tests, x).text, each_length(parts, n_parts).text, what, sizeof what);
    snprintf(x->text, sizeof x->text, "%s%.250s%s%.100s.", when, what, x->cause[0] ? ": " : "", cause_of(x));
}
