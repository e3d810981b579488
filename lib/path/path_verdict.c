/* path_verdict.c - what the measurements of a path mean for its plan. Turns facts into findings and measures nothing,
 * so that a test can give it any path. What was not measured has no finding. */

#include "path/path_measure.h"

#include <arpa/inet.h>
#include <math.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/cidr.h"
#include "base/units.h"
#include "model/formula.h"
#include "model/leg.h"

#define LOSS_NOTED 0.001
#define LOSS_BAD 0.01
#define LOST_NOTED 4            /* packets: fewer may be chance, or arrived after the test's end */
#define LOST_TO_TELL 20        /* packets: fewer cannot distinguish a bottleneck from chance */
#define GONE_SHARE 0.25        /* share of the loss that may remain at half the rate if there is a bottleneck */
#define DETOUR_RATIO 3.0       /* RTT divided by what light needs: cables bend and providers take detours, but not
                                * that much */
#define DETOUR_MS 20.0
#define STANDING_MS 10.0       /* half of the datagrams wait for longer: the queue stands */
#define QUEUE_MS 30.0          /* growth of the RTT at the plan's rate from which packets are clearly queued */
#define REORDER_BAD 0.01
#define REORDERINGS_NOTED 3
#define AZURE_MTU 1400
#define TUNNEL_MTU 1400
#define TUNNEL_MSS 1350
#define USUAL_MTU 1500
#define RATE_SHORT 0.95

/* ---- reach */

static void judge_tcp(const struct path_facts *f, struct path_findings *out)
{
    static const char why[] = "the control connection uses TCP, also for a UDP test: without it no test begins";
    unsigned port = f->plan.port;
    if (f->tcp == PATH_REACH_UNKNOWN)
        return;
    path_find(out, "tcp_control", "TCP to %s port %u is %s", f->address, port, path_reach_text(f->tcp));
    if (f->tcp == PATH_REACH_REFUSED)
        path_worse(out, LONGHAUL_PATH_LEVEL_PROBLEM, why,
                   "longhaul serve -p %u    # there; if it runs, a firewall rejects: open TCP %u there", port, port);
    else if (f->tcp == PATH_REACH_FILTERED)
        path_worse(out, LONGHAUL_PATH_LEVEL_PROBLEM, why,
                   "nft add rule inet filter input tcp dport %u accept    # there, and in the cloud's security group",
                   port);
    else if (f->tcp == PATH_REACH_UNREACHABLE)
        path_worse(out, LONGHAUL_PATH_LEVEL_PROBLEM, why, "ip route get %s    # a router, or this host, has no route",
                   f->address);
}

static void judge_udp(const struct path_facts *f, enum path_reach reach, bool is_there,
                      struct path_findings *out)
{
    const char *rule = is_there ? "udp_there" : "udp_back";
    unsigned port = f->plan.port;
    if (reach == PATH_REACH_UNKNOWN)
        return;
    path_find(out, rule, "UDP %s %s %s port %u is %s", is_there ? "from here" : "to here", is_there ? "to" : "from",
              f->address, port, path_reach_text(reach));
    if (reach == PATH_REACH_OPEN)
        return;
    path_worse(out, LONGHAUL_PATH_LEVEL_PROBLEM, "the test's data is UDP: with TCP alone the test begins, but no data "
                                                 "arrives",
               is_there
                   ? "nft add rule inet filter input udp dport %u accept    # there, and in the cloud's security group"
                   : "nft add rule inet filter input udp sport %u accept    # here, and in the cloud's security group",
               port);
}

static void judge_busy(const struct path_facts *f, struct path_findings *out)
{
    if (!f->is_busy)
        return;
    path_find(out, "server_busy", "%s port %u is busy with another test", f->address, f->plan.port);
    path_worse(out, LONGHAUL_PATH_LEVEL_NOTE, "a port serves one test at a time: loss and rate could not be measured",
               "longhaul path -p PORT    # another port, or later");
}

/* ---- round trips */

static void judge_rtt(const struct path_facts *f, struct path_findings *out)
{
    const struct path_rtt *r = f->rtt_icmp.n_received > 0 ? &f->rtt_icmp : &f->rtt_tcp;
    if (r->n_received == 0)
        return;
    path_find(out, "rtt", "round trips by %s: least %s ms, median %s, p95 %s, most %s, jitter %s; %zu of %zu answered",
              r == &f->rtt_icmp ? "ICMP" : "TCP", path_figure(r->min_ms, 3).text, path_figure(r->median_ms, 3).text,
              path_figure(r->p95_ms, 3).text, path_figure(r->max_ms, 3).text, path_figure(r->jitter_ms, 3).text,
              r->n_received, r->n_sent);
}

