/* engine_guard.h - limits what a peer can send to libiperf: on the control connection, and as datagrams of its
 * streams. */
#ifndef ENGINE_GUARD_H
#define ENGINE_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/cidr.h"

#define HARD_ERROR (-2) /* net.h: NET_HARDERROR */

struct iperf_test;

/* Once per process, before the session. udp_from: a server's networks from which a client's datagrams may come, besides
 * its own address. */
void engine_guard_begin(struct iperf_test *test, bool is_server, const struct cidr *udp_from, size_t n_udp_from);

/* True if fd is the control connection of the session, once that is known. */
bool engine_guard_is_control(int fd);

/* libiperf's Nread begins or ends: reads of the control connection in between are pieces. */
void engine_guard_reads(int fd, bool is_inside);

/* True if a document's length, or an error's number, arrived only in part: libiperf up to 3.16 would use it anyway. */
bool engine_guard_is_cut(int fd, size_t n, int got);

/* The errno of the last write to a stream that failed; 0 if none did. libiperf closes sockets before it reports an
 * error, and errno is another one by then. */
int engine_guard_stream_errno(void);

/* Checks what libiperf has read from a connection: got of n bytes. If an honest peer cannot have sent it, the process
 * ends and its parent learns why. */
void engine_guard_check(int fd, const char *bytes, size_t n, ssize_t got);

#endif
