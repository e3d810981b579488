/* engine_accept.c - linked with --wrap=accept: stands between libiperf's server and the network.
 *
 * libiperf reads a new connection's cookie and parameters blocking: one half-open connection keeps everybody else out, and a port
 * scan ends the listening session. Here connections wait side by side until one of them has said a whole cookie of iperf3's; the
 * others are dropped after a while, without libiperf knowing of them. */

#include "engine_accept.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "clock.h"
#include "engine_streams.h"

#define COOKIE_BYTES ENGINE_COOKIE_BYTES               /* 36 of a-z 2-7, and a 0 (iperf_util.c, make_cookie) */
#define PATIENCE_NS (5 * NS_PER_S)    /* for the cookie: it is the client's first word */
#define SLOW_READ_S 10                /* for what libiperf then reads blocking */
#define N_WAITING_MAX 64
#define ROOM_BYTES (32u << 20)        /* for a client's parameters; iperf3's are under 1 kB, and our label of another */

int __real_accept(int listener, struct sockaddr *address, socklen_t *size);
int __wrap_accept(int listener, struct sockaddr *address, socklen_t *size);

struct waiting {
    int fd;
    int64_t deadline_ns;
    struct sockaddr_storage address;
    socklen_t size;
};

/* State of the one server session of this (child) process. */
static struct {
    const struct cidr *allowed;
    size_t n_allowed;
    void (*on_client)(const char *address);
    bool (*is_tcp)(void);
    bool has_client, has_limit;
    struct rlimit memory_before;
    struct waiting waiting[N_WAITING_MAX];
    size_t n_waiting;
} door;

#ifdef LONGHAUL_HAVE_CALLBACK
static void limit_memory(void)
{
}
#else
/* Memory of this process, which has that of its host's, in pages; 0 when the kernel does not say. */
static unsigned long data_pages(void)
{
    unsigned long pages = 0;
    FILE *in = fopen("/proc/self/statm", "re");
    if (in && fscanf(in, "%*u %*u %*u %*u %*u %lu", &pages) != 1)
        pages = 0;
    if (in)
        fclose(in);
    return pages;
}

static void limit_memory(void)
{
    struct rlimit data;
    rlim_t most = (rlim_t)data_pages() * (rlim_t)sysconf(_SC_PAGESIZE) + ROOM_BYTES;
    if (most == ROOM_BYTES || getrlimit(RLIMIT_DATA, &data) < 0 || (data.rlim_cur != RLIM_INFINITY && data.rlim_cur <= most))
        return;
    door.memory_before = data;
    data.rlim_cur = most;
    door.has_limit = setrlimit(RLIMIT_DATA, &data) == 0;
}
#endif

static void lift_limit(void)
{
    if (door.has_limit)
        setrlimit(RLIMIT_DATA, &door.memory_before);
    door.has_limit = false;
}

void engine_accept_end(void)
{
    lift_limit();
    engine_streams_end();
}

void engine_accept_begin(const struct cidr *allowed, size_t n, void (*on_client)(const char *address), bool (*is_tcp)(void))
{
    memset(&door, 0, sizeof door);
    door.allowed = allowed;
    door.n_allowed = n;
    door.on_client = on_client;
    door.is_tcp = is_tcp;
    limit_memory();
}

static bool is_allowed(const struct sockaddr_storage *address)
{
    return door.n_allowed == 0 || cidr_match(door.allowed, door.n_allowed, (const struct sockaddr *)address);
}

static void drop(size_t i)
{
    close(door.waiting[i].fd);
    door.waiting[i] = door.waiting[--door.n_waiting];
}

/* Takes a new connection in, in the place of the oldest when there are too many. */
static void take_in(int listener)
{
    struct waiting w = { .size = sizeof w.address, .deadline_ns = clock_boot_ns() + PATIENCE_NS };
    w.fd = __real_accept(listener, (struct sockaddr *)&w.address, &w.size);
    if (w.fd < 0)
        return;
    if (!is_allowed(&w.address)) {
        close(w.fd);
        return;
    }
    if (door.n_waiting == N_WAITING_MAX) {
        size_t oldest = 0;
        for (size_t i = 1; i < door.n_waiting; i++)
            if (door.waiting[i].deadline_ns < door.waiting[oldest].deadline_ns)
                oldest = i;
        drop(oldest);
    }
    door.waiting[door.n_waiting++] = w;
}

