/* test_engine_arrivals.c - what libiperf's reading functions return, and what is measured, on sockets of this test's
 * own: short datagrams, errors, IPv6, a full socket, a thread that is cancelled at any instruction, a flood after the
 * end. */

#include <dlfcn.h>
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/histogram.h"
#include "check.h"
#include "engine/engine_arrivals.h"

#define UDP SOCK_DGRAM /* libiperf's Pudp */
#define HARD_ERROR (-2)
#define N_CANCELLED 1500
#define SIGCANCEL 32 /* glibc's, once pthread_cancel() was called; no header has it */

__attribute__((weak)) int __wrap_Nread_no_select(int fd, char *buf, size_t count, int prot);
__attribute__((weak)) int __wrap_Nrecv_no_select(int fd, char *buf, size_t count, int prot, int flags);
__attribute__((weak)) int __wrap_Nread(int fd, char *buf, size_t count, int prot);

static int in, out; /* two sockets that are connected to each other */
static uint64_t number;
static char histogram[DELAY_TEXT_BYTES];

static void bind_here(int fd, struct sockaddr_in6 *here)
{
    socklen_t size = sizeof *here;
    *here = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    bind(fd, (struct sockaddr *)here, sizeof *here);
    getsockname(fd, (struct sockaddr *)here, &size);
}

static void connect_both(void)
{
    struct sockaddr_in6 a, b;
    in = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    out = socket(AF_INET6, SOCK_DGRAM, 0);
    bind_here(in, &a);
    bind_here(out, &b);
    connect(in, (struct sockaddr *)&b, sizeof b);
    connect(out, (struct sockaddr *)&a, sizeof a);
}

static void send_number(uint64_t n, size_t bytes)
{
    int64_t us = clock_monotonic_ns() / NS_PER_US;
    uint32_t head[4] = { htonl((uint32_t)(us / US_PER_S)), htonl((uint32_t)(us % US_PER_S)), htonl((uint32_t)(n >> 32)),
                         htonl((uint32_t)n) };
    char text[1400] = { 0 };
    memcpy(text, head, sizeof head);
    (void)!send(out, text, bytes, 0);
}

static struct longhaul_delay take(struct order *order)
{
    struct longhaul_delay delay;
    *order = engine_arrivals_take(clock_boot_ns(), &delay, histogram);
    return delay;
}

static void check_returns(void)
{
    char buf[1400];
    CHECK(__wrap_Nread_no_select(in, buf, sizeof buf, UDP) == 0, "nothing has come: 0, as libiperf");
    send_number(++number, 1200);
    CHECK(__wrap_Nread_no_select(in, buf, sizeof buf, UDP) == 1200, "a datagram of 1200 bytes in a buffer of 1400");
    send_number(++number, 1400);
    CHECK(__wrap_Nrecv_no_select(in, buf, 16, UDP, MSG_TRUNC) == 1400, "--skip-rx-copy: 16 bytes, and the length");
    send_number(++number, 1400);
    CHECK(__wrap_Nread(in, buf, 200, UDP) == 200, "a buffer that is too short: what fits");
    send_number(number + 1, 9);
    CHECK(__wrap_Nread_no_select(in, buf, sizeof buf, UDP) == 9, "too short for a number: its length");
    struct order order;
    struct longhaul_delay delay = take(&order);
    CHECK(order.duplicates == 0 && order.out_of_order == 0 && delay.loss_runs == 0, "three of them had numbers");
    CHECK(delay.min_us >= 0 && delay.max_us < 1e6 && delay.base_us < 1e6, "IPv6: delays from %g to %g us",
          delay.min_us, delay.max_us);
}

static void send_paced(int n)
{
    for (; n > 0; n--) {
        send_number(++number, 1000);
        usleep(1000);
    }
}

static void read_all(void)
{
    char buf[1400];
    while (__wrap_Nread_no_select(in, buf, sizeof buf, UDP) > 0)
        continue;
}

/* A host that does not read for a while loses what finds no room, which is not a silence of the path. */
static void check_no_room(void)
{
    struct order order;
    int small = 4096, large = 1 << 20;
    setsockopt(in, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    for (int i = 0; i < 100; i++) {
        send_paced(1);
        read_all();
    }
    (void)take(&order);
    send_paced(100);
    read_all();
    send_paced(3);
    read_all();
    usleep(250000);
    send_paced(1); /* losses are told a moment later */
    read_all();
    struct longhaul_delay delay = take(&order);
    CHECK(delay.silences == 0 && delay.silence_us < 10000, "no room for most of 100: longest silence %g us",
          delay.silence_us);
    setsockopt(in, SOL_SOCKET, SO_RCVBUF, &large, sizeof large);
}

/* The peer's port is closed: an ICMP error comes back. */
static void check_refused(void)
{
    struct sockaddr_in6 here, there;
    char buf[64];
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0), other = socket(AF_INET6, SOCK_DGRAM, 0);
    bind_here(fd, &here);
    bind_here(other, &there);
    connect(fd, (struct sockaddr *)&there, sizeof there);
    close(other);
    (void)!send(fd, "x", 1, 0);
    int rc = __wrap_Nread_no_select(fd, buf, sizeof buf, UDP);
    CHECK(rc == HARD_ERROR && errno == ECONNREFUSED, "a refused datagram: %d, %s", rc, strerror(errno));
    close(fd);
}

