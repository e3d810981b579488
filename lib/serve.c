/* serve.c - the receiver's ports: for each one a supervised child that serves one test and is then replaced. */

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "engine.h"
#include "error.h"
#include "interval.h"

#define PAUSE_MIN_NS (200 * INT64_C(1000000))
#define PAUSE_MAX_NS (3 * NS_PER_S)
#define HELLO_NS NS_PER_S
#define NEVER INT64_MAX

struct port {
    uint16_t number;
    struct engine *engine;
    int64_t due_ns; /* engine NULL: begin the next one; else: it must have said hello */
    unsigned n_failures;
    bool is_testing;
    uint64_t n_intervals;
    int64_t bytes;
};

struct longhaul_server {
    struct longhaul_serve_options options;
    char *bind_address;
    int wake;
    atomic_bool is_stop_wanted;
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

/* A port that somebody else has is better known now than from a child's exit. */
static int try_port(const char *bind_address, uint16_t number, struct longhaul_error *err)
{
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *found;
    char service[16];
    int one = 1, rc = 0;
    snprintf(service, sizeof service, "%u", number);
    int gai = getaddrinfo(bind_address, service, &hints, &found);
    if (gai != 0)
        return error_set(err, LONGHAUL_EINVAL, "bind address %s: %s", bind_address, gai_strerror(gai));
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) < 0 || listen(fd, 1) < 0)
        rc = error_errno(err, errno == EADDRINUSE ? LONGHAUL_EBUSY : LONGHAUL_EIO, "port %u", number);
    if (fd >= 0)
        close(fd);
    freeaddrinfo(found);
    return rc;
}

static void begin_child(struct longhaul_server *s, struct port *p, int64_t now)
{
    struct engine_params params = { .port = p->number, .bind_address = s->bind_address };
    struct longhaul_error err = { 0 };
    p->is_testing = false;
    p->n_intervals = 0;
    p->bytes = 0;
    p->due_ns = now + HELLO_NS;
    if (engine_open(&params, &p->engine, &err) != 0)
        p->due_ns = now + PAUSE_MAX_NS; /* no process, no memory: later there may be */
}

/* The child is through with its test, or with itself. The next begins at once, unless this one measured nothing. */
static void end_child(struct longhaul_server *s, struct port *p, int64_t now, const char *text)
{
    if (p->is_testing || *text)
        tell(s, p, LONGHAUL_SERVE_ENDED, text);
    int64_t pause = PAUSE_MIN_NS << (p->n_failures < 4 ? p->n_failures : 4);
    p->n_failures = p->is_testing || !*text ? 0 : p->n_failures + 1;
    p->due_ns = p->n_failures ? now + (pause < PAUSE_MAX_NS ? pause : PAUSE_MAX_NS) : now;
    p->is_testing = false;
    engine_close(p->engine); /* last: text may be its */
    p->engine = NULL;
}

static void on_json(struct longhaul_server *s, struct port *p, const struct engine_event *event)
{
    struct longhaul_interval interval;
    json_t *parsed = json_loadb(event->text, event->length, 0, NULL);
    const char *name = json_string_value(json_object_get(parsed, "event"));
    json_t *data = json_object_get(parsed, "data");
    if (name && strcmp(name, "start") == 0 && !p->is_testing) {
        const char *client = json_string_value(json_object_get(json_object_get(data, "accepted_connection"), "host"));
        p->is_testing = true;
        tell(s, p, LONGHAUL_SERVE_STARTED, client ? client : "");
    } else if (name && strcmp(name, "interval") == 0 && interval_decode(data, 0, &interval)) {
        p->n_intervals++;
        p->bytes += interval.bytes;
    }
    json_decref(parsed);
}

static void read_port(struct longhaul_server *s, struct port *p)
{
    struct engine_event event;
    int rc;
    while (p->engine && (rc = engine_receive(p->engine, &event)) != 0) {
        if (rc < 0) {
            end_child(s, p, clock_boot_ns(), "the measuring process died");
        } else if (event.kind == ENGINE_HELLO) {
            p->due_ns = NEVER;
            tell(s, p, LONGHAUL_SERVE_LISTENING, "");
        } else if (event.kind == ENGINE_JSON) {
            on_json(s, p, &event);
        } else if (event.kind == ENGINE_EXIT) {
            end_child(s, p, clock_boot_ns(), event.text);
        }
    }
}

static void tend(struct longhaul_server *s, struct port *p, int64_t now)
{
    if (now < p->due_ns)
        return;
    engine_close(p->engine); /* it hangs in a lock of the host's, at the fork */
    p->engine = NULL;
    begin_child(s, p, now);
}

static int wait_ms(const struct longhaul_server *s, int64_t now)
{
    int64_t next = now + NS_PER_S;
    for (size_t i = 0; i < s->n_ports; i++)
        next = s->ports[i].due_ns < next ? s->ports[i].due_ns : next;
    return next <= now ? 0 : (int)((next - now) / 1000000) + 1;
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

/* A client is told and leaves; a child that does not end in a second is ended. */
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
        engine_close(p->engine);
        p->engine = NULL;
        if (p->is_testing)
            tell(s, p, LONGHAUL_SERVE_ENDED, "stopped");
    }
}

int longhaul_serve_new(const struct longhaul_serve_options *options, struct longhaul_server **out, struct longhaul_error *err)
{
    static const uint16_t usual = 5201;
    const uint16_t *ports = options->n_ports ? options->ports : &usual;
    size_t n = options->n_ports ? options->n_ports : 1;
    int rc = 0;
    if (!engine_is_built(err))
        return LONGHAUL_ENOTBUILT;
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = ports[i] ? try_port(options->bind_address, ports[i], err) : error_set(err, LONGHAUL_EINVAL, "port 0");
    if (rc != 0)
        return rc;
    struct longhaul_server *s = calloc(1, sizeof *s + n * sizeof s->ports[0]);
    if (s == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    s->options = *options;
    s->bind_address = options->bind_address ? strdup(options->bind_address) : NULL;
    s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    s->n_ports = n;
    for (size_t i = 0; i < n; i++)
        s->ports[i].number = ports[i];
    if (s->wake < 0 || (options->bind_address && !s->bind_address)) {
        rc = error_errno(err, LONGHAUL_EIO, "eventfd");
        longhaul_serve_free(s);
        return rc;
    }
    *out = s;
    return 0;
}

int longhaul_serve_run(struct longhaul_server *s, struct longhaul_error *err)
{
    struct pollfd *fds = calloc(s->n_ports + 1, sizeof *fds);
    if (fds == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    while (!atomic_load(&s->is_stop_wanted)) {
        int64_t now = clock_boot_ns();
        for (size_t i = 0; i < s->n_ports; i++)
            tend(s, &s->ports[i], now);
        poll(fds, watch(s, fds), wait_ms(s, now));
        for (size_t i = 0; i < s->n_ports; i++)
            read_port(s, &s->ports[i]);
    }
    end_all(s);
    free(fds);
    return 0;
}

void longhaul_serve_stop(struct longhaul_server *s)
{
    uint64_t one = 1;
    int saved = errno;
    atomic_store(&s->is_stop_wanted, true);
    if (write(s->wake, &one, sizeof one) < 0)
        errno = saved;
    errno = saved;
}

void longhaul_serve_free(struct longhaul_server *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->n_ports; i++)
        engine_close(s->ports[i].engine);
    if (s->wake >= 0)
        close(s->wake);
    free(s->bind_address);
    free(s);
}
