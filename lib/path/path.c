/* path.c - measures a path: decides the order of the measurements, and skips those that depend on one that failed. Each
 * measurement is a module of its own; path_verdict judges the results. */

#include "path/path_measure.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/units.h"
#include "engine/engine.h"
#include "model/formula.h"
#include "model/leg.h"

#define N_PROBES 20
#define N_PROBES_TCP_MAX 10 /* each probe is a client that a libiperf server turns away */
#define FLOW_S 2
#define SLIGHT_BPS 1000000  /* for the direction that is not planned: it only has to be open */
#define HALF_BPS_MIN 100000
#define LOSS_TO_DOUBT 0.001 /* from this loss on, the test is repeated at half the rate */

static void stage(const struct longhaul_path_options *o, const char *what)
{
    if (o->on_stage)
        o->on_stage(what, o->payload);
}

/* ---- the plan */

static int check_options(const struct longhaul_path_options *o, struct longhaul_leg *plan, struct longhaul_error *err)
{
    *plan = o->leg;
    if (*plan->source == 0)
        strcpy(plan->source, "HERE");
    if (*plan->destination == 0)
        strcpy(plan->destination, "PEER");
    int rc = longhaul_leg_check(plan, err);
    if (rc != 0)
        return rc;
    longhaul_leg_fill(plan);
    if (o->n_probes != 0 && (o->n_probes < 3 || o->n_probes > 1000))
        return error_set(err, LONGHAUL_EINVAL, "%" PRIu32 " probes: from 3 to 1000", o->n_probes);
    if (o->flow_s > 60)
        return error_set(err, LONGHAUL_EINVAL, "tests of %" PRIu32 " s: from 1 to 60", o->flow_s);
    if (o->has_distance && !(o->distance_km >= 0 && o->distance_km <= 1e5))
        return error_set(err, LONGHAUL_EINVAL, "distance %g km: from 0 to 100000", o->distance_km);
    return 0;
}

static void plan_after_result(const struct longhaul_earlier_test *r, const struct longhaul_leg *given,
                              struct longhaul_leg *plan)
{
    if (!r->is_there)
        return;
    if (given->protocol == LONGHAUL_PROTOCOL_UDP && strcmp(r->protocol, "TCP") == 0)
        plan->protocol = LONGHAUL_PROTOCOL_TCP;
    if (given->rate_bps == 0 && r->target_mbps > 0)
        plan->rate_bps = (uint64_t)(r->target_mbps * BPS_PER_MBPS);
    if (given->datagram_bytes == 0 && plan->protocol == LONGHAUL_PROTOCOL_UDP &&
        r->datagram_bytes >= LEG_UDP_DATAGRAM_MIN && r->datagram_bytes <= LEG_UDP_DATAGRAM_MAX)
        plan->datagram_bytes = (uint32_t)r->datagram_bytes;
}

/* The planned datagram, or the largest that is not fragmented: that a larger one fails is a finding of the path MTU. */
static uint32_t fitting_datagram(const struct path_facts *f)
{
    double most = f->mtu.bytes - formula_udp_headers_bytes(f->family), planned = f->plan.datagram_bytes;
    return (uint32_t)(isnan(most) || planned <= most ? planned : most);
}

static struct longhaul_leg udp_leg(const struct path_facts *f, enum longhaul_direction direction)
{
    struct longhaul_leg leg = f->plan;
    bool is_planned = f->plan.direction == LONGHAUL_DIRECTION_PUSH ||
                      direction == LONGHAUL_DIRECTION_PULL; /* see struct longhaul_path_options */
    leg.direction = direction;
    leg.protocol = LONGHAUL_PROTOCOL_UDP;
    leg.congestion[0] = 0;
    leg.datagram_bytes = fitting_datagram(f);
    if (f->plan.protocol == LONGHAUL_PROTOCOL_TCP || !is_planned)
        leg.window_bytes = 0;
    leg.rate_bps = leg_total_rate(&leg);
    if ((!is_planned || f->plan.protocol == LONGHAUL_PROTOCOL_TCP) && leg.rate_bps > SLIGHT_BPS)
        leg.rate_bps = SLIGHT_BPS;
    snprintf(leg.peer, sizeof leg.peer, "%s", f->address);
    return leg;
}

static double loss_of(const struct path_flow *flow)
{
    return flow->is_measured && flow->sent_packets > 0 ? flow->lost_packets / flow->sent_packets : NAN;
}

