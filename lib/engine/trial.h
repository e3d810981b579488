/* trial.h - one short test through the engine, as preflight and path run them. */
#ifndef TRIAL_H
#define TRIAL_H

#include "engine/engine.h"
#include "engine/session_event.h"

#define TRIAL_AGAIN_NS (300 * NS_PER_MS) /* a server that has just ended a test refuses for some 200 ms */

struct trial {
    /* The caller's, before trial_begin(); what it points to stays his. */
    struct engine_params params;
    int64_t patience_ns; /* from the child's hello to the test: connection, parameters, streams */
    void (*on_event)(const struct engine_event *event, const struct session_event *said, void *payload);
    void *payload;

    struct engine *engine; /* NULL before it and after it */
    int64_t due_ns;        /* CLOCK_BOOTTIME: it must have said something by then */
    unsigned n_forks;
    bool has_hello, has_started, is_asked;
    char error[160]; /* libiperf's document's; "" for none */
    /* When it is over: libiperf's i_errno or ENGINE_STUCK_..., 0 when it is none of these; why it came to no end, if it
     * did. */
    int i_errno;
    char why[200];
};

void trial_begin(struct trial *test);

/* What the child has said, and what is due; never waits. False when the test is over. */
bool trial_tend(struct trial *test);

#endif
