/* takeaways_delays.c - in the takeaways: legs whose packets wait in queues in some hours, changed routes, arrivals in
 * bursts, and legs whose delays are unknown while those of others are known. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/stats.h"
#include "report/takeaways.h"
#include "report/wording.h"

#define LEAST_HOURS 4      /* that know their delays */
#define LEAST_OBSERVED_S 600.0 /* of an hour */
#define QUIET_SHARE 0.25   /* of the hours are quieter than a quiet hour */
#define BUSY_TIMES 3.0     /* a quiet hour's 99th percentile, */
#define BUSY_MS 2.0        /* and so much more: a busy hour */
#define LEAST_BUSY 2       /* hours: the queue of one hour is an incident */
#define SAME_MS 0.25       /* half of the least change that is an event */
#define LEAST_SILENCES 100.0
#define MOST_APART_S 600.0 /* silences that are rarer are not told */

static const struct longhaul_delays *delays_of(const struct longhaul_report *report, size_t leg)
{
    return longhaul_analysis_delays(report->legs[leg].analysis);
}

/* ---- busy hours */

struct busy {
    size_t n_hours, n_busy;
    double quiet_ms, most_ms, most_unix_s, most_s; /* the 99th percentiles; when the worst hour begins */
};

static bool is_whole(const struct longhaul_span *hour)
{
    return hour->observed_s >= LEAST_OBSERVED_S && !isnan(hour->delay_p99_ms);
}

/* False when out of memory. n_busy is 0 where the hours do not differ, or are too few. */
static bool find_busy(const struct report_leg *leg, struct busy *b)
{
    const double share = QUIET_SHARE;
    size_t n;
    const struct longhaul_span *hours = longhaul_analysis_hours(leg->analysis, &n);
    double *p99 = malloc((n + 1) * sizeof *p99);
    *b = (struct busy){ .most_ms = 0 };
    for (size_t i = 0; p99 && i < n; i++)
        if (is_whole(&hours[i]))
            p99[b->n_hours++] = hours[i].delay_p99_ms;
    if (p99 && b->n_hours >= LEAST_HOURS)
        stats_quantiles(p99, b->n_hours, &share, 1, &b->quiet_ms);
    for (size_t i = 0; p99 && b->n_hours >= LEAST_HOURS && i < n; i++) {
        double ms = hours[i].delay_p99_ms;
        if (!is_whole(&hours[i]) || !(ms >= BUSY_TIMES * b->quiet_ms && ms >= b->quiet_ms + BUSY_MS))
            continue;
        b->n_busy++;
        if (ms > b->most_ms) {
            b->most_ms = ms;
            b->most_unix_s = hours[i].start_unix_s;
            b->most_s = hours[i].start_s;
        }
    }
    free(p99);
    return p99 != NULL;
}

/* "", "; 1 other leg has such hours", "; 3 other legs have such hours" */
static struct wording others(size_t n)
{
    return n == 0 ? (struct wording){ "" }
                  : wording_say("; %zu other leg%s such hours", n, n == 1 ? " has" : "s have");
}

static int say_busy(struct longhaul_report *report, struct longhaul_error *err)
{
    struct busy worst = { .most_ms = 0 };
    size_t n = 0, leg = 0;
    for (size_t i = 0; i < report->n_legs; i++) {
        struct busy b;
        if (!find_busy(&report->legs[i], &b))
            return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
        if (b.n_busy < LEAST_BUSY)
            continue;
        if (n++ == 0 || b.most_ms > worst.most_ms) {
            worst = b;
            leg = i;
        }
    }
    if (n == 0)
        return 0;
    struct wording when = isnan(worst.most_unix_s)
                              ? wording_say("%s after its start", wording_length(worst.most_s).text)
                              : wording_utc(worst.most_unix_s);
    return report_takeaway(report, err,
                           "Queues: the packets of %s wait in busy hours: in %zu of %zu hours the 99th percentile of "
                           "their delay is far above that of a quiet hour (%s), most in the hour from %s (%s)%s.",
                           wording_run(report, leg).text, worst.n_busy, worst.n_hours,
                           wording_short(worst.quiet_ms, " ms").text, when.text,
                           wording_short(worst.most_ms, " ms").text, others(n - 1).text);
}

/* ---- routes */

/* How often a leg's route changed, and by how much all in all. Not that of some of its flows, nor where the round trip
 * says that it may have been a clock. */
struct routes {
    size_t n;
    double sum_ms;
};