/* Loss that disappears at half the rate means a bottleneck; loss that remains does not depend on the rate. */
static void measure_direction(const struct path_ends *ends, const struct longhaul_path_options *o,
                              enum longhaul_direction direction, struct path_facts *f,
                              struct path_flow_outcome *outcome)
{
    bool is_there = direction == LONGHAUL_DIRECTION_PUSH;
    struct path_flow *flow = is_there ? &f->there : &f->back, *half = is_there ? &f->there_half : &f->back_half;
    struct longhaul_leg leg = udp_leg(f, direction);
    struct path_flow_outcome ignored;
    uint32_t seconds = o->flow_s ? o->flow_s : FLOW_S;
    stage(o, is_there ? "UDP, from here" : "UDP, from there");
    path_flow_run(ends, &leg, seconds, o->root, flow, outcome);
    if (!(loss_of(flow) >= LOSS_TO_DOUBT) || !(flow->received_bps > 0))
        return;
    leg.rate_bps = (uint64_t)fmax(flow->received_bps / 2, HALF_BPS_MIN);
    stage(o, is_there ? "UDP, from here, at half the rate" : "UDP, from there, at half the rate");
    path_flow_run(ends, &leg, seconds, o->root, half, &ignored);
}

static void judge_udp(struct path_facts *f, const struct path_flow *flow,
                      const struct path_flow_outcome *outcome, enum path_reach *own)
{
    if (flow->is_measured && loss_of(flow) < 1)
        *own = PATH_REACH_OPEN;
    else if (flow->is_measured)
        *own = PATH_REACH_FILTERED;
    else if (outcome->is_udp_dead && outcome->stuck == ENGINE_STUCK_THERE)
        f->udp_there = PATH_REACH_FILTERED;
    else if (outcome->is_udp_dead)
        f->udp_there = PATH_REACH_OPEN, f->udp_back = PATH_REACH_FILTERED;
    f->is_busy = f->is_busy || outcome->is_busy;
}

static void measure_transfer(const struct path_ends *ends, const struct longhaul_path_options *o,
                             struct path_facts *f)
{
    struct longhaul_leg leg = f->plan;
    struct path_flow_outcome outcome;
    if (f->mtu.is_black_hole && !(f->host.mtu_probing > 0)) {
        snprintf(f->transfer.why, sizeof f->transfer.why, "TCP would stall in the black hole");
        return;
    }
    leg.direction = LONGHAUL_DIRECTION_PUSH;
    leg.protocol = LONGHAUL_PROTOCOL_TCP;
    if (f->plan.protocol == LONGHAUL_PROTOCOL_UDP)
        leg.datagram_bytes = 0, leg.window_bytes = 0;
    leg.rate_bps = leg_total_rate(&leg);
    snprintf(leg.peer, sizeof leg.peer, "%s", f->address);
    longhaul_leg_fill(&leg);
    stage(o, "TCP, from here");
    path_flow_run(ends, &leg, o->flow_s ? o->flow_s : FLOW_S, o->root, &f->transfer, &outcome);
    f->is_busy = f->is_busy || outcome.is_busy;
}

static void say_for_all(struct path_facts *f, const char *why)
{
    struct path_flow *flows[] = { &f->there, &f->back, &f->transfer };
    for (size_t i = 0; i < 3; i++)
        snprintf(flows[i]->why, sizeof flows[i]->why, "%.199s", why);
}

static void measure_flows(const struct path_ends *ends, const struct longhaul_path_options *o,
                          struct path_facts *f)
{
    struct path_flow_outcome there = { .stuck = 0 }, back = { .stuck = 0 };
    struct longhaul_error err = { 0 };
    if (f->tcp != PATH_REACH_OPEN) {
        say_for_all(f, "TCP does not reach the server");
        stage(o, "UDP's reach");
        f->udp_there = path_reach_udp(ends);
    } else if (o->wants_no_flows) {
        say_for_all(f, "not wanted");
    } else if (!engine_is_built(&err)) {
        say_for_all(f, err.text);
    } else {
        measure_direction(ends, o, LONGHAUL_DIRECTION_PUSH, f, &there);
        judge_udp(f, &f->there, &there, &f->udp_there);
        if (there.is_udp_dead)
            snprintf(f->back.why, sizeof f->back.why, "UDP's first exchange fails");
        else if (!there.is_busy)
            measure_direction(ends, o, LONGHAUL_DIRECTION_PULL, f, &back);
        judge_udp(f, &f->back, &back, &f->udp_back);
        if (!f->is_busy)
            measure_transfer(ends, o, f);
    }
}

/* ---- in order */

static void forget_facts(struct path_facts *f)
{
    path_flow_forget(&f->there);
    path_flow_forget(&f->back);
    path_flow_forget(&f->there_half);
    path_flow_forget(&f->back_half);
    path_flow_forget(&f->transfer);
    f->rtt_tcp = f->rtt_icmp = f->there.loaded;
    f->mtu = (struct path_mtu){ .bytes = NAN, .probed_bytes = NAN, .fragments_pass = NAN };
}

