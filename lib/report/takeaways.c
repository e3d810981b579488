/* takeaways.c - the takeaways of a report, in sentences: what cannot be relied on or was not observed, which
 * events may be missing, delivery; others add loss, what the incidents have of it, and symmetry. What the sentence of
 * an incident tells is not said again. Each sentence is computed, and present
 * only if the figures support it; what is unknown is called unknown. */

#include "report/takeaways.h"

#include <math.h>
#include <stdio.h>

#include "report/wording.h"

#define SHORT_COVERAGE 0.999
#define FULL_COVERAGE 0.99995 /* this share and more is shown as 100 % */
#define ON_TARGET 0.1         /* percent */

/* ---- what cannot be relied on, and what was not observed */

static int say_not_valid(struct longhaul_report *report, struct longhaul_error *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < report->n_legs; i++) {
        size_t n, k = 0;
        const struct longhaul_finding *findings = longhaul_analysis_findings(report->legs[i].analysis, &n);
        while (k < n && !findings[k].is_fault)
            k++;
        if (k < n)
            rc = report_takeaway(report, err, "Not reliable: %s, since %s.", wording_run(report, i).text,
                                 findings[k].text);
    }
    return rc;
}

/* The legs whose coverage is known, and how many of them are incomplete. */
struct coverage {
    size_t n, n_short, worst;
    double least;
};

static struct coverage coverage_of(const struct longhaul_report *report)
{
    struct coverage c = { .least = INFINITY };
    for (size_t i = 0; i < report->n_legs; i++) {
        double coverage = longhaul_analysis_figures(report->legs[i].analysis)->coverage;
        if (isnan(coverage) || report->legs[i].info->is_journal)
            continue;
        c.n++;
        c.n_short += coverage < SHORT_COVERAGE;
        if (coverage < c.least) {
            c.least = coverage;
            c.worst = i;
        }
    }
    return c;
}

/* "; 2 legs are in progress, or their plan is unknown"; "" if none exist. */
static struct wording others(size_t n)
{
    struct wording w = { "" };
    if (n > 0)
        snprintf(w.text, sizeof w.text, "; %zu leg%s in progress, or with an unknown plan", n,
                 n == 1 ? " is" : "s are");
    return w;
}

static int say_coverage(struct longhaul_report *report, struct longhaul_error *err)
{
    struct coverage c = coverage_of(report);
    struct wording rest = others(report->n_legs - c.n), least = { "" }, who = { "the leg" };
    if (c.n == 0)
        return 0;
    if (c.n > 1)
        snprintf(who.text, sizeof who.text, c.n == report->n_legs ? "every leg" : "%zu legs", c.n);
    if (c.n_short == 0) {
        if (c.least < FULL_COVERAGE)
            snprintf(least.text, sizeof least.text, " (at least %.2f %%)", floor(c.least * 1e4) / 100);
        return report_takeaway(report, err, "Observed: %s for the planned time%s%s.", who.text, least.text, rest.text);
    }
    const struct report_leg *leg = &report->legs[c.worst];
    return report_takeaway(
        report, err, "Not observed: part of the plan on %zu of %zu leg%s; %s%s was observed for %s of %s (%s)%s.",
        c.n_short, c.n, c.n == 1 ? "" : "s", c.n_short > 1 ? "the least, " : "", wording_run(report, c.worst).text,
        wording_length(c.least * leg->info->planned_s).text, wording_length(leg->info->planned_s).text,
        wording_short(100 * c.least, " %").text, rest.text);
}

/* ---- delivery */

/* The leg furthest from its target, of those whose target and delivery are known; returns their number. */
static size_t furthest(const struct longhaul_report *report, size_t *worst, double *most)
{
    size_t n = 0;
    *most = -1;
    for (size_t i = 0; i < report->n_legs; i++) {
        const struct report_leg *leg = &report->legs[i];
        double off = 100 * (takeaways_delivered_mbps(leg) / report_target_mbps(leg->info) - 1);
        if (!takeaways_is_valid(leg) || isnan(off))
            continue;
        n++;
        if (fabs(off) > *most) {
            *most = fabs(off);
            *worst = i;
        }
    }
    return n;
}

static int say_delivery(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t worst = 0;
    double most;
    size_t n = furthest(report, &worst, &most);
    const struct report_leg *leg = &report->legs[worst];
    double coverage = n > 0 ? longhaul_analysis_figures(leg->analysis)->coverage : NAN;
    if (n == 0)
        return 0;
    if (most <= ON_TARGET)
        return report_takeaway(report, err, "Deliverability: what arrived is within %s of the target on %zu leg%s%s.",
                               wording_short(ON_TARGET, " %").text, n, n == 1 ? "" : "s",
                               n < report->n_legs ? "; for the others the target, or what arrived, is unknown" : "");
    return report_takeaway(report, err, "Deliverability: %s%s, %s Mbps of %s arrived%s, %s %s the target.",
                           n > 1 ? "furthest from its target is " : "", wording_run(report, worst).text,
                           wording_short(takeaways_delivered_mbps(leg), "").text,
                           wording_short(report_target_mbps(leg->info), "").text,
                           coverage < SHORT_COVERAGE ? " while it was observed" : "", wording_short(most, " %").text,
                           takeaways_delivered_mbps(leg) < report_target_mbps(leg->info) ? "below" : "above");
}

/* ---- events that could not be found */

static int say_unknown_events(struct longhaul_report *report, struct longhaul_error *err)
{
    struct report_unknown unknown = report_unknown_of(report, true);
    if (report->n_events == 0)
        return unknown.none_text[0] ? report_takeaway(report, err, "Events: %s", unknown.none_text) : 0;
    return unknown.rest_text[0] ? report_takeaway(report, err, "Events that may be missing: %s", unknown.rest_text) : 0;
}

/* ---- all sentences, the most important first */

int report_find_takeaways(struct longhaul_report *report, struct longhaul_error *err)
{
    static int (*const sayings[])(struct longhaul_report *, struct longhaul_error *) = {
        say_not_valid, takeaways_say_places, say_coverage, takeaways_say_loss, takeaways_say_usual,
        takeaways_say_delays, takeaways_say_hops, takeaways_say_accounts, say_unknown_events, say_delivery,
        takeaways_say_symmetry, takeaways_say_records };
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < sizeof sayings / sizeof *sayings; i++)
        rc = sayings[i](report, err);
    return rc;
}
