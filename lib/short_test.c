/* short_test.c - one short test through the engine, until it is over: forked anew when the fork came to nothing, asked where it is stuck
 * when it does not begin, given up when it does not end. What is in its events, and whether another follows, is the caller's. */

#include "short_test.h"

#include <stdio.h>

#include "error.h"

#define HELLO_NS NS_PER_S
#define ANSWER_NS NS_PER_S
#define END_NS (8 * NS_PER_S) /* from the test's planned end to its end record */
#define N_FORKS_MAX 20

static void close_child(struct short_test *t)
{
    engine_close(t->engine);
    t->engine = NULL;
}

static void give_up(struct short_test *t, const char *why)
{
    snprintf(t->why, sizeof t->why, "%.199s", why);
    close_child(t);
}

static void fork_child(struct short_test *t)
{
    struct longhaul_error err = { 0 };
    t->due_ns = clock_boot_ns() + HELLO_NS;
    if (engine_open(&t->params, &t->engine, &err) != 0)
        give_up(t, err.text);
}

void short_test_begin(struct short_test *t)
{
    t->n_forks = 0;
    t->has_hello = t->has_started = t->is_asked = false;
    t->error[0] = t->why[0] = 0;
    t->i_errno = 0;
    fork_child(t);
}

static void on_json(struct short_test *t, const struct engine_event *event)
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

static void on_event(struct short_test *t, const struct engine_event *event)
{
    if (event->kind == ENGINE_HELLO) {
        t->has_hello = true;
        t->due_ns = clock_boot_ns() + t->patience_ns;
    } else if (event->kind == ENGINE_JSON) {
        on_json(t, event);
    } else if (event->kind == ENGINE_EXIT) {
        t->i_errno = event->i_errno;
        give_up(t, *event->text ? event->text : *t->error ? t->error : "the test has no end");
    }
}

static void on_deadline(struct short_test *t)
{
    if (!t->has_hello && t->n_forks++ < N_FORKS_MAX) { /* a lock of the host's at the fork: see engine_child.c, prove_alive() */
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

bool short_test_tend(struct short_test *t)
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
