/* serve_limits.h - a server's limits for one test: for what it asks, and for what it does. */
#ifndef SERVE_LIMITS_H
#define SERVE_LIMITS_H

#include <jansson.h>
#include <longhaul.h>

/* All zero at the beginning of a test. */
struct serve_limits {
    int64_t sampled_ns; /* CLOCK_BOOTTIME of the newest sample; 0 before the first */
    uint64_t sampled_bytes;
    unsigned n_fast; /* successive intervals above the greatest rate */
    double seconds;  /* observed so far ... */
    double bits;     /* ... and the bits received in that time */
};

/* Checks what a test asks for: returns libiperf's error number, with why filled, if the test is refused, else 0. start
 * is the data of libiperf's event "start". */
int serve_limits_asked(const struct longhaul_server_options *options, const json_t *start, char why[128]);
/* The same after each interval: a client may send faster than it asked for ... */
int serve_limits_came(struct serve_limits *limits, const struct longhaul_server_options *options,
                      const struct longhaul_interval *interval, char why[128]);
/* ... and, independent of the length of its intervals, for the bytes received so far. The caller uses this about once a
 * second, or else serve_limits_came(). */
int serve_limits_sampled(struct serve_limits *limits, const struct longhaul_server_options *options, uint64_t bytes,
                         int64_t boot_ns, char why[128]);
/* ... and at any time for the time since the start: the test may take longer. */
int serve_limits_lasted(const struct longhaul_server_options *options, double seconds, char why[128]);

#endif
