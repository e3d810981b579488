/* leg_run.c - the driver of one leg. Draws nothing, prints nothing, has no thread of its own.
 *
 * A leg is a sequence of sessions. One that ends before the leg's deadline, for whatever reason, is followed by another. */

#include "leg_run.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "engine.h"
#include "error.h"
#include "file.h"
#include "interval.h"
#include "journal.h"
#include "leg_rtt.h"
#include "record.h"

#define HELLO_NS (100 * NS_PER_MS)   /* of a forked child, which needs 1 to 5; grows with each try */
#define FORKS_MAX 50
#define CONNECT_MS 5000              /* control connection of the first session */
#define RECONNECT_MS 2000            /* of a later one: a healed path must be found within 5 s */
#define BEGIN_NS (15 * NS_PER_S)     /* from a child's hello to the test: connection, parameters, streams */
#define BEGIN_AGAIN_NS (6 * NS_PER_S)
#define LAST_WORDS_NS (8 * NS_PER_S) /* from a stop, or the planned end, to the end record */
#define SILENT_NS (8 * NS_PER_S)     /* a pulled leg without a packet; a pushed one of TCP without a window */
#define STALLED_NS (30 * NS_PER_S)   /* TCP without a byte, which is an observation: after 8 s of silence, which the control
                                        connection survives, it waits up to 8 s more before it tries again */
#define FRESH_ACK_S 3                /* the peer's host was heard of: keepalives come every second */
#define GIVE_UP_S 9.5                /* engine.c, watch_peer(): 8 s without an answer, and the probe that began it */
#define SLEEP_NS NS_PER_S            /* CLOCK_BOOTTIME ran away from CLOCK_MONOTONIC: the host slept */
#define FIRST_TRY_NS (2 * NS_PER_S)  /* a server that has just ended a test refuses for some 200 ms: try again so long */
#define PAUSE_MIN_NS (200 * NS_PER_MS)
#define PAUSE_MAX_NS (3 * NS_PER_S)
#define SHORT_S 0.1                  /* a leg that lacks less has every second: timers are late by a few ms */
#define LAST_SECONDS_NS (5 * NS_PER_S) /* no connection to the server's port so near to the end: it must not meet a free server */
#define NEVER INT64_MAX

enum phase {
    PHASE_PENDING,    /* its time has not come */
    PHASE_FORKING,    /* the child has not said hello */
    PHASE_CONNECTING, /* no test yet */
    PHASE_RUNNING,
    PHASE_ENDING,     /* asked to stop, or the end record came: only the exit is missing */
    PHASE_PAUSE,      /* between two sessions */
    PHASE_FINISHED
};

/* All times are CLOCK_BOOTTIME. */
struct leg_run {
    const struct leg_run_options *options;
    size_t index;
    struct longhaul_leg leg;
    struct longhaul_outcome outcome;
    atomic_bool is_stop_wanted;
    struct record *record;
    struct leg_rtt *rtt;
    char *result_path;

    struct engine *engine;
    enum phase phase;
    int64_t phase_deadline_ns;
    unsigned n_forks;    /* in a row without a hello */
    unsigned n_failures; /* sessions in a row without an interval */
    bool is_stop_sent;
    bool has_started;    /* this session */
    bool is_second;      /* this session is not the leg's first */
    int64_t data_ns;     /* when packets were last seen to flow */
    double last_ack_s;
    bool is_shut;        /* TCP, pushed: in the last interval */
    uint16_t control_port; /* of the newest session that began */
    bool is_reached;       /* the newest attempt got an answer from the peer's host, if only "no" */
    uint16_t dead_port;    /* of one that broke in silence: its server may still believe in it */
    char session_error[300];

    double delay_s;
    int64_t first_try_ns;
    int64_t deadline_ns; /* of the leg; NEVER before its first session */
    int64_t slept_ns;    /* CLOCK_BOOTTIME less CLOCK_MONOTONIC */
    struct longhaul_status last; /* when it is finished */
};

/* --------------------------------------------------------------------------------------------------------- record */

