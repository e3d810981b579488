/* report_incidents.c - the incidents of a report: joined from the events of all legs, and the accounts of what they
 * lost. incidents.c has the method. */

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "report/report.h"

/* Fills a leg's incident_numbers. */
static bool number_leg(struct longhaul_report *report, size_t leg)
{
    size_t n, *numbers;
    longhaul_analysis_events(report->legs[leg].analysis, &n);
    numbers = report->legs[leg].incident_numbers = malloc((n + 1) * sizeof *numbers);
    for (size_t k = 0; numbers && k < n; k++)
        numbers[k] = longhaul_incidents_of(report->incidents, leg, k);
    return numbers != NULL;
}

/* Fills the legs' n_incidents. */
static void count_incidents(struct longhaul_report *report)
{
    size_t n;
    const struct longhaul_incident *list = longhaul_incidents_list(report->incidents, &n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < list[i].n_legs; k++)
            report->legs[list[i].legs[k]].n_incidents++;
}

int report_find_incidents(struct longhaul_report *report, struct longhaul_error *err)
{
    const struct longhaul_analysis **all = report->analyses = calloc(report->n_legs + 1, sizeof *all);
    if (all == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    for (size_t i = 0; i < report->n_legs; i++)
        all[i] = report->legs[i].analysis;
    int rc = longhaul_incidents_find(all, report->n_legs, &report->incidents, err);
    for (size_t i = 0; rc == 0 && i < report->n_legs; i++)
        if (!number_leg(report, i))
            rc = error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    if (rc == 0)
        count_incidents(report);
    return rc;
}

const struct longhaul_incidents *longhaul_report_incidents(const struct longhaul_report *report)
{
    return report->incidents;
}

const struct longhaul_incident *report_incident(const struct longhaul_report *report, size_t number)
{
    size_t n;
    const struct longhaul_incident *list = longhaul_incidents_list(report->incidents, &n);
    return number > 0 && number <= n ? &list[number - 1] : NULL;
}

size_t report_incident_of(const struct longhaul_report *report, const struct report_event *event)
{
    return report->legs[event->leg].incident_numbers[event->index];
}

/* Where an event begins or ends, in columns; an end at the edge of a column is still in the one before. */
static size_t column_of(const struct report_columns *columns, double at_s)
{
    return (size_t)fmin(fmax(floor((at_s - columns->first_s) / columns->step_s), 0), (double)columns->n);
}

void report_incidents_by_time(const struct report_leg *leg, const struct report_columns *columns, size_t *numbers)
{
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(leg->analysis, &n);
    for (size_t i = 0; i < n; i++) {
        size_t number = leg->incident_numbers[i];
        double start_s = columns->is_dated ? events[i].start_unix_s : events[i].start_s;
        double end_s = start_s + fmax(events[i].seconds - 1e-3, 0);
        if (number == 0 || isnan(start_s) || end_s < columns->first_s)
            continue;
        for (size_t k = column_of(columns, start_s); k <= column_of(columns, end_s) && k < columns->n; k++)
            numbers[k] = numbers[k] == 0 || number < numbers[k] ? number : numbers[k];
    }
}

struct report_accounts report_accounts_of(const struct longhaul_report *report)
{
    struct report_accounts accounts = { .outside = longhaul_incidents_lost_outside(report->incidents) };
    const struct longhaul_incident *list = longhaul_incidents_list(report->incidents, &accounts.n);
    for (size_t i = 0; i < accounts.n; i++) {
        if (isnan(list[i].lost_packets))
            accounts.n_unknown++;
        else
            accounts.inside += list[i].lost_packets;
        accounts.down_s += list[i].down_s;
    }
    return accounts;
}