static bool is_cookie(const char *bytes)
{
    return bytes[COOKIE_BYTES - 1] == 0 && strspn(bytes, "abcdefghijklmnopqrstuvwxyz234567") == COOKIE_BYTES - 1;
}

enum verdict { WAIT, CLIENT, NONSENSE };

static enum verdict look_at(const struct waiting *w)
{
    char bytes[COOKIE_BYTES];
    ssize_t n = recv(w->fd, bytes, sizeof bytes, MSG_PEEK | MSG_DONTWAIT);
    if (n == COOKIE_BYTES)
        return is_cookie(bytes) ? CLIENT : NONSENSE;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return clock_boot_ns() < w->deadline_ns ? WAIT : NONSENSE;
    if (n <= 0 || memchr(bytes, 0, (size_t)n) != NULL)
        return NONSENSE;
    return clock_boot_ns() < w->deadline_ns ? WAIT : NONSENSE;
}

/* Those that have not said all of it yet are asked again soon: a part of a cookie would keep poll() awake. */
static void wait_for_more(int listener)
{
    struct pollfd fds[N_WAITING_MAX + 1];
    size_t n = 0;
    bool is_partial = false;
    char byte;
    fds[n++] = (struct pollfd){ .fd = listener, .events = POLLIN };
    for (size_t i = 0; i < door.n_waiting; i++) {
        bool has_some = recv(door.waiting[i].fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
        is_partial = is_partial || has_some;
        fds[n++] = (struct pollfd){ .fd = has_some ? -1 : door.waiting[i].fd, .events = POLLIN };
    }
    if (poll(fds, (nfds_t)n, is_partial ? 20 : door.n_waiting > 0 ? 200 : -1) > 0 && fds[0].revents)
        take_in(listener);
}

/* The first that proves to be an iperf3 client; its place in waiting. */
static size_t wait_for_client(int listener)
{
    for (;;) {
        for (size_t i = 0; i < door.n_waiting;) {
            enum verdict verdict = look_at(&door.waiting[i]);
            if (verdict == CLIENT)
                return i;
            if (verdict == NONSENSE)
                drop(i);
            else
                i++;
        }
        wait_for_more(listener);
    }
}

static void tell_client(const struct waiting *w)
{
    char text[INET6_ADDRSTRLEN] = "";
    const struct sockaddr *from = (const struct sockaddr *)&w->address;
    if (from->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, text, sizeof text);
    else if (from->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)from)->sin_addr, text, sizeof text);
    door.on_client(strncmp(text, "::ffff:", 7) == 0 ? text + 7 : text);
}

static void await_streams(const struct waiting *client)
{
    char cookie[COOKIE_BYTES];
    if (recv(client->fd, cookie, sizeof cookie, MSG_PEEK | MSG_DONTWAIT) == COOKIE_BYTES)
        engine_streams_begin(&client->address, cookie, door.is_tcp);
}

int __wrap_accept(int listener, struct sockaddr *address, socklen_t *size)
{
    if (door.on_client == NULL || door.has_client) { /* a data stream, or somebody who is told that the server is busy */
        struct sockaddr_storage from;
        socklen_t n = sizeof from;
        lift_limit(); /* each stream of TCP has a buffer */
        int fd = engine_streams_are_awaited() ? engine_streams_accept(listener, &from)
                                              : __real_accept(listener, (struct sockaddr *)&from, &n);
        if (fd >= 0 && !is_allowed(&from))
            shutdown(fd, SHUT_RDWR);
        if (fd >= 0 && address && size) {
            memcpy(address, &from, n < *size ? n : *size);
            *size = n;
        }
        return fd;
    }
    take_in(listener);
    size_t i = wait_for_client(listener);
    struct waiting chosen = door.waiting[i];
    struct timeval patience = { .tv_sec = SLOW_READ_S };
    door.waiting[i] = door.waiting[--door.n_waiting];
    while (door.n_waiting > 0) /* they may come again and be told that the server is busy */
        drop(0);
    door.has_client = true;
    await_streams(&chosen);
    setsockopt(chosen.fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(chosen.fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (address && size) {
        memcpy(address, &chosen.address, chosen.size < *size ? chosen.size : *size);
        *size = chosen.size;
    }
    tell_client(&chosen);
    return chosen.fd;
}