static void judge_floor(const struct path_facts *f, struct path_findings *out)
{
    double ratio = f->theory.rtt_ms / f->theory.least_rtt_ms;
    if (!(f->theory.least_rtt_ms > 0) || isnan(f->theory.rtt_ms))
        return;
    path_find(out, "rtt_floor", "least round trip %.2f ms, %.2f times what light in fibre needs for %.0f km (%.2f ms)",
              f->theory.rtt_ms, ratio, f->theory.distance_km, f->theory.least_rtt_ms);
    if (ratio < 1)
        path_worse(out, LONGHAUL_PATH_LEVEL_NOTE,
                   "nothing is faster than light: the coordinates or the peer's address must be wrong",
                   "longhaul path calc --from LAT,LON --to LAT,LON    # check the coordinates");
    else if (ratio > DETOUR_RATIO && f->theory.rtt_ms - f->theory.least_rtt_ms > DETOUR_MS)
        path_worse(out, LONGHAUL_PATH_LEVEL_NOTE,
                   "far more than the distance explains, as with a detour via another hub or a distant peering: "
                   "windows and retransmissions suffer from it",
                   "mtr %s    # where the milliseconds come from", f->address);
}

/* Compares the median round trip during a flow with that of an idle path. Omitted if a bottleneck was found: that
 * explains it. */
static void judge_queue(const struct path_facts *f, struct path_findings *out)
{
    double there = f->there.loaded.median_ms, back = f->back.loaded.median_ms;
    double loaded = isnan(there)  ? back
                    : isnan(back) ? there
                                  : fmax(there, back),
           grown = loaded - f->rtt_icmp.median_ms;
    if (isnan(grown) || isnan(leg_total_bps(&f->plan)) || path_has_found(out, "rate_there") ||
        path_has_found(out, "rate_back"))
        return;
    path_find(out, "rtt_loaded", "round trips at the plan's rate: median %.3f ms, idle %.3f ms", loaded,
              f->rtt_icmp.median_ms);
    if (grown > QUEUE_MS && loaded > 1.5 * f->rtt_icmp.median_ms)
        path_worse(out, LONGHAUL_PATH_LEVEL_NOTE,
                   "a queue on the path fills at this rate, and causes the test's jitter",
                   "longhaul path -b RATE    # lower it until the round trip stays low");
}

/* Half of the datagrams waited: a single burst or pause is no queue. A flow through a bottleneck, too: that says where
 * its delay comes from. */
static void judge_delay(const struct path_facts *f, struct path_findings *out)
{
    const struct path_flow *flow = &f->back;
    if (isnan(flow->delay_p50_ms) || isnan(flow->delay_p99_ms) || isnan(flow->delay_max_ms))
        return;
    path_find(out, "delay_back", "to here, datagrams waited in queues: p50 %s ms, p99 %s, most %s",
              path_short(flow->delay_p50_ms).text, path_short(flow->delay_p99_ms).text,
              path_short(flow->delay_max_ms).text);
    if (flow->delay_p50_ms < STANDING_MS || flow->delay_p99_ms < QUEUE_MS || isnan(flow->offered_bps))
        return;
    char why[160];
    snprintf(why, sizeof why, "the queue at %s Mbit/s holds %s ms (bufferbloat)",
             path_short(flow->offered_bps / BPS_PER_MBPS).text, path_short(flow->delay_p99_ms).text);
    path_worse(out, LONGHAUL_PATH_LEVEL_NOTE, why,
               "longhaul path -b RATE    # lower it until delays stay low; fq_codel or CAKE where the queue is");
}

/* ---- flows */

static double host_lost(const struct path_flow *flow)
{
    return isnan(flow->host_lost_packets) ? 0 : flow->host_lost_packets;
}

/* The network's share of the datagrams that did not arrive. */
static double net_loss(const struct path_flow *flow)
{
    return flow->is_measured && flow->sent_packets > 0 ? (flow->lost_packets - host_lost(flow)) / flow->sent_packets
                                                       : NAN;
}

static bool is_narrow(const struct path_flow *flow, const struct path_flow *half)
{
    double loss = net_loss(flow), left = net_loss(half);
    return isfinite(flow->received_bps) && loss >= LOSS_BAD && flow->lost_packets >= LOST_TO_TELL &&
           left <= loss * GONE_SHARE && left < LOSS_BAD;
}

