/* path_json.c - what was calculated and measured of a path as one line of JSON. Keys are the members' names; what is not known
 * is null. */

#include <jansson.h>
#include <math.h>

#include "error.h"

static int dump(json_t *object, char **out, struct longhaul_error *err)
{
    char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    if (text == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    *out = text;
    return 0;
}

int longhaul_path_figures_json(const struct longhaul_path_figures *figures, char **out, struct longhaul_error *err)
{
    json_t *object = json_object();
    for (size_t i = 0; i < longhaul_path_figures_length(figures); i++) {
        const struct longhaul_path_figure *f = longhaul_path_figures_at(figures, i);
        json_object_set_new(object, f->key, json_real(f->value));
    }
    return dump(object, out, err);
}

static void set(json_t *object, const char *key, double value)
{
    json_object_set_new(object, key, isfinite(value) ? json_real(value) : json_null());
}

static void set_text(json_t *object, const char *key, const char *value)
{
    json_t *string = json_string(value);
    json_object_set_new(object, key, string ? string : json_string("?")); /* not UTF-8 */
}

static void set_three(json_t *object, const char *key, const double *values)
{
    json_t *array = json_array();
    for (size_t i = 0; i < 3; i++)
        json_array_append_new(array, isfinite(values[i]) ? json_real(values[i]) : json_null());
    json_object_set_new(object, key, array);
}

static json_t *drops_object(const struct longhaul_host_drops *d)
{
    json_t *o = json_object();
    set(o, "udp_received", d->udp_received);
    set(o, "udp_receive_buffer", d->udp_receive_buffer);
    set(o, "udp_send_buffer", d->udp_send_buffer);
    set(o, "udp_checksum", d->udp_checksum);
    set(o, "udp_memory", d->udp_memory);
    set(o, "udp_sockets", d->udp_sockets);
    set(o, "udp_worst", d->udp_worst);
    set(o, "udp_worst_port", d->udp_worst_port);
    set(o, "backlog", d->backlog);
    set(o, "interface_received", d->interface_received);
    set(o, "interface_sent", d->interface_sent);
    set(o, "reassembly", d->reassembly);
    return o;
}

static void add_interface(json_t *o, const struct longhaul_host *h)
{
    set_text(o, "cloud", h->cloud);
    set_text(o, "interface", h->interface);
    set_text(o, "driver", h->driver);
    set_text(o, "accelerated_driver", h->accelerated_driver);
    set_text(o, "acceleration", longhaul_acceleration_text(h->acceleration));
    json_object_set_new(o, "is_tunnel", json_boolean(h->is_tunnel));
    set(o, "mtu_bytes", h->mtu_bytes);
    set(o, "link_bps", h->link_bps);
    set(o, "tso", h->tso);
    set(o, "gso", h->gso);
    set(o, "gro", h->gro);
    set(o, "lro", h->lro);
    set(o, "n_rx_queues", h->n_rx_queues);
    set(o, "n_tx_queues", h->n_tx_queues);
    set(o, "n_rx_queues_max", h->n_rx_queues_max);
    set(o, "n_tx_queues_max", h->n_tx_queues_max);
    set(o, "n_rss_queues", h->n_rss_queues);
    set(o, "n_cpus", h->n_cpus);
}

static json_t *host_object(const struct longhaul_host *h)
{
    json_t *o = json_object();
    add_interface(o, h);
    set_three(o, "tcp_rmem_bytes", h->tcp_rmem_bytes);
    set_three(o, "tcp_wmem_bytes", h->tcp_wmem_bytes);
    set(o, "rmem_default_bytes", h->rmem_default_bytes);
    set(o, "rmem_max_bytes", h->rmem_max_bytes);
    set(o, "wmem_default_bytes", h->wmem_default_bytes);
    set(o, "wmem_max_bytes", h->wmem_max_bytes);
    set(o, "receive_autotuning", h->receive_autotuning);
    set(o, "window_scaling", h->window_scaling);
    set(o, "sack", h->sack);
    set(o, "timestamps", h->timestamps);
    set_text(o, "congestion_control", h->congestion_control);
    set(o, "mtu_probing", h->mtu_probing);
    set(o, "no_pmtu_discovery", h->no_pmtu_discovery);
    set(o, "first_port", h->first_port);
    set(o, "last_port", h->last_port);
    set(o, "time_wait_reuse", h->time_wait_reuse);
    set(o, "time_wait_s", h->time_wait_s);
    set(o, "n_time_wait", h->n_time_wait);
    set(o, "steal_share", h->steal_share);
    set(o, "steal_ticks", h->steal_ticks);
    set(o, "cpu_ticks", h->cpu_ticks);
    set_text(o, "clock_source", h->clock_source);
    set(o, "is_clock_synchronised", h->is_clock_synchronised);
    set(o, "clock_error_ms", h->clock_error_ms);
    json_object_set_new(o, "drops", drops_object(&h->drops));
    return o;
}

int longhaul_host_json(const struct longhaul_host *host, char **out, struct longhaul_error *err)
{
    return dump(host_object(host), out, err);
}

/* ---- a path */

static void set_count(json_t *object, const char *key, size_t value)
{
    json_object_set_new(object, key, json_integer((json_int_t)value));
}

static json_t *rtt_object(const struct longhaul_path_rtt *r)
{
    json_t *o = json_object();
    set_count(o, "n_sent", r->n_sent);
    set_count(o, "n_received", r->n_received);
    set(o, "min_ms", r->min_ms);
    set(o, "mean_ms", r->mean_ms);
    set(o, "median_ms", r->median_ms);
    set(o, "p95_ms", r->p95_ms);
    set(o, "max_ms", r->max_ms);
    set(o, "jitter_ms", r->jitter_ms);
    set_text(o, "why", r->why);
    return o;
}

static json_t *mtu_object(const struct longhaul_path_mtu *m)
{
    json_t *o = json_object();
    set(o, "bytes", m->bytes);
    set(o, "probed_bytes", m->probed_bytes);
    json_object_set_new(o, "is_black_hole", json_boolean(m->is_black_hole));
    set_text(o, "router", m->router);
    set(o, "fragments_pass", m->fragments_pass);
    set_text(o, "method", m->method);
    set_text(o, "why", m->why);
    return o;
}

static json_t *flow_object(const struct longhaul_path_flow *f)
{
    json_t *o = json_object();
    json_object_set_new(o, "is_measured", json_boolean(f->is_measured));
    set(o, "seconds", f->seconds);
    set(o, "offered_bps", f->offered_bps);
    set(o, "received_bps", f->received_bps);
    set(o, "datagram_bytes", f->datagram_bytes);
    set(o, "sent_packets", f->sent_packets);
    set(o, "lost_packets", f->lost_packets);
    set(o, "host_lost_packets", f->host_lost_packets);
    set(o, "out_of_order", f->out_of_order);
    set(o, "reorderings", f->reorderings);
    set(o, "jitter_ms", f->jitter_ms);
    set(o, "retransmits", f->retransmits);
    set(o, "rtt_ms", f->rtt_ms);
    set(o, "rttvar_ms", f->rttvar_ms);
    set(o, "cwnd_bytes", f->cwnd_bytes);
    set(o, "pmtu_bytes", f->pmtu_bytes);
    json_object_set_new(o, "loaded", rtt_object(&f->loaded));
    set_text(o, "why", f->why);
    return o;
}

static json_t *hops_array(const struct longhaul_path_facts *f)
{
    json_t *array = json_array();
    for (size_t i = 0; i < f->n_hops; i++) {
        json_t *o = json_object();
        set_count(o, "ttl", (size_t)f->hops[i].ttl);
        set_text(o, "address", f->hops[i].address);
        set_count(o, "n_sent", f->hops[i].n_sent);
        set(o, "loss", f->hops[i].loss);
        set(o, "best_ms", f->hops[i].best_ms);
        set(o, "mean_ms", f->hops[i].mean_ms);
        set(o, "worst_ms", f->hops[i].worst_ms);
        json_array_append_new(array, o);
    }
    return array;
}

static json_t *plan_object(const struct longhaul_path_facts *f)
{
    json_t *o = json_object();
    bool is_limited = f->plan.rate_bps != LONGHAUL_RATE_UNLIMITED;
    set_text(o, "protocol", f->plan.protocol == LONGHAUL_TCP ? "TCP" : "UDP");
    set_count(o, "port", f->plan.port);
    set(o, "rate_bps", is_limited ? (double)f->plan.rate_bps : NAN);
    set_count(o, "n_streams", f->plan.n_streams);
    set_count(o, "datagram_bytes", f->plan.datagram_bytes);
    set_count(o, "window_bytes", f->plan.window_bytes);
    set_count(o, "n_flows", f->n_flows);
    set_count(o, "snat_ports", f->snat_ports);
    return o;
}

static json_t *result_object(const struct longhaul_path_result *r)
{
    json_t *o = json_object();
    set_text(o, "path", r->path);
    set_text(o, "protocol", r->protocol);
    set(o, "mean_mbps", r->mean_mbps);
    set(o, "target_mbps", r->target_mbps);
    set(o, "loss_percent", r->loss_percent);
    set(o, "jitter_ms", r->jitter_ms);
    set(o, "datagram_bytes", r->datagram_bytes);
    set(o, "seconds", r->seconds);
    return o;
}

static json_t *theory_object(const struct longhaul_path_facts *f)
{
    json_t *o = json_object();
    set(o, "rtt_ms", f->rtt_ms);
    set(o, "distance_km", f->distance_km);
    set(o, "least_rtt_ms", f->least_rtt_ms);
    set(o, "bdp_bytes", f->bdp_bytes);
    set(o, "window_bytes", f->window_bytes);
    set(o, "window_limit_bps", f->window_limit_bps);
    set(o, "loss", f->loss);
    set(o, "mathis_limit_bps", f->mathis_limit_bps);
    return o;
}

static json_t *findings_array(const struct longhaul_path *path)
{
    json_t *array = json_array();
    size_t n;
    const struct longhaul_path_finding *list = longhaul_path_findings(path, &n);
    for (size_t i = 0; i < n; i++) {
        json_t *o = json_object();
        set_text(o, "rule", list[i].rule);
        set_text(o, "level", longhaul_path_level_text(list[i].level));
        set_text(o, "text", list[i].text);
        set_text(o, "why", list[i].why);
        set_text(o, "command", list[i].command);
        json_array_append_new(array, o);
    }
    return array;
}

static void add_measured(json_t *o, const struct longhaul_path_facts *f)
{
    set_text(o, "tcp", longhaul_path_reach_text(f->tcp));
    set_text(o, "udp_there", longhaul_path_reach_text(f->udp_there));
    set_text(o, "udp_back", longhaul_path_reach_text(f->udp_back));
    json_object_set_new(o, "is_busy", json_boolean(f->is_busy));
    set(o, "mss_bytes", f->mss_bytes);
    json_object_set_new(o, "rtt_icmp", rtt_object(&f->rtt_icmp));
    json_object_set_new(o, "rtt_tcp", rtt_object(&f->rtt_tcp));
    json_object_set_new(o, "mtu", mtu_object(&f->mtu));
    json_object_set_new(o, "hops", hops_array(f));
    set_text(o, "hops_by", f->hops_by);
    set_text(o, "hops_why", f->hops_why);
    json_object_set_new(o, "there", flow_object(&f->there));
    json_object_set_new(o, "back", flow_object(&f->back));
    json_object_set_new(o, "there_half", flow_object(&f->there_half));
    json_object_set_new(o, "back_half", flow_object(&f->back_half));
    json_object_set_new(o, "transfer", flow_object(&f->transfer));
}

int longhaul_path_json(const struct longhaul_path *path, char **out, struct longhaul_error *err)
{
    const struct longhaul_path_facts *f = longhaul_path_facts(path);
    json_t *o = json_object();
    set_text(o, "peer", f->peer);
    set_text(o, "address", f->address);
    set_text(o, "source", f->source);
    set_text(o, "verdict", longhaul_path_level_text(longhaul_path_level(path)));
    json_object_set_new(o, "findings", findings_array(path));
    json_object_set_new(o, "plan", plan_object(f));
    add_measured(o, f);
    json_object_set_new(o, "theory", theory_object(f));
    json_object_set_new(o, "host", host_object(&f->host));
    json_object_set_new(o, "drops", drops_object(&f->drops));
    set(o, "steal_share", f->steal_share);
    if (f->result.is_there)
        json_object_set_new(o, "result", result_object(&f->result));
    return dump(o, out, err);
}
