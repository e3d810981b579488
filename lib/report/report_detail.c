/* report_detail.c - which legs a report describes in detail: all, or in a large mesh those that matter most, so that
 * text and page stay small and can be read. The matrix and the list of all legs have every leg. Also which details of a
 * leg are described at all. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/error.h"
#include "report/report.h"

struct ranked {
    double gravity;
    size_t incident, leg; /* incident: the number of the gravest in which it has a part; SIZE_MAX for none */
};

static int by_gravity(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    int order = (x->gravity < y->gravity) - (x->gravity > y->gravity);
    if (order == 0)
        order = (x->incident > y->incident) - (x->incident < y->incident);
    return order ? order : (x->leg > y->leg) - (x->leg < y->leg);
}

double report_loss_between_0_and_100(const struct report_leg *leg)
{
    double percent = longhaul_analysis_loss(leg->analysis)->percent;
    return isnan(percent) ? 0 : fmin(fmax(percent, 0), 100);
}

bool report_knows_order(const struct longhaul_report *report)
{
    for (size_t i = 0; i < report->n_legs; i++)
        if (!isnan(longhaul_analysis_order(report->legs[i].analysis)->out_of_order_packets))
            return true;
    return false;
}

bool report_knows_delays(const struct longhaul_report *report)
{
    for (size_t i = 0; i < report->n_legs; i++)
        if (longhaul_analysis_delays(report->legs[i].analysis)->n_intervals > 0)
            return true;
    return false;
}

/* Loss, or the share of time without data where that is more, in percent; legs whose figures cannot be relied on come
 * first. A sender's record knows outages, but not what was lost in them. */
static double gravity_of(const struct report_leg *leg)
{
    double down_s = longhaul_analysis_figures(leg->analysis)->downtime_s, length_s = report_length_s(leg);
    double down = down_s > 0 && length_s > 0 ? 100 * fmin(down_s / length_s, 1) : 0;
    return (longhaul_analysis_verdict(leg->analysis) == LONGHAUL_VERDICT_NOT_VALID ? 1000 : 0) +
           fmax(report_loss_between_0_and_100(leg), down);
}

static size_t gravest_incident(const struct report_leg *leg)
{
    size_t n, gravest = SIZE_MAX;
    longhaul_analysis_events(leg->analysis, &n);
    for (size_t k = 0; k < n; k++)
        if (leg->incident_numbers[k] > 0 && leg->incident_numbers[k] < gravest)
            gravest = leg->incident_numbers[k];
    return gravest;
}

bool report_is_mesh(const struct longhaul_report *report)
{
    return report->n_legs > REPORT_FEW_LEGS;
}

size_t report_n_detailed(const struct longhaul_report *report)
{
    return report->n_legs <= REPORT_MOST_DETAILED ? report->n_legs : REPORT_WORST;
}

int report_choose_detail(struct longhaul_report *report, struct longhaul_error *err)
{
    struct ranked *ranked = calloc(report->n_legs + 1, sizeof *ranked);
    if (ranked == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    for (size_t i = 0; i < report->n_legs; i++)
        ranked[i] = (struct ranked){ gravity_of(&report->legs[i]), gravest_incident(&report->legs[i]), i };
    qsort(ranked, report->n_legs, sizeof *ranked, by_gravity);
    report->gravest = malloc((report->n_legs + 1) * sizeof *report->gravest);
    for (size_t i = 0; report->gravest && i < report->n_legs; i++) {
        report->gravest[i] = ranked[i].leg;
        report->legs[ranked[i].leg].is_detailed = i < report_n_detailed(report);
    }
    free(ranked);
    return report->gravest ? 0 : error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
}

size_t report_each_finding(const struct longhaul_report *report, report_finding_taker *take, void *payload)
{
    size_t n_all = 0;
    for (size_t i = 0; i < report->n_legs; i++) {
        size_t n;
        const struct longhaul_finding *findings = longhaul_analysis_findings(report->legs[i].analysis, &n);
        for (size_t k = 0; report->legs[i].is_detailed && k < n; k++, n_all++)
            take(report, i, &findings[k], payload);
    }
    return n_all;
}
