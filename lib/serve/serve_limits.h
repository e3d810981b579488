/* serve_limits.h - what a server allows of one test: as it is asked for, and as it turns out to be. */
#ifndef SERVE_LIMITS_H
#define SERVE_LIMITS_H

#include <jansson.h>
#include <longhaul.h>

/* All zero at a test's beginning. */
struct serve_limits {
    int64_t sampled_ns; /* CLOCK_BOOTTIME of the newest sample; 0 before the first */
    uint64_t sampled_bytes;
    unsigned n_fast; /* intervals in a row over the largest rate */
    double seconds;  /* observed so far ... */
    double bits;     /* ... and what came in them */
};

/* libiperf's number for why this test is refused, with why filled, or 0. start is the data of libiperf's
 * event "start". */
int serve_limits_asked(const struct longhaul_server_options *options, const json_t *start, char why[128]);
/* Likewise, after another of its intervals: a client may send faster than it asked for ... */
int serve_limits_came(struct serve_limits *limits, const struct longhaul_server_options *options,
                      const struct longhaul_interval *interval, char why[128]);
/* ... and whatever the length of its intervals: bytes have come so far. Either this is asked, about once a second, or
 * serve_limits_came(). */
int serve_limits_sampled(struct serve_limits *limits, const struct longhaul_server_options *options, uint64_t bytes,
                         int64_t boot_ns, char why[128]);
/* ... and, at any time, so long after its start: for longer. */
int serve_limits_lasted(const struct longhaul_server_options *options, double seconds, char why[128]);

#endif