static struct routes routes_of(const struct report_leg *leg)
{
    struct routes r = { 0, 0 };
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(leg->analysis, &n);
    for (size_t i = 0; i < n; i++)
        if (events[i].kind == LONGHAUL_EVENT_ROUTE && events[i].n_flows == 0 && !isnan(events[i].peak) &&
            strcmp(events[i].cause, "round-trip-same") != 0) {
            r.n++;
            r.sum_ms += events[i].peak;
        }
    return r;
}

static int say_routes(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n_legs = 0, n_changes = 0, n_known = 0, leg = 0;
    struct routes most = { 0, 0 };
    for (size_t i = 0; i < report->n_legs; i++) {
        struct routes r = routes_of(&report->legs[i]);
        n_known += delays_of(report, i)->n_intervals > 0;
        n_legs += r.n > 0;
        n_changes += r.n;
        if (r.n > 0 && (most.n == 0 || fabs(r.sum_ms) > fabs(most.sum_ms))) {
            most = r;
            leg = i;
        }
    }
    if (n_legs == 0)
        return 0;
    struct wording end =
        fabs(most.sum_ms) < SAME_MS
            ? wording_say("each path is as long at the end as at the start")
            : wording_say("the path of %s is %s %s at the end than at the start", wording_run(report, leg).text,
                          wording_short(fabs(most.sum_ms), " ms").text, most.sum_ms < 0 ? "shorter" : "longer");
    return report_takeaway(report, err, "Routes: %zu change%s on %zu of %zu leg%s whose delays are known; %s.",
                           n_changes, n_changes == 1 ? "" : "s", n_legs, n_known, n_known == 1 ? "" : "s", end.text);
}

/* ---- silences */

/* Those that are in no incident. */
static double own_silences(const struct longhaul_report *report, size_t leg)
{
    double own = delays_of(report, leg)->n_silences;
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(report->legs[leg].analysis, &n);
    for (size_t i = 0; i < n; i++)
        own -= events[i].kind == LONGHAUL_EVENT_SILENCE && report->legs[leg].incident_numbers[i] > 0;
    return own;
}

/* What is lost makes a silence, too: of over 10 spacings, with as many losses. */
static bool are_of_losses(const struct report_leg *leg, double n_silences)
{
    return !(longhaul_analysis_loss(leg->analysis)->lost < n_silences);
}

static int say_silences(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n_legs = 0, leg = 0;
    double most = 0;
    for (size_t i = 0; i < report->n_legs; i++) {
        double own = own_silences(report, i), observed_s = report->legs[i].summary.observed_s;
        if (!(own >= LEAST_SILENCES && observed_s / own <= MOST_APART_S))
            continue;
        n_legs++;
        if (own > most) {
            most = own;
            leg = i;
        }
    }
    if (n_legs == 0)
        return 0;
    struct wording rest = { "" };
    if (n_legs > 1)
        rest = wording_say("; so it is on %zu other leg%s", n_legs - 1, n_legs > 2 ? "s" : "");
    return report_takeaway(report, err,
                           "Silences: on %s, apart from the incidents, nothing arrived %s times for over 10 spacings "
                           "of its packets%s%s.",
                           wording_run(report, leg).text, wording_count(most).text,
                           are_of_losses(&report->legs[leg], most) ? "" : ": the path lets them through in bursts",
                           rest.text);
}

/* ---- legs whose delays are unknown */

/* Those whose receiver was longhaul, and that have none all the same, are not meant: libiperf's GRO, older files. */
static bool is_of_others(const struct report_leg *leg)
{
    bool is_ours = *leg->info->longhaul_version && !leg->info->is_sender;
    return strcmp(leg->info->protocol, "UDP") == 0 && leg->summary.n_intervals > 0 && !is_ours && !leg->has_receiver &&
           longhaul_analysis_delays(leg->analysis)->n_intervals == 0;
}

static int say_unknown(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n = 0;
    for (size_t i = 0; i < report->n_legs; i++)
        n += is_of_others(&report->legs[i]);
    if (n == 0)
        return 0;
    return report_takeaway(report, err,
                           "Delays: unknown for %zu of %zu legs: their receiver was not longhaul, or its record was "
                           "not found.",
                           n, report->n_legs);
}

int takeaways_say_delays(struct longhaul_report *report, struct longhaul_error *err)
{
    if (!report_knows_delays(report))
        return 0;
    int rc = say_busy(report, err);
    rc = rc ? rc : say_routes(report, err);
    rc = rc ? rc : say_silences(report, err);
    return rc ? rc : say_unknown(report, err);
}