static json_t *header_of(const struct leg_run *l, int64_t wall_ns)
{
    const struct longhaul_leg *leg = &l->leg;
    return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:I, s:I, s:f, s:I, s:I, s:I, s:s, s:i, s:I, s:s, s:s}", "format",
                     JOURNAL_FORMAT, "version", LONGHAUL_VERSION, "source", leg->source, "destination", leg->destination,
                     "direction", leg->direction == LONGHAUL_PULL ? "pull" : "push",
                     "role", leg->direction == LONGHAUL_PULL ? "receiver" : "sender", "protocol", leg->protocol == LONGHAUL_TCP ? "TCP" : "UDP", "peer", leg->peer, "port",
                     leg->port, "bind_address", leg->bind_address, "rate_bps",
                     (json_int_t)(leg->rate_bps == LONGHAUL_RATE_UNLIMITED ? 0 : leg->rate_bps), "duration_s",
                     (json_int_t)leg->duration_s, "interval_s", leg->interval_s, "datagram_bytes", (json_int_t)leg->datagram_bytes,
                     "streams", (json_int_t)leg->n_streams, "window_bytes", (json_int_t)leg->window_bytes, "congestion", leg->congestion, "tos", leg->tos,
                     "start_unix_us", (json_int_t)(wall_ns / 1000), "libiperf", longhaul_iperf_version(), "intervals_by",
                     longhaul_iperf_intervals());
}

static int new_record(struct leg_run *l, struct longhaul_error *err)
{
    char stem[LONGHAUL_NAME_MAX];
    int64_t wall_ns = clock_wall_ns();
    int rc = longhaul_leg_stem(&l->leg, wall_ns / NS_PER_S, stem, err);
    return rc ? rc : record_create(l->options->dir, stem, header_of(l, wall_ns), &l->record, err);
}

static bool is_of_leg(const char *file_name, const struct longhaul_leg *leg)
{
    struct longhaul_name name;
    size_t n = strlen(file_name), k = strlen(".journal");
    return n > k && strcmp(file_name + n - k, ".journal") == 0 && longhaul_name_parse(file_name, &name, NULL) == 0 &&
           name.start_unix_s != 0 && strcmp(name.source, leg->source) == 0 && strcmp(name.destination, leg->destination) == 0 &&
           name.protocol == leg->protocol && (name.rate_bps == leg->rate_bps || name.protocol == LONGHAUL_TCP) && name.duration_s == leg->duration_s;
}

/* The newest journal of the leg in the folder, malloc'd; NULL when there is none. Names sort by time. */
static char *find_journal(const struct leg_run *l)
{
    char newest[256] = "";
    DIR *dir = opendir(l->options->dir);
    struct dirent *entry;
    while (dir && (entry = readdir(dir)) != NULL)
        if (is_of_leg(entry->d_name, &l->leg) && strcmp(entry->d_name, newest) > 0)
            snprintf(newest, sizeof newest, "%s", entry->d_name);
    if (dir)
        closedir(dir);
    return *newest ? file_join(l->options->dir, newest) : NULL;
}

/* By its header: the end that was planned for it has passed. */
static bool is_over(const struct record *record, const struct longhaul_leg *leg)
{
    int64_t start_us = json_integer_value(json_object_get(record_header(record), "start_unix_us"));
    return start_us + (int64_t)leg->duration_s * 1000000 < clock_wall_ns() / 1000;
}

/* Goes on where an interrupted run was. No record when that had measured nothing and its time is over: it leaves no trace. */
static int resume_record(struct leg_run *l, const char *path, struct longhaul_error *err)
{
    int rc = record_reopen(path, RECORD_RESTARTED, "longhaul was not running", &l->record, err);
    if (rc != 0)
        return rc;
    int64_t now = clock_boot_ns();
    if (record_has_started(l->record)) {
        l->deadline_ns = now + (int64_t)((l->leg.duration_s - record_elapsed_s(l->record, now)) * 1e9);
    } else if (is_over(l->record, &l->leg)) {
        record_discard(l->record);
        l->record = NULL;
    }
    return 0;
}

/* 0 without a record: there is nothing to resume, and nothing else is wanted. */
static int begin_record(struct leg_run *l, struct longhaul_error *err)
{
    char *left = l->options->resume ? find_journal(l) : NULL;
    int rc = left ? resume_record(l, left, err) : 0;
    if (rc == 0 && l->record == NULL && !l->options->resume_only)
        rc = new_record(l, err);
    free(left);
    return rc;
}

/* -------------------------------------------------------------------------------------------------------- figures */

static enum longhaul_phase phase_of(const struct leg_run *l)
{
    bool is_running = l->phase == PHASE_RUNNING || l->phase == PHASE_ENDING;
    return is_running ? LONGHAUL_RUNNING : record_has_started(l->record) ? LONGHAUL_WAITING : LONGHAUL_CONNECTING;
}

