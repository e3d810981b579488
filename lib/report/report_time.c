/* report_time.c - when the legs of a report were measured: from when to when, how long, and whether two of them at the
 * same time. */

#include <math.h>

#include "report/report.h"

double report_length_s(const struct report_leg *leg)
{
    return fmax(isnan(leg->info->planned_s) ? 0 : leg->info->planned_s, leg->summary.observed_s);
}

double report_shown_s(const struct report_leg *leg)
{
    const double *end_s = longhaul_series_column(leg->series, LONGHAUL_COLUMN_END_S);
    size_t n = longhaul_series_length(leg->series);
    double last_s = n > 0 && isfinite(end_s[n - 1]) ? end_s[n - 1] : 0;
    return leg->info->is_journal ? fmax(leg->summary.observed_s, last_s) : report_length_s(leg);
}

bool report_is_same_time(const struct report_leg *x, const struct report_leg *y)
{
    double later_s = y->info->start_unix_s - x->info->start_unix_s;
    return isnan(later_s) || (later_s < report_length_s(x) && -later_s < report_length_s(y));
}

struct report_extent report_extent_of(const struct longhaul_report *report)
{
    struct report_extent e = { INFINITY, -INFINITY, -INFINITY, 0, 0, false };
    for (size_t i = 0; i < report->n_legs; i++) {
        const struct report_leg *leg = &report->legs[i];
        double start_s = leg->info->start_unix_s;
        e.is_open = e.is_open || leg->info->is_journal;
        e.length_s = fmax(e.length_s, report_shown_s(leg));
        e.planned_s = fmax(e.planned_s, report_length_s(leg));
        if (isnan(start_s))
            continue;
        e.first_unix_s = fmin(e.first_unix_s, start_s);
        e.last_unix_s = fmax(e.last_unix_s, start_s + report_shown_s(leg));
        e.planned_unix_s = fmax(e.planned_unix_s, start_s + report_length_s(leg));
    }
    if (e.last_unix_s >= e.first_unix_s) {
        e.length_s = e.last_unix_s - e.first_unix_s;
        e.planned_s = e.planned_unix_s - e.first_unix_s;
    } else {
        e.first_unix_s = e.last_unix_s = e.planned_unix_s = NAN;
    }
    return e;
}
