/* engine_arrivals.c - linked with --wrap for the functions with which libiperf reads datagrams (Nread and its like):
 * sees each datagram's number, its sender's time and the kernel's time of its arrival, which libiperf reads and
 * forgets. So reordered datagrams and duplicates are distinguished, and delays are known (arrivals.c). With a libiperf
 * that reads in another way, or a shared one, all is unknown. What libiperf gets is what it would have got.
 * libiperf counts datagrams as lost that a path delivers a moment after the test's end. So a duplicate descriptor
 * keeps each socket open, and when numbers of the last interval are missing at the end of the test, they are waited
 * for. */

#include "engine/engine_arrivals.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <iperf_api.h>

#include "base/clock.h"
#include "base/histogram.h"
#include "engine/arrivals.h"
#include "engine/engine_bytes.h"
#include "engine/engine_datagram.h"
#include "engine/engine_guard.h"
#include "engine/engine_news.h"
#include "host/stamped_read.h"
#include "model/flow.h"

#define NUMBER_AT 8    /* offset in libiperf's datagrams: after seconds and microseconds */
#define LATE_MS 700    /* how long a datagram is waited for after the end: a later one is lost (RFC 7680, 2.4) */
#define N_AT_ONCE 256  /* late datagrams read before the time is looked at: a flood must not hold the end */
#define N_WAITING 64   /* a power of 2: counts of them wrap */
#define HEAD_BYTES 16  /* of a datagram: seconds, microseconds, number */
#define COPIES_FROM 64 /* descriptors of the copies: libiperf's select() needs the low ones */
#define SHORT_S 180    /* of such a test, and of a longer one, there is a histogram in: */
#define SHORT_NS (10 * NS_PER_S)
#define LONG_NS (60 * NS_PER_S)

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

struct waiting {
    struct arrival datagram;
    bool is_over;
};

/* One thread reads a socket; another one takes the counts. What was read waits a little and is counted together: code
 * and data that count are then in the processor's cache for all but the first. */
struct stream {
    int copy; /* of the socket; -1 if none exists */
    struct stamp_clock clock;     /* of the thread that reads */
    struct waiting ring[N_WAITING];
    atomic_uint n_read, n_counted; /* of those in the ring so far; modulo 2^32 */
    pthread_mutex_t lock;          /* for what follows, and for counting */
    struct arrivals arrivals;
    uint64_t newest_taken;    /* when the counts were last taken */
    uint64_t n_late, n_out_of_order, n_duplicates;
    struct order taken;    /* these counts when they were last taken, ... */
    struct flow_seen flow; /* ... and what was seen of it in the interval before, if it is not alone */
};

static struct {
    atomic_bool is_on, is_64bit;
    atomic_bool is_over;    /* libiperf no longer counts datagrams */
    bool is_drained;
    atomic_uint n_streams;
    atomic_bool is_unknown; /* a stream had no memory */
    _Atomic(struct stream *) streams[FD_SETSIZE];
    struct order taken;     /* the counts when they were last taken */
    struct histogram since; /* the delays since a histogram was last handed out, ... */
    int64_t each_ns, since_nth; /* ... which is for this stretch of each_ns */
} seen;

void engine_arrivals_begin(bool is_64bit, double duration_s)
{
    atomic_store(&seen.is_64bit, is_64bit);
    atomic_store(&seen.is_on, true);
    seen.each_ns = duration_s > 0 && duration_s <= SHORT_S ? SHORT_NS : LONG_NS;
    seen.since_nth = clock_wall_ns() / seen.each_ns;
}

/* libiperf 3.16 to 3.20 cancels its threads at any instruction: not while one holds a lock, where no function is called
 * at which a deferred cancellation acts. To disable cancellation is not enough: glibc 2.36 cancels all the same if
 * pthread_cancel() looked just before (its handler only looks at the type). */
static int hold_thread(void)
{
    int type = PTHREAD_CANCEL_DEFERRED;
    pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &type);
    return type;
}

static void release_thread(int type)
{
    pthread_setcanceltype(type, NULL);
}

static struct stream *stream_new(int fd)
{
    int type = hold_thread();
    struct stream *s = calloc(1, sizeof *s);
    if (s != NULL) {
        s->copy = fcntl(fd, F_DUPFD_CLOEXEC, COPIES_FROM);
        pthread_mutex_init(&s->lock, NULL);
        stamped_read_begin(fd);
        atomic_store(&seen.streams[fd], s);
        atomic_fetch_add(&seen.n_streams, 1);
    }
    release_thread(type);
    return s;
}