static void take_status(const struct leg_run *l, struct longhaul_status *out)
{
    int64_t now = clock_boot_ns();
    double planned_s = l->leg.duration_s, elapsed_s = record_elapsed_s(l->record, now);
    live_status(record_live(l->record), out);
    out->phase = phase_of(l);
    out->planned_s = planned_s;
    out->elapsed_s = elapsed_s < planned_s ? elapsed_s : planned_s;
    out->remaining_s = planned_s - out->elapsed_s;
    if (out->phase != LONGHAUL_RUNNING)
        out->bits_per_second = out->jitter_ms = out->rtt_ms = NAN;
}

void leg_run_status(const struct leg_run *l, struct longhaul_status *out)
{
    if (l->record)
        take_status(l, out);
    else
        *out = l->last;
    if (l->phase == PHASE_PENDING)
        out->phase = LONGHAUL_PENDING;
}

/* The last figures: of a leg with a result, what its outcome knows better. */
static void keep_last(struct leg_run *l)
{
    const struct longhaul_outcome *o = &l->outcome;
    struct longhaul_status *s = &l->last;
    s->phase = LONGHAUL_DONE;
    s->ending = o->ending;
    s->remaining_s = 0;
    s->bits_per_second = s->jitter_ms = s->rtt_ms = NAN;
    if (o->result_path == NULL)
        return;
    s->observed_s = o->observed_s > s->observed_s ? o->observed_s : s->observed_s;
    s->n_gaps = o->n_gaps > s->n_gaps ? o->n_gaps : s->n_gaps;
    s->has_loss = o->has_loss;
    s->lost_packets = o->lost_packets;
    if (s->lost_packets > s->most_lost_packets)
        s->most_lost_packets = s->lost_packets;
}

/* ------------------------------------------------------------------------------------------------------- sessions */

static void enter(struct leg_run *l, enum phase phase, int64_t deadline_ns)
{
    l->phase = phase;
    l->phase_deadline_ns = deadline_ns;
}

static bool wants_stop(struct leg_run *l)
{
    return atomic_load(&l->is_stop_wanted) || atomic_load(l->options->is_stop_wanted);
}

/* What the server's side needs to give its record the same name, and the same intervals. */
static char *extra_data(const struct leg_run *l)
{
    const char *path = record_journal_path(l->record), *slash = strrchr(path, '/');
    const char *stem = slash ? slash + 1 : path;
    json_t *extra = json_pack("{s:i, s:s, s:s, s:s%, s:f, s:I}", "longhaul", JOURNAL_FORMAT, "source", l->leg.source, "destination",
                              l->leg.destination, "stem", stem, (size_t)(strlen(stem) - strlen(".journal")), "interval_s",
                              l->leg.interval_s, "duration_s", (json_int_t)l->leg.duration_s);
    char *text = extra ? json_dumps(extra, JSON_COMPACT) : NULL;
    json_decref(extra);
    return text;
}

/* Everything is in the journal: the result is made of it. A leg that was stopped keeps its journal too, to be resumed. */
static void finish_with_result(struct leg_run *l)
{
    struct longhaul_outcome *o = &l->outcome;
    struct longhaul_error err = { 0 };
    bool is_short = record_confirmed_s(l->record) < l->leg.duration_s - SHORT_S;
    bool is_stopped = is_short && wants_stop(l) && l->deadline_ns - clock_boot_ns() > 0;
    double now_s = record_elapsed_s(l->record, clock_boot_ns());
    if (is_short)
        record_gap_until(l->record, is_stopped ? now_s : l->leg.duration_s);
    o->error = *record_error(l->record);
    l->result_path = strdup(record_result_path(l->record));
    if (record_finish(l->record, is_stopped, o, &err) != 0) {
        o->ending = LONGHAUL_END_FAILED; /* the journal stays: `recover` can do it later */
        o->error = err;
        return;
    }
    bool is_incomplete = o->n_gaps > 0 || o->n_lost_intervals > 0;
    o->ending = is_stopped ? LONGHAUL_END_STOPPED : is_incomplete ? LONGHAUL_END_GAPS : LONGHAUL_END_COMPLETE;
    o->result_path = l->result_path;
}

