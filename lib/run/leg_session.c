/* leg_session.c - the sessions of one leg: how each begins, what it reports, how it ends, and whether another follows.
 * What is due is leg_run's decision. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/units.h"
#include "engine/engine_error.h"
#include "engine/session_event.h"
#include "host/address.h"
#include "host/free_ports.h"
#include "record/host_facts.h"
#include "record/interval.h"
#include "record/session_row.h"
#include "run/cause.h"
#include "run/leg_record.h"
#include "run/leg_state.h"
#include "run/silence.h"

#define HELLO_NS (100 * NS_PER_MS) /* for a forked child, which needs 1 to 5; grows with each try */
#define CONNECT_MS 4000            /* control connection of the first session: a failure is reported within 5 s */
#define RECONNECT_MS 2000          /* for a later session: after the path has healed, it must be found within 5 s */
#define BEGIN_NS (15 * NS_PER_S)   /* from a child's hello to the test: connection, parameters, streams */
#define BEGIN_AGAIN_NS (6 * NS_PER_S)
#define GIVE_UP_S 9.5 /* engine_control_watch(): 8 s without an answer, after the first probe */
#define FIRST_TRY_S 2 /* a server that has just ended a test refuses for about 200 ms: retries for this long */
#define PAUSE_MIN_NS (200 * NS_PER_MS)
#define PAUSE_MAX_NS (3 * NS_PER_S)
#define PAUSE_SILENT_NS NS_PER_S /* if nobody answers: the attempt itself took RECONNECT_MS */
/* The server may be busy with the broken session until it learns of its end or gives it up. BUSY_TRIES take longer than
 * that (GIVE_UP_S); if it is still busy then, it has somebody else's test. */
#define PAUSE_BUSY_NS (700 * NS_PER_MS)
#define BUSY_TRIES 20
#define SHORT_S 0.1 /* a leg that lacks less than this is complete: timers are a few ms late */

void leg_enter(struct leg_run *l, enum phase phase, int64_t deadline_ns)
{
    l->phase = phase;
    l->phase_deadline_ns = deadline_ns;
}

bool leg_wants_stop(struct leg_run *l)
{
    return atomic_load(&l->is_stop_wanted) || atomic_load(l->options->is_stop_wanted);
}

bool leg_has_slept(const struct leg_run *l, int64_t boot_ns, int64_t monotonic_ns)
{
    return clock_has_slept(boot_ns, monotonic_ns, l->slept_ns);
}

/* Everything is in the journal, and the result is made from it. A leg that was stopped also keeps its journal, so that
 * it can be resumed. */
static void finish_with_result(struct leg_run *l)
{
    struct longhaul_outcome *o = &l->outcome;
    struct longhaul_error err = { 0 };
    bool is_short = record_confirmed_s(l->record) < l->leg.duration_s - SHORT_S;
    bool is_stopped = is_short && leg_wants_stop(l) && l->deadline_ns - clock_boot_ns() > 0;
    double now_s = record_elapsed_s(l->record, l->stop_ns ? l->stop_ns : clock_boot_ns());
    /* A signal to the whole process group may end the session before this process handles it: that is the stop, not a
     * gap. */
    if (is_stopped && l->is_clean)
        record_gap_cause(l->record, RECORD_STOPPED);
    if (is_short)
        record_gap_until(l->record, is_stopped ? now_s : l->leg.duration_s);
    if (*l->address)
        host_facts_record(l->record, "end", l->address);
    if (is_stopped)
        record_stopped(l->record, now_s);
    o->error = *record_error(l->record);
    l->result_path = strdup(record_result_path(l->record));
    if (record_finish(l->record, is_stopped, o, &err) != 0) {
        o->ending = LONGHAUL_ENDING_FAILED; /* the journal stays, so that `recover` can do it later */
        o->error = err;
        return;
    }
    bool is_incomplete = o->n_gaps > 0 || o->n_lost_intervals > 0;
    o->ending = is_stopped ? LONGHAUL_ENDING_STOPPED : is_incomplete ? LONGHAUL_ENDING_GAPS : LONGHAUL_ENDING_COMPLETE;
    o->result_path = l->result_path;
}