/* A plan without a rate looks for the limit, and loses packets there: only what is lost at half of it counts. */
static void judge_unlimited(const struct path_flow *flow, const char *rule, const char *way,
                            struct path_findings *out)
{
    path_find(out, rule, "%s the path carries %s Mbit/s", way, path_figure(flow->received_bps / BPS_PER_MBPS, 3).text);
}

static void judge_narrow(const struct path_flow *flow, const struct path_flow *half, const char *rule,
                         const char *way, struct path_findings *out)
{
    path_find(out, rule, "%s the path carries %.3f of %s Mbit/s; at %s Mbit/s %.2f %% is lost", way,
              flow->received_bps / BPS_PER_MBPS, path_figure(flow->offered_bps / BPS_PER_MBPS, 3).text,
              path_figure(half->offered_bps / BPS_PER_MBPS, 3).text, 100 * net_loss(half));
    path_worse(
        out, LONGHAUL_PATH_LEVEL_PROBLEM,
        "the plan's rate does not fit: the day would measure a limit (of a link, a policer, a VM's size), not the path",
        "longhaul run -b %.0fK ...    # the rate that fits, or raise the limit", floor(flow->received_bps * 0.9 / 1e3));
}

/* left: the loss at half the rate; NAN if not measured. */
static const char *why_lost(double loss, double left)
{
    if (left > LOSS_NOTED && left > loss * GONE_SHARE)
        return "at half the rate packets are lost too, so the rate is not the cause: Mathis's formula limits TCP on "
               "such a path";
    if (left <= LOSS_NOTED)
        return "at half the rate almost nothing is lost: the rate may be near a limit of the path";
    return "Mathis's formula limits TCP on such a path";
}

static void judge_flow(const struct path_facts *f, bool is_there, struct path_findings *out)
{
    const struct path_flow *flow = is_there ? &f->there : &f->back,
                                    *half = is_there ? &f->there_half : &f->back_half;
    const char *way = is_there ? "from here" : "to here";
    double loss = net_loss(flow);
    if (isnan(loss) || loss >= 1) /* nothing arrived at all: a finding of reach */
        return;
    if (isnan(leg_total_bps(&f->plan)) && half->is_measured && f->plan.protocol == LONGHAUL_PROTOCOL_UDP &&
        (is_there ? f->plan.direction == LONGHAUL_DIRECTION_PUSH : true)) {
        judge_unlimited(flow, is_there ? "rate_there" : "rate_back", way, out);
        flow = half, loss = net_loss(half);
    } else if (is_narrow(flow, half)) {
        judge_narrow(flow, half, is_there ? "rate_there" : "rate_back", way, out);
        return;
    }
    path_find(out, is_there ? "loss_there" : "loss_back",
              "%s %.0f of %.0f datagrams of %s bytes were lost%s (%.3f %%) at %s Mbit/s, jitter %s ms", way,
              flow->lost_packets - host_lost(flow), flow->sent_packets, path_figure(flow->datagram_bytes, 0).text,
              isnan(flow->host_lost_packets) ? "" : " by the network", 100 * loss,
              path_figure(flow->offered_bps / BPS_PER_MBPS, 3).text, path_figure(flow->jitter_ms, 3).text);
    if (loss > LOSS_NOTED && flow->lost_packets - host_lost(flow) >= LOST_NOTED)
        path_worse(out, loss > LOSS_BAD ? LONGHAUL_PATH_LEVEL_PROBLEM : LONGHAUL_PATH_LEVEL_NOTE,
                   why_lost(loss, net_loss(half)),
                   is_there ? "mtr -u %s    # shows where; check RcvbufErrors in /proc/net/snmp there, too"
                            : "mtr -u ...    # shows where, from %s",
                   f->address);
}

static void judge_host_losses(const struct path_facts *f, struct path_findings *out)
{
    double lost = host_lost(&f->back);
    if (isnan(net_loss(&f->back)) || isnan(f->back.host_lost_packets))
        return;
    path_find(out, "host_drops",
              "%.0f of %.0f datagrams that the network delivered found this host's socket buffer full (RcvbufErrors)",
              lost, f->back.sent_packets - f->back.lost_packets + lost);
    if (lost > 0 && lost / f->back.sent_packets > LOSS_NOTED)
        path_worse(out, lost / f->back.sent_packets > LOSS_BAD ? LONGHAUL_PATH_LEVEL_PROBLEM : LONGHAUL_PATH_LEVEL_NOTE,
                   "this loss is in the host, not in the network: the receiver does not read fast enough for this rate",
                   "sysctl -w net.core.rmem_max=%d net.core.rmem_default=%d    # and do not set a smaller -w", 4 << 20,
                   1 << 20);
}