/* The leg is over. failure, if not NULL, says why it measured nothing. */
static void finish(struct leg_run *l, const char *failure, int code)
{
    engine_close(l->engine);
    l->engine = NULL;
    if (l->record)
        take_status(l, &l->last);
    enter(l, PHASE_FINISHED, NEVER);
    if (l->record && record_n_intervals(l->record) > 0) {
        finish_with_result(l);
    } else {
        l->outcome.ending = LONGHAUL_END_FAILED;
        l->outcome.error.code = 0;
        error_set(&l->outcome.error, code ? code : LONGHAUL_ENET, "%s->%s: %s", l->leg.source, l->leg.destination,
                  failure ? failure : *l->session_error ? l->session_error : "stopped before the first interval");
        record_discard(l->record);
    }
    l->record = NULL;
    keep_last(l);
    queue_put_state(l->options->queue, l->index, LONGHAUL_DONE, l->outcome.error.text);
}

/* Not begun at all. */
static void leave_out(struct leg_run *l)
{
    enter(l, PHASE_FINISHED, NEVER);
    keep_last(l);
    queue_put_state(l->options->queue, l->index, LONGHAUL_DONE, "");
}

static void begin_session(struct leg_run *l, int64_t now)
{
    const struct leg_run_options *o = l->options;
    struct longhaul_error err = { 0 };
    char *extra = extra_data(l);
    l->is_second = record_has_started(l->record);
    int64_t left_ns = l->is_second ? l->deadline_ns - now : (int64_t)l->leg.duration_s * NS_PER_S;
    if (left_ns <= 0) {
        free(extra);
        finish(l, NULL, 0);
        return;
    }
    struct engine_params params = { .leg = &l->leg, .extra_data = extra, .username = o->username, .password = o->password,
                                    .public_key = o->public_key, .connect_ms = l->is_second ? RECONNECT_MS : CONNECT_MS,
                                    .dead_port = l->dead_port,
                                    .duration_s = (uint32_t)((left_ns + NS_PER_S - 1) / NS_PER_S) };
    l->is_stop_sent = l->has_started = false;
    l->session_error[0] = 0;
    l->last_ack_s = NAN;
    int rc = engine_open(&params, &l->engine, &err);
    free(extra);
    if (rc != 0 && !l->is_second)
        finish(l, err.text, rc);
    else if (rc != 0)
        enter(l, PHASE_PAUSE, now + PAUSE_MAX_NS); /* no process, no memory: later there may be */
    else
        enter(l, PHASE_FORKING, now + HELLO_NS * (1 + l->n_forks++ / 4));
}

/* 0.2 s, doubling to 3 s, a fifth more or less: legs that broke together do not knock together. */
static void pause_then_retry(struct leg_run *l, int64_t now)
{
    int64_t pause = PAUSE_MIN_NS << (l->n_failures < 4 ? l->n_failures : 4);
    if (pause > PAUSE_MAX_NS)
        pause = PAUSE_MAX_NS;
    pause = pause * 4 / 5 + (int64_t)((double)pause * 0.4 * ((double)(now / 1000 % 1000) / 1000));
    l->n_failures++;
    enter(l, PHASE_PAUSE, now + (pause < PAUSE_MAX_NS ? pause : PAUSE_MAX_NS));
    if (record_has_started(l->record))
        queue_put_state(l->options->queue, l->index, LONGHAUL_WAITING, l->session_error);
}

/* The child is gone, or must be. text is "" when the session ran to its planned end or was stopped by us. may_pass: a first session
 * may be tried again. */
static void end_session(struct leg_run *l, int64_t now, const char *text, bool is_clean, enum record_cause cause, bool may_pass)
{
    if (wants_stop(l))
        cause = RECORD_STOPPED;
    engine_close(l->engine);
    l->engine = NULL;
    snprintf(l->session_error, sizeof l->session_error, "%s", text);
    if (l->has_started) {
        const char *ending = *text ? text : wants_stop(l) ? "stopped" : is_clean ? "complete" : "no end record";
        double alive_s = cause == RECORD_PATH_SILENT ? record_elapsed_s(l->record, now) - GIVE_UP_S : NAN;
        record_session(l->record, ending, is_clean, cause, alive_s);
        if (cause == RECORD_PATH_SILENT || cause == RECORD_SUSPENDED)
            l->dead_port = l->control_port;
        l->has_started = false;
    }
    if (!record_has_started(l->record) && !wants_stop(l) && may_pass &&
        (now - l->first_try_ns < FIRST_TRY_NS || (l->n_failures == 0 && cause == RECORD_PATH_SILENT)))
        pause_then_retry(l, now);
    else if (!record_has_started(l->record))
        finish(l, *text ? text : wants_stop(l) ? "stopped before the test began" : "the test never began", LONGHAUL_ENET);
    else if (wants_stop(l) || l->deadline_ns - now < NS_PER_S)
        finish(l, NULL, 0);
    else
        pause_then_retry(l, now);
}

