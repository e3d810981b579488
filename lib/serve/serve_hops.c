/* serve_hops.c - troubles of what a server receives, and traces of what it sends, told to the client. Keeps no record.
 * Traces nothing but the way to the client of a running test, and sends nothing but to its streams. */

#include "serve/serve_hops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_number.h"
#include "base/units.h"
#include "engine/news.h"
#include "record/hop_json.h"
#include "record/trace_post.h"
#include "record/tracer.h"
#include "record/trouble.h"

#define LISTEN_NS (250 * NS_PER_MS) /* how often news are looked for, by all ports at the same time */
#define N_AT_ONCE 16
#define N_HELLOS 5 /* once an interval: the client then knows that this server reads news */

struct serve_hops {
    bool is_on, is_receiver;
    char client[64], stem[LONGHAUL_STEM_MAX]; /* whose traces wait in the outbox */
    char magic[NEWS_MAGIC_BYTES];
    size_t datagram_bytes;
    struct trouble trouble;
    struct trouble_teller teller; /* of what is received */
    struct trouble_hearer hearer; /* of what is sent: the client tells */
    enum trace_why here;
    size_t here_flow;
    struct tracer tracer;
    struct trace_outbox outbox;
    char lack[200];
    unsigned n_hellos;
    int64_t tend_ns, listen_ns;
};

static void forget(struct serve_hops *h)
{
    tracer_clear(&h->tracer);
    trace_outbox_clear(&h->outbox);
    *h = (struct serve_hops){ .is_on = false };
}

void serve_hops_free(struct serve_hops *h)
{
    if (h == NULL)
        return;
    forget(h);
    free(h);
}

/* What is usual on the way, and the traces that were not heard of, stay with a leg that comes again. */
static void take_client(struct serve_hops *h, const struct serve_label *label, const char *client, bool is_receiver)
{
    bool is_same = strcmp(h->client, client) == 0 && strcmp(h->stem, label->stem) == 0 && h->is_receiver == is_receiver;
    if (is_same)
        return;
    forget(h);
    snprintf(h->client, sizeof h->client, "%s", client);
    snprintf(h->stem, sizeof h->stem, "%s", label->stem);
    h->is_receiver = is_receiver;
    tracer_init(&h->tracer, false, false, 0);
}

const char *serve_hops_start(struct serve_hops **hops, const struct serve_label *label, const char *client,
                             const json_t *start, bool is_receiver, bool *is_lack_told, int64_t now_ns)
{
    struct serve_hops *h = *hops;
    const char *protocol = json_string_value(json_object_get(json_object_get(start, "test_start"), "protocol"));
    double block = number_or_0(json_object_get(start, "test_start"), "blksize");
    char magic[NEWS_MAGIC_BYTES];
    if (h)
        h->is_on = false;
    if (!label->is_good || !label->has_hops || protocol == NULL || strcmp(protocol, "UDP") != 0 ||
        !news_magic(json_string_value(json_object_get(start, "cookie")), magic))
        return NULL;
    if (h == NULL && (h = *hops = calloc(1, sizeof *h)) == NULL)
        return NULL;
    take_client(h, label, client, is_receiver);
    memcpy(h->magic, magic, sizeof magic);
    h->is_on = true;
    h->datagram_bytes = block > 0 && block < NEWS_BYTES_MAX ? (size_t)block : NEWS_BYTES_MAX;
    h->teller = (struct trouble_teller){ .said = TRACE_NONE };
    h->hearer = trouble_hearer_of(label->interval_s);
    h->here = TRACE_NONE;
    h->n_hellos = 0;
    h->tend_ns = h->listen_ns = 0;
    if (is_receiver)
        return NULL;
    tracer_start(&h->tracer, start, now_ns);
    if (h->tracer.hops || *h->tracer.lack == 0 || *is_lack_told)
        return NULL;
    *is_lack_told = true;
    snprintf(h->lack, sizeof h->lack, "routes to clients are not traced: %s", h->tracer.lack);
    return h->lack;
}

static void send_news(struct serve_hops *h, struct engine *engine, const struct news *news)
{
    char bytes[NEWS_BYTES_MAX];
    size_t n = news_write(h->magic, news, bytes, sizeof bytes);
    if (n > 0 && engine)
        engine_send_news(engine, bytes, n);
}

