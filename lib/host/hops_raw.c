/* hops_raw.c - raw sockets: one sends packets with their IP header, one receives ICMP errors, and while the distance is
 * measured one receives the peer's TCP. Never waits, keeps no state of probes. */

#include "host/hops_raw.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/descriptor.h"
#include "host/address.h"
#include "host/hops_filter.h"

#define SOCK_FLAGS (SOCK_CLOEXEC | SOCK_NONBLOCK)
#define LABELS_MAX 1000  /* packets of the flow */
#define MESSAGE_MAX 1500 /* of an error, what matters stands before that */
#define MOST_OTHERS 64   /* messages about something else, in one turn: nobody can keep this thread */

static int open_socket(const struct hops_ends *ends, int type, int protocol)
{
    int fd = descriptor_above_std(socket(ends->is_ipv6 ? AF_INET6 : AF_INET, type | SOCK_FLAGS, protocol));
    if (fd < 0 || hops_ends_bind_device(ends, fd))
        return fd;
    int saved = errno;
    descriptor_close(&fd);
    errno = saved;
    return -1;
}

static bool bind_local(int fd, const struct hops_ends *ends)
{
    struct sockaddr_storage local;
    socklen_t size = hops_ends_address(ends, false, 0, &local);
    return bind(fd, (const void *)&local, size) == 0;
}

static bool attach(int fd, struct sock_filter *program, size_t n)
{
    struct sock_fprog filter = { .len = (unsigned short)n, .filter = program };
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0;
}

/* source and destination: of the SYNs, or again of the flow. */
static bool attach_icmp(struct hops_raw *raw, const struct hops_ends *ends, uint16_t source, uint16_t destination)
{
    struct sock_filter program[HOPS_FILTER_MAX];
    return attach(raw->icmp_fd, program, hops_filter_icmp(program, ends, source, destination));
}

