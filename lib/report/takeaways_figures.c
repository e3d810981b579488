/* takeaways_figures.c - figures that several takeaways need. Writes no sentences. */

#include "report/takeaways.h"

#include "analysis/analysis.h"

struct counts takeaways_counts_of(const struct report_leg *leg)
{
    const struct longhaul_loss *loss = longhaul_analysis_loss(leg->analysis);
    return loss->origin == LONGHAUL_LOSS_ORIGIN_UNKNOWN ? (struct counts){ 0, 0 }
                                                        : (struct counts){ loss->lost, loss->total };
}

double takeaways_delivered_mbps(const struct report_leg *leg)
{
    struct counts counts = takeaways_counts_of(leg);
    double rate_mbps = analysis_rate_mbps(leg->analysis);
    if (!leg->info->is_sender)
        return rate_mbps;
    return counts.packets > 0 ? rate_mbps * (1 - counts.lost / counts.packets) : leg->summary.received_mbps;
}

bool takeaways_is_valid(const struct report_leg *leg)
{
    return longhaul_analysis_verdict(leg->analysis) != LONGHAUL_VERDICT_NOT_VALID;
}
