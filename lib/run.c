/* run.c - the driver of legs: one thread that holds sessions (engine) until each leg's deadline, writes the journal, finalises it,
 * and hands what happened to the thread that waits. Draws nothing, prints nothing. */

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "engine.h"
#include "error.h"
#include "interval.h"
#include "journal.h"
#include "leg.h"
#include "queue.h"
#include "result.h"

#define MS INT64_C(1000000)
#define HELLO_NS (100 * MS)          /* of a forked child, which needs 1 to 5; grows with each try */
#define FORKS_MAX 50
#define CONNECT_NS (15 * NS_PER_S)  /* control connection, parameters, streams */
#define LAST_WORDS_NS (8 * NS_PER_S) /* from a stop, or the planned end, to the end record */
#define FIRST_TRY_NS (2 * NS_PER_S) /* a server that has just ended a test refuses for some 200 ms: try again so long */
#define PAUSE_MIN_NS (200 * MS)
#define PAUSE_MAX_NS (3 * NS_PER_S)
#define NEVER INT64_MAX

enum phase {
    PHASE_FORKING,    /* the child has not said hello */
    PHASE_CONNECTING, /* no test yet */
    PHASE_RUNNING,
    PHASE_ENDING,     /* asked to stop, or the end record came: only the exit is missing */
    PHASE_PAUSE,      /* between two sessions */
    PHASE_FINISHED
};

struct leg_run {
    struct longhaul_run *run;
    size_t index;
    struct longhaul_leg leg;
    struct longhaul_outcome outcome;
    atomic_bool is_stop_wanted;
    struct journal *journal;
    char *result_path;
    bool is_unsynced;
    int64_t synced_ns;

    struct engine *engine;
    enum phase phase;
    int64_t phase_deadline_ns;
    unsigned n_forks;    /* in a row without a hello */
    unsigned n_failures; /* sessions in a row without an interval */
    bool is_stop_sent;
    bool has_started;    /* this session */
    bool may_pass;       /* its error may be gone in a moment */
    char session_error[300];

    int64_t first_try_ns;
    int64_t start_ns;    /* of the leg: its first session's; 0 before */
    int64_t deadline_ns; /* start and the planned duration */
    double shift_s;      /* of the session's axis */
    double end_s;        /* of the last interval, on the leg's axis */
    uint32_t n_started;  /* sessions in which a test began */
    uint64_t n_intervals;
    char gap_cause[300];
};

struct longhaul_run {
    struct longhaul_run_options options;
    char *dir;
    struct leg_run *legs;
    size_t n_legs;
    int wake; /* eventfd: somebody wants something of the driver */
    atomic_bool is_stop_wanted;
    struct queue *queue;
    pthread_t driver;
    bool has_driver;
};

/* -------------------------------------------------------------------------------------------------------- journal */

/* A row that cannot be written is an error of the record, not of the measurement: it goes on, and the outcome says so. */
static void keep(struct leg_run *l, int rc, const struct longhaul_error *err)
{
    if (rc != 0 && l->outcome.error.code == 0)
        l->outcome.error = *err;
}

static void keep_event(struct leg_run *l, const char *name, json_t *data)
{
    struct longhaul_error err = { 0 };
    keep(l, journal_event(l->journal, name, data, &err), &err);
    l->is_unsynced = true;
}

static void keep_line(struct leg_run *l, const char *line, size_t n)
{
    struct longhaul_error err = { 0 };
    keep(l, journal_append(l->journal, line, n, &err), &err);
    l->is_unsynced = true;
}

static void sync_journal(struct leg_run *l, int64_t now, double every_s)
{
    struct longhaul_error err = { 0 };
    if (l->journal == NULL || !l->is_unsynced || now - l->synced_ns < (int64_t)(every_s * 1e9))
        return;
    keep(l, journal_sync(l->journal, &err), &err);
    l->is_unsynced = false;
    l->synced_ns = now;
}

