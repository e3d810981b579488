/* objective_range.c - compares a range with a limit, and moves a percentile by what is not known. Pure arithmetic. */

#include "analysis/objective_range.h"

#include <math.h>

#define ROUNDING 1e-12

enum objective_kept objective_keeps(struct objective_range r, double limit, bool is_least)
{
    double slack = ROUNDING * fabs(limit);
    if (isnan(r.least) || isnan(r.most))
        return OBJECTIVE_UNKNOWN;
    if (is_least ? r.least >= limit - slack : r.most <= limit + slack)
        return OBJECTIVE_KEPT;
    return (is_least ? r.most < limit - slack : r.least > limit + slack) ? OBJECTIVE_BROKEN : OBJECTIVE_UNKNOWN;
}

double objective_shifted(double share, double known, double missing, bool is_most)
{
    double rank = share * (known + missing) - (is_most ? 0 : missing);
    return rank <= 0 && missing > 0 ? -1 : rank > known ? 2 : rank / known;
}
