/* address.c - addresses of sockets: their text, their port; this host's own, those in its networks. Sends nothing. */

#include "host/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool address_is_here(const char *text)
{
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST }, *found;
    if (getaddrinfo(text, NULL, &hints, &found) != 0)
        return true;
    int fd = socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool is_gone = fd >= 0 && bind(fd, found->ai_addr, found->ai_addrlen) < 0 && errno == EADDRNOTAVAIL;
    if (fd >= 0)
        close(fd);
    freeaddrinfo(found);
    return !is_gone;
}

socklen_t address_parse(const char *text, struct sockaddr_storage *address)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    memset(address, 0, sizeof *address);
    if (text && strncmp(text, "::ffff:", 7) == 0 && strchr(text, '.'))
        text += 7;
    if (text && inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
        memcpy(address, &v4, sizeof v4);
        return sizeof v4;
    }
    if (text && inet_pton(AF_INET6, text, &v6.sin6_addr) == 1) {
        memcpy(address, &v6, sizeof v6);
        return sizeof v6;
    }
    return 0;
}

uint16_t address_port(const struct sockaddr_storage *address)
{
    return ntohs(address->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)(const void *)address)->sin6_port
                                                : ((const struct sockaddr_in *)(const void *)address)->sin_port);
}

void address_set_port(struct sockaddr_storage *address, uint16_t port)
{
    if (address->ss_family == AF_INET6)
        ((struct sockaddr_in6 *)(void *)address)->sin6_port = htons(port);
    else
        ((struct sockaddr_in *)(void *)address)->sin_port = htons(port);
}

/* The bytes of an address of either family. */
static const unsigned char *bytes_of(const struct sockaddr *address, size_t *n)
{
    bool is_v6 = address->sa_family == AF_INET6;
    *n = is_v6 ? 16 : 4;
    return is_v6 ? ((const struct sockaddr_in6 *)(const void *)address)->sin6_addr.s6_addr
                 : (const unsigned char *)&((const struct sockaddr_in *)(const void *)address)->sin_addr;
}

static bool is_in_network(const struct sockaddr *address, const struct ifaddrs *here)
{
    size_t n;
    if (here->ifa_addr == NULL || here->ifa_netmask == NULL || here->ifa_addr->sa_family != address->sa_family)
        return false;
    const unsigned char *a = bytes_of(address, &n), *b = bytes_of(here->ifa_addr, &n),
                        *mask = bytes_of(here->ifa_netmask, &n);
    for (size_t i = 0; i < n; i++)
        if ((a[i] ^ b[i]) & mask[i])
            return false;
    return true;
}

bool address_is_near(const struct sockaddr *address)
{
    struct ifaddrs *all, *one;
    bool is_near = false;
    if ((address->sa_family != AF_INET && address->sa_family != AF_INET6) || getifaddrs(&all) != 0)
        return false;
    for (one = all; one && !is_near; one = one->ifa_next)
        is_near = is_in_network(address, one);
    freeifaddrs(all);
    return is_near;
}
