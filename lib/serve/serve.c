/* serve.c - all ports of a receiver together (serve_port: one port): the loop that drives them, their figures, the
 * public calls. */

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/descriptor.h"
#include "base/error.h"
#include "base/text_copy.h"
#include "base/units.h"
#include "model/leg.h"
#include "record/metrics.h"
#include "serve/serve_options.h"
#include "serve/serve_port.h"

#define PUBLISH_NS (100 * NS_PER_MS)

struct longhaul_server {
    struct serve_common common;
    bool is_lack_told; /* of common */
    int wake;
    int loop; /* epoll, for the program that dispatches: wake, timer and ... */
    int ready, timer; /* ... an epoll of everything else, made anew in each turn */
    bool has_begun, is_over, is_dispatching;
    atomic_bool is_stop_wanted, is_asked;
    _Atomic(struct serve_expected *) expected; /* instead of common's, from the next turn on; NULL for no change */
    atomic_llong awake_ns; /* when it last looked after its ports, CLOCK_MONOTONIC; 0 while it does not run */
    struct metrics_file metrics_file;
    struct metrics_port *metrics;
    char address[80]; /* for longhaul_server_address() */
    pthread_mutex_t mutex; /* of published */
    struct longhaul_served_port *published; /* n_ports of them */
    int64_t published_ns;
    bool is_outdated; /* published is older than what a port knows */
    struct pollfd *fds; /* room for all that is watched */
    size_t n_ports;
    struct serve_port ports[];
};

static int wait_ms(const struct longhaul_server *s, int64_t now)
{
    int64_t next = now + NS_PER_S, publish_ns = s->published_ns + PUBLISH_NS;
    if (s->is_outdated && publish_ns < next)
        next = publish_ns;
    if (metrics_due_ns(&s->metrics_file) < next)
        next = metrics_due_ns(&s->metrics_file);
    for (size_t i = 0; i < s->n_ports; i++) {
        int64_t door_ns = s->ports[i].door ? serve_door_due_ns(s->ports[i].door) : next;
        int64_t hops_ns = serve_hops_due_ns(s->ports[i].hops);
        next = s->ports[i].due_ns < next ? s->ports[i].due_ns : next;
        next = hops_ns < next ? hops_ns : next;
        next = door_ns < next ? door_ns : next;
    }
    return next <= now ? 0 : (int)((next - now) / NS_PER_MS) + 1;
}

static size_t watch(const struct longhaul_server *s, struct pollfd *fds)
{
    size_t n = 0;
    fds[n++] = (struct pollfd){ .fd = s->wake, .events = POLLIN };
    for (size_t i = 0; i < s->n_ports; i++) {
        if (s->ports[i].engine)
            fds[n++] = (struct pollfd){ .fd = engine_fd(s->ports[i].engine), .events = POLLIN };
        if (s->ports[i].door)
            n += serve_door_watch(s->ports[i].door, fds + n);
    }
    return n;
}

/* ---- figures */

/* Copies what longhaul_server_status() hands out. A busy server does not do that for each message: what comes in
 * between is published soon afterwards, whether there is another message or not. */
static void publish(struct longhaul_server *s, int64_t now)
{
    s->is_outdated = s->published_ns && now - s->published_ns < PUBLISH_NS;
    if (s->is_outdated)
        return;
    s->published_ns = now;
    serve_legs_refresh(s->common.legs, now);
    pthread_mutex_lock(&s->mutex);
    for (size_t i = 0; i < s->n_ports; i++) {
        serve_shown_renew(&s->ports[i].shown, s->common.legs, now);
        s->published[i] = s->ports[i].shown.port;
    }
    pthread_mutex_unlock(&s->mutex);
}

static void tell_all(struct longhaul_server *s)
{
    serve_legs_refresh(s->common.legs, clock_boot_ns());
    for (size_t i = 0; i < s->n_ports && s->common.options.on_event; i++) {
        const struct serve_port *p = &s->ports[i];
        struct longhaul_server_event event = { .kind = LONGHAUL_SERVER_EVENT_STATUS,
                                              .port = p->number, .text = p->is_testing ? p->client : "",
                                              .n_intervals = p->n_intervals, .bytes = p->bytes,
                                              .leg = serve_legs_of_port(s->common.legs, p->number) };
        s->common.options.on_event(&event, s->common.options.payload);
    }
}

