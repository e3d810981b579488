/* stamped_read.c - the kernel stamps datagrams by CLOCK_REALTIME, which can be set: here that becomes CLOCK_BOOTTIME,
 * which goes on while the host sleeps, as its peer does. */

#include "host/stamped_read.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/clock.h"

#define FIRST_LOOKS 20 /* one of them is not interrupted */
#define LOOK_AGAIN_NS NS_PER_MS

void stamped_read_begin(int fd)
{
    int on = 1, before = errno;
    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on); /* if the kernel refuses, times are unknown */
    setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
    errno = before;
}

/* Both clocks run at the same pace: their difference changes only when one is set. Each look at it is as exact as the
 * time that it took. */
static void look_at_clocks(struct stamp_clock *c)
{
    int64_t first_ns = clock_boot_ns(), wall_ns = clock_wall_ns(), last_ns = clock_boot_ns();
    int64_t width_ns = last_ns - first_ns + 1, ahead_ns = wall_ns - first_ns - width_ns / 2;
    int64_t off_ns = ahead_ns > c->ahead_ns ? ahead_ns - c->ahead_ns : c->ahead_ns - ahead_ns;
    bool is_set = c->width_ns != 0 && off_ns > width_ns + c->width_ns;
    if (is_set)
        c->since_wall_ns = wall_ns;
    if (is_set || c->width_ns == 0 || width_ns < c->width_ns) {
        c->ahead_ns = ahead_ns;
        c->width_ns = width_ns;
    }
    c->looked_wall_ns = wall_ns;
}

/* The time now; the clocks are compared about once in a millisecond, and at once after a step. */
static int64_t now_ns(struct stamp_clock *c)
{
    int64_t wall_ns = clock_wall_ns(), since_ns = wall_ns - c->looked_wall_ns;
    if (c->width_ns != 0 && since_ns >= 0 && since_ns < LOOK_AGAIN_NS)
        return wall_ns - c->ahead_ns;
    for (int looks = c->width_ns == 0 ? FIRST_LOOKS : 1; looks > 0; looks--)
        look_at_clocks(c);
    return c->looked_wall_ns - c->ahead_ns;
}

/* By CLOCK_REALTIME; 0 without one. */
static int64_t stamp_of(struct msghdr *message, uint32_t *n_dropped)
{
    struct timespec t = { 0, 0 };
    *n_dropped = 0; /* the kernel says nothing before the first one */
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
            memcpy(&t, CMSG_DATA(c), sizeof t);
        else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL)
            memcpy(n_dropped, CMSG_DATA(c), sizeof *n_dropped);
    }
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

ssize_t stamped_message(int fd, struct msghdr *message, int flags, struct stamp_clock *clock, struct stamp *stamp)
{
    ssize_t got = recvmsg(fd, message, flags);
    stamp->arrival_ns = 0;
    if (got < 0)
        return got;
    stamp->read_ns = now_ns(clock);
    int64_t stamp_ns = stamp_of(message, &stamp->n_dropped), arrival_ns = stamp_ns - clock->ahead_ns;
    if (stamp_ns == 0 || stamp_ns < clock->since_wall_ns || arrival_ns > stamp->read_ns + clock->width_ns)
        return got;
    stamp->arrival_ns = arrival_ns < stamp->read_ns ? arrival_ns : stamp->read_ns;
    return got;
}

ssize_t stamped_read(int fd, void *bytes, size_t n, int flags, struct stamp_clock *clock, struct stamp *stamp)
{
    union { struct cmsghdr head; char bytes[CMSG_SPACE(sizeof(struct timespec)) + 64]; } control;
    struct iovec part = { bytes, n };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes,
                              .msg_controllen = sizeof control.bytes };
    return stamped_message(fd, &message, flags, clock, stamp);
}
