/* host_json.c - what the kernel says about this host, to JSON and back. The keys are the members' names; an unknown
 * value is null. */

#include "host/host_json.h"

#include <string.h>

#include "base/json_make.h"
#include "base/json_number.h"
#include "host/host.h"

/* ---- drops */

#define DROPS(member) JSON_MEMBER(struct longhaul_host_drops, member)
static const struct json_member counters[] = {
    DROPS(udp_received), DROPS(udp_receive_buffer), DROPS(udp_send_buffer), DROPS(udp_checksum), DROPS(udp_memory),
    DROPS(backlog),      DROPS(interface_received), DROPS(interface_sent),  DROPS(reassembly)
};
static const struct json_member sockets[] = { DROPS(udp_sockets), DROPS(udp_worst), DROPS(udp_worst_port) };
_Static_assert((sizeof counters + sizeof sockets) / sizeof *counters * sizeof(double) ==
                   sizeof(struct longhaul_host_drops),
               "struct longhaul_host_drops has changed: its new members belong in a table here");

json_t *host_json_counters(const struct longhaul_host_drops *drops)
{
    return JSON_OBJECT(drops, counters);
}

json_t *host_json_drops(const struct longhaul_host_drops *drops)
{
    json_t *o = JSON_OBJECT(drops, counters);
    JSON_ADD(o, drops, sockets);
    return o;
}

bool host_json_is_counter(const char *key)
{
    for (size_t i = 0; i < sizeof sockets / sizeof *sockets; i++)
        if (strcmp(key, sockets[i].key) == 0)
            return false;
    return true;
}

struct longhaul_host_drops host_drops_between(const struct longhaul_host_drops *before,
                                              const struct longhaul_host_drops *after)
{
    struct longhaul_host_drops d = *after;
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++)
        *(double *)(void *)((char *)&d + counters[i].offset) -=
            *(const double *)(const void *)((const char *)before + counters[i].offset);
    return d;
}

static void take_numbers(const json_t *object, const struct json_member *members, size_t n,
                         struct longhaul_host_drops *drops)
{
    for (size_t i = 0; i < n; i++)
        *(double *)(void *)((char *)drops + members[i].offset) = number_of(object, members[i].key);
}

struct longhaul_host_drops host_json_drops_of(const json_t *object)
{
    struct longhaul_host_drops drops;
    take_numbers(object, counters, sizeof counters / sizeof *counters, &drops);
    take_numbers(object, sockets, sizeof sockets / sizeof *sockets, &drops);
    return drops;
}

/* ---- the host */

#define HOST(member) JSON_MEMBER(struct host_facts, member)

static const struct json_member drivers[] = { HOST(cloud), HOST(interface), HOST(driver), HOST(accelerated_driver) };

static const struct json_member interface[] = { HOST(is_tunnel),
                                                HOST(mtu_bytes),
                                                HOST(link_bps),
                                                HOST(tso),
                                                HOST(gso),
                                                HOST(gro),
                                                HOST(lro),
                                                HOST(n_rx_queues),
                                                HOST(n_tx_queues),
                                                HOST(n_rx_queues_max),
                                                HOST(n_tx_queues_max),
                                                HOST(n_rss_queues),
                                                HOST(n_cpus) };

static const struct json_member kernel[] = { HOST(rmem_default_bytes),
                                             HOST(rmem_max_bytes),
                                             HOST(wmem_default_bytes),
                                             HOST(wmem_max_bytes),
                                             HOST(receive_autotuning),
                                             HOST(window_scaling),
                                             HOST(sack),
                                             HOST(timestamps),
                                             HOST(congestion_control),
                                             HOST(mtu_probing),
                                             HOST(no_pmtu_discovery),
                                             HOST(first_port),
                                             HOST(last_port),
                                             HOST(time_wait_reuse),
                                             HOST(time_wait_s),
                                             HOST(n_time_wait),
                                             HOST(steal_share),
                                             HOST(steal_ticks),
                                             HOST(cpu_ticks),
                                             HOST(clock_source),
                                             HOST(is_clock_synchronised),
                                             HOST(clock_error_ms) };

static json_t *three(const double *values)
{
    json_t *array = json_array();
    for (size_t i = 0; i < 3; i++)
        json_array_append_new(array, json_make_number(values[i]));
    return array;
}

json_t *host_json_object(const struct host_facts *h)
{
    json_t *o = JSON_OBJECT(h, drivers);
    json_object_set_new(o, "acceleration", json_string(host_acceleration_text(h->acceleration)));
    JSON_ADD(o, h, interface);
    json_object_set_new(o, "tcp_rmem_bytes", three(h->tcp_rmem_bytes));
    json_object_set_new(o, "tcp_wmem_bytes", three(h->tcp_wmem_bytes));
    JSON_ADD(o, h, kernel);
    json_object_set_new(o, "drops", host_json_drops(&h->drops));
    return o;
}