static struct stream *stream_of(int fd)
{
    if (fd < 0 || fd >= FD_SETSIZE) {
        atomic_store(&seen.is_unknown, true);
        return NULL;
    }
    struct stream *s = atomic_load_explicit(&seen.streams[fd], memory_order_relaxed);
    if (s == NULL && (s = stream_new(fd)) == NULL)
        atomic_store(&seen.is_unknown, true);
    return s;
}

static uint32_t word_at(const char *bytes)
{
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return be32toh(word);
}

/* false if it is too short for a number. */
static bool read_datagram(const char *bytes, size_t n, const struct stamp *stamp, struct waiting *out)
{
    bool is_64bit = atomic_load_explicit(&seen.is_64bit, memory_order_relaxed);
    if (n < NUMBER_AT + (is_64bit ? sizeof(uint64_t) : sizeof(uint32_t)))
        return false;
    out->datagram = (struct arrival){ .number = word_at(bytes + NUMBER_AT), .arrival_ns = stamp->arrival_ns,
                                      .read_ns = stamp->read_ns, .n_dropped = stamp->n_dropped,
                                      .sent_ns = word_at(bytes) * NS_PER_S + word_at(bytes + 4) * NS_PER_US };
    if (is_64bit)
        out->datagram.number = out->datagram.number << 32 | word_at(bytes + NUMBER_AT + 4);
    out->is_over = atomic_load_explicit(&seen.is_over, memory_order_relaxed);
    return true;
}

static void count(struct stream *s, const struct waiting *w)
{
    enum number_kind kind = arrivals_add(&s->arrivals, &w->datagram, w->is_over);
    s->n_duplicates += kind == NUMBER_TWICE;
    s->n_out_of_order += kind == NUMBER_LATE;
    s->n_late += kind == NUMBER_LATE && w->is_over;
}

/* Locks the stream, with what has been read counted. */
static void lock_counted(struct stream *s)
{
    pthread_mutex_lock(&s->lock);
    unsigned n_read = atomic_load_explicit(&s->n_read, memory_order_acquire),
             nth = atomic_load_explicit(&s->n_counted, memory_order_relaxed);
    for (; nth != n_read; nth++)
        count(s, &s->ring[nth % N_WAITING]);
    atomic_store_explicit(&s->n_counted, nth, memory_order_release);
}

static void count_all(struct stream *s)
{
    int type = hold_thread();
    lock_counted(s);
    pthread_mutex_unlock(&s->lock);
    release_thread(type);
}

/* A thread that is cancelled here loses the datagram that it has just read, as libiperf does. */
static void on_datagram(struct stream *s, const char *bytes, size_t n, const struct stamp *stamp)
{
    unsigned nth = atomic_load_explicit(&s->n_read, memory_order_relaxed);
    if (nth - atomic_load_explicit(&s->n_counted, memory_order_acquire) >= N_WAITING)
        count_all(s);
    if (read_datagram(bytes, n, stamp, &s->ring[nth % N_WAITING]))
        atomic_store_explicit(&s->n_read, nth + 1, memory_order_release);
}

static bool is_on(void)
{
    return atomic_load_explicit(&seen.is_on, memory_order_relaxed);
}

/* Takes a datagram of n bytes, of which at least `there` are in buf: returns n, or 0 if it is not the peer's. s may be
 * NULL. */
static int take(int fd, struct stream *s, char *buf, int n, size_t there, const struct stamp *stamp)
{
    if (n <= 0)
        return n;
    if (engine_news_take(buf, (size_t)n, (size_t)n < there ? (size_t)n : there))
        return 0;
    n = engine_datagram_check(fd, buf, n);
    engine_bytes_add(n);
    if (n > 0 && s != NULL)
        on_datagram(s, buf, (size_t)n < there ? (size_t)n : there, stamp);
    return n;
}

/* Reads one datagram. libiperf's own function reads until its buffer is full: after a datagram that is too short it
 * would swallow the next one. Returns what libiperf's function returns (net.h). */
