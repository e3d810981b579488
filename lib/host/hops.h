/* hops.h - the routers on the way of one flow: traces by probes with the flow's own five-tuple, and a watch between
 * two traces.
 *
 * Probes have the flow's addresses, ports and protocol, so each router that hashes five-tuples sends them where it
 * sends the flow (Paris traceroute, Augustin et al., IMC 2006: the checksum is constant, too). The time to live lets
 * a router answer by ICMP. No probe may reach the peer's socket of this flow:
 *
 * - The distance of the peer is found anew at each trace, by probes with another source port: TCP SYNs to
 *   control_port (the peer's SYN-ACK is reset by this kernel, so its accept() never sees one), or, without
 *   CAP_NET_RAW, UDP to a closed port. Only smaller distances are probed. Where it is unknown, up to HOPS_MAX.
 * - Probes are "short": their UDP length, or the TCP header's length, says more than the packet has. Routers do not
 *   look at it, and every kernel drops such a packet before it looks for a socket. On a peer's host, each that
 *   arrives (the path has become shorter since) is counted in UDP's InErrors or TCP's InErrs of the whole host; the
 *   socket's own drops do not rise, and a reader that waits is not woken.
 * - A hop that has never answered a short probe gets a "plain" one (an empty datagram; for IPv6 4 bytes; for TCP a
 *   SYN) if it is 3 hops or more before the peer: stateful firewalls and NAT drop short ones.
 * - A filter that refuses a probe by ICMP (port unreachable, prohibited) may by that interrupt the flow's own socket:
 *   to this peer, such probes are never sent again from that hop on.
 * - Without CAP_NET_RAW all are plain and empty, and a router must have answered at that distance in this trace; the
 *   watch stays 3 hops away from the peer.
 *
 * Over IPv6 the probes by raw sockets have the flow label that the flow's own packets have while the distance is
 * measured: routers may hash it. Sends and receives only in hops_tend(). Knows nothing of tests. */
#ifndef HOPS_H
#define HOPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#define HOPS_MAX 30        /* the largest distance that is probed */
#define HOPS_PROBES_MAX 64 /* of a trace, with those that find the distance */
#define HOPS_ADDRESS_SIZE 46 /* an address as text: INET6_ADDRSTRLEN */
#define HOPS_LABELS_SIZE 64
#define HOPS_DEVICE_SIZE 16  /* the name of an interface: IFNAMSIZ */

enum hops_by {
    HOPS_BY_RAW,   /* raw sockets: CAP_NET_RAW */
    HOPS_BY_ERRORS /* a UDP socket of the same five-tuple and its error queue: no privilege. One probe at a time. */
};

/* Both with the flow's ports and of one family; addresses of IPv4 may be mapped to IPv6. */
struct hops_flow {
    struct sockaddr_storage local, peer;
    socklen_t size;
    bool is_tcp;
    char device[HOPS_DEVICE_SIZE]; /* the interface that the flow's socket is bound to; "" for none */
};

/* Of one distance. Times are round trips by the kernel's time of arrival; NAN without an answer. */
struct hop {
    char address[HOPS_ADDRESS_SIZE]; /* numeric; the most frequent if there are several; "" if unanswered */
    uint32_t n_sent, n_answered;
    double min_ms, max_ms;
    char labels[HOPS_LABELS_SIZE]; /* MPLS labels of the last answer that had some (RFC 4950): "label/tc/s/ttl", blanks
                                    * between; whole ones, as many as there is room for */
    uint32_t n_watched, n_watched_answered; /* by the watch; not those that are still waited for */
};

/* Hops 1 to n - the peer itself is not among them. All 0 but at_ns, by and ports where there is nothing between. */
struct hops_route {
    int64_t at_ns;         /* the beginning, by CLOCK_BOOTTIME */
    double seconds;        /* from the beginning to the last answer or the end of the waiting */
    int64_t watched_at_ns; /* since when the watch's probes are counted (they end at at_ns); 0: no watch */
    enum hops_by by;
    uint32_t distance; /* of the peer: 1 is the same network; 0: unknown, then n is the last hop that answered */
    size_t n;
    struct hop hop[HOPS_MAX]; /* [0] is the hop of time to live 1 */
    uint16_t source_port, destination_port;
};

struct hops;

/* True if this user may open raw sockets. */
bool hops_may_be_raw(void);

/* A prober; sends nothing yet. control_port: where the peer listens for TCP; 0: not known, so the distance stays
 * unknown. may_share: the flow's own socket has SO_REUSEADDR, so that another one can have its address and port. NULL
 * if neither way is there, or when out of memory: what is lacking is in why, one phrase. */
struct hops *hops_new(const struct hops_flow *flow, uint16_t control_port, bool may_share, char *why, size_t size);

/* NULL is accepted. */
void hops_free(struct hops *hops);

enum hops_by hops_by(const struct hops *hops);

/* Begins a trace; ignored while one runs. flow may differ from the one before (other ports). is_for_loss: up to 10
 * probes for each hop, evenly over 6 s; otherwise 3, each round in 0.3 s or more. How often is the caller's to limit:
 * routers limit their answers (Linux: 6 at once and 1 a second, to one host). */
void hops_trace(struct hops *hops, const struct hops_flow *flow, bool is_for_loss);

/* Sends what is due, takes answers. Never blocks, and may be called at any time; now_ns is CLOCK_BOOTTIME. *next_ns
 * is when to call again: a later call makes a trace longer, and nothing wrong. True once when a trace has ended. */
bool hops_tend(struct hops *hops, int64_t now_ns, int64_t *next_ns);

/* The last trace that ended; NULL before. Valid until the next one ends. */
const struct hops_route *hops_route(const struct hops *hops);

/* What the watch has counted since the last trace began its watch, until now_ns: a route without probes of a trace.
 * NULL if there was no watch, and while a trace runs. Valid until the next call. */
const struct hops_route *hops_watched(struct hops *hops, int64_t now_ns);

/* The watch: one probe a second, in turn to each hop that answered the last trace; a hop that does not answer is asked
 * again at once. Begins when a trace ends. True if it has seen another address than those of the last trace, or if a
 * hop that answers at least 9 of 10 has not answered 4 in a row; forgets it, and says it once for each trace. */
bool hops_has_changed(struct hops *hops);

/* HOPS_BY_ERRORS: datagrams from the peer come to this socket instead of the flow's own. As recv() with MSG_DONTWAIT;
 * -1 with EAGAIN also by raw sockets, which take nothing. */
ssize_t hops_read(struct hops *hops, void *bytes, size_t size);

#endif
