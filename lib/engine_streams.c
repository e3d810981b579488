/* engine_streams.c - linked with --wrap=select: TCP streams of a server's test are awaited next to each other.
 *
 * libiperf takes each connection that comes after a client's parameters for a stream, and reads its cookie blocking: a stranger who
 * connects in that moment and says nothing keeps the test from beginning. Here connections are held until they have said the
 * client's cookie; libiperf's select() tells it of its listening socket only then. Reads nothing: it looks (MSG_PEEK). */

#include "engine_streams.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include <iperf_api.h>

#include "clock.h"

#define N_HELD_MAX 256               /* iperf3's 128 streams, both ways */
#define PATIENCE_NS (10 * NS_PER_S)  /* for a cookie */
#define IN_ORDER_NS (2 * NS_PER_S)   /* so long one waits for those that came before it: of a test in both directions the first half
                                        of the streams is the client's, by order alone */
#define LOOK_AGAIN_NS (20 * NS_PER_MS) /* at a part of a cookie, which keeps poll() awake */
#define FAR_NS (3600 * NS_PER_S)

int __real_select(int n, fd_set *reads, fd_set *writes, fd_set *errors, struct timeval *timeout);
int __wrap_select(int n, fd_set *reads, fd_set *writes, fd_set *errors, struct timeval *timeout);
int __real_accept(int listener, struct sockaddr *address, socklen_t *size);

struct held {
    int fd;
    int64_t since_ns;
    bool is_partial; /* a part of a cookie is there */
    struct sockaddr_storage address;
};

/* State of the one server session of this (child) process; of its main thread alone. */
static struct {
    bool are_awaited;
    bool (*is_tcp)(void);
    char cookie[ENGINE_COOKIE_BYTES];
    struct sockaddr_storage client;
    struct held held[N_HELD_MAX]; /* in the order in which they came */
    size_t n_held;
} door;

