/* engine_guard.c - linked with --wrap=Nwrite, read: checks the control connection as libiperf reads it
 * (engine_arrivals.c passes it on). The size of a document is limited before anything is allocated for it; the number
 * of states in a session and the process's memory are limited too. Reads nothing itself. */

#include "engine/engine_guard.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <iperf_api.h>

#include "engine/engine.h"
#include "engine/engine_accept.h"
#include "engine/engine_datagram.h"
#include "engine/engine_results.h"
#include "engine/engine_say.h"

#define DOCUMENT_BYTES_MAX (1u << 20) /* results of a day take some kB, 20 with 128 streams */
#define N_STATES_MAX 64               /* an honest session has eight */
#define ROOM_BYTES (64u << 20)        /* for a session without its streams: JSON, OpenSSL */
#define BEFORE_BYTES (32u << 20)      /* until its parameters are known */
#define ROW_BYTES 1024                /* libiperf keeps each interval of each stream until the end */

int __real_Nwrite(int fd, const char *bytes, size_t n, int protocol);
int __wrap_Nwrite(int fd, const char *bytes, size_t n, int protocol);
ssize_t __real_read(int fd, void *bytes, size_t n);
ssize_t __wrap_read(int fd, void *bytes, size_t n);

/* For the one session of this (child) process: libiperf's calls have no argument for it. */
static struct {
    struct iperf_test *test;
    bool is_server, is_inside;          /* Nread */
    unsigned n_states, n_error_numbers; /* the number still allowed */
    uint32_t document_bytes;            /* of the next document; 0 if none is announced */
    atomic_int stream_errno;            /* of the last write to a stream that failed */
} guard;

/* ---- memory */

/* 0 if the kernel does not tell. */
static size_t data_bytes(void)
{
    unsigned long pages = 0;
    FILE *in = fopen("/proc/self/statm", "re");
    if (in && fscanf(in, "%*u %*u %*u %*u %*u %lu", &pages) != 1)
        pages = 0;
    if (in)
        fclose(in);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Limits this process's data (the kernel's RLIMIT_DATA) to what it has now and more_bytes. */
static void limit_memory(size_t more_bytes)
{
    struct rlimit data;
    size_t now = data_bytes();
    if (now == 0 || getrlimit(RLIMIT_DATA, &data) < 0)
        return;
    data.rlim_cur = now + more_bytes;
    if (data.rlim_max != RLIM_INFINITY && data.rlim_cur > data.rlim_max)
        data.rlim_cur = data.rlim_max;
    setrlimit(RLIMIT_DATA, &data);
}

/* From 3.16 on each stream has a thread. */
static size_t stack_bytes(void)
{
    pthread_attr_t attributes;
    size_t size = 8u << 20;
    if (pthread_attr_init(&attributes) != 0)
        return size;
    pthread_attr_getstacksize(&attributes, &size);
    pthread_attr_destroy(&attributes);
    return size;
}

/* ... and what the session can need, as far as libiperf knows it by now. */
static void limit_memory_of_test(void)
{
    double interval_s = iperf_get_test_stats_interval(guard.test), duration_s = iperf_get_test_duration(guard.test);
    size_t n_streams = 2 * (size_t)iperf_get_test_num_streams(guard.test); /* in both directions */
    size_t n_rows = interval_s > 0 ? (size_t)(duration_s / interval_s) + 1000 : 0,
           block = (size_t)iperf_get_test_blksize(guard.test);
    limit_memory(ROOM_BYTES + n_streams * (block + (1u << 17) + stack_bytes() + n_rows * ROW_BYTES));
}

void engine_guard_begin(struct iperf_test *test, bool is_server, const struct cidr *udp_from, size_t n_udp_from)
{
    memset(&guard, 0, sizeof guard);
    guard.test = test;
    guard.is_server = is_server;
    engine_datagram_begin(test, is_server, udp_from, n_udp_from);
    if (is_server)
        limit_memory(BEFORE_BYTES);
    else
        limit_memory_of_test();
}

