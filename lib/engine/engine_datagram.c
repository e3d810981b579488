/* engine_datagram.c - linked with --wrap=recvfrom, connect: lets only the peer's own datagrams into a stream.
 * engine_arrivals.c passes it what libiperf reads. libiperf takes whoever sends first as its client's stream, and
 * believes every number. Here a server's stream begins with a greeting from the address of the control connection; and
 * a datagram whose number the peer cannot have reached is dropped, before libiperf counts all the numbers before it as
 * lost. Sends nothing. */

#include "engine/engine_datagram.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>

#include <iperf_api.h>

#include "base/clock.h"
#include "base/units.h"
#include "engine/engine_accept.h"
#include "host/stamped_read.h"

#define GREETING_BYTES 4 /* iperf3's first datagram of a stream, in all versions */
#define SLACK_S 2.0      /* for timers, a stall of the sender, rates that are sent in bursts */
#define DRIFT 1.0002     /* between two hosts' clocks */
#define N_BURST 64       /* datagrams that a sender passes to the kernel at once; also at most 64 kB of them */
#define BURST_BYTES 65536.0
/* For a stream without a rate limit: at worst, all but one of N_PER_TAKEN are lost, and N_UNLIMITED more. */
#define N_PER_TAKEN 100
#define N_UNLIMITED 1000000
/* So many impossible numbers that rise, and no possible one for SLACK_S, are believed: it sends faster than it said,
 * nearly all is lost, or a clock jumped. */
#define N_CONVINCING 32
#define N_HIGH 8       /* so many datagrams that count up in 32 bits but not in 64 show that the peer uses 32 */

ssize_t __real_recvfrom(int fd, void *bytes, size_t n, int flags, struct sockaddr *from, socklen_t *size);
ssize_t __wrap_recvfrom(int fd, void *bytes, size_t n, int flags, struct sockaddr *from, socklen_t *size);
int __real_connect(int fd, const struct sockaddr *address, socklen_t size);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size);

/* One stream, by its socket; only its own thread uses it. */
struct stream {
    uint64_t greatest; /* the greatest number found possible so far: it stays possible */
    uint64_t jump; /* where impossible numbers were believed, if not 0: from then on the rate is not limited */
    uint64_t n_taken;
    uint64_t run_next, run_taken; /* impossible numbers that rise: the least next one, n_taken when they began, */
    int64_t run_ns;               /* the time when they began, */
    uint32_t n_run;               /* and their number */
    uint32_t next_high, n_high;   /* impossible numbers of 64 bits whose upper half counts up: the next one, and how
                                   * many */
    bool is_known, is_32_bit;
};

/* For the one session of this (child) process. */
static struct {
    struct iperf_test *test;
    bool is_server;
    const struct cidr *udp_from;
    size_t n_udp_from;
    int64_t start_ns;
    atomic_uint n_foreign, n_impossible;
    atomic_bool is_32_bit;
    struct stream streams[FD_SETSIZE]; /* libiperf's sockets: it uses select() */
} datagrams;

void engine_datagram_begin(struct iperf_test *test, bool is_server, const struct cidr *udp_from, size_t n_udp_from)
{
    datagrams.test = test;
    datagrams.is_server = is_server;
    datagrams.udp_from = udp_from;
    datagrams.n_udp_from = n_udp_from;
    datagrams.start_ns = clock_boot_ns();
}

void engine_datagram_start(void)
{
    datagrams.start_ns = clock_boot_ns();
}

void engine_datagram_counts(uint32_t *n_foreign, uint32_t *n_impossible)
{
    *n_foreign = atomic_load(&datagrams.n_foreign);
    *n_impossible = atomic_load(&datagrams.n_impossible);
}

bool engine_datagram_is_32_bit(void)
{
    return atomic_load(&datagrams.is_32_bit);
}

/* ---- numbers */

