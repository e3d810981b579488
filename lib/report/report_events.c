/* report_events.c - numbers the events of all legs, so that a number means the same event in every text, chart and page
 * of a report: by time of day, then by leg; last those without a time of day. Judges nothing. */

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "report/report.h"

/* Unknown times come last. */
static int by_time(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) - isnan(b);
    return (a > b) - (a < b);
}

static int by_time_and_leg(const void *a, const void *b)
{
    const struct report_event *x = a, *y = b;
    int order = by_time(x->event->start_unix_s, y->event->start_unix_s);
    if (order == 0)
        order = (x->leg > y->leg) - (x->leg < y->leg);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static size_t count_events(const struct longhaul_report *report)
{
    size_t all = 0, n;
    for (size_t i = 0; i < report->n_legs; i++) {
        longhaul_analysis_events(report->legs[i].analysis, &n);
        all += n;
    }
    return all;
}

/* Allocates the numbers of each leg's events. */
static bool make_room(struct longhaul_report *report)
{
    report->events = malloc((count_events(report) + 1) * sizeof *report->events);
    bool good = report->events != NULL;
    for (size_t i = 0; good && i < report->n_legs; i++) {
        size_t n;
        longhaul_analysis_events(report->legs[i].analysis, &n);
        report->legs[i].event_numbers = calloc(n + 1, sizeof *report->legs[i].event_numbers);
        good = report->legs[i].event_numbers != NULL;
    }
    return good;
}

int report_number_events(struct longhaul_report *report, struct longhaul_error *err)
{
    if (!make_room(report))
        return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    for (size_t i = 0; i < report->n_legs; i++) {
        size_t n;
        const struct longhaul_event *events = longhaul_analysis_events(report->legs[i].analysis, &n);
        for (size_t k = 0; k < n; k++)
            report->events[report->n_events++] = (struct report_event){ .event = &events[k], .leg = i, .index = k };
    }
    qsort(report->events, report->n_events, sizeof *report->events, by_time_and_leg);
    for (size_t i = 0; i < report->n_events; i++)
        report->legs[report->events[i].leg].event_numbers[report->events[i].index] = i + 1;
    return 0;
}

void report_free_events(struct longhaul_report *report)
{
    for (size_t i = 0; i < report->n_legs; i++)
        free(report->legs[i].event_numbers), free(report->legs[i].incident_numbers);
    free(report->events);
}
