/* serve_port.c - one port of a server: a supervised child that serves one test and is then replaced, and the rules for
 * clients. Trusts nothing that a client says. */

#include "serve/serve_port.h"

#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/units.h"
#include "engine/session_event.h"
#include "record/host_facts.h"
#include "record/interval.h"
#include "record/session_row.h"
#include "serve/serve_disk.h"
#include "serve/serve_ending.h"

#define PAUSE_MIN_NS (200 * NS_PER_MS)
#define PAUSE_MAX_NS (3 * NS_PER_S)
#define HELLO_NS NS_PER_S
#define BEGIN_NS (15 * NS_PER_S) /* from a client's cookie to its test */
#define CONTESTED_NS (5 * NS_PER_S) /* the same while another client waits at the door */
#define DISK_NS (10 * NS_PER_S)
#define DATAGRAMS_NS (60 * NS_PER_S)
#define NEVER INT64_MAX

static void tell(const struct serve_common *c, const struct serve_port *p, enum longhaul_server_event_kind kind,
                 const char *text, const struct longhaul_status *test)
{
    struct longhaul_server_event event = {
        .kind = kind, .port = p->number, .n_intervals = p->n_intervals, .bytes = p->bytes, .text = text,
        .source = p->label.is_good ? p->label.name.source : NULL,
        .destination = p->label.is_good ? p->label.name.destination : NULL, .test = test
    };
    if (c->options.on_event)
        c->options.on_event(&event, c->options.payload);
}

void serve_port_tell(const struct serve_common *c, const struct serve_port *p, enum longhaul_server_event_kind kind,
                     const char *text)
{
    tell(c, p, kind, text, NULL);
}

/* ---- records */

/* A stranger's test is not recorded, or no longer recorded, while the disk is nearly full. */
static bool has_no_room(const struct serve_common *c, struct serve_port *p)
{
    char text[100];
    double free_percent;
    p->disk_ns = clock_boot_ns() + DISK_NS;
    if (serve_sources_is_own(c->sources, &p->from) ||
        !serve_disk_is_low(c->dir, c->options.keep_free_percent, &free_percent))
        return false;
    snprintf(text, sizeof text, "not recorded: %.1f %% of the disk is free (--keep-free)", free_percent);
    serve_port_tell(c, p, LONGHAUL_SERVER_EVENT_NOTE, text);
    return true;
}

static void begin_record(const struct serve_common *c, struct serve_port *p)
{
    struct longhaul_error err = { 0 };
    char why[200];
    struct serve_record_place place = { .dir = c->dir, .bind_address = c->bind_address, .client = p->client,
                                        .port = p->number, .sources = c->sources, .from = &p->from };
    if (has_no_room(c, p))
        return;
    p->is_stranger = place.is_stranger =
        !serve_expected_is(c->expected, &p->label.name, p->number, p->client, clock_boot_ns(), why);
    if (place.is_stranger)
        serve_port_tell(c, p, LONGHAUL_SERVER_EVENT_NOTE, why);
    if (serve_record_begin(&place, &p->label, &p->record, &err) != 0)
        serve_port_tell(c, p, LONGHAUL_SERVER_EVENT_NOTE, err.text);
}

/* Notes the receiver's counters: the network is not blamed for what the receiver's sockets drop. */
static void note_host(struct serve_port *p, const char *when)
{
    if (p->record)
        host_facts_record(p->record, when, p->client);
}

static void take_label(const struct serve_common *c, struct serve_port *p, const struct engine_event *event)
{
    if (!serve_label_read(event->text, event->length, &p->label) && p->label.is_of_ours)
        serve_port_tell(c, p, LONGHAUL_SERVER_EVENT_NOTE, "the client's label is not the name of a leg: not recorded");
}