static uint32_t word(const char *bytes)
{
    const unsigned char *b = (const unsigned char *)bytes;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* The greatest number that the peer can have reached in a stream by now. */
static uint64_t possible(const struct stream *s, int64_t now)
{
    double block = iperf_get_test_blksize(datagrams.test), rate_bps = (double)iperf_get_test_rate(datagrams.test);
    double elapsed_s = (double)(now - datagrams.start_ns) / NS_PER_S * DRIFT + SLACK_S;
    double any = N_PER_TAKEN * (double)s->n_taken + N_UNLIMITED;
    double bursts = iperf_get_test_burst(datagrams.test) + N_BURST + (block > 0 ? BURST_BYTES / block : BURST_BYTES);
    double most = rate_bps > 0 && block > 0 && s->jump == 0 ? rate_bps / 8 / block * elapsed_s + bursts : any;
    uint64_t since_jump = (uint64_t)(most < any ? most : any);
    return since_jump < UINT64_MAX - s->jump ? since_jump + s->jump : UINT64_MAX;
}

/* If everything that arrives is impossible, it is believed after a while. */
static bool is_convincing(struct stream *s, uint64_t number, int64_t now)
{
    if (s->n_run == 0 || number < s->run_next || s->n_taken != s->run_taken) {
        s->n_run = 0;
        s->run_ns = now;
        s->run_taken = s->n_taken;
    }
    s->n_run++;
    s->run_next = number + 1;
    return s->n_run >= N_CONVINCING && (double)(now - s->run_ns) / NS_PER_S > SLACK_S;
}

static bool is_possible(struct stream *s, uint64_t number)
{
    if (number <= s->greatest)
        return true;
    int64_t now = clock_boot_ns();
    s->greatest = possible(s, now);
    if (number <= s->greatest)
        return true;
    if (!is_convincing(s, number, now))
        return false;
    uint64_t taken = N_PER_TAKEN * s->n_taken;
    s->jump = number > taken ? number - taken : number; /* N_UNLIMITED more are possible from here on */
    s->greatest = number;
    return true;
}

static void set_width(struct stream *s, bool is_32_bit)
{
    s->is_32_bit = is_32_bit;
    s->n_run = s->n_high = 0;
    atomic_store(&datagrams.is_32_bit, is_32_bit);
}

static void widen(char *bytes)
{
    memcpy(bytes + 12, bytes + 8, 4);
    memset(bytes + 8, 0, 4);
}

/* iperf3 up to 3.0 has no 64-bit counters and sends 32 bits where we asked for more: read as 64 bits they begin at
 * 2^32. The first datagram tells, but it may be forged, so later ones can correct it: numbers of 32 bits are never 0
 * until they wrap, and an impossible number of 64 bits does not count up in its upper half. */
static bool check_width(struct stream *s, char *bytes)
{
    uint32_t high = word(bytes + 8);
    if (s->is_32_bit && high == 0 && s->greatest < UINT32_MAX / 2)
        set_width(s, false);
    if (!s->is_32_bit) {
        bool is_first = !s->is_known;
        if (is_possible(s, (uint64_t)high << 32 | word(bytes + 12))) {
            s->is_known = true;
            s->n_high = 0;
            return true;
        }
        s->n_high = s->n_high > 0 && high == s->next_high ? s->n_high + 1 : 1;
        s->next_high = high + 1;
        if (high > s->greatest || (!is_first && s->n_high < N_HIGH))
            return false;
        s->is_known = true;
        set_width(s, true);
    }
    widen(bytes);
    return is_possible(s, high);
}

static bool is_of_peer(struct stream *s, char *bytes, int n)
{
    bool is_64_bit = iperf_get_test_udp_counters_64bit(datagrams.test) != 0;
    if (n < (is_64_bit ? 16 : 12))
        return false;
    if (is_64_bit && !datagrams.is_server)
        return check_width(s, bytes);
    return is_possible(s, is_64_bit ? (uint64_t)word(bytes + 8) << 32 | word(bytes + 12) : word(bytes + 8));
}

static bool check_one(struct stream *s, char *bytes, int n)
{
    bool is_good = is_of_peer(s, bytes, n);
    if (is_good)
        s->n_taken++;
    else
        atomic_fetch_add(&datagrams.n_impossible, 1);
    return is_good;
}

int engine_datagram_check(int fd, char *bytes, int got)
{
    if (datagrams.test == NULL || got <= 0 || fd < 0 || fd >= FD_SETSIZE)
        return got;
    return check_one(&datagrams.streams[fd], bytes, got) ? got : 0;
}

/* ---- a server's streams */

static bool is_clients(const struct sockaddr_storage *from)
{
    struct sockaddr_storage peer;
    const struct sockaddr *there = (const struct sockaddr *)from;
    if (!engine_accept_peer(&peer) || engine_accept_is_same_host(there, (const struct sockaddr *)&peer))
        return true; /* without a door (a shared libiperf) the peer is unknown */
    return cidr_match(datagrams.udp_from, datagrams.n_udp_from, there);
}

/* Waits for a datagram. Returns false if the client sends something on the control connection first: since it waits for
 * an answer to its own datagram, that can only mean that it gives up. */
static bool wait_for_datagram(int fd)
{
    struct pollfd fds[2] = { { .fd = fd, .events = POLLIN },
                             { .fd = iperf_get_control_socket(datagrams.test), .events = POLLIN } };
    while (poll(fds, 2, -1) < 0)
        if (errno != EINTR)
            return false;
    return fds[1].revents == 0;
}

/* Checks the greeting of a client's stream: libiperf would answer whoever sent a datagram, and send him the whole
 * test. */
ssize_t __wrap_recvfrom(int fd, void *bytes, size_t n, int flags, struct sockaddr *from, socklen_t *size)
{
    if (!datagrams.is_server)
        return __real_recvfrom(fd, bytes, n, flags, from, size);
    for (;;) {
        struct sockaddr_storage there;
        socklen_t length = sizeof there;
        ssize_t got = __real_recvfrom(fd, bytes, n, flags | MSG_TRUNC, (struct sockaddr *)&there, &length);
        if (got < 0 || (got == GREETING_BYTES && is_clients(&there))) {
            if (got >= 0 && from && size) {
                memcpy(from, &there, length < *size ? length : *size);
                *size = length;
            }
            return got;
        }
        atomic_fetch_add(&datagrams.n_foreign, 1);
        if (!wait_for_datagram(fd)) {
            errno = ECANCELED;
            return -1;
        }
    }
}

bool engine_datagram_is_socket(int fd)
{
    int type = 0;
    socklen_t length = sizeof type;
    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_DGRAM;
}

/* Asks for the arrival times of what will come. Empties a server's socket before it gets its peer: the peer sends
 * nothing yet, since it waits for an answer. */
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size)
{
    char byte;
    if (engine_datagram_is_socket(fd))
        stamped_read_begin(fd);
    int rc = __real_connect(fd, address, size);
    if (rc < 0 || !datagrams.is_server || !engine_datagram_is_socket(fd))
        return rc;
    while (recv(fd, &byte, 1, MSG_DONTWAIT) >= 0)
        atomic_fetch_add(&datagrams.n_foreign, 1);
    return rc;
}
