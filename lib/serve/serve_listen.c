/* serve_listen.c - opens the listening socket of a port's door as libiperf opens its own. Accepts nothing. */

#include "serve/serve_door.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/descriptor.h"
#include "base/error.h"

/* The children of a killed server free its ports a moment later. */
#define PORT_WAIT_NS NS_PER_S
#define PORT_RETRY_NS (50 * NS_PER_MS)

/* The descriptor, or -1 with errno set. Like libiperf, listens on both families if no address is given. */
static int listen_once(const struct addrinfo *at, bool is_any)
{
    int one = 1, zero = 0;
    int fd = descriptor_above_std(socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (is_any && at->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero);
    if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

static int listen_patiently(const struct addrinfo *at, bool is_any)
{
    const struct timespec pause = { .tv_nsec = PORT_RETRY_NS };
    int64_t until = clock_monotonic_ns() + PORT_WAIT_NS;
    int fd;
    while ((fd = listen_once(at, is_any)) < 0 && errno == EADDRINUSE && clock_monotonic_ns() < until)
        nanosleep(&pause, NULL);
    return fd;
}

int serve_door_open(struct serve_door *door, const char *bind_address, uint16_t port, struct longhaul_error *err)
{
    struct addrinfo hints = { .ai_family = bind_address ? AF_UNSPEC : AF_INET6,
                              .ai_socktype = SOCK_STREAM,
                              .ai_flags = AI_PASSIVE };
    struct addrinfo *found;
    char service[16];
    snprintf(service, sizeof service, "%u", port);
    int gai = getaddrinfo(bind_address, service, &hints, &found), fd = -1;
    if (gai != 0)
        return error_set(err, LONGHAUL_EINVAL, "bind address %s: %s", bind_address ? bind_address : "",
                         gai_strerror(gai));
    fd = listen_patiently(found, bind_address == NULL);
    door->family = found->ai_family;
    freeaddrinfo(found);
    if (fd < 0 && errno == EAFNOSUPPORT && bind_address == NULL) { /* a kernel without IPv6 */
        const struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(port) };
        struct sockaddr_in here = any;
        const struct addrinfo at = { .ai_family = AF_INET,
                                     .ai_addr = (struct sockaddr *)&here,
                                     .ai_addrlen = sizeof here };
        door->family = AF_INET;
        fd = listen_patiently(&at, true);
    }
    if (fd < 0)
        return error_errno(err, errno == EADDRINUSE ? LONGHAUL_EBUSY : LONGHAUL_EIO, "port %u", port);
    door->listener = fd;
    door->port = port;
    return 0;
}

void serve_door_where(const struct serve_door *door, bool is_any, char *text, size_t size)
{
    struct sockaddr_storage here = { .ss_family = AF_UNSPEC };
    socklen_t length = sizeof here;
    char name[64] = "";
    if (getsockname(door->listener, (struct sockaddr *)&here, &length) == 0)
        serve_door_name(&here, name);
    if (is_any)
        snprintf(text, size, "every address (%s)", door->family == AF_INET ? "IPv4" : "IPv4 and IPv6");
    else
        snprintf(text, size, "%s", name);
}
