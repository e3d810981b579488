/* leg_hops.c - the route of a leg: has it traced where this host sends, puts the traces into the record, its own and
 * the server's, and tells the server of troubles where this host receives. Says in one line when a route has changed.
 * Decides nothing about when a trace is made (trace_plan.c), nor what a trouble is (trouble.c). */

#include "run/leg_hops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_make.h"
#include "base/units.h"
#include "engine/news.h"
#include "record/hop_json.h"
#include "record/route_talk.h"

#define LINES_MAX 6 /* about a changed route, and one more every ... */
#define LINE_NS (600 * NS_PER_S)
#define HEARD_MAX 10 /* traces of the server, which may come together after a broken session, and one more every ... */
#define HEARD_NS (30 * NS_PER_S)

struct leg_hops {
    const struct longhaul_leg *leg;
    struct queue *queue;
    bool *is_lack_told;
    bool is_push, is_on;
    struct route_talk talk;
    struct trace_inbox inbox;
    bool is_server_ours; /* it has said that it reads news */
    json_t *last;        /* the last trace of each flow, by its ports */
    struct bucket lines, heard;
    char said_by[8]; /* the newest "hops_by" of the record */
};

struct leg_hops *leg_hops_new(const struct longhaul_leg *leg, struct queue *queue, bool *is_lack_told)
{
    struct leg_hops *h = calloc(1, sizeof *h);
    if (h == NULL || (h->last = json_object()) == NULL) {
        free(h);
        return NULL;
    }
    bool is_tcp = leg->protocol == LONGHAUL_PROTOCOL_TCP;
    h->leg = leg;
    h->queue = queue;
    h->is_lack_told = is_lack_told;
    h->is_push = leg->direction == LONGHAUL_DIRECTION_PUSH;
    h->is_on = !leg->has_no_hops && (h->is_push || !is_tcp);
    tracer_init(&h->talk.tracer, is_tcp, !is_tcp, leg->port);
    h->talk.tracer.device = leg->bind_device;
    return h;
}

void leg_hops_free(struct leg_hops *h)
{
    if (h == NULL)
        return;
    tracer_clear(&h->talk.tracer);
    trace_inbox_clear(&h->inbox);
    json_decref(h->last);
    free(h);
}

/* ---- lines */

static void say(struct leg_hops *h, const char *line)
{
    char text[400];
    snprintf(text, sizeof text, "%s->%s: %s", h->leg->source, h->leg->destination, line);
    queue_put_note(h->queue, text);
}

/* In the record, whenever it changes: how routes are traced, or why not (by is NULL). */
static void note_by(struct leg_hops *h, struct record *record, const char *by, const char *lack)
{
    if (strcmp(h->said_by, by ? by : "none") == 0)
        return;
    snprintf(h->said_by, sizeof h->said_by, "%s", by ? by : "none");
    json_t *facts = json_pack("{s:o}", "hops_by", by ? json_string(by) : json_null());
    if (lack)
        json_object_set_new(facts, "hops_why", json_make_text(lack));
    record_event(record, EVENT_HOPS, facts);
}

/* Also to the user, in a line for the whole run, if something is lacking. */
static void tell_way(struct leg_hops *h, struct record *record)
{
    const struct tracer *tracer = &h->talk.tracer;
    const char *by = tracer->hops ? hop_json_by(hops_by(tracer->hops)) : NULL, *lack = tracer->lack;
    char line[300];
    if (by == NULL && *lack == 0)
        return;
    note_by(h, record, by, by ? NULL : lack);
    if ((by && strcmp(by, "raw") == 0) || *h->is_lack_told)
        return;
    *h->is_lack_told = true;
    if (by)
        snprintf(line, sizeof line,
                 "routes are traced without CAP_NET_RAW, as far as the kernel's error queue tells: "
                 "UDP legs alone, and not where the peer's host answers no closed port");
    else
        snprintf(line, sizeof line, "routes are not traced: %s", lack);
    queue_put_note(h->queue, line);
}

static void tell_change(struct leg_hops *h, const json_t *trace, int64_t now_ns)
{
    char line[200], key[32], text[240];
    json_int_t port = json_integer_value(json_object_get(trace, "source_port"));
    snprintf(key, sizeof key, "%d-%d", (int)port, (int)json_integer_value(json_object_get(trace, "destination_port")));
    if (h->lines.most == 0)
        h->lines = bucket_full(LINES_MAX, LINE_NS, now_ns);
    if (hop_json_differs(json_object_get(h->last, key), trace, line, sizeof line) &&
        bucket_take(&h->lines, 1, now_ns)) {
        snprintf(text, sizeof text, "%s (source port %d)", line, (int)port);
        say(h, h->leg->n_flows > 1 ? text : line);
    }
    if (json_object_size(h->last) >= FLOWS_MAX && json_object_get(h->last, key) == NULL)
        json_object_clear(h->last);
    json_object_set(h->last, key, (json_t *)(uintptr_t)trace);
}

