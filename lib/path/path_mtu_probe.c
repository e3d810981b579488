/* path_mtu_probe.c - sends one packet of a given size that must not be fragmented, by ICMP, UDP or TCP, and waits for
 * the reply, or for a router's report in the socket's error queue. Searches nothing (path_mtu does). */

#include "path/path_mtu_probe.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netdb.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "host/internet_checksum.h"
#include "model/formula.h"

#define UNUSED_PORTS_FIRST 33434 /* traceroute's: no program listens there */
#define UNUSED_PORTS 500
#define TCP_LOOK_MS 5

struct mtu_probe {
    enum mtu_method method;
    const struct path_ends *ends;
    int fd; /* not used for TCP */
    bool is_raw;
    uint16_t id, sequence;
    struct sockaddr_storage peer;
    unsigned char packet[FORMULA_PACKET_MAX];
};

const char *mtu_probe_text(enum mtu_method method)
{
    static const char *const names[] = { "icmp", "udp", "tcp" };
    return names[method];
}

static bool is_ipv6(const struct mtu_probe *p)
{
    return p->ends->family == AF_INET6;
}

static int ip_header_bytes(const struct mtu_probe *p)
{
    return is_ipv6(p) ? 40 : 20;
}

static void set_fragmenting(const struct mtu_probe *p, bool may_fragment)
{
    int four = may_fragment ? IP_PMTUDISC_DONT : IP_PMTUDISC_PROBE,
        six = may_fragment ? IPV6_PMTUDISC_DONT : IPV6_PMTUDISC_PROBE;
    int dont = !may_fragment;
    if (is_ipv6(p)) {
        setsockopt(p->fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &six, sizeof six);
        setsockopt(p->fd, IPPROTO_IPV6, IPV6_DONTFRAG, &dont, sizeof dont);
    } else {
        setsockopt(p->fd, IPPROTO_IP, IP_MTU_DISCOVER, &four, sizeof four);
    }
}

static bool open_socket(struct mtu_probe *p)
{
    int on = 1, icmp = is_ipv6(p) ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
    p->fd =
        socket(p->ends->family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, p->method == MTU_ICMP ? icmp : IPPROTO_UDP);
    if (p->fd < 0 && p->method == MTU_ICMP) {
        p->fd = socket(p->ends->family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, icmp);
        p->is_raw = p->fd >= 0;
    }
    if (p->fd < 0)
        return false;
    setsockopt(p->fd, is_ipv6(p) ? IPPROTO_IPV6 : IPPROTO_IP, is_ipv6(p) ? IPV6_RECVERR : IP_RECVERR, &on, sizeof on);
    return (p->ends->local.ss_family == 0 || bind(p->fd, (const void *)&p->ends->local, p->ends->size) == 0) &&
           connect(p->fd, (const void *)&p->peer, p->ends->size) == 0;
}

struct mtu_probe *mtu_probe_new(const struct path_ends *ends, enum mtu_method method, char *why, size_t size)
{
    struct mtu_probe *p = calloc(1, sizeof *p);
    if (p == NULL) {
        snprintf(why, size, "out of memory");
        return NULL;
    }
    p->method = method;
    p->ends = ends;
    p->fd = -1;
    p->id = (uint16_t)(getpid() ^ clock_monotonic_ns() >> 8);
    p->peer = method == MTU_ICMP ? path_ends_at(ends, 0)
              : method == MTU_UDP
                  ? path_ends_at(ends, (uint16_t)(UNUSED_PORTS_FIRST + clock_monotonic_ns() / 1000 % UNUSED_PORTS))
                  : ends->peer;
    if (method != MTU_TCP && !open_socket(p)) {
        snprintf(why, size, "%s: %s", mtu_probe_text(method), strerror(errno));
        mtu_probe_free(p);
        return NULL;
    }
    return p;
}

void mtu_probe_free(struct mtu_probe *p)
{
    if (p && p->fd >= 0)
        close(p->fd);
    free(p);
}

/* ---- datagrams: ICMP and UDP */