static json_t *header_of(const struct leg_run *l, int64_t wall_ns)
{
    const struct longhaul_leg *leg = &l->leg;
    return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:I, s:I, s:f, s:I, s:I, s:I, s:i, s:I, s:s, s:s}", "format",
                     JOURNAL_FORMAT, "version", LONGHAUL_VERSION, "source", leg->source, "destination", leg->destination,
                     "direction", leg->direction == LONGHAUL_PULL ? "pull" : "push", "protocol", "UDP", "peer", leg->peer, "port",
                     leg->port, "bind_address", leg->bind_address, "rate_bps",
                     (json_int_t)(leg->rate_bps == LONGHAUL_RATE_UNLIMITED ? 0 : leg->rate_bps), "duration_s",
                     (json_int_t)leg->duration_s, "interval_s", leg->interval_s, "datagram_bytes", (json_int_t)leg->datagram_bytes,
                     "streams", (json_int_t)leg->n_streams, "window_bytes", (json_int_t)leg->window_bytes, "tos", leg->tos,
                     "start_unix_us", (json_int_t)(wall_ns / 1000), "libiperf", longhaul_iperf_version(), "intervals_by",
                     longhaul_iperf_intervals());
}

static int begin_journal(struct leg_run *l, struct longhaul_error *err)
{
    char stem[LONGHAUL_NAME_MAX];
    int64_t wall_ns = clock_wall_ns();
    int rc = longhaul_leg_stem(&l->leg, wall_ns / NS_PER_S, stem, err);
    if (rc == 0)
        rc = journal_create(l->run->dir, stem, &l->journal, err);
    if (rc != 0)
        return rc;
    rc = journal_event(l->journal, "longhaul", header_of(l, wall_ns), err);
    if (rc == 0)
        rc = journal_sync(l->journal, err);
    if (rc != 0) {
        journal_remove(l->journal);
        l->journal = NULL;
    }
    return rc;
}

/* ------------------------------------------------------------------------------------------------------- sessions */

static void enter(struct leg_run *l, enum phase phase, int64_t deadline_ns)
{
    l->phase = phase;
    l->phase_deadline_ns = deadline_ns;
}

/* What the server's side needs to give its record the same name. */
static char *extra_data(const struct leg_run *l)
{
    const char *path = journal_path(l->journal), *slash = strrchr(path, '/');
    const char *stem = slash ? slash + 1 : path;
    json_t *extra = json_pack("{s:i, s:s, s:s, s:s%}", "longhaul", JOURNAL_FORMAT, "source", l->leg.source, "destination",
                              l->leg.destination, "stem", stem, (size_t)(strlen(stem) - strlen(".journal")));
    char *text = extra ? json_dumps(extra, JSON_COMPACT) : NULL;
    json_decref(extra);
    return text;
}

static void finish(struct leg_run *l, const char *failure, int code);

static void begin_session(struct leg_run *l, int64_t now)
{
    struct longhaul_error err = { 0 };
    char *extra = extra_data(l);
    int64_t left_ns = l->start_ns ? l->deadline_ns - now : (int64_t)l->leg.duration_s * NS_PER_S;
    struct engine_params params = { .leg = &l->leg, .extra_data = extra,
                                    .duration_s = (uint32_t)((left_ns + NS_PER_S - 1) / NS_PER_S) };
    l->is_stop_sent = l->has_started = l->may_pass = false;
    l->session_error[0] = 0;
    int rc = engine_open(&params, &l->engine, &err);
    free(extra);
    if (rc != 0) {
        finish(l, err.text, rc);
        return;
    }
    enter(l, PHASE_FORKING, now + HELLO_NS * (1 + l->n_forks++ / 4));
}

static bool wants_stop(struct leg_run *l)
{
    return atomic_load(&l->is_stop_wanted) || atomic_load(&l->run->is_stop_wanted);
}

