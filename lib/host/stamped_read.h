/* stamped_read.h - reads a datagram together with the kernel's time of its arrival. */
#ifndef STAMPED_READ_H
#define STAMPED_READ_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* One reader's knowledge of the difference of the two clocks. All 0 at first. */
struct stamp_clock {
    int64_t ahead_ns, width_ns; /* CLOCK_REALTIME less CLOCK_BOOTTIME, and how exactly it could be read; 0: not yet */
    int64_t since_wall_ns;      /* CLOCK_REALTIME was set before this time: older stamps say nothing */
};

/* Asks the kernel to stamp the datagrams of a socket, from the next one on. */
void stamped_read_begin(int fd);

/* As recv(). *arrival_ns is the arrival and *read_ns the time now, both by CLOCK_BOOTTIME; *arrival_ns is 0 if
 * unknown: without a stamp, or when CLOCK_REALTIME was set in between. */
ssize_t stamped_read(int fd, void *bytes, size_t n, int flags, struct stamp_clock *clock, int64_t *arrival_ns,
                     int64_t *read_ns);

#endif
