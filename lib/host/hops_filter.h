/* hops_filter.h - classic BPF programs for the raw sockets that wait for answers. */
#ifndef HOPS_FILTER_H
#define HOPS_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/filter.h>

#include "host/hops_packet.h"

#define HOPS_FILTER_MAX 32

/* Passes ICMP errors that quote a packet to the peer from the flow's ports, or from source_port to destination_port (by
 * which the distance is measured). Returns the number of instructions. */
size_t hops_filter_icmp(struct sock_filter program[HOPS_FILTER_MAX], const struct hops_ends *ends, uint16_t source_port,
                        uint16_t destination_port);

/* Passes segments from one port of the peer to one of this host. */
size_t hops_filter_tcp(struct sock_filter program[HOPS_FILTER_MAX], bool is_ipv6, uint16_t from_port, uint16_t to_port);

/* Passes the flow's own packets, for IPv6 and a packet socket without the link's header; the first 48 bytes of each. */
size_t hops_filter_flow(struct sock_filter program[HOPS_FILTER_MAX], const struct hops_ends *ends, bool is_tcp);

#endif