static void note_gap(struct leg_run *l, double until_s)
{
    if (until_s > l->end_s)
        keep_event(l, "gap", json_pack("{s:f, s:f, s:s}", "start_s", l->end_s, "seconds", until_s - l->end_s, "cause", l->gap_cause));
}

/* Everything is in the journal: the result is made of it. */
static void finish_with_result(struct leg_run *l)
{
    struct longhaul_outcome *o = &l->outcome;
    struct longhaul_error err = { 0 };
    bool is_short = l->end_s < l->leg.duration_s - l->leg.interval_s;
    if (is_short && !wants_stop(l))
        note_gap(l, l->leg.duration_s);
    sync_journal(l, NEVER, 0);
    if (result_write(l->journal, o, &err) != 0) {
        o->ending = LONGHAUL_END_FAILED; /* the journal stays: `recover` can do it later */
        o->error = err;
        journal_close(l->journal);
        return;
    }
    bool is_incomplete = o->n_gaps > 0 || o->error.code != 0;
    o->ending = is_short && wants_stop(l) ? LONGHAUL_END_STOPPED : is_incomplete ? LONGHAUL_END_GAPS : LONGHAUL_END_COMPLETE;
    o->result_path = l->result_path = strdup(journal_result_path(l->journal));
    journal_remove(l->journal);
}

/* The leg is over. failure, if not NULL, says why it measured nothing. */
static void finish(struct leg_run *l, const char *failure, int code)
{
    engine_close(l->engine);
    l->engine = NULL;
    enter(l, PHASE_FINISHED, NEVER);
    if (failure == NULL && l->n_intervals > 0) {
        finish_with_result(l);
    } else {
        l->outcome.ending = LONGHAUL_END_FAILED;
        l->outcome.error.code = 0;
        error_set(&l->outcome.error, code ? code : LONGHAUL_ENET, "%s->%s: %s", l->leg.source, l->leg.destination,
                  failure ? failure : *l->session_error ? l->session_error : "stopped before the first interval");
        journal_remove(l->journal);
    }
    l->journal = NULL;
    queue_put_state(l->run->queue, l->index, LONGHAUL_DONE, l->outcome.error.text);
}

static void pause_then_retry(struct leg_run *l, int64_t now)
{
    int64_t pause = PAUSE_MIN_NS << (l->n_failures < 4 ? l->n_failures : 4);
    l->n_failures++;
    enter(l, PHASE_PAUSE, now + (pause < PAUSE_MAX_NS ? pause : PAUSE_MAX_NS));
    if (l->start_ns)
        queue_put_state(l->run->queue, l->index, LONGHAUL_WAITING, l->session_error);
}

/* What a server says, or does not say, in the moment between two tests. */
static bool is_passing(int i_errno)
{
    return i_errno == ENGINE_IECONNECT || i_errno == ENGINE_IESENDCOOKIE || i_errno == ENGINE_IECTRLCLOSE ||
           i_errno == ENGINE_IERECVMESSAGE || i_errno == ENGINE_IEACCESSDENIED;
}

/* The child is gone, or must be. text is "" when the session ran to its planned end or was stopped by us. */
static void end_session(struct leg_run *l, int64_t now, const char *text, bool is_clean)
{
    engine_close(l->engine);
    l->engine = NULL;
    snprintf(l->session_error, sizeof l->session_error, "%s", text);
    if (l->has_started) {
        const char *ending = *text ? text : wants_stop(l) ? "stopped" : "complete";
        keep_event(l, "session", json_pack("{s:s, s:b}", "ending", ending, "is_clean", is_clean));
        snprintf(l->gap_cause, sizeof l->gap_cause, "%s", *text ? text : "the session ended early");
        l->has_started = false;
    }
    if (l->start_ns == 0) { /* no session of the leg ever began */
        if (wants_stop(l))
            finish(l, "stopped before the test began", LONGHAUL_ENET);
        else if (l->may_pass && now - l->first_try_ns < FIRST_TRY_NS)
            pause_then_retry(l, now);
        else
            finish(l, *text ? text : "the test never began", LONGHAUL_ENET);
        return;
    }
    if (wants_stop(l) || l->deadline_ns - now < NS_PER_S)
        finish(l, NULL, 0);
    else
        pause_then_retry(l, now);
}

