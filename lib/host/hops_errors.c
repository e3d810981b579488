/* hops_errors.c - Linux's error queue (IP_RECVERR): what ICMP says about a socket's datagrams, for ordinary users. The
 * flow's own datagrams have errors too, which come here; they quote a payload, probes have none. */

#include "host/hops_errors.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "base/descriptor.h"

#define CLOSED_PORTS_FIRST 33434 /* traceroute's: no program listens there */
#define CLOSED_PORTS 100
#define RECVERR_RFC4884 26   /* IP_RECVERR_RFC4884 of Linux 5.9 */
#define RECVERR_RFC4884_6 31 /* IPV6_RECVERR_RFC4884 */
#define HEADED_BYTES 12      /* libiperf's datagrams begin with their time and number, which are never all 0 */
#define MOST_OTHERS 64       /* messages about something else, in one turn: nobody can keep this thread */

/* ee_data for RFC 4884: where the extension begins in what is quoted, and whether its checksum is wrong. */
struct extension {
    uint16_t at;
    uint8_t flags, reserved;
};

/* port 0: any. */
static int open_socket(const struct hops_ends *ends, uint16_t local_port, uint16_t peer_port)
{
    struct sockaddr_storage local, peer;
    socklen_t size = hops_ends_address(ends, false, local_port, &local);
    int on = 1, level = ends->is_ipv6 ? IPPROTO_IPV6 : IPPROTO_IP;
    int fd = descriptor_above_std(socket(local.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    hops_ends_address(ends, true, peer_port, &peer);
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 && hops_ends_bind_device(ends, fd) &&
        setsockopt(fd, level, ends->is_ipv6 ? IPV6_RECVERR : IP_RECVERR, &on, sizeof on) == 0 &&
        bind(fd, (const void *)&local, size) == 0 && connect(fd, (const void *)&peer, size) == 0) {
        /* A kernel without it tells no labels. */
        setsockopt(fd, level, ends->is_ipv6 ? RECVERR_RFC4884_6 : RECVERR_RFC4884, &on, sizeof on);
        stamped_read_begin(fd);
        return fd;
    }
    int saved = errno;
    descriptor_close(&fd);
    errno = saved;
    return -1;
}

bool hops_errors_open(struct hops_errors *errors, const struct hops_ends *ends)
{
    *errors = (struct hops_errors){ .distance_fd = -1 };
    errors->flow_fd = open_socket(ends, ends->local_port, ends->peer_port);
    return errors->flow_fd >= 0;
}

void hops_errors_close(struct hops_errors *errors)
{
    descriptor_close(&errors->flow_fd);
    descriptor_close(&errors->distance_fd);
}

bool hops_errors_begin_distance(struct hops_errors *errors, const struct hops_ends *ends)
{
    unsigned char any = 0;
    descriptor_close(&errors->distance_fd);
    (void)!getrandom(&any, sizeof any, GRND_NONBLOCK);
    errors->distance_fd = open_socket(ends, 0, (uint16_t)(CLOSED_PORTS_FIRST + any % CLOSED_PORTS));
    return errors->distance_fd >= 0;
}

void hops_errors_end_distance(struct hops_errors *errors)
{
    descriptor_close(&errors->distance_fd);
}

bool hops_errors_send(struct hops_errors *errors, bool is_ipv6, bool is_for_distance, uint8_t ttl)
{
    int fd = is_for_distance ? errors->distance_fd : errors->flow_fd, hops = ttl, pending;
    socklen_t size = sizeof pending;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &pending, &size); /* of an earlier probe: send() would return it instead */
    return setsockopt(fd, is_ipv6 ? IPPROTO_IPV6 : IPPROTO_IP, is_ipv6 ? IPV6_UNICAST_HOPS : IP_TTL, &hops,
                      sizeof hops) == 0 &&
           send(fd, "", 0, 0) == 0;
}

static const struct sock_extended_err *find_error(struct msghdr *message)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c))
        if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
            (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR))
            return (const void *)CMSG_DATA(c);
    return NULL;
}

/* Routers may fill up what they quote with 0, before an extension. */
static bool is_about_probe(const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n && i < HEADED_BYTES; i++)
        if (bytes[i])
            return false;
    return true;
}

static void take_labels(struct hops_answer *answer, const struct sock_extended_err *error, const unsigned char *bytes,
                        size_t n)
{
    struct extension extension;
    memcpy(&extension, &error->ee_data, sizeof extension);
    answer->labels[0] = 0;
    if (extension.at > 0 && extension.at < n && !(extension.flags & 1))
        hops_labels_read(bytes + extension.at, n - extension.at, answer->labels);
}

static bool take_error(struct hops_answer *answer, const struct hops_ends *ends, const struct sock_extended_err *error)
{
    const struct sockaddr *from = SO_EE_OFFENDER(error);
    bool is_icmp = error->ee_origin == (ends->is_ipv6 ? SO_EE_ORIGIN_ICMP6 : SO_EE_ORIGIN_ICMP);
    if (!is_icmp || from->sa_family != (ends->is_ipv6 ? AF_INET6 : AF_INET) ||
        !hops_answer_kind_of(ends->is_ipv6, error->ee_type, error->ee_code, &answer->kind))
        return false;
    if (ends->is_ipv6)
        memcpy(answer->from, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, 16);
    else
        memcpy(answer->from, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
    if (answer->kind == HOPS_REFUSED && memcmp(answer->from, ends->peer, ends->is_ipv6 ? 16 : 4) == 0)
        answer->kind = HOPS_REACHED;
    return true;
}

/* 1: an answer, 0: something else, -1: nothing left. */
static int receive(struct hops_errors *errors, int fd, const struct hops_ends *ends, struct hops_answer *answer)
{
    unsigned char bytes[1500];
    union {
        struct cmsghdr head;
        char bytes[512];
    } control;
    struct iovec part = { bytes, sizeof bytes };
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes
    };
    struct stamp stamp;
    ssize_t got = stamped_message(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT, &errors->clock, &stamp);
    if (got < 0)
        return errno == EINTR ? 0 : -1;
    const struct sock_extended_err *error = find_error(&message);
    *answer = (struct hops_answer){ .arrival_ns = stamp.arrival_ns };
    if (error == NULL || !take_error(answer, ends, error) || !is_about_probe(bytes, (size_t)got))
        return 0;
    take_labels(answer, error, bytes, (size_t)got);
    return 1;
}

bool hops_errors_receive(struct hops_errors *errors, const struct hops_ends *ends, bool is_for_distance,
                         struct hops_answer *answer)
{
    int fd = is_for_distance ? errors->distance_fd : errors->flow_fd, got = 0;
    for (int i = 0; i < MOST_OTHERS && fd >= 0 && (got = receive(errors, fd, ends, answer)) == 0; i++)
        ;
    return fd >= 0 && got > 0;
}

ssize_t hops_errors_read(struct hops_errors *errors, void *bytes, size_t size)
{
    return recv(errors->flow_fd, bytes, size, MSG_DONTWAIT);
}
