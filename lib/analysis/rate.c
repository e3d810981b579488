/* rate.c - the one place that says at what rate a leg delivered: bits that its receiver got over the time in which they
 * were observed. Where nobody knows what arrived it is the rate that was sent, and says so. Also the downtime. */

#include <math.h>

#include "analysis/analysis.h"
#include "base/units.h"

#define MOST 0.5 /* of the observed time: with less, the receiver's intervals do not stand for the leg */

/* Bits over a time. */
struct flow {
    double bits, seconds;
};

static void add(struct flow *flow, double bits, double seconds)
{
    flow->bits += bits;
    flow->seconds += seconds;
}

static double mbps_of(struct flow flow)
{
    return flow.seconds > 0 ? flow.bits / flow.seconds / BPS_PER_MBPS : NAN;
}

double analysis_arrived(const struct view *v, size_t i)
{
    if (!v->is_sender)
        return isnan(v->bytes[i]) ? v->bps[i] * v->seconds[i] / 8 : v->bytes[i];
    return v->arrived ? v->arrived[i] : NAN;
}

/* A receiver's zeros in a gap of its record say that the session was over, not that nothing arrived. */
bool analysis_is_observed(const struct view *v, size_t i, size_t *gap)
{
    double in_gap_s = gaps_time_in(v->gaps, v->n_gaps, v->start_s[i], v->start_s[i] + v->seconds[i], gap);
    bool is_silence = !v->is_sender && v->bytes[i] == 0 && in_gap_s > v->seconds[i] / 2;
    return view_is_usable(v, i) && !(v->artefacts[i] & LONGHAUL_ARTEFACT_ABSURD_TIME) && !is_silence;
}

/* By the receiver's intervals, and by the file's own. */
static void add_intervals(const struct view *v, struct flow *arrived, struct flow *own)
{
    size_t gap = 0;
    for (size_t i = 0; i < v->n; i++) {
        double bytes = analysis_arrived(v, i);
        if (!analysis_is_observed(v, i, &gap))
            continue;
        if (!isnan(bytes))
            add(arrived, 8 * bytes, v->seconds[i]);
        if (!isnan(v->bps[i]))
            add(own, v->bps[i] * v->seconds[i], v->seconds[i]);
    }
}

static bool take(struct longhaul_rate *rate, enum longhaul_rate_kind kind, double mbps, double seconds)
{
    if (isnan(mbps) || isinf(mbps) || mbps < 0)
        return false;
    *rate = (struct longhaul_rate){ .mbps = mbps, .seconds = seconds, .kind = kind };
    return true;
}

/* What the sender sent less what its receiver says that it lost. */
static bool take_less_lost(struct longhaul_rate *rate, const struct longhaul_analysis *a, double sent_mbps,
                           double seconds)
{
    const struct longhaul_loss *l = &a->loss;
    bool is_known = l->origin != LONGHAUL_LOSS_ORIGIN_UNKNOWN && l->lost >= 0 && l->total > 0 && l->lost <= l->total;
    return is_known && take(rate, LONGHAUL_RATE_KIND_DELIVERED, sent_mbps * (1 - l->lost / l->total), seconds);
}

/* As the end has it. longhaul's own end is over the whole axis, gaps included. */
static double received_mbps(const struct longhaul_analysis *a, double observed_s)
{
    bool is_own = a->info.longhaul_version[0] != 0 && observed_s > 0;
    return is_own ? 8 * a->end.received_bytes / observed_s / BPS_PER_MBPS : a->summary.received_mbps;
}

void analysis_rate(struct longhaul_analysis *a)
{
    const struct view *v = &a->view;
    const struct longhaul_summary *s = &a->summary;
    struct flow arrived = { 0, 0 }, own = { 0, 0 };
    add_intervals(v, &arrived, &own);
    a->own_mbps = mbps_of(own);
    a->rate = (struct longhaul_rate){ .mbps = NAN, .seconds = NAN, .kind = LONGHAUL_RATE_KIND_UNKNOWN };
    double own_mbps = v->n > 0 ? a->own_mbps : isnan(s->sent_mbps) ? s->reported_mbps : s->sent_mbps;
    double own_s = v->n > 0 ? own.seconds : s->duration_s;
    if (arrived.seconds > MOST * own.seconds && take(&a->rate, LONGHAUL_RATE_KIND_DELIVERED, mbps_of(arrived),
                                                     arrived.seconds))
        return;
    if (v->is_sender && take_less_lost(&a->rate, a, own_mbps, own_s))
        return;
    if (take(&a->rate, LONGHAUL_RATE_KIND_DELIVERED, received_mbps(a, own.seconds), own_s) ||
        take(&a->rate, LONGHAUL_RATE_KIND_DELIVERED, mbps_of(arrived), arrived.seconds))
        return;
    take(&a->rate, LONGHAUL_RATE_KIND_SENT, own_mbps, own_s);
}

const struct longhaul_rate *longhaul_analysis_rate(const struct longhaul_analysis *a)
{
    return &a->rate;
}

const char *longhaul_rate_kind_text(enum longhaul_rate_kind kind)
{
    static const char *const texts[] = { "unknown", "sent", "delivered" };
    return (unsigned)kind < sizeof texts / sizeof *texts ? texts[kind] : "";
}

/* ---- downtime */

/* Outages are sorted by start, and may overlap. */
double analysis_downtime_s(const struct event_list *list)
{
    double sum_s = 0, end_s = -INFINITY;
    for (size_t k = 0; k < list->n; k++) {
        const struct longhaul_event *e = &list->events[k];
        if (e->kind != LONGHAUL_EVENT_OUTAGE)
            continue;
        sum_s += fmax(e->start_s + e->seconds - fmax(e->start_s, end_s), 0);
        end_s = fmax(end_s, e->start_s + e->seconds);
    }
    return sum_s;
}
