/* serve_shown.c - the state of a port for those who watch: its test, or the last one, in figures. A leg's figures are
 * those of its record (serve_legs), over all its sessions; any other test is counted here. Decides nothing. */

#include "serve/serve_shown.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_number.h"
#include "base/units.h"

void serve_shown_init(struct serve_shown *w, uint16_t number)
{
    *w = (struct serve_shown){ .port = { .port = number }, .target_bps = NAN, .interval_s = NAN };
    live_init(&w->live);
    live_status(&w->live, &w->port.status);
    w->port.status.phase = LONGHAUL_PHASE_CONNECTING;
}

/* The rate that a client asks for, of all streams; NAN for no limit, which libiperf writes as 0. */
static double target_of(const json_t *start)
{
    const json_t *asked = json_object_get(start, "test_start");
    double bps = number_or_0(asked, "target_bitrate"), streams = number_or_0(asked, "num_streams");
    return bps > 0 ? bps * (streams > 1 ? streams : 1) : NAN;
}

static void take_name(const char *result_path, struct longhaul_served_port *port)
{
    const char *slash = strrchr(result_path, '/'), *name = slash ? slash + 1 : result_path;
    size_t n = strlen(name), ending = sizeof LEG_RESULT - 1;
    snprintf(port->record, sizeof port->record, "%.*s", (int)(n > ending ? n - ending : n), name);
}

void serve_shown_begin(struct serve_shown *w, const char *client, const struct serve_label *label, const json_t *start,
                       const char *result_path, int64_t boot_ns)
{
    const json_t *asked = json_object_get(start, "test_start");
    struct longhaul_served_port *port = &w->port;
    serve_shown_init(w, port->port);
    w->start_boot_ns = boot_ns;
    w->is_leg = result_path != NULL;
    if (result_path)
        take_name(result_path, port);
    w->target_bps = target_of(start);
    w->interval_s = label->is_good ? label->interval_s : NAN;
    port->is_testing = true;
    snprintf(port->client, sizeof port->client, "%s", client);
    if (label->is_good) {
        snprintf(port->source, sizeof port->source, "%s", label->name.source);
        snprintf(port->destination, sizeof port->destination, "%s", label->name.destination);
    }
    port->status.is_sent = number_or_0(asked, "reverse") != 0;
    port->status.planned_s = fmax(number_or_0(asked, "duration"), 0);
}

void serve_shown_interval(struct serve_shown *w, const struct longhaul_interval *interval, int64_t monotonic_ns)
{
    struct longhaul_interval here = *interval;
    here.monotonic_ns = monotonic_ns;
    if (!here.is_omitted)
        live_interval(&w->live, &here);
}

void serve_shown_delays(struct serve_shown *w, const char *histogram)
{
    live_delays(&w->live, histogram);
}

/* A test without a planned length has no end. */
static void set_times(const struct serve_shown *w, struct longhaul_status *s, int64_t boot_ns)
{
    int64_t start_wall_ns = clock_wall_ns() - (boot_ns - w->start_boot_ns);
    double elapsed_s = (double)(boot_ns - w->start_boot_ns) / NS_PER_S;
    bool has_end = s->planned_s > 0;
    s->start_unix_s = (double)start_wall_ns / NS_PER_S;
    s->end_unix_s = has_end ? s->start_unix_s + s->planned_s : NAN;
    s->elapsed_s = has_end ? fmin(elapsed_s, s->planned_s) : elapsed_s;
    s->remaining_s = has_end ? s->planned_s - s->elapsed_s : 0;
}

static void take_test(struct serve_shown *w, int64_t boot_ns)
{
    struct longhaul_status *s = &w->port.status, before = *s;
    live_status(&w->live, s);
    s->is_sent = before.is_sent;
    s->planned_s = before.planned_s;
    s->phase = LONGHAUL_PHASE_RUNNING;
    set_times(w, s, boot_ns);
}

void serve_shown_renew(struct serve_shown *w, const struct serve_legs *legs, int64_t boot_ns)
{
    struct longhaul_served_port *port = &w->port;
    const struct longhaul_served_leg *leg = w->is_leg ? serve_legs_of_port(legs, port->port) : NULL;
    if (leg && strcmp(leg->source, port->source) == 0 && strcmp(leg->destination, port->destination) == 0)
        port->status = leg->status;
    else if (port->is_testing)
        take_test(w, boot_ns);
    else
        port->status.newest_age_s = live_age_s(w->live.newest_monotonic_ns);
    port->status.target_bits_per_second = w->target_bps;
    port->status.interval_s = w->interval_s;
}

void serve_shown_test(const struct serve_shown *w, struct longhaul_status *out)
{
    live_status(&w->live, out);
    out->is_sent = w->port.status.is_sent;
}

void serve_shown_end(struct serve_shown *w, const char *how, const struct serve_legs *legs, int64_t boot_ns)
{
    struct longhaul_status *s = &w->port.status;
    if (!w->port.is_testing)
        return;
    serve_shown_renew(w, legs, boot_ns);
    w->port.is_testing = false;
    if (s->phase != LONGHAUL_PHASE_RUNNING) /* the leg's record says how it stands */
        return;
    s->phase = LONGHAUL_PHASE_DONE;
    s->ending = *how ? LONGHAUL_ENDING_GAPS : LONGHAUL_ENDING_COMPLETE;
    s->remaining_s = 0;
    s->bits_per_second = s->jitter_ms = s->rtt_ms = s->newest_loss_percent = s->delays.newest_p99_us = NAN;
}
