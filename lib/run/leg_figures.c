/* leg_figures.c - the figures of a running leg: so far, and at its end. */

#include <math.h>

#include "base/clock.h"
#include "record/live.h"
#include "run/leg_state.h"

static enum longhaul_phase phase_of(const struct leg_run *l)
{
    bool is_running = l->phase == PHASE_RUNNING || l->phase == PHASE_ENDING;
    return is_running                      ? LONGHAUL_PHASE_RUNNING
           : record_has_started(l->record) ? LONGHAUL_PHASE_WAITING
                                           : LONGHAUL_PHASE_CONNECTING;
}

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
    if (out->phase != LONGHAUL_PHASE_RUNNING)
        out->bits_per_second = out->jitter_ms = out->rtt_ms = NAN;
}

void leg_run_status(const struct leg_run *l, struct longhaul_status *out)
{
    if (l->record)
        leg_figures_take(l, out);
    else
        *out = l->last;
    if (l->phase == PHASE_PENDING)
        out->phase = LONGHAUL_PHASE_PENDING;
}

void leg_figures_keep(struct leg_run *l)
{
    const struct longhaul_outcome *o = &l->outcome;
    struct longhaul_status *s = &l->last;
    s->phase = LONGHAUL_PHASE_DONE;
    s->ending = o->ending;
    s->remaining_s = 0;
    s->bits_per_second = s->jitter_ms = s->rtt_ms = NAN;
    if (o->result_path == NULL)
        return;
    s->observed_s = o->observed_s > s->observed_s ? o->observed_s : s->observed_s;
    s->n_gaps = o->n_gaps > s->n_gaps ? o->n_gaps : s->n_gaps;
    s->has_loss = o->has_loss;
    s->lost_packets = o->lost_packets;
    if (s->lost_packets > s->most_lost_packets)
        s->most_lost_packets = s->lost_packets;
}
