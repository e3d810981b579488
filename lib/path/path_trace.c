/* path_trace.c - finds the hops with probes of our own: UDP datagrams with increasing TTL to ports without listeners;
 * routers' replies come from the sockets' error queues (Linux's IP_RECVERR), which needs no privilege. Probes all
 * distances at once, with one socket for each. If the peer answers echoes, it is the last hop even if it does not
 * answer these probes. */

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
_Static_assert(TTL_MAX <= PATH_HOPS_MAX, "each has its place");
#define ROUNDS 5 /* the first round finds the distance of the peer, and does not count for the loss */
#define ROUND_MS 1200 /* between two rounds: hosts and routers send at most one error a second (icmp_ratelimit) */
#define ECHO_SLACK_MS 50 /* an echo is waited for as long as the slowest one before it, plus this */
#define FIRST_PORT 33434 /* traceroute's */

struct tracer {
    int fds[TTL_MAX];
    int64_t sent_ns[TTL_MAX];
    double sum_ms[TTL_MAX];
    size_t n_answers[TTL_MAX]; /* in all rounds */
    size_t n_counted[TTL_MAX]; /* without the first */
    bool is_answered[TTL_MAX]; /* in this round */
    int reached;               /* index of the least TTL to which the peer itself replied; TTL_MAX before that */
    struct longhaul_hop hops[TTL_MAX];
};

/* A hop without a reply. */
static struct longhaul_hop no_hop(int ttl)
{
    return (struct longhaul_hop){ .ttl = ttl, .loss = NAN, .best_ms = NAN, .mean_ms = NAN, .worst_ms = NAN };
}

static void take_round_trip(struct longhaul_hop *hop, double rtt_ms)
{
    hop->best_ms = isnan(hop->best_ms) ? rtt_ms : fmin(hop->best_ms, rtt_ms);
    hop->worst_ms = isnan(hop->worst_ms) ? rtt_ms : fmax(hop->worst_ms, rtt_ms);
}

/* n_counted of the hop's n_sent probes were answered; the mean is over n_answers. */
static void settle(struct longhaul_hop *hop, double sum_ms, size_t n_answers, size_t n_counted)
{
    hop->mean_ms = n_answers > 0 ? sum_ms / (double)n_answers : NAN;
    hop->loss = hop->n_sent > 0 ? 1 - (double)n_counted / (double)hop->n_sent : NAN;
}

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
    struct longhaul_hop *hop = &t->hops[i];
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
    take_round_trip(hop, rtt_ms);
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

static void sleep_until(int64_t end_ns)
{
    int64_t left_ns;
    while ((left_ns = end_ns - clock_monotonic_ns()) > 0)
        poll(NULL, 0, (int)(left_ns / NS_PER_MS) + 1);
}

static void send_probe(struct tracer *t, int i, bool is_first_round)
{
    t->is_answered[i] = false;
    t->sent_ns[i] = clock_monotonic_ns();
    /* The first call may return the error of an earlier probe instead of sending. */
    if (t->fds[i] >= 0 && (send(t->fds[i], "longhaul", 8, 0) == 8 || send(t->fds[i], "longhaul", 8, 0) == 8))
        t->hops[i].n_sent += !is_first_round;
}

