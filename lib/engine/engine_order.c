/* engine_order.c - linked with --wrap for the functions with which libiperf reads datagrams (Nread and its like):
 * distinguishes reordered datagrams from duplicates, which libiperf does not do, and does it for each interval, which
 * libiperf's JSON does not have. It sees the number of each datagram. With a libiperf that reads in another way, or a
 * shared one, all is unknown. Does not slow the traffic down: it keeps one bit for each of the newest numbers.
 * libiperf counts datagrams as lost that a path delivers a moment after the test's end. So a duplicate descriptor
 * keeps each socket open, and when numbers of the last interval are missing at the end of the test, they are waited
 * for. */

#include "engine/engine_order.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <iperf_api.h>

#include "base/clock.h"
#include "engine/engine_bytes.h"
#include "engine/engine_datagram.h"
#include "engine/engine_guard.h"

/* Numbers: a minute of a day's leg at 10 Mbit/s, half a second at 1 Gbit/s. Anything older counts as out of order. */
#define WINDOW 65536
#define NUMBER_AT 8    /* offset in libiperf's datagrams: after seconds and microseconds */
#define LATE_MS 700    /* how long a datagram is waited for after the end: a later one is lost (RFC 7680, 2.4) */
#define HEAD_BYTES 16  /* of a datagram: seconds, microseconds, number */
#define COPIES_FROM 64 /* descriptors of the copies: libiperf's select() needs the low ones */

/* Functions of libiperf; each version has some of them. */
int __real_Nread(int fd, char *buf, size_t count, int prot) __attribute__((weak));
int __real_Nread_no_select(int fd, char *buf, size_t count, int prot) __attribute__((weak));
int __real_Nrecv_no_select(int fd, char *buf, size_t count, int prot, int flags) __attribute__((weak));
int __real_Nread_gro(int fd, char *buf, size_t count, int prot, int *datagram_bytes) __attribute__((weak));
int __real_iperf_set_send_state(struct iperf_test *test, signed char state) __attribute__((weak));
int __wrap_iperf_set_send_state(struct iperf_test *test, signed char state);
int __wrap_Nread(int fd, char *buf, size_t count, int prot);
int __wrap_Nread_no_select(int fd, char *buf, size_t count, int prot);
int __wrap_Nrecv_no_select(int fd, char *buf, size_t count, int prot, int flags);
int __wrap_Nread_gro(int fd, char *buf, size_t count, int prot, int *datagram_bytes);

/* One thread reads a socket; another one takes the counts. */
struct stream {
    int copy;          /* of the socket; -1 if none exists */
    atomic_uint_fast64_t newest;
    uint64_t newest_taken; /* when the counts were last taken */
    uint64_t n_late;
    atomic_uint_fast64_t n_out_of_order, n_duplicates;
    uint64_t seen[WINDOW / 64];
};

static struct {
    atomic_bool is_on, is_64bit;
    atomic_bool is_over;    /* libiperf no longer counts datagrams */
    bool is_drained;
    atomic_bool is_unknown; /* a stream had no memory */
    _Atomic(struct stream *) streams[FD_SETSIZE];
    struct order taken; /* the counts when they were last taken */
} order;

void engine_order_begin(bool is_64bit)
{
    atomic_store(&order.is_64bit, is_64bit);
    atomic_store(&order.is_on, true);
}

static uint64_t *word_of(struct stream *s, uint64_t number)
{
    return &s->seen[number / 64 % (WINDOW / 64)];
}

static void move_on(struct stream *s, uint64_t number)
{
    if (number - s->newest >= WINDOW)
        memset(s->seen, 0, sizeof s->seen);
    else
        for (uint64_t i = s->newest + 1; i < number; i++)
            *word_of(s, i) &= ~(UINT64_C(1) << i % 64);
    s->newest = number;
}

