/* serve.c - the receiver's ports: for each one a supervised child that serves one test and is then replaced, and what a client may.
 * Trusts nothing that a client says. */

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "cidr.h"
#include "clock.h"
#include "engine.h"
#include "error.h"
#include "host_facts.h"
#include "interval.h"
#include "metrics.h"
#include "record.h"
#include "serve_legs.h"
#include "serve_limits.h"
#include "serve_options.h"
#include "serve_record.h"
#include "session_event.h"
#include "text_copy.h"

#define PAUSE_MIN_NS (200 * NS_PER_MS)
#define PAUSE_MAX_NS (3 * NS_PER_S)
#define HELLO_NS NS_PER_S
#define BEGIN_NS (15 * NS_PER_S) /* from a client's cookie to its test */
#define NEVER INT64_MAX

struct port {
    uint16_t number;
    struct engine *engine;
    int64_t due_ns; /* engine NULL: begin the next one; else what it must have said something by */
    unsigned n_failures;
    bool has_hello, has_client, is_testing, is_receiver;
    bool has_error; /* libiperf's document names one */
    char client[64];
    uint64_t n_tests, n_refused; /* since the start of all */
    uint64_t n_intervals;
    int64_t bytes;
    int64_t start_ns; /* of the test */
    int64_t data_ns; /* when bytes last came or went */
    struct serve_limits limits;
    char refusal[128]; /* why this test is being ended by us */
    struct serve_label label;
    struct record *record;
};

struct longhaul_server {
    struct longhaul_serve_options options;
    char *bind_address, *dir, *authorized_users, *private_key;
    struct cidr *allowed;
    int wake;
    atomic_bool is_stop_wanted, is_asked;
    struct serve_legs *legs;
    struct metrics_file metrics_file;
    struct metrics_port *metrics;
    size_t n_ports;
    struct port ports[];
};

static void tell(const struct longhaul_server *s, const struct port *p, enum longhaul_serve_kind kind, const char *text)
{
    struct longhaul_serve_event event = { .kind = kind, .port = p->number, .n_intervals = p->n_intervals, .bytes = p->bytes,
                                          .text = text };
    if (s->options.on_event)
        s->options.on_event(&event, s->options.payload);
}

/* --------------------------------------------------------------------------------------------------------- records */

static void begin_record(struct longhaul_server *s, struct port *p)
{
    struct longhaul_error err = { 0 };
    const struct serve_record_place place = { .dir = s->dir, .bind_address = s->bind_address, .client = p->client, .port = p->number };
    if (serve_record_begin(&place, &p->label, &p->record, &err) != 0)
        tell(s, p, LONGHAUL_SERVE_NOTE, err.text);
}

/* The receiver's host: what its sockets drop is not the network's loss. */
static void note_host(struct port *p, const char *when)
{
    if (p->record)
        host_facts_record(p->record, when, p->client);
}

static void take_label(struct longhaul_server *s, struct port *p, const struct engine_event *event)
{
    if (!serve_label_read(event->text, event->length, &p->label) && p->label.is_of_ours)
        tell(s, p, LONGHAUL_SERVE_NOTE, "the client's label is no name of a leg: not recorded");
}

/* The result so far; the journal stays while the leg may come again. */
static void end_record(struct longhaul_server *s, struct port *p, const char *text)
{
    struct longhaul_error err = { 0 };
    if (p->record == NULL)
        return;
    serve_legs_pause(s->legs, p->label.stem, clock_boot_ns());
    note_host(p, "end");
    record_session(p->record, *text ? text : "complete", *text == 0, RECORD_PEER_CLOSED, NAN);
    if (record_n_intervals(p->record) == 0 && record_error(p->record)->code == 0) {
        record_discard(p->record);
    } else {
        char *result = strdup(record_result_path(p->record));
        double end_s = record_elapsed_s(p->record, clock_boot_ns());
        bool may_go_on = end_s < p->label.name.duration_s - p->label.interval_s;
        int rc = record_finish(p->record, may_go_on, NULL, &err);
        tell(s, p, rc == 0 ? LONGHAUL_SERVE_RECORDED : LONGHAUL_SERVE_NOTE, rc == 0 && result ? result : err.text);
        free(result);
    }
    p->record = NULL;
}

/* -------------------------------------------------------------------------------------------------------- children */

static void begin_child(struct longhaul_server *s, struct port *p, int64_t now)
{
    struct engine_params params = { .port = p->number, .bind_address = s->bind_address, .allowed = s->allowed,
                                    .n_allowed = s->options.n_allow, .authorized_users = s->authorized_users,
                                    .private_key = s->private_key };
    struct longhaul_error err = { 0 };
    *p = (struct port){ .number = p->number, .n_failures = p->n_failures, .n_tests = p->n_tests, .n_refused = p->n_refused,
                        .due_ns = now + HELLO_NS };
    if (engine_open(&params, &p->engine, &err) != 0) {
        p->due_ns = now + PAUSE_MAX_NS; /* no process, no memory: later there may be */
        tell(s, p, LONGHAUL_SERVE_NOTE, err.text);
    }
}

