/* engine_datagram.h - decides which UDP datagrams reach libiperf: the peer's own, with numbers that it can have reached
 * by then. */
#ifndef ENGINE_DATAGRAM_H
#define ENGINE_DATAGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cidr.h"

struct iperf_test;

/* True for the descriptor of a socket of datagrams. */
bool engine_datagram_is_socket(int fd);

/* Called by engine_guard_begin(), with the same arguments. */
void engine_datagram_begin(struct iperf_test *test, bool is_server, const struct cidr *udp_from, size_t n_udp_from);

/* From now on a server's client may send. */
void engine_datagram_start(void);

/* Checks what libiperf has read from a stream's socket: returns got, or 0 for a datagram that counts as not read. */
int engine_datagram_check(int fd, char *bytes, int got);

/* The number of datagrams rejected so far: from other hosts, or without a greeting where one is due; with an impossible
 * number. */
void engine_datagram_counts(uint32_t *n_foreign, uint32_t *n_impossible);

/* True if the server counts in 32 bits although it was asked for 64 (iperf3 up to 3.0): its numbers are read as 32
 * bits. */
bool engine_datagram_is_32_bit(void);

#endif
