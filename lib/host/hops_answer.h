/* hops_answer.h - what routers and the peer answer to a probe of a flow's hops. */
#ifndef HOPS_ANSWER_H
#define HOPS_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/hops_labels.h"
#include "host/hops_packet.h"

enum hops_answer_kind {
    HOPS_EXCEEDED,    /* a router: the time to live was over */
    HOPS_UNREACHABLE, /* a router has no way to the peer */
    HOPS_REFUSED,     /* a router's or a host's filter does not want this probe */
    HOPS_REACHED      /* the peer itself */
};

struct hops_answer {
    enum hops_answer_kind kind;
    unsigned char from[16];
    /* The probe, by what is quoted. */
    bool is_tcp;
    uint16_t id, source_port, destination_port;
    uint8_t ttl; /* HOPS_REACHED: of the answer when it arrived; 0: unknown */
    char labels[HOPS_LABELS_SIZE];
    int64_t arrival_ns; /* CLOCK_BOOTTIME; 0: unknown */
};

/* An ICMP error as a raw socket receives it: for IPv4 with its IP header; for IPv6 without, and answer->from is known
 * already. false if it is not an error about a probe to this peer, or damaged. The quoted source address does not
 * count: it may be that of a translation (NAT). */
bool hops_answer_take_icmp(struct hops_answer *answer, const struct hops_ends *ends, const unsigned char *bytes,
                           size_t n);

/* A segment as a raw socket receives it; answer->from as above. true if the peer answers a SYN by it. */
bool hops_answer_take_tcp(struct hops_answer *answer, const struct hops_ends *ends, const unsigned char *bytes,
                          size_t n);

/* What ICMP's type and code say; false if the message answers no probe. */
bool hops_answer_kind_of(bool is_ipv6, uint8_t type, uint8_t code, enum hops_answer_kind *kind);

#endif
