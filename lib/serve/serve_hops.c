/* serve_hops.c - troubles of what a server receives, and traces of what it sends, told to the client. Keeps no record.
 * Traces nothing but the way to the client of a running test, and sends nothing but to its streams. */

#include "serve/serve_hops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_number.h"
#include "engine/news.h"
#include "record/hop_json.h"
#include "record/route_talk.h"

#define N_HELLOS 5 /* once an interval: the client then knows that this server reads news */

struct serve_hops {
    bool is_on, is_receiver;
    char client[64], stem[LONGHAUL_STEM_MAX]; /* whose traces wait in the outbox */
    size_t datagram_bytes;
    struct route_talk talk;
    struct trace_outbox outbox;
    char lack[200];
    unsigned n_hellos;
};

static void forget(struct serve_hops *h)
{
    tracer_clear(&h->talk.tracer);
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
    tracer_init(&h->talk.tracer, false, false, 0);
}

const char *serve_hops_start(struct serve_hops **hops, const struct serve_label *label, const char *client,
                             const json_t *start, bool is_receiver, bool *is_lack_told, int64_t now_ns)
{
    struct serve_hops *h = *hops;
    const char *protocol = json_string_value(json_object_get(json_object_get(start, "test_start"), "protocol"));
    double block = number_or_0(json_object_get(start, "test_start"), "blksize");
    if (h)
        h->is_on = false;
    if (!label->is_good || !label->has_hops || protocol == NULL || strcmp(protocol, "UDP") != 0)
        return NULL;
    if (h == NULL && (h = *hops = calloc(1, sizeof *h)) == NULL)
        return NULL;
    take_client(h, label, client, is_receiver);
    route_talk_begin(&h->talk, start, label->interval_s);
    h->is_on = h->talk.has_magic;
    h->datagram_bytes = block > 0 && block < NEWS_BYTES_MAX ? (size_t)block : NEWS_BYTES_MAX;
    h->n_hellos = 0;
    if (is_receiver || !h->is_on)
        return NULL;
    struct tracer *tracer = &h->talk.tracer;
    tracer_start(tracer, start, now_ns);
    if (tracer->hops || *tracer->lack == 0 || *is_lack_told)
        return NULL;
    *is_lack_told = true;
    snprintf(h->lack, sizeof h->lack, "routes to clients are not traced: %s", tracer->lack);
    return h->lack;
}

void serve_hops_row(struct serve_hops *h, struct engine *engine, const struct record_row *row,
                    const struct longhaul_interval *interval)
{
    if (h == NULL || !h->is_on)
        return;
    route_talk_row(&h->talk, engine, row, interval, h->is_receiver, true);
    if (!h->is_receiver && h->datagram_bytes >= NEWS_BYTES_MIN && h->n_hellos++ < N_HELLOS)
        route_talk_send(&h->talk, engine, &(struct news){ .kind = NEWS_HELLO });
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
    struct tracer *tracer = &h->talk.tracer;
    if (h->is_on && engine && now_ns >= h->talk.listen_ns)
        route_talk_listen(&h->talk, engine, &h->outbox, now_ns);
    if (now_ns >= h->talk.tend_ns && tracer_tend(tracer, now_ns, &h->talk.tend_ns) &&
        tracer_is_worth(hops_route(tracer->hops)))
        post(h, hops_route(tracer->hops), tracer->ended_why);
    while (h->is_on && engine && trace_outbox_next(&h->outbox, h->datagram_bytes, now_ns, &news))
        route_talk_send(&h->talk, engine, &news);
}

int64_t serve_hops_due_ns(const struct serve_hops *h)
{
    if (h == NULL || h->is_receiver)
        return INT64_MAX;
    return route_talk_due_ns(&h->talk, h->is_on && (h->talk.tracer.hops || !trace_outbox_is_empty(&h->outbox)));
}

void serve_hops_stop(struct serve_hops *h, int64_t now_ns)
{
    if (h == NULL || !h->is_on)
        return;
    h->is_on = false;
    h->talk.tend_ns = 0;
    const struct hops_route *watched = h->is_receiver ? NULL : tracer_stop(&h->talk.tracer, now_ns);
    if (watched)
        post(h, watched, TRACE_WATCH);
}
