/* order_figures.c - the order in which a leg's datagrams arrived: out of order, duplicates; and how late ones change
 * the losses of earlier intervals. */

#include <math.h>

#include "analysis/analysis.h"

#define REACH 10 /* intervals: no buffer on a path delays a datagram for longer */

/* A datagram that arrives after the end of its interval was counted as lost there, and is taken back in a later
 * interval, whose count may become negative. This moves it back to where it was counted, beginning with the newest.
 * What duplicates took back stays: libiperf takes them for late datagrams, but nothing lost had arrived. */
void order_settle(const double *lost, const double *out_of_order, size_t n, double *settled)
{
    for (size_t i = 0; i < n; i++) {
        double owed = lost[i] < 0 ? -lost[i] : 0;
        settled[i] = lost[i];
        if (out_of_order && out_of_order[i] < owed)
            owed = out_of_order[i];
        for (size_t k = i; owed > 0 && k-- > 0 && i - k <= REACH;) {
            double taken = settled[k] > 0 ? fmin(settled[k], owed) : 0;
            settled[k] -= taken;
            settled[i] += taken;
            owed -= taken;
        }
    }
}

/* NAN if an interval in which something arrived has no value. */
static double sum_of(const double *values, const double *bytes, size_t n)
{
    double sum = 0;
    bool is_known = false;
    for (size_t i = 0; i < n; i++) {
        if (isnan(values[i]) && bytes[i] == 0)
            continue;
        sum += values[i];
        is_known = true;
    }
    return is_known ? sum : NAN;
}

void order_fill(struct longhaul_analysis *a, const struct longhaul_series *series)
{
    const double *bytes = longhaul_series_column(series, LONGHAUL_COLUMN_BYTES);
    const double *out_of_order = longhaul_series_column(series, LONGHAUL_COLUMN_OUT_OF_ORDER_PACKETS);
    const double *duplicates = longhaul_series_column(series, LONGHAUL_COLUMN_DUPLICATE_PACKETS);
    struct longhaul_order *o = &a->order;
    size_t n = a->view.n;
    *o = (struct longhaul_order){ .out_of_order_packets = a->info.end_out_of_order_packets,
                                  .duplicate_packets = a->info.end_duplicate_packets };
    if (isnan(o->out_of_order_packets))
        o->out_of_order_packets = sum_of(out_of_order, bytes, n);
    if (isnan(o->duplicate_packets))
        o->duplicate_packets = sum_of(duplicates, bytes, n);
    o->out_of_order_percent = a->loss.total > 0 ? 100 * o->out_of_order_packets / a->loss.total : NAN;
}

const struct longhaul_order *longhaul_analysis_order(const struct longhaul_analysis *a)
{
    return &a->order;
}
