/* path_flow.c - a short test through libiperf, as a day's would be, and what it saw; round trips are measured beside it. Writes no
 * file; what a figure means for the path is path_verdict's. */

#include "path_measure.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "engine.h"
#include "host.h"

#define CONNECT_MS 4000
#define HELLO_NS NS_PER_S
#define BEGIN_NS (5 * NS_PER_S)  /* from the child's hello to the test: connection, parameters, streams */
#define N_EXCHANGES 3            /* libiperf's first datagrams are not sent again when they are lost */
#define END_NS (8 * NS_PER_S)    /* from the test's planned end to its end record */
#define N_FORKS_MAX 20
#define N_AGAIN_MAX 8
#define AGAIN_NS (300 * NS_PER_MS) /* a server that has just ended a test refuses for some 200 ms */
#define LOOK_MS 200

struct session {
    struct longhaul_path_flow *flow;
    struct path_flow_outcome *outcome;
    bool is_pull, is_udp;
    bool has_hello, has_started, is_asked, has_end, is_over;
    bool may_try_again;
    int64_t due_ns;
    size_t n_rtts;
    double sum_rtt_ms, sum_rttvar_ms;
    double socket_drops; /* newest; NAN before one is known */
    char error[160]; /* the document's */
};

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static void take_start(struct session *s, const json_t *start)
{
    double block_bytes = number(json_object_get(start, "test_start"), "blksize");
    s->has_started = true;
    if (s->is_udp && block_bytes > 0)
        s->flow->datagram_bytes = block_bytes;
}

/* The sender's kernel's view: of one stream, which is all that is run here. */
static void take_interval(struct session *s, const json_t *interval)
{
    const json_t *stream = json_array_get(json_object_get(interval, "streams"), 0);
    double rtt_us = number(stream, "rtt"), rttvar_us = number(stream, "rttvar"), retransmits = number(stream, "retransmits");
    if (s->is_udp || s->is_pull || !(rtt_us > 0))
        return;
    s->n_rtts++;
    s->sum_rtt_ms += rtt_us / 1e3;
    s->sum_rttvar_ms += isnan(rttvar_us) ? 0 : rttvar_us / 1e3;
    s->flow->rtt_ms = s->sum_rtt_ms / (double)s->n_rtts;
    s->flow->rttvar_ms = s->sum_rttvar_ms / (double)s->n_rtts;
    s->flow->cwnd_bytes = number(stream, "snd_cwnd");
    s->flow->pmtu_bytes = number(stream, "pmtu");
    s->flow->retransmits = (isnan(s->flow->retransmits) ? 0 : s->flow->retransmits) + (isnan(retransmits) ? 0 : retransmits);
}

/* What never came in a test that ran to its end is lost, also when the receiver saw no gap because nothing came after it. */
static void take_datagrams(struct longhaul_path_flow *f, bool is_pull, const json_t *end, const json_t *sent, const json_t *received)
{
    const json_t *udp = json_object_get(json_array_get(json_object_get(end, "streams"), 0), "udp");
    double counted = number(received, "packets"), lost = number(received, "lost_packets"), bytes = number(received, "bytes");
    f->sent_packets = counted > 0 ? counted : number(sent, "packets");
    f->lost_packets = bytes > 0 && counted > 0 ? fmax(lost, 0) : f->sent_packets;
    f->out_of_order = is_pull ? number(udp, "out_of_order") : NAN;
    f->jitter_ms = number(received, "jitter_ms");
}

static void take_end(struct session *s, const json_t *end)
{
    const json_t *sent = json_object_get(end, "sum_sent"), *received = json_object_get(end, "sum_received");
    if (json_object_size(sent) == 0 || json_object_size(received) == 0)
        return;
    s->has_end = true;
    s->flow->seconds = number(received, "seconds");
    s->flow->offered_bps = number(sent, "bits_per_second");
    s->flow->received_bps = number(received, "bits_per_second");
    if (s->is_udp)
        take_datagrams(s->flow, s->is_pull, end, sent, received);
}

