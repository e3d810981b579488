/* hops_packet.h - the packets that probe a flow's hops. */
#ifndef HOPS_PACKET_H
#define HOPS_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/hops.h"

#define HOPS_PACKET_MAX 60 /* bytes: IPv6 and TCP */

/* A flow's ends; addresses of 4 or 16 bytes in the order of headers, ports in this host's. */
struct hops_ends {
    bool is_ipv6;
    unsigned char local[16], peer[16];
    uint16_t local_port, peer_port;
    uint32_t scope; /* the interface, where an address of IPv6 needs one */
    char device[HOPS_DEVICE_SIZE]; /* the interface that the flow's socket is bound to; "" for none */
};

/* Binds a prober's socket to the flow's interface, if it has one. false, with errno set, if this user may not. */
bool hops_ends_bind_device(const struct hops_ends *ends, int fd);

/* false if the addresses are not two of one family, IPv4 or IPv6. Mapped addresses become IPv4. */
bool hops_ends_take(struct hops_ends *ends, const struct hops_flow *flow);

/* One of the two with a port, for the calls of sockets. Returns its size. */
socklen_t hops_ends_address(const struct hops_ends *ends, bool is_peer, uint16_t port,
                            struct sockaddr_storage *address);

/* Numeric. */
void hops_address_text(bool is_ipv6, const unsigned char *address, char text[HOPS_ADDRESS_SIZE]);

enum hops_shape {
    HOPS_SHORT, /* a header that says more than the packet has: no kernel looks for a socket */
    HOPS_PLAIN,
    HOPS_SHAPES
};

struct hops_packet {
    bool is_tcp; /* a SYN */
    enum hops_shape shape;
    uint8_t ttl;
    uint16_t id; /* not 0; tells probes apart, and does not change the checksum of UDP or TCP */
    uint16_t source_port, destination_port;
    uint32_t label; /* IPv6: the flow label, 20 bits */
};

/* With its IP header. Returns the number of bytes. */
size_t hops_packet_make(unsigned char bytes[HOPS_PACKET_MAX], const struct hops_ends *ends,
                        const struct hops_packet *packet);

/* The sequence number of a SYN: both halves add up to the same for each id. */
static inline uint32_t hops_sequence(uint16_t id)
{
    return (uint32_t)id << 16 | (uint16_t)~id;
}

#endif