/* The same for one that broke; before the test the message names the peer. */
static void fail_session(struct leg_run *l, int64_t now, const char *text, enum record_cause cause, bool may_pass)
{
    char why[400];
    if (l->has_started)
        snprintf(why, sizeof why, "%s", text);
    else
        snprintf(why, sizeof why, "%s port %u: %s", l->leg.peer, l->leg.port, text);
    end_session(l, now, why, false, cause, may_pass);
}

/* --------------------------------------------------------------------------------------------------------- events */

static int64_t watchdog_ns(const struct leg_run *l)
{
    return (int64_t)((l->leg.interval_s * 2 + 10) * 1e9);
}

static void on_start(struct leg_run *l, const struct engine_event *event, const json_t *data)
{
    if (l->has_started)
        return;
    l->has_started = true;
    record_start(l->record, event->text, event->length, data, &event->at);
    if (l->deadline_ns == NEVER)
        l->deadline_ns = event->at.boot_ns + (int64_t)l->leg.duration_s * NS_PER_S;
    l->control_port = event->control_port;
    l->data_ns = event->at.boot_ns;
    l->slept_ns = event->at.boot_ns - event->at.monotonic_ns;
    leg_rtt_start(l->rtt, data, event->at.boot_ns);
    enter(l, PHASE_RUNNING, event->at.boot_ns + watchdog_ns(l));
    queue_put_state(l->options->queue, l->index, LONGHAUL_RUNNING, "");
}

/* Nothing was sent, since the receiver has no window for it. */
static bool is_shut(const struct engine_event *event, const json_t *data)
{
    return event->tcp.n_streams > 0 && event->tcp.zero_windows == event->tcp.n_streams &&
           json_integer_value(json_object_get(interval_sum(data), "bytes")) == 0;
}

static void on_interval(struct leg_run *l, const struct engine_event *event, json_t *data)
{
    struct longhaul_interval interval;
    l->is_shut = l->leg.direction == LONGHAUL_PUSH && is_shut(event, data);
    /* Its kernel answers, its process takes nothing: such a row is not the peer's word. */
    double last_ack_s = l->is_shut ? INFINITY : event->last_ack_s;
    if (!l->has_started || !record_interval(l->record, event->text, event->length, data, &event->at, last_ack_s, &event->tcp, &interval))
        return;
    l->n_failures = 0;
    l->last_ack_s = event->last_ack_s;
    l->dead_port = 0;
    if (interval.bytes > 0)
        l->data_ns = event->at.boot_ns;
    if (l->phase == PHASE_RUNNING)
        l->phase_deadline_ns = event->at.boot_ns + watchdog_ns(l);
    queue_put_interval(l->options->queue, l->index, &interval);
}

static void on_json(struct leg_run *l, const struct engine_event *event)
{
    json_t *parsed = json_loadb(event->text, event->length, 0, NULL);
    const char *name = json_string_value(json_object_get(parsed, "event"));
    json_t *data = json_object_get(parsed, "data");
    bool is_document = name && strcmp(name, "document") == 0;
    if (name && strcmp(name, "start") == 0)
        on_start(l, event, data);
    else if (name && strcmp(name, "interval") == 0)
        on_interval(l, event, data);
    const char *error = json_string_value(is_document ? json_object_get(data, "error") : data);
    if (error && (is_document || strcmp(name, "error") == 0))
        snprintf(l->session_error, sizeof l->session_error, "%s", error);
    if (is_document)
        data = json_object_get(data, "end");
    if (name && (is_document || strcmp(name, "end") == 0) && l->has_started && json_object_size(data) > 0) {
        record_end(l->record, data);
        enter(l, PHASE_ENDING, event->at.boot_ns + LAST_WORDS_NS);
    }
    json_decref(parsed);
}

/* Why a session broke that had begun. A control connection that timed out and one that was reset are the same error to libiperf:
 * what tells them apart is whether the peer's host was still heard of. */
