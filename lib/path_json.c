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