/* The child is through with its client, or with itself. The next begins at once, but pauses first when it was the child that could
 * not begin: clients must not be able to keep a port shut. */
static void end_child(struct longhaul_server *s, struct port *p, int64_t now, const char *text, bool could_begin)
{
    const char *how = *p->refusal ? p->refusal : text;
    char stranger[400];
    snprintf(stranger, sizeof stranger, "%s came to no test: %s", p->client, how);
    end_record(s, p, how);
    if (p->is_testing || *how)
        tell(s, p, LONGHAUL_SERVE_ENDED, p->has_client && !p->is_testing ? stranger : how);
    int64_t pause = PAUSE_MIN_NS << (p->n_failures < 4 ? p->n_failures : 4);
    p->n_failures = could_begin ? 0 : p->n_failures + 1;
    p->due_ns = p->n_failures ? now + (pause < PAUSE_MAX_NS ? pause : PAUSE_MAX_NS) : now;
    p->is_testing = p->has_client = false;
    engine_close(p->engine); /* last: text may be its */
    p->engine = NULL;
}

/* Unless i_errno is 0: the client is told, and the child leaves. */
static void refuse(struct port *p, int64_t now, int i_errno)
{
    if (i_errno == 0)
        return;
    p->n_refused++;
    engine_refuse(p->engine, i_errno);
    p->due_ns = now + NS_PER_S;
}

/* 0 when there is no such number. */
static double number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static void note_leg(struct longhaul_server *s, const struct port *p, const struct engine_event *event)
{
    if (p->record)
        serve_legs_note(s->legs, &p->label.name, p->label.stem, p->number, p->record, event->at.boot_ns);
}

static void on_start(struct longhaul_server *s, struct port *p, const struct engine_event *event, const json_t *data)
{
    const json_t *asked = json_object_get(data, "test_start");
    const char *protocol = json_string_value(json_object_get(asked, "protocol"));
    if (p->is_testing)
        return;
    p->is_testing = true;
    p->n_tests++;
    p->is_receiver = number(asked, "reverse") == 0;
    p->start_ns = p->data_ns = event->at.boot_ns;
    p->due_ns = NEVER;
    tell(s, p, LONGHAUL_SERVE_STARTED, p->client);
    refuse(p, event->at.boot_ns, serve_limits_asked(&s->options, data, p->refusal));
    if (*p->refusal == 0 && p->label.is_good && p->is_receiver && protocol && strcmp(protocol, p->label.name.protocol == LONGHAUL_TCP ? "TCP" : "UDP") == 0)
        begin_record(s, p);
    note_host(p, "start");
    if (p->record)
        record_start(p->record, event->text, event->length, data, &event->at);
    note_leg(s, p, event);
}

static void on_interval(struct longhaul_server *s, struct port *p, const struct engine_event *event, json_t *data)
{
    struct longhaul_interval interval;
    if (p->record ? !record_interval(p->record, event->text, event->length, data, &event->at, event->last_ack_s, &event->tcp, &interval)
                  : !interval_decode(data, 0, &interval))
        return;
    note_leg(s, p, event);
    p->n_intervals++;
    p->bytes = interval_add(p->bytes, interval.bytes);
    if (interval.bytes > 0)
        p->data_ns = event->at.boot_ns;
    if (*p->refusal == 0)
        refuse(p, event->at.boot_ns, serve_limits_came(&p->limits, &s->options, &interval, p->refusal));
}

static void on_json(struct longhaul_server *s, struct port *p, const struct engine_event *event)
{
    struct session_event said = session_event_parse(event);
    if (said.start)
        on_start(s, p, event, said.start);
    if (said.interval)
        on_interval(s, p, event, said.interval);
    p->has_error = p->has_error || said.error;
    if (p->record && said.end)
        record_end(p->record, said.end);
    json_decref(said.parsed);
}

static void on_event(struct longhaul_server *s, struct port *p, const struct engine_event *event)
{
    int64_t now = clock_boot_ns();
    switch (event->kind) {
    case ENGINE_HELLO:
        p->due_ns = NEVER;
        p->has_hello = true;
        tell(s, p, LONGHAUL_SERVE_LISTENING, "");
        break;
    case ENGINE_CLIENT:
        p->has_client = true;
        p->due_ns = now + BEGIN_NS;
        snprintf(p->client, sizeof p->client, "%s", event->text);
        break;
    case ENGINE_LABEL:
        take_label(s, p, event);
        break;
    case ENGINE_JSON:
        on_json(s, p, event);
        break;
    case ENGINE_EXIT:
        end_child(s, p, now, event->i_errno == 0 && p->has_error ? "the client broke off" : event->text,
                  event->i_errno != ENGINE_IELISTEN);
        break;
    }
}