void leg_finish(struct leg_run *l, const char *failure, int code)
{
    engine_close(l->engine);
    l->engine = NULL;
    if (l->record)
        leg_figures_take(l, &l->last);
    leg_enter(l, PHASE_FINISHED, NEVER);
    struct longhaul_error why = { 0 }; /* without the leg's name, which a state has already */
    if (l->record && record_n_intervals(l->record) > 0) {
        finish_with_result(l);
        why = l->outcome.error;
    } else {
        l->outcome.ending = LONGHAUL_ENDING_FAILED;
        l->outcome.error.code = 0;
        error_set(&why, code ? code : LONGHAUL_ENET, "%s",
                  failure ? failure : *l->session_error ? l->session_error : "stopped before the first interval");
        error_set(&l->outcome.error, why.code, "%s->%s: %s", l->leg.source, l->leg.destination, why.text);
        record_discard(l->record);
    }
    l->record = NULL;
    leg_figures_keep(l);
    queue_put_state(l->options->queue, l->index, LONGHAUL_PHASE_DONE, why.text);
}

/* A leg that waited for its server begins now: its file's name and first line must say so. */
static int renew_record(struct leg_run *l, int64_t now, struct longhaul_error *err)
{
    if (record_has_started(l->record) || now - l->first_try_ns < (int64_t)(FIRST_TRY_S * NS_PER_S))
        return 0;
    record_discard(l->record);
    l->record = NULL;
    return leg_record_begin(l->options->dir, &l->leg, LEG_RECORD_NEW, &l->record, err);
}

void leg_session_begin(struct leg_run *l, int64_t now)
{
    const struct leg_run_options *o = l->options;
    struct longhaul_error err = { 0 };
    int rc = renew_record(l, now, &err);
    if (rc != 0) {
        leg_finish(l, err.text, rc);
        return;
    }
    char *extra = leg_record_label(l->record, &l->leg);
    l->is_second = record_has_started(l->record);
    int64_t left_ns = l->is_second ? l->deadline_ns - now : (int64_t)l->leg.duration_s * NS_PER_S;
    if (left_ns <= 0) {
        free(extra);
        leg_finish(l, NULL, 0);
        return;
    }
    struct engine_params params = { .leg = &l->leg, .extra_data = extra, .username = o->username,
                                    .password = o->password, .public_key = o->public_key,
                                    .connect_ms = l->is_second ? RECONNECT_MS : CONNECT_MS, .dead_port = l->dead_port,
                                    .first_port = l->first_port ? l->first_port
                                                                : leg_record_first_port(l->record, &l->leg),
                                    .duration_s = (uint32_t)((left_ns + NS_PER_S - 1) / NS_PER_S) };
    l->is_stop_sent = l->has_started = false;
    l->session_error[0] = 0;
    l->last_ack_s = NAN;
    rc = engine_open(&params, &l->engine, &err);
    free(extra);
    if (rc != 0 && !l->is_second)
        leg_finish(l, err.text, rc);
    else if (rc != 0)
        leg_enter(l, PHASE_PAUSE, now + PAUSE_MAX_NS); /* no process or memory available: try again later */
    else
        leg_enter(l, PHASE_FORKING, now + HELLO_NS * (1 + l->n_forks++ / 4));
}

/* Waits 0.2 s, doubling to 3 s, or less if nobody answers or the server is busy; varied by up to a fifth, so that legs
 * that broke together do not retry together. */
static void pause_then_retry(struct leg_run *l, int64_t now)
{
    int64_t pause = PAUSE_MIN_NS << (l->n_failures < 4 ? l->n_failures : 4);
    int64_t longest = !l->is_reached                             ? PAUSE_SILENT_NS
                      : l->is_busy && l->n_failures < BUSY_TRIES ? PAUSE_BUSY_NS
                                                                 : PAUSE_MAX_NS;
    if (pause > longest)
        pause = longest;
    pause = pause * 4 / 5 + (int64_t)((double)pause * 0.4 * ((double)(now / 1000 % 1000) / 1000));
    l->n_failures++;
    leg_enter(l, PHASE_PAUSE, now + (pause < PAUSE_MAX_NS ? pause : PAUSE_MAX_NS));
    if ((record_has_started(l->record) || l->options->wait_s > 0) && strcmp(l->told_error, l->session_error) != 0) {
        queue_put_state(l->options->queue, l->index, LONGHAUL_PHASE_WAITING, l->session_error);
        strcpy(l->told_error, l->session_error);
    }
}

/* Applies to the first connection. */
static bool may_try_again(const struct leg_run *l, int64_t now, enum record_cause cause)
{
    double tried_s = (double)(now - l->first_try_ns) / NS_PER_S;
    return tried_s < FIRST_TRY_S || tried_s < l->options->wait_s || (l->n_failures == 0 && cause == RECORD_PATH_SILENT);
}

