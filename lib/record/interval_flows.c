/* interval_flows.c - writes what each of several flows did in an interval, as short as all is well. */

#include "record/interval_flows.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/flow.h"
#include "model/iperf_json.h"

#define STANDS_OUT 2.0 /* times the median of the flows' 99th percentiles, ... */
#define STANDS_OUT_US 200.0 /* ... and so much more */
#define MEMBER_BYTES 22
#define FLOW_BYTES (12 * MEMBER_BYTES) /* of a flow in the text, at most */

struct flow {
    double packets, lost; /* NAN if unknown */
    struct flow_seen seen;
};

static struct flow_seen seen_none(void)
{
    return (struct flow_seen){
#define NONE(member, letter) .member = NAN,
        FLOW_MEMBERS(NONE)
#undef NONE
    };
}

struct flow_seen interval_flow_seen(const char *text, long socket)
{
    struct flow_seen seen = seen_none();
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        char *at;
        if (strtol(line, &at, 10) != socket)
            continue;
#define TAKE(member, letter) seen.member = strtod(at, &at);
        FLOW_MEMBERS(TAKE)
#undef TAKE
        break;
    }
    return seen;
}

static struct flow flow_of(const json_t *stream, const char *text)
{
    long socket = (long)json_integer_value(json_object_get(stream, "socket"));
    struct flow flow = { .packets = count_of(stream, "packets"), .lost = number_of(stream, "lost_packets"),
                         .seen = interval_flow_seen(text, socket) };
    if (flow.seen.late > 0)
        flow.lost -= flow.seen.late;
    return flow;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A 99th percentile that is greater than this stands out among its siblings; NAN if none is known. */
static double limit_of(const struct flow *flows, size_t n)
{
    double known[FLOWS_MAX];
    size_t n_known = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(flows[i].seen.p99_us))
            known[n_known++] = flows[i].seen.p99_us;
    qsort(known, n_known, sizeof *known, by_size);
    return n_known > 0 ? STANDS_OUT * known[(n_known - 1) / 2] + STANDS_OUT_US : NAN;
}

static size_t put(char *text, char letter, double value)
{
    *text = letter;
    return 1 + (size_t)snprintf(text + 1, MEMBER_BYTES, "%.0f", fmax(-1e17, fmin(1e17, value)));
}

static size_t put_flow(char *text, const struct flow *flow, double limit_us)
{
    const struct flow_seen *seen = &flow->seen;
    bool stands_out = seen->p99_us > limit_us;
    size_t n = isnan(flow->packets) ? (size_t)snprintf(text, MEMBER_BYTES, " ?") : put(text, ' ', flow->packets);
    if (!isnan(flow->lost) && flow->lost != 0)
        n += put(text + n, 'l', flow->lost);
#define PUT(member, letter)                                                                                            \
    if (letter && (letter == 'p' || letter == 'm' ? stands_out                                                         \
                   : letter == 's'                ? seen->silences > 0                                                 \
                                                  : !isnan(seen->member) && seen->member != 0))                        \
        n += put(text + n, letter, seen->member);
    FLOW_MEMBERS(PUT)
#undef PUT
    return n;
}

char *interval_flows_text(const json_t *interval, const char *seen)
{
    const json_t *streams = json_object_get(interval, "streams");
    size_t n_flows = json_array_size(streams), n = 0;
    struct flow flows[FLOWS_MAX];
    if (n_flows == 0)
        return NULL;
    n_flows = n_flows < FLOWS_MAX ? n_flows : FLOWS_MAX;
    for (size_t i = 0; i < n_flows; i++)
        flows[i] = flow_of(json_array_get(streams, i), seen);
    double limit_us = limit_of(flows, n_flows);
    char *text = malloc(n_flows * FLOW_BYTES + 1);
    for (size_t i = 0; text && i < n_flows; i++)
        n += put_flow(text + n, &flows[i], limit_us);
    if (text)
        memmove(text, text + 1, n); /* without the first blank */
    return text;
}
