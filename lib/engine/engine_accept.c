/* engine_accept.c - linked with --wrap=accept, bind, listen, netannounce, setsockopt: a server's child has no
 * listening socket for TCP. Its parent listens as long as it lives, lets clients in (serve_door.c) and sends their
 * connections through a pair. libiperf finds the pair in place of its listening socket. Only connections that the
 * parent has checked come through it. */

#include "engine/engine_accept.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <iperf_api.h>

#include "engine/engine.h"

#define SLOW_READ_S 10 /* for blocking reads of libiperf */
#define N_OPTIONS 6

int __real_accept(int listener, struct sockaddr *address, socklen_t *size);
int __wrap_accept(int listener, struct sockaddr *address, socklen_t *size);
int __real_bind(int fd, const struct sockaddr *address, socklen_t size);
int __wrap_bind(int fd, const struct sockaddr *address, socklen_t size);
int __real_listen(int fd, int backlog);
int __wrap_listen(int fd, int backlog);
int __real_netannounce(int domain, int protocol, const char *local, const char *device, int port);
int __wrap_netannounce(int domain, int protocol, const char *local, const char *device, int port);
int __real_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size);

#ifndef SO_BUF_LOCK
#define SO_BUF_LOCK 72 /* Linux 5.14 */
#endif

/* Options that libiperf sets on a listening socket so that its streams inherit them. The kernel reports twice the size
 * that was set for a buffer, and a bit of SO_BUF_LOCK shows whether it was set: otherwise the value is the default,
 * which grows by itself. */
static const struct {
    int level, name, factor, lock;
} inherited[N_OPTIONS] = {
    { SOL_SOCKET, SO_RCVBUF, 2, 2 },
    { SOL_SOCKET, SO_SNDBUF, 2, 1 },
    { SOL_SOCKET, SO_MAX_PACING_RATE, 1, 0 },
    { IPPROTO_TCP, TCP_NODELAY, 1, 0 },
    { IPPROTO_IP, IP_TOS, 1, 0 }, /* libiperf 3.22 */
    { IPPROTO_IPV6, IPV6_TCLASS, 1, 0 },
};

/* State of the one server session of this (child) process. */
static struct {
    bool is_open, has_client, has_greeted;
    int family;
    void (*on_client)(void);
    struct sockaddr_storage peer;
    struct {
        bool is_set;
        int value;
    } options[N_OPTIONS];
} door;

/* Defined by the partial link, without which the functions below are never called (Makefile). */
extern char engine_is_wrapped __attribute__((weak));

bool engine_has_door(void)
{
    return &engine_is_wrapped != NULL;
}

void engine_accept_begin(int family, void (*on_client)(void))
{
    memset(&door, 0, sizeof door);
    door.is_open = true;
    door.family = family;
    door.on_client = on_client;
}

bool engine_accept_peer(struct sockaddr_storage *peer)
{
    *peer = door.peer;
    return door.has_client;
}

