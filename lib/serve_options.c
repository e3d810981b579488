/* serve_options.c - whether a server can do what it is asked to: its options, and whether its ports are to be had. */

#include "serve_options.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cidr.h"
#include "engine.h"
#include "error.h"
#include "metrics.h"

/* A port that somebody else has is better known now than from a child's exit. */
static int try_port(const char *bind_address, uint16_t number, struct longhaul_error *err)
{
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *found;
    char service[16];
    int one = 1, rc = 0;
    snprintf(service, sizeof service, "%u", number);
    int gai = getaddrinfo(bind_address, service, &hints, &found);
    if (gai != 0)
        return error_set(err, LONGHAUL_EINVAL, "bind address %s: %s", bind_address, gai_strerror(gai));
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) < 0 || listen(fd, 1) < 0)
        rc = error_errno(err, errno == EADDRINUSE ? LONGHAUL_EBUSY : LONGHAUL_EIO, "port %u", number);
    if (fd >= 0)
        close(fd);
    freeaddrinfo(found);
    return rc;
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
