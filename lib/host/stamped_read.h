/* stamped_read.h - reads a datagram together with the kernel's time of its arrival, and what its socket has dropped. */
#ifndef STAMPED_READ_H
#define STAMPED_READ_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

/* One reader's knowledge of the difference of the two clocks. All 0 at first. */
struct stamp_clock {
    int64_t ahead_ns, width_ns; /* CLOCK_REALTIME less CLOCK_BOOTTIME, and how exactly it could be read; 0: not yet */
    int64_t looked_wall_ns;     /* CLOCK_REALTIME when they were last compared */
    int64_t since_wall_ns;      /* CLOCK_REALTIME was set before this time: older stamps say nothing */
};

/* arrival_ns is the arrival and read_ns the time when it was read, both by CLOCK_BOOTTIME. arrival_ns is 0 if unknown:
 * without a stamp, or when CLOCK_REALTIME was set in between. n_dropped is how many datagrams the socket had dropped
 * for lack of room when this one came (SO_RXQ_OVFL; modulo 2^32). */
struct stamp {
    int64_t arrival_ns, read_ns;
    uint32_t n_dropped;
};

/* Asks the kernel to stamp the datagrams of a socket, from the next one on. */
void stamped_read_begin(int fd);

/* As recvmsg(); message has room for control data: stamps are part of it. */
ssize_t stamped_message(int fd, struct msghdr *message, int flags, struct stamp_clock *clock, struct stamp *stamp);

/* As recv(). */
ssize_t stamped_read(int fd, void *bytes, size_t n, int flags, struct stamp_clock *clock, struct stamp *stamp);

#endif
