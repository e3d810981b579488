/* trouble.c - notices troubles of a path from its intervals. The rules are in the header. */

#include "record/trouble.h"

#include <math.h>

#include "model/iperf_json.h"
#include "record/interval_flows.h"

#define LOSS_TIMES 4.0
#define LOSS_LEAST 0.001
#define LOSS_BEGINS 3.0
#define LOSS_MOST 6.0 /* of the sum: a great loss is not longer a trouble than a small one */
#define DELAY_TIMES 2.0
#define DELAY_MORE_US 2000.0
#define N_LATE 2
#define SILENT_S 2.0
#define UNHEARD_S 2.0 /* keepalives are sent every second, and need a round trip */
#define QUIET_S 5.0
#define FORGETS_S 300.0
#define TROUBLED 0.1

struct trouble_signs trouble_signs_of(const struct longhaul_interval *v, bool is_receiver, double last_ack_s)
{
    struct trouble_signs signs = { .seconds = v->seconds,
                                   .lost = NAN,
                                   .packets = NAN,
                                   .p95_us = v->delay.p95_us,
                                   .shift_us = v->delay.shift_us,
                                   .unheard_s = last_ack_s };
    if (v->has_tcp) {
        signs.lost = (double)v->retransmits;
        signs.packets = v->segments;
        signs.is_silent = v->bytes == 0;
    } else if (is_receiver) {
        signs.is_silent = v->bytes == 0;
        signs.lost = v->has_loss ? (double)v->lost_packets : NAN;
        signs.packets = (double)v->packets;
    }
    return signs;
}

/* Moves a mean towards a value. */
static void learn(double *usual, double value, double seconds, bool is_troubled)
{
    double weight = 1 - exp(-seconds / FORGETS_S * (is_troubled ? TROUBLED : 1));
    *usual += weight * (value - *usual);
}

static bool is_lossy(struct trouble *t, const struct trouble_signs *s)
{
    if (!(s->packets > 0) || isnan(s->lost))
        return false;
    double share = fmin(fmax(s->lost / s->packets, 0), 1), allowed = fmax(LOSS_TIMES * t->loss_share, LOSS_LEAST);
    t->loss_sum = fmin(fmax(t->loss_sum + s->lost - allowed * s->packets, 0), LOSS_MOST);
    bool is = t->now == TRACE_LOSS ? share > allowed : t->loss_sum >= LOSS_BEGINS;
    learn(&t->loss_share, share, s->seconds, is || t->now != TRACE_NONE);
    return is;
}

static bool is_delayed(struct trouble *t, const struct trouble_signs *s)
{
    if (isnan(s->p95_us))
        return false;
    if (t->p95_us == 0)
        t->p95_us = s->p95_us;
    bool is_great = s->p95_us > DELAY_TIMES * t->p95_us + DELAY_MORE_US;
    t->n_late = is_great ? t->n_late + 1 : 0;
    learn(&t->p95_us, s->p95_us, s->seconds, is_great || t->now != TRACE_NONE);
    return is_great && (t->now == TRACE_DELAY || t->n_late >= N_LATE);
}

static bool is_silent(struct trouble *t, const struct trouble_signs *s)
{
    t->silent_s = s->is_silent ? t->silent_s + s->seconds : 0;
    return t->silent_s >= SILENT_S || (s->unheard_s >= UNHEARD_S && !isinf(s->unheard_s));
}

enum trace_why trouble_take(struct trouble *t, const struct trouble_signs *s)
{
    bool is_loss = is_lossy(t, s), is_delay = is_delayed(t, s), is_silence = is_silent(t, s);
    enum trace_why seen = is_silence ? TRACE_SILENCE : is_loss ? TRACE_LOSS : is_delay ? TRACE_DELAY : TRACE_NONE;
    t->quiet_s = seen == TRACE_NONE ? t->quiet_s + s->seconds : 0;
    if (seen > t->now)
        t->now = seen;
    else if (t->now != TRACE_NONE && t->quiet_s >= QUIET_S - 1e-6) {
        t->now = TRACE_NONE;
        t->loss_sum = fmin(t->loss_sum, LOSS_BEGINS / 2);
    }
    return t->now == TRACE_NONE && s->shift_us != 0 && !isnan(s->shift_us) ? TRACE_SHIFT : t->now;
}

/* ---- flows */

/* How much of it there is in a flow. */
static double amount(enum trace_why why, const json_t *stream, const struct flow_seen *seen)
{
    double lost = number_of(stream, "lost_packets");
    double value = why == TRACE_LOSS    ? isnan(lost) ? number_of(stream, "retransmits") : lost
                   : why == TRACE_DELAY ? seen->p99_us
                   : why == TRACE_SHIFT ? fabs(seen->shift_us)
                                        : -number_of(stream, "bytes");
    return isnan(value) ? -INFINITY : value;
}

size_t trouble_flow(enum trace_why why, const json_t *interval, const char *text)
{
    size_t i, worst = 0;
    double most = -INFINITY;
    json_t *stream;
    json_array_foreach(json_object_get(interval, "streams"), i, stream)
    {
        long socket = (long)json_integer_value(json_object_get(stream, "socket"));
        struct flow_seen seen = interval_flow_seen(text ? text : "", socket);
        double value = amount(why, stream, &seen);
        if (value > most) {
            most = value;
            worst = i;
        }
    }
    return worst;
}
