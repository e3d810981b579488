/* hops_filter.c - many legs of one process each have a raw socket, which the kernel hands every ICMP message of the
 * host: the filter keeps those of others out of its buffer. hops_answer.c checks everything once more. */

#include "host/hops_filter.h"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>

#define PASS 0xffffffffu
#define QUOTED 8 /* where the quoted packet begins in an ICMP error */

/* Each step drops the packet unless what it loads is as wanted. */
struct program {
    struct sock_filter *at;
    size_t n;
    uint16_t mode; /* BPF_IND: after the IP header that raw sockets of IPv4 see; BPF_ABS */
};

static void add(struct program *p, uint16_t code, uint8_t on_true, uint8_t on_false, uint32_t k)
{
    p->at[p->n++] = (struct sock_filter){ .code = code, .jt = on_true, .jf = on_false, .k = k };
}

static void begin(struct program *p, struct sock_filter *at, bool is_ipv6)
{
    *p = (struct program){ .at = at, .mode = is_ipv6 ? BPF_ABS : BPF_IND };
    if (!is_ipv6)
        add(p, BPF_LDX | BPF_B | BPF_MSH, 0, 0, 0);
}

static void load(struct program *p, uint16_t size, uint32_t offset)
{
    add(p, (uint16_t)(BPF_LD | size | p->mode), 0, 0, offset);
}

/* One of two values, in the order of headers. */
static void want(struct program *p, uint32_t one, uint32_t other)
{
    add(p, BPF_JMP | BPF_JEQ | BPF_K, 2, 0, one);
    add(p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, other);
    add(p, BPF_RET | BPF_K, 0, 0, 0);
}

static uint32_t word(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static uint32_t pair(uint16_t first, uint16_t second)
{
    return (uint32_t)first << 16 | second;
}

static void want_peer(struct program *p, const struct hops_ends *ends, uint32_t offset)
{
    for (uint32_t i = 0; i < (ends->is_ipv6 ? 16u : 4u); i += 4) {
        load(p, BPF_W, offset + i);
        want(p, word(ends->peer + i), word(ends->peer + i));
    }
}

size_t hops_filter_icmp(struct sock_filter program[HOPS_FILTER_MAX], const struct hops_ends *ends, uint16_t source_port,
                        uint16_t destination_port)
{
    struct program p;
    bool is_ipv6 = ends->is_ipv6;
    uint32_t address = QUOTED + (is_ipv6 ? 24 : 16), head = is_ipv6 ? 40 : 20;
    begin(&p, program, is_ipv6);
    load(&p, BPF_B, 0);
    want(&p, is_ipv6 ? ICMP6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED, is_ipv6 ? ICMP6_DST_UNREACH : ICMP_DEST_UNREACH);
    want_peer(&p, ends, address);
    load(&p, BPF_W, QUOTED + head);
    want(&p, pair(ends->local_port, ends->peer_port), pair(source_port, destination_port));
    add(&p, BPF_RET | BPF_K, 0, 0, PASS);
    return p.n;
}

size_t hops_filter_tcp(struct sock_filter program[HOPS_FILTER_MAX], bool is_ipv6, uint16_t from_port, uint16_t to_port)
{
    struct program p;
    begin(&p, program, is_ipv6);
    load(&p, BPF_W, 0);
    want(&p, pair(from_port, to_port), pair(from_port, to_port));
    add(&p, BPF_RET | BPF_K, 0, 0, PASS);
    return p.n;
}

size_t hops_filter_flow(struct sock_filter program[HOPS_FILTER_MAX], const struct hops_ends *ends, bool is_tcp)
{
    struct program p;
    uint8_t protocol = is_tcp ? IPPROTO_TCP : IPPROTO_UDP;
    begin(&p, program, true);
    load(&p, BPF_B, 6);
    want(&p, protocol, protocol);
    want_peer(&p, ends, 24);
    load(&p, BPF_W, 40);
    want(&p, pair(ends->local_port, ends->peer_port), pair(ends->local_port, ends->peer_port));
    add(&p, BPF_RET | BPF_K, 0, 0, 48);
    return p.n;
}