static enum record_cause cause_of(const struct leg_run *l, const struct engine_event *event)
{
    bool is_heard_of = isnan(l->last_ack_s) || l->last_ack_s < FRESH_ACK_S;
    bool is_refused = strstr(event->text, strerror(ECONNREFUSED)) != NULL; /* UDP: the peer's port is closed, as ICMP says */
    switch (event->i_errno) {
    case ENGINE_IECTRLCLOSE:
    case ENGINE_IESERVERTERM:
        return RECORD_PEER_CLOSED;
    case ENGINE_IECTRLWRITE:
    case ENGINE_IECTRLREAD:
    case ENGINE_IESENDMESSAGE:
    case ENGINE_IERECVMESSAGE:
        return is_heard_of ? RECORD_PEER_CLOSED : RECORD_PATH_SILENT;
    case ENGINE_IESTREAMWRITE:
    case ENGINE_IESTREAMREAD: /* TCP waits in silence while a link is down: an error is the peer's reset, or the end of its patience */
        if (l->leg.protocol == LONGHAUL_TCP)
            return is_heard_of ? RECORD_PEER_CLOSED : RECORD_PATH_SILENT;
        return is_refused ? RECORD_PEER_CLOSED : RECORD_LINK_DOWN;
    default:
        return RECORD_SESSION_ERROR;
    }
}

/* What a server says, or does not say, in the moment between two tests. */
static bool is_passing(int i_errno)
{
    return i_errno == ENGINE_IECONNECT || i_errno == ENGINE_IESENDCOOKIE || i_errno == ENGINE_IECTRLCLOSE ||
           i_errno == ENGINE_IESENDMESSAGE || i_errno == ENGINE_IERECVMESSAGE || i_errno == ENGINE_IEACCESSDENIED;
}

/* The first answer after a silence: the path has healed, and what keeps the server busy is the old session. */
static void note_answer(struct leg_run *l, const struct engine_event *event)
{
    bool is_answer = is_passing(event->i_errno) &&
                     (event->i_errno != ENGINE_IECONNECT || strstr(event->text, strerror(ECONNREFUSED)) != NULL);
    if (is_answer && !l->is_reached)
        l->n_failures = 0;
    l->is_reached = is_answer;
}

/* The server's limits: iperf3's --server-bitrate-limit, longhaul serve's --max-rate and --max-duration. */
static bool is_refusal(int i_errno)
{
    return i_errno == ENGINE_IETOTALRATE || i_errno == ENGINE_IEDURATION;
}

static void on_exit_event(struct leg_run *l, const struct engine_event *event, int64_t now)
{
    char text[300];
    note_answer(l, event);
    enum record_cause cause = cause_of(l, event);
    snprintf(text, sizeof text, "%s", event->text); /* borrowed from the engine, which is closed on the way */
    if (event->i_errno == 0 && *l->session_error) /* neither libiperf's rc nor its i_errno is proof: its document is */
        fail_session(l, now, strcpy(text, l->session_error), RECORD_SESSION_ERROR, false);
    else if (event->i_errno == 0)
        end_session(l, now, "", true, RECORD_SESSION_ERROR, false);
    else if (is_refusal(event->i_errno) && record_n_intervals(l->record) == 0) /* a day of asking changes nothing */
        finish(l, event->i_errno == ENGINE_IEDURATION ? "the server refuses it: longer than it allows" : "the server refuses it: more bit/s than it allows", LONGHAUL_ENET);
    else if (event->i_errno == ENGINE_IEACCESSDENIED)
        fail_session(l, now, "the server is busy with another test", RECORD_SESSION_ERROR, true);
    else if (event->i_errno == ENGINE_IESERVERTERM)
        fail_session(l, now, "the server was ended", cause, false);
    else if (l->has_started && cause == RECORD_PEER_CLOSED)
        fail_session(l, now, "the server closed the control connection", cause, false);
    else if (l->has_started && cause == RECORD_PATH_SILENT)
        fail_session(l, now, "the peer's host does not answer", cause, false);
    else
        fail_session(l, now, text, cause, is_passing(event->i_errno));
}