static void on_number(struct stream *s, uint64_t number)
{
    bool is_over = atomic_load_explicit(&order.is_over, memory_order_relaxed);
    uint64_t bit = UINT64_C(1) << number % 64;
    if (number > s->newest) {
        if (is_over)
            return; /* in none of libiperf's intervals */
        move_on(s, number);
    } else if (s->newest - number < WINDOW && (*word_of(s, number) & bit)) {
        atomic_fetch_add_explicit(&s->n_duplicates, 1, memory_order_relaxed);
        return;
    } else {
        atomic_fetch_add_explicit(&s->n_out_of_order, 1, memory_order_relaxed);
        s->n_late += is_over;
        if (s->newest - number >= WINDOW)
            return;
    }
    *word_of(s, number) |= bit;
}

static struct stream *stream_of(int fd)
{
    if (fd < 0 || fd >= FD_SETSIZE) {
        atomic_store(&order.is_unknown, true);
        return NULL;
    }
    struct stream *s = atomic_load_explicit(&order.streams[fd], memory_order_relaxed);
    if (s == NULL && (s = calloc(1, sizeof *s)) != NULL) {
        s->copy = fcntl(fd, F_DUPFD_CLOEXEC, COPIES_FROM);
        atomic_store(&order.streams[fd], s);
    }
    if (s == NULL)
        atomic_store(&order.is_unknown, true);
    return s;
}

static void on_datagram(struct stream *s, const char *bytes, size_t n)
{
    bool is_64bit = atomic_load_explicit(&order.is_64bit, memory_order_relaxed);
    uint64_t number = 0;
    uint32_t short_number = 0;
    if (s == NULL || n < NUMBER_AT + (is_64bit ? sizeof number : sizeof short_number))
        return;
    memcpy(is_64bit ? (void *)&number : (void *)&short_number, bytes + NUMBER_AT,
           is_64bit ? sizeof number : sizeof short_number);
    on_number(s, is_64bit ? be64toh(number) : be32toh(short_number));
}

static bool is_on(void)
{
    return atomic_load_explicit(&order.is_on, memory_order_relaxed);
}

/* Reads one datagram. libiperf's own function reads until its buffer is full: after a datagram that is too short it
 * would swallow the next one. Returns what libiperf's function returns (net.h). */
static int read_one(int fd, char *buf, size_t count, int flags)
{
    ssize_t n = recv(fd, buf, count, flags);
    if (n >= 0)
        return (int)n;
    return errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK ? 0 : HARD_ERROR;
}

/* Takes a datagram of n bytes, of which at least `there` are in buf: returns n, or 0 if it is not the peer's. */
static int take(int fd, char *buf, int n, size_t there)
{
    if (n <= 0)
        return n;
    n = engine_datagram_check(fd, buf, n);
    engine_bytes_add(n);
    if (n > 0 && is_on())
        on_datagram(stream_of(fd), buf, (size_t)n < there ? (size_t)n : there);
    return n;
}

/* The versions with these functions read the control connection with Nread. */
static int take_tcp(int n)
{
    engine_bytes_add(n);
    return n;
}

int __wrap_Nread(int fd, char *buf, size_t count, int prot)
{
    if (prot == Pudp)
        return take(fd, buf, read_one(fd, buf, count, 0), count);
    engine_guard_reads(fd, true);
    int n = __real_Nread(fd, buf, count, prot);
    engine_guard_reads(fd, false);
    if (prot == Ptcp && engine_guard_is_cut(fd, count, n)) {
        errno = ECONNRESET;
        return -1;
    }
    if (n == 1 && count == 1 && prot == Ptcp && *buf == TEST_END) /* a server learns of the end */
        atomic_store(&order.is_over, true);
    engine_bytes_add(engine_guard_is_control(fd) ? 0 : n);
    engine_guard_check(fd, buf, count, n);
    return n;
}

int __wrap_Nread_no_select(int fd, char *buf, size_t count, int prot)
{
    if (prot == Pudp)
        return take(fd, buf, read_one(fd, buf, count, 0), count);
    return take_tcp(__real_Nread_no_select(fd, buf, count, prot));
}

/* A client ends the test: takes its counts just before. */
int __wrap_iperf_set_send_state(struct iperf_test *test, signed char state)
{
    if (state == TEST_END)
        atomic_store(&order.is_over, true);
    return __real_iperf_set_send_state(test, state);
}

