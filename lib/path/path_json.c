/* path_json.c - what was calculated and measured about a path as one line of JSON: doc/path.schema.json. The keys are
 * the members' names; an unknown value is null. */

#include <math.h>

#include "base/json_make.h"
#include "host/host_json.h"
#include "path/path_facts.h"

#define PATH_FORMAT 1

#define RTT(member) JSON_MEMBER(struct path_rtt, member)
static const struct json_member rtt[] = { RTT(n_sent), RTT(n_received), RTT(min_ms),    RTT(mean_ms), RTT(median_ms),
                                          RTT(p95_ms), RTT(max_ms),     RTT(jitter_ms), RTT(why) };

#define MTU(member) JSON_MEMBER(struct path_mtu, member)
static const struct json_member mtu[] = {
    MTU(bytes), MTU(probed_bytes), MTU(is_black_hole), MTU(router), MTU(fragments_pass), MTU(method), MTU(why) };

#define FLOW(member) JSON_MEMBER(struct path_flow, member)
static const struct json_member flow[] = { FLOW(is_measured),  FLOW(seconds),           FLOW(offered_bps),
                                           FLOW(received_bps), FLOW(datagram_bytes),    FLOW(sent_packets),
                                           FLOW(lost_packets), FLOW(host_lost_packets), FLOW(out_of_order),
                                           FLOW(reorderings),  FLOW(jitter_ms),         FLOW(delay_p50_ms),
                                           FLOW(delay_p99_ms), FLOW(delay_max_ms),      FLOW(retransmits),
                                           FLOW(rtt_ms),       FLOW(rttvar_ms),         FLOW(cwnd_bytes),
                                           FLOW(pmtu_bytes) };
static const struct json_member flow_why[] = { FLOW(why) };

#define HOP(member) JSON_MEMBER(struct longhaul_hop, member)
static const struct json_member hop[] = { HOP(ttl),     HOP(address), HOP(n_sent),  HOP(loss),
                                          HOP(best_ms), HOP(mean_ms), HOP(worst_ms) };

#define RESULT(member) JSON_MEMBER(struct longhaul_earlier_test, member)
static const struct json_member result[] = {
    RESULT(path), RESULT(protocol), RESULT(mean_mbps), RESULT(target_mbps), RESULT(loss_percent), RESULT(jitter_ms),
    RESULT(datagram_bytes), RESULT(seconds) };

#define FACTS(member) JSON_MEMBER(struct path_facts, member)
static const struct json_member ends[] = { FACTS(peer), FACTS(address), FACTS(source) };
static const struct json_member connection[] = { FACTS(is_busy), FACTS(mss_bytes) };
static const struct json_member routers[] = { FACTS(hops_by), FACTS(hops_why) };
#define THEORY(member) JSON_MEMBER(struct path_theory, member)
static const struct json_member theory[] = { THEORY(rtt_ms),    THEORY(distance_km),  THEORY(least_rtt_ms),
                                             THEORY(bdp_bytes), THEORY(window_bytes), THEORY(window_limit_bps),
                                             THEORY(loss),      THEORY(mathis_limit_bps) };
static const struct json_member steal[] = { FACTS(steal_share) };

static json_t *flow_object(const struct path_flow *f)
{
    json_t *o = JSON_OBJECT(f, flow);
    json_object_set_new(o, "loaded", JSON_OBJECT(&f->loaded, rtt));
    JSON_ADD(o, f, flow_why);
    return o;
}

static json_t *hops_array(const struct path_facts *f)
{
    json_t *array = json_array();
    for (size_t i = 0; i < f->n_hops; i++)
        json_array_append_new(array, JSON_OBJECT(&f->hops[i], hop));
    return array;
}

static json_t *plan_object(const struct path_facts *f)
{
    const struct longhaul_leg *plan = &f->plan;
    bool is_limited = plan->rate_bps != LONGHAUL_RATE_UNLIMITED;
    return json_pack(
        "{s:s, s:i, s:o, s:I, s:I, s:I, s:I, s:I}", "protocol", plan->protocol == LONGHAUL_PROTOCOL_TCP ? "TCP" : "UDP",
        "port", plan->port, "rate_bps", json_make_number(is_limited ? (double)plan->rate_bps : NAN), "n_streams",
        (json_int_t)plan->n_streams, "datagram_bytes", (json_int_t)plan->datagram_bytes, "window_bytes",
        (json_int_t)plan->window_bytes, "n_flows", (json_int_t)f->n_flows, "snat_ports", (json_int_t)f->snat_ports);
}

static json_t *findings_array(const struct longhaul_path *path)
{
    json_t *array = json_array();
    size_t n;
    const struct longhaul_path_finding *list = longhaul_path_findings(path, &n);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, json_pack("{s:s, s:s, s:o, s:o, s:o}", "rule", list[i].rule, "level",
                                               longhaul_path_level_text(list[i].level), "text",
                                               json_make_text(list[i].text), "why", json_make_text(list[i].why),
                                               "command", json_make_text(list[i].command)));
    return array;
}

static void add_measured(json_t *o, const struct path_facts *f)
{
    json_object_set_new(o, "tcp", json_string(path_reach_text(f->tcp)));
    json_object_set_new(o, "udp_there", json_string(path_reach_text(f->udp_there)));
    json_object_set_new(o, "udp_back", json_string(path_reach_text(f->udp_back)));
    JSON_ADD(o, f, connection);
    json_object_set_new(o, "rtt_icmp", JSON_OBJECT(&f->rtt_icmp, rtt));
    json_object_set_new(o, "rtt_tcp", JSON_OBJECT(&f->rtt_tcp, rtt));
    json_object_set_new(o, "mtu", JSON_OBJECT(&f->mtu, mtu));
    json_object_set_new(o, "hops", hops_array(f));
    JSON_ADD(o, f, routers);
    json_object_set_new(o, "there", flow_object(&f->there));
    json_object_set_new(o, "back", flow_object(&f->back));
    json_object_set_new(o, "there_half", flow_object(&f->there_half));
    json_object_set_new(o, "back_half", flow_object(&f->back_half));
    json_object_set_new(o, "transfer", flow_object(&f->transfer));
}

int longhaul_path_json(const struct longhaul_path *path, char **out, struct longhaul_error *err)
{
    const struct path_facts *f = path_facts_of(path);
    json_t *o = json_pack("{s:i}", "format", PATH_FORMAT);
    JSON_ADD(o, f, ends);
    json_object_set_new(o, "verdict", json_string(longhaul_path_level_text(longhaul_path_worst(path))));
    json_object_set_new(o, "findings", findings_array(path));
    json_object_set_new(o, "plan", plan_object(f));
    add_measured(o, f);
    json_object_set_new(o, "theory", JSON_OBJECT(&f->theory, theory));
    json_object_set_new(o, "host", host_json_object(&f->host));
    json_object_set_new(o, "drops", host_json_drops(&f->drops));
    JSON_ADD(o, f, steal);
    if (f->earlier.is_there)
        json_object_set_new(o, "result", JSON_OBJECT(&f->earlier, result));
    return json_make_line(o, "path", out, err);
}