static void fail_session(struct leg_run *l, int64_t now, const char *text)
{
    char why[400];
    if (l->has_started)
        snprintf(why, sizeof why, "%s", text);
    else
        snprintf(why, sizeof why, "%s port %u: %s", l->leg.peer, l->leg.port, text);
    end_session(l, now, why, false);
}

/* --------------------------------------------------------------------------------------------------------- events */

static int64_t watchdog_ns(const struct leg_run *l)
{
    return (int64_t)((l->leg.interval_s * 2 + 10) * 1e9);
}

/* The event as libiperf gave it, as a journal's line. */
static void keep_line_of(struct leg_run *l, const struct engine_event *event)
{
    char *line = NULL;
    int n = asprintf(&line, "%.*s\n", (int)event->length, event->text);
    if (n > 0)
        keep_line(l, line, (size_t)n);
    free(n > 0 ? line : NULL);
}

static void on_start(struct leg_run *l, const struct engine_event *event)
{
    if (l->has_started)
        return;
    l->has_started = true;
    if (l->n_started++ == 0) {
        l->start_ns = event->monotonic_ns;
        l->deadline_ns = l->start_ns + (int64_t)l->leg.duration_s * NS_PER_S;
    } else {
        l->shift_s = (double)(event->monotonic_ns - l->start_ns) / 1e9;
        note_gap(l, l->shift_s);
    }
    enter(l, PHASE_RUNNING, event->monotonic_ns + watchdog_ns(l));
    keep_line_of(l, event);
    queue_put_state(l->run->queue, l->index, LONGHAUL_RUNNING, "");
}

static void on_interval(struct leg_run *l, const struct engine_event *event, json_t *data)
{
    struct longhaul_interval interval;
    if (!l->has_started || !interval_decode(data, l->shift_s, &interval))
        return;
    interval.segment = l->n_started - 1;
    interval.wall_unix_ns = event->wall_unix_ns;
    interval.monotonic_ns = event->monotonic_ns;
    char *line = interval_line(event->text, event->length, data, l->shift_s, &interval);
    if (line)
        keep_line(l, line, strlen(line));
    free(line);
    l->end_s = interval.start_s + interval.seconds;
    l->n_intervals++;
    l->n_failures = 0;
    if (l->phase == PHASE_RUNNING)
        l->phase_deadline_ns = event->monotonic_ns + watchdog_ns(l);
    queue_put_interval(l->run->queue, l->index, &interval);
}

static void on_json(struct leg_run *l, const struct engine_event *event)
{
    json_t *parsed = json_loadb(event->text, event->length, 0, NULL);
    const char *name = json_string_value(json_object_get(parsed, "event"));
    json_t *data = json_object_get(parsed, "data");
    if (name == NULL) {
        json_decref(parsed);
        return;
    }
    if (strcmp(name, "start") == 0)
        on_start(l, event);
    else if (strcmp(name, "interval") == 0)
        on_interval(l, event, data);
    else if (strcmp(name, "document") == 0)
        data = json_object_get(data, "end");
    if ((strcmp(name, "document") == 0 || strcmp(name, "end") == 0) && l->has_started && json_object_size(data) > 0) {
        keep_event(l, "end", json_incref(data));
        enter(l, PHASE_ENDING, event->monotonic_ns + LAST_WORDS_NS);
    }
    json_decref(parsed);
}

