/* rtt.h - measures one round trip at a time to a host, without root where the kernel allows it, and without waiting. */
#ifndef RTT_H
#define RTT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum rtt_method {
    RTT_ICMP, /* an ICMP echo, over a datagram socket (net.ipv4.ping_group_range) or a raw one (CAP_NET_RAW) */
    RTT_TCP   /* a connection to a listening port: the kernel's estimate from its handshake */
};

struct rtt;

/* Creates a prober of peer, from local (NULL, or port 0 and any address, lets the kernel choose). port is for RTT_TCP.
 * NULL, with errno set, if this kernel or user may not, or when out of memory. */
struct rtt *rtt_new(enum rtt_method method, const struct sockaddr *peer, socklen_t size, uint16_t port,
                    const struct sockaddr *local);

/* Sends one probe and forgets the previous one if it is unanswered. false, with errno set, if it cannot be sent. */
bool rtt_send(struct rtt *rtt);

/* Returns 1 and the round trip if the reply has arrived; the kernel's clock counts, not the time of this call. Returns
 * 0 if it has not arrived yet, and -1 if none will come (an ICMP error, a refused connection). Never blocks. */
int rtt_receive(struct rtt *rtt, double *rtt_ms);

/* The descriptor for poll(), with what to wait for in events. It changes with each rtt_send(). */
int rtt_fd(const struct rtt *rtt, short *events);

/* NULL is accepted. Closes a connection that the server has not closed yet. */
void rtt_free(struct rtt *rtt);

#endif
