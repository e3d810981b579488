/* clock.h - the two clocks: one that counts, one that has a date. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)

static inline int64_t clock_ns(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

static inline int64_t clock_monotonic_ns(void) { return clock_ns(CLOCK_MONOTONIC); }
static inline int64_t clock_wall_ns(void) { return clock_ns(CLOCK_REALTIME); }

#endif