bool hops_raw_open(struct hops_raw *raw, const struct hops_ends *ends)
{
    *raw = (struct hops_raw){ .icmp_fd = -1, .port_fd = -1, .tcp_fd = -1, .label_fd = -1 };
    raw->send_fd = open_socket(ends, SOCK_RAW, IPPROTO_RAW);
    if (raw->send_fd >= 0)
        raw->icmp_fd = open_socket(ends, SOCK_RAW, ends->is_ipv6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
    if (raw->icmp_fd < 0 || !attach_icmp(raw, ends, ends->local_port, ends->peer_port) ||
        !bind_local(raw->send_fd, ends) || !bind_local(raw->icmp_fd, ends)) {
        int saved = errno;
        hops_raw_close(raw);
        errno = saved;
        return false;
    }
    stamped_read_begin(raw->icmp_fd);
    return true;
}

void hops_raw_end_distance(struct hops_raw *raw)
{
    descriptor_close(&raw->port_fd);
    descriptor_close(&raw->tcp_fd);
    raw->port = 0;
}

void hops_raw_close(struct hops_raw *raw)
{
    hops_raw_end_distance(raw);
    descriptor_close(&raw->label_fd);
    descriptor_close(&raw->send_fd);
    descriptor_close(&raw->icmp_fd);
}

/* A port that no program gets meanwhile, and at which nobody listens: this kernel resets what the peer answers. */
static bool take_port(struct hops_raw *raw, const struct hops_ends *ends)
{
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    raw->port_fd = open_socket(ends, SOCK_STREAM, 0);
    if (raw->port_fd < 0 || !bind_local(raw->port_fd, ends) || getsockname(raw->port_fd, (void *)&bound, &size) < 0)
        return false;
    raw->port = address_port(&bound);
    return true;
}

bool hops_raw_begin_distance(struct hops_raw *raw, const struct hops_ends *ends, uint16_t control_port)
{
    struct sock_filter program[HOPS_FILTER_MAX];
    struct sockaddr_storage peer;
    socklen_t size = hops_ends_address(ends, true, 0, &peer);
    int on = 1;
    hops_raw_end_distance(raw);
    if (take_port(raw, ends))
        raw->tcp_fd = open_socket(ends, SOCK_RAW, IPPROTO_TCP);
    if (raw->tcp_fd < 0 ||
        !attach(raw->tcp_fd, program, hops_filter_tcp(program, ends->is_ipv6, control_port, raw->port)) ||
        !bind_local(raw->tcp_fd, ends) || connect(raw->tcp_fd, (const void *)&peer, size) < 0 ||
        !attach_icmp(raw, ends, raw->port, control_port)) {
        hops_raw_end_distance(raw);
        return false;
    }
    if (ends->is_ipv6)
        setsockopt(raw->tcp_fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof on);
    return true;
}

void hops_raw_begin_label(struct hops_raw *raw, const struct hops_ends *ends, bool is_tcp)
{
    struct sock_filter program[HOPS_FILTER_MAX];
    descriptor_close(&raw->label_fd);
    if (!ends->is_ipv6)
        return;
    /* Protocol 0: receives nothing before it is bound, when the filter is there. */
    struct sockaddr_ll all = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
    raw->label_fd = descriptor_above_std(socket(AF_PACKET, SOCK_DGRAM | SOCK_FLAGS, 0));
    if (raw->label_fd >= 0 && (!attach(raw->label_fd, program, hops_filter_flow(program, ends, is_tcp)) ||
                               bind(raw->label_fd, (const void *)&all, sizeof all) < 0))
        descriptor_close(&raw->label_fd);
}

void hops_raw_take_label(struct hops_raw *raw)
{
    uint32_t first;
    for (int i = 0; i < LABELS_MAX && recv(raw->label_fd, &first, sizeof first, MSG_DONTWAIT) == sizeof first; i++)
        raw->label = ntohl(first) & 0xfffff;
    descriptor_close(&raw->label_fd);
}

bool hops_raw_send(struct hops_raw *raw, const struct hops_ends *ends, const struct hops_packet *packet)
{
    unsigned char bytes[HOPS_PACKET_MAX];
    struct sockaddr_storage peer;
    size_t n = hops_packet_make(bytes, ends, packet);
    socklen_t size = hops_ends_address(ends, true, 0, &peer);
    return sendto(raw->send_fd, bytes, n, 0, (const void *)&peer, size) == (ssize_t)n;
}

/* IPv6: who sent it, and the hop limit, stand next to the message. */
static void take_origin(struct hops_answer *answer, struct msghdr *message, const struct sockaddr_in6 *from)
{
    int limit = 0;
    memcpy(answer->from, &from->sin6_addr, 16);
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c))
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_HOPLIMIT)
            memcpy(&limit, CMSG_DATA(c), sizeof limit);
    answer->ttl = (uint8_t)limit;
}

/* 1: an answer, 0: something else, -1: nothing left. */
static int receive(struct hops_raw *raw, int fd, const struct hops_ends *ends, struct hops_answer *answer)
{
    unsigned char bytes[MESSAGE_MAX];
    union {
        struct cmsghdr head;
        char bytes[256];
    } control;
    struct sockaddr_in6 from;
    struct iovec part = { bytes, sizeof bytes };
    struct msghdr message = { .msg_name = &from,
                              .msg_namelen = sizeof from,
                              .msg_iov = &part,
                              .msg_iovlen = 1,
                              .msg_control = control.bytes,
                              .msg_controllen = sizeof control.bytes };
    struct stamp stamp;
    ssize_t got = stamped_message(fd, &message, MSG_DONTWAIT, &raw->clock, &stamp);
    if (got < 0)
        return errno == EINTR ? 0 : -1;
    *answer = (struct hops_answer){ .arrival_ns = stamp.arrival_ns };
    if (ends->is_ipv6)
        take_origin(answer, &message, &from);
    return fd == raw->tcp_fd ? hops_answer_take_tcp(answer, ends, bytes, (size_t)got)
                             : hops_answer_take_icmp(answer, ends, bytes, (size_t)got);
}

bool hops_raw_receive(struct hops_raw *raw, const struct hops_ends *ends, struct hops_answer *answer)
{
    int got = 0;
    for (int i = 0; i < MOST_OTHERS && (got = receive(raw, raw->icmp_fd, ends, answer)) == 0; i++)
        ;
    while (got < 0 && raw->tcp_fd >= 0 && (got = receive(raw, raw->tcp_fd, ends, answer)) == 0)
        got = -1;
    return got > 0;
}
