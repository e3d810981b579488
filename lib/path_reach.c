/* path_reach.c - may TCP connect to the server's port, and if not, who says so. UDP is path_flow's matter: it needs somebody
 * who answers. */

#include "path_measure.h"

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#define TRIES 3
#define WAIT_MS 2500           /* a SYN that was lost is sent again after 1 s */
#define PAUSE_NS 250000000L    /* a libiperf server that turned somebody away listens again after some ms */

static enum longhaul_path_reach meaning(int error)
{
    switch (error) {
    case 0: return LONGHAUL_REACH_OPEN;
    case ECONNREFUSED: case ECONNRESET: return LONGHAUL_REACH_REFUSED;
    case EHOSTUNREACH: case ENETUNREACH: case EACCES: case EPERM: case EADDRNOTAVAIL: case ENETDOWN: return LONGHAUL_REACH_UNREACHABLE;
    default: return LONGHAUL_REACH_FILTERED;
    }
}

static enum longhaul_path_reach connect_once(const struct path_ends *ends)
{
    int fd = socket(ends->family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), error = 0;
    socklen_t size = sizeof error;
    if (fd < 0)
        return LONGHAUL_REACH_UNKNOWN;
    struct pollfd ready = { .fd = fd, .events = POLLOUT };
    if ((ends->local.ss_family && bind(fd, (const void *)&ends->local, ends->size) != 0) ||
        (connect(fd, (const void *)&ends->peer, ends->size) != 0 && errno != EINPROGRESS))
        error = errno;
    else if (poll(&ready, 1, WAIT_MS) <= 0)
        error = ETIMEDOUT;
    else
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    close(fd);
    return meaning(error);
}

enum longhaul_path_reach path_reach_tcp(const struct path_ends *ends)
{
    enum longhaul_path_reach reach = LONGHAUL_REACH_UNKNOWN;
    for (int i = 0; i < TRIES; i++) {
        if (i > 0)
            nanosleep(&(struct timespec){ 0, PAUSE_NS }, NULL);
        reach = connect_once(ends);
        if (reach == LONGHAUL_REACH_OPEN)
            break;
    }
    return reach;
}