void leg_session_end(struct leg_run *l, int64_t now, const char *text, bool is_clean, enum record_cause cause,
                     bool may_pass)
{
    bool is_stopped = leg_wants_stop(l);
    /* A stop is not a gap; but what was sent into a silence before it is unconfirmed. */
    if (is_stopped && (cause != RECORD_PATH_SILENT || cause_is_heard_of(l->last_ack_s)))
        cause = RECORD_STOPPED;
    engine_close(l->engine);
    l->engine = NULL;
    snprintf(l->session_error, sizeof l->session_error, "%s", text);
    if (l->has_started) {
        const char *ending = *text ? text : is_stopped ? "stopped" : is_clean ? "complete" : "no end record";
        /* What was sent last and not acknowledged is a gap of its own. */
        bool is_by_keepalive = cause == RECORD_PATH_SILENT && l->phase != PHASE_ENDING;
        double alive_s = is_by_keepalive ? record_elapsed_s(l->record, now) - GIVE_UP_S : NAN;
        leg_hops_stop(l->hops, l->record, now);
        record_session(l->record, ending, is_clean, cause, alive_s);
        l->is_clean = is_clean;
        if (cause == RECORD_PATH_SILENT || cause == RECORD_SUSPENDED)
            l->dead_port = l->control_port;
        l->has_started = false;
    }
    if (!record_has_started(l->record) && !is_stopped && may_pass && may_try_again(l, now, cause))
        pause_then_retry(l, now);
    else if (!record_has_started(l->record))
        leg_finish(l,
                   *text        ? text
                   : is_stopped ? "stopped before the test began"
                                : "the test never began",
                   LONGHAUL_ENET);
    else if (is_stopped || l->deadline_ns - now < NS_PER_S)
        leg_finish(l, NULL, 0);
    else
        pause_then_retry(l, now);
}

void leg_session_fail(struct leg_run *l, int64_t now, const char *text, enum record_cause cause, bool may_pass)
{
    char why[400];
    if (l->has_started)
        snprintf(why, sizeof why, "%s", text);
    else
        snprintf(why, sizeof why, "%s port %u: %s", l->leg.peer, l->leg.port, text);
    leg_session_end(l, now, why, false, cause, may_pass);
}

/* ---- events */

static int64_t watchdog_ns(const struct leg_run *l)
{
    return (int64_t)((l->leg.interval_s * 2 + 10) * NS_PER_S);
}

/* Once per run, when the route to the peer is known. */
static void note_host(struct leg_run *l, const json_t *start)
{
    const char *remote = start_remote_address(start);
    if (*l->address || remote == NULL)
        return;
    snprintf(l->address, sizeof l->address, "%s", remote);
    host_facts_record(l->record, "start", l->address);
}

/* If the local address of the broken session is gone and the leg has another one now, that was the cause, whatever the
 * kernel said. */
static void note_address(struct leg_run *l, const json_t *start)
{
    const char *address = start_local_address(start);
    if (address == NULL)
        return;
    if (*l->local_address && strcmp(l->local_address, address) != 0 && !address_is_here(l->local_address))
        record_gap_cause(l->record, RECORD_ADDRESS_CHANGED);
    snprintf(l->local_address, sizeof l->local_address, "%s", address);
}

/* "resumed after 20 s", which is the time since the record's last confirmed second; "" for the leg's first session. */
static void tell_running(const struct leg_run *l, const struct engine_event *event)
{
    char length[LONGHAUL_PEOPLE_SIZE], text[64] = "";
    double away_s = fmax(record_elapsed_s(l->record, event->at.boot_ns) - record_confirmed_s(l->record), 0);
    longhaul_seconds_text(round(10 * away_s) / 10, length, sizeof length);
    if (l->is_second)
        snprintf(text, sizeof text, "resumed after %s", length);
    queue_put_state(l->options->queue, l->index, LONGHAUL_PHASE_RUNNING, text);
}

