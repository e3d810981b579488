/* route_talk.c - troubles of a leg's route between its two ends. Trusts nothing of what the other end tells but that
 * something is wrong. */

#include "record/route_talk.h"

#include <string.h>

#include "base/units.h"
#include "engine/news.h"

#define LISTEN_NS (250 * NS_PER_MS) /* how often news are looked for, by all sessions at the same time */
#define N_AT_ONCE 16

void route_talk_begin(struct route_talk *t, const json_t *start, double interval_s)
{
    t->has_magic = news_magic(json_string_value(json_object_get(start, "cookie")), t->magic);
    t->hearer = trouble_hearer_of(interval_s);
    t->teller = (struct trouble_teller){ .said = TRACE_NONE };
    t->here = TRACE_NONE;
    t->tend_ns = t->listen_ns = 0;
}

void route_talk_row(struct route_talk *t, struct engine *engine, const struct record_row *row,
                    const struct longhaul_interval *interval, bool is_receiver, bool may_tell)
{
    struct trouble_signs signs = trouble_signs_of(interval, is_receiver, row->last_ack_s);
    struct news news;
    t->here = trouble_take(&t->trouble, &signs);
    t->here_flow = t->here == TRACE_NONE ? 0 : trouble_flow(t->here, row->data, row->flows);
    t->listen_ns = 0;
    if (is_receiver && may_tell && trouble_teller_take(&t->teller, t->here, t->here_flow, row->at.boot_ns, &news))
        route_talk_send(t, engine, &news);
}

void route_talk_send(struct route_talk *t, struct engine *engine, const struct news *news)
{
    char bytes[NEWS_BYTES_MAX];
    size_t n = engine && t->has_magic ? news_write(t->magic, news, bytes, sizeof bytes) : 0;
    if (n > 0)
        engine_send_news(engine, bytes, n);
}

static void hear(struct route_talk *t, const char *bytes, size_t n, struct trace_outbox *outbox, int64_t now_ns)
{
    struct news news;
    if (n < NEWS_MAGIC_BYTES || !t->has_magic || memcmp(bytes, t->magic, NEWS_MAGIC_BYTES) != 0 ||
        !news_read(bytes + NEWS_MAGIC_BYTES, n - NEWS_MAGIC_BYTES, &news))
        return;
    if (news.kind == NEWS_TROUBLE || news.kind == NEWS_QUIET)
        trouble_hearer_take(&t->hearer, &news, now_ns);
    else if (news.kind == NEWS_GOT && outbox)
        trace_outbox_got(outbox, news.id);
}

void route_talk_listen(struct route_talk *t, struct engine *engine, struct trace_outbox *outbox, int64_t now_ns)
{
    char bytes[NEWS_BYTES_MAX];
    for (int i = 0; i < N_AT_ONCE; i++) {
        size_t n = engine_take_news(engine, bytes, sizeof bytes);
        ssize_t shared = n > 0 || t->tracer.hops == NULL ? -1 : hops_read(t->tracer.hops, bytes, sizeof bytes);
        if (n == 0 && shared <= 0)
            break;
        hear(t, bytes, n ? n : (size_t)shared, outbox, now_ns);
    }
    tracer_note(&t->tracer, t->here, t->here_flow, &t->hearer, now_ns);
    t->listen_ns = (now_ns / LISTEN_NS + 1) * LISTEN_NS;
    t->tend_ns = 0;
}

int64_t route_talk_due_ns(const struct route_talk *t, bool is_listening)
{
    return is_listening && t->listen_ns < t->tend_ns ? t->listen_ns : t->tend_ns;
}