/* Writes the result so far; the journal stays as long as the leg may come again. */
static void end_record(const struct serve_common *c, struct serve_port *p, const char *text)
{
    struct longhaul_error err = { 0 };
    if (p->record == NULL)
        return;
    serve_legs_pause(c->legs, p->label.stem, *text != 0, clock_boot_ns());
    note_host(p, "end");
    record_session(p->record, *text ? text : "complete", *text == 0,
                   p->has_slept ? RECORD_SUSPENDED : RECORD_PEER_CLOSED, NAN);
    if (p->has_slept) /* the cause of the gap up to here; the client knows the rest */
        record_gap_until(p->record, record_elapsed_s(p->record, clock_boot_ns()));
    if (record_n_intervals(p->record) == 0 && record_error(p->record)->code == 0) {
        record_discard(p->record);
    } else {
        char *result = strdup(record_result_path(p->record));
        double end_s = record_elapsed_s(p->record, clock_boot_ns());
        bool may_go_on = end_s < p->label.name.duration_s - p->label.interval_s;
        int rc = record_finish(p->record, may_go_on, NULL, &err);
        serve_port_tell(c, p, rc == 0 ? LONGHAUL_SERVER_EVENT_RECORDED : LONGHAUL_SERVER_EVENT_NOTE,
                        rc == 0 && result ? result : err.text);
        free(result);
    }
    p->record = NULL;
}

/* ---- children */

static void begin_child(const struct serve_common *c, struct serve_port *p, int64_t now)
{
    struct engine_params params = { .port = p->number, .bind_address = c->bind_address,
                                    .door_family = p->door ? p->door->family : 0, .udp_from = c->udp_from,
                                    .n_udp_from = c->options.n_udp_from, .authorized_users = c->authorized_users,
                                    .private_key = c->private_key };
    struct longhaul_error err = { 0 };
    *p = (struct serve_port){ .number = p->number, .door = p->door, .n_failures = p->n_failures, .n_tests = p->n_tests,
                              .n_refused = p->n_refused, .shown = p->shown, .hops = p->hops,
                              .due_ns = now + HELLO_NS };
    if (engine_open(&params, &p->engine, &err) != 0) {
        p->due_ns = now + PAUSE_MAX_NS; /* no process or memory available: try again later */
        serve_port_tell(c, p, LONGHAUL_SERVER_EVENT_NOTE, err.text);
    }
}

/* Reports other datagrams that arrived at the ports of its streams: at first, then once a minute, and at the end. */
static void say_datagrams(const struct serve_common *c, struct serve_port *p, int64_t now, bool is_end)
{
    char text[160];
    bool is_new = p->n_foreign > p->n_foreign_said || p->n_impossible > p->n_impossible_said;
    if (!is_new || (!is_end && now < p->datagrams_ns))
        return;
    snprintf(text, sizeof text, "test from %s: datagrams dropped so far: %u from others, %u with impossible numbers",
             p->client, p->n_foreign, p->n_impossible);
    serve_port_tell(c, p, LONGHAUL_SERVER_EVENT_NOTE, text);
    p->n_foreign_said = p->n_foreign;
    p->n_impossible_said = p->n_impossible;
    p->datagrams_ns = now + DATAGRAMS_NS;
}

/* The child has finished, with or without a client. The next one begins at once, but after a pause if the child itself
 * could not begin: clients must not be able to keep a port closed. */
static void end_child(const struct serve_common *c, struct serve_port *p, int64_t now, const char *text,
                      bool could_begin)
{
    const char *how = *p->refusal ? p->refusal : text;
    struct longhaul_status test;
    char stranger[400];
    snprintf(stranger, sizeof stranger, "%s began no test: %s", p->client, how);
    serve_hops_stop(p->hops, now);
    end_record(c, p, how);
    serve_shown_end(&p->shown, how, c->legs, now);
    serve_shown_test(&p->shown, &test);
    say_datagrams(c, p, now, true);
    if (p->is_testing || *how)
        tell(c, p, LONGHAUL_SERVER_EVENT_ENDED, p->has_client && !p->is_testing ? stranger : how, &test);
    int64_t pause = PAUSE_MIN_NS << (p->n_failures < 4 ? p->n_failures : 4);
    p->n_failures = could_begin ? 0 : p->n_failures + 1;
    p->due_ns = p->n_failures ? now + (pause < PAUSE_MAX_NS ? pause : PAUSE_MAX_NS) : now;
    p->is_testing = p->has_client = false;
    if (p->door)
        serve_door_left(p->door);
    engine_close(p->engine); /* last, because text may be inside it */
    p->engine = NULL;
}

/* Unless i_errno is 0, tells the client and ends the child. */
static void refuse(struct serve_port *p, int64_t now, int i_errno)
{
    if (i_errno == 0)
        return;
    p->n_refused++;
    engine_refuse(p->engine, i_errno);
    p->due_ns = now + NS_PER_S;
}

static void note_leg(const struct serve_common *c, const struct serve_port *p, const struct engine_event *event)
{
    if (p->record && !p->is_stranger)
        serve_legs_note(c->legs, &p->label, p->client, p->number, p->record, event->at.boot_ns);
}