/* ---- the control connection */

/* Without this libiperf would go on: since 3.21 it reads such a connection to its end before it closes it. */
static _Noreturn void break_off(const char *reason)
{
    if (!guard.is_server)
        engine_say(ENGINE_NOTE, reason);
    engine_say_exit(ENGINE_IERECVMESSAGE, reason);
    _exit(1);
}

bool engine_guard_is_control(int fd)
{
    return guard.test != NULL && fd == iperf_get_control_socket(guard.test);
}

/* A server receives the parameters before any state; its parent has already checked them. */
static bool are_results(void)
{
    return !guard.is_server || guard.n_states > 0;
}

static void check_length(const char *bytes)
{
    char text[120];
    uint32_t length;
    memcpy(&length, bytes, sizeof length);
    length = ntohl(length);
    if (length > DOCUMENT_BYTES_MAX) {
        snprintf(text, sizeof text, "the other end's results are too large: %u bytes, at most %u", length,
                 DOCUMENT_BYTES_MAX);
        break_off(text);
    }
    if (length == 0 && are_results())
        break_off("the other end's results are empty");
    guard.document_bytes = length;
}

static void check_document(const char *bytes, size_t n)
{
    char why[ENGINE_RESULTS_WHY_BYTES];
    guard.document_bytes = 0;
    if (are_results() && engine_results_check(bytes, n, why) != 0)
        break_off(why);
}

/* Follows what libiperf has read from the control connection: a state is one byte, a document has a length of four
 * bytes and then as many bytes as that, a server's error is two numbers. */
void engine_guard_check(int fd, const char *bytes, size_t n, ssize_t got)
{
    if (got <= 0 || (size_t)got != n || !engine_guard_is_control(fd))
        return;
    if (n == guard.document_bytes) {
        check_document(bytes, n);
    } else if (n == 1) {
        guard.n_error_numbers = (signed char)*bytes == SERVER_ERROR && !guard.is_server ? 2 : 0;
        if (++guard.n_states > N_STATES_MAX)
            break_off("the other end broke iperf3's protocol: too many states");
    } else if (n == sizeof(uint32_t) && guard.n_error_numbers > 0) {
        guard.n_error_numbers--;
    } else if (n == sizeof(uint32_t)) {
        check_length(bytes);
    }
}

/* Does not apply to an error's second number: libiperf's server sends only the first one if it does not know the
 * user. */
bool engine_guard_is_cut(int fd, size_t n, int got)
{
    bool is_length = n == sizeof(uint32_t) && guard.n_error_numbers == 0;
    return is_length && got >= 0 && (size_t)got < n && engine_guard_is_control(fd);
}

void engine_guard_reads(int fd, bool is_inside)
{
    if (engine_guard_is_control(fd))
        guard.is_inside = is_inside;
}

/* A client reads its states with this function, and Nread reads longer data in pieces with it. */
ssize_t __wrap_read(int fd, void *bytes, size_t n)
{
    ssize_t got = __real_read(fd, bytes, n);
    if (n == 1 && !guard.is_server && !guard.is_inside)
        engine_guard_check(fd, bytes, n, got);
    return got;
}

static int write_noted(int fd, const char *bytes, size_t n, int protocol)
{
    int written = __real_Nwrite(fd, bytes, n, protocol);
    if (written == HARD_ERROR && !engine_guard_is_control(fd))
        atomic_store(&guard.stream_errno, errno);
    return written;
}

int engine_guard_stream_errno(void)
{
    return atomic_load(&guard.stream_errno);
}

int __wrap_Nwrite(int fd, const char *bytes, size_t n, int protocol)
{
    if (n != 1 || !guard.is_server)
        return write_noted(fd, bytes, n, protocol);
    if (engine_accept_has_said(*bytes))
        return 1;
    if (*bytes == CREATE_STREAMS)
        limit_memory_of_test(); /* its parameters are known now */
    if (*bytes == TEST_RUNNING)
        engine_datagram_start();
    return __real_Nwrite(fd, bytes, n, protocol);
}