void serve_hops_row(struct serve_hops *h, struct engine *engine, const struct record_row *row,
                    const struct longhaul_interval *interval)
{
    struct news news;
    if (h == NULL || !h->is_on)
        return;
    struct trouble_signs signs = trouble_signs_of(interval, h->is_receiver, row->last_ack_s);
    h->here = trouble_take(&h->trouble, &signs);
    h->here_flow = h->here == TRACE_NONE ? 0 : trouble_flow(h->here, row->data, row->flows);
    h->listen_ns = 0;
    if (h->is_receiver && trouble_teller_take(&h->teller, h->here, h->here_flow, row->at.boot_ns, &news))
        send_news(h, engine, &news);
    if (!h->is_receiver && h->datagram_bytes >= NEWS_BYTES_MIN && h->n_hellos++ < N_HELLOS)
        send_news(h, engine, &(struct news){ .kind = NEWS_HELLO });
}

/* From the client; nothing is trusted but that something is wrong. */
static void hear(struct serve_hops *h, const char *bytes, size_t n, int64_t now_ns)
{
    struct news news;
    if (n < NEWS_MAGIC_BYTES || memcmp(bytes, h->magic, NEWS_MAGIC_BYTES) != 0 ||
        !news_read(bytes + NEWS_MAGIC_BYTES, n - NEWS_MAGIC_BYTES, &news))
        return;
    if (news.kind == NEWS_TROUBLE || news.kind == NEWS_QUIET)
        trouble_hearer_take(&h->hearer, &news, now_ns);
    else if (news.kind == NEWS_GOT)
        trace_outbox_got(&h->outbox, news.id);
}

static void listen_for_news(struct serve_hops *h, struct engine *engine, int64_t now_ns)
{
    char bytes[NEWS_BYTES_MAX];
    size_t n;
    for (int i = 0; i < N_AT_ONCE && (n = engine_take_news(engine, bytes, sizeof bytes)) > 0; i++)
        hear(h, bytes, n, now_ns);
    tracer_note(&h->tracer, h->here, h->here_flow, &h->hearer, now_ns);
    h->listen_ns = (now_ns / LISTEN_NS + 1) * LISTEN_NS;
    h->tend_ns = 0;
}

/* The times of a trace for the client are relative to its own beginning: it has another axis. */
static void post(struct serve_hops *h, const struct hops_route *route, enum trace_why why)
{
    json_t *trace = hop_json(route, why, false, route->at_ns);
    if (trace)
        trace_outbox_add(&h->outbox, trace, route->at_ns);
    json_decref(trace);
}

void serve_hops_tend(struct serve_hops *h, struct engine *engine, int64_t now_ns)
{
    struct news news;
    if (h == NULL || h->is_receiver)
        return;
    if (h->is_on && engine && now_ns >= h->listen_ns)
        listen_for_news(h, engine, now_ns);
    if (now_ns >= h->tend_ns && tracer_tend(&h->tracer, now_ns, &h->tend_ns) &&
        tracer_is_worth(hops_route(h->tracer.hops)))
        post(h, hops_route(h->tracer.hops), h->tracer.ended_why);
    while (h->is_on && engine && trace_outbox_next(&h->outbox, h->datagram_bytes, now_ns, &news))
        send_news(h, engine, &news);
}

int64_t serve_hops_due_ns(const struct serve_hops *h)
{
    if (h == NULL || h->is_receiver)
        return INT64_MAX;
    bool is_listening = h->is_on && (h->tracer.hops || trace_outbox_due_ns(&h->outbox) != INT64_MAX);
    return is_listening && h->listen_ns < h->tend_ns ? h->listen_ns : h->tend_ns;
}

void serve_hops_stop(struct serve_hops *h, int64_t now_ns)
{
    if (h == NULL || !h->is_on)
        return;
    h->is_on = false;
    h->tend_ns = 0;
    const struct hops_route *watched = h->is_receiver ? NULL : tracer_stop(&h->tracer, now_ns);
    if (watched)
        post(h, watched, TRACE_WATCH);
}