/* TCP's sender takes some losses for reordering: its count is used only if nothing was lost. */
static void judge_reordering(const struct path_facts *f, struct path_findings *out)
{
    double late = f->back.is_measured && f->back.sent_packets > 0 ? f->back.out_of_order : NAN,
           events = net_loss(&f->there) > LOSS_NOTED ? NAN : f->transfer.reorderings;
    char there[80] = "", back[80] = "";
    if (isnan(late) && isnan(events))
        return;
    if (!isnan(late))
        snprintf(back, sizeof back, "%.0f of %.0f datagrams arrived here out of order", late, f->back.sent_packets);
    if (!isnan(events))
        snprintf(there, sizeof there, "TCP from here saw %.0f reordering%s", events, events == 1 ? "" : "s");
    path_find(out, "reordering", "%s%s%s", back, *back && *there ? "; " : "", there);
    if (late > 0 || events >= REORDERINGS_NOTED)
        path_worse(out,
                   late / f->back.sent_packets > REORDER_BAD ? LONGHAUL_PATH_LEVEL_PROBLEM : LONGHAUL_PATH_LEVEL_NOTE,
                   "TCP takes reordering for loss, and some networks (Azure's) drop fragments that arrive out of order",
                   "longhaul run -P 1 ...    # parallel paths (ECMP, bonding) that are chosen per flow reorder less");
}

static void judge_transfer(const struct path_facts *f, struct path_findings *out)
{
    double planned = leg_total_bps(&f->plan);
    if (!f->transfer.is_measured || f->plan.protocol != LONGHAUL_PROTOCOL_TCP)
        return;
    char mathis[sizeof(struct path_figure)] = "sets no limit", rtt[48];
    if (isnan(f->theory.mathis_limit_bps))
        snprintf(mathis, sizeof mathis, "unknown");
    else if (isfinite(f->theory.mathis_limit_bps))
        snprintf(mathis, sizeof mathis, "%s", path_rate(f->theory.mathis_limit_bps).text);
    path_find(
        out, "tcp_rate", "TCP from here carries %s; its window allows %s, Mathis %s; retransmits: %s",
        path_rate(f->transfer.received_bps).text, path_rate(f->theory.window_limit_bps).text,
        mathis, path_figure(f->transfer.retransmits, 0).text);
    snprintf(rtt, sizeof rtt, "%.3fms", f->theory.rtt_ms);
    if (f->transfer.received_bps < planned * 0.9 && f->transfer.seconds >= 1)
        path_worse(out, LONGHAUL_PATH_LEVEL_PROBLEM, "the plan's rate is not reached",
                   "longhaul path calc --rate %.0f --rtt %s    # the window that it needs", planned,
                   isfinite(f->theory.rtt_ms) ? rtt : "RTT");
}

/* ---- path MTU */

static void judge_mtu(const struct path_facts *f, struct path_findings *out)
{
    const struct path_mtu *m = &f->mtu;
    if (isnan(m->bytes))
        return;
    if (m->is_black_hole) {
        path_find(out, "black_hole",
                  "packets of more than %.0f bytes vanish on the path to %s, and no router reports it (packets of %s "
                  "leave this host)",
                  m->bytes, f->address, path_figure(m->probed_bytes, 0).text);
        path_worse(out, LONGHAUL_PATH_LEVEL_PROBLEM,
                   "TCP connects and then stalls, and datagrams of full size never arrive: path MTU discovery needs "
                   "ICMP's \"fragmentation needed\"",
                   "sysctl -w net.ipv4.tcp_mtu_probing=1; ip link set dev %s mtu %.0f    # and let ICMP type 3 code 4 "
                   "(IPv6: type 2) through",
                   *f->host.interface ? f->host.interface : "DEV", m->bytes);
        return;
    }
    path_find(out, "path_mtu", "path MTU to %s is %.0f bytes%s%s", f->address, m->bytes, *m->router ? ", said by " : "",
              m->router);
    if (m->bytes < m->probed_bytes && !(f->host.is_loopback))
        path_worse(out, LONGHAUL_PATH_LEVEL_NOTE,
                   "a link on the way (often a tunnel or VPN) carries less than this host's interface: the first large "
                   "packet to each peer is lost",
                   "nft add rule inet filter output tcp flags syn tcp option maxseg size set %d    # clamp; a tunnel's "
                   "own MTU: %d",
                   m->bytes >= TUNNEL_MTU ? TUNNEL_MSS : (int)m->bytes - (f->family == 6 ? 60 : 40),
                   m->bytes >= TUNNEL_MTU ? TUNNEL_MTU : (int)m->bytes);
}

