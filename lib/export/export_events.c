/* export_events.c - the events of a test as series that are 1 while they last, and the figures of the test as a whole,
 * which are told once, at its end. */

#include "export/export_series.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"

/* ---- events */

static void begin_event(struct export_maker *maker, const char *family, const struct longhaul_event *e, char kind[32])
{
    snprintf(kind, 32, "%s", longhaul_event_kind_text(e->kind));
    for (char *c = kind; *c; c++)
        *c = *c == ' ' ? '_' : *c;
    export_maker_begin(maker, family);
    export_maker_label(maker, "kind", kind);
    export_maker_label(maker, "cause", e->cause);
}

static bool is_same_series(const struct longhaul_event *x, const struct longhaul_event *y)
{
    return x->kind == y->kind && strcmp(x->cause, y->cause) == 0;
}

/* 1 at its start and each minute while it lasts, 0 at its end. */
static void add_lasting(struct export_maker *maker, const struct longhaul_event *e)
{
    int64_t start = export_time_ms(maker->test, e->start_s), end = export_time_ms(maker->test, e->start_s + e->seconds);
    for (int64_t ms = start; ms < end || ms == start; ms += export_every_ms(maker->test))
        export_maker_add(maker, ms, 1);
    if (!e->is_open)
        export_maker_add(maker, end, 0);
}

static void add_event(struct export_maker *maker, const char *family, const struct longhaul_event *e)
{
    if (strcmp(family, "event_active") == 0)
        add_lasting(maker, e);
    else
        export_maker_add(maker, export_time_ms(maker->test, e->start_s + e->seconds),
                         strcmp(family, "event_seconds") == 0 ? e->seconds : e->lost_packets);
}

/* One series for each kind and cause: all events like the first one. */
static int make_like(struct export_maker *maker, const char *family, const struct longhaul_event *events, size_t i,
                     size_t n)
{
    char kind[32];
    for (size_t k = 0; k < i; k++)
        if (is_same_series(&events[k], &events[i]))
            return 0;
    begin_event(maker, family, &events[i], kind);
    for (size_t k = i; k < n; k++)
        if (is_same_series(&events[k], &events[i]))
            add_event(maker, family, &events[k]);
    return export_maker_end(maker);
}

int export_events(struct export_maker *maker)
{
    static const char *const names[] = { "event_active", "event_seconds", "event_lost_packets" };
    size_t n;
    int rc = 0;
    const struct longhaul_event *events = longhaul_analysis_events(maker->test->analysis, &n);
    for (size_t f = 0; f < sizeof names / sizeof *names; f++)
        for (size_t i = 0; rc == 0 && i < n; i++)
            rc = make_like(maker, names[f], events, i, n);
    return rc;
}

/* ---- the whole test */

struct total {
    const char *family;
    double value;
    const char *label, *label_value; /* NULL: none */
};

static int put_totals(struct export_maker *maker, const struct total *totals, size_t n)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < n; i++) {
        export_maker_begin(maker, totals[i].family);
        if (totals[i].label)
            export_maker_label(maker, totals[i].label, totals[i].label_value);
        export_maker_add(maker, maker->test->last_ms, totals[i].value);
        rc = export_maker_end(maker);
    }
    return rc;
}

int export_totals(struct export_maker *maker)
{
    const struct longhaul_analysis *a = maker->test->analysis;
    const struct longhaul_figures *f = longhaul_analysis_figures(a);
    const struct longhaul_loss *loss = longhaul_analysis_loss(a);
    const struct longhaul_order *order = longhaul_analysis_order(a);
    const struct longhaul_delays *d = longhaul_analysis_delays(a);
    const struct longhaul_rate *rate = longhaul_analysis_rate(a);
    const struct longhaul_tcp *tcp = longhaul_analysis_tcp(a);
    size_t n_events;
    longhaul_analysis_events(a, &n_events);
    bool is_sound = loss->percent >= 0 && loss->percent <= 100;
    const struct total totals[] = {
        { "coverage_ratio", f->coverage, NULL, NULL },
        { "test_availability_ratio", f->availability, NULL, NULL },
        { "test_bytes", maker->test->n > 0 ? (double)f->bytes : NAN, NULL, NULL },
        { "test_packets", loss->total, NULL, NULL },
        { "test_lost_packets", loss->lost, NULL, NULL },
        { "test_loss_ratio", is_sound ? loss->percent / 100 : NAN, NULL, NULL },
        { "test_rate_bytes_per_second", rate->mbps * BPS_PER_MBPS / 8, "kind", longhaul_rate_kind_text(rate->kind) },
        { "test_intervals", (double)maker->test->n, NULL, NULL },
        { "test_observed_seconds", longhaul_analysis_summary(a)->observed_s, NULL, NULL },
        { "test_downtime_seconds", f->downtime_s, NULL, NULL },
        { "test_jitter_p95_seconds", f->jitter_ms.p95 / 1e3, NULL, NULL },
        { "test_delay_p50_seconds", d->p50_ms / 1e3, NULL, NULL },
        { "test_delay_p99_seconds", d->p99_ms / 1e3, NULL, NULL },
        { "test_delay_max_seconds", d->max_ms / 1e3, NULL, NULL },
        { "test_out_of_order_packets", order->out_of_order_packets, NULL, NULL },
        { "test_duplicate_packets", order->duplicate_packets, NULL, NULL },
        { "test_retransmits", tcp ? tcp->retransmits : NAN, NULL, NULL },
        { "test_events", (double)n_events, NULL, NULL },
        { "test_verdict", 1, "verdict", longhaul_verdict_text(longhaul_analysis_verdict(a)) },
    };
    return put_totals(maker, totals, sizeof totals / sizeof *totals);
}
