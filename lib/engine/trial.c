/* trial.c - runs one short test through the engine until it is over: forks again if the fork failed, asks where the
 * test is stuck if it does not begin, gives up if it does not end. The caller reads its events, and decides whether
 * another test follows. */

#include "engine/trial.h"

#include <stdio.h>

#include "base/error.h"

#define HELLO_NS NS_PER_S
#define ANSWER_NS NS_PER_S
#define END_NS (8 * NS_PER_S) /* from the test's planned end to its end record */
#define N_FORKS_MAX 20

static void close_child(struct trial *t)
{
    engine_close(t->engine);
    t->engine = NULL;
}

static void give_up(struct trial *t, const char *why)
{
    snprintf(t->why, sizeof t->why, "%.199s", why);
    close_child(t);
}

static void fork_child(struct trial *t)
{
    struct longhaul_error err = { 0 };
    t->due_ns = clock_boot_ns() + HELLO_NS;
    if (engine_open(&t->params, &t->engine, &err) != 0)
        give_up(t, err.text);
}

void trial_begin(struct trial *t)
{
    t->n_forks = 0;
    t->has_hello = t->has_started = t->is_asked = false;
    t->error[0] = t->why[0] = 0;
    t->i_errno = 0;
    fork_child(t);
}

static void on_json(struct trial *t, const struct engine_event *event)
{
    struct session_event said = session_event_parse(event);
    if (said.start) {
        t->has_started = true;
        t->due_ns = clock_boot_ns() + (int64_t)t->params.duration_s * NS_PER_S + END_NS;
    }
    if (said.error)
        snprintf(t->error, sizeof t->error, "%s", said.error);
    t->on_event(event, &said, t->payload);
    json_decref(said.parsed);
}

static void on_event(struct trial *t, const struct engine_event *event)
{
    if (event->kind == ENGINE_HELLO) {
        t->has_hello = true;
        t->due_ns = clock_boot_ns() + t->patience_ns;
    } else if (event->kind == ENGINE_JSON) {
        on_json(t, event);
    } else if (event->kind == ENGINE_DELAYS) {
        t->on_event(event, &(struct session_event){ 0 }, t->payload);
    } else if (event->kind == ENGINE_EXIT) {
        t->i_errno = event->i_errno;
        give_up(t, *event->text ? event->text : *t->error ? t->error : "the test has no end");
    }
}

static void on_deadline(struct trial *t)
{
    if (!t->has_hello &&
        t->n_forks++ < N_FORKS_MAX) { /* a lock of the host's at the fork: see engine_child.c, prove_alive() */
        close_child(t);
        fork_child(t);
    } else if (!t->has_started && !t->is_asked) {
        t->is_asked = true;
        t->due_ns = clock_boot_ns() + ANSWER_NS;
        engine_ask(t->engine);
    } else {
        give_up(t, t->has_started ? "the test does not end" : "the measuring process does not answer");
    }
}

bool trial_tend(struct trial *t)
{
    struct engine_event event;
    int rc;
    while (t->engine && (rc = engine_receive(t->engine, &event)) != 0) {
        if (rc > 0) {
            on_event(t, &event);
        } else {
            engine_death(t->engine, t->why, sizeof t->why);
            close_child(t);
        }
    }
    if (t->engine && clock_boot_ns() >= t->due_ns)
        on_deadline(t);
    return t->engine != NULL;
}
