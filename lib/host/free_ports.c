/* free_ports.c - tries ports by binding sockets to them for a moment. */

#include "host/free_ports.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#define FIRST 16384
#define LAST 32767 /* Linux hands out 32768 to 60999 by itself */
#define N_TRIES 200

/* By IPv6 both families are tried at once, where there is IPv6. */
static bool is_free(uint16_t port)
{
    struct sockaddr_in6 both = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
    struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(port) };
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool has_six = fd >= 0, is;
    if (!has_six)
        fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    is = (has_six ? bind(fd, (const struct sockaddr *)&both, sizeof both)
                  : bind(fd, (const struct sockaddr *)&four, sizeof four)) == 0;
    close(fd);
    return is;
}

uint16_t free_ports(uint32_t n)
{
    for (int i = 0; i < N_TRIES; i++) {
        uint16_t random = (uint16_t)i;
        uint32_t n_free = 0;
        if (getrandom(&random, sizeof random, 0) != sizeof random)
            random = (uint16_t)(getpid() * 101 + i * 769);
        uint16_t first = (uint16_t)(FIRST + random % (LAST - FIRST - n));
        while (n_free < n && is_free((uint16_t)(first + n_free)))
            n_free++;
        if (n_free == n)
            return first;
    }
    return 0;
}