static int take_one(int fd, char *buf, size_t count, int flags)
{
    struct stamp_clock none = { 0 };
    struct stream *s = is_on() ? stream_of(fd) : NULL;
    struct stamp stamp;
    ssize_t n = stamped_read(fd, buf, count, flags, s ? &s->clock : &none, &stamp);
    if (n >= 0)
        return take(fd, s, buf, (int)n, count, &stamp);
    if (engine_news_is_on() && (errno == ECONNREFUSED || errno == EHOSTUNREACH))
        return 0;
    return errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK ? 0 : HARD_ERROR;
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
        return take_one(fd, buf, count, 0);
    engine_guard_reads(fd, true);
    int n = __real_Nread(fd, buf, count, prot);
    engine_guard_reads(fd, false);
    if (prot == Ptcp && engine_guard_is_cut(fd, count, n)) {
        errno = ECONNRESET;
        return -1;
    }
    if (n == 1 && count == 1 && prot == Ptcp && *buf == TEST_END) /* a server learns of the end */
        atomic_store(&seen.is_over, true);
    engine_bytes_add(engine_guard_is_control(fd) ? 0 : n);
    engine_guard_check(fd, buf, count, n);
    return n;
}

int __wrap_Nread_no_select(int fd, char *buf, size_t count, int prot)
{
    if (prot == Pudp)
        return take_one(fd, buf, count, 0);
    return take_tcp(__real_Nread_no_select(fd, buf, count, prot));
}

/* A client ends the test: takes its counts just before. */
int __wrap_iperf_set_send_state(struct iperf_test *test, signed char state)
{
    if (state == TEST_END)
        atomic_store(&seen.is_over, true);
    return __real_iperf_set_send_state(test, state);
}

/* With MSG_TRUNC n is the length of the whole datagram, of which count bytes are in buf. */
int __wrap_Nrecv_no_select(int fd, char *buf, size_t count, int prot, int flags)
{
    if (prot == Pudp)
        return take_one(fd, buf, count, flags);
    return take_tcp(__real_Nrecv_no_select(fd, buf, count, prot, flags));
}

/* Several datagrams at once, each of *datagram_bytes except the last. Those that are not the peer's are removed. They
 * share one time of arrival, so their delays are unknown. */
int __wrap_Nread_gro(int fd, char *buf, size_t count, int prot, int *datagram_bytes)
{
    int n = __real_Nread_gro(fd, buf, count, prot, datagram_bytes), n_kept = 0;
    int each = datagram_bytes && *datagram_bytes > 0 ? *datagram_bytes : n;
    struct stream *s = n > 0 && is_on() ? stream_of(fd) : NULL;
    struct stamp now = { .read_ns = clock_boot_ns() };
    for (int at = 0; at < n; at += each) {
        int size = n - at < each ? n - at : each;
        if (take(fd, s, buf + at, size, (size_t)size, &now) == 0)
            continue;
        if (n_kept != at) /* one before it was removed */
            memmove(buf + n_kept, buf + at, (size_t)size);
        n_kept += size;
    }
    return n > 0 ? n_kept : n;
}

/* ---- after the end */

static void read_copy(struct stream *s, int fd)
{
    char head[HEAD_BYTES];
    for (int i = 0; i < N_AT_ONCE; i++) {
        ssize_t n = recv(s->copy, head, sizeof head, MSG_DONTWAIT);
        if (n <= 0)
            return;
        struct stamp now = { .read_ns = clock_boot_ns() };
        struct waiting late;
        if (engine_news_take(head, sizeof head + 1, (size_t)n))
            continue;
        if (engine_datagram_check(fd, head, (int)n) <= 0 || !read_datagram(head, (size_t)n, &now, &late))
            continue;
        lock_counted(s); /* the ring is its thread's, which may still read */
        count(s, &late);
        pthread_mutex_unlock(&s->lock);
    }
}