/* What the control connection's segments carry, which libiperf uses; without regard to a smaller path MTU that the
 * kernel still remembers, since it forgets that after some minutes. */
static uint32_t usual_datagram(const struct path_facts *f, double pmtu_bytes)
{
    double mss = f->mss_bytes;
    if (isnan(mss))
        mss = formula_mss_bytes(f->host.mtu_bytes, f->family, f->host.timestamps != 0);
    else if (pmtu_bytes < f->host.mtu_bytes)
        mss += f->host.mtu_bytes - pmtu_bytes;
    return (uint32_t)(mss >= LEG_UDP_DATAGRAM_MIN ? fmin(mss, LEG_UDP_DATAGRAM_MAX) : 1448);
}

static void measure_network(const struct path_ends *ends, const struct longhaul_path_options *o,
                            struct path_facts *f)
{
    uint32_t n = o->n_probes ? o->n_probes : N_PROBES;
    double pmtu_bytes;
    stage(o, "reach");
    f->tcp = path_reach_tcp(ends, &f->mss_bytes, &pmtu_bytes);
    if (f->plan.datagram_bytes == 0 && f->plan.protocol == LONGHAUL_PROTOCOL_UDP)
        f->plan.datagram_bytes = usual_datagram(f, pmtu_bytes);
    stage(o, "round trips");
    path_rtt_series(ends, RTT_ICMP, 0, n, &f->rtt_icmp);
    if (f->tcp == PATH_REACH_OPEN)
        path_rtt_series(ends, RTT_TCP, f->plan.port, n < N_PROBES_TCP_MAX ? n : N_PROBES_TCP_MAX, &f->rtt_tcp);
    else
        snprintf(f->rtt_tcp.why, sizeof f->rtt_tcp.why, "TCP does not reach the server");
    stage(o, "path MTU");
    path_mtu_search(ends, f->tcp, f->host.mtu_bytes, isnan(f->rtt_icmp.max_ms) ? f->rtt_tcp.max_ms : f->rtt_icmp.max_ms,
                    &f->mtu);
    stage(o, "hops");
    if (o->wants_no_hops)
        snprintf(f->hops_why, sizeof f->hops_why, "not wanted");
    else
        path_trace_run(ends, f);
    measure_flows(ends, o, f);
}

static void compare_host(const struct longhaul_path_options *o, struct path_facts *f)
{
    struct host_facts after;
    struct host_options options = { .root = o->root, .interface = f->host.interface };
    if (host_read(&options, &after, NULL) != 0)
        return;
    f->drops = host_drops_between(&f->host.drops, &after.drops);
    double ticks = after.cpu_ticks - f->host.cpu_ticks;
    f->steal_share = ticks > 0 ? (after.steal_ticks - f->host.steal_ticks) / ticks : NAN;
}

int longhaul_path_measure(const struct longhaul_path_options *o, struct longhaul_path **out, struct longhaul_error *err)
{
    struct longhaul_leg plan;
    struct path_ends ends;
    int rc = check_options(o, &plan, err);
    if (rc == 0)
        rc = path_ends_find(&plan, &ends, err);
    struct path_facts *f = rc == 0 ? calloc(1, sizeof *f) : NULL;
    if (rc == 0 && f == NULL)
        rc = error_set(err, LONGHAUL_ENOMEM, "out of memory");
    if (rc == 0) {
        const char *zone = strchr(ends.address, '%'); /* the interface of a link-local address */
        struct host_options host = {
            .root = o->root, .peer = zone ? NULL : ends.address, .interface = zone ? zone + 1 : NULL
        };
        forget_facts(f);
        if (o->earlier)
            f->earlier = *o->earlier;
        plan_after_result(&f->earlier, &o->leg, &plan);
        f->plan = plan;
        f->family = ends.family == AF_INET6 ? 6 : 4;
        f->theory.distance_km = o->has_distance ? o->distance_km : NAN;
        f->n_flows = o->n_flows ? o->n_flows : plan.n_streams + 1;
        f->snat_ports = o->snat_ports;
        snprintf(f->peer, sizeof f->peer, "%s", plan.peer);
        snprintf(f->address, sizeof f->address, "%s", ends.address);
        snprintf(f->source, sizeof f->source, "%s", ends.source);
        rc = host_read(&host, &f->host, err);
    }
    if (rc == 0) {
        measure_network(&ends, o, f);
        compare_host(o, f);
        path_theory_fill(f);
        rc = path_judge(f, out, err);
    }
    free(f);
    return rc;
}