/* One line that names the peer, whatever libiperf makes of it. */
static void on_exit_event(struct leg_run *l, const struct engine_event *event, int64_t now)
{
    l->may_pass = is_passing(event->i_errno);
    if (event->i_errno == 0)
        end_session(l, now, "", true);
    else if (event->i_errno == ENGINE_IEACCESSDENIED)
        fail_session(l, now, "the server is busy with another test");
    else if (event->i_errno == ENGINE_IECTRLCLOSE && l->has_started)
        fail_session(l, now, "the server closed the control connection");
    else if (event->i_errno == ENGINE_IESERVERTERM)
        fail_session(l, now, "the server was ended");
    else
        fail_session(l, now, event->text);
}

static void read_events(struct leg_run *l)
{
    struct engine_event event;
    int rc;
    while (l->engine != NULL && (rc = engine_receive(l->engine, &event)) != 0) {
        int64_t now = clock_monotonic_ns();
        if (rc < 0) {
            fail_session(l, now, "the measuring process died");
        } else if (event.kind == ENGINE_HELLO) {
            l->n_forks = 0;
            enter(l, PHASE_CONNECTING, now + CONNECT_NS);
            queue_put_state(l->run->queue, l->index, LONGHAUL_CONNECTING, "");
        } else if (event.kind == ENGINE_JSON) {
            on_json(l, &event);
        } else {
            on_exit_event(l, &event, now);
        }
    }
}

/* ---------------------------------------------------------------------------------------------------------- clock */

static void on_phase_deadline(struct leg_run *l, int64_t now)
{
    switch (l->phase) {
    case PHASE_FORKING: /* a lock that another thread of the host held at the fork: see engine.c, prove_alive() */
        engine_close(l->engine);
        l->engine = NULL;
        if (l->n_forks < FORKS_MAX)
            begin_session(l, now);
        else
            finish(l, l->n_intervals ? NULL : "the measuring process does not come through fork", LONGHAUL_EIO);
        break;
    case PHASE_CONNECTING:
        fail_session(l, now, "no answer");
        break;
    case PHASE_RUNNING:
        fail_session(l, now, "no interval came: the session hangs");
        break;
    case PHASE_ENDING:
        end_session(l, now, wants_stop(l) ? "stopped, and the server did not answer" : "the server did not answer at the end", false);
        break;
    case PHASE_PAUSE:
        begin_session(l, now);
        break;
    case PHASE_FINISHED:
        break;
    }
}

static void stop_session(struct leg_run *l, int64_t now)
{
    l->is_stop_sent = true;
    if (l->phase == PHASE_RUNNING) {
        engine_stop(l->engine);
        enter(l, PHASE_ENDING, now + LAST_WORDS_NS);
    } else if (l->phase != PHASE_ENDING) {
        end_session(l, now, "", false);
    }
}

/* What is due for a leg; returns when it wants to be looked at next. */
static int64_t tend(struct leg_run *l, int64_t now)
{
    double sync_s = l->run->options.sync_s > 0 ? l->run->options.sync_s : 5;
    if (l->phase == PHASE_FINISHED)
        return NEVER;
    if (wants_stop(l) && !l->is_stop_sent)
        stop_session(l, now);
    /* A later session is a whole number of seconds long: it is stopped where the plan ends. */
    if (l->phase == PHASE_RUNNING && l->n_started > 1 && now >= l->deadline_ns)
        stop_session(l, now);
    if (l->phase == PHASE_PAUSE && l->start_ns && now >= l->deadline_ns)
        finish(l, NULL, 0);
    if (now >= l->phase_deadline_ns)
        on_phase_deadline(l, now);
    sync_journal(l, now, sync_s);
    int64_t next = l->phase_deadline_ns;
    if (l->is_unsynced && l->synced_ns + (int64_t)(sync_s * 1e9) < next)
        next = l->synced_ns + (int64_t)(sync_s * 1e9);
    if (l->n_started > 1 && l->phase == PHASE_RUNNING && l->deadline_ns < next)
        next = l->deadline_ns;
    return l->phase == PHASE_FINISHED ? NEVER : next;
}

/* --------------------------------------------------------------------------------------------------------- driver */

