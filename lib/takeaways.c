/* takeaways.c - what a report comes to, in sentences: delivery, where and when the loss is, symmetry, how far events reach, what was
 * not observed. Each is computed, and there only when the figures support it. Legs that are not valid are named, and left out. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "report.h"
#include "wording.h"

#define BPS_PER_MBPS 1e6
#define ENOUGH_LOST 10.0  /* packets; of fewer nothing can be said */
#define CLEAR_SIGMA 3.0   /* two counts differ by more than chance (Poisson) */
#define MOST 0.5
#define MUCH 0.2          /* of the loss, on one of many legs */
#define MANY_PAIRS 8      /* above that only the pair that differs most is named */
#define SAME_RATE 1e-5    /* of the rate */
#define HOUR_S 3600.0
#define MOST_HOURS 87660  /* ten years */
#define HOUR_SHARE 0.25   /* of all losses, in one hour of several */

struct counts {
    double lost, packets;
};

static bool is_valid(const struct report_leg *leg)
{
    return longhaul_analysis_verdict(leg->analysis) != LONGHAUL_NOT_VALID;
}

/* The leg's loss as packets; packets is 0 where the loss is unknown. */
static struct counts counts_of(const struct report_leg *leg)
{
    const struct longhaul_loss *loss = longhaul_analysis_loss(leg->analysis);
    return loss->origin == LONGHAUL_LOSS_UNKNOWN ? (struct counts){ 0, 0 } : (struct counts){ loss->lost, loss->total };
}

/* What a leg lost outside the events that hit a whole hub: those say nothing of the leg. */
static struct counts own_counts_of(const struct report_leg *leg)
{
    struct counts c = counts_of(leg);
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(leg->analysis, &n);
    for (size_t i = 0; i < n; i++)
        if (events[i].scope == LONGHAUL_SCOPE_HUB && events[i].kind != LONGHAUL_RATE_SHIFT && !isnan(events[i].lost_packets))
            c.lost = fmax(0, c.lost - events[i].lost_packets);
    return c;
}

static double target_mbps(const struct longhaul_info *info)
{
    return info->target_bps > 0 ? info->target_bps * (info->n_streams > 0 ? info->n_streams : 1) / BPS_PER_MBPS : NAN;
}

/* What arrived. A sender's intervals are what was sent: less what was lost. */
static double delivered_mbps(const struct report_leg *leg)
{
    struct counts counts = counts_of(leg);
    if (!leg->info->is_sender)
        return leg->summary.mean_mbps;
    return counts.packets > 0 ? leg->summary.mean_mbps * (1 - counts.lost / counts.packets) : NAN;
}

/* ---- what is not relied on, not observed */

static int say_not_valid(struct longhaul_report *report, struct longhaul_error *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < report->n_legs; i++) {
        size_t n, k = 0;
        const struct longhaul_finding *findings = longhaul_analysis_findings(report->legs[i].analysis, &n);
        while (k < n && !findings[k].is_fault)
            k++;
        if (k < n)
            rc = report_takeaway(report, err, "Not relied on: %s, since %s.", wording_run(report, i).text, findings[k].text);
    }
    return rc;
}

static int say_coverage(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n = 0, n_short = 0, worst = 0;
    double least = INFINITY;
    for (size_t i = 0; i < report->n_legs; i++) {
        double coverage = longhaul_analysis_figures(report->legs[i].analysis)->coverage;
        if (isnan(coverage) || report->legs[i].info->is_journal)
            continue;
        n++;
        n_short += coverage < 0.999;
        if (coverage < least) {
            least = coverage;
            worst = i;
        }
    }
    if (n == 0)
        return 0;
    const struct report_leg *leg = &report->legs[worst];
    if (n_short == 0)
        return least >= 1 ? report_takeaway(report, err, "Observed: every leg for its planned time.")
                          : report_takeaway(report, err, "Observed: every leg for its planned time (coverage %s or better).",
                                            wording_short(floor(least * 1e4) / 100, " %").text);
    return report_takeaway(report, err, "Not observed: part of the plan on %zu of %zu legs; least was seen of %s, %s of %s (%s).",
                           n_short, n,
                           wording_run(report, worst).text, wording_length(least * leg->info->planned_s).text,
                           wording_length(leg->info->planned_s).text, wording_short(100 * least, " %").text);
}

