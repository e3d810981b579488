/* rtt.c - round trips by ICMP echo or TCP handshake. Replies carry the kernel's arrival time, and a handshake the
 * kernel's own estimate, so that a busy thread measures as well as a waiting one. Resolves no names and never
 * blocks. */

#include "host/rtt.h"

#include <errno.h>
#include <math.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/descriptor.h"
#include "host/address.h"
#include "host/internet_checksum.h"

#define STEP_NS (10 * NS_PER_MS) /* a larger jump means that the date was set: a slewed clock moves 2 ms in the
                                  * seconds that a reply may take */
#define SOCK_FLAGS (SOCK_CLOEXEC | SOCK_NONBLOCK)
#define ECHO_BYTES 64 /* header and data, like ping */

struct rtt {
    enum rtt_method method;
    int fd; /* RTT_TCP: the newest connection; -1 before the first one */
    bool is_raw;
    bool is_awaited;
    uint16_t id, sequence;
    int64_t sent_wall_ns, sent_monotonic_ns;
    struct sockaddr_storage peer, local; /* local.ss_family 0: any */
    socklen_t size;
};

/* ---- ICMP */

static bool open_icmp(struct rtt *r)
{
    int protocol = r->peer.ss_family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP, on = 1;
    r->fd = descriptor_above_std(socket(r->peer.ss_family, SOCK_DGRAM | SOCK_FLAGS, protocol));
    if (r->fd < 0) {
        r->fd = descriptor_above_std(socket(r->peer.ss_family, SOCK_RAW | SOCK_FLAGS, protocol));
        r->is_raw = r->fd >= 0;
    }
    if (r->fd < 0)
        return false;
    setsockopt(r->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    address_set_port(&r->peer, 0);
    r->id = (uint16_t)(getpid() ^ clock_monotonic_ns() >> 10);
    return (r->local.ss_family == 0 || bind(r->fd, (struct sockaddr *)&r->local, r->size) == 0) &&
           connect(r->fd, (struct sockaddr *)&r->peer, r->size) == 0;
}

static bool send_echo(struct rtt *r)
{
    unsigned char packet[ECHO_BYTES] = { 0 };
    struct icmphdr echo = { .type = r->peer.ss_family == AF_INET6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO };
    echo.un.echo.id = htons(r->id);
    echo.un.echo.sequence = htons(++r->sequence);
    memcpy(packet, &echo, sizeof echo);
    if (r->peer.ss_family == AF_INET) {
        echo.checksum = internet_checksum(packet, sizeof packet);
        memcpy(packet, &echo, sizeof echo);
    }
    r->sent_monotonic_ns = clock_monotonic_ns();
    r->sent_wall_ns = clock_wall_ns();
    return send(r->fd, packet, sizeof packet, 0) == (ssize_t)sizeof packet;
}

/* The kernel's arrival time. */
static int64_t arrival_ns(struct msghdr *message)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec t;
            memcpy(&t, CMSG_DATA(c), sizeof t);
            return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
        }
    return clock_wall_ns();
}

/* A raw socket receives everybody's replies, and for IPv4 also the packet's IP header. */
static bool is_answer(const struct rtt *r, const unsigned char *packet, size_t n)
{
    struct icmphdr echo;
    size_t head = r->is_raw && r->peer.ss_family == AF_INET && n > 0 ? (size_t)(packet[0] & 15) * 4 : 0;
    if (n < head + sizeof echo)
        return false;
    memcpy(&echo, packet + head, sizeof echo);
    return echo.type == (r->peer.ss_family == AF_INET6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY) &&
           (!r->is_raw || ntohs(echo.un.echo.id) == r->id) && ntohs(echo.un.echo.sequence) == r->sequence;
}

static int receive_echo(struct rtt *r, double *rtt_ms)
{
    for (;;) {
        unsigned char packet[256];
        char control[256];
        struct iovec part = { packet, sizeof packet };
        struct msghdr message = {
            .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
        };
        ssize_t n = recvmsg(r->fd, &message, MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
        int64_t took_ns = arrival_ns(&message) - r->sent_wall_ns, most_ns = clock_monotonic_ns() - r->sent_monotonic_ns;
        if (!is_answer(r, packet, (size_t)n))
            continue;
        *rtt_ms = (double)took_ns / NS_PER_MS;
        return took_ns >= 0 && took_ns <= most_ns + STEP_NS ? 1 : -1; /* negative or too long: the date was set
                                                                       * meanwhile */
    }
}

/* ---- TCP */

static void close_connection(struct rtt *r)
{
    if (r->method == RTT_TCP && r->fd >= 0) {
        close(r->fd);
        r->fd = -1;
    }
}

static bool send_syn(struct rtt *r)
{
    close_connection(r);
    r->fd = descriptor_above_std(socket(r->peer.ss_family, SOCK_STREAM | SOCK_FLAGS, 0));
    return r->fd >= 0 && (r->local.ss_family == 0 || bind(r->fd, (struct sockaddr *)&r->local, r->size) == 0) &&
           (connect(r->fd, (struct sockaddr *)&r->peer, r->size) == 0 || errno == EINPROGRESS);
}

/* The connection stays open until its server closes it, the next one begins, or rtt_free() is called: a busy libiperf
 * server reports that it is busy and closes, and needs a peer that receives the report. */
static int receive_syn(const struct rtt *r, double *rtt_ms)
{
    struct pollfd ready = { .fd = r->fd, .events = POLLOUT };
    struct tcp_info info;
    socklen_t size = sizeof info;
    if (poll(&ready, 1, 0) <= 0)
        return 0;
    if ((ready.revents & POLLERR) || getsockopt(r->fd, IPPROTO_TCP, TCP_INFO, &info, &size) < 0 || info.tcpi_rtt == 0)
        return -1;
    *rtt_ms = info.tcpi_rtt / 1e3;
    return 1;
}

/* ---- both */

struct rtt *rtt_new(enum rtt_method method, const struct sockaddr *peer, socklen_t size, uint16_t port,
                    const struct sockaddr *local)
{
    struct rtt *r = calloc(1, sizeof *r);
    if (r == NULL || size > sizeof r->peer) {
        free(r);
        return NULL;
    }
    r->method = method;
    r->fd = -1;
    r->size = size;
    memcpy(&r->peer, peer, size);
    if (local && local->sa_family == peer->sa_family)
        memcpy(&r->local, local, size);
    address_set_port(&r->peer, port);
    if (method == RTT_ICMP && !open_icmp(r)) {
        int saved = errno;
        rtt_free(r);
        errno = saved;
        return NULL;
    }
    return r;
}

bool rtt_send(struct rtt *r)
{
    r->is_awaited = r->method == RTT_ICMP ? send_echo(r) : send_syn(r);
    return r->is_awaited;
}

int rtt_receive(struct rtt *r, double *rtt_ms)
{
    int rc = !r->is_awaited ? -1 : r->method == RTT_ICMP ? receive_echo(r, rtt_ms) : receive_syn(r, rtt_ms);
    r->is_awaited = rc == 0;
    return rc;
}

int rtt_fd(const struct rtt *r, short *events)
{
    *events = r->method == RTT_ICMP ? POLLIN : POLLOUT;
    return r->fd;
}

void rtt_free(struct rtt *r)
{
    if (r == NULL)
        return;
    if (r->fd >= 0)
        close(r->fd);
    free(r);
}
