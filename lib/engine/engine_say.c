/* engine_say.c - the child's messages to its parent: in pieces that fit into the pair, queued when it is full. Knows
 * nothing of libiperf. */

#include "engine/engine_say.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct piece {
    struct piece *next;
    size_t n;
    char bytes[];
};

/* For the one session of this (child) process: libiperf's callbacks, signal handlers and atexit() have no argument for
 * it. */
static struct {
    int fd;
    bool has_said_exit;
    struct piece *first, **last; /* what did not fit into the pair */
    uint32_t n_unsaid;           /* messages for which there was no memory */
} voice;

void engine_say_begin(int fd)
{
    voice.fd = fd;
    voice.last = &voice.first;
}

static bool send_piece(const void *bytes, size_t n, int flags)
{
    ssize_t sent;
    do
        sent = send(voice.fd, bytes, n, flags | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent < 0 && errno != EAGAIN && errno != ENOBUFS && errno != ENOMEM)
        _exit(3); /* the other end is closed: nobody needs this session any more */
    return sent >= 0;
}

static void send_queued(int flags)
{
    while (voice.first != NULL && send_piece(voice.first->bytes, voice.first->n, flags)) {
        struct piece *sent = voice.first;
        voice.first = sent->next;
        free(sent);
    }
    if (voice.first == NULL)
        voice.last = &voice.first;
}

static struct piece *new_piece(const struct engine_message *head, const char *text, size_t n)
{
    struct piece *piece = malloc(sizeof *piece + sizeof *head + n);
    if (piece == NULL)
        return NULL;
    piece->next = NULL;
    piece->n = sizeof *head + n;
    memcpy(piece->bytes, head, sizeof *head);
    memcpy(piece->bytes + sizeof *head, text, n);
    return piece;
}

/* A whole message in pieces that fit; NULL when out of memory. *last is where the next message goes. */
static struct piece *pieces_of(struct engine_message head, const char *text, struct piece ***last)
{
    struct piece *first = NULL, **next = &first;
    size_t left = strlen(text);
    do {
        size_t n = left < ENGINE_PIECE_BYTES ? left : ENGINE_PIECE_BYTES;
        head.is_last = n == left;
        if ((*next = new_piece(&head, text, n)) == NULL)
            break;
        next = &(*next)->next;
        text += n;
        left -= n;
        if (left == 0) {
            *last = next;
            return first;
        }
    } while (true);
    while (first != NULL) {
        struct piece *piece = first;
        first = piece->next;
        free(piece);
    }
    return NULL;
}

/* Never blocks the traffic: what does not fit into the pair waits here for the next event. If there is no memory for an
 * event, it is counted, and the next message says so; without memory for another kind of message, which the parent
 * waits for, the process ends. */
void engine_say_message(struct engine_message head, const char *text)
{
    struct piece **last;
    if (head.at.boot_ns == 0)
        head.at = clock_read();
    head.n_unsaid = voice.n_unsaid;
    struct piece *first = pieces_of(head, text, &last);
    if (first == NULL && head.kind != ENGINE_JSON)
        _exit(3);
    voice.n_unsaid = first ? 0 : voice.n_unsaid + 1;
    if (first) {
        *voice.last = first;
        voice.last = last;
    }
    send_queued(MSG_DONTWAIT);
}

bool engine_say_is_clear(void)
{
    send_queued(MSG_DONTWAIT);
    return voice.first == NULL;
}

static struct engine_message plain(enum engine_kind kind, int number)
{
    return (struct engine_message){ .kind = (int32_t)kind, .i_errno = number, .last_ack_s = NAN, .socket_drops = NAN,
                                    .order = { NAN, NAN, 0 }, .delay = delay_none() };
}

void engine_say(enum engine_kind kind, const char *text)
{
    engine_say_message(plain(kind, 0), text);
}

void engine_say_at(enum engine_kind kind, const char *text, int64_t boot_ns)
{
    struct engine_message head = plain(kind, 0);
    head.at = clock_read();
    head.at.boot_ns = boot_ns;
    engine_say_message(head, text);
}

/* Not if a message waits: its pieces follow each other. */
void engine_say_sockets(const int *sockets, size_t n, bool is_sender)
{
    struct engine_message head = plain(ENGINE_SOCKETS, is_sender);
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(ENGINE_SOCKETS_MAX * sizeof(int))];
    } control = { .bytes = { 0 } };
    struct iovec part = { &head, sizeof head };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes };
    head.at = clock_read();
    head.is_last = 1;
    n = n < ENGINE_SOCKETS_MAX ? n : ENGINE_SOCKETS_MAX;
    message.msg_controllen = CMSG_SPACE(n * sizeof(int));
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(n * sizeof(int));
    memcpy(CMSG_DATA(rights), sockets, n * sizeof(int));
    send_queued(MSG_DONTWAIT);
    if (voice.first == NULL)
        sendmsg(voice.fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void engine_say_exit(int number, const char *text)
{
    if (voice.has_said_exit)
        return;
    voice.has_said_exit = true;
    engine_say_message(plain(ENGINE_EXIT, number), text);
    send_queued(0); /* there is no more traffic: blocking is allowed now */
}

void engine_say_exit_now(int number)
{
    struct engine_message head = plain(ENGINE_EXIT, number);
    head.at = clock_read();
    head.is_last = 1;
    send_piece(&head, sizeof head, MSG_DONTWAIT);
}
