/* leg_rtt.c - decides when a leg's round trips are measured, and how: by ICMP echo; if the kernel refuses it, or none
 * was ever answered, by a TCP connection to the server's port, to which a libiperf server busy with our test replies
 * "busy" and closes. The control connection's own estimate is useless: nothing is sent on it during a test, and
 * keepalives give no sample. */

#include "run/leg_rtt.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/units.h"
#include "host/address.h"
#include "host/rtt.h"
#include "model/iperf_json.h"

#define PERIOD_S 60
#define PER_SHORT_LEG 10             /* samples of a leg that is shorter than 10 minutes */
#define FIRST_NS (500 * NS_PER_MS)   /* the streams exist by then */
#define PATIENCE_NS (3 * NS_PER_S)   /* for a reply */
#define SILENT_MAX 3                 /* unanswered echoes, while the session lives, after which the path is taken to
                                      * drop them */

struct leg_rtt {
    uint16_t port;
    int64_t period_ns;
    struct rtt *rtt;
    enum rtt_method method;
    struct sockaddr_storage peer, local;
    socklen_t size;
    int64_t due_ns;      /* when the next probe is sent */
    int64_t deadline_ns; /* of the probe that is awaited; 0 if none exists */
    double sent_s;       /* on the leg's axis */
    unsigned n_silent;
    bool has_answered;
};

struct leg_rtt *leg_rtt_new(const struct longhaul_leg *leg)
{
    struct leg_rtt *l = calloc(1, sizeof *l);
    double period_s = (double)leg->duration_s / PER_SHORT_LEG;
    if (l == NULL)
        return NULL;
    period_s = period_s > PERIOD_S ? PERIOD_S : period_s < 1 ? 1 : period_s;
    l->port = leg->port;
    l->period_ns = (int64_t)(period_s * NS_PER_S);
    l->due_ns = INT64_MAX;
    return l;
}

static void use(struct leg_rtt *l, enum rtt_method method)
{
    rtt_free(l->rtt);
    l->method = method;
    l->n_silent = 0;
    l->has_answered = false;
    l->rtt = rtt_new(method, (struct sockaddr *)&l->peer, l->size, l->port, (struct sockaddr *)&l->local);
}

void leg_rtt_start(struct leg_rtt *l, const json_t *start, int64_t now_ns)
{
    struct sockaddr_storage peer, local;
    socklen_t size = address_parse(start_remote_address(start), &peer);
    address_parse(start_local_address(start), &local);
    if (l->due_ns == INT64_MAX)
        l->due_ns = now_ns + FIRST_NS;
    if (size == 0 ||
        (l->rtt && memcmp(&peer, &l->peer, sizeof peer) == 0 && memcmp(&local, &l->local, sizeof local) == 0))
        return;
    l->peer = peer;
    l->local = local;
    l->size = size;
    use(l, RTT_ICMP);
    if (l->rtt == NULL)
        use(l, RTT_TCP);
}

static void say(struct leg_rtt *l, struct record *record, double rtt_ms)
{
    record_rtt(record, l->sent_s, rtt_ms, l->method == RTT_ICMP ? "icmp" : "tcp");
    l->deadline_ns = 0;
    l->has_answered = l->has_answered || !isnan(rtt_ms);
    l->n_silent = isnan(rtt_ms) ? l->n_silent + 1 : 0;
}

static void take_answer(struct leg_rtt *l, struct record *record, int64_t now_ns, bool is_running)
{
    double rtt_ms = NAN;
    int rc = rtt_receive(l->rtt, &rtt_ms);
    if (rc == 0 && now_ns < l->deadline_ns)
        return;
    say(l, record, rc > 0 ? rtt_ms : NAN);
    if (is_running && l->method == RTT_ICMP && !l->has_answered && l->n_silent >= SILENT_MAX)
        use(l, RTT_TCP);
}

/* Connects only while the server is busy with us: otherwise the server would take it for a client, and keep others
 * out. */
static void send_next(struct leg_rtt *l, const struct record *record, int64_t now_ns, bool is_running)
{
    l->due_ns += (now_ns - l->due_ns) / l->period_ns * l->period_ns + l->period_ns;
    if (l->method == RTT_TCP && !is_running)
        return;
    l->sent_s = record_elapsed_s(record, now_ns);
    rtt_send(l->rtt); /* a probe that cannot be sent counts as unanswered */
    l->deadline_ns = now_ns + PATIENCE_NS;
}

int64_t leg_rtt_tend(struct leg_rtt *l, struct record *record, int64_t now_ns, bool is_running)
{
    if (l->rtt == NULL)
        return INT64_MAX;
    if (l->deadline_ns)
        take_answer(l, record, now_ns, is_running);
    if (l->rtt && !l->deadline_ns && now_ns >= l->due_ns)
        send_next(l, record, now_ns, is_running);
    return l->deadline_ns ? l->deadline_ns : l->due_ns; /* the next probe waits for this one */
}

void leg_rtt_free(struct leg_rtt *l)
{
    if (l == NULL)
        return;
    rtt_free(l->rtt);
    free(l);
}