static int write_metrics(struct longhaul_server *s, struct longhaul_error *err)
{
    size_t n_legs;
    serve_legs_refresh(s->common.legs, clock_boot_ns());
    for (size_t i = 0; i < s->n_ports; i++) {
        const struct serve_port *p = &s->ports[i];
        s->metrics[i] = (struct metrics_port){ .port = p->number, .is_busy = p->is_testing, .n_tests = p->n_tests,
                                               .n_refused = p->n_refused };
    }
    const struct longhaul_served_leg *legs = serve_legs_all(s->common.legs, &n_legs);
    return metrics_write_serve(s->metrics_file.path, s->metrics, s->n_ports, legs, n_legs,
                               (double)clock_wall_ns() / NS_PER_S, err);
}

/* A metrics file that cannot be written ends no test; the failure is reported once. */
static void renew_metrics(struct longhaul_server *s)
{
    struct longhaul_error err = { 0 };
    if (s->metrics_file.path && metrics_tried(&s->metrics_file, write_metrics(s, &err), clock_boot_ns()) && err.code)
        serve_port_tell(&s->common, &s->ports[0], LONGHAUL_SERVER_EVENT_NOTE, err.text);
}

/* Clients are notified and records finished; a child that does not end within a second is killed. */
static void end_all(struct longhaul_server *s)
{
    for (size_t i = 0; i < s->n_ports; i++)
        if (s->ports[i].engine)
            engine_stop(s->ports[i].engine);
    int64_t deadline_ns = clock_boot_ns() + NS_PER_S;
    for (size_t i = 0; i < s->n_ports; i++)
        serve_port_end(&s->common, &s->ports[i], deadline_ns);
}

/* ---- public */

/* NULL when out of memory. */
static struct cidr *networks_of(const char *const *texts, size_t n)
{
    struct cidr *networks = calloc(n + 1, sizeof *networks);
    for (size_t i = 0; networks && i < n; i++)
        cidr_parse(texts[i], &networks[i]);
    return networks;
}

/* Reports what a door says, with the number of its port. */
static void say_at_door(void *payload, uint16_t port, const char *text)
{
    const struct longhaul_server *s = payload;
    struct longhaul_server_event event = { .kind = LONGHAUL_SERVER_EVENT_NOTE, .port = port, .text = text };
    if (s->common.options.on_event)
        s->common.options.on_event(&event, s->common.options.payload);
}

/* false when out of memory. */
static bool copy_options(struct longhaul_server *s, const struct longhaul_server_options *options)
{
    struct serve_common *c = &s->common;
    bool failed = false;
    c->options = *options;
    c->bind_address = text_copy(options->bind_address, &failed);
    c->dir = text_copy(options->dir ? options->dir : LEG_DIR, &failed);
    c->authorized_users = text_copy(options->authorized_users, &failed);
    c->private_key = text_copy(options->private_key, &failed);
    failed = !metrics_init(&s->metrics_file, options->metrics_path, options->metrics_s) || failed;
    c->legs = serve_legs_new();
    c->expected = serve_expected_new(options->expected, options->n_expected);
    c->allowed = networks_of(options->allow, options->n_allow);
    c->own = networks_of(options->own, options->n_own);
    c->udp_from = networks_of(options->udp_from, options->n_udp_from);
    c->sources = serve_sources_new(c->own, options->n_own);
    c->tokens = serve_tokens_new();
    c->rules = (struct serve_door_rules){ .allowed = c->allowed, .n_allowed = options->n_allow,
                                          .has_users = options->authorized_users != NULL, .sources = c->sources,
                                          .tokens = c->tokens, .say = say_at_door, .payload = s };
    return !failed && c->legs && c->expected && c->allowed && c->own && c->udp_from && c->sources && c->tokens;
}

