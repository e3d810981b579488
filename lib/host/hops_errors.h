/* hops_errors.h - sends probes of a UDP flow without any privilege, and receives the answers from the error queue. */
#ifndef HOPS_ERRORS_H
#define HOPS_ERRORS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "host/hops_answer.h"
#include "host/hops_packet.h"
#include "host/stamped_read.h"

struct hops_errors {
    int flow_fd;     /* a second socket with the flow's five-tuple: the kernel gives errors to the newest one */
    int distance_fd; /* to a closed port; -1 while no distance is measured */
    struct stamp_clock clock;
};

/* The flow's own socket has SO_REUSEADDR. false, with errno set and nothing open, if the kernel does not want a second
 * one. */
bool hops_errors_open(struct hops_errors *errors, const struct hops_ends *ends);
void hops_errors_close(struct hops_errors *errors);

bool hops_errors_begin_distance(struct hops_errors *errors, const struct hops_ends *ends);
void hops_errors_end_distance(struct hops_errors *errors);

/* An empty datagram. One at a time for each socket: no answer says which one it is about. */
bool hops_errors_send(struct hops_errors *errors, bool is_ipv6, bool is_for_distance, uint8_t ttl);

/* The next answer to what that socket sent; ids and ports are not known. false if nothing has arrived. */
bool hops_errors_receive(struct hops_errors *errors, const struct hops_ends *ends, bool is_for_distance,
                         struct hops_answer *answer);

/* A datagram from the peer, as recv(). */
ssize_t hops_errors_read(struct hops_errors *errors, void *bytes, size_t size);

#endif