/* The bytes after the IP header; for UDP those after its header, too. */
static size_t make_packet(struct mtu_probe *p, int bytes)
{
    size_t n = (size_t)(bytes - ip_header_bytes(p)) - (p->method == MTU_UDP ? 8 : 0);
    struct icmphdr echo = { .type = is_ipv6(p) ? ICMP6_ECHO_REQUEST : ICMP_ECHO };
    echo.un.echo.id = htons(p->id);
    echo.un.echo.sequence = htons(++p->sequence);
    memset(p->packet, 0, n);
    memcpy(p->packet, &echo, sizeof echo); /* for UDP: a mark that identifies the probe */
    if (p->method == MTU_ICMP && !is_ipv6(p)) {
        echo.checksum = internet_checksum(p->packet, n);
        memcpy(p->packet, &echo, sizeof echo);
    }
    return n;
}

/* True if what came back belongs to the newest probe. A datagram socket's id is chosen by the kernel. */
static bool is_ours(const struct mtu_probe *p, const unsigned char *packet, size_t n)
{
    struct icmphdr echo;
    if (n < sizeof echo)
        return false;
    memcpy(&echo, packet, sizeof echo);
    bool has_own_id = p->is_raw || p->method == MTU_UDP;
    return (!has_own_id || ntohs(echo.un.echo.id) == p->id) && ntohs(echo.un.echo.sequence) == p->sequence;
}

static bool take_answer(const struct mtu_probe *p)
{
    unsigned char packet[128];
    ssize_t n = recv(p->fd, packet, sizeof packet, MSG_DONTWAIT);
    size_t head = p->is_raw && !is_ipv6(p) && n > 0 ? (size_t)(packet[0] & 15) * 4 : 0;
    if (p->method != MTU_ICMP || n < (ssize_t)(head + 1) ||
        packet[head] != (is_ipv6(p) ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY))
        return false;
    return is_ours(p, packet + head, (size_t)n - head);
}

static void name_router(const struct sock_extended_err *e, char router[64])
{
    const struct sockaddr *from = SO_EE_OFFENDER(e);
    socklen_t size = from->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    if (from->sa_family == AF_UNSPEC || getnameinfo(from, size, router, 64, NULL, 0, NI_NUMERICHOST) != 0)
        *router = 0;
}

static bool is_too_big(const struct sock_extended_err *e)
{
    return (e->ee_origin == SO_EE_ORIGIN_ICMP && e->ee_type == ICMP_DEST_UNREACH && e->ee_code == ICMP_FRAG_NEEDED) ||
           (e->ee_origin == SO_EE_ORIGIN_ICMP6 && e->ee_type == ICMP6_PACKET_TOO_BIG) ||
           (e->ee_origin == SO_EE_ORIGIN_LOCAL && e->ee_errno == EMSGSIZE);
}

static bool is_port_unreachable(const struct sock_extended_err *e)
{
    return (e->ee_origin == SO_EE_ORIGIN_ICMP && e->ee_type == ICMP_DEST_UNREACH && e->ee_code == ICMP_PORT_UNREACH) ||
           (e->ee_origin == SO_EE_ORIGIN_ICMP6 && e->ee_type == ICMP6_DST_UNREACH &&
            e->ee_code == ICMP6_DST_UNREACH_NOPORT);
}

/* What the error queue says about the newest probe; MTU_SILENT if nothing decisive. */
static enum mtu_answer take_error(const struct mtu_probe *p, int *mtu, char router[64])
{
    unsigned char packet[128];
    char control[512];
    struct iovec part = { packet, sizeof packet };
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
    };
    ssize_t n = recvmsg(p->fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT);
    if (n < 0)
        return MTU_SILENT;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
        const struct sock_extended_err *e = (const void *)CMSG_DATA(c);
        bool is_error = (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
                        (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR);
        if (!is_error || !is_ours(p, packet, (size_t)n))
            continue;
        if (is_too_big(e)) {
            *mtu = e->ee_info < FORMULA_PACKET_MAX ? (int)e->ee_info : 0;
            name_router(e, router);
            return MTU_TOO_BIG;
        }
        if (p->method == MTU_UDP && is_port_unreachable(e))
            return MTU_ARRIVED;
    }
    return MTU_SILENT;
}

static enum mtu_answer wait_datagram(const struct mtu_probe *p, int wait_ms, int *mtu, char router[64])
{
    int64_t end_ns = clock_monotonic_ns() + wait_ms * NS_PER_MS, left_ns;
    while ((left_ns = end_ns - clock_monotonic_ns()) > 0) {
        struct pollfd ready = { .fd = p->fd, .events = POLLIN };
        if (poll(&ready, 1, (int)(left_ns / NS_PER_MS) + 1) <= 0)
            continue;
        if (ready.revents & POLLERR) {
            enum mtu_answer answer = take_error(p, mtu, router);
            if (answer != MTU_SILENT)
                return answer;
        }
        if ((ready.revents & POLLIN) && take_answer(p))
            return MTU_ARRIVED;
    }
    return MTU_SILENT;
}

