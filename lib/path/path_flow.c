/* path_flow.c - runs a short test through libiperf, like that of a day, and measures round trips at the same time.
 * Writes no file; path_verdict judges the figures. */

#include "path/path_measure.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/histogram.h"
#include "base/json_number.h"
#include "base/units.h"
#include "engine/engine_error.h"
#include "engine/trial.h"
#include "host/host.h"

#define CONNECT_MS 4000
#define PATIENCE_NS (5 * NS_PER_S)
#define N_EXCHANGES 3            /* libiperf's first datagrams are not repeated if they are lost */
#define N_AGAIN_MAX 8
#define LOOK_MS 200

struct session {
    struct path_flow *flow;
    bool is_pull, is_udp;
    struct trial test;
    bool has_end;
    size_t n_rtts;
    double sum_rtt_ms, sum_rttvar_ms;
    double socket_drops; /* the newest; NAN before one is known */
    struct histogram delays;
};

static void take_start(struct session *s, const json_t *start)
{
    double block_bytes = number_of(json_object_get(start, "test_start"), "blksize");
    if (s->is_udp && block_bytes > 0)
        s->flow->datagram_bytes = block_bytes;
}

/* What the sender's kernel knows, for one stream: these tests have only one. */
static void take_interval(struct session *s, const json_t *interval)
{
    const json_t *stream = json_array_get(json_object_get(interval, "streams"), 0);
    double rtt_us = number_of(stream, "rtt"), rttvar_us = number_of(stream, "rttvar"),
           retransmits = number_of(stream, "retransmits");
    if (s->is_udp || s->is_pull || !(rtt_us > 0))
        return;
    s->n_rtts++;
    s->sum_rtt_ms += rtt_us / 1e3;
    s->sum_rttvar_ms += isnan(rttvar_us) ? 0 : rttvar_us / 1e3;
    s->flow->rtt_ms = s->sum_rtt_ms / (double)s->n_rtts;
    s->flow->rttvar_ms = s->sum_rttvar_ms / (double)s->n_rtts;
    s->flow->cwnd_bytes = number_of(stream, "snd_cwnd");
    s->flow->pmtu_bytes = number_of(stream, "pmtu");
    s->flow->retransmits =
        (isnan(s->flow->retransmits) ? 0 : s->flow->retransmits) + (isnan(retransmits) ? 0 : retransmits);
}

/* Datagrams that did not arrive in a test that ran to its end are lost, even if the receiver saw no gap because nothing
 * came after them. */
static void take_datagrams(struct path_flow *f, bool is_pull, const json_t *end, const json_t *sent,
                           const json_t *received)
{
    const json_t *udp = json_object_get(json_array_get(json_object_get(end, "streams"), 0), "udp");
    double counted = number_of(received, "packets"), lost = number_of(received, "lost_packets"),
           bytes = number_of(received, "bytes");
    f->sent_packets = counted > 0 ? counted : number_of(sent, "packets");
    f->lost_packets = bytes > 0 && counted > 0 ? fmax(lost, 0) : f->sent_packets;
    f->out_of_order = is_pull ? number_of(udp, "out_of_order") : NAN;
    f->jitter_ms = number_of(received, "jitter_ms");
}

static void take_end(struct session *s, const json_t *end)
{
    const json_t *sent = json_object_get(end, "sum_sent"), *received = json_object_get(end, "sum_received");
    if (json_object_size(sent) == 0 || json_object_size(received) == 0)
        return;
    s->has_end = true;
    s->flow->seconds = number_of(received, "seconds");
    s->flow->offered_bps = number_of(sent, "bits_per_second");
    s->flow->received_bps = number_of(received, "bits_per_second");
    if (s->is_udp)
        take_datagrams(s->flow, s->is_pull, end, sent, received);
}

static void take_delays(struct session *s, const struct engine_event *event)
{
    const char *text = event->kind == ENGINE_DELAYS ? event->text : event->histogram;
    if (!s->is_udp || !s->is_pull)
        return;
    if (text)
        histogram_read(&s->delays, text, strlen(text));
    double most_ms = s->flow->delay_max_ms = fmax(s->flow->delay_max_ms, event->delay.max_us / US_PER_MS);
    if (s->delays.n == 0)
        return;
    s->flow->delay_p50_ms = fmin(histogram_quantile(&s->delays, 0.5) / US_PER_MS, most_ms); /* a bin has a width */
    s->flow->delay_p99_ms = fmin(histogram_quantile(&s->delays, 0.99) / US_PER_MS, most_ms);
}

static void on_event(const struct engine_event *event, const struct session_event *said, void *payload)
{
    struct session *s = payload;
    if (said->start)
        take_start(s, said->start);
    if (said->interval)
        take_interval(s, said->interval);
    if (said->end)
        take_end(s, said->end);
    take_delays(s, event);
    if (!isnan(event->socket_drops))
        s->socket_drops = event->socket_drops;
    if (event->tcp.n_streams > 0 && !s->is_pull && !isnan(event->tcp.reorderings))
        s->flow->reorderings = (isnan(s->flow->reorderings) ? 0 : s->flow->reorderings) + event->tcp.reorderings;
}

