/* trace_post.h - how troubles and traces get to the other end by datagrams that may be lost (engine/news.h): what is
 * said when, and again. Knows no sockets; times are given. */
#ifndef TRACE_POST_H
#define TRACE_POST_H

#include <jansson.h>

#include "engine/news.h"
#include "record/trace_plan.h"

/* ---- the receiver of the data tells of troubles: once a second while one lasts, and three times that it is over */

struct trouble_teller {
    enum trace_why said; /* TRACE_NONE: all is well */
    int64_t due_ns;      /* when it may be said again */
    unsigned n_ends;     /* how often the end must still be said */
};

/* Takes what is now (trouble_take()): true if out is to be sent. */
bool trouble_teller_take(struct trouble_teller *teller, enum trace_why why, size_t flow, int64_t now_ns,
                         struct news *out);

/* ---- the sender of the data hears of them */

struct trouble_hearer {
    enum trace_why why;
    size_t flow;
    int64_t heard_ns, patience_ns; /* patience_ns: after which a trouble that was not repeated is over */
};

/* News come with the receiver's intervals, at most once a second: a few may be lost. */
struct trouble_hearer trouble_hearer_of(double interval_s);

/* Takes a NEWS_TROUBLE or NEWS_QUIET. A shift is passed on once; it lasts no time. */
void trouble_hearer_take(struct trouble_hearer *hearer, const struct news *news, int64_t now_ns);
/* What is to be noted now: a trouble that was not repeated for some seconds is over. */
enum trace_why trouble_hearer_now(struct trouble_hearer *hearer, size_t *flow, int64_t now_ns);

/* ---- traces to the receiver: in order, each until its arrival was told or too many were sent in vain */

#define TRACE_POST_MAX 8

struct trace_letter {
    char *text; /* NULL: none */
    size_t length;
    uint64_t id;
    int64_t at_ns; /* when the trace began */
    unsigned n_tries;
};

struct trace_outbox {
    struct trace_letter letters[TRACE_POST_MAX]; /* the first ones are there; the oldest first */
    uint32_t next_part;
    int64_t due_ns;
    uint64_t last_id;
};

/* Adds a trace whose times are relative to at_ns; does not take the reference. If there is no room, the oldest goes. */
void trace_outbox_add(struct trace_outbox *box, const json_t *trace, int64_t at_ns);
/* The next part to be sent in a datagram of at most `size` bytes: true with out, whose piece is borrowed. Call again
 * until it is false. */
bool trace_outbox_next(struct trace_outbox *box, size_t size, int64_t now_ns, struct news *out);
/* A NEWS_GOT. */
void trace_outbox_got(struct trace_outbox *box, uint64_t id);
bool trace_outbox_is_empty(const struct trace_outbox *box);
void trace_outbox_clear(struct trace_outbox *box);

struct trace_inbox {
    uint64_t id;
    uint32_t n_parts, n_there;
    char *pieces[NEWS_PARTS_MAX];
    uint64_t done[TRACE_POST_MAX]; /* ids of the last ones that were whole */
    size_t n_done;
};

/* Takes a NEWS_PART. Returns the trace when it is whole, a new reference, once; else NULL. *is_got: its arrival is to
 * be told, now or again. */
json_t *trace_inbox_take(struct trace_inbox *box, const struct news *part, bool *is_got);
void trace_inbox_clear(struct trace_inbox *box);

#endif
