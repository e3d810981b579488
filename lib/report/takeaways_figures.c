/* takeaways_figures.c - figures that several takeaways need. Writes no sentences. */

#include "report/takeaways.h"

#include <math.h>

struct counts takeaways_counts_of(const struct report_leg *leg)
{
    const struct longhaul_loss *loss = longhaul_analysis_loss(leg->analysis);
    return loss->origin == LONGHAUL_LOSS_ORIGIN_UNKNOWN ? (struct counts){ 0, 0 }
                                                        : (struct counts){ loss->lost, loss->total };
}

double takeaways_delivered_mbps(const struct report_leg *leg)
{
    const struct longhaul_rate *rate = longhaul_analysis_rate(leg->analysis);
    return rate->kind == LONGHAUL_RATE_KIND_DELIVERED ? rate->mbps : NAN;
}

bool takeaways_is_valid(const struct report_leg *leg)
{
    return longhaul_analysis_verdict(leg->analysis) != LONGHAUL_VERDICT_NOT_VALID;
}
