/* wording.c - words times, lengths, counts and events for all texts of a report, so that Markdown, page and sentences
 * say the same in the same way. Plain text; knows nothing of markup. */

#include "report/wording.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/calendar.h"
#include "report/report.h"

static struct wording say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static struct wording say(const char *format, ...)
{
    struct wording w;
    va_list args;
    va_start(args, format);
    vsnprintf(w.text, sizeof w.text, format, args);
    va_end(args);
    return w;
}

/* ---- time */

static struct wording utc(double unix_s, const char *format)
{
    struct wording w = { "-" };
    struct tm tm;
    if (calendar_of(unix_s + 1e-3, &tm)) /* a start of 45.9999 s is shown as 46 */
        strftime(w.text, sizeof w.text, format, &tm);
    return w;
}

struct wording wording_utc(double unix_s)
{
    return utc(unix_s, "%Y-%m-%d %H:%M:%SZ");
}

static struct wording time_of_day(double unix_s, bool with_day)
{
    return utc(unix_s, with_day ? "%m-%d %H:%M:%SZ" : "%H:%M:%SZ");
}

struct wording wording_length(double seconds)
{
    if (isnan(seconds))
        return say("-");
    if (seconds < 9.95)
        return say("%.3g s", seconds);
    long s = lrint(fmin(seconds, 1e9));
    if (s < 60)
        return say("%ld s", s);
    if (s < 3600)
        return s % 60 ? say("%ld min %ld s", s / 60, s % 60) : say("%ld min", s / 60);
    long minutes = lrint((double)s / 60);
    if (minutes < 48 * 60)
        return minutes % 60 ? say("%ld h %ld min", minutes / 60, minutes % 60) : say("%ld h", minutes / 60);
    long hours = lrint((double)s / 3600);
    return hours % 24 ? say("%ld d %ld h", hours / 24, hours % 24) : say("%ld d", hours / 24);
}

/* ---- numbers */

struct wording wording_count(double value)
{
    char plain[32];
    struct wording w = { "-" };
    if (!isfinite(value))
        return w;
    int n = snprintf(plain, sizeof plain, "%.0f", fabs(value));
    size_t at = 0;
    if (value < 0 && value <= -0.5)
        w.text[at++] = '-';
    for (int i = 0; i < n && n < (int)sizeof plain; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            w.text[at++] = ',';
        w.text[at++] = plain[i];
    }
    w.text[at] = 0;
    return w;
}

struct wording wording_number(double value, int digits, const char *unit)
{
    return isfinite(value) ? say("%.*f%s", digits, value, unit) : say("-");
}

struct wording wording_short(double value, const char *unit)
{
    if (!isfinite(value))
        return say("-");
    if (value == 0)
        return say("0%s", unit);
    double decade = floor(log10(fabs(value)));
    int digits = decade >= 2 ? 0 : (int)fmin(2 - decade, 9);
    struct wording w = say("%.*f", digits, value);
    char *point = strchr(w.text, '.'), *end = w.text + strlen(w.text);
    while (point && end > point && (end[-1] == '0' || end[-1] == '.'))
        if (*--end == '.') {
            *end = 0;
            break;
        } else {
            *end = 0;
        }
    snprintf(w.text + strlen(w.text), sizeof w.text - strlen(w.text), "%s", unit);
    return w;
}

static struct wording rate(double mbps, const char *unit, enum longhaul_rate_kind kind)
{
    return kind == LONGHAUL_RATE_KIND_UNKNOWN
               ? say("-")
               : say("%.4f%s%s", mbps, unit, kind == LONGHAUL_RATE_KIND_SENT ? " sent" : "");
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

struct wording wording_leg(const struct longhaul_info *info)
{
    return say("%s->%s", info->source, info->destination);
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
    return say("%.120s %s", label.text, time_of_day(l->info->start_unix_s, true).text);
}

struct wording wording_route(const struct longhaul_info *info)
{
    const char *from = info->is_sender ? info->local_address : info->remote_address;
    const char *to = info->is_sender ? info->remote_address : info->local_address;
    return from[0] || to[0] ? say("%s -> %s", from[0] ? from : "?", to[0] ? to : "?") : say("-");
}

struct wording wording_writer(const struct longhaul_info *info)
{
    if (info->longhaul_version[0] == 0)
        return say("%s", info->version[0] ? info->version : "-");
    return say("%s%slonghaul %s", info->version, info->version[0] ? ", " : "", info->longhaul_version);
}

struct wording wording_protocol(const struct longhaul_info *info)
{
    return say("%s%s%s", info->protocol[0] ? info->protocol : "-", info->congestion[0] ? ", " : "", info->congestion);
}

struct wording wording_source(const struct report_leg *leg)
{
    const struct longhaul_loss *loss = longhaul_analysis_loss(leg->analysis);
    bool has_loss = loss->origin != LONGHAUL_LOSS_ORIGIN_UNKNOWN, has_jitter = !isnan(leg->summary.jitter_ms);
    bool of_intervals = longhaul_analysis_figures(leg->analysis)->jitter_ms.n > 0;
    if (!has_loss && !has_jitter && !of_intervals)
        return say("%s", strcmp(leg->info->protocol, "TCP") == 0 ? "-" : "unknown");
    if (leg->has_receiver)
        return say("the receiver's record");
    return say("%s", !leg->info->is_sender ? "this record, of the receiver" : "the receiver's report at the end");
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

struct wording wording_peak(const struct longhaul_event *e)
{
    if (isnan(e->peak))
        return say("-");
    if (e->kind == LONGHAUL_EVENT_RATE_SHIFT)
        return say("%.4f to %.4f Mbps", e->before, e->peak);
    if (e->kind == LONGHAUL_EVENT_JITTER_BURST)
        return say("up to %s (usual %s)", wording_short(e->peak, " ms").text, wording_short(e->before, "").text);
    return say("up to %s", wording_short(e->peak, " %").text);
}

struct wording wording_scope(const struct longhaul_event *e)
{
    return say("%s%s%s", longhaul_scope_text(e->scope), e->site[0] ? " " : "", e->site);
}

struct wording wording_concurrence(const struct longhaul_event *e)
{
    static const char *const opposites[] = { "opposite direction not measured", "opposite direction quiet",
                                             "opposite direction too" };
    if (e->n_other_measured == 0)
        return say("%s", opposites[e->opposite]);
    return say("%s, %zu of %zu legs of other pairs", opposites[e->opposite], e->n_other_affected, e->n_other_measured);
}

struct wording wording_when(const struct longhaul_event *e, bool with_day)
{
    return isnan(e->start_unix_s) ? say("at %.0f s", e->start_s) : time_of_day(e->start_unix_s, with_day);
}