static void begin_leg(struct leg_run *l)
{
    struct longhaul_error err = { 0 };
    l->first_try_ns = l->synced_ns = clock_monotonic_ns();
    int rc = begin_journal(l, &err);
    if (rc == 0)
        begin_session(l, l->first_try_ns);
    else
        finish(l, err.text, rc);
}

static size_t watch(const struct longhaul_run *run, struct pollfd *fds)
{
    size_t n = 0;
    fds[n++] = (struct pollfd){ .fd = run->wake, .events = POLLIN };
    for (size_t i = 0; i < run->n_legs; i++)
        if (run->legs[i].engine != NULL)
            fds[n++] = (struct pollfd){ .fd = engine_fd(run->legs[i].engine), .events = POLLIN };
    return n;
}

static int wait_ms(int64_t next_ns, int64_t now)
{
    if (next_ns <= now)
        return 0;
    int64_t ms = (next_ns - now) / MS + 1;
    return ms > 60000 ? 60000 : (int)ms;
}

static void *drive(void *argument)
{
    struct longhaul_run *run = argument;
    struct pollfd *fds = calloc(run->n_legs + 1, sizeof *fds);
    uint64_t n_wakes;
    for (size_t i = 0; i < run->n_legs; i++)
        begin_leg(&run->legs[i]);
    for (;;) {
        int64_t next = NEVER, now = clock_monotonic_ns();
        bool is_done = true;
        for (size_t i = 0; i < run->n_legs; i++) {
            int64_t due = tend(&run->legs[i], now);
            next = due < next ? due : next;
            is_done = is_done && run->legs[i].phase == PHASE_FINISHED;
        }
        if (is_done || fds == NULL)
            break;
        if (poll(fds, watch(run, fds), wait_ms(next, clock_monotonic_ns())) > 0 && fds[0].revents &&
            read(run->wake, &n_wakes, sizeof n_wakes) < 0)
            continue;
        for (size_t i = 0; i < run->n_legs; i++)
            read_events(&run->legs[i]);
    }
    free(fds);
    queue_close(run->queue);
    return NULL;
}

/* Signals belong to the host's threads. */
static int start_driver(struct longhaul_run *run)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = pthread_create(&run->driver, NULL, drive, run);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}

/* --------------------------------------------------------------------------------------------------------- public */

