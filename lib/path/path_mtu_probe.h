/* path_mtu_probe.h - tests whether one packet of a given size reaches a peer. */
#ifndef PATH_MTU_PROBE_H
#define PATH_MTU_PROBE_H

#include "path/path_measure.h"

enum mtu_method {
    MTU_ICMP, /* an echo and its reply */
    MTU_UDP,  /* a datagram to a port without a listener, and the ICMP error that reports it */
    MTU_TCP,  /* a segment of that size to the server's port, and its acknowledgement */
    MTU_N_METHODS
};

enum mtu_answer {
    MTU_ARRIVED,
    MTU_TOO_BIG, /* reported by a router, or by this host's own kernel */
    MTU_SILENT,
    MTU_RESET,   /* the TCP connection was reset, because of the segment or by chance */
    MTU_NO_PROBE /* a packet of this size cannot be sent with this method */
};

struct mtu_probe;

/* NULL, with the reason, if this kernel or user may not. */
struct mtu_probe *mtu_probe_new(const struct path_ends *ends, enum mtu_method method, char *why, size_t size);
void mtu_probe_free(struct mtu_probe *probe);

/* Sends an IP packet of the given size, headers included, that must not be fragmented (unless may_fragment; not with
 * TCP), and waits for the outcome. MTU_TOO_BIG: *mtu is the size reported as fitting, 0 if none was reported, and
 * router is who reported it, "" for this host. MTU_NO_PROBE: *mtu is the largest size that this method can send, 0 for
 * none. */
enum mtu_answer mtu_probe_send(struct mtu_probe *probe, int bytes, bool may_fragment, int wait_ms, int *mtu,
                               char router[64]);

const char *mtu_probe_text(enum mtu_method method); /* "icmp", "udp", "tcp" */

#endif
