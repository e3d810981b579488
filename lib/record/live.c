/* live.c - the figures of a record so far: sums that never decrease, and those of the newest interval. Knows no
 * file. */

#include "record/live.h"

#include <math.h>

#include "base/clock.h"
#include "base/units.h"
#include "record/interval.h"
#include "record/live_delay.h"

void live_init(struct live *live)
{
    *live = (struct live){ .jitter_ms = NAN, .bits_per_second = NAN, .rtt_ms = NAN, .session_start_s = NAN,
                           .good_s = NAN, .newest_loss_percent = NAN, .out_of_order_packets = NAN,
                           .duplicate_packets = NAN };
    live_delay_init(&live->delays);
}

static double session_observed_s(const struct live *live)
{
    return live->good_s > live->session_start_s ? live->good_s - live->session_start_s : 0;
}

void live_session(struct live *live)
{
    live->closed_s += session_observed_s(live);
    live->session_start_s = live->good_s = NAN;
    live->n_sessions++;
}

static void add_known(double *sum, double value)
{
    if (!isnan(value))
        *sum = isnan(*sum) ? value : *sum + value;
}

/* Packets that were counted as lost and arrive late make the number negative: nothing was lost then. */
static double loss_percent(const struct longhaul_interval *v)
{
    if (!v->has_loss || v->packets <= 0)
        return NAN;
    return v->lost_packets > 0 ? 100.0 * (double)v->lost_packets / (double)v->packets : 0;
}

static void add_jitter(struct longhaul_jitter_totals *t, const struct longhaul_interval *v)
{
    if (!v->has_loss || v->is_omitted || !(v->jitter_ms >= 0) || !isfinite(v->jitter_ms))
        return;
    t->n++;
    t->sum_s += v->jitter_ms / 1e3;
    for (size_t k = 0; k < LONGHAUL_DELAY_BOUNDS; k++)
        t->n_within[k] += v->jitter_ms / 1e3 <= longhaul_delay_bounds_s()[k];
}

void live_interval(struct live *live, const struct longhaul_interval *v)
{
    if (isnan(live->session_start_s))
        live->session_start_s = live->good_s = v->start_s;
    live->bytes = interval_add(live->bytes, v->bytes > 0 ? v->bytes : 0);
    live->packets = interval_add(live->packets, v->packets > 0 ? v->packets : 0);
    live->bits_per_second = v->bits_per_second;
    live->jitter_ms = v->jitter_ms;
    live->has_loss = live->has_loss || v->has_loss;
    live->newest_loss_percent = loss_percent(v);
    live_delay_interval(&live->delays, &v->delay);
    live_available_interval(&live->available, v);
    add_jitter(&live->jitters, v);
    live->newest_monotonic_ns = v->monotonic_ns;
    live->seconds += v->seconds > 0 ? v->seconds : 0;
    if (v->has_loss)
        live->lost_packets = interval_add(live->lost_packets, v->lost_packets);
    if (live->lost_packets > live->most_lost_packets)
        live->most_lost_packets = live->lost_packets;
    add_known(&live->out_of_order_packets, v->out_of_order_packets);
    add_known(&live->duplicate_packets, v->duplicate_packets);
    live->rtt_ms = v->has_tcp ? v->rtt_ms : NAN;
    live->has_tcp = live->has_tcp || v->has_tcp;
    if (v->has_tcp && v->retransmits > 0)
        live->retransmits = interval_add(live->retransmits, v->retransmits);
}

void live_delays(struct live *live, const char *histogram)
{
    live_delay_histogram(&live->delays, &live->all_delays, histogram);
}

void live_confirm(struct live *live, double until_s)
{
    if (until_s > live->good_s)
        live->good_s = until_s;
    live_available_confirm(&live->available, until_s);
}

void live_gap(struct live *live, double start_s, double until_s, bool is_outage)
{
    live_available_gap(&live->available, start_s, until_s, is_outage);
    live->n_gaps++;
    if (start_s < live->good_s)
        live->good_s = start_s;
}

double live_observed_s(const struct live *live)
{
    return live->closed_s + session_observed_s(live);
}

double live_age_s(int64_t newest_monotonic_ns)
{
    int64_t age_ns = clock_monotonic_ns() - newest_monotonic_ns;
    return newest_monotonic_ns == 0 ? NAN : age_ns > 0 ? (double)age_ns / NS_PER_S : 0;
}

static double mean_bps(const struct live *live)
{
    return live->seconds > 0 ? 8 * (double)live->bytes / live->seconds : NAN;
}

void live_status(const struct live *live, struct longhaul_status *status)
{
    *status = (struct longhaul_status){
        .observed_s = live_observed_s(live), .bits_per_second = live->bits_per_second, .jitter_ms = live->jitter_ms,
        .rtt_ms = live->rtt_ms, .newest_loss_percent = live->newest_loss_percent,
        .newest_age_s = live_age_s(live->newest_monotonic_ns), .mean_bits_per_second = mean_bps(live),
        .start_unix_s = NAN, .end_unix_s = NAN, .interval_s = NAN, .target_bits_per_second = NAN,
        .bytes = live->bytes, .packets = live->packets, .lost_packets = live->lost_packets,
        .most_lost_packets = live->most_lost_packets, .out_of_order_packets = live->out_of_order_packets,
        .duplicate_packets = live->duplicate_packets, .retransmits = live->retransmits,
        .n_sessions = live->n_sessions, .n_gaps = live->n_gaps, .has_loss = live->has_loss, .has_tcp = live->has_tcp,
        .delays = live->delays, .jitters = live->jitters,
        .unavailable_s = live->available.is_known ? live->available.unavailable_s : NAN
    };
}

const char *longhaul_status_text(const struct longhaul_status *s)
{
    switch (s->phase) {
    case LONGHAUL_PHASE_PENDING: return "pending";
    case LONGHAUL_PHASE_CONNECTING: return "connecting";
    case LONGHAUL_PHASE_RUNNING: return "running";
    case LONGHAUL_PHASE_WAITING: return "waiting";
    case LONGHAUL_PHASE_DONE: break;
    }
    return s->ending == LONGHAUL_ENDING_FAILED ? "failed" : s->ending == LONGHAUL_ENDING_STOPPED ? "stopped" : "done";
}