static struct in6_addr host_of(const struct sockaddr_storage *address)
{
    struct in6_addr host = { .s6_addr = { [10] = 0xff, [11] = 0xff } };
    if (address->ss_family == AF_INET6)
        return ((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    memcpy(host.s6_addr + 12, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
    return host;
}

static bool is_clients(const struct sockaddr_storage *address)
{
    struct in6_addr here = host_of(address), client = host_of(&door.client);
    return memcmp(&here, &client, sizeof here) == 0;
}

/* As libiperf tells whoever comes during a test. */
static void deny(int fd)
{
    signed char state = ACCESS_DENIED;
    (void)!send(fd, &state, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    close(fd);
}

static void let_go(size_t i)
{
    door.n_held--;
    memmove(&door.held[i], &door.held[i + 1], (door.n_held - i) * sizeof door.held[0]);
}

void engine_streams_begin(const struct sockaddr_storage *client, const char cookie[ENGINE_COOKIE_BYTES], bool (*is_tcp)(void))
{
    memset(&door, 0, sizeof door);
    door.client = *client;
    memcpy(door.cookie, cookie, sizeof door.cookie);
    door.is_tcp = is_tcp;
    door.are_awaited = true;
}

void engine_streams_end(void)
{
    while (door.n_held > 0) {
        deny(door.held[0].fd);
        let_go(0);
    }
    door.are_awaited = false;
}

bool engine_streams_are_awaited(void)
{
    return door.are_awaited;
}

/* Whoever waits at the listening socket. Where the places are taken, those who have said least for longest make room. */
static int take_in(int listener)
{
    struct pollfd waiting = { .fd = listener, .events = POLLIN };
    while (poll(&waiting, 1, 0) > 0) {
        struct held h = { .since_ns = clock_boot_ns() };
        socklen_t size = sizeof h.address;
        h.fd = __real_accept(listener, (struct sockaddr *)&h.address, &size);
        if (h.fd < 0)
            return errno == ECONNABORTED || errno == EINTR ? 0 : -1;
        if (!door.is_tcp() || !is_clients(&h.address) || h.fd >= FD_SETSIZE) {
            deny(h.fd);
            continue;
        }
        if (door.n_held == N_HELD_MAX) {
            deny(door.held[0].fd);
            let_go(0);
        }
        door.held[door.n_held++] = h;
    }
    return 0;
}

enum verdict { WAIT, STREAM, STRANGER };

static enum verdict look_at(struct held *h, int64_t now)
{
    char said[ENGINE_COOKIE_BYTES];
    ssize_t n = recv(h->fd, said, sizeof said, MSG_PEEK | MSG_DONTWAIT);
    bool is_silent = n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    if (n == 0 || (n < 0 && !is_silent) || (n > 0 && memcmp(said, door.cookie, (size_t)n) != 0))
        return STRANGER;
    if (n == ENGINE_COOKIE_BYTES)
        return STREAM;
    h->is_partial = n > 0;
    return now - h->since_ns < PATIENCE_NS ? WAIT : STRANGER;
}

/* The place of the one whose turn it is; -1 when there is none yet. Strangers leave. */
static int find_stream(void)
{
    int64_t now = clock_boot_ns();
    bool must_wait = false;
    for (size_t i = 0; i < door.n_held;) {
        enum verdict verdict = look_at(&door.held[i], now);
        if (verdict == STREAM && !must_wait)
            return (int)i;
        if (verdict == STRANGER) {
            deny(door.held[i].fd);
            let_go(i);
            continue;
        }
        must_wait = must_wait || now - door.held[i].since_ns < IN_ORDER_NS;
        i++;
    }
    return -1;
}

int engine_streams_accept(int listener, struct sockaddr_storage *address)
{
    int i;
    while ((i = find_stream()) < 0) {
        struct pollfd waiting = { .fd = listener, .events = POLLIN };
        poll(&waiting, 1, (int)(LOOK_AGAIN_NS / NS_PER_MS));
        if (take_in(listener) < 0)
            return -1;
    }
    struct held stream = door.held[i];
    let_go((size_t)i);
    *address = stream.address;
    return stream.fd;
}

/* ---- what libiperf waits for */

static int listener_among(int n, const fd_set *reads)
{
    for (int fd = 0; fd < n; fd++) {
        int is_listening = 0;
        socklen_t size = sizeof is_listening;
        if (FD_ISSET(fd, reads) && getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &size) == 0 && is_listening)
            return fd;
    }
    return -1;
}

/* Those of whom the next byte is news. Returns the first number behind all. */
static int add_held(int n, fd_set *reads)
{
    for (size_t i = 0; i < door.n_held; i++) {
        int fd = door.held[i].fd;
        if (door.held[i].is_partial)
            continue;
        FD_SET(fd, reads);
        n = fd >= n ? fd + 1 : n;
    }
    return n;
}

static struct timeval turn_until(int64_t deadline_ns, int64_t now)
{
    int64_t left_ns = deadline_ns > now ? deadline_ns - now : 0;
    if (door.n_held > 0 && left_ns > LOOK_AGAIN_NS)
        left_ns = LOOK_AGAIN_NS;
    return (struct timeval){ .tv_sec = left_ns / NS_PER_S, .tv_usec = left_ns % NS_PER_S / 1000 };
}

/* One turn: what libiperf asks for, but of its listening socket only that a stream is ready. As select() returns. */
static int turn(int n, int listener, fd_set *reads, fd_set *writes, fd_set *errors, struct timeval wait)
{
    int rc = __real_select(add_held(n, reads), reads, writes, errors, &wait);
    if (rc < 0)
        return rc;
    for (size_t i = 0; rc > 0 && i < door.n_held; i++)
        if (FD_ISSET(door.held[i].fd, reads)) {
            FD_CLR(door.held[i].fd, reads);
            rc--;
        }
    if (FD_ISSET(listener, reads)) {
        FD_CLR(listener, reads);
        rc--;
    }
    if (take_in(listener) < 0 || find_stream() >= 0) { /* libiperf hears of the failure from accept() */
        FD_SET(listener, reads);
        rc++;
    }
    return rc;
}

int __wrap_select(int n, fd_set *reads, fd_set *writes, fd_set *errors, struct timeval *timeout)
{
    int listener = door.are_awaited && reads ? listener_among(n, reads) : -1;
    if (listener < 0)
        return __real_select(n, reads, writes, errors, timeout);
    fd_set none, asked_reads = *reads, asked_writes, asked_errors;
    FD_ZERO(&none);
    asked_writes = writes ? *writes : none;
    asked_errors = errors ? *errors : none;
    int64_t now = clock_boot_ns();
    int64_t deadline_ns = now + (timeout ? (int64_t)timeout->tv_sec * NS_PER_S + timeout->tv_usec * 1000 : FAR_NS);
    for (;;) {
        fd_set r = asked_reads, w = asked_writes, e = asked_errors;
        int rc = turn(n, listener, &r, &w, &e, turn_until(deadline_ns, now));
        now = clock_boot_ns();
        if (rc == 0 && now < deadline_ns)
            continue;
        if (rc >= 0) {
            *reads = r;
            *(writes ? writes : &none) = w;
            *(errors ? errors : &none) = e;
        }
        return rc;
    }
}