int longhaul_run_new(const struct longhaul_run_options *options, struct longhaul_run **out, struct longhaul_error *err)
{
    if (!engine_is_built(err))
        return LONGHAUL_ENOTBUILT;
    struct longhaul_run *run = calloc(1, sizeof *run);
    if (run == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    if (options)
        run->options = *options;
    run->dir = strdup(run->options.dir ? run->options.dir : "24H");
    run->options.dir = run->dir;
    run->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (run->dir == NULL || run->wake < 0) {
        int rc = error_errno(err, run->dir ? LONGHAUL_EIO : LONGHAUL_ENOMEM, "eventfd");
        longhaul_run_free(run);
        return rc;
    }
    *out = run;
    return 0;
}

int longhaul_run_add(struct longhaul_run *run, const struct longhaul_leg *leg, struct longhaul_error *err)
{
    int rc = longhaul_leg_check(leg, err);
    if (rc != 0)
        return rc;
    if (run->queue)
        return error_set(err, LONGHAUL_EINVAL, "%s->%s: the run has already begun", leg->source, leg->destination);
    struct leg_run *legs = realloc(run->legs, (run->n_legs + 1) * sizeof *legs);
    if (legs == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    run->legs = legs;
    memset(&legs[run->n_legs], 0, sizeof *legs);
    legs[run->n_legs].leg = *leg;
    longhaul_leg_fill(&legs[run->n_legs].leg);
    run->n_legs++;
    return 0;
}

int longhaul_run_start(struct longhaul_run *run, struct longhaul_error *err)
{
    if (run->queue || run->n_legs == 0)
        return error_set(err, LONGHAUL_EINVAL, run->queue ? "the run has already begun" : "a run without legs");
    for (size_t i = 0; i < run->n_legs; i++) {
        run->legs[i].run = run;
        run->legs[i].index = i;
        run->legs[i].outcome.planned_s = run->legs[i].leg.duration_s;
    }
    run->queue = queue_new(run->n_legs);
    if (run->queue == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    int rc = start_driver(run);
    if (rc != 0) {
        errno = rc;
        return error_errno(err, LONGHAUL_EIO, "thread");
    }
    run->has_driver = true;
    return 0;
}

static void wake(struct longhaul_run *run)
{
    uint64_t one = 1;
    int saved = errno;
    if (write(run->wake, &one, sizeof one) < 0)
        errno = saved; /* full of wakes: it will wake */
    errno = saved;
}

void longhaul_run_stop(struct longhaul_run *run)
{
    atomic_store(&run->is_stop_wanted, true);
    wake(run);
}

static void deliver(struct longhaul_run *run, const struct queue_item *item)
{
    const struct longhaul_run_options *o = &run->options;
    if (item->is_state) {
        struct longhaul_state state = { .phase = item->phase, .text = item->text };
        if (o->on_state)
            o->on_state(item->leg, &state, o->payload);
        return;
    }
    enum longhaul_action action = o->on_interval ? o->on_interval(item->leg, &item->interval, o->payload) : LONGHAUL_CONTINUE;
    if (action == LONGHAUL_STOP_LEG) {
        atomic_store(&run->legs[item->leg].is_stop_wanted, true);
        wake(run);
    } else if (action == LONGHAUL_STOP_ALL) {
        longhaul_run_stop(run);
    }
}

static void join(struct longhaul_run *run)
{
    if (run->has_driver)
        pthread_join(run->driver, NULL);
    run->has_driver = false;
}

int longhaul_run_wait(struct longhaul_run *run, struct longhaul_error *err)
{
    struct queue_item item;
    if (!run->has_driver)
        return error_set(err, LONGHAUL_EINVAL, "the run has not begun, or was waited for already");
    while (queue_take(run->queue, &item))
        deliver(run, &item);
    join(run);
    for (size_t i = 0; i < run->n_legs; i++)
        run->legs[i].outcome.n_undelivered = run->options.on_interval ? queue_n_dropped(run->queue, i) : 0;
    for (size_t i = 0; i < run->n_legs; i++)
        if (run->legs[i].outcome.ending == LONGHAUL_END_FAILED)
            return error_set(err, run->legs[i].outcome.error.code, "%s", run->legs[i].outcome.error.text);
    return 0;
}

const struct longhaul_outcome *longhaul_run_outcome(const struct longhaul_run *run, size_t leg)
{
    return leg < run->n_legs && !run->has_driver && run->queue ? &run->legs[leg].outcome : NULL;
}

void longhaul_run_free(struct longhaul_run *run)
{
    if (run == NULL)
        return;
    if (run->has_driver)
        longhaul_run_stop(run);
    join(run);
    for (size_t i = 0; i < run->n_legs; i++)
        free(run->legs[i].result_path);
    if (run->wake >= 0)
        close(run->wake);
    queue_free(run->queue);
    free(run->legs);
    free(run->dir);
    free(run);
}

int longhaul_run_leg(const struct longhaul_leg *leg, const struct longhaul_run_options *options,
                     struct longhaul_outcome *outcome, struct longhaul_error *err)
{
    struct longhaul_run *run;
    int rc = longhaul_run_new(options, &run, err);
    if (rc != 0)
        return rc;
    if ((rc = longhaul_run_add(run, leg, err)) == 0 && (rc = longhaul_run_start(run, err)) == 0)
        rc = longhaul_run_wait(run, err);
    if (outcome && longhaul_run_outcome(run, 0)) {
        *outcome = *longhaul_run_outcome(run, 0);
        outcome->result_path = NULL;
    }
    longhaul_run_free(run);
    return rc;
}
