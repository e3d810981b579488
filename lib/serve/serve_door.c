/* serve_door.c - a port's door, which listens as long as the server lives. Clients identify themselves and send their
 * parameters concurrently, each with its own time limit, before libiperf hears of them (engine_accept.c). The door only
 * peeks at what they send and leaves it in their sockets, where libiperf reads it. Trusts nothing of it. */

#include "serve/serve_door.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/descriptor.h"
#include "engine/engine.h"
#include "serve/serve_parameters.h"

#define COOKIE_NS (5 * NS_PER_S)      /* for the cookie, which the client sends first */
#define PARAMETERS_NS (10 * NS_PER_S) /* for the parameters, which it sends after our answer */
#define READY_NS (20 * NS_PER_S)      /* for its turn, while another client's test is about to begin */
#define BUSY_NS NS_PER_S              /* the same while a test runs: its client may have seen the end before us */
#define LEAVING_NS NS_PER_S
#define IN_ORDER_NS (2 * NS_PER_S)
#define IN_ORDER_STEP_NS (100 * NS_PER_MS)
#define HEAD_BYTES (SERVE_COOKIE_BYTES + 4) /* the cookie, then the length of the parameters */
#define N_OF_ONE_MAX 16      /* guests from one address */
#define N_ACCEPTED 64        /* accepted at a time */
#define N_STREAMS_AT_ONCE 16 /* streams at a time: they are let in before the next clients are accepted */

/* States of iperf3 (iperf_api.h). */
enum { PARAM_EXCHANGE = 9, ACCESS_DENIED = -1, SERVER_ERROR = -2 };

static void drop(struct serve_door *d, size_t i)
{
    close(d->guests[i].fd);
    d->guests[i] = d->guests[--d->n];
}

void serve_door_close(struct serve_door *d)
{
    while (d->n > 0)
        drop(d, d->n - 1);
    if (d->listener >= 0)
        close(d->listener);
    d->listener = -1;
}

/* ---- the guests */

void serve_door_name(const struct sockaddr_storage *from, char text[64])
{
    text[0] = 0;
    if (from->ss_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, text, 64);
    else if (from->ss_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)from)->sin_addr, text, 64);
    if (strncmp(text, "::ffff:", 7) == 0 && strchr(text, '.'))
        memmove(text, text + 7, strlen(text + 7) + 1);
}

static bool is_at(const struct serve_guest *g, const struct cidr *host)
{
    return cidr_match(host, 1, (const struct sockaddr *)&g->from);
}

static void say_refused(const struct serve_door *d, const struct serve_door_rules *rules, const struct serve_guest *g,
                        const char *why, int64_t now)
{
    char text[300], name[64], more[60] = "";
    unsigned n_unsaid;
    if (!serve_sources_may_say(rules->sources, now, &n_unsaid))
        return;
    serve_door_name(&g->from, name);
    if (n_unsaid > 0)
        snprintf(more, sizeof more, " (and %u others before)", n_unsaid);
    snprintf(text, sizeof text, "%s is refused: %s%s", name, why, more);
    rules->say(rules->payload, d->port, text);
}

/* Lets a client read its answer before the connection closes: closing with unread bytes resets the connection, and
 * loses the answer. */
static void let_leave(struct serve_guest *g, const void *answer, size_t n, int64_t now)
{
    send(g->fd, answer, n, MSG_DONTWAIT | MSG_NOSIGNAL); /* or it has left already */
    shutdown(g->fd, SHUT_WR);
    g->stage = SERVE_GUEST_LEAVING;
    g->deadline_ns = now + LEAVING_NS;
}

static void deny(struct serve_guest *g, int64_t now)
{
    const char state = ACCESS_DENIED;
    let_leave(g, &state, 1, now);
}

