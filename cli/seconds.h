/* seconds.h - a clock's time in seconds. */
#ifndef SECONDS_H
#define SECONDS_H

#include <time.h>

static inline double seconds_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

#endif