static void on_start(struct leg_run *l, const struct engine_event *event, const struct session_event *said)
{
    const json_t *data = said->start;
    if (l->has_started)
        return;
    tell_running(l, event);
    l->has_started = true;
    l->is_clean = false;
    l->told_error[0] = 0;
    note_address(l, data);
    record_start(l->record, said->is_verbatim ? event->text : NULL, event->length, data, &event->at);
    if (l->deadline_ns == NEVER)
        l->deadline_ns = event->at.boot_ns + (int64_t)l->leg.duration_s * NS_PER_S;
    l->control_port = event->control_port;
    l->data_ns = event->at.boot_ns;
    l->slept_ns = event->at.boot_ns - event->at.monotonic_ns;
    note_host(l, data);
    leg_rtt_start(l->rtt, data, event->at.boot_ns);
    leg_hops_start(l->hops, l->record, data, event->at.boot_ns);
    leg_enter(l, PHASE_RUNNING, event->at.boot_ns + watchdog_ns(l));
}

static void tell_note(const struct leg_run *l, const char *note)
{
    char text[400];
    snprintf(text, sizeof text, "%s->%s: %s", l->leg.source, l->leg.destination, note);
    queue_put_note(l->options->queue, text);
}

/* Somebody else sends to the leg's streams: reported at the first datagram of a session, and whenever their number has
 * doubled. */
static void tell_dropped(struct leg_run *l, const struct engine_event *event)
{
    char text[120];
    uint32_t n = event->n_impossible + event->n_foreign;
    if (n < l->n_dropped_told)
        l->n_dropped_told = 0; /* another session */
    if (n == 0 || n < 2 * l->n_dropped_told)
        return;
    l->n_dropped_told = n;
    snprintf(text, sizeof text, "datagrams dropped so far: %u with numbers that the server cannot have sent", n);
    tell_note(l, text);
}

/* Once per leg: a row is in the record, but part of it is unknown. */
static void tell_unreadable(struct leg_run *l, unsigned unreadable)
{
    char names[120], text[300];
    if (l->is_unreadable_told || unreadable == 0)
        return;
    l->is_unreadable_told = true;
    interval_unreadable_text(unreadable, ", ", names, sizeof names);
    snprintf(text, sizeof text, "libiperf wrote unreadable values for %s; such rows are kept and counted in the record",
             names);
    tell_note(l, text);
}

/* Once per leg: rows did not even reach the record. */
static void tell_left_out(struct leg_run *l, uint64_t n, const char *why)
{
    char text[300];
    record_left_out(l->record, n, why);
    if (l->is_left_out_told)
        return;
    l->is_left_out_told = true;
    snprintf(text, sizeof text, "rows from libiperf are missing (%s); they are counted in the record", why);
    tell_note(l, text);
}

/* The row is in the record. */
static void on_kept(struct leg_run *l, const struct engine_event *event, const struct record_row *row,
                    const struct longhaul_interval *interval)
{
    l->n_failures = 0;
    l->last_ack_s = event->last_ack_s;
    l->dead_port = 0;
    if (interval->bytes > 0)
        l->data_ns = event->at.boot_ns;
    if (l->phase == PHASE_RUNNING)
        l->phase_deadline_ns = event->at.boot_ns + watchdog_ns(l);
    tell_unreadable(l, interval->unreadable);
    leg_hops_row(l->hops, l->engine, row, interval);
    queue_put_interval(l->options->queue, l->index, interval);
}

static void on_interval(struct leg_run *l, const struct engine_event *event, const struct record_row *told)
{
    struct longhaul_interval interval;
    struct record_row row = *told;
    /* The row covers time before and after the host slept: it is not counted, and its time of day does not mean that
     * the clock was set. */
    if (l->has_started && leg_has_slept(l, event->at.boot_ns, event->at.monotonic_ns)) {
        record_left_out(l->record, 1, "host-suspended");
        return;
    }
    l->is_shut = l->leg.direction == LONGHAUL_DIRECTION_PUSH && silence_is_shut(&row.tcp, row.data);
    if (l->is_shut) /* the peer's kernel answers, but its process reads nothing: such a row is not a sign of the peer */
        row.last_ack_s = INFINITY;
    if (!l->has_started)
        tell_left_out(l, 1, "before-start");
    else if (record_interval(l->record, &row, &interval))
        on_kept(l, event, &row, &interval);
}

