/* rtt.h - one round trip at a time to a host, without root where the kernel allows it, and without waiting. */
#ifndef RTT_H
#define RTT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum rtt_method {
    RTT_ICMP, /* an echo, over a datagram socket (net.ipv4.ping_group_range), or a raw one (CAP_NET_RAW) */
    RTT_TCP   /* a connection to a port on which somebody listens: the kernel's estimate from its handshake */
};

struct rtt;

/* A prober of peer, from local (NULL or port 0 and any address for the kernel's choice). port is for RTT_TCP. NULL when
 * this kernel or user may not, or out of memory: errno says why. */
struct rtt *rtt_new(enum rtt_method method, const struct sockaddr *peer, socklen_t size, uint16_t port,
                    const struct sockaddr *local);

/* Sends one. What was still awaited is forgotten. false when it cannot be sent: errno says why. */
bool rtt_send(struct rtt *rtt);

/* 1 and the round trip when the answer is there, by the kernel's clock and not by when it is asked for; 0 when it is
 * not there yet; -1 when none will come (an ICMP error, a refused connection). Never blocks. */
int rtt_receive(struct rtt *rtt, double *rtt_ms);

/* For poll(): what to wait for is in events. It changes with each rtt_send(). */
int rtt_fd(const struct rtt *rtt, short *events);

/* NULL is accepted. A connection that its server has not closed yet is closed. */
void rtt_free(struct rtt *rtt);

#endif