static void on_json(struct session *s, const struct engine_event *event)
{
    json_t *parsed = json_loadb(event->text, event->length, 0, NULL);
    const char *name = json_string_value(json_object_get(parsed, "event"));
    const json_t *data = json_object_get(parsed, "data");
    bool is_document = name && strcmp(name, "document") == 0;
    const char *error = json_string_value(is_document ? json_object_get(data, "error") : data);
    if (name == NULL)
        name = "";
    if (strcmp(name, "start") == 0)
        take_start(s, data);
    else if (strcmp(name, "interval") == 0)
        take_interval(s, data);
    else if (is_document || strcmp(name, "end") == 0)
        take_end(s, is_document ? json_object_get(data, "end") : data);
    if (error && (is_document || strcmp(name, "error") == 0))
        snprintf(s->error, sizeof s->error, "%s", error);
    json_decref(parsed);
}

static void on_exit_event(struct session *s, const struct engine_event *event)
{
    /* A datagram socket hears of a refusal from an ICMP error only. */
    bool is_rejected = s->is_udp && event->i_errno != ENGINE_IECONNECT && strstr(event->text, strerror(ECONNREFUSED)) != NULL;
    bool is_first_udp = event->i_errno == ENGINE_STUCK_THERE || event->i_errno == ENGINE_STUCK_BACK || is_rejected;
    s->is_over = true;
    if (s->has_end && *s->error == 0)
        return;
    snprintf(s->flow->why, sizeof s->flow->why, "%s", *event->text ? event->text : *s->error ? s->error : "the test has no end");
    if (s->has_started)
        return;
    s->outcome->stuck = is_rejected ? ENGINE_STUCK_THERE : event->i_errno;
    s->outcome->is_udp_dead = is_first_udp;
    s->outcome->is_busy = event->i_errno == ENGINE_IEACCESSDENIED;
    s->outcome->is_refused = event->i_errno == ENGINE_IECONNECT || event->i_errno == ENGINE_STUCK_CONNECTING;
    s->may_try_again = s->outcome->is_busy || event->i_errno == ENGINE_IECONNECT || event->i_errno == ENGINE_IESENDCOOKIE ||
                       event->i_errno == ENGINE_IERECVMESSAGE || event->i_errno == ENGINE_IECTRLCLOSE;
}

/* 1 while the session goes on, 0 when it is over, -1 when its child must be made anew. */
static int on_deadline(struct session *s, struct engine *engine, int64_t now_ns)
{
    if (!s->has_hello)
        return -1; /* a lock of the host's at the fork: see engine_child.c, prove_alive() */
    if (!s->has_started && !s->is_asked) {
        s->is_asked = true;
        s->due_ns = now_ns + NS_PER_S;
        engine_ask(engine);
        return 1;
    }
    snprintf(s->flow->why, sizeof s->flow->why, "%s", s->has_started ? "the test does not end" : "the measuring process does not answer");
    s->is_over = true;
    return 0;
}

static void read_events(struct session *s, struct engine *engine, uint32_t seconds)
{
    struct engine_event event;
    int rc;
    while (!s->is_over && (rc = engine_receive(engine, &event)) != 0) {
        bool had_started = s->has_started;
        if (rc < 0) {
            engine_death(engine, s->flow->why, sizeof s->flow->why);
            s->is_over = true;
        } else if (event.kind == ENGINE_HELLO) {
            s->has_hello = true;
            s->due_ns = clock_boot_ns() + BEGIN_NS;
        } else if (event.kind == ENGINE_JSON) {
            on_json(s, &event);
            if (!isnan(event.socket_drops))
                s->socket_drops = event.socket_drops;
            if (event.tcp.n_streams > 0 && !s->is_pull && !isnan(event.tcp.reorderings))
                s->flow->reorderings = (isnan(s->flow->reorderings) ? 0 : s->flow->reorderings) + event.tcp.reorderings;
        } else if (event.kind == ENGINE_EXIT) {
            on_exit_event(s, &event);
        }
        if (s->has_started && !had_started)
            s->due_ns = clock_boot_ns() + (int64_t)seconds * NS_PER_S + END_NS;
    }
}

