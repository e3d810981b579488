/* route_talk.h - what both ends of a session do for the traces of a leg's route: see troubles in the intervals, tell
 * the other end of them or hear of them, and have the tracer know them. For whoever sends the data or receives it;
 * what becomes of a trace is the caller's. */
#ifndef ROUTE_TALK_H
#define ROUTE_TALK_H

#include <jansson.h>
#include <longhaul.h>

#include "engine/engine.h"
#include "record/record.h"
#include "record/trace_post.h"
#include "record/tracer.h"
#include "record/trouble.h"

struct route_talk {
    struct tracer tracer;         /* of what this host sends */
    struct trouble trouble;       /* as this host sees it */
    enum trace_why here;          /* what it sees now, ... */
    size_t here_flow;             /* ... and most on which flow */
    struct trouble_hearer hearer; /* of what is sent: as the receiver sees it */
    struct trouble_teller teller; /* of what is received */
    char magic[NEWS_MAGIC_BYTES];
    bool has_magic;
    int64_t tend_ns, listen_ns; /* when the tracer is due, and when news are looked for */
};

/* A session began; start is libiperf's start event, without whose cookie there are no news. */
void route_talk_begin(struct route_talk *talk, const json_t *start, double interval_s);

/* An interval. A receiver that may tell sends its troubles. */
void route_talk_row(struct route_talk *talk, struct engine *engine, const struct record_row *row,
                    const struct longhaul_interval *interval, bool is_receiver, bool may_tell);

/* Sends one datagram of news, if the session has an engine (NULL is accepted) and a cookie. */
void route_talk_send(struct route_talk *talk, struct engine *engine, const struct news *news);

/* For a sender, when listen_ns is over: takes what has arrived, and has the tracer note how things are. outbox: whose
 * traces' arrival the other end tells; may be NULL. */
void route_talk_listen(struct route_talk *talk, struct engine *engine, struct trace_outbox *outbox, int64_t now_ns);

/* When to go on; is_listening: also for news. */
int64_t route_talk_due_ns(const struct route_talk *talk, bool is_listening);

#endif