/* An error of an earlier probe makes the next send fail once. */
static enum mtu_answer send_datagram(struct mtu_probe *p, int bytes, bool may_fragment, int wait_ms, int *mtu,
                                     char router[64])
{
    set_fragmenting(p, may_fragment);
    if (bytes < ip_header_bytes(p) + 16)
        return MTU_NO_PROBE;
    size_t n = make_packet(p, bytes);
    for (int tries = 0; tries < 4; tries++) {
        if (send(p->fd, p->packet, n, 0) == (ssize_t)n)
            return wait_datagram(p, wait_ms, mtu, router);
        if (errno == EMSGSIZE) {
            *router = 0;
            return MTU_TOO_BIG;
        }
        if (errno != ECONNREFUSED && errno != EHOSTUNREACH && errno != ENETUNREACH && errno != ENOBUFS)
            break;
    }
    return MTU_NO_PROBE;
}

/* ---- segments: TCP */

static bool connect_with_mss(const struct mtu_probe *p, int fd, int bytes, int wait_ms)
{
    int mss = bytes - ip_header_bytes(p) - 20, on = 1, error = 0;
    socklen_t size = sizeof error;
    struct pollfd ready = { .fd = fd, .events = POLLOUT };
    setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &mss, sizeof mss);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (p->ends->local.ss_family && bind(fd, (const void *)&p->ends->local, p->ends->size) != 0)
        return false;
    if (connect(fd, (const void *)&p->peer, p->ends->size) != 0 && errno != EINPROGRESS)
        return false;
    return poll(&ready, 1, wait_ms) > 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

/* When TCP receives "fragmentation needed", it lowers its path MTU. */
static enum mtu_answer wait_segment(int fd, int bytes, int wait_ms, int *mtu)
{
    int64_t end_ns = clock_monotonic_ns() + wait_ms * NS_PER_MS;
    struct tcp_info info;
    do {
        socklen_t size = sizeof info;
        if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
            return MTU_SILENT;
        if ((int)info.tcpi_pmtu < bytes) {
            *mtu = (int)info.tcpi_pmtu;
            return MTU_TOO_BIG;
        }
        if (info.tcpi_state == TCP_CLOSE)
            return MTU_RESET;
        if (info.tcpi_unacked == 0)
            return MTU_ARRIVED;
        nanosleep(&(struct timespec){ 0, TCP_LOOK_MS * NS_PER_MS }, NULL);
    } while (clock_monotonic_ns() < end_ns);
    return MTU_SILENT;
}

static enum mtu_answer send_segment(struct mtu_probe *p, int bytes, int wait_ms, int *mtu, char router[64])
{
    enum mtu_answer answer = MTU_NO_PROBE;
    struct tcp_info info;
    socklen_t size = sizeof info;
    int fd = socket(p->ends->family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    *router = 0;
    *mtu = 0;
    if (fd >= 0 && connect_with_mss(p, fd, bytes, wait_ms) &&
        getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0) {
        int options = info.tcpi_options & TCPI_OPT_TIMESTAMPS ? 12 : 0;
        int most = (int)info.tcpi_snd_mss + options + 20 + ip_header_bytes(p);
        if (most < bytes) {
            *mtu = most;
            answer = (int)info.tcpi_pmtu < bytes ? MTU_TOO_BIG : MTU_NO_PROBE;
        } else if (send(fd, p->packet, info.tcpi_snd_mss, MSG_NOSIGNAL) == (ssize_t)info.tcpi_snd_mss) {
            answer = wait_segment(fd, most, wait_ms, mtu);
        }
    }
    if (fd >= 0)
        close(fd);
    return answer;
}

enum mtu_answer mtu_probe_send(struct mtu_probe *p, int bytes, bool may_fragment, int wait_ms, int *mtu,
                               char router[64])
{
    *mtu = 0;
    return p->method == MTU_TCP ? send_segment(p, bytes, wait_ms, mtu, router)
                                : send_datagram(p, bytes, may_fragment, wait_ms, mtu, router);
}
