/* hops_answer.c - reads answers to probes. Anybody can send such packets: what does not quote a probe to this peer is
 * no answer; whether the probe was sent and still waits, the caller knows. */

#include "host/hops_answer.h"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <string.h>

#include "host/internet_checksum.h"

#define ICMP_BYTES 8   /* the header of an error */
#define QUOTED_BYTES 8 /* of UDP or TCP: what each router quotes at least */

bool hops_answer_kind_of(bool is_ipv6, uint8_t type, uint8_t code, enum hops_answer_kind *kind)
{
    bool is_unreachable = type == (is_ipv6 ? ICMP6_DST_UNREACH : ICMP_DEST_UNREACH);
    if (type == (is_ipv6 ? ICMP6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED) && code == 0) {
        *kind = HOPS_EXCEEDED;
        return true;
    }
    if (!is_unreachable || (!is_ipv6 && code == ICMP_FRAG_NEEDED))
        return false;
    bool is_filter = is_ipv6 ? code == ICMP6_DST_UNREACH_ADMIN || code == ICMP6_DST_UNREACH_NOPORT || code >= 5
                             : code == ICMP_PORT_UNREACH || code == ICMP_NET_ANO || code == ICMP_HOST_ANO ||
                                   code == ICMP_PKT_FILTERED;
    *kind = is_filter ? HOPS_REFUSED : HOPS_UNREACHABLE;
    return true;
}

/* The quoted UDP or TCP header. */
static bool take_quoted(struct hops_answer *answer, uint8_t protocol, const unsigned char *bytes)
{
    uint16_t ports[2];
    if (protocol != IPPROTO_UDP && protocol != IPPROTO_TCP)
        return false;
    memcpy(ports, bytes, sizeof ports);
    answer->is_tcp = protocol == IPPROTO_TCP;
    answer->source_port = ntohs(ports[0]);
    answer->destination_port = ntohs(ports[1]);
    return true;
}

static bool take_four(struct hops_answer *answer, const struct hops_ends *ends, const unsigned char *bytes, size_t n)
{
    struct iphdr ip;
    if (n < sizeof ip + QUOTED_BYTES)
        return false;
    memcpy(&ip, bytes, sizeof ip);
    answer->id = ntohs(ip.id);
    return ip.version == 4 && ip.ihl == sizeof ip / 4 && (ntohs(ip.frag_off) & IP_OFFMASK) == 0 &&
           memcmp(&ip.daddr, ends->peer, 4) == 0 && take_quoted(answer, ip.protocol, bytes + sizeof ip);
}

/* The probe's id and its complement, after the ports for TCP and after the header for UDP. */
static bool take_six(struct hops_answer *answer, const struct hops_ends *ends, const unsigned char *bytes, size_t n)
{
    struct ip6_hdr ip;
    uint32_t sequence;
    if (n < sizeof ip + QUOTED_BYTES)
        return false;
    memcpy(&ip, bytes, sizeof ip);
    size_t at = sizeof ip + (ip.ip6_nxt == IPPROTO_TCP ? offsetof(struct tcphdr, th_seq) : sizeof(struct udphdr));
    if (n < at + sizeof sequence || ip.ip6_vfc >> 4 != 6 || memcmp(&ip.ip6_dst, ends->peer, 16) != 0)
        return false;
    memcpy(&sequence, bytes + at, sizeof sequence);
    answer->id = (uint16_t)(ntohl(sequence) >> 16);
    return ntohl(sequence) == hops_sequence(answer->id) && take_quoted(answer, ip.ip6_nxt, bytes + sizeof ip);
}

/* The IP header that raw sockets of IPv4 deliver, and what follows it: false if damaged. */
static bool skip_header(struct hops_answer *answer, uint8_t protocol, const unsigned char **bytes, size_t *n)
{
    struct iphdr ip;
    if (*n < sizeof ip)
        return false;
    memcpy(&ip, *bytes, sizeof ip);
    size_t head = (size_t)ip.ihl * 4;
    if (ip.version != 4 || head < sizeof ip || head > *n || ip.protocol != protocol)
        return false;
    memset(answer->from, 0, sizeof answer->from);
    memcpy(answer->from, &ip.saddr, 4);
    answer->ttl = ip.ttl;
    *bytes += head;
    *n -= head;
    return true;
}

bool hops_answer_take_icmp(struct hops_answer *answer, const struct hops_ends *ends, const unsigned char *bytes,
                           size_t n)
{
    if (!ends->is_ipv6 && !skip_header(answer, IPPROTO_ICMP, &bytes, &n))
        return false;
    if (n < ICMP_BYTES || !hops_answer_kind_of(ends->is_ipv6, bytes[0], bytes[1], &answer->kind))
        return false;
    /* The kernel checks ICMPv6 before a raw socket gets it, but not ICMP. */
    if (!ends->is_ipv6 && internet_checksum(bytes, n) != 0)
        return false;
    const unsigned char *quoted = bytes + ICMP_BYTES;
    if (!(ends->is_ipv6 ? take_six(answer, ends, quoted, n - ICMP_BYTES)
                        : take_four(answer, ends, quoted, n - ICMP_BYTES)))
        return false;
    if (answer->kind == HOPS_REFUSED && memcmp(answer->from, ends->peer, ends->is_ipv6 ? 16 : 4) == 0)
        answer->kind = HOPS_REACHED;
    hops_labels_of_icmp(bytes, n, ends->is_ipv6, answer->labels);
    return true;
}

bool hops_answer_take_tcp(struct hops_answer *answer, const struct hops_ends *ends, const unsigned char *bytes,
                          size_t n)
{
    struct tcphdr tcp;
    if (!ends->is_ipv6 && !skip_header(answer, IPPROTO_TCP, &bytes, &n))
        return false;
    if (n < sizeof tcp || memcmp(answer->from, ends->peer, ends->is_ipv6 ? 16 : 4) != 0)
        return false;
    memcpy(&tcp, bytes, sizeof tcp);
    uint32_t sequence = ntohl(tcp.th_ack) - 1;
    answer->kind = HOPS_REACHED;
    answer->is_tcp = true;
    answer->id = (uint16_t)(sequence >> 16);
    answer->source_port = ntohs(tcp.th_dport);
    answer->destination_port = ntohs(tcp.th_sport);
    answer->labels[0] = 0;
    return (tcp.th_flags & TH_ACK) && (tcp.th_flags & (TH_SYN | TH_RST)) && sequence == hops_sequence(answer->id);
}
