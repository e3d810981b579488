/* serve_limits.h - what a server allows of one test: as it is asked for, and as it turns out to be. */
#ifndef SERVE_LIMITS_H
#define SERVE_LIMITS_H

#include <jansson.h>
#include <longhaul.h>

/* All zero at a test's beginning. */
struct serve_limits {
    unsigned n_fast; /* intervals in a row over the largest rate */
    double seconds;  /* observed so far ... */
    double bits;     /* ... and what came in them */
};

/* libiperf's number for why this test is refused, with why filled, or 0. start is the data of libiperf's event "start". */
int serve_limits_asked(const struct longhaul_serve_options *options, const json_t *start, char why[128]);
/* Likewise, after another of its intervals: a client may send faster than it asked for ... */
int serve_limits_came(struct serve_limits *limits, const struct longhaul_serve_options *options,
                      const struct longhaul_interval *interval, char why[128]);
/* ... and, at any time, so long after its start: for longer. */
int serve_limits_lasted(const struct longhaul_serve_options *options, double seconds, char why[128]);

#endif