static bool is_waited_for(struct stream *s)
{
    if (s->copy < 0)
        return false;
    lock_counted(s);
    bool is_missing = numbers_missing(&s->arrivals.numbers, s->newest_taken) > 0;
    pthread_mutex_unlock(&s->lock);
    return is_missing;
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
            struct stream *s = atomic_load(&seen.streams[i]);
            if (s == NULL || !is_waited_for(s))
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

static struct order since(const struct order *now, const struct order *before)
{
    return (struct order){ now->out_of_order - before->out_of_order, now->duplicates - before->duplicates,
                           now->late - before->late };
}

/* One of several streams by itself: what arrivals_take() will add to the figures of all together. */
static void look_at_flow(struct stream *s, int64_t now_ns)
{
    static struct arrivals own; /* one thread takes */
    struct longhaul_delay delay = delay_none();
    struct histogram delays = { 0 }, ipdv = { 0 };
    struct order counts = { (double)s->n_out_of_order, (double)s->n_duplicates, (double)s->n_late },
                 order = since(&counts, &s->taken);
    own = s->arrivals;
    arrivals_take(&own, now_ns, &delay, &delays, &ipdv);
    arrivals_percentiles(&delay, &delays, &ipdv);
    s->taken = counts;
    s->flow = (struct flow_seen){ .late = order.late, .loss_runs = delay.loss_runs, .longest_run = delay.longest_run,
                                  .out_of_order = order.out_of_order, .duplicates = order.duplicates,
                                  .p99_us = delay.p99_us, .max_us = delay.max_us, .silences = delay.silences,
                                  .silence_us = delay.silence_us, .shift_us = delay.shift_us };
}

static void take_stream(struct stream *s, int64_t now_ns, struct order *sum, struct longhaul_delay *delay,
                        struct histogram *delays, struct histogram *ipdv)
{
    lock_counted(s);
    if (seen.is_drained)
        numbers_settle(&s->arrivals.numbers);
    if (atomic_load(&seen.n_streams) > 1)
        look_at_flow(s, now_ns);
    s->newest_taken = s->arrivals.numbers.newest;
    sum->out_of_order += (double)s->n_out_of_order;
    sum->duplicates += (double)s->n_duplicates;
    sum->late += (double)s->n_late;
    arrivals_take(&s->arrivals, now_ns, delay, delays, ipdv);
    pthread_mutex_unlock(&s->lock);
}

void engine_arrivals_rest(char histogram[DELAY_TEXT_BYTES])
{
    histogram_text(&seen.since, histogram, DELAY_TEXT_BYTES);
    seen.since = (struct histogram){ 0 };
}

static void hand_out(const struct histogram *delays, char *text)
{
    int64_t nth = clock_wall_ns() / seen.each_ns;
    *text = 0;
    histogram_merge(&seen.since, delays);
    if (nth == seen.since_nth)
        return;
    seen.since_nth = nth;
    engine_arrivals_rest(text);
}

struct order engine_arrivals_take(int64_t now_ns, struct longhaul_delay *delay, char *histogram)
{
    struct order sum = { 0, 0, 0 };
    struct histogram delays = { 0 }, ipdv = { 0 };
    bool is_known = false;
    if (atomic_load(&seen.is_over) && !seen.is_drained) {
        seen.is_drained = true;
        drain();
    }
    *delay = delay_none();
    for (int i = 0; i < FD_SETSIZE; i++) {
        struct stream *s = atomic_load(&seen.streams[i]);
        is_known = is_known || s;
        if (s)
            take_stream(s, now_ns, &sum, delay, &delays, &ipdv);
    }
    arrivals_percentiles(delay, &delays, &ipdv);
    hand_out(&delays, histogram);
    struct order order = since(&sum, &seen.taken);
    seen.taken = sum;
    if (is_known && !atomic_load(&seen.is_unknown))
        return order;
    *delay = delay_none();
    return (struct order){ NAN, NAN, 0 };
}

char *engine_arrivals_flows(void)
{
    size_t n = 0, size = (size_t)atomic_load(&seen.n_streams) * FLOW_LINE_BYTES + 1;
    char *text = size > FLOW_LINE_BYTES + 1 && !atomic_load(&seen.is_unknown) ? malloc(size) : NULL;
    for (int i = 0; text && i < FD_SETSIZE; i++) {
        const struct stream *s = atomic_load(&seen.streams[i]);
        if (s == NULL || n + FLOW_LINE_BYTES >= size)
            continue;
        n += (size_t)snprintf(text + n, FLOW_LINE_BYTES, "%d", i);
#define PUT(member, letter) n += (size_t)snprintf(text + n, 22, " %.0f", s->flow.member);
        FLOW_MEMBERS(PUT)
#undef PUT
        n += (size_t)snprintf(text + n, 2, "\n");
    }
    return text;
}