static atomic_bool is_over;

static void *send_on(void *nothing)
{
    while (!atomic_load(&is_over))
        send_number(++number, 16);
    return nothing;
}

/* With the address sanitizer, a thread that is cancelled at any instruction leaves its frames marked, and the next one
 * with its stack is told to overflow. */
#ifndef __SANITIZE_ADDRESS__
static void *read_on(void *nothing)
{
    char buf[1400];
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL); /* as libiperf 3.16 to 3.20 */
    while (!atomic_load(&is_over))
        __wrap_Nread_no_select(in, buf, sizeof buf, UDP);
    return nothing;
}

/* Without care, the lock would be held for ever, and the counts could never be taken: this test would hang. */
static void check_cancelled(void)
{
    pthread_t reader, sender;
    struct order order;
    int64_t until_ns = clock_boot_ns() + 10 * NS_PER_S;
    int n = 0;
    pthread_create(&sender, NULL, send_on, NULL);
    for (; n < N_CANCELLED && clock_boot_ns() < until_ns; n++) {
        pthread_create(&reader, NULL, read_on, NULL);
        usleep((useconds_t)(n % 200));
        pthread_cancel(reader);
        pthread_join(reader, NULL);
        (void)take(&order);
    }
    atomic_store(&is_over, true);
    pthread_join(sender, NULL);
    CHECK(n > 100, "%d threads were cancelled while they read; the counts could be taken after each", n);
}

/* pthread_cancel() looks at its thread, then sends this signal: it can come after the thread has taken its lock. */
static atomic_bool is_cancelled_inside;

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    static int (*lock)(pthread_mutex_t *);
    if (lock == NULL)
        *(void **)&lock = dlsym(RTLD_NEXT, "pthread_mutex_lock");
    int rc = lock(mutex);
    if (atomic_exchange(&is_cancelled_inside, false))
        (void)!syscall(SYS_tgkill, getpid(), gettid(), SIGCANCEL);
    return rc;
}

static void check_cancelled_inside(void)
{
    pthread_t reader;
    struct order order;
    atomic_store(&is_over, false);
    atomic_store(&is_cancelled_inside, true);
    pthread_create(&reader, NULL, read_on, NULL);
    while (atomic_load(&is_cancelled_inside)) {
        send_number(++number, 16);
        usleep(1000);
    }
    pthread_cancel(reader);
    pthread_join(reader, NULL);
    (void)take(&order);
    CHECK(order.duplicates == 0, "a thread that is cancelled just after it has taken the lock leaves it");
}
#endif

/* The end of the test, one number missing, and a peer that sends on. */
static void check_flood(void)
{
    char buf[1400];
    struct order order;
    pthread_t sender;
    while (__wrap_Nread_no_select(in, buf, sizeof buf, UDP) > 0)
        continue;
    number += 2;
    send_number(number, 16);
    while (__wrap_Nread_no_select(in, buf, sizeof buf, UDP) == 0)
        usleep(100);
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0 || write(pair[1], "\x04", 1) != 1)
        return;
    __wrap_Nread(pair[0], buf, 1, SOCK_STREAM); /* TEST_END: a server learns of the end */
    atomic_store(&is_over, false);
    pthread_create(&sender, NULL, send_on, NULL);
    int64_t begin_ns = clock_boot_ns();
    (void)take(&order);
    double took_s = (double)(clock_boot_ns() - begin_ns) / NS_PER_S;
    atomic_store(&is_over, true);
    pthread_join(sender, NULL);
    CHECK(took_s > 0.5 && took_s < 5, "a flood after the end holds it for %.2f s", took_s);
    CHECK(order.late == 0 && order.duplicates == 0, "what is newer than the end counts as nothing");
}

int main(void)
{
    if (!__wrap_Nread) { /* built without libiperf */
        puts("skip - arrivals: built without libiperf");
        return 0;
    }
    alarm(50); /* what hangs has failed */
    connect_both();
    engine_arrivals_begin(true, 60);
    check_returns();
    check_no_room();
    check_refused();
#ifdef __SANITIZE_ADDRESS__
    puts("skip - threads that are cancelled: the address sanitizer cannot follow them");
#else
    check_cancelled();
    check_cancelled_inside();
#endif
    check_flood();
    return CHECK_DONE();
}