static void take_answers(struct tracer *t, int last, int64_t end_ns)
{
    int64_t left_ns;
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

/* The nearest first, so that the peer's own replies, which are limited, go to the least TTL that reaches it. */
static void run_round(struct tracer *t, int round)
{
    int last = t->reached < TTL_MAX ? t->reached : TTL_MAX - 1;
    int64_t end_ns = clock_monotonic_ns() + ROUND_MS * NS_PER_MS;
    for (int i = 0; i <= last; i++)
        send_probe(t, i, round == 0);
    take_answers(t, last, end_ns);
    for (int i = 0; i <= last && round > 0; i++)
        t->n_counted[i] += t->is_answered[i];
    if (round < ROUNDS - 1)
        sleep_until(end_ns);
}

/* If the peer does not reply, the path ends at the last router that does. */
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

/* ---- the last hop by echoes */

/* Waits for the reply to the last echo. */
static bool await_echo(struct rtt *rtt, double most_ms, double *rtt_ms)
{
    int64_t end_ns = clock_monotonic_ns() + (int64_t)(most_ms * NS_PER_MS), left_ns;
    int rc;
    while ((rc = rtt_receive(rtt, rtt_ms)) == 0 && (left_ns = end_ns - clock_monotonic_ns()) > 0) {
        struct pollfd ready = { .fd = rtt_fd(rtt, &ready.events) };
        poll(&ready, 1, (int)(left_ns / NS_PER_MS) + 1);
    }
    return rc == 1;
}

static bool set_ttl(const struct rtt *rtt, int family, int ttl)
{
    short events;
    bool is_6 = family == AF_INET6;
    return setsockopt(rtt_fd(rtt, &events), is_6 ? IPPROTO_IPV6 : IPPROTO_IP, is_6 ? IPV6_UNICAST_HOPS : IP_TTL, &ttl,
                      sizeof ttl) == 0;
}

/* The least TTL, from first on, at which the peer answers echoes; TTL_MAX + 1 if it does not. */
static int find_end(const struct path_ends *ends, int first, double most_ms)
{
    struct rtt *rtt = rtt_new(RTT_ICMP, (const void *)&ends->peer, ends->size, 0, (const void *)&ends->local);
    double rtt_ms;
    int ttl = rtt ? first : TTL_MAX + 1;
    while (ttl <= TTL_MAX &&
           !(set_ttl(rtt, ends->family, ttl) && rtt_send(rtt) && await_echo(rtt, most_ms, &rtt_ms)))
        ttl++;
    rtt_free(rtt);
    return ttl;
}

/* The last hop is the peer: its echoes were measured already, and their number is not limited. */
static void take_echoes(const struct path_ends *ends, struct path_facts *facts)
{
    const struct path_rtt *echoes = &facts->rtt_icmp;
    struct longhaul_hop *hop = &facts->hops[facts->n_hops - 1];
    *hop = (struct longhaul_hop){ .ttl = (int)facts->n_hops,
                                       .n_sent = echoes->n_sent,
                                       .loss = 1 - (double)echoes->n_received / (double)echoes->n_sent,
                                       .best_ms = echoes->min_ms,
                                       .mean_ms = echoes->mean_ms,
                                       .worst_ms = echoes->max_ms };
    snprintf(hop->address, sizeof hop->address, "%s", ends->address);
}

/* If the peer answers echoes: which hop it is, and its replies. */
static void end_by_echoes(const struct path_ends *ends, bool is_reached, struct path_facts *facts)
{
    if (facts->rtt_icmp.n_received == 0)
        return;
    int ttl = is_reached ? (int)facts->n_hops
                         : find_end(ends, (int)facts->n_hops + 1, facts->rtt_icmp.max_ms + ECHO_SLACK_MS);
    if (ttl > TTL_MAX)
        return;
    facts->n_hops = (size_t)ttl;
    take_echoes(ends, facts);
}

void path_trace_run(const struct path_ends *ends, struct path_facts *facts)
{
    struct tracer t = { .reached = TTL_MAX };
    for (int i = 0; i < TTL_MAX; i++) {
        t.fds[i] = open_hop(ends, i + 1);
        t.hops[i] = no_hop(i + 1);
    }
    for (int round = 0; round < ROUNDS; round++)
        run_round(&t, round);
    facts->n_hops = n_known(&t);
    for (int i = 0; i < TTL_MAX; i++) {
        settle(&t.hops[i], t.sum_ms[i], t.n_answers[i], t.n_counted[i]);
        facts->hops[i] = t.hops[i];
        if (t.fds[i] >= 0)
            close(t.fds[i]);
    }
    end_by_echoes(ends, t.reached < TTL_MAX, facts);
    if (facts->n_hops > 0)
        strcpy(facts->hops_by, "udp");
    else
        snprintf(facts->hops_why, sizeof facts->hops_why, "neither routers nor the peer answer probes with increasing "
                                                          "TTL");
}
