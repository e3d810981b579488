/* test_rtt.c - a round trip by the kernel's arrival time, which uses the date: none is reported if the date was set
 * meanwhile. */

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "check.h"
#include "host/rtt.h"

static int64_t shift_ns; /* of the date, as this program sees it; the kernel's date does not change */

/* Replaces the C library's for the library under test. */
int clock_gettime(clockid_t id, struct timespec *t)
{
    int rc = (int)syscall(SYS_clock_gettime, id, t);
    int64_t ns = t->tv_sec * NS_PER_S + t->tv_nsec + (id == CLOCK_REALTIME ? shift_ns : 0);
    t->tv_sec = ns / NS_PER_S;
    t->tv_nsec = ns % NS_PER_S;
    return rc;
}

/* The result of an echo sent with a date that differs this much from the date of its reply. */
static int probe(struct rtt *rtt, double date_s, double *rtt_ms)
{
    struct pollfd ready = { .fd = -1 };
    shift_ns = (int64_t)(-date_s * 1e9);
    bool is_sent = rtt_send(rtt);
    ready.fd = rtt_fd(rtt, &ready.events);
    if (is_sent)
        poll(&ready, 1, 5000);
    int rc = rtt_receive(rtt, rtt_ms);
    shift_ns = 0;
    return rc;
}

int main(void)
{
    static const double steps_s[] = { 3600, -3600, 0.5, -0.5 };
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct rtt *rtt = rtt_new(RTT_ICMP, (struct sockaddr *)&here, sizeof here, 0, NULL);
    double rtt_ms = -1;
    if (rtt == NULL) {
        printf("skip - round trips by ICMP: %s\n", strerror(errno));
        return 0;
    }
    int rc = probe(rtt, 0, &rtt_ms);
    CHECK(rc == 1 && rtt_ms >= 0 && rtt_ms < 5000, "a round trip: %.3f ms", rtt_ms);
    for (size_t i = 0; i < sizeof steps_s / sizeof steps_s[0]; i++) {
        rc = probe(rtt, steps_s[i], &rtt_ms);
        CHECK(rc == -1, "the date is set by %g s meanwhile: no round trip (%d)", steps_s[i], rc);
    }
    CHECK(probe(rtt, 0, &rtt_ms) == 1, "and the next one is one");
    rtt_free(rtt);
    return CHECK_DONE();
}
