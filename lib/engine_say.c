/* engine_say.c - the child's messages to its parent: in pieces that fit the pair, queued when it has no room. Knows nothing of
 * libiperf. */

#include "engine_say.h"

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

/* Of the one session of this (child) process: libiperf's callbacks, signal handlers and atexit() carry no argument. */
static struct {
    int fd;
    bool has_said_exit;
    struct piece *first, **last; /* what the pair had no room for */
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
        _exit(3); /* the other end is closed: nobody wants this session any more */
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

/* Never blocks the traffic: what the pair has no room for waits here for the next event. */
static void send_or_queue(const struct engine_message *head, const char *text, size_t n)
{
    struct piece *piece = malloc(sizeof *piece + sizeof *head + n);
    if (piece == NULL)
        _exit(3);
    piece->next = NULL;
    piece->n = sizeof *head + n;
    memcpy(piece->bytes, head, sizeof *head);
    memcpy(piece->bytes + sizeof *head, text, n);
    *voice.last = piece;
    voice.last = &piece->next;
    send_queued(MSG_DONTWAIT);
}

void engine_say_message(struct engine_message head, const char *text)
{
    size_t left = strlen(text);
    head.at = clock_read();
    do {
        size_t n = left < ENGINE_PIECE_BYTES ? left : ENGINE_PIECE_BYTES;
        head.is_last = n == left;
        send_or_queue(&head, text, n);
        text += n;
        left -= n;
    } while (left > 0);
}

static struct engine_message plain(enum engine_kind kind, int number)
{
    return (struct engine_message){ .kind = (int32_t)kind, .i_errno = number, .last_ack_s = NAN, .socket_drops = NAN };
}

void engine_say(enum engine_kind kind, const char *text)
{
    engine_say_message(plain(kind, 0), text);
}

void engine_say_exit(int number, const char *text)
{
    if (voice.has_said_exit)
        return;
    voice.has_said_exit = true;
    engine_say_message(plain(ENGINE_EXIT, number), text);
    send_queued(0); /* nothing is sent any more: now it may block */
}

void engine_say_exit_now(int number)
{
    struct engine_message head = plain(ENGINE_EXIT, number);
    head.at = clock_read();
    head.is_last = 1;
    send_piece(&head, sizeof head, MSG_DONTWAIT);
}