/* ---- delivery */

static int say_delivery(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n = 0, worst = 0;
    double most = -1;
    for (size_t i = 0; i < report->n_legs; i++) {
        const struct report_leg *leg = &report->legs[i];
        double off = 100 * (delivered_mbps(leg) / target_mbps(leg->info) - 1);
        if (!is_valid(leg) || isnan(off))
            continue;
        n++;
        if (fabs(off) > most) {
            most = fabs(off);
            worst = i;
        }
    }
    if (n == 0)
        return 0;
    const struct report_leg *leg = &report->legs[worst];
    return report_takeaway(report, err, "Deliverability: %s%s, %.4f Mbps of %s arrived, %s %s the target.",
                           n > 1 ? "furthest from its target is " : "", wording_run(report, worst).text, delivered_mbps(leg),
                           wording_short(target_mbps(leg->info), "").text, wording_short(most, " %").text,
                           delivered_mbps(leg) < target_mbps(leg->info) ? "below" : "above");
}

/* ---- where and when the loss is */

static struct counts total_of(const struct longhaul_report *report, struct counts count(const struct report_leg *), size_t *n_legs)
{
    struct counts all = { 0, 0 };
    *n_legs = 0;
    for (size_t i = 0; i < report->n_legs; i++) {
        struct counts c = count(&report->legs[i]);
        if (!is_valid(&report->legs[i]) || c.packets <= 0)
            continue;
        all.lost += c.lost;
        all.packets += c.packets;
        ++*n_legs;
    }
    return all;
}

/* "apart from what hit a whole hub, ": when something did. */
static const char *apart(const struct longhaul_report *report)
{
    for (size_t i = 0; i < report->n_events; i++)
        if (report->events[i].event->scope == LONGHAUL_SCOPE_HUB && report->events[i].event->lost_packets > 0)
            return "apart from what hit a whole hub, ";
    return "";
}

/* The leg with most of the loss. */
static int say_leg_of_loss(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t worst = 0, n_legs;
    double most = -1;
    struct counts all = total_of(report, own_counts_of, &n_legs);
    for (size_t i = 0; i < report->n_legs; i++) {
        struct counts c = own_counts_of(&report->legs[i]);
        if (is_valid(&report->legs[i]) && c.packets > 0 && c.lost > most) {
            most = c.lost;
            worst = i;
        }
    }
    double share = most / all.lost;
    if (n_legs < 2 || all.lost < ENOUGH_LOST)
        return 0;
    double even = 1 / (double)n_legs;
    if (share < fmin(fmax(MOST, 1.3 * even), fmax(2 * even, MUCH)))
        return report_takeaway(report, err, "By leg: %sthe loss is spread, none has more than %.0f %% of it.", apart(report),
                               ceil(100 * share));
    struct counts c = own_counts_of(&report->legs[worst]);
    return report_takeaway(report, err, "By leg: %s%.0f %% of the lost packets are of %s (%s lost, %s).", apart(report), 100 * share,
                           wording_run(report, worst).text, wording_count(c.lost).text,
                           wording_short(100 * c.lost / c.packets, " %").text);
}

/* What the legs of one site lost, both directions; where all legs meet that says nothing. */
static struct counts counts_at(const struct longhaul_report *report, const char *site, bool *is_everywhere)
{
    struct counts all = { 0, 0 };
    *is_everywhere = true;
    for (size_t i = 0; i < report->n_legs; i++) {
        const struct longhaul_info *info = report->legs[i].info;
        struct counts c = own_counts_of(&report->legs[i]);
        bool is_here = strcmp(info->source, site) == 0 || strcmp(info->destination, site) == 0;
        if (!is_valid(&report->legs[i]) || c.packets <= 0)
            continue;
        *is_everywhere = *is_everywhere && is_here;
        all.lost += is_here ? c.lost : 0;
        all.packets += is_here ? c.packets : 0;
    }
    return all;
}