static void take_outcome(const struct session *s, struct path_flow_outcome *outcome)
{
    const struct trial *t = &s->test;
    /* A datagram socket learns of a refusal only from an ICMP error. */
    bool is_rejected = s->is_udp && t->i_errno != ENGINE_IECONNECT && strstr(t->why, strerror(ECONNREFUSED)) != NULL;
    *outcome = (struct path_flow_outcome){ .stuck = 0 };
    s->flow->is_measured = s->has_end && *t->error == 0;
    if (s->flow->is_measured)
        return;
    snprintf(s->flow->why, sizeof s->flow->why, "%s", t->why);
    if (t->has_started)
        return;
    outcome->stuck = is_rejected ? ENGINE_STUCK_THERE : t->i_errno;
    outcome->is_udp_dead = is_rejected || t->i_errno == ENGINE_STUCK_THERE || t->i_errno == ENGINE_STUCK_BACK;
    outcome->is_busy = t->i_errno == ENGINE_IEACCESSDENIED;
}

static void run_session(const struct path_ends *ends, struct session *s)
{
    struct path_load *load = NULL;
    trial_begin(&s->test);
    while (trial_tend(&s->test)) {
        if (s->test.has_started && !s->has_end && load == NULL && *s->flow->loaded.why == 0)
            load = path_load_new(ends, &s->flow->loaded);
        path_load_tend(load, engine_fd(s->test.engine), LOOK_MS);
    }
    path_load_end(load, &s->flow->loaded);
}

void path_flow_forget(struct path_flow *flow)
{
    *flow = (struct path_flow){
        .seconds = NAN, .offered_bps = NAN, .received_bps = NAN, .datagram_bytes = NAN, .sent_packets = NAN,
        .lost_packets = NAN, .host_lost_packets = NAN, .out_of_order = NAN, .reorderings = NAN, .jitter_ms = NAN,
        .delay_p50_ms = NAN, .delay_p99_ms = NAN, .delay_max_ms = NAN, .retransmits = NAN,
        .rtt_ms = NAN, .rttvar_ms = NAN, .cwnd_bytes = NAN, .pmtu_bytes = NAN,
        .loaded = { .min_ms = NAN, .mean_ms = NAN, .median_ms = NAN, .p95_ms = NAN, .max_ms = NAN, .jitter_ms = NAN }
    };
}

/* Datagrams that this host's kernel received during the test but its program did not. The socket's own count
 * (SO_MEMINFO) ends before the test does, so it only tells whether RcvbufErrors, which count all sockets, belong to
 * this test. */
static void count_host_losses(const char *root, const struct longhaul_host_drops *before, double socket,
                              struct path_flow *flow)
{
    struct longhaul_host_drops after;
    host_read_drops(root, "", &after);
    double grown = socket == 0 ? 0 : after.udp_receive_buffer - before->udp_receive_buffer;
    flow->host_lost_packets =
        isnan(grown) || isnan(flow->lost_packets) ? NAN : fmin(fmax(grown, 0), flow->lost_packets);
}

void path_flow_run(const struct path_ends *ends, const struct longhaul_leg *given, uint32_t seconds, const char *root,
                   struct path_flow *flow, struct path_flow_outcome *outcome)
{
    struct longhaul_leg leg = *given;
    struct longhaul_host_drops before;
    double socket = NAN;
    leg.interval_s = 0.5;
    leg.n_streams = 1;
    unsigned n_again = 0, n_exchanges = 0;
    for (bool is_done = false; !is_done;) {
        struct session s = { .flow = flow, .is_pull = leg.direction == LONGHAUL_DIRECTION_PULL,
                             .is_udp = leg.protocol == LONGHAUL_PROTOCOL_UDP, .socket_drops = NAN,
                             .test = { .params = { .leg = &leg, .duration_s = seconds, .connect_ms = CONNECT_MS },
                                       .patience_ns = PATIENCE_NS,
                                       .on_event = on_event,
                                       .payload = &s } };
        path_flow_forget(flow);
        host_read_drops(root, "", &before);
        run_session(ends, &s);
        take_outcome(&s, outcome);
        socket = s.socket_drops;
        if (outcome->is_udp_dead)
            is_done = ++n_exchanges == N_EXCHANGES;
        else
            is_done = s.test.has_started || !engine_error_is_passing(s.test.i_errno) || ++n_again > N_AGAIN_MAX;
        if (!is_done)
            nanosleep(&(struct timespec){ 0, TRIAL_AGAIN_NS }, NULL);
    }
    if (flow->is_measured && leg.protocol == LONGHAUL_PROTOCOL_UDP && leg.direction == LONGHAUL_DIRECTION_PULL)
        count_host_losses(root, &before, socket, flow);
}
