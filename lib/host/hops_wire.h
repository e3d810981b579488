/* hops_wire.h - a prober's sockets, what it sends, and whom an answer belongs to. */
#ifndef HOPS_WIRE_H
#define HOPS_WIRE_H

#include "host/hops_state.h"

/* Opens the sockets for the flow, as hops->by says. false with errno set. */
bool hops_wire_open(struct hops *hops);
void hops_wire_close(struct hops *hops);

/* Of the distance of the peer. false if there is no way to measure it. */
bool hops_wire_begin_distance(struct hops *hops);
void hops_wire_end_distance(struct hops *hops);

/* Ends what begin_distance began, too: the newest flow label of the flow, for probes by raw sockets. */
void hops_wire_take_label(struct hops *hops);

/* false if the kernel does not send it. */
bool hops_wire_send(struct hops *hops, enum hops_use use, enum hops_shape shape, uint32_t ttl);

/* Takes what has arrived, then gives up the probes that have waited long enough. */
void hops_wire_take(struct hops *hops, int64_t now_ns);

#endif
