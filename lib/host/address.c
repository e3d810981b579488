/* address.c - this host's own addresses. Sends nothing. */

#include "host/address.h"

#include <errno.h>
#include <netdb.h>
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