/* If the port is reserved for a leg whose session broke, and this client is not that leg, returns the error for
 * refuse() and why; 0 if the client may stay. */
static int keep_from(const struct serve_common *c, struct serve_port *p, int64_t now)
{
    int64_t until_ns;
    const struct longhaul_served_leg *leg =
        serve_legs_keeper(c->legs, p->number, p->client, p->label.key, now, &until_ns);
    if (leg == NULL)
        return 0;
    snprintf(p->refusal, sizeof p->refusal, "refused: the port is reserved for %s->%s for %.0f s more", leg->source,
             leg->destination, (double)(until_ns - now) / NS_PER_S);
    return ENGINE_IEACCESSDENIED;
}

/* Where libiperf itself listens, the client is unknown until its test begins. */
static void take_address(struct serve_port *p, const json_t *start)
{
    const char *host = json_string_value(json_object_get(json_object_get(start, "accepted_connection"), "host"));
    snprintf(p->client, sizeof p->client, "%s", host ? host : "");
}

static void on_start(const struct serve_common *c, struct serve_port *p, const struct engine_event *event,
                     const struct session_event *said)
{
    const json_t *data = said->start;
    const json_t *asked = json_object_get(data, "test_start");
    const char *protocol = json_string_value(json_object_get(asked, "protocol"));
    if (p->is_testing)
        return;
    p->is_testing = p->has_client = true;
    if (p->door)
        p->door->is_testing = true;
    else
        take_address(p, data);
    p->n_tests++;
    p->last_ack_s = 0;
    p->is_receiver = number_or_0(asked, "reverse") == 0;
    p->start_ns = p->data_ns = event->at.boot_ns;
    p->slept_ns = event->at.boot_ns - event->at.monotonic_ns;
    p->due_ns = NEVER;
    serve_port_tell(c, p, LONGHAUL_SERVER_EVENT_STARTED, p->client);
    refuse(p, event->at.boot_ns, keep_from(c, p, event->at.boot_ns));
    if (*p->refusal == 0)
        refuse(p, event->at.boot_ns, serve_limits_asked(&c->options, data, p->refusal));
    if (*p->refusal == 0 && p->label.is_good && p->is_receiver && protocol &&
        strcmp(protocol, p->label.name.protocol == LONGHAUL_PROTOCOL_TCP ? "TCP" : "UDP") == 0)
        begin_record(c, p);
    note_host(p, "start");
    if (p->record)
        record_start(p->record, said->is_verbatim ? event->text : NULL, event->length, data, &event->at);
    const char *lack = *p->refusal ? NULL : serve_hops_start(&p->hops, &p->label, p->client, data, p->is_receiver,
                                                              c->is_lack_told, event->at.boot_ns);
    if (lack)
        serve_port_tell(c, p, LONGHAUL_SERVER_EVENT_NOTE, lack);
    note_leg(c, p, event);
    serve_shown_begin(&p->shown, p->client, &p->label, data,
                      p->record && !p->is_stranger ? record_result_path(p->record) : NULL, event->at.boot_ns);
}

/* Reports once per test what the record lacks, and why. */
static void tell_lack(const struct serve_common *c, struct serve_port *p, const char *what, const char *which)
{
    char text[300];
    if (p->is_lack_told)
        return;
    p->is_lack_told = true;
    snprintf(text, sizeof text, "%s (%s); it is counted in the record", what, which);
    serve_port_tell(c, p, LONGHAUL_SERVER_EVENT_NOTE, text);
}

static void leave_out(const struct serve_common *c, struct serve_port *p, uint64_t n, const char *why)
{
    if (p->record == NULL)
        return;
    record_left_out(p->record, n, why);
    tell_lack(c, p, "rows from libiperf are missing", why);
}