void leg_run_read(struct leg_run *l)
{
    struct engine_event event;
    int rc;
    while (l->engine != NULL && (rc = engine_receive(l->engine, &event)) != 0) {
        int64_t now = clock_boot_ns();
        if (rc < 0) {
            char said[160], text[200];
            engine_last_words(l->engine, said, sizeof said);
            snprintf(text, sizeof text, "the measuring process died%s%s", *said ? ": " : "", said);
            fail_session(l, now, text, RECORD_SESSION_ERROR, false);
        } else if (event.kind == ENGINE_HELLO) {
            l->n_forks = 0;
            enter(l, PHASE_CONNECTING, now + (l->is_second ? BEGIN_AGAIN_NS : BEGIN_NS));
            queue_put_state(l->options->queue, l->index, LONGHAUL_CONNECTING, "");
        } else if (event.kind == ENGINE_JSON) {
            on_json(l, &event);
        } else if (event.kind == ENGINE_EXIT) {
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
        if (l->n_forks < FORKS_MAX || l->is_second)
            begin_session(l, now);
        else
            finish(l, "the measuring process does not come through fork", LONGHAUL_EIO);
        break;
    case PHASE_CONNECTING:
        fail_session(l, now, "no answer", RECORD_PATH_SILENT, true);
        break;
    case PHASE_RUNNING:
        fail_session(l, now, "no interval came: the session hangs", RECORD_SESSION_ERROR, false);
        break;
    case PHASE_ENDING:
        end_session(l, now, "the server did not answer at the end", false, RECORD_PATH_SILENT, false);
        break;
    case PHASE_PAUSE:
        begin_session(l, now);
        break;
    case PHASE_PENDING:
    case PHASE_FINISHED:
        break;
    }
}

/* How long nothing may come, or with TCP be taken. 0: a pushed leg of UDP cannot know. */
static int64_t patience_ns(const struct leg_run *l)
{
    const struct longhaul_leg *leg = &l->leg;
    int64_t interval_ns = (int64_t)(leg->interval_s * 1e9);
    if (leg->protocol == LONGHAUL_UDP)
        return leg->direction == LONGHAUL_PULL ? SILENT_NS + interval_ns : 0;
    /* A slow leg of large writes is silent between two of them. */
    double write_s = leg->rate_bps == LONGHAUL_RATE_UNLIMITED ? 0 : leg->datagram_bytes * 8.0 / (double)leg->rate_bps;
    return (l->is_shut ? SILENT_NS : STALLED_NS) + interval_ns + (int64_t)(write_s * 1e9);
}

static bool is_silent(const struct leg_run *l, int64_t now)
{
    int64_t patience = patience_ns(l);
    return patience > 0 && now - l->data_ns > patience;
}

/* What no event tells: the host slept; or a sender that is alive, or its path, sends nothing. */
static void look_for_silence(struct leg_run *l, int64_t now)
{
    bool is_push = l->leg.direction == LONGHAUL_PUSH;
    if (now - clock_monotonic_ns() - l->slept_ns > SLEEP_NS)
        fail_session(l, now, "this host slept", RECORD_SUSPENDED, false);
    else if (is_silent(l, now)) {
        bool is_stopped = l->last_ack_s < FRESH_ACK_S;
        fail_session(l, now, !is_stopped ? "the peer's host does not answer" : is_push ? "the server takes nothing" : "the server sends nothing",
                     is_stopped ? RECORD_PEER_STOPPED : RECORD_PATH_SILENT, false);
    }
}

static void stop_session(struct leg_run *l, int64_t now)
{
    l->is_stop_sent = true;
    if (l->phase == PHASE_RUNNING) {
        engine_stop(l->engine);
        enter(l, PHASE_ENDING, now + LAST_WORDS_NS);
    } else if (l->phase != PHASE_ENDING) {
        end_session(l, now, "", false, RECORD_SESSION_ERROR, false);
    }
}

/* The plan is over. A later session is a whole number of seconds long and is stopped; the first ends by itself, or hangs. */
static void on_leg_deadline(struct leg_run *l, int64_t now)
{
    if (l->phase == PHASE_RUNNING && l->is_second)
        stop_session(l, now);
    else if (l->phase == PHASE_RUNNING && now >= l->deadline_ns + LAST_WORDS_NS)
        fail_session(l, now, "the server did not answer at the end", RECORD_PATH_SILENT, false);
    else if (l->phase != PHASE_RUNNING && l->phase != PHASE_ENDING)
        finish(l, NULL, 0);
}

/* The record is made, or found, and the first session begins. */
static void begin(struct leg_run *l)
{
    struct longhaul_error err = { 0 };
    int rc = begin_record(l, &err);
    int64_t now = l->first_try_ns = clock_boot_ns();
    if (rc != 0)
        finish(l, err.text, rc);
    else if (l->record == NULL)
        leave_out(l);
    else if (now >= l->deadline_ns) /* resumed after its end: only the result is missing */
        finish(l, NULL, 0);
    else
        begin_session(l, now);
}

/* Returns when its time comes. */
static int64_t tend_pending(struct leg_run *l, int64_t now)
{
    if (wants_stop(l))
        finish(l, "stopped before its time", LONGHAUL_ENET);
    else if (now >= l->phase_deadline_ns)
        begin(l);
    return l->phase == PHASE_FINISHED ? NEVER : l->phase_deadline_ns;
}

static bool is_due(const struct leg_run *l, int64_t now)
{
    return now >= l->phase_deadline_ns || now >= l->deadline_ns ||
           (l->phase == PHASE_RUNNING && is_silent(l, now));
}

int64_t leg_run_tend(struct leg_run *l)
{
    int64_t now = clock_boot_ns();
    if (l->phase == PHASE_PENDING)
        return tend_pending(l, now);
    if (is_due(l, now)) { /* this thread may have been held up: what the child has said counts first */
        leg_run_read(l);
        now = clock_boot_ns();
    }
    if (l->phase != PHASE_FINISHED && wants_stop(l) && !l->is_stop_sent)
        stop_session(l, now);
    if (l->phase == PHASE_RUNNING)
        look_for_silence(l, now);
    if (l->phase != PHASE_FINISHED && now >= l->deadline_ns)
        on_leg_deadline(l, now);
    if (l->phase != PHASE_FINISHED && now >= l->phase_deadline_ns)
        on_phase_deadline(l, now);
    if (l->phase == PHASE_FINISHED)
        return NEVER;
    bool is_running = l->phase == PHASE_RUNNING && l->deadline_ns - now > LAST_SECONDS_NS && !l->is_stop_sent;
    int64_t next = record_sync(l->record, now, l->options->sync_s), rtt_ns = leg_rtt_tend(l->rtt, l->record, now, is_running);
    if (rtt_ns < next)
        next = rtt_ns;
    if (l->phase_deadline_ns < next)
        next = l->phase_deadline_ns;
    return l->deadline_ns > now && l->deadline_ns < next ? l->deadline_ns : next;
}

/* ---------------------------------------------------------------------------------------------------------- whole */

struct leg_run *leg_run_new(const struct longhaul_leg *leg, size_t index, double delay_s, const struct leg_run_options *options)
{
    struct leg_run *l = calloc(1, sizeof *l);
    if (l == NULL)
        return NULL;
    l->rtt = leg_rtt_new(leg);
    if (l->rtt == NULL) {
        free(l);
        return NULL;
    }
    l->leg = *leg;
    l->index = index;
    l->delay_s = delay_s;
    l->options = options;
    l->outcome.planned_s = l->last.planned_s = l->last.remaining_s = leg->duration_s;
    l->last.bits_per_second = l->last.jitter_ms = l->last.rtt_ms = NAN;
    l->deadline_ns = NEVER;
    enter(l, PHASE_PAUSE, NEVER);
    return l;
}

void leg_run_free(struct leg_run *l)
{
    if (l == NULL)
        return;
    engine_close(l->engine);
    record_close(l->record);
    leg_rtt_free(l->rtt);
    free(l->result_path);
    free(l);
}

static bool has_journal(const struct leg_run *l)
{
    char *left = l->options->resume ? find_journal(l) : NULL;
    bool is_there = left != NULL;
    free(left);
    return is_there;
}

/* A leg that was interrupted has had its time: it goes on at once. */
void leg_run_begin(struct leg_run *l)
{
    char at[64];
    if (l->delay_s <= 0 || l->options->resume_only || has_journal(l)) {
        begin(l);
        return;
    }
    time_t when = (time_t)(clock_wall_ns() / NS_PER_S + (int64_t)l->delay_s);
    struct tm utc;
    strftime(at, sizeof at, "begins at %Y-%m-%d %H:%M:%S UTC", gmtime_r(&when, &utc));
    enter(l, PHASE_PENDING, clock_boot_ns() + (int64_t)(l->delay_s * 1e9));
    queue_put_state(l->options->queue, l->index, LONGHAUL_PENDING, at);
}

bool leg_run_is_finished(const struct leg_run *l)
{
    return l->phase == PHASE_FINISHED;
}

int leg_run_fd(const struct leg_run *l)
{
    return l->engine ? engine_fd(l->engine) : -1;
}

void leg_run_stop(struct leg_run *l)
{
    atomic_store(&l->is_stop_wanted, true);
}

struct longhaul_outcome *leg_run_outcome(struct leg_run *l)
{
    return &l->outcome;
}
