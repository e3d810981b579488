/* live_available.c - the seconds so far in which a leg was not available, as availability of a finished test counts
 * them: intervals that lost too much or to which nothing came, and gaps in which nothing got through. Knows no file. */

#include "record/live_available.h"

#include <math.h>

#include "model/availability.h"

#define NEARLY_S 1e-6 /* times on the axis are sums */

void live_available_interval(struct live_available *a, const struct longhaul_interval *v)
{
    bool is_silent = v->bytes == 0;
    if (!v->has_loss || !(v->seconds > 0) || v->is_omitted || (v->packets <= 0 && !is_silent))
        return;
    a->is_known = true;
    if (is_silent) {
        a->silent_from_s = a->silent_s > 0 ? a->silent_from_s : v->start_s;
        a->silent_s += v->seconds;
    } else if (100 * (double)v->lost_packets / (double)v->packets >= AVAILABLE_BELOW_PERCENT) {
        a->unavailable_s += v->seconds;
    }
}

void live_available_confirm(struct live_available *a, double until_s)
{
    if (until_s < a->silent_from_s + a->silent_s - NEARLY_S)
        return;
    a->unavailable_s += a->silent_s;
    a->silent_s = 0;
}

void live_available_gap(struct live_available *a, double start_s, double until_s, bool is_outage)
{
    a->unavailable_s += fmin(fmax(start_s - a->silent_from_s, 0), a->silent_s);
    a->silent_s = 0;
    if (is_outage && until_s > start_s)
        a->unavailable_s += until_s - start_s;
}
