/* engine_datagram.h - which UDP datagrams reach libiperf: the peer's own, with numbers that it can have sent
 * by then. */
#ifndef ENGINE_DATAGRAM_H
#define ENGINE_DATAGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cidr.h"

struct iperf_test;

/* As engine_guard_begin(), which calls it. */
void engine_datagram_begin(struct iperf_test *test, bool is_server, const struct cidr *udp_from, size_t n_udp_from);

/* A server's client may send from now on. */
void engine_datagram_start(void);

/* What libiperf has read from a stream's socket: got, or 0 for a datagram that counts as not read. */
int engine_datagram_check(int fd, char *bytes, int got);

/* How many were not taken so far: from elsewhere, or no greeting where one is due; with an impossible number. */
void engine_datagram_counts(uint32_t *n_foreign, uint32_t *n_impossible);

/* Whether the server counts in 32 bits though it was asked for 64 (iperf3 up to 3.0): its numbers are read as
 * they are. */
bool engine_datagram_is_32_bit(void);

#endif
