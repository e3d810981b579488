/* path_reach.c - whether TCP can connect to the server's port, and if not, who refuses; whether UDP reaches the host if
 * no server can be asked. path_flow tests whether the server's datagrams arrive. */

#include "path/path_measure.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <netinet/icmp6.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#define TRIES 3
#define WAIT_MS 2500           /* a lost SYN is repeated after 1 s */
#define UDP_WAIT_MS 1200       /* a host that sends many such errors sends one a second (icmp_ratelimit) */
#define PAUSE_NS 250000000L    /* a libiperf server that turned a client away listens again after some ms */

static enum path_reach meaning(int error)
{
    switch (error) {
    case 0: return PATH_REACH_OPEN;
    case ECONNREFUSED: case ECONNRESET: return PATH_REACH_REFUSED;
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EACCES:
    case EPERM:
    case EADDRNOTAVAIL:
    case ENETDOWN: return PATH_REACH_UNREACHABLE;
    default: return PATH_REACH_FILTERED;
    }
}

static enum path_reach connect_once(const struct path_ends *ends, double *mss_bytes, double *pmtu_bytes)
{
    int fd = socket(ends->family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), error = 0, mss = 0;
    struct tcp_info info;
    socklen_t size = sizeof error, info_size = sizeof info;
    if (fd < 0)
        return PATH_REACH_UNKNOWN;
    struct pollfd ready = { .fd = fd, .events = POLLOUT };
    if ((ends->local.ss_family && bind(fd, (const void *)&ends->local, ends->size) != 0) ||
        (connect(fd, (const void *)&ends->peer, ends->size) != 0 && errno != EINPROGRESS))
        error = errno;
    else if (poll(&ready, 1, WAIT_MS) <= 0)
        error = ETIMEDOUT;
    else
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error == 0 && getsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &mss, &size) == 0 && mss > 0 &&
        getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &info_size) == 0) {
        *mss_bytes = mss;
        *pmtu_bytes = info.tcpi_pmtu;
    }
    close(fd);
    return meaning(error);
}

enum path_reach path_reach_tcp(const struct path_ends *ends, double *mss_bytes, double *pmtu_bytes)
{
    enum path_reach reach = PATH_REACH_UNKNOWN;
    *mss_bytes = *pmtu_bytes = NAN;
    for (int i = 0; i < TRIES; i++) {
        if (i > 0)
            nanosleep(&(struct timespec){ 0, PAUSE_NS }, NULL);
        reach = connect_once(ends, mss_bytes, pmtu_bytes);
        if (reach == PATH_REACH_OPEN)
            break;
    }
    return reach;
}

/* ---- UDP */

static enum path_reach meaning_of_error(const struct sock_extended_err *e)
{
    bool is_4 = e->ee_origin == SO_EE_ORIGIN_ICMP && e->ee_type == ICMP_DEST_UNREACH;
    bool is_6 = e->ee_origin == SO_EE_ORIGIN_ICMP6 && e->ee_type == ICMP6_DST_UNREACH;
    if ((is_4 && e->ee_code == ICMP_PORT_UNREACH) || (is_6 && e->ee_code == ICMP6_DST_UNREACH_NOPORT))
        return PATH_REACH_OPEN;
    if ((is_4 && (e->ee_code == ICMP_PKT_FILTERED || e->ee_code == ICMP_HOST_ANO || e->ee_code == ICMP_NET_ANO)) ||
        (is_6 && e->ee_code == ICMP6_DST_UNREACH_ADMIN))
        return PATH_REACH_REFUSED;
    return is_4 || is_6 ? PATH_REACH_UNREACHABLE : PATH_REACH_UNKNOWN;
}

static enum path_reach take_error(int fd)
{
    char control[512], bytes[64];
    struct iovec part = { bytes, sizeof bytes };
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
    };
    if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
        return PATH_REACH_UNKNOWN;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
        if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
            (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR))
            return meaning_of_error((const void *)CMSG_DATA(c));
    return PATH_REACH_UNKNOWN;
}

enum path_reach path_reach_udp(const struct path_ends *ends)
{
    enum path_reach reach = PATH_REACH_UNKNOWN;
    bool is_6 = ends->family == AF_INET6;
    int fd = socket(ends->family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
    bool good =
        fd >= 0 &&
        setsockopt(fd, is_6 ? IPPROTO_IPV6 : IPPROTO_IP, is_6 ? IPV6_RECVERR : IP_RECVERR, &on, sizeof on) == 0 &&
        (ends->local.ss_family == 0 || bind(fd, (const void *)&ends->local, ends->size) == 0) &&
        connect(fd, (const void *)&ends->peer, ends->size) == 0;
    for (int i = 0; good && i < TRIES && reach == PATH_REACH_UNKNOWN; i++) {
        struct pollfd ready = { .fd = fd };
        if (send(fd, "longhaul", 8, 0) == 8 && poll(&ready, 1, UDP_WAIT_MS) > 0)
            reach = take_error(fd);
    }
    if (fd >= 0)
        close(fd);
    return reach;
}