static void on_interval(const struct serve_common *c, struct serve_port *p, const struct engine_event *event,
                        const struct record_row *row)
{
    struct longhaul_interval interval;
    char names[120];
    /* The interval is partly from before the host slept and partly from after it: it is not recorded. */
    if (p->record && clock_has_slept(event->at.boot_ns, event->at.monotonic_ns, p->slept_ns)) {
        record_left_out(p->record, 1, "host-suspended");
        return;
    }
    if (p->record == NULL) {
        interval_decode(row->data, 0, &interval);
        if (interval.unreadable & LONGHAUL_UNREADABLE_TIME)
            interval.seconds = 0;
        interval.delay = row->delay;
    } else if (!record_interval(p->record, row, &interval)) {
        return;
    }
    serve_hops_row(p->hops, p->engine, row, &interval);
    note_leg(c, p, event);
    serve_shown_interval(&p->shown, &interval, row->at.monotonic_ns);
    if (row->histogram && !interval.is_omitted)
        serve_shown_delays(&p->shown, row->histogram);
    p->n_intervals++;
    p->bytes = interval_add(p->bytes, interval.bytes);
    if (interval.bytes > 0)
        p->data_ns = event->at.boot_ns;
    if (!isnan(event->last_ack_s))
        p->last_ack_s = event->last_ack_s;
    interval_unreadable_text(interval.unreadable, ", ", names, sizeof names);
    if (p->record && interval.unreadable)
        tell_lack(c, p, "libiperf wrote unreadable values", names);
    if (*p->refusal == 0 && !p->is_sampled)
        refuse(p, event->at.boot_ns, serve_limits_came(&p->limits, &c->options, &interval, p->refusal));
}

static void on_json(const struct serve_common *c, struct serve_port *p, const struct engine_event *event)
{
    struct session_event said = session_event_parse(event);
    size_t i;
    json_t *interval;
    if (event->n_unsaid > 0)
        leave_out(c, p, event->n_unsaid, "no-memory");
    if (said.start)
        on_start(c, p, event, &said);
    if (said.interval) {
        const struct record_row row = session_row(&said, event, said.interval);
        on_interval(c, p, event, &row);
    } else if (said.is_unreadable && !said.start) {
        leave_out(c, p, 1, "unreadable-event");
    }
    json_array_foreach(said.rest, i, interval) {
        const struct record_row row = session_row(&said, event, interval);
        on_interval(c, p, event, &row);
    }
    p->has_error = p->has_error || said.error;
    if (p->record && said.end)
        record_end(p->record, said.end);
    json_decref(said.parsed);
}

static void on_event(const struct serve_common *c, struct serve_port *p, const struct engine_event *event)
{
    int64_t now = clock_boot_ns();
    if (event->n_foreign > p->n_foreign)
        p->n_foreign = event->n_foreign;
    if (event->n_impossible > p->n_impossible)
        p->n_impossible = event->n_impossible;
    switch (event->kind) {
    case ENGINE_HELLO:
        p->due_ns = NEVER;
        p->has_hello = true;
        serve_port_tell(c, p, LONGHAUL_SERVER_EVENT_LISTENING, "");
        break;
    case ENGINE_NOTE:
        serve_port_tell(c, p, LONGHAUL_SERVER_EVENT_NOTE, event->text);
        break;
    case ENGINE_LABEL:
        take_label(c, p, event);
        break;
    case ENGINE_JSON:
        on_json(c, p, event);
        break;
    case ENGINE_DELAYS:
        if (p->record)
            record_delays(p->record, event->text);
        serve_shown_delays(&p->shown, event->text);
        note_leg(c, p, event);
        break;
    case ENGINE_FLOWS:
    case ENGINE_SOCKETS:
    case ENGINE_NEWS:
        break;
    case ENGINE_EXIT:
        if (event->i_errno == ENGINE_IEAUTHTEST)
            serve_sources_offend(c->sources, &p->from, SERVE_PASSWORD, now);
        else if (p->has_client && !p->is_testing && event->i_errno != 0)
            serve_sources_offend(c->sources, &p->from, SERVE_PARAMETERS, now);
        end_child(c, p, now, serve_ending_text(p, event), event->i_errno != ENGINE_IELISTEN);
        break;
    }
}

static void on_death(const struct serve_common *c, struct serve_port *p)
{
    char text[200];
    engine_death(p->engine, text, sizeof text);
    if (p->has_client && !p->is_testing)
        serve_sources_offend(c->sources, &p->from, SERVE_NO_TEST, clock_boot_ns());
    end_child(c, p, clock_boot_ns(), text, p->has_hello);
}

void serve_port_read(const struct serve_common *c, struct serve_port *p)
{
    struct engine_event event;
    int rc;
    while (p->engine && (rc = engine_receive(p->engine, &event)) != 0) {
        if (rc > 0)
            on_event(c, p, &event);
        else
            on_death(c, p);
    }
}

