/* path_theory.c - applies the formulas to a plan and its measurements. Judges nothing. */

#include "path/path_measure.h"

#include <math.h>

#include "model/formula.h"
#include "model/leg.h"

#define ENOUGH_PROBES 10 /* with fewer probes a share of losses is meaningless */

static double least(double a, double b)
{
    return isnan(a) ? b : isnan(b) ? a : fmin(a, b);
}

/* Linux offers about half of the receive buffer as window (tcp_adv_win_scale 1; the other half is for its own
 * bookkeeping), and doubles what a program asks for. Without window scaling, the header's field is the limit. */
static double window_bytes(const struct host_facts *h, const struct longhaul_leg *plan)
{
    double receive = h->tcp_rmem_bytes[2] / 2, send = h->tcp_wmem_bytes[2];
    if (h->receive_autotuning == 0)
        receive = h->tcp_rmem_bytes[1] / 2;
    double window = least(receive, send);
    if (plan->window_bytes > 0 && plan->protocol == LONGHAUL_PROTOCOL_TCP)
        window = least(plan->window_bytes, h->rmem_max_bytes);
    return h->window_scaling == 0 ? least(window, FORMULA_WINDOW_FIELD_MAX) : window;
}

static double network_loss(const struct path_flow *flow)
{
    double host = isnan(flow->host_lost_packets) ? 0 : flow->host_lost_packets;
    return flow->is_measured && flow->sent_packets > 0 ? (flow->lost_packets - host) / flow->sent_packets : NAN;
}

static double probes_loss(const struct path_rtt *rtt)
{
    return rtt->n_received > 0 && rtt->n_sent >= ENOUGH_PROBES ? 1 - (double)rtt->n_received / (double)rtt->n_sent
                                                               : NAN;
}

void path_theory_fill(struct path_facts *f)
{
    struct path_theory *t = &f->theory;
    double mss = isnan(f->mss_bytes) ? formula_mss_bytes(f->mtu.bytes, f->family, f->host.timestamps != 0)
                                     : f->mss_bytes;
    t->rtt_ms = least(least(f->rtt_icmp.min_ms, f->rtt_tcp.min_ms), f->transfer.rtt_ms);
    t->least_rtt_ms = formula_least_rtt_ms(t->distance_km);
    t->bdp_bytes = formula_bdp_bytes(leg_total_bps(&f->plan), t->rtt_ms);
    t->window_bytes = window_bytes(&f->host, &f->plan);
    t->window_limit_bps = formula_window_limit_bps(t->window_bytes, t->rtt_ms);
    t->loss = network_loss(&f->there);
    if (isnan(t->loss))
        t->loss = network_loss(&f->back);
    if (isnan(t->loss))
        t->loss = probes_loss(&f->rtt_icmp);
    t->mathis_limit_bps = formula_mathis_bps(mss, t->rtt_ms, t->loss, 0);
}
