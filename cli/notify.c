/* notify.c - datagrams to $NOTIFY_SOCKET. */

#include "notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

bool notify_is_wanted(void)
{
    const char *path = getenv("NOTIFY_SOCKET");
    return path && (*path == '/' || *path == '@') && strlen(path) < sizeof((struct sockaddr_un *)0)->sun_path;
}

double notify_watchdog_s(void)
{
    const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
    char *end;
    double us = usec ? strtod(usec, &end) : 0;
    if (usec == NULL || *usec == 0 || *end || !(us > 0) || (pid && strtol(pid, NULL, 10) != (long)getpid()))
        return 0;
    return us / 1e6;
}

void notify_send(const char *lines)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    if (!notify_is_wanted())
        return;
    size_t n = strlen(path);
    memcpy(to.sun_path, path, n);
    if (*path == '@')
        to.sun_path[0] = 0; /* an abstract name */
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + (*path == '@' ? 0 : 1));
    sendto(fd, lines, strlen(lines), MSG_NOSIGNAL | MSG_DONTWAIT, (const struct sockaddr *)&to, size);
    close(fd);
}