/* The site whose legs have most of the loss, and clearly more than their part of the packets. */
static int say_site_of_loss(struct longhaul_report *report, struct longhaul_error *err)
{
    const char *worst = NULL;
    size_t n, n_legs;
    struct counts most = { 0, 0 }, all = total_of(report, own_counts_of, &n_legs);
    const char **sites = report_sites(report, &n);
    if (sites == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    for (size_t i = 0; i < n; i++) {
        bool is_everywhere;
        struct counts c = counts_at(report, sites[i], &is_everywhere);
        if (!is_everywhere && c.lost > most.lost) {
            most = c;
            worst = sites[i];
        }
    }
    free(sites);
    double share = most.lost / all.lost, even = most.packets / all.packets;
    if (worst == NULL || all.lost < ENOUGH_LOST || share < MOST || share < 1.2 * even)
        return 0;
    return report_takeaway(report, err, "By site: %sthe legs from and to %s have %.0f %% of the loss, with %.0f %% of the packets.",
                           apart(report), worst, 100 * share, 100 * even);
}

/* ---- when it is */

/* Losses by hour of UTC, of all legs together. */
struct hours {
    double first_unix_s, all;
    double *lost;
    size_t n;
};

static bool has_hour(const struct longhaul_span *hour)
{
    return !isnan(hour->start_unix_s) && !isnan(hour->lost_packets);
}

/* Which hours there are. False when there are none, or too many to mean anything. */
static bool span_hours(const struct longhaul_report *report, struct hours *hours)
{
    double first = INFINITY, last = -INFINITY;
    for (size_t i = 0; i < report->n_legs; i++) {
        size_t n;
        const struct longhaul_span *spans = longhaul_analysis_hours(report->legs[i].analysis, &n);
        for (size_t k = 0; k < n; k++)
            if (has_hour(&spans[k])) {
                first = fmin(first, spans[k].start_unix_s);
                last = fmax(last, spans[k].start_unix_s);
            }
    }
    if (!(last >= first && last - first < MOST_HOURS * HOUR_S))
        return false;
    *hours = (struct hours){ .first_unix_s = first, .n = (size_t)((last - first) / HOUR_S) + 1 };
    hours->lost = calloc(hours->n, sizeof *hours->lost);
    return hours->lost != NULL;
}

static void add_hours(const struct longhaul_report *report, struct hours *hours)
{
    for (size_t i = 0; i < report->n_legs; i++) {
        size_t n;
        const struct longhaul_span *spans = longhaul_analysis_hours(report->legs[i].analysis, &n);
        for (size_t k = 0; k < n; k++)
            if (has_hour(&spans[k]) && is_valid(&report->legs[i])) {
                hours->lost[(size_t)((spans[k].start_unix_s - hours->first_unix_s) / HOUR_S)] += spans[k].lost_packets;
                hours->all += spans[k].lost_packets;
            }
    }
}

/* One hour that has much of it. */
static int say_hour_of_loss(struct longhaul_report *report, struct longhaul_error *err)
{
    struct hours hours;
    size_t worst = 0;
    if (!span_hours(report, &hours))
        return 0;
    add_hours(report, &hours);
    for (size_t i = 1; i < hours.n; i++)
        if (hours.lost[i] > hours.lost[worst])
            worst = i;
    double most = hours.lost[worst], all = hours.all, begin = hours.first_unix_s + (double)worst * HOUR_S;
    free(hours.lost);
    if (all < ENOUGH_LOST || most < HOUR_SHARE * all || hours.n < 3)
        return 0;
    return report_takeaway(report, err, "When: of the packets whose time is known %.0f %% were lost in the hour from %s.",
                           100 * most / all, wording_utc(begin).text);
}

static int say_loss(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n_legs;
    struct counts all = total_of(report, counts_of, &n_legs);
    if (n_legs == 0)
        return 0;
    int rc = report_takeaway(report, err, "Loss: %s of %s packets on %zu leg%s whose loss is known (%s)%s.",
                             wording_count(all.lost).text, wording_count(all.packets).text, n_legs, n_legs == 1 ? "" : "s",
                             wording_short(100 * all.lost / all.packets, " %").text,
                             n_legs < report->n_legs ? "; of the others it is not known, or not relied on" : "");
    if (rc == 0)
        rc = say_leg_of_loss(report, err);
    if (rc == 0)
        rc = say_site_of_loss(report, err);
    return rc ? rc : say_hour_of_loss(report, err);
}

/* ---- symmetry */

/* Do the two directions lose at different rates? Counted in intervals with loss, since losses come in bursts. */
static bool differ_in_loss(const struct report_leg *x, const struct report_leg *y)
{
    const struct longhaul_figures *f = longhaul_analysis_figures(x->analysis), *g = longhaul_analysis_figures(y->analysis);
    double n = (double)f->loss_percent.n, m = (double)g->loss_percent.n, a = f->p_loss * n, b = g->p_loss * m;
    if (!(n > 0 && m > 0 && a + b >= ENOUGH_LOST))
        return false;
    double even = (a + b) / (n + m);
    return fabs(a / n - b / m) > CLEAR_SIGMA * sqrt(even * (1 / n + 1 / m));
}

static bool loses_more_often(const struct report_leg *x, const struct report_leg *y)
{
    return longhaul_analysis_figures(x->analysis)->p_loss > longhaul_analysis_figures(y->analysis)->p_loss;
}

static double rate_delta(const struct report_leg *x, const struct report_leg *y)
{
    return x->summary.mean_mbps - y->summary.mean_mbps;
}

static void word_rates(const struct report_leg *x, const struct report_leg *y, char *text, size_t size)
{
    const struct report_leg *faster = rate_delta(x, y) >= 0 ? x : y;
    double share = fabs(rate_delta(x, y)) / faster->summary.mean_mbps;
    if (share < SAME_RATE)
        snprintf(text, size, "have the same rate (within %g %%)", 100 * SAME_RATE);
    else
        snprintf(text, size, "differ by %.6f Mbps (%s), %s is faster", fabs(rate_delta(x, y)),
                 wording_short(100 * share, " %").text, wording_leg(faster->info).text);
}

static void word_losses(const struct report_leg *x, const struct report_leg *y, char *text, size_t size)
{
    struct counts c = counts_of(x), d = counts_of(y);
    double mine = 100 * c.lost / c.packets, other = 100 * d.lost / d.packets;
    text[0] = 0;
    if (!(c.packets > 0 && d.packets > 0))
        return;
    if (differ_in_loss(x, y))
        snprintf(text, size, "; %s loses clearly more often (%s and %s)", wording_leg((loses_more_often(x, y) ? x : y)->info).text,
                 wording_short(mine, " %").text, wording_short(other, " %").text);
    else
        snprintf(text, size, "; no clear difference of loss (%s and %s)", wording_short(mine, " %").text,
                 wording_short(other, " %").text);
}

static int say_pair(struct longhaul_report *report, const struct report_leg *x, const struct report_leg *y, const char *how,
                    struct longhaul_error *err)
{
    char rates[400], losses[640];
    word_rates(x, y, rates, sizeof rates);
    word_losses(x, y, losses, sizeof losses);
    return report_takeaway(report, err, "Symmetry%s: %s and back %s%s.", how, wording_leg(x->info).text, rates, losses);
}

/* A pair of one run of each direction, both valid: else nothing says which belong together. */
static bool is_comparable(const struct longhaul_report *report, const struct report_pair *pair)
{
    if (pair->n != 2)
        return false;
    const struct report_leg *x = &report->legs[pair->legs[0]], *y = &report->legs[pair->legs[1]];
    return strcmp(x->info->source, y->info->source) != 0 && is_valid(x) && is_valid(y) && x->summary.mean_mbps > 0 &&
           y->summary.mean_mbps > 0;
}

static int say_symmetry(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n;
    const struct report_leg *widest[2] = { NULL, NULL };
    int rc = 0;
    struct report_pair *pairs = report_pairs(report, &n);
    if (pairs == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    for (size_t i = 0; rc == 0 && i < n; i++) {
        if (!is_comparable(report, &pairs[i]))
            continue;
        const struct report_leg *x = &report->legs[pairs[i].legs[0]], *y = &report->legs[pairs[i].legs[1]];
        if (n > MANY_PAIRS && fabs(rate_delta(x, y)) < SAME_RATE * x->summary.mean_mbps)
            continue;
        if (n <= MANY_PAIRS)
            rc = say_pair(report, x, y, "", err);
        else if (widest[0] == NULL || fabs(rate_delta(x, y)) > fabs(rate_delta(widest[0], widest[1]))) {
            widest[0] = x;
            widest[1] = y;
        }
    }
    if (rc == 0 && widest[0])
        rc = say_pair(report, widest[0], widest[1], " (the pair that differs most)", err);
    report_pairs_free(pairs, n);
    return rc;
}

/* ---- events */

/* How far they reach, and the gravest: most lost packets, else the longest outage. */
static const struct report_event *gravest(const struct longhaul_report *report, enum longhaul_scope scope, size_t *n)
{
    const struct report_event *best = NULL;
    *n = 0;
    for (size_t i = 0; i < report->n_events; i++) {
        const struct longhaul_event *e = report->events[i].event;
        if (e->scope != scope)
            continue;
        ++*n;
        double lost = isnan(e->lost_packets) ? 0 : e->lost_packets;
        double most = best == NULL ? -1 : isnan(best->event->lost_packets) ? 0 : best->event->lost_packets;
        if (lost > most || (lost == most && e->kind == LONGHAUL_OUTAGE && e->seconds > best->event->seconds))
            best = &report->events[i];
    }
    return best;
}

static int say_scope(struct longhaul_report *report, enum longhaul_scope scope, const char *reaches, struct longhaul_error *err)
{
    size_t n;
    const struct report_event *worst = gravest(report, scope, &n);
    if (worst == NULL)
        return 0;
    const struct longhaul_event *e = worst->event;
    struct wording when = isnan(e->start_unix_s) ? wording_when(e, true) : wording_utc(e->start_unix_s);
    return report_takeaway(report, err, "Events of %s: %zu of %zu; the gravest is #%zu, %s on %s from %s, %s.", reaches, n,
                           report->n_events,
                           (size_t)(worst - report->events) + 1, longhaul_event_kind_text(e->kind),
                           wording_run(report, worst->leg).text,
                           when.text, wording_length(e->seconds).text);
}

static int say_events(struct longhaul_report *report, struct longhaul_error *err)
{
    if (report->n_events == 0)
        return report_takeaway(report, err, "Events: no outage, burst of loss or jitter, or shift of the rate was found in what "
                                            "the files know.");
    int rc = say_scope(report, LONGHAUL_SCOPE_HUB, "a whole hub", err);
    if (rc == 0)
        rc = say_scope(report, LONGHAUL_SCOPE_PAIR, "a whole pair", err);
    if (rc == 0)
        rc = say_scope(report, LONGHAUL_SCOPE_LEG, "one leg alone", err);
    return rc ? rc : say_scope(report, LONGHAUL_SCOPE_UNKNOWN, "a reach that is not known", err);
}

/* ---- all of them, what matters most first */

int report_find_takeaways(struct longhaul_report *report, struct longhaul_error *err)
{
    static int (*const sayings[])(struct longhaul_report *, struct longhaul_error *) = {
        say_not_valid, say_coverage, say_loss, say_events, say_delivery, say_symmetry };
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < sizeof sayings / sizeof *sayings; i++)
        rc = sayings[i](report, err);
    return rc;
}
