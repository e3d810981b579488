/* path_ends.c - the addresses of both ends of a path. Asks the resolver and the routing table; sends nothing. */

#include "path/path_measure.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "host/address.h"

static int find_address(const char *name, int family, int flags, struct sockaddr_storage *address, socklen_t *size)
{
    struct addrinfo hints = { .ai_family = family, .ai_socktype = SOCK_DGRAM, .ai_flags = flags }, *found = NULL;
    int rc = getaddrinfo(name, NULL, &hints, &found);
    if (rc != 0)
        return rc;
    memset(address, 0, sizeof *address);
    memcpy(address, found->ai_addr, found->ai_addrlen);
    *size = found->ai_addrlen;
    freeaddrinfo(found);
    return 0;
}

static void write_address(const struct sockaddr_storage *address, socklen_t size, char *text, size_t text_size)
{
    if (getnameinfo((const void *)address, size, text, (socklen_t)text_size, NULL, 0, NI_NUMERICHOST) != 0)
        *text = 0;
}

/* A connected socket knows its local address; nothing is sent. */
static void find_source(struct path_ends *ends)
{
    struct sockaddr_storage source;
    socklen_t size = sizeof source;
    int fd = socket(ends->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool good = fd >= 0 && (ends->local.ss_family == 0 || bind(fd, (void *)&ends->local, ends->size) == 0) &&
                connect(fd, (void *)&ends->peer, ends->size) == 0 && getsockname(fd, (void *)&source, &size) == 0;
    if (good)
        write_address(&source, size, ends->source, sizeof ends->source);
    if (fd >= 0)
        close(fd);
}

static const char *resolver_text(int rc)
{
    return rc == EAI_SYSTEM ? strerror(errno) : gai_strerror(rc);
}

int path_ends_find(const struct longhaul_leg *leg, struct path_ends *ends, struct longhaul_error *err)
{
    struct path_ends e = { .family = leg->family == 6 ? AF_INET6 : leg->family == 4 ? AF_INET : AF_UNSPEC };
    socklen_t local_size;
    int rc = *leg->bind_address ? find_address(leg->bind_address, e.family, AI_NUMERICHOST, &e.local, &local_size) : 0;
    if (rc != 0)
        return error_set(err, LONGHAUL_EINVAL, "bind address \"%s\": %s", leg->bind_address, resolver_text(rc));
    if (e.local.ss_family)
        e.family = e.local.ss_family;
    rc = find_address(leg->peer, e.family, 0, &e.peer, &e.size);
    if (rc != 0)
        return error_set(err, LONGHAUL_ENET, "%s: the name does not resolve: %s", leg->peer, resolver_text(rc));
    e.family = e.peer.ss_family;
    address_set_port(&e.peer, leg->port);
    write_address(&e.peer, e.size, e.address, sizeof e.address);
    find_source(&e);
    *ends = e;
    return 0;
}

struct sockaddr_storage path_ends_at(const struct path_ends *ends, uint16_t port)
{
    struct sockaddr_storage address = ends->peer;
    address_set_port(&address, port);
    return address;
}