static void judge_fragments(const struct path_facts *f, struct path_findings *out)
{
    double headers = formula_udp_headers_bytes(f->family), packet = f->plan.datagram_bytes + headers,
           least = fmin(f->mtu.bytes, f->mtu.probed_bytes);
    bool is_udp = f->plan.protocol == LONGHAUL_PROTOCOL_UDP && f->plan.datagram_bytes > 0;
    if (!is_udp || isnan(least) || f->mtu.is_black_hole) /* those findings cover it */
        return;
    if (packet > least) {
        struct formula_framing p = formula_frame_packet(packet, f->mtu.bytes, f->family);
        path_find(out, "fragments", "a datagram of %u bytes is a packet of %.0f, and %.0f fragments at %.0f bytes",
                  f->plan.datagram_bytes, packet, p.n_packets, f->mtu.bytes);
        path_worse(out, f->mtu.fragments_pass == 0 ? LONGHAUL_PATH_LEVEL_PROBLEM : LONGHAUL_PATH_LEVEL_NOTE,
                   f->mtu.fragments_pass == 0
                       ? "fragments do not arrive at all, and neither would the test's datagrams"
                       : "one lost fragment loses the datagram, and fragments that arrive out of order are dropped by "
                         "some networks (Azure's): loss looks larger than it is",
                   "longhaul run -l %.0f ...", f->mtu.bytes - headers);
    } else if (strcmp(f->host.cloud, "azure") == 0 && packet > AZURE_MTU) {
        path_find(out, "azure_fragments", "a datagram of %u bytes is a packet of %.0f: Azure's network fragments at %d",
                  f->plan.datagram_bytes, packet, AZURE_MTU);
        path_worse(out, LONGHAUL_PATH_LEVEL_NOTE,
                   "it drops fragments that arrive out of order, and that loss is not the path's",
                   "longhaul run -l %.0f ...", AZURE_MTU - headers);
    }
}

static void judge_mss(const struct path_facts *f, struct path_findings *out)
{
    double own = formula_mss_bytes(f->host.mtu_bytes, f->family, f->host.timestamps != 0);
    if (isnan(f->mss_bytes))
        return;
    path_find(out, "mss", "a segment carries %.0f bytes (this host's MTU of %s allows %s)", f->mss_bytes,
              path_figure(f->host.mtu_bytes, 0).text, path_figure(own, 0).text);
}

static void judge_local_mtu(const struct path_facts *f, struct path_findings *out)
{
    const struct host_facts *h = &f->host;
    bool is_azure = strcmp(h->cloud, "azure") == 0;
    if (h->is_tunnel && !isnan(h->mtu_bytes)) {
        path_find(out, "vpn", "the path uses the tunnel %s, whose MTU is %.0f", h->interface, h->mtu_bytes);
        if (h->mtu_bytes > TUNNEL_MTU)
            path_worse(out, LONGHAUL_PATH_LEVEL_NOTE,
                       "the tunnel adds its headers: packets of full size are fragmented, or vanish, outside of it",
                       "ip link set dev %s mtu %d; nft add rule inet filter output oifname %s tcp flags syn tcp option "
                       "maxseg size set %d",
                       h->interface, TUNNEL_MTU, h->interface, TUNNEL_MSS);
    } else if (*h->cloud && h->mtu_bytes > USUAL_MTU && (is_azure || f->mtu.bytes < h->mtu_bytes)) {
        path_find(out, "raised_mtu", "the MTU of %s is %.0f, in %s", h->interface, h->mtu_bytes, h->cloud);
        path_worse(out, LONGHAUL_PATH_LEVEL_NOTE,
                   "do not raise a cloud VM's MTU: outside its network packets of that size are fragmented or lost, "
                   "and nothing gets faster",
                   "ip link set dev %s mtu %d", h->interface, USUAL_MTU);
    }
}

/* ---- the rest */

