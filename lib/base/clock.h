/* clock.h - the clocks: one with a date, one that counts, and one that also counts while the host sleeps. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/units.h"

static inline int64_t clock_ns(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

static inline int64_t clock_wall_ns(void) { return clock_ns(CLOCK_REALTIME); }
static inline int64_t clock_monotonic_ns(void) { return clock_ns(CLOCK_MONOTONIC); }
/* The clock that times legs: a second of suspend is a second of the day too. */
static inline int64_t clock_boot_ns(void) { return clock_ns(CLOCK_BOOTTIME); }
static inline double clock_monotonic_s(void) { return (double)clock_monotonic_ns() / NS_PER_S; }

/* One moment, read from each clock. */
struct clock_reading {
    int64_t boot_ns;
    int64_t monotonic_ns;
    int64_t wall_ns;
};

#define CLOCK_SLEEP_NS NS_PER_S /* a smaller difference is not a sleep: the two clocks cannot be read at the same
                                 * instant */

/* True if the host slept between an earlier reading, whose boot - monotonic difference is given, and this one. */
static inline bool clock_has_slept(int64_t boot_ns, int64_t monotonic_ns, int64_t boot_less_monotonic_ns)
{
    return boot_ns - monotonic_ns - boot_less_monotonic_ns > CLOCK_SLEEP_NS;
}

static inline struct clock_reading clock_read(void)
{
    return (struct clock_reading){ .boot_ns = clock_boot_ns(),
                                   .monotonic_ns = clock_monotonic_ns(),
                                   .wall_ns = clock_wall_ns() };
}

#endif