/* The door listens from now on until the end: clients wait there between two tests, and while a child begins. */
static int open_door(struct serve_port *p, const char *bind_address, struct longhaul_error *err)
{
    if (!engine_has_door())
        return 0;
    p->door = calloc(1, sizeof *p->door);
    if (p->door == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    p->door->listener = -1;
    return serve_door_open(p->door, bind_address, p->number, err);
}

/* Where libiperf itself listens, the address is as it was given. */
static void name_address(struct longhaul_server *s)
{
    const struct serve_door *door = s->ports[0].door;
    if (door)
        serve_door_where(door, s->common.bind_address == NULL, s->address, sizeof s->address);
    else
        snprintf(s->address, sizeof s->address, "%s", s->common.bind_address ? s->common.bind_address
                                                                              : "every address");
}

/* events as for poll(2): Linux has the same bits for both. */
static int add_to(int epoll, int fd, short events)
{
    struct epoll_event event = { .events = (uint32_t)events };
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

int longhaul_server_new(const struct longhaul_server_options *options, struct longhaul_server **out,
                       struct longhaul_error *err)
{
    static const uint16_t usual = LEG_PORT;
    const uint16_t *ports = options->n_ports ? options->ports : &usual;
    size_t n = options->n_ports ? options->n_ports : 1;
    int rc = serve_options_check(options, ports, n, err);
    if (rc != 0)
        return rc;
    struct longhaul_server *s = calloc(1, sizeof *s + n * sizeof s->ports[0]);
    if (s == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    s->common.is_lack_told = &s->is_lack_told;
    s->metrics = calloc(n, sizeof *s->metrics);
    s->published = calloc(n, sizeof *s->published);
    pthread_mutex_init(&s->mutex, NULL);
    s->wake = descriptor_above_std(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    s->timer = descriptor_above_std(timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK));
    s->loop = descriptor_above_std(epoll_create1(EPOLL_CLOEXEC));
    s->ready = -1;
    if (!copy_options(s, options) || s->metrics == NULL || s->published == NULL)
        rc = error_set(err, LONGHAUL_ENOMEM, "out of memory");
    else if (s->wake < 0 || s->timer < 0 || s->loop < 0 || add_to(s->loop, s->wake, POLLIN) != 0 ||
             add_to(s->loop, s->timer, POLLIN) != 0)
        rc = error_errno(err, LONGHAUL_EIO, "the server's descriptors");
    s->n_ports = n;
    for (size_t i = 0; i < n; i++) {
        s->ports[i].number = ports[i];
        serve_shown_init(&s->ports[i].shown, ports[i]);
    }
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = open_door(&s->ports[i], s->common.bind_address, err);
    if (rc != 0) {
        longhaul_server_free(s);
        return rc;
    }
    name_address(s);
    publish(s, clock_boot_ns());
    *out = s;
    return 0;
}

const char *longhaul_server_address(const struct longhaul_server *s)
{
    return s->address;
}

/* Once, before the first turn. */
static int begin(struct longhaul_server *s, struct longhaul_error *err)
{
    int rc = s->metrics_file.path && !s->has_begun ? write_metrics(s, err) : 0;
    s->has_begun = rc == 0;
    if (rc == 0 && s->fds == NULL)
        s->fds = calloc(s->n_ports * (SERVE_GUESTS_MAX + 2) + 1, sizeof *s->fds);
    return rc ? rc : s->fds ? 0 : error_set(err, LONGHAUL_ENOMEM, "out of memory");
}

/* Reads what is there, and says what is to be said. */
static void turn(struct longhaul_server *s)
{
    for (size_t i = 0; i < s->n_ports; i++)
        serve_port_read(&s->common, &s->ports[i]);
    publish(s, clock_boot_ns());
    if (atomic_exchange(&s->is_asked, false))
        tell_all(s);
    if (metrics_due_ns(&s->metrics_file) <= clock_boot_ns())
        renew_metrics(s);
}

static void tend(struct longhaul_server *s)
{
    int64_t now = clock_boot_ns();
    struct serve_expected *expected = atomic_exchange(&s->expected, NULL);
    if (expected) {
        serve_expected_free(s->common.expected);
        s->common.expected = expected;
    }
    atomic_store(&s->awake_ns, clock_monotonic_ns());
    for (size_t i = 0; i < s->n_ports; i++)
        serve_port_tend(&s->common, &s->ports[i], now);
}

static void end(struct longhaul_server *s)
{
    end_all(s);
    atomic_store(&s->awake_ns, 0);
    s->published_ns = 0;
    publish(s, clock_boot_ns());
    renew_metrics(s);
    s->is_over = true;
}

int longhaul_server_run(struct longhaul_server *s, struct longhaul_error *err)
{
    int rc = begin(s, err);
    uint64_t n_wakes;
    if (rc != 0)
        return rc;
    while (!atomic_load(&s->is_stop_wanted)) {
        tend(s);
        if (poll(s->fds, watch(s, s->fds), wait_ms(s, clock_boot_ns())) > 0 && s->fds[0].revents &&
            read(s->wake, &n_wakes, sizeof n_wakes) < 0)
            continue;
        turn(s);
    }
    end(s);
    return 0;
}

/* ---- for a program with a loop of its own */

/* What is watched changes from turn to turn, and a forked child may hold a descriptor that is closed here: a new epoll
 * in each turn forgets the old one's. */
static bool watch_anew(struct longhaul_server *s)
{
    if (s->ready >= 0)
        close(s->ready);
    s->ready = descriptor_above_std(epoll_create1(EPOLL_CLOEXEC));
    bool good = s->ready >= 0;
    size_t n = watch(s, s->fds);
    for (size_t i = 1; i < n && good; i++) /* the first is wake */
        good = add_to(s->ready, s->fds[i].fd, s->fds[i].events) == 0;
    return good && add_to(s->loop, s->ready, POLLIN) == 0;
}

/* Readable again when the next thing is due. */
static void set_timer(const struct longhaul_server *s)
{
    int ms = wait_ms(s, clock_boot_ns());
    struct itimerspec due = { .it_value = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * NS_PER_MS } };
    if (ms <= 0)
        due.it_value.tv_nsec = 1;
    timerfd_settime(s->timer, 0, &due, NULL);
}

static int dispatch(struct longhaul_server *s, struct longhaul_error *err)
{
    uint64_t n;
    int rc = begin(s, err);
    if (rc != 0 || s->is_over)
        return rc;
    if (read(s->wake, &n, sizeof n) < 0 || read(s->timer, &n, sizeof n) < 0)
        errno = 0; /* it was something else that is ready */
    tend(s);
    turn(s);
    tend(s); /* the next child begins where one has ended, and the next client is let in */
    if (atomic_load(&s->is_stop_wanted)) {
        end(s);
        return 0;
    }
    set_timer(s);
    return watch_anew(s) ? 1 : error_errno(err, LONGHAUL_EIO, "epoll");
}

int longhaul_server_dispatch(struct longhaul_server *s, struct longhaul_error *err)
{
    if (s->is_dispatching)
        return error_set(err, LONGHAUL_EINVAL, "called from a callback of the same server");
    s->is_dispatching = true;
    int rc = dispatch(s, err);
    s->is_dispatching = false;
    return rc;
}

int longhaul_server_fd(const struct longhaul_server *s)
{
    return s->loop;
}

int longhaul_server_expect(struct longhaul_server *s, const struct longhaul_expected_leg *legs, size_t n,
                           struct longhaul_error *err)
{
    struct serve_expected *expected = serve_expected_new(legs, n);
    uint64_t one = 1;
    if (expected == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    serve_expected_free(atomic_exchange(&s->expected, expected));
    if (write(s->wake, &one, sizeof one) < 0)
        errno = 0; /* it is awake already */
    return 0;
}

size_t longhaul_server_n_ports(const struct longhaul_server *s)
{
    return s->n_ports;
}

int longhaul_server_status(struct longhaul_server *s, size_t i, struct longhaul_served_port *out,
                           struct longhaul_error *err)
{
    if (i >= s->n_ports)
        return error_set(err, LONGHAUL_EINVAL, "port %zu: the server has %zu", i, s->n_ports);
    pthread_mutex_lock(&s->mutex);
    *out = s->published[i];
    pthread_mutex_unlock(&s->mutex);
    return 0;
}

double longhaul_server_idle_s(const struct longhaul_server *s)
{
    int64_t awake_ns = atomic_load(&s->awake_ns);
    return awake_ns ? (double)(clock_monotonic_ns() - awake_ns) / NS_PER_S : NAN;
}

static void want(struct longhaul_server *s, atomic_bool *what)
{
    uint64_t one = 1;
    int saved = errno;
    atomic_store(what, true);
    if (write(s->wake, &one, sizeof one) < 0)
        errno = saved; /* the counter is full of wake-ups already */
}

void longhaul_server_ask_status(struct longhaul_server *s)
{
    want(s, &s->is_asked);
}

void longhaul_server_stop(struct longhaul_server *s)
{
    want(s, &s->is_stop_wanted);
}

void longhaul_server_free(struct longhaul_server *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->n_ports; i++) {
        engine_close(s->ports[i].engine);
        record_close(s->ports[i].record);
        serve_hops_free(s->ports[i].hops);
        if (s->ports[i].door)
            serve_door_close(s->ports[i].door);
        free(s->ports[i].door);
    }
    const int own[] = { s->wake, s->timer, s->loop, s->ready };
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (own[i] >= 0)
            close(own[i]);
    free(s->fds);
    serve_legs_free(s->common.legs);
    serve_expected_free(s->common.expected);
    serve_expected_free(atomic_load(&s->expected));
    free(s->metrics);
    free(s->published);
    pthread_mutex_destroy(&s->mutex);
    metrics_clear(&s->metrics_file);
    serve_sources_free(s->common.sources);
    serve_tokens_free(s->common.tokens);
    free(s->common.udp_from);
    free(s->common.own);
    free(s->common.allowed);
    free(s->common.private_key);
    free(s->common.authorized_users);
    free(s->common.dir);
    free(s->common.bind_address);
    free(s);
}