/* Reports an error as libiperf does: the state, then two numbers. */
static void tell_error(struct serve_guest *g, int i_errno, int64_t now)
{
    const uint32_t numbers[2] = { htonl((uint32_t)i_errno), 0 };
    char answer[9] = { SERVER_ERROR };
    memcpy(answer + 1, numbers, sizeof numbers);
    let_leave(g, answer, sizeof answer, now);
}

/* Makes poll() wake when this many bytes have arrived, not for each byte. */
static void await(struct serve_guest *g, enum serve_guest_stage stage, int n_bytes, int64_t deadline_ns)
{
    setsockopt(g->fd, SOL_SOCKET, SO_RCVLOWAT, &n_bytes, sizeof n_bytes);
    g->stage = stage;
    g->deadline_ns = deadline_ns;
}

static bool is_waiting(const struct serve_guest *g)
{
    return g->stage != SERVE_GUEST_LEAVING && g->stage != SERVE_GUEST_STREAM;
}

static size_t n_of_host(const struct serve_door *d, const struct cidr *host)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++)
        n += is_waiting(&d->guests[i]) && is_at(&d->guests[i], host);
    return n;
}

/* Makes room for one more: dismisses the guest that has waited longest, of the address with the most guests. */
static void make_room(struct serve_door *d, const struct cidr *host)
{
    size_t worst = SERVE_GUESTS_MAX, most = 0;
    if (d->n < SERVE_GUESTS_MAX && n_of_host(d, host) < N_OF_ONE_MAX)
        return;
    for (size_t i = 0; i < d->n; i++) {
        const struct serve_guest *g = &d->guests[i];
        size_t n = g->stage == SERVE_GUEST_LEAVING ? SERVE_GUESTS_MAX : n_of_host(d, &g->host);
        bool counts = d->n == SERVE_GUESTS_MAX || is_at(g, host);
        if (counts && g->stage != SERVE_GUEST_STREAM &&
            (n > most || (n == most && g->number < d->guests[worst].number))) {
            worst = i;
            most = n;
        }
    }
    if (worst == SERVE_GUESTS_MAX)
        return;
    const char state = ACCESS_DENIED;
    send(d->guests[worst].fd, &state, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    drop(d, worst);
}

/* Returns false if the guest is already gone. */
static bool welcome(struct serve_door *d, const struct serve_door_rules *rules, struct serve_guest guest, int64_t now)
{
    char why[80], name[64];
    double wait_s = serve_sources_wait_s(rules->sources, &guest.from, now);
    if (rules->n_allowed > 0 && !cidr_match(rules->allowed, rules->n_allowed, (const struct sockaddr *)&guest.from)) {
        say_refused(d, rules, &guest, "no network of --allow contains it", now);
        close(guest.fd);
        return false;
    }
    serve_door_name(&guest.from, name);
    cidr_parse(name, &guest.host);
    make_room(d, &guest.host);
    if (d->n == SERVE_GUESTS_MAX) {
        close(guest.fd);
        return false;
    }
    struct serve_guest *g = &d->guests[d->n++];
    *g = guest;
    g->came_ns = now;
    g->number = d->n_came++;
    if (wait_s > 0) {
        snprintf(why, sizeof why, "it has wasted turns or failed authorization: it may come again in %.0f s", wait_s);
        say_refused(d, rules, g, why, now);
        deny(g, now);
    } else {
        await(g, SERVE_GUEST_COOKIE, SERVE_COOKIE_BYTES, now + COOKIE_NS);
    }
    return true;
}

/* ---- what they send */

static bool is_cookie(const char bytes[SERVE_COOKIE_BYTES])
{
    return memchr(bytes, 0, SERVE_COOKIE_BYTES) == bytes + SERVE_COOKIE_BYTES - 1;
}

static void offend(const struct serve_door_rules *rules, const struct serve_guest *g, enum serve_offence offence,
                   int64_t now)
{
    serve_sources_offend(rules->sources, &g->from, offence, now);
}

/* Returns false if the guest must go at once. */
static bool hear_cookie(struct serve_door *d, const struct serve_door_rules *rules, struct serve_guest *g, int64_t now)
{
    const char state = PARAM_EXCHANGE;
    if (recv(g->fd, g->cookie, sizeof g->cookie, MSG_PEEK | MSG_DONTWAIT) != sizeof g->cookie ||
        !is_cookie(g->cookie)) {
        say_refused(d, rules, g, "its first message is not an iperf3 client's", now);
        return false;
    }
    if (memcmp(g->cookie, d->cookie, sizeof g->cookie) ==
        0) { /* a stream of the current client, or a late one of the previous client */
        g->stage = SERVE_GUEST_STREAM;
        return d->is_in && is_at(g, &d->client);
    }
    if (send(g->fd, &state, 1, MSG_DONTWAIT | MSG_NOSIGNAL) != 1)
        return false;
    await(g, SERVE_GUEST_LENGTH, HEAD_BYTES, now + PARAMETERS_NS);
    return true;
}

static bool hear_length(struct serve_door *d, const struct serve_door_rules *rules, struct serve_guest *g, int64_t now)
{
    char bytes[HEAD_BYTES], why[80];
    uint32_t length;
    if (recv(g->fd, bytes, sizeof bytes, MSG_PEEK | MSG_DONTWAIT) != sizeof bytes)
        return false;
    memcpy(&length, bytes + SERVE_COOKIE_BYTES, sizeof length);
    g->length = ntohl(length);
    if (g->length > SERVE_PARAMETERS_BYTES_MAX) {
        snprintf(why, sizeof why, "its parameters have %u bytes, at most %d", g->length, SERVE_PARAMETERS_BYTES_MAX);
        say_refused(d, rules, g, why, now);
        offend(rules, g, SERVE_PARAMETERS, now);
        tell_error(g, ENGINE_IERECVPARAMS, now);
        return true;
    }
    await(g, SERVE_GUEST_PARAMETERS, (int)(sizeof bytes + g->length), g->deadline_ns);
    return true;
}

static bool hear_parameters(struct serve_door *d, const struct serve_door_rules *rules, struct serve_guest *g,
                            int64_t now)
{
    struct serve_parameters said;
    char bytes[HEAD_BYTES + SERVE_PARAMETERS_BYTES_MAX];
    size_t n = HEAD_BYTES + g->length;
    char why[128];
    ssize_t got = recv(g->fd, bytes, n, MSG_PEEK | MSG_DONTWAIT);
    if (got < 0 || (size_t)got != n)
        return false;
    int i_errno = serve_parameters_check(bytes + n - g->length, g->length, &said, why);
    if (i_errno == 0 && rules->has_users && *said.token && !serve_tokens_take(rules->tokens, said.token, now)) {
        i_errno = ENGINE_IEAUTHTEST;
        snprintf(why, sizeof why, "its token was used before");
    }
    if (i_errno != 0) {
        say_refused(d, rules, g, why, now);
        offend(rules, g, i_errno == ENGINE_IEAUTHTEST && rules->has_users ? SERVE_PASSWORD : SERVE_PARAMETERS, now);
        tell_error(g, i_errno, now);
        return true;
    }
    g->is_tcp = said.is_tcp;
    g->segment_bytes = said.segment_bytes;
    await(g, SERVE_GUEST_READY, HEAD_BYTES + SERVE_PARAMETERS_BYTES_MAX, now + READY_NS);
    return true;
}

static bool is_open(int fd)
{
    struct tcp_info info;
    socklen_t size = sizeof info;
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 && info.tcpi_state == TCP_ESTABLISHED;
}

static size_t n_unread(int fd, char *bytes, size_t n)
{
    ssize_t got = recv(fd, bytes, n, MSG_PEEK | MSG_DONTWAIT);
    return got > 0 ? (size_t)got : 0;
}

static bool has_all(const struct serve_guest *g)
{
    char bytes[HEAD_BYTES + SERVE_PARAMETERS_BYTES_MAX];
    size_t wanted = g->stage == SERVE_GUEST_COOKIE   ? SERVE_COOKIE_BYTES
                    : g->stage == SERVE_GUEST_LENGTH ? HEAD_BYTES
                                                     : HEAD_BYTES + g->length;
    return n_unread(g->fd, bytes, wanted) == wanted;
}

/* Returns false if the guest must go. */
static bool hear(struct serve_door *d, const struct serve_door_rules *rules, struct serve_guest *g, int64_t now)
{
    bool stays = true;
    while (stays && g->stage < SERVE_GUEST_READY && has_all(g))
        stays = g->stage == SERVE_GUEST_COOKIE   ? hear_cookie(d, rules, g, now)
                : g->stage == SERVE_GUEST_LENGTH ? hear_length(d, rules, g, now)
                                                 : hear_parameters(d, rules, g, now);
    return stays;
}

static void drain(struct serve_guest *g)
{
    char bytes[16384];
    while (recv(g->fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
        ;
}

/* The guest's time is over. */
static void give_up(struct serve_door *d, const struct serve_door_rules *rules, struct serve_guest *g, int64_t now)
{
    if (g->stage == SERVE_GUEST_READY) { /* another client's test took long to begin */
        deny(g, now);
        return;
    }
    say_refused(d, rules, g,
                g->stage == SERVE_GUEST_COOKIE ? "its first message does not arrive" : "its parameters do not arrive",
                now);
    if (g->stage != SERVE_GUEST_COOKIE)
        offend(rules, g, SERVE_SLOW, now);
    g->stage = SERVE_GUEST_LEAVING;
    g->deadline_ns = now;
}

/* Returns false if the guest must go. A scan that sends nothing is not worth a line. */
static bool has_left(struct serve_door *d, const struct serve_door_rules *rules, const struct serve_guest *g,
                     int64_t now)
{
    char byte;
    if (g->stage == SERVE_GUEST_COOKIE && n_unread(g->fd, &byte, 1) > 0)
        say_refused(d, rules, g, "its first message is not an iperf3 client's", now);
    return false;
}

/* Returns false if the guest must go. */
static bool tend(struct serve_door *d, const struct serve_door_rules *rules, struct serve_guest *g, int64_t now)
{
    if (g->stage == SERVE_GUEST_LEAVING) {
        drain(g);
        return now < g->deadline_ns && is_open(g->fd);
    }
    if (g->stage == SERVE_GUEST_STREAM) {
        g->deadline_ns = now + IN_ORDER_STEP_NS;
        return d->is_in;
    }
    if (!hear(d, rules, g, now))
        return false;
    if (is_waiting(g) && !is_open(g->fd))
        return has_left(d, rules, g, now);
    if (d->is_testing && is_waiting(g) && now >= g->came_ns + BUSY_NS)
        deny(g, now);
    else if (is_waiting(g) && now >= g->deadline_ns)
        give_up(d, rules, g, now);
    return true;
}

static bool is_last_a_stream(const struct serve_door *d)
{
    return d->n > 0 && d->guests[d->n - 1].stage == SERVE_GUEST_STREAM;
}

/* Each one is heard before the next is accepted: most have sent everything by then. */
static void take_in(struct serve_door *d, const struct serve_door_rules *rules, int64_t now)
{
    size_t n_streams = 0;
    for (int i = 0; i < N_ACCEPTED && n_streams < N_STREAMS_AT_ONCE; i++) {
        struct serve_guest guest = { .stage = SERVE_GUEST_COOKIE };
        socklen_t size = sizeof guest.from;
        guest.fd = descriptor_above_std(accept4(d->listener, (struct sockaddr *)&guest.from, &size, SOCK_CLOEXEC));
        if (guest.fd < 0)
            return;
        if (welcome(d, rules, guest, now) && !tend(d, rules, &d->guests[d->n - 1], now))
            drop(d, d->n - 1);
        n_streams += is_last_a_stream(d);
    }
}

void serve_door_tend(struct serve_door *d, const struct serve_door_rules *rules, int64_t now)
{
    take_in(d, rules, now);
    for (size_t i = 0; i < d->n;) {
        if (tend(d, rules, &d->guests[i], now))
            i++;
        else
            drop(d, i);
    }
}

size_t serve_door_watch(const struct serve_door *d, struct pollfd *fds)
{
    size_t n = 0;
    fds[n++] = (struct pollfd){ .fd = d->listener, .events = POLLIN };
    for (size_t i = 0; i < d->n; i++) {
        bool hears = d->guests[i].stage < SERVE_GUEST_READY || d->guests[i].stage == SERVE_GUEST_LEAVING;
        fds[n++] = (struct pollfd){ .fd = d->guests[i].fd, .events = (short)(hears ? POLLIN | POLLRDHUP : POLLRDHUP) };
    }
    return n;
}

int64_t serve_door_due_ns(const struct serve_door *d)
{
    int64_t due = INT64_MAX;
    for (size_t i = 0; i < d->n; i++) {
        const struct serve_guest *g = &d->guests[i];
        due = g->deadline_ns < due ? g->deadline_ns : due;
        if (d->is_testing && is_waiting(g) && g->came_ns + BUSY_NS < due)
            due = g->came_ns + BUSY_NS;
    }
    return due;
}

/* ---- letting in */

const struct serve_guest *serve_door_next(const struct serve_door *d, const struct serve_door_rules *rules, int64_t now)
{
    const struct serve_guest *best = NULL;
    double best_debt = 0;
    for (size_t i = 0; i < d->n; i++) {
        const struct serve_guest *g = &d->guests[i];
        if (g->stage != SERVE_GUEST_READY)
            continue;
        double debt =
            serve_sources_is_own(rules->sources, &g->from) ? -1 : serve_sources_debt_s(rules->sources, &g->from, now);
        if (best == NULL || debt < best_debt || (debt == best_debt && g->number < best->number)) {
            best = g;
            best_debt = debt;
        }
    }
    return best;
}

static int take_out(struct serve_door *d, const struct serve_guest *guest)
{
    int fd = guest->fd, one = 1;
    setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &one, sizeof one);
    d->guests[guest - d->guests] = d->guests[d->n - 1];
    d->n--;
    return fd;
}

int serve_door_let_in(struct serve_door *d, const struct serve_guest *guest)
{
    int segment = guest->is_tcp ? guest->segment_bytes : 0;
    memcpy(d->cookie, guest->cookie, sizeof d->cookie);
    d->client = guest->host;
    d->is_in = true;
    d->is_testing = false;
    setsockopt(d->listener, IPPROTO_TCP, TCP_MAXSEG, &segment,
               sizeof segment); /* so that its streams have this segment size from their first packet */
    return take_out(d, guest);
}

/* Returns the first stream, unless an earlier guest from the same address has not identified itself yet: then it waits
 * a while. */
int serve_door_stream(struct serve_door *d, int64_t now)
{
    const struct serve_guest *first = NULL;
    for (size_t i = 0; i < d->n; i++)
        if (d->guests[i].stage == SERVE_GUEST_STREAM && (first == NULL || d->guests[i].number < first->number))
            first = &d->guests[i];
    for (size_t i = 0; first && i < d->n && now - first->came_ns < IN_ORDER_NS; i++)
        if (d->guests[i].stage == SERVE_GUEST_COOKIE && d->guests[i].number < first->number &&
            is_at(&d->guests[i], &first->host))
            return -1;
    return first ? take_out(d, first) : -1;
}

void serve_door_left(struct serve_door *d)
{
    const int none = 0;
    d->is_in = d->is_testing = false;
    setsockopt(d->listener, IPPROTO_TCP, TCP_MAXSEG, &none, sizeof none);
}
