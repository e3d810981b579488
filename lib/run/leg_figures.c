/* leg_figures.c - the figures of a running leg: so far, and at its end. */

#include <math.h>

#include "base/clock.h"
#include "base/units.h"
#include "record/live.h"
#include "run/leg_state.h"

static enum longhaul_phase phase_of(const struct leg_run *l)
{
    bool is_running = l->phase == PHASE_RUNNING || l->phase == PHASE_ENDING;
    return is_running                      ? LONGHAUL_PHASE_RUNNING
           : record_has_started(l->record) ? LONGHAUL_PHASE_WAITING
                                           : LONGHAUL_PHASE_CONNECTING;
}

static void set_dates(struct longhaul_status *s, int64_t end_unix_ns)
{
    s->end_unix_s = (double)end_unix_ns / NS_PER_S;
    s->start_unix_s = s->end_unix_s - s->planned_s;
}

static void set_plan(const struct longhaul_leg *leg, struct longhaul_status *s)
{
    bool has_target = leg->rate_bps != 0 && leg->rate_bps != LONGHAUL_RATE_UNLIMITED;
    s->interval_s = leg->interval_s;
    s->target_bits_per_second = has_target ? (double)leg->rate_bps * leg->n_streams : NAN;
}

/* No interval describes the leg now. */
static void forget_newest(struct longhaul_status *s)
{
    s->bits_per_second = s->jitter_ms = s->rtt_ms = s->newest_loss_percent = s->delays.newest_p99_us = NAN;
}

void leg_figures_none(struct leg_run *l)
{
    struct live nothing;
    struct longhaul_status *s = &l->last;
    live_init(&nothing);
    live_status(&nothing, s);
    forget_newest(s);
    set_plan(&l->leg, s);
    s->planned_s = s->remaining_s = l->leg.duration_s;
    s->is_sent = l->leg.direction == LONGHAUL_DIRECTION_PUSH;
}

/* is_sent: the receiver's figures of a pushed leg are not asked for while a session runs. On iperf3's control
 * connection there are only single bytes, the states, between parameters and results, and libiperf ends a test at a
 * byte that it does not know. It would take a second connection: a request in place of a cookie, which the server's
 * door answers with the leg's figures if it brings the leg's key; a sign, before that, that the server is one that
 * knows the request, because any other takes the connection for a client; and polling it next to the sessions. */
void leg_figures_take(const struct leg_run *l, struct longhaul_status *out)
{
    int64_t now = clock_boot_ns();
    double planned_s = l->leg.duration_s, elapsed_s = record_elapsed_s(l->record, now);
    live_status(record_live(l->record), out);
    out->phase = phase_of(l);
    out->is_sent = l->leg.direction == LONGHAUL_DIRECTION_PUSH;
    out->planned_s = planned_s;
    out->elapsed_s = elapsed_s < planned_s ? elapsed_s : planned_s;
    out->remaining_s = planned_s - out->elapsed_s;
    if (l->deadline_ns != NEVER)
        set_dates(out, clock_wall_ns() + l->deadline_ns - now);
    set_plan(&l->leg, out);
    if (out->phase != LONGHAUL_PHASE_RUNNING)
        forget_newest(out);
}

void leg_run_status(const struct leg_run *l, struct longhaul_status *out)
{
    if (l->record)
        leg_figures_take(l, out);
    else
        *out = l->last;
    if (l->phase == PHASE_PENDING) {
        out->phase = LONGHAUL_PHASE_PENDING;
        set_dates(out, clock_wall_ns() + l->phase_deadline_ns - clock_boot_ns() +
                           (int64_t)(out->planned_s * NS_PER_S));
    }
}

void leg_figures_keep(struct leg_run *l)
{
    const struct longhaul_outcome *o = &l->outcome;
    struct longhaul_status *s = &l->last;
    s->phase = LONGHAUL_PHASE_DONE;
    s->ending = o->ending;
    s->remaining_s = 0;
    forget_newest(s);
    if (o->result_path == NULL)
        return;
    s->observed_s = o->observed_s > s->observed_s ? o->observed_s : s->observed_s;
    s->n_gaps = o->n_gaps > s->n_gaps ? o->n_gaps : s->n_gaps;
    s->has_loss = o->has_loss;
    s->lost_packets = o->lost_packets;
    if (s->lost_packets > s->most_lost_packets)
        s->most_lost_packets = s->lost_packets;
}