static void on_json(struct leg_run *l, const struct engine_event *event)
{
    struct session_event said = session_event_parse(event);
    size_t i;
    json_t *interval;
    if (event->n_unsaid > 0)
        tell_left_out(l, event->n_unsaid, "no-memory");
    if (said.start)
        on_start(l, event, &said);
    if (said.interval) {
        const struct record_row row = session_row(&said, event, said.interval);
        on_interval(l, event, &row);
    } else if (said.is_unreadable && !said.start) {
        tell_left_out(l, 1, "unreadable-event");
    }
    json_array_foreach(said.rest, i, interval) {
        const struct record_row row = session_row(&said, event, interval);
        on_interval(l, event, &row);
    }
    if (said.error)
        snprintf(l->session_error, sizeof l->session_error, "%s", said.error);
    if (said.end && l->has_started) {
        record_end(l->record, said.end);
        leg_enter(l, PHASE_ENDING, event->at.boot_ns + LAST_WORDS_NS);
    }
    json_decref(said.parsed);
}

/* The first answer after a silence: the path has healed, and what keeps the server busy is the old session. */
static void note_answer(struct leg_run *l, const struct engine_event *event)
{
    bool is_answer = engine_error_is_answer(event->i_errno, event->text);
    if (is_answer && !l->is_reached)
        l->n_failures = 0;
    l->is_reached = is_answer;
    l->is_busy = event->i_errno == ENGINE_IEACCESSDENIED;
}

/* Somebody has taken a port of the flows since their last session: they get others. */
static bool change_ports(struct leg_run *l, const struct engine_event *event)
{
    bool is_taken = l->leg.n_flows > 1 && event->i_errno == ENGINE_IESTREAMCONNECT;
    if (is_taken)
        l->first_port = free_ports(l->leg.n_flows);
    return is_taken;
}

static void on_exit_event(struct leg_run *l, const struct engine_event *event, int64_t now)
{
    char text[300];
    note_answer(l, event);
    enum record_cause cause = cause_of(l->leg.protocol, event->i_errno, event->text, l->last_ack_s);
    snprintf(text, sizeof text, "%s", event->text); /* borrowed from the engine, which may be closed below */
    if (event->i_errno == 0 && *l->session_error) /* neither libiperf's rc nor its i_errno is proof of success: its
                                                   * document is */
        leg_session_fail(l, now, strcpy(text, l->session_error), RECORD_SESSION_ERROR, false);
    else if (event->i_errno == 0)
        leg_session_end(l, now, "", true, RECORD_SESSION_ERROR, false);
    else if (engine_error_refusal(event->i_errno) &&
             record_n_intervals(l->record) == 0) /* asking again for a day would change nothing */
        leg_finish(l, engine_error_refusal(event->i_errno), LONGHAUL_ENET);
    else if (event->i_errno == ENGINE_IEACCESSDENIED)
        leg_session_fail(l, now, "the server is busy with another test", RECORD_SESSION_ERROR, true);
    else if (event->i_errno == ENGINE_IESERVERTERM)
        leg_session_fail(l, now, "the server was stopped", cause, false);
    else if (l->has_started && cause == RECORD_PEER_CLOSED)
        leg_session_fail(l, now, "the server closed the control connection", cause, false);
    else if (l->has_started && cause == RECORD_PATH_SILENT)
        leg_session_fail(l, now, "the peer's host does not answer", cause, false);
    else
        leg_session_fail(l, now, engine_error_core(event->i_errno, text), cause,
                         engine_error_is_passing(event->i_errno) || change_ports(l, event));
}

void leg_run_read(struct leg_run *l)
{
    struct engine_event event;
    int rc;
    while (l->engine != NULL && (rc = engine_receive(l->engine, &event)) != 0) {
        int64_t now = clock_boot_ns();
        if (rc < 0) {
            char text[200];
            engine_death(l->engine, text, sizeof text);
            leg_session_fail(l, now, text, RECORD_SESSION_ERROR, false);
        } else if (event.kind == ENGINE_HELLO) {
            l->n_forks = 0;
            leg_enter(l, PHASE_CONNECTING, now + (l->is_second ? BEGIN_AGAIN_NS : BEGIN_NS));
            queue_put_state(l->options->queue, l->index, LONGHAUL_PHASE_CONNECTING, "");
        } else if (event.kind == ENGINE_NOTE) {
            tell_note(l, event.text);
        } else if (event.kind == ENGINE_JSON) {
            tell_dropped(l, &event);
            on_json(l, &event);
        } else if (event.kind == ENGINE_DELAYS && l->has_started) {
            record_delays(l->record, event.text);
        } else if (event.kind == ENGINE_NEWS && l->has_started) {
            leg_hops_news(l->hops, l->engine, l->record, &event);
        } else if (event.kind == ENGINE_EXIT) {
            on_exit_event(l, &event, now);
        }
    }
}