/* One session. false when its child came to nothing at the fork. */
static bool run_session(const struct path_ends *ends, const struct longhaul_leg *leg, uint32_t seconds, struct session *s)
{
    struct engine_params params = { .leg = leg, .duration_s = seconds, .connect_ms = CONNECT_MS };
    struct engine *engine = NULL;
    struct longhaul_error err = { 0 };
    struct path_load *load = NULL;
    int going = 1;
    s->due_ns = clock_boot_ns() + HELLO_NS;
    if (engine_open(&params, &engine, &err) != 0) {
        snprintf(s->flow->why, sizeof s->flow->why, "%.190s", err.text);
        return true;
    }
    while (going > 0 && !s->is_over) {
        if (s->has_started && !s->has_end && load == NULL && *s->flow->loaded.why == 0)
            load = path_load_new(ends, &s->flow->loaded);
        path_load_tend(load, engine_fd(engine), LOOK_MS);
        read_events(s, engine, seconds);
        if (!s->is_over && clock_boot_ns() >= s->due_ns)
            going = on_deadline(s, engine, clock_boot_ns());
    }
    path_load_end(load, &s->flow->loaded);
    engine_close(engine);
    return going >= 0;
}

void path_flow_forget(struct longhaul_path_flow *flow)
{
    *flow = (struct longhaul_path_flow){ .seconds = NAN, .offered_bps = NAN, .received_bps = NAN, .datagram_bytes = NAN, .sent_packets = NAN,
        .lost_packets = NAN, .host_lost_packets = NAN, .out_of_order = NAN, .reorderings = NAN, .jitter_ms = NAN, .retransmits = NAN, .rtt_ms = NAN,
        .rttvar_ms = NAN, .cwnd_bytes = NAN, .pmtu_bytes = NAN,
        .loaded = { .min_ms = NAN, .mean_ms = NAN, .median_ms = NAN, .p95_ms = NAN, .max_ms = NAN, .jitter_ms = NAN } };
}

/* Datagrams that this host's kernel had and its program did not get, while the test ran. The socket's own word (SO_MEMINFO) ends before
 * the test does, so it only says whether RcvbufErrors, which are all sockets', are this test's. */
static void count_host_losses(const char *root, const struct longhaul_host_drops *before, double socket, struct longhaul_path_flow *flow)
{
    struct longhaul_host_drops after;
    host_read_drops(root, "", &after);
    double grown = socket == 0 ? 0 : after.udp_receive_buffer - before->udp_receive_buffer;
    flow->host_lost_packets = isnan(grown) || isnan(flow->lost_packets) ? NAN : fmin(fmax(grown, 0), flow->lost_packets);
}

void path_flow_run(const struct path_ends *ends, const struct longhaul_leg *given, uint32_t seconds, const char *root,
                   struct longhaul_path_flow *flow, struct path_flow_outcome *outcome)
{
    struct longhaul_leg leg = *given;
    struct longhaul_host_drops before;
    double socket = NAN;
    leg.interval_s = 0.5;
    leg.n_streams = 1;
    unsigned n_forks = 0, n_again = 0, n_exchanges = 0;
    for (bool is_done = false; !is_done;) {
        struct session s = { .flow = flow, .outcome = outcome, .is_pull = leg.direction == LONGHAUL_PULL, .is_udp = leg.protocol == LONGHAUL_UDP,
                             .socket_drops = NAN };
        path_flow_forget(flow);
        *outcome = (struct path_flow_outcome){ .stuck = 0 };
        host_read_drops(root, "", &before);
        bool has_begun = run_session(ends, &leg, seconds, &s);
        socket = s.socket_drops;
        if (s.has_end && *flow->why == 0)
            flow->is_measured = true;
        if (!has_begun)
            is_done = ++n_forks > N_FORKS_MAX;
        else if (outcome->is_udp_dead)
            is_done = ++n_exchanges == N_EXCHANGES;
        else
            is_done = !s.may_try_again || ++n_again > N_AGAIN_MAX;
        if (!is_done && has_begun)
            nanosleep(&(struct timespec){ 0, AGAIN_NS }, NULL);
    }
    if (flow->is_measured && leg.protocol == LONGHAUL_UDP && leg.direction == LONGHAUL_PULL)
        count_host_losses(root, &before, socket, flow);
}
