/* engine_peer.c - checks the other end of a client's session before libiperf uses it: whether its name resolves,
 * whether it is free. */

#include "engine/engine_peer.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/engine_say.h"
#include "host/address.h"

/* The local address of the leg's connections, as libiperf resolves it: any address, or the one to which the leg is
 * bound. */
static struct sockaddr_storage local_address(const struct longhaul_leg *leg, int family)
{
    struct sockaddr_storage here = { .ss_family = (sa_family_t)family };
    struct addrinfo hints = { .ai_family = family, .ai_socktype = SOCK_STREAM }, *found = NULL;
    if (leg->bind_address[0] && getaddrinfo(leg->bind_address, NULL, &hints, &found) == 0) {
        memcpy(&here, found->ai_addr, found->ai_addrlen);
        freeaddrinfo(found);
    }
    return here;
}

/* An iperf3 server whose client disappeared silently is busy with it for two minutes. A SYN on the same four-tuple
 * makes the server's kernel ask ("challenge ACK", RFC 5961 section 4) and ours deny: the old connection is reset, and
 * the server is free. */
static void bury(const struct addrinfo *server, const struct longhaul_leg *leg, uint16_t dead_port)
{
    struct sockaddr_storage here = local_address(leg, server->ai_family), there;
    struct linger at_once = { .l_onoff = 1 };
    int one = 1, fd = socket(server->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct pollfd connected = { .fd = fd, .events = POLLOUT };
    memcpy(&there, server->ai_addr, server->ai_addrlen);
    address_set_port(&there, leg->port);
    address_set_port(&here, dead_port);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    if (bind(fd, (struct sockaddr *)&here, server->ai_addrlen) == 0 &&
        (connect(fd, (struct sockaddr *)&there, server->ai_addrlen) == 0 || errno == EINPROGRESS))
        poll(&connected, 1, 500);
    close(fd);
}

bool engine_peer_find(const struct engine_params *params, char *host, size_t size)
{
    const struct longhaul_leg *leg = params->leg;
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
    char text[512];
    hints.ai_family = leg->family == 4 ? AF_INET : leg->family == 6 ? AF_INET6 : AF_UNSPEC;
    int rc = getaddrinfo(leg->peer, NULL, &hints, &found);
    if (rc != 0) {
        snprintf(text, sizeof text, "the name does not resolve: %s",
                 rc == EAI_SYSTEM ? strerror(errno) : gai_strerror(rc));
        engine_say_exit(-1, text);
        return false;
    }
    snprintf(host, size, "%s", leg->peer);
    if (leg->family != 0)
        getnameinfo(found->ai_addr, found->ai_addrlen, host, (socklen_t)size, NULL, 0, NI_NUMERICHOST);
    if (params->dead_port)
        bury(found, leg, params->dead_port);
    freeaddrinfo(found);
    return true;
}