static void judge_hops(const struct path_facts *f, struct path_findings *out)
{
    if (f->n_hops > 0)
        path_find(out, "hops", "%zu hop%s, found by %s", f->n_hops, f->n_hops == 1 ? "" : "s", f->hops_by);
}

/* RFC 1918, 6598 (shared), 3927 (link local), 4193; and this host itself. */
static bool is_private(const char *address)
{
    static const char *const networks[] = { "10.0.0.0/8",    "172.16.0.0/12",  "192.168.0.0/16",
                                            "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8",
                                            "fc00::/7",      "fe80::/10",      "::1/128" };
    struct sockaddr_storage at = { 0 };
    if (inet_pton(AF_INET, address, &((struct sockaddr_in *)(void *)&at)->sin_addr) == 1)
        at.ss_family = AF_INET;
    else if (inet_pton(AF_INET6, address, &((struct sockaddr_in6 *)(void *)&at)->sin6_addr) == 1)
        at.ss_family = AF_INET6;
    for (size_t i = 0; i < sizeof networks / sizeof networks[0] && at.ss_family; i++) {
        struct cidr network;
        if (cidr_parse(networks[i], &network) && cidr_match(&network, 1, (const void *)&at))
            return true;
    }
    return false;
}

static void judge_nat(const struct path_facts *f, struct path_findings *out)
{
    if (*f->source == 0 || !is_private(f->source) || is_private(f->address))
        return;
    if (f->snat_ports == 0) {
        path_find(out, "source_nat", "%s is private and %s is public: every flow goes through a source NAT", f->source,
                  f->address);
        path_worse(out, LONGHAUL_PATH_LEVEL_NOTE,
                   "its ports are finite (Azure may give a VM no more than 1,024 by default), and it forgets flows "
                   "that are idle: a test that restarts may get no port",
                   "longhaul path --snat-ports N --flows M    # compares the plan's flows with its limit");
        return;
    }
    path_find(out, "source_nat", "%u flows through a source NAT of %u ports (%s to %s)", f->n_flows, f->snat_ports,
              f->source, f->address);
    if (f->n_flows > f->snat_ports)
        path_worse(out, LONGHAUL_PATH_LEVEL_PROBLEM,
                   "the NAT does not have enough ports for the plan: tests would fail to connect",
                   "a public address of this VM's own, a NAT gateway, or fewer flows");
    else if (f->n_flows * 5 > f->snat_ports * 4)
        path_worse(out, LONGHAUL_PATH_LEVEL_NOTE,
                   "sessions that restart keep their old ports for minutes: few are left",
                   "a NAT gateway, or fewer flows");
}

static void judge_result(const struct path_facts *f, struct path_findings *out)
{
    const struct longhaul_earlier_test *r = &f->earlier;
    if (!r->is_there || isnan(r->mean_mbps))
        return;
    path_find(out, "result", "%s: mean %.4f Mbps, target %s; loss in %% %s, jitter in ms %s", r->path, r->mean_mbps,
              path_figure(r->target_mbps, 4).text, path_figure(r->loss_percent, 6).text,
              path_figure(r->jitter_ms, 4).text);
    if (r->target_mbps > 0 && r->mean_mbps < RATE_SHORT * r->target_mbps)
        path_worse(out, LONGHAUL_PATH_LEVEL_NOTE, "it did not reach its rate", "longhaul show --events %s    # when",
                   r->path);
    else if (r->loss_percent > 100 * LOSS_NOTED && f->theory.loss <= LOSS_NOTED)
        path_worse(out, LONGHAUL_PATH_LEVEL_NOTE, "it lost more than the path does now: the loss comes and goes",
                   "longhaul show --events %s    # when", r->path);
}

void path_judge_network(const struct path_facts *f, struct path_findings *out)
{
    judge_tcp(f, out);
    judge_udp(f, f->udp_there, true, out);
    judge_udp(f, f->udp_back, false, out);
    judge_busy(f, out);
    judge_rtt(f, out);
    judge_floor(f, out);
    judge_flow(f, true, out);
    judge_flow(f, false, out);
    judge_queue(f, out);
    judge_delay(f, out);
    judge_host_losses(f, out);
    judge_reordering(f, out);
    judge_transfer(f, out);
    judge_mtu(f, out);
    judge_fragments(f, out);
    judge_mss(f, out);
    judge_local_mtu(f, out);
    judge_hops(f, out);
    judge_nat(f, out);
    judge_result(f, out);
}
