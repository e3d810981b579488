/* serve_options.c - whether a server can do what it is asked to: its options, and whether its ports are to be had. */

#include "serve_options.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "cidr.h"
#include "clock.h"
#include "engine.h"
#include "error.h"
#include "metrics.h"

/* The children of a server that was killed give up its ports a moment after it. */
#define PORT_WAIT_NS NS_PER_S
#define PORT_RETRY_NS (50 * NS_PER_MS)

/* 0, or errno */
static int listen_once(const struct addrinfo *at)
{
    int one = 1, rc = 0;
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd < 0 || bind(fd, at->ai_addr, at->ai_addrlen) < 0 || listen(fd, 1) < 0)
        rc = errno;
    if (fd >= 0)
        close(fd);
    return rc;
}

/* A port that somebody else has is better known now than from a child's exit. */
static int try_port(const char *bind_address, uint16_t number, struct longhaul_error *err)
{
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *found;
    char service[16];
    snprintf(service, sizeof service, "%u", number);
    int gai = getaddrinfo(bind_address, service, &hints, &found);
    if (gai != 0)
        return error_set(err, LONGHAUL_EINVAL, "bind address %s: %s", bind_address, gai_strerror(gai));
    const struct timespec pause = { .tv_nsec = PORT_RETRY_NS };
    int64_t until = clock_monotonic_ns() + PORT_WAIT_NS;
    int rc;
    while ((rc = listen_once(found)) == EADDRINUSE && clock_monotonic_ns() < until)
        nanosleep(&pause, NULL);
    freeaddrinfo(found);
    errno = rc;
    return rc == 0 ? 0 : error_errno(err, rc == EADDRINUSE ? LONGHAUL_EBUSY : LONGHAUL_EIO, "port %u", number);
}

int serve_options_check(const struct longhaul_serve_options *o, const uint16_t *ports, size_t n, struct longhaul_error *err)
{
    struct cidr network;
    int rc = 0;
    if (!engine_is_built(err))
        return LONGHAUL_ENOTBUILT;
    for (size_t i = 0; i < o->n_allow; i++)
        if (!cidr_parse(o->allow[i], &network))
            return error_set(err, LONGHAUL_EINVAL, "allow \"%.60s\": not a network (10.0.0.0/8) or an address", o->allow[i]);
    if (o->dir && *o->dir == 0)
        return error_set(err, LONGHAUL_EINVAL, "folder \"\": no name");
    if (!o->authorized_users != !o->private_key)
        return error_set(err, LONGHAUL_EINVAL, "authorized users and the private key go together");
    if (o->authorized_users && access(o->authorized_users, R_OK) != 0)
        return error_errno(err, LONGHAUL_EIO, "%s", o->authorized_users);
    if (o->private_key)
        rc = engine_check_key(o->private_key, true, err);
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = ports[i] ? try_port(o->bind_address, ports[i], err) : error_set(err, LONGHAUL_EINVAL, "port 0");
    return rc ? rc : metrics_check_options(o->metrics_path, o->metrics_s, err);
}