static void on_death(struct longhaul_server *s, struct port *p)
{
    char text[200];
    engine_death(p->engine, text, sizeof text);
    end_child(s, p, clock_boot_ns(), text, p->has_hello);
}

static void read_port(struct longhaul_server *s, struct port *p)
{
    struct engine_event event;
    int rc;
    while (p->engine && (rc = engine_receive(p->engine, &event)) != 0) {
        if (rc > 0)
            on_event(s, p, &event);
        else
            on_death(s, p);
    }
}

static void tend(struct longhaul_server *s, struct port *p, int64_t now)
{
    double idle_s = s->options.idle_s > 0 ? s->options.idle_s : 30, sync_s = s->options.sync_s > 0 ? s->options.sync_s : 5;
    if (p->record)
        record_sync(p->record, now, sync_s);
    if (p->is_testing && *p->refusal == 0)
        refuse(p, now, serve_limits_lasted(&s->options, (double)(now - p->start_ns) / 1e9, p->refusal));
    if (p->is_testing && now - p->data_ns > (int64_t)(idle_s * 1e9)) {
        end_child(s, p, now, "given up: no data came", true);
    } else if (now >= p->due_ns && p->has_client) {
        end_child(s, p, now, p->is_testing ? "given up: it does not end" : "given up: its test did not begin", true);
    } else if (now >= p->due_ns) {
        engine_close(p->engine); /* NULL; or it hangs in a lock of the host's, at the fork */
        p->engine = NULL;
        begin_child(s, p, now);
    }
}

static int wait_ms(const struct longhaul_server *s, int64_t now)
{
    int64_t next = now + NS_PER_S;
    if (metrics_due_ns(&s->metrics_file) < next)
        next = metrics_due_ns(&s->metrics_file);
    for (size_t i = 0; i < s->n_ports; i++)
        next = s->ports[i].due_ns < next ? s->ports[i].due_ns : next;
    return next <= now ? 0 : (int)((next - now) / NS_PER_MS) + 1;
}

static size_t watch(const struct longhaul_server *s, struct pollfd *fds)
{
    size_t n = 0;
    fds[n++] = (struct pollfd){ .fd = s->wake, .events = POLLIN };
    for (size_t i = 0; i < s->n_ports; i++)
        if (s->ports[i].engine)
            fds[n++] = (struct pollfd){ .fd = engine_fd(s->ports[i].engine), .events = POLLIN };
    return n;
}

/* -------------------------------------------------------------------------------------------------------- figures */

static void tell_all(struct longhaul_server *s)
{
    serve_legs_refresh(s->legs, clock_boot_ns());
    for (size_t i = 0; i < s->n_ports && s->options.on_event; i++) {
        const struct port *p = &s->ports[i];
        struct longhaul_serve_event event = { .kind = LONGHAUL_SERVE_STATUS, .port = p->number, .text = p->is_testing ? p->client : "",
                                              .n_intervals = p->n_intervals, .bytes = p->bytes,
                                              .leg = serve_legs_of_port(s->legs, p->number) };
        s->options.on_event(&event, s->options.payload);
    }
}

static int write_metrics(struct longhaul_server *s, struct longhaul_error *err)
{
    size_t n_legs;
    serve_legs_refresh(s->legs, clock_boot_ns());
    for (size_t i = 0; i < s->n_ports; i++) {
        const struct port *p = &s->ports[i];
        s->metrics[i] = (struct metrics_port){ .port = p->number, .is_busy = p->is_testing, .n_tests = p->n_tests,
                                               .n_refused = p->n_refused };
    }
    const struct longhaul_serve_leg *legs = serve_legs_all(s->legs, &n_legs);
    return metrics_write_serve(s->metrics_file.path, s->metrics, s->n_ports, legs, n_legs, (double)clock_wall_ns() / 1e9, err);
}

/* A metrics file that cannot be written ends no test; it is said once. */
static void renew_metrics(struct longhaul_server *s)
{
    struct longhaul_error err = { 0 };
    if (s->metrics_file.path && metrics_tried(&s->metrics_file, write_metrics(s, &err), clock_boot_ns()) && err.code)
        tell(s, &s->ports[0], LONGHAUL_SERVE_NOTE, err.text);
}

