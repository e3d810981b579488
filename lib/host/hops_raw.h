/* hops_raw.h - sends probes and receives answers by raw sockets (CAP_NET_RAW). */
#ifndef HOPS_RAW_H
#define HOPS_RAW_H

#include <stdbool.h>
#include <stdint.h>

#include "host/hops_answer.h"
#include "host/hops_packet.h"
#include "host/stamped_read.h"

struct hops_raw {
    int send_fd, icmp_fd;
    int port_fd,
        tcp_fd;     /* while the distance is measured: keeps a port free of listeners; the peer's answers. Else -1 */
    uint16_t port;  /* that port; 0: none */
    int label_fd;   /* IPv6, meanwhile: sees the flow's own packets; else -1 */
    uint32_t label; /* their flow label, which routers may hash; 0 before one was seen */
    struct stamp_clock clock;
};

/* false, with errno set and nothing open, if this user may not. */
bool hops_raw_open(struct hops_raw *raw, const struct hops_ends *ends);
void hops_raw_close(struct hops_raw *raw);

/* Before and after SYNs from raw->port to control_port. false if there is no port or socket for it. */
bool hops_raw_begin_distance(struct hops_raw *raw, const struct hops_ends *ends, uint16_t control_port);
void hops_raw_end_distance(struct hops_raw *raw);

/* For IPv6: from begin on, the flow's own packets are looked at; take learns their newest label, if there were some,
 * and ends that. */
void hops_raw_begin_label(struct hops_raw *raw, const struct hops_ends *ends, bool is_tcp);
void hops_raw_take_label(struct hops_raw *raw);

/* false if the kernel does not send it. */
bool hops_raw_send(struct hops_raw *raw, const struct hops_ends *ends, const struct hops_packet *packet);

/* The next answer that has arrived; false if nothing has. */
bool hops_raw_receive(struct hops_raw *raw, const struct hops_ends *ends, struct hops_answer *answer);

#endif