/* With MSG_TRUNC n is the length of the whole datagram, of which count bytes are in buf. */
int __wrap_Nrecv_no_select(int fd, char *buf, size_t count, int prot, int flags)
{
    if (prot == Pudp)
        return take(fd, buf, read_one(fd, buf, count, flags), count);
    return take_tcp(__real_Nrecv_no_select(fd, buf, count, prot, flags));
}

/* Several datagrams at once, each of *datagram_bytes except the last. Those that are not the peer's are removed. */
int __wrap_Nread_gro(int fd, char *buf, size_t count, int prot, int *datagram_bytes)
{
    int n = __real_Nread_gro(fd, buf, count, prot, datagram_bytes), n_kept = 0;
    int each = datagram_bytes && *datagram_bytes > 0 ? *datagram_bytes : n;
    for (int at = 0; at < n; at += each) {
        int size = n - at < each ? n - at : each;
        if (take(fd, buf + at, size, (size_t)size) == 0)
            continue;
        memmove(buf + n_kept, buf + at, (size_t)size);
        n_kept += size;
    }
    return n > 0 ? n_kept : n;
}

/* ---- after the end */

static uint64_t n_missing(struct stream *s)
{
    uint64_t n = 0, number = s->newest_taken;
    if (s->newest - number >= WINDOW)
        number = s->newest - WINDOW + 1;
    while (++number < s->newest)
        n += !(*word_of(s, number) & UINT64_C(1) << number % 64);
    return n;
}

static void read_copy(struct stream *s, int fd)
{
    char head[HEAD_BYTES];
    ssize_t n;
    while ((n = recv(s->copy, head, sizeof head, MSG_DONTWAIT)) > 0)
        if (engine_datagram_check(fd, head, (int)n) > 0)
            on_datagram(s, head, (size_t)n);
}

/* Waits for the missing datagrams of the last interval: the traffic is over, and the control connection waits. */
static void drain(void)
{
    int64_t until_ns = clock_boot_ns() + LATE_MS * NS_PER_MS, now_ns;
    struct pollfd polled[FD_SETSIZE];
    struct stream *waiting[FD_SETSIZE];
    int sockets[FD_SETSIZE];
    do {
        nfds_t n = 0;
        for (int i = 0; i < FD_SETSIZE; i++) {
            struct stream *s = atomic_load(&order.streams[i]);
            if (s == NULL || s->copy < 0 || n_missing(s) == 0)
                continue;
            waiting[n] = s;
            sockets[n] = i;
            polled[n++] = (struct pollfd){ .fd = s->copy, .events = POLLIN };
        }
        now_ns = clock_boot_ns();
        if (n == 0 || now_ns >= until_ns || poll(polled, n, (int)((until_ns - now_ns) / NS_PER_MS) + 1) <= 0)
            return;
        for (nfds_t i = 0; i < n; i++)
            if (polled[i].revents)
                read_copy(waiting[i], sockets[i]);
    } while (true);
}

/* ---- taking the counts */

struct order engine_order_take(void)
{
    struct order sum = { 0, 0, 0 };
    bool is_known = false;
    if (atomic_load(&order.is_over) && !order.is_drained) {
        order.is_drained = true;
        drain();
    }
    for (int i = 0; i < FD_SETSIZE; i++) {
        struct stream *s = atomic_load(&order.streams[i]);
        if (s == NULL)
            continue;
        is_known = true;
        s->newest_taken = s->newest;
        sum.out_of_order += (double)atomic_load_explicit(&s->n_out_of_order, memory_order_relaxed);
        sum.duplicates += (double)atomic_load_explicit(&s->n_duplicates, memory_order_relaxed);
        sum.late += (double)s->n_late;
    }
    struct order since = { sum.out_of_order - order.taken.out_of_order, sum.duplicates - order.taken.duplicates,
                           sum.late - order.taken.late };
    order.taken = sum;
    return is_known && !atomic_load(&order.is_unknown) ? since : (struct order){ NAN, NAN, 0 };
}
