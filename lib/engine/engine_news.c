/* engine_news.c - the child's part in news. Sends no datagram. */

#include "engine/engine_news.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "engine/engine_datagram.h"
#include "engine/engine_say.h"
#include "engine/news.h"
#include "host/hops.h"

#define N_KEPT NEWS_PARTS_MAX /* from one interval to the next: a trace is repeated until it was heard of */
#define SOCKETS_MAX 256

enum { EMPTY, BEING_WRITTEN, FULL };

/* libiperf's threads write, and may be cancelled at any instruction: a slot is lost then, and no lock is held. */
struct slot {
    atomic_int state;
    int64_t at_ns;
    char text[NEWS_BYTES_MAX + 1];
};

/* Of the one session of this (child) process. */
static struct {
    atomic_bool is_on; /* news may come among the data */
    char magic[NEWS_MAGIC_BYTES];
    struct slot kept[N_KEPT];
    size_t next; /* of those to be told */
} news;

static size_t sockets_of(const char *start, int sockets[SOCKETS_MAX])
{
    static const char key[] = "\"socket\":";
    size_t n = 0;
    for (const char *p = start; n < SOCKETS_MAX && (p = strstr(p, key)) != NULL; p += sizeof key - 1) {
        int fd = atoi(p + sizeof key - 1);
        if (engine_datagram_is_socket(fd))
            sockets[n++] = fd;
    }
    return n;
}

void engine_news_begin(const char *start, bool is_sender, bool is_client)
{
    int sockets[SOCKETS_MAX], one = 1;
    size_t n = sockets_of(start, sockets);
    if (n == 0 || !news_magic_of_event(start, news.magic))
        return;
    bool is_shared = is_sender && is_client && !hops_may_be_raw(); /* else a prober needs no port of the streams */
    for (size_t i = 0; is_shared && i < n; i++)
        setsockopt(sockets[i], SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    engine_say_sockets(sockets, n, is_sender);
    atomic_store(&news.is_on, !is_sender);
}

bool engine_news_is_on(void)
{
    return atomic_load_explicit(&news.is_on, memory_order_acquire); /* then the magic is there */
}

static bool is_kept(const char *text, size_t n)
{
    for (size_t i = 0; i < N_KEPT; i++)
        if (atomic_load(&news.kept[i].state) == FULL && strncmp(news.kept[i].text, text, n) == 0 &&
            news.kept[i].text[n] == 0)
            return true;
    return false;
}

static void keep(const char *text, size_t n)
{
    if (is_kept(text, n))
        return;
    for (size_t i = 0; i < N_KEPT; i++) {
        struct slot *s = &news.kept[i];
        int expected = EMPTY;
        if (!atomic_compare_exchange_strong(&s->state, &expected, BEING_WRITTEN))
            continue;
        s->at_ns = clock_boot_ns();
        memcpy(s->text, text, n);
        s->text[n] = 0;
        atomic_store(&s->state, FULL);
        return;
    }
}

bool engine_news_take(const char *bytes, size_t n, size_t there)
{
    if (!engine_news_is_on() || there < NEWS_MAGIC_BYTES ||
        memcmp(bytes, news.magic, NEWS_MAGIC_BYTES) != 0)
        return false;
    if (n <= there && n <= NEWS_BYTES_MAX)
        keep(bytes + NEWS_MAGIC_BYTES, n - NEWS_MAGIC_BYTES);
    return true;
}

/* As many as the parent takes: at most one of them waits before an interval, however many come; the others stay in
 * their slots. */
void engine_news_say(void)
{
    for (size_t i = 0; i < N_KEPT && engine_say_is_clear(); i++) {
        struct slot *s = &news.kept[news.next++ % N_KEPT];
        if (atomic_load(&s->state) != FULL)
            continue;
        engine_say_at(ENGINE_NEWS, s->text, s->at_ns);
        atomic_store(&s->state, EMPTY);
    }
}
