/* path_mtu_probe.h - one packet of a given size to a peer: does it arrive? */
#ifndef PATH_MTU_PROBE_H
#define PATH_MTU_PROBE_H

#include "path/path_measure.h"

enum mtu_method {
    MTU_ICMP, /* an echo, and its answer */
    MTU_UDP,  /* a datagram to a port where nobody listens, and the ICMP error that says so */
    MTU_TCP,  /* a segment of that size to the server's port, and its acknowledgement */
    MTU_N_METHODS
};

enum mtu_answer {
    MTU_ARRIVED,
    MTU_TOO_BIG, /* somebody said so: a router, or this host's own kernel */
    MTU_SILENT,
    MTU_RESET,   /* by TCP: the connection is reset. That may be what the segment brought about, and it may be chance */
    MTU_NO_PROBE /* such a packet cannot be sent this way */
};

struct mtu_probe;

/* NULL, and why, when this kernel or user may not. */
struct mtu_probe *mtu_probe_new(const struct path_ends *ends, enum mtu_method method, char *why, size_t size);
void mtu_probe_free(struct mtu_probe *probe);

/* Sends an IP packet of so many bytes, its headers counted, that nobody may fragment (unless may_fragment; not by TCP),
 * and waits for what becomes of it. MTU_TOO_BIG: *mtu is what is said to fit, 0 when that was not said, and router who
 * said it, "" for this host. MTU_NO_PROBE: *mtu is the largest that can be sent this way, 0 for none. */
enum mtu_answer mtu_probe_send(struct mtu_probe *probe, int bytes, bool may_fragment, int wait_ms, int *mtu,
                               char router[64]);

const char *mtu_probe_text(enum mtu_method method); /* "icmp", "udp", "tcp" */

#endif