/* Takes the reference. */
static void keep(struct leg_hops *h, struct record *record, json_t *trace, int64_t now_ns)
{
    if (trace == NULL)
        return;
    tell_change(h, trace, now_ns);
    record_event(record, EVENT_HOPS, trace);
}

/* ---- news */

/* Among the data of a client that receives. */
void leg_hops_news(struct leg_hops *h, struct engine *engine, struct record *record, const struct engine_event *event)
{
    struct news news;
    bool is_got = false;
    if (!h->is_on || h->is_push || !news_read(event->text, event->length, &news) ||
        (news.kind != NEWS_HELLO && news.kind != NEWS_PART))
        return;
    h->is_server_ours = true;
    if (news.kind == NEWS_HELLO)
        return;
    json_t *said = trace_inbox_take(&h->inbox, &news, &is_got);
    double began_s = record_elapsed_s(record, event->at.boot_ns) - (double)news.age_ms / 1000;
    json_t *trace = hop_json_check(said, began_s);
    json_decref(said);
    if (h->heard.most == 0)
        h->heard = bucket_full(HEARD_MAX, HEARD_NS, event->at.boot_ns);
    if (trace && !bucket_take(&h->heard, 1, event->at.boot_ns)) { /* no server of ours makes so many */
        json_decref(trace);
        trace = NULL;
    }
    if (trace) {
        note_by(h, record, json_string_value(json_object_get(trace, "by")), NULL);
        keep(h, record, trace, event->at.boot_ns);
    }
    if (is_got)
        route_talk_send(&h->talk, engine, &(struct news){ .kind = NEWS_GOT, .id = news.id });
}

/* ---- sessions */

void leg_hops_start(struct leg_hops *h, struct record *record, const json_t *start, int64_t now_ns)
{
    if (!h->is_on)
        return;
    route_talk_begin(&h->talk, start, h->leg->interval_s);
    h->is_server_ours = false;
    if (!h->is_push)
        return;
    tracer_start(&h->talk.tracer, start, now_ns);
    tell_way(h, record);
}

void leg_hops_row(struct leg_hops *h, struct engine *engine, const struct record_row *row,
                  const struct longhaul_interval *interval)
{
    if (h->is_on)
        route_talk_row(&h->talk, engine, row, interval, !h->is_push, h->is_server_ours);
}

/* Where the record's axis has its 0. */
static int64_t zero_ns(const struct record *record, int64_t now_ns)
{
    return now_ns - (int64_t)(record_elapsed_s(record, now_ns) * NS_PER_S);
}

void leg_hops_stop(struct leg_hops *h, struct record *record, int64_t now_ns)
{
    struct tracer *tracer = &h->talk.tracer;
    const struct hops_route *watched = h->is_on && h->is_push ? tracer_stop(tracer, now_ns) : NULL;
    h->talk.tend_ns = 0;
    json_t *trace = watched ? hop_json(watched, TRACE_WATCH, tracer->is_tcp, zero_ns(record, now_ns)) : NULL;
    if (trace)
        record_event(record, EVENT_HOPS, trace);
}

static void trace(struct leg_hops *h, struct record *record, int64_t now_ns)
{
    struct tracer *tracer = &h->talk.tracer;
    if (!tracer_tend(tracer, now_ns, &h->talk.tend_ns))
        return;
    const struct hops_route *route = hops_route(tracer->hops);
    if (tracer_is_worth(route))
        keep(h, record, hop_json(route, tracer->ended_why, tracer->is_tcp, zero_ns(record, now_ns)), now_ns);
}

int64_t leg_hops_tend(struct leg_hops *h, struct engine *engine, struct record *record, int64_t now_ns)
{
    if (!h->is_on || !h->is_push || record == NULL)
        return INT64_MAX;
    bool is_listening = engine && h->talk.tracer.is_running;
    if (is_listening && now_ns >= h->talk.listen_ns)
        route_talk_listen(&h->talk, engine, NULL, now_ns);
    if (now_ns >= h->talk.tend_ns)
        trace(h, record, now_ns);
    return route_talk_due_ns(&h->talk, is_listening);
}
