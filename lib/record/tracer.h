/* tracer.h - traces the route of what one session after the other of a leg sends: trace_plan.h says when, host/hops.h
 * does it. For the host that sends the data, whoever keeps the record. */
#ifndef TRACER_H
#define TRACER_H

#include <jansson.h>

#include "host/hops.h"
#include "record/trace_plan.h"
#include "record/trace_post.h"

struct tracer {
    struct trace_plan plan;
    bool is_tcp, may_share;
    uint16_t control_port;    /* of the peer; 0: none is known */
    const char *device;       /* the interface that the leg is bound to; "" or NULL for none; borrowed */
    struct hops *hops;        /* NULL: nothing can be traced, or need be */
    char lack[160];           /* why nothing can; "" for nothing said */
    struct hops_flow *flows;  /* of the session; plan.n_flows of them */
    size_t flow;              /* of the last trace */
    enum trace_why why;       /* of the trace that runs; TRACE_NONE for none */
    enum trace_why ended_why; /* of the last one that ended */
    bool is_running;          /* a session runs */
};

/* All zero. may_share: see hops_new(). control_port: 0 if this host is the server; the
 * client's host refuses a connection to the port of its flow, which tells its distance just as well. */
void tracer_init(struct tracer *tracer, bool is_tcp, bool may_share, uint16_t control_port);
void tracer_clear(struct tracer *tracer);

/* A session began; start is libiperf's start event, which has the flows. Nothing is traced to a peer that is this host,
 * or in one of its networks. */
void tracer_start(struct tracer *tracer, const json_t *start, int64_t now_ns);

/* What this host sees of the session, and on which flow, and what it hears of the other end: the graver one is noted
 * (trace_plan_trouble()), or that all is well. */
void tracer_note(struct tracer *tracer, enum trace_why here, size_t here_flow, struct trouble_hearer *hearer,
                 int64_t now_ns);

/* The session is over: a trace that runs may end, and no other begins. Returns what the watch counted since the last
 * trace, borrowed; NULL for nothing. */
const struct hops_route *tracer_stop(struct tracer *tracer, int64_t now_ns);

/* Does what is due; true when a trace has ended, which hops_route() of `hops` and ended_why tell. *next_ns is when to
 * call again, INT64_MAX for never. Never blocks. */
bool tracer_tend(struct tracer *tracer, int64_t now_ns, int64_t *next_ns);

/* A trace is in the record if there is something between the two hosts. */
bool tracer_is_worth(const struct hops_route *route);

#endif