/* Lets in streams of the current client, and the next client. */
static void tend_door(const struct serve_common *c, struct serve_port *p, int64_t now)
{
    int fd;
    serve_door_tend(p->door, &c->rules, now);
    while (p->engine && p->has_client && (fd = serve_door_stream(p->door, now)) >= 0) {
        engine_hand(p->engine, fd);
        close(fd);
    }
    if (p->engine == NULL || !p->has_hello || p->has_client)
        return;
    const struct serve_guest *next = serve_door_next(p->door, &c->rules, now);
    if (next == NULL)
        return;
    p->from = next->from;
    serve_door_name(&p->from, p->client);
    p->has_client = true;
    p->came_ns = now;
    p->due_ns = now + BEGIN_NS;
    fd = serve_door_let_in(p->door, next);
    if (!engine_hand(p->engine, fd))
        p->due_ns = now; /* the child is gone, or hangs */
    close(fd);
}

/* True if its test takes long to begin while another client is ready. */
static bool is_contested(const struct serve_common *c, const struct serve_port *p, int64_t now)
{
    return p->door && !p->is_testing && now - p->came_ns > CONTESTED_NS &&
           serve_door_next(p->door, &c->rules, now) != NULL;
}

/* Counts what arrived since the last look: intervals may be a minute long. */
static void sample(const struct serve_common *c, struct serve_port *p, int64_t now)
{
    uint64_t received;
    if (!p->is_testing || !p->is_receiver || p->engine == NULL || !engine_received(p->engine, &received))
        return;
    p->is_sampled = true;
    if (received != p->received)
        p->data_ns = now;
    p->received = received;
    if (*p->refusal == 0)
        refuse(p, now, serve_limits_sampled(&p->limits, &c->options, received, now, p->refusal));
}

/* A test that is not sampled gives a sign only once per interval. */
static bool is_idle(const struct serve_common *c, const struct serve_port *p, int64_t now)
{
    double idle_s = c->options.idle_s > 0 ? c->options.idle_s : 30;
    if (!p->is_sampled && p->label.interval_s > 0)
        idle_s += p->label.interval_s;
    return p->is_testing && now - p->data_ns > (int64_t)(idle_s * NS_PER_S);
}

void serve_port_tend(const struct serve_common *c, struct serve_port *p, int64_t now)
{
    double sync_s = c->options.sync_s > 0 ? c->options.sync_s : 5;
    sample(c, p, now);
    serve_hops_tend(p->hops, p->engine, now);
    if (p->record)
        record_sync(p->record, now, sync_s);
    if (p->record && now >= p->disk_ns && has_no_room(c, p))
        end_record(c, p, "the disk is nearly full");
    if (p->door)
        tend_door(c, p, now);
    say_datagrams(c, p, now, false);
    if (p->is_testing && *p->refusal == 0)
        refuse(p, now, serve_limits_lasted(&c->options, (double)(now - p->start_ns) / NS_PER_S, p->refusal));
    if (p->record &&
        clock_has_slept(now, clock_monotonic_ns(), p->slept_ns)) { /* libiperf's seconds go on as if the host had not
                                                                    * slept */
        p->has_slept = true;
        end_child(c, p, now, "this host slept", true);
    } else if (is_idle(c, p, now)) {
        end_child(c, p, now, "given up: no data came", true);
    } else if (p->has_client && (now >= p->due_ns || is_contested(c, p, now))) {
        if (!p->is_testing)
            serve_sources_offend(c->sources, &p->from, SERVE_NO_TEST, now);
        end_child(c, p, now, p->is_testing ? "given up: it does not end" : "given up: its test did not begin", true);
    } else if (now >= p->due_ns) {
        engine_close(p->engine); /* NULL; or it hangs in a lock of the host's, at the fork */
        p->engine = NULL;
        begin_child(c, p, now);
    }
}

void serve_port_end(const struct serve_common *c, struct serve_port *p, int64_t deadline_ns)
{
    struct engine_event event;
    int rc = 0;
    while (p->engine && (rc = engine_receive(p->engine, &event)) >= 0 && clock_boot_ns() < deadline_ns) {
        struct pollfd fd = { .fd = engine_fd(p->engine), .events = POLLIN };
        if (rc == 1 && event.kind == ENGINE_JSON)
            on_json(c, p, &event);
        else if (rc == 0)
            poll(&fd, 1, 50);
    }
    if (p->engine)
        end_child(c, p, clock_boot_ns(), p->is_testing ? "stopped" : "", true);
}
