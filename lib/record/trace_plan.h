/* trace_plan.h - decides when the route of a leg is traced, of which flow, and why. Knows no clock and no socket: times
 * are given, so that days can be tested in a moment. */
#ifndef TRACE_PLAN_H
#define TRACE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/flow.h"

/* Why a trace was made, in the order of importance; the names are in files and must not change. */
enum trace_why {
    TRACE_NONE,
    TRACE_START, /* the session began */
    TRACE_HOURLY,
    TRACE_ENDED,  /* a trouble is over */
    TRACE_CHANGE, /* the watch saw another route */
    TRACE_SHIFT,  /* the least delay changed */
    TRACE_DELAY,  /* datagrams wait in a queue */
    TRACE_LOSS,
    TRACE_SILENCE, /* nothing arrives */
    TRACE_WATCH,   /* no trace: what the watch counted until the leg's end */
    TRACE_N_WHYS
};

/* "start", ...; "" for TRACE_NONE. */
const char *trace_why_name(enum trace_why why);
/* TRACE_NONE for another name. */
enum trace_why trace_why_of(const char *name);

/* A token bucket: at most `most` at once, and one more every each_ns. */
struct bucket {
    double tokens, most;
    int64_t each_ns, filled_ns; /* filled_ns: when tokens was last computed */
};

/* Full. */
struct bucket bucket_full(double most, int64_t each_ns, int64_t now_ns);
/* Takes a token, if at least `least` are in it. */
bool bucket_take(struct bucket *bucket, double least, int64_t now_ns);
/* When that many will be in it. */
int64_t bucket_due_ns(const struct bucket *bucket, double least);

/* All zero before the first session. */
struct trace_plan {
    struct bucket bucket;
    size_t n_flows;
    size_t next_flow;         /* of the round through all flows; n_flows when it is over */
    enum trace_why round_why; /* TRACE_START or TRACE_HOURLY */
    int64_t next_round_ns;
    enum trace_why trouble; /* TRACE_NONE while all is well */
    enum trace_why wanted;  /* the trouble for which a trace is to be made; TRACE_NONE for none */
    size_t trouble_flow, change_flow;
    bool is_end_wanted, is_change_wanted;
    int64_t repeat_ns; /* when a loss that lasts is traced again; only while trouble is TRACE_LOSS */
    int64_t pause_ns;  /* until it is traced once more after that */
};

/* A session with so many flows (at least 1, at most FLOWS_MAX) began. */
void trace_plan_begin(struct trace_plan *plan, size_t n_flows, int64_t now_ns);
/* A trouble was noticed, or goes on: TRACE_SHIFT, which is over at once, TRACE_DELAY, TRACE_LOSS or TRACE_SILENCE. Only
 * one that is new, or graver than the one that was known, leads to a trace. */
void trace_plan_trouble(struct trace_plan *plan, enum trace_why why, size_t flow);
/* All is well, again or still. */
void trace_plan_quiet(struct trace_plan *plan);
/* The watch, on that flow, saw another route. */
void trace_plan_change(struct trace_plan *plan, size_t flow);

/* The trace that is due now, and that is made then: TRACE_NONE for none. At most 3 in a row and one a minute on
 * average. The round through the flows leaves two for what may happen. A loss that lasts is traced again at once, since
 * few probes are lost at a time, and then after 1, 2, 4 ... minutes, as long as one is left for its end. */
enum trace_why trace_plan_take(struct trace_plan *plan, size_t *flow, int64_t now_ns);
/* When there may be one, if nothing happens until then. */
int64_t trace_plan_due_ns(const struct trace_plan *plan);

#endif