/* Clients are told and records finished; a child that does not end in a second is ended. */
static void end_all(struct longhaul_server *s)
{
    for (size_t i = 0; i < s->n_ports; i++)
        if (s->ports[i].engine)
            engine_stop(s->ports[i].engine);
    int64_t deadline = clock_boot_ns() + NS_PER_S;
    for (size_t i = 0; i < s->n_ports; i++) {
        struct port *p = &s->ports[i];
        struct engine_event event;
        int rc = 0;
        while (p->engine && (rc = engine_receive(p->engine, &event)) >= 0 && clock_boot_ns() < deadline) {
            struct pollfd fd = { .fd = engine_fd(p->engine), .events = POLLIN };
            if (rc == 1 && event.kind == ENGINE_JSON)
                on_json(s, p, &event);
            else if (rc == 0)
                poll(&fd, 1, 50);
        }
        if (p->engine)
            end_child(s, p, clock_boot_ns(), p->is_testing ? "stopped" : "", true);
    }
}

/* ---------------------------------------------------------------------------------------------------------- public */

int longhaul_serve_new(const struct longhaul_serve_options *options, struct longhaul_server **out, struct longhaul_error *err)
{
    static const uint16_t usual = 5201;
    const uint16_t *ports = options->n_ports ? options->ports : &usual;
    size_t n = options->n_ports ? options->n_ports : 1;
    bool failed = false;
    int rc = serve_options_check(options, ports, n, err);
    if (rc != 0)
        return rc;
    struct longhaul_server *s = calloc(1, sizeof *s + n * sizeof s->ports[0]);
    if (s == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    s->options = *options;
    s->bind_address = text_copy(options->bind_address, &failed);
    s->dir = text_copy(options->dir ? options->dir : "24H", &failed);
    s->authorized_users = text_copy(options->authorized_users, &failed);
    s->private_key = text_copy(options->private_key, &failed);
    failed = !metrics_init(&s->metrics_file, options->metrics_path, options->metrics_s) || failed;
    s->legs = serve_legs_new();
    s->metrics = calloc(n, sizeof *s->metrics);
    failed = failed || s->legs == NULL || s->metrics == NULL;
    s->allowed = calloc(options->n_allow + 1, sizeof *s->allowed);
    for (size_t i = 0; s->allowed && i < options->n_allow; i++)
        cidr_parse(options->allow[i], &s->allowed[i]);
    s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    s->n_ports = n;
    for (size_t i = 0; i < n; i++)
        s->ports[i].number = ports[i];
    if (s->wake < 0 || failed || s->allowed == NULL) {
        rc = s->wake < 0 ? error_errno(err, LONGHAUL_EIO, "eventfd") : error_set(err, LONGHAUL_ENOMEM, "out of memory");
        longhaul_serve_free(s);
        return rc;
    }
    *out = s;
    return 0;
}

int longhaul_serve_run(struct longhaul_server *s, struct longhaul_error *err)
{
    int rc = s->metrics_file.path ? write_metrics(s, err) : 0;
    struct pollfd *fds = rc == 0 ? calloc(s->n_ports + 1, sizeof *fds) : NULL;
    uint64_t n_wakes;
    if (fds == NULL)
        return rc ? rc : error_set(err, LONGHAUL_ENOMEM, "out of memory");
    while (!atomic_load(&s->is_stop_wanted)) {
        int64_t now = clock_boot_ns();
        for (size_t i = 0; i < s->n_ports; i++)
            tend(s, &s->ports[i], now);
        if (poll(fds, watch(s, fds), wait_ms(s, clock_boot_ns())) > 0 && fds[0].revents && read(s->wake, &n_wakes, sizeof n_wakes) < 0)
            continue;
        for (size_t i = 0; i < s->n_ports; i++)
            read_port(s, &s->ports[i]);
        if (atomic_exchange(&s->is_asked, false))
            tell_all(s);
        if (metrics_due_ns(&s->metrics_file) <= clock_boot_ns())
            renew_metrics(s);
    }
    end_all(s);
    renew_metrics(s);
    free(fds);
    return 0;
}

static void want(struct longhaul_server *s, atomic_bool *what)
{
    uint64_t one = 1;
    int saved = errno;
    atomic_store(what, true);
    if (write(s->wake, &one, sizeof one) < 0)
        errno = saved; /* full of wakes: it will wake */
    errno = saved;
}

void longhaul_serve_ask(struct longhaul_server *s)
{
    want(s, &s->is_asked);
}

void longhaul_serve_stop(struct longhaul_server *s)
{
    want(s, &s->is_stop_wanted);
}

void longhaul_serve_free(struct longhaul_server *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->n_ports; i++) {
        engine_close(s->ports[i].engine);
        record_close(s->ports[i].record);
    }
    if (s->wake >= 0)
        close(s->wake);
    serve_legs_free(s->legs);
    free(s->metrics);
    metrics_clear(&s->metrics_file);
    free(s->allowed);
    free(s->private_key);
    free(s->authorized_users);
    free(s->dir);
    free(s->bind_address);
    free(s);
}
