/* loss.c - the one place that decides the loss of a leg: what its end says, else the sum of its intervals, else
 * unknown. Losses that contradict the two sides' counts are unknown, wherever they come from. Uses what the analysis
 * knows; computes nothing of its own. */

#include <math.h>

#include "analysis/analysis.h"
#include "model/iperf_json.h"

static double percent_of(double lost, double total)
{
    return total > 0 ? 100 * lost / total : NAN;
}

/* Keeps the end's own percentage if there is one: other readers of the file see the same figure. */
static bool take_end(struct longhaul_loss *loss, const struct longhaul_summary *s)
{
    bool is_known = !isnan(s->lost_packets) && s->total_packets > 0;
    if (!is_known || s->lost_packets == IPERF_LOST_COUNT || s->total_packets == IPERF_LOST_COUNT)
        return false;
    loss->origin = LONGHAUL_LOSS_ORIGIN_END;
    loss->lost = s->lost_packets;
    loss->total = s->total_packets;
    loss->percent = isnan(s->loss_percent) ? percent_of(loss->lost, loss->total) : s->loss_percent;
    return true;
}

static bool take_intervals(struct longhaul_loss *loss, const struct longhaul_figures *f)
{
    if (!f->has_loss || f->packets <= 0)
        return false;
    loss->origin = LONGHAUL_LOSS_ORIGIN_INTERVALS;
    loss->lost = (double)f->lost_packets;
    loss->total = (double)f->packets;
    loss->percent = percent_of(loss->lost, loss->total);
    return true;
}

void analysis_loss(struct longhaul_analysis *a)
{
    a->loss =
        (struct longhaul_loss){ .origin = LONGHAUL_LOSS_ORIGIN_UNKNOWN, .percent = NAN, .lost = NAN, .total = NAN };
    if (take_end(&a->loss, &a->summary))
        return;
    bool is_known = !a->end.is_contradicted && take_intervals(&a->loss, &a->figures);
    if (!is_known && a->summary.total_packets != IPERF_LOST_COUNT)
        a->loss.total = a->summary.total_packets;
}

const struct longhaul_loss *longhaul_analysis_loss(const struct longhaul_analysis *a)
{
    return &a->loss;
}

const char *longhaul_loss_origin_text(enum longhaul_loss_origin origin)
{
    static const char *const texts[] = { "unknown", "end", "intervals" };
    return (unsigned)origin < sizeof texts / sizeof *texts ? texts[origin] : "";
}
