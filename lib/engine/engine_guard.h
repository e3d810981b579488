/* engine_guard.h - what a peer may say to libiperf: on the control connection, and as datagrams of its streams. */
#ifndef ENGINE_GUARD_H
#define ENGINE_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/cidr.h"

struct iperf_test;

/* Once per process, before the session. udp_from: a server's, networks from which a client's datagrams may come besides
 * its own address. */
void engine_guard_begin(struct iperf_test *test, bool is_server, const struct cidr *udp_from, size_t n_udp_from);

/* Whether it is the control connection of the session, once that is known. */
bool engine_guard_is_control(int fd);

/* libiperf's Nread begins, ends: what it reads of the control connection in between are pieces. */
void engine_guard_reads(int fd, bool is_inside);

/* Whether a document's length, or an error's number, came only in part: libiperf up to 3.16 would use it all
 * the same. */
bool engine_guard_is_cut(int fd, size_t n, int got);

/* What libiperf has read of a connection: got of n bytes. Where that is more than an honest peer says the process ends,
 * and its parent knows why. */
void engine_guard_check(int fd, const char *bytes, size_t n, ssize_t got);

/* How much of this process's memory is data (the kernel's RLIMIT_DATA counts it), at most: what it has now,
 * and more. */
void engine_guard_memory(size_t more_bytes);
/* ... what the session that libiperf knows by now can need. */
void engine_guard_memory_of_test(void);

#endif
