/* path_trace.c - the hops by probes of our own: UDP datagrams of rising TTL to ports where nobody listens; routers'
 * answers come from the sockets' error queues (Linux's IP_RECVERR), which takes no right. All distances at once, one
 * socket for each. */

#include "path/path_measure.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <math.h>
#include <netdb.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

#define TTL_MAX 30
#define ROUNDS 3
#define ROUND_MS 1200 /* hosts and routers send an error a second when there are many (icmp_ratelimit) */
#define FIRST_PORT 33434 /* traceroute's */

struct tracer {
    int fds[TTL_MAX];
    int64_t sent_ns[TTL_MAX];
    double sum_ms[TTL_MAX];
    size_t n_answers[TTL_MAX];
    bool is_answered[TTL_MAX]; /* in this round */
    int reached;               /* index of the least TTL from which the peer itself answered; TTL_MAX before */
    struct longhaul_path_hop hops[TTL_MAX];
};

static int open_hop(const struct path_ends *ends, int ttl)
{
    struct sockaddr_storage peer = path_ends_at(ends, (uint16_t)(FIRST_PORT + ttl));
    int on = 1, level = ends->family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
    int fd = socket(ends->family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool good = fd >= 0 &&
                setsockopt(fd, level, ends->family == AF_INET6 ? IPV6_UNICAST_HOPS : IP_TTL, &ttl, sizeof ttl) == 0 &&
                setsockopt(fd, level, ends->family == AF_INET6 ? IPV6_RECVERR : IP_RECVERR, &on, sizeof on) == 0 &&
                (ends->local.ss_family == 0 || bind(fd, (const void *)&ends->local, ends->size) == 0) &&
                connect(fd, (const void *)&peer, ends->size) == 0;
    if (!good && fd >= 0)
        close(fd);
    return good ? fd : -1;
}

static void take_answer(struct tracer *t, int i, const struct sock_extended_err *e)
{
    struct longhaul_path_hop *hop = &t->hops[i];
    bool is_router = (e->ee_origin == SO_EE_ORIGIN_ICMP && e->ee_type == ICMP_TIME_EXCEEDED) ||
                     (e->ee_origin == SO_EE_ORIGIN_ICMP6 && e->ee_type == ICMP6_TIME_EXCEEDED);
    bool is_end = !is_router && ((e->ee_origin == SO_EE_ORIGIN_ICMP && e->ee_type == ICMP_DEST_UNREACH) ||
                                 (e->ee_origin == SO_EE_ORIGIN_ICMP6 && e->ee_type == ICMP6_DST_UNREACH));
    const struct sockaddr *from = SO_EE_OFFENDER(e);
    socklen_t size = from->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    if (t->is_answered[i] || (!is_router && !is_end))
        return;
    double rtt_ms = (double)(clock_monotonic_ns() - t->sent_ns[i]) / NS_PER_MS;
    if (from->sa_family == AF_UNSPEC ||
        getnameinfo(from, size, hop->address, sizeof hop->address, NULL, 0, NI_NUMERICHOST) != 0)
        hop->address[0] = 0;
    t->is_answered[i] = true;
    t->sum_ms[i] += rtt_ms;
    t->n_answers[i]++;
    hop->best_ms = isnan(hop->best_ms) ? rtt_ms : fmin(hop->best_ms, rtt_ms);
    hop->worst_ms = isnan(hop->worst_ms) ? rtt_ms : fmax(hop->worst_ms, rtt_ms);
    if (is_end && i < t->reached)
        t->reached = i;
}

static void take_errors(struct tracer *t, int i)
{
    for (;;) {
        char control[512], bytes[64];
        struct iovec part = { bytes, sizeof bytes };
        struct msghdr message = {
            .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
        };
        if (recvmsg(t->fds[i], &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
            return;
        for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
            if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
                (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR))
                take_answer(t, i, (const void *)CMSG_DATA(c));
    }
}

static bool is_complete(const struct tracer *t)
{
    if (t->reached == TTL_MAX)
        return false;
    for (int i = 0; i <= t->reached; i++)
        if (!t->is_answered[i])
            return false;
    return true;
}

/* The nearest first, so that the peer's own answers, of which there are few, go to the least TTL that reaches it. */
static void run_round(struct tracer *t)
{
    int last = t->reached < TTL_MAX ? t->reached : TTL_MAX - 1;
    for (int i = 0; i <= last; i++) {
        t->is_answered[i] = false;
        t->sent_ns[i] = clock_monotonic_ns();
        if (t->fds[i] >= 0 && (send(t->fds[i], "longhaul", 8, 0) == 8 || send(t->fds[i], "longhaul", 8, 0) == 8))
            t->hops[i].n_sent++;
    }
    int64_t end_ns = clock_monotonic_ns() + ROUND_MS * NS_PER_MS, left_ns;
    while (!is_complete(t) && (left_ns = end_ns - clock_monotonic_ns()) > 0) {
        struct pollfd ready[TTL_MAX];
        for (int i = 0; i < TTL_MAX; i++)
            ready[i] = (struct pollfd){ .fd = i <= last ? t->fds[i] : -1 };
        if (poll(ready, TTL_MAX, (int)(left_ns / NS_PER_MS) + 1) <= 0)
            continue;
        for (int i = 0; i <= last; i++)
            if (ready[i].revents)
                take_errors(t, i);
    }
}

/* Of a peer that does not answer, the way as far as somebody does. */
static size_t n_known(const struct tracer *t)
{
    size_t n = 0;
    if (t->reached < TTL_MAX)
        return (size_t)t->reached + 1;
    for (int i = 0; i < TTL_MAX; i++)
        if (t->n_answers[i] > 0)
            n = (size_t)i + 1;
    return n;
}

void path_trace_run(const struct path_ends *ends, struct longhaul_path_facts *facts)
{
    struct tracer t = { .reached = TTL_MAX };
    for (int i = 0; i < TTL_MAX; i++) {
        t.fds[i] = open_hop(ends, i + 1);
        t.hops[i] =
            (struct longhaul_path_hop){ .ttl = i + 1, .loss = 1, .best_ms = NAN, .mean_ms = NAN, .worst_ms = NAN };
    }
    for (int round = 0; round < ROUNDS; round++)
        run_round(&t);
    facts->n_hops = n_known(&t);
    for (size_t i = 0; i < facts->n_hops; i++) {
        struct longhaul_path_hop *hop = &t.hops[i];
        if (t.n_answers[i] > 0)
            hop->mean_ms = t.sum_ms[i] / (double)t.n_answers[i];
        hop->loss = hop->n_sent > 0 ? 1 - (double)t.n_answers[i] / (double)hop->n_sent : NAN;
        facts->hops[i] = *hop;
    }
    for (int i = 0; i < TTL_MAX; i++)
        if (t.fds[i] >= 0)
            close(t.fds[i]);
}
