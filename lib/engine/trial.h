/* trial.h - runs one short test through the engine, for preflight and path. */
#ifndef TRIAL_H
#define TRIAL_H

#include "engine/engine.h"
#include "engine/session_event.h"

#define TRIAL_AGAIN_NS (300 * NS_PER_MS) /* a server that has just ended a test refuses for about 200 ms */

struct trial {
    /* set by the caller before trial_begin(); what it points to remains the caller's */
    struct engine_params params;
    int64_t patience_ns; /* from the child's hello to the test: connection, parameters, streams */
    void (*on_event)(const struct engine_event *event, const struct session_event *said, void *payload);
    void *payload;

    struct engine *engine; /* NULL before and after the test */
    int64_t due_ns;        /* CLOCK_BOOTTIME: the latest time for its next message */
    unsigned n_forks;
    bool has_hello, has_started, is_asked;
    char error[160]; /* from libiperf's document; "" if none */
    /* When the test is over: libiperf's i_errno or ENGINE_STUCK_..., 0 if neither; and why it did not come to its end,
     * if it did not. */
    int i_errno;
    char why[200];
};

void trial_begin(struct trial *test);

/* Reads the child's messages and does what is due; never waits. False when the test is over. */
bool trial_tend(struct trial *test);

#endif
