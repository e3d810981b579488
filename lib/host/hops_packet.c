/* hops_packet.c - makes probes of a flow's hops: IPv4 tells them apart by the header's identification, IPv6 by 4 bytes
 * of payload, TCP by the sequence number, so that what routers hash and the checksums are constant. Sends nothing. */

#include "host/hops_packet.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <string.h>

#include "host/address.h"
#include "host/internet_checksum.h"

#define MISSING_BYTES 16  /* what a short datagram's length says too much */
#define LONGEST_HEADER 15 /* for TCP, in 32-bit words: a short SYN has 5 */

static bool take_end(const struct sockaddr_storage *end, bool *is_ipv6, unsigned char address[16], uint16_t *port)
{
    const struct sockaddr_in *four = (const void *)end;
    const struct sockaddr_in6 *six = (const void *)end;
    *is_ipv6 = end->ss_family == AF_INET6 && !IN6_IS_ADDR_V4MAPPED(&six->sin6_addr);
    memset(address, 0, 16);
    if (*is_ipv6)
        memcpy(address, &six->sin6_addr, 16);
    else if (end->ss_family == AF_INET6)
        memcpy(address, six->sin6_addr.s6_addr + 12, 4);
    else
        memcpy(address, &four->sin_addr, 4);
    *port = address_port(end);
    return end->ss_family == AF_INET || end->ss_family == AF_INET6;
}

bool hops_ends_take(struct hops_ends *ends, const struct hops_flow *flow)
{
    bool is_local_ipv6;
    memset(ends, 0, sizeof *ends); /* the padding, too: two can be compared as bytes */
    memcpy(ends->device, flow->device, sizeof ends->device);
    ends->scope =
        flow->peer.ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)(const void *)&flow->peer)->sin6_scope_id : 0;
    return take_end(&flow->local, &is_local_ipv6, ends->local, &ends->local_port) &&
           take_end(&flow->peer, &ends->is_ipv6, ends->peer, &ends->peer_port) && is_local_ipv6 == ends->is_ipv6;
}

bool hops_ends_bind_device(const struct hops_ends *ends, int fd)
{
    socklen_t size = (socklen_t)strnlen(ends->device, sizeof ends->device);
    return size == 0 || setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, ends->device, size) == 0;
}

socklen_t hops_ends_address(const struct hops_ends *ends, bool is_peer, uint16_t port, struct sockaddr_storage *address)
{
    const unsigned char *bytes = is_peer ? ends->peer : ends->local;
    struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(port) };
    struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_scope_id = ends->scope };
    memset(address, 0, sizeof *address);
    if (ends->is_ipv6) {
        memcpy(&six.sin6_addr, bytes, 16);
        memcpy(address, &six, sizeof six);
        return sizeof six;
    }
    memcpy(&four.sin_addr, bytes, 4);
    memcpy(address, &four, sizeof four);
    return sizeof four;
}

void hops_address_text(bool is_ipv6, const unsigned char *address, char text[HOPS_ADDRESS_SIZE])
{
    if (inet_ntop(is_ipv6 ? AF_INET6 : AF_INET, address, text, HOPS_ADDRESS_SIZE) == NULL)
        text[0] = 0;
}

/* Of UDP or TCP: the n bytes, and the pseudo header with the length that the packet claims. */
static uint16_t checksum(const struct hops_ends *ends, uint8_t protocol, size_t claimed, const unsigned char *bytes,
                         size_t n)
{
    unsigned char all[2 * 16 + 8 + HOPS_PACKET_MAX] = { 0 };
    size_t size = ends->is_ipv6 ? 16 : 4, at = 2 * size;
    memcpy(all, ends->local, size);
    memcpy(all + size, ends->peer, size);
    all[at + 2] = (unsigned char)(claimed >> 8);
    all[at + 3] = (unsigned char)claimed;
    all[at + 7] = protocol;
    memcpy(all + at + 8, bytes, n);
    return internet_checksum(all, at + 8 + n);
}

static size_t make_udp(unsigned char *bytes, const struct hops_ends *ends, const struct hops_packet *packet)
{
    size_t n = sizeof(struct udphdr) + (ends->is_ipv6 ? 4 : 0);
    size_t claimed = n + (packet->shape == HOPS_SHORT ? MISSING_BYTES : 0);
    uint32_t payload = htonl(hops_sequence(packet->id));
    struct udphdr udp = { .uh_sport = htons(packet->source_port),
                          .uh_dport = htons(packet->destination_port),
                          .uh_ulen = htons((uint16_t)claimed) };
    memcpy(bytes, &udp, sizeof udp);
    if (ends->is_ipv6)
        memcpy(bytes + sizeof udp, &payload, sizeof payload);
    uint16_t sum = checksum(ends, IPPROTO_UDP, claimed, bytes, n);
    udp.uh_sum = sum ? sum : 0xffff; /* 0 says that there is no checksum */
    memcpy(bytes, &udp, sizeof udp);
    return n;
}

static size_t make_syn(unsigned char *bytes, const struct hops_ends *ends, const struct hops_packet *packet)
{
    struct tcphdr tcp = { .th_sport = htons(packet->source_port),
                          .th_dport = htons(packet->destination_port),
                          .th_seq = htonl(hops_sequence(packet->id)),
                          .th_off = packet->shape == HOPS_SHORT ? LONGEST_HEADER : sizeof tcp / 4,
                          .th_flags = TH_SYN,
                          .th_win = htons(65535) };
    memcpy(bytes, &tcp, sizeof tcp);
    tcp.th_sum = checksum(ends, IPPROTO_TCP, sizeof tcp, bytes, sizeof tcp);
    memcpy(bytes, &tcp, sizeof tcp);
    return sizeof tcp;
}

size_t hops_packet_make(unsigned char bytes[HOPS_PACKET_MAX], const struct hops_ends *ends,
                        const struct hops_packet *packet)
{
    size_t head = ends->is_ipv6 ? sizeof(struct ip6_hdr) : sizeof(struct iphdr);
    uint8_t protocol = packet->is_tcp ? IPPROTO_TCP : IPPROTO_UDP;
    size_t n = packet->is_tcp ? make_syn(bytes + head, ends, packet) : make_udp(bytes + head, ends, packet);
    if (ends->is_ipv6) {
        struct ip6_hdr ip = { .ip6_plen = htons((uint16_t)n), .ip6_nxt = protocol, .ip6_hlim = packet->ttl };
        ip.ip6_flow = htonl(6u << 28 | packet->label);
        memcpy(&ip.ip6_src, ends->local, 16);
        memcpy(&ip.ip6_dst, ends->peer, 16);
        memcpy(bytes, &ip, sizeof ip);
        return head + n;
    }
    struct iphdr ip = { .version = 4,
                        .ihl = sizeof ip / 4,
                        .tot_len = htons((uint16_t)(head + n)),
                        .ttl = packet->ttl,
                        .id = htons(packet->id),
                        .protocol = protocol };
    memcpy(&ip.saddr, ends->local, 4);
    memcpy(&ip.daddr, ends->peer, 4);
    memcpy(bytes, &ip, sizeof ip);
    ip.check = internet_checksum(bytes, sizeof ip);
    memcpy(bytes, &ip, sizeof ip);
    return head + n;
}
