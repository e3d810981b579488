/* report_time.c - when the legs of a report were measured: how long, and whether two of them at the same time. */

#include <math.h>

#include "report/report.h"

double report_length_s(const struct report_leg *leg)
{
    return fmax(isnan(leg->info->planned_s) ? 0 : leg->info->planned_s, leg->summary.observed_s);
}

bool report_is_same_time(const struct report_leg *x, const struct report_leg *y)
{
    double later_s = y->info->start_unix_s - x->info->start_unix_s;
    return isnan(later_s) || (later_s < report_length_s(x) && -later_s < report_length_s(y));
}