static struct in6_addr host_of(const struct sockaddr *address)
{
    struct in6_addr host = { { { 0 } } };
    if (address->sa_family == AF_INET6)
        return ((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    host.s6_addr[10] = host.s6_addr[11] = 0xff;
    memcpy(&host.s6_addr[12], &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
    return host;
}

bool engine_accept_is_same_host(const struct sockaddr *a, const struct sockaddr *b)
{
    struct in6_addr left = host_of(a), right = host_of(b);
    return memcmp(&left, &right, sizeof left) == 0;
}

static int option_of(int fd, int level, int name)
{
    int value = 0;
    socklen_t size = sizeof value;
    return getsockopt(fd, level, name, &value, &size) == 0 ? value : 0;
}

static bool is_pair(int fd)
{
    return option_of(fd, SOL_SOCKET, SO_DOMAIN) == AF_UNIX;
}

/* True for a TCP socket, on which libiperf would listen. It makes its datagram sockets itself. */
static bool is_tcp(int fd)
{
    int protocol = option_of(fd, SOL_SOCKET, SO_PROTOCOL);
    return option_of(fd, SOL_SOCKET, SO_TYPE) == SOCK_STREAM && (protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP);
}

/* The parent's next connection; -1 with errno set. */
static int receive(void)
{
    char byte;
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = { &byte, 1 };
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes
    };
    ssize_t n;
    int fd = -1;
    do
        n = recvmsg(ENGINE_DOOR_FD, &message, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    const struct cmsghdr *head = n == 1 ? CMSG_FIRSTHDR(&message) : NULL;
    if (head == NULL || head->cmsg_type != SCM_RIGHTS) {
        errno = n < 0 ? errno : ECONNABORTED;
        return -1;
    }
    memcpy(&fd, CMSG_DATA(head), sizeof fd);
    return fd;
}

static void set_patience(int control)
{
    struct timeval patience = { .tv_sec = SLOW_READ_S };
    setsockopt(control, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(control, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

static void hand_down(int stream)
{
    for (size_t i = 0; i < N_OPTIONS; i++)
        if (door.options[i].is_set)
            setsockopt(stream, inherited[i].level, inherited[i].name, &door.options[i].value,
                       sizeof door.options[i].value);
}

int __wrap_accept(int listener, struct sockaddr *address, socklen_t *size)
{
    struct sockaddr_storage from = { .ss_family = AF_UNSPEC };
    socklen_t n = sizeof from;
    int fd = door.is_open && is_pair(listener) ? receive() : __real_accept(listener, (struct sockaddr *)&from, &n);
    if (fd < 0)
        return fd;
    if (from.ss_family == AF_UNSPEC && getpeername(fd, (struct sockaddr *)&from, &n) < 0)
        n = 0; /* it has left: libiperf notices at its first read */
    if (door.is_open && !door.has_client) {
        door.has_client = true;
        door.peer = from;
        set_patience(fd);
        if (door.on_client)
            door.on_client();
    } else if (door.is_open) {
        hand_down(fd);
        if (!engine_accept_is_same_host((const struct sockaddr *)&from, (const struct sockaddr *)&door.peer))
            shutdown(fd, SHUT_RDWR); /* a protocol for which libiperf itself listens (SCTP) */
    }
    if (address && size) {
        memcpy(address, &from, n < *size ? n : *size);
        *size = n;
    }
    return fd;
}

int __wrap_netannounce(int domain, int protocol, const char *local, const char *device, int port)
{
    if (!door.is_open || protocol != SOCK_STREAM)
        return __real_netannounce(domain, protocol, local, device, port);
    if (door.family == AF_INET && domain == AF_UNSPEC &&
        local == NULL) { /* a host without IPv6: libiperf asks again for IPv4 */
        errno = EAFNOSUPPORT;
        return -1;
    }
    return fcntl(ENGINE_DOOR_FD, F_DUPFD_CLOEXEC, ENGINE_DOOR_FD + 1);
}

/* If streams have a window, a segment size or no delay, libiperf makes a new listening socket. */
int __wrap_bind(int fd, const struct sockaddr *address, socklen_t size)
{
    return door.is_open && is_tcp(fd) ? 0 : __real_bind(fd, address, size);
}

int __wrap_listen(int fd, int backlog)
{
    if (!door.is_open || !is_tcp(fd))
        return __real_listen(fd, backlog);
    int fresh = socket(option_of(fd, SOL_SOCKET, SO_DOMAIN), SOCK_STREAM | SOCK_CLOEXEC, 0);
    int locks = option_of(fd, SOL_SOCKET, SO_BUF_LOCK);
    for (size_t i = 0; i < N_OPTIONS; i++) {
        int value = option_of(fd, inherited[i].level, inherited[i].name);
        bool differs = value != option_of(fresh, inherited[i].level, inherited[i].name);
        door.options[i].is_set = differs || (locks & inherited[i].lock) != 0;
        door.options[i].value = value / inherited[i].factor;
    }
    if (fresh >= 0)
        close(fresh);
    if (dup2(ENGINE_DOOR_FD, fd) < 0)
        return -1;
    hand_down(fd); /* libiperf reads the sizes of the buffers back */
    return 0;
}

/* libiperf may set an option of IP or TCP on the socket where it listens. A pair cannot have it: the streams get it. */
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    if (!door.is_open || level == SOL_SOCKET || !is_pair(fd))
        return __real_setsockopt(fd, level, name, value, size);
    for (size_t i = 0; i < N_OPTIONS; i++) {
        if (inherited[i].level == level && inherited[i].name == name && size == sizeof door.options[i].value) {
            memcpy(&door.options[i].value, value, size);
            door.options[i].is_set = true;
            return 0;
        }
    }
    return __real_setsockopt(fd, level, name, value, size); /* libiperf reports what the kernel says */
}

bool engine_accept_has_said(char state)
{
    bool has_said = door.is_open && !door.has_greeted && state == PARAM_EXCHANGE;
    door.has_greeted = door.has_greeted || has_said;
    return has_said;
}
