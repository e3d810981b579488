/* show_text.c - the output of longhaul show for people: a line for each test, its events, its hours. */

#include <math.h>
#include <stdio.h>

#include "cmd.h"
#include "csv.h"
#include "show.h"

static void print_known(const char *format, const char *unknown, double value)
{
    if (isnan(value))
        fputs(unknown, stdout);
    else
        printf(format, value);
}

static void print_label(const struct longhaul_analysis *test)
{
    const struct longhaul_info *info = longhaul_analysis_info(test);
    cmd_print_path(stdout, info->path);
    printf(": %s->%s: ", info->source, info->destination);
}

/* ---- a line */

static void print_verdict(const struct longhaul_analysis *test)
{
    size_t n;
    const struct longhaul_finding *findings = longhaul_analysis_findings(test, &n);
    printf(", %s", longhaul_verdict_text(longhaul_analysis_verdict(test)));
    for (size_t i = 0; i < n; i++)
        printf("%s%s", i ? ", " : " (", findings[i].rule);
    if (n > 0)
        putchar(')');
}

void show_line(const struct longhaul_analysis *test)
{
    const struct longhaul_info *info = longhaul_analysis_info(test);
    const struct longhaul_summary *summary = longhaul_analysis_summary(test);
    cmd_print_path(stdout, info->path);
    fputs(": ", stdout);
    if (summary->n_intervals == 0 && !(summary->reported_mbps > 0)) {
        printf("%s->%s: no intervals", info->source, info->destination);
    } else if (summary->n_intervals == 0) {
        cmd_print_leg(test);
        fputs(", no intervals", stdout);
        print_verdict(test);
    } else {
        cmd_print_leg(test);
        printf(", %zu intervals%s", summary->n_intervals,
               info->is_journal ? ", in progress or cut short" : info->is_complete ? "" : ", cut short");
        cmd_print_stop(info);
        print_verdict(test);
    }
    printf("%s%s\n", info->error[0] ? ", error: " : "", info->error);
}

/* ---- events */

/* " 3.5 % (usual 0.01), 12 at worst"; nothing for an outage or an end, which have no level. */
static void print_level(const struct longhaul_event *e)
{
    static const char *const units[LONGHAUL_N_EVENT_KINDS] = {
        [LONGHAUL_EVENT_LOSS] = " %", [LONGHAUL_EVENT_RATE_CAP] = " Mbps", [LONGHAUL_EVENT_JITTER] = " ms",
        [LONGHAUL_EVENT_RATE] = " Mbps", [LONGHAUL_EVENT_DELAY] = " ms", [LONGHAUL_EVENT_ROUTE] = " ms",
        [LONGHAUL_EVENT_SILENCE] = " ms"
    };
    if (isnan(e->level) || units[e->kind] == NULL)
        return;
    putchar(' ');
    cmd_print_figure(e->level, units[e->kind]);
    if (!isnan(e->usual)) {
        fputs(" (usual ", stdout);
        cmd_print_figure(e->usual, ")");
    }
    if (!isnan(e->peak)) {
        fputs(", ", stdout);
        cmd_print_figure(e->peak, " at worst");
    }
}

/* An outage of which no packet is known to be lost: none was sent, or nobody counted. */
static void print_lost(const struct longhaul_event *e)
{
    if (e->kind == LONGHAUL_EVENT_OUTAGE && !(e->lost_packets > 0))
        fputs(", packets not sent or unknown", stdout);
    else if (e->kind == LONGHAUL_EVENT_OUTAGE || e->kind == LONGHAUL_EVENT_LOSS || e->kind == LONGHAUL_EVENT_RATE_CAP)
        print_known(", %.0f packets lost", ", loss unknown", e->lost_packets);
}

static void print_what(const struct longhaul_event *e)
{
    fputs(longhaul_event_kind_text(e->kind), stdout);
    if (e->cause[0])
        printf(" (%s)", cmd_safe(e->cause).text);
    print_level(e);
    cmd_print_seconds(", ", e->seconds);
    fputs(e->is_open ? " and goes on" : "", stdout);
    print_lost(e);
}

static void print_scope(const struct longhaul_event *e)
{
    static const char *const opposites[] = { "opposite direction not measured", "opposite direction quiet",
                                             "opposite direction too" };
    char flows[200];
    longhaul_event_flows_text(e, flows, sizeof flows);
    if (e->scope == LONGHAUL_SCOPE_FLOW) {
        printf("; only %s", flows);
        return;
    }
    printf("; %s", opposites[e->opposite]);
    if (e->n_other_measured > 0)
        printf(", %zu of %zu legs of other pairs", e->n_other_affected, e->n_other_measured);
    if (e->scope != LONGHAUL_SCOPE_UNKNOWN)
        printf(": the %s%s%s", longhaul_scope_text(e->scope), e->site[0] ? " at " : "", e->site);
}

/* What traces of the route say. */
static void print_hops(const struct longhaul_event *e)
{
    char hops[400];
    longhaul_event_hops_text(e, hops, sizeof hops);
    if (hops[0])
        printf("; %s", hops);
}

/* For a test without events; bursts cannot be found in a file that does not know its losses. */
static const char *no_events(const struct longhaul_analysis *test)
{
    const struct longhaul_figures *f = longhaul_analysis_figures(test);
    if (longhaul_analysis_summary(test)->n_intervals == 0)
        return "events unknown: no intervals";
    if (f->loss_percent.n == 0)
        return f->jitter_ms.n == 0 ? "no events (no interval knows its loss or jitter)"
                                   : "no events (no interval knows its loss)";
    return (double)f->loss_percent.n < 0.9 * (double)f->rate_mbps.n ? "no events (not every interval knows its loss)"
                                                                    : "no events";
}

void show_events(const struct longhaul_analysis *test)
{
    char time[UTC_TEXT_SIZE];
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(test, &n);
    for (size_t i = 0; i < n; i++) {
        print_label(test);
        if (isnan(events[i].start_unix_s))
            printf("%.3f s: ", events[i].start_s);
        else
            printf("%s: ", utc_text(events[i].start_unix_s, time));
        print_what(&events[i]);
        print_scope(&events[i]);
        print_hops(&events[i]);
        putchar('\n');
    }
    if (n > 0)
        return;
    print_label(test);
    puts(no_events(test));
}

/* ---- hours */

static void print_span(const struct longhaul_span *span, int digits, bool has_delays)
{
    char time[UTC_TEXT_SIZE];
    if (isnan(span->start_unix_s))
        printf("  %-16.0f", span->start_s);
    else
        printf("  %.16s", utc_text(span->start_unix_s, time));
    printf(" %9.*f", digits, span->observed_s);
    print_known(" %10.4f", "          -", span->mean_mbps);
    print_known(" %10.4f", "          -", span->min_mbps);
    print_known(" %10.4f", "          -", span->max_mbps);
    printf(" %-9s", span->rate_kind == LONGHAUL_RATE_KIND_UNKNOWN ? "-" : longhaul_rate_kind_text(span->rate_kind));
    print_known(" %10.0f", "          -", span->lost_packets);
    print_known(" %10.6f", "          -", span->loss_percent);
    print_known(" %9.4f", "         -", span->jitter_p50_ms);
    print_known(" %9.4f", "         -", span->jitter_p95_ms);
    printf(" %8.*f", digits, span->outage_s);
    if (has_delays) {
        print_known(" %9.3f", "         -", span->delay_p50_ms);
        print_known(" %9.3f", "         -", span->delay_p99_ms);
        print_known(" %9.3f", "         -", span->delay_max_ms);
    }
    putchar('\n');
}

static void print_spans(const char *what, const struct longhaul_span *spans, size_t n, bool has_delays)
{
    printf("  %-16s %9s %10s %10s %10s %-9s %10s %10s %9s %9s %8s%s\n", what, "seconds", "mean Mbps", "min", "max",
           "rate", "lost", "loss %", "jit p50", "jit p95", "outage",
           has_delays ? " delay p50       p99       max" : "");
    for (size_t i = 0; i < n; i++)
        print_span(&spans[i], 0, has_delays);
}

void show_hours(const struct longhaul_analysis *test)
{
    char quantum[320];
    size_t n;
    const struct longhaul_figures *figures = longhaul_analysis_figures(test);
    const struct longhaul_span *hours = longhaul_analysis_hours(test, &n);
    bool has_utc = !isnan(figures->start_unix_s), has_delays = longhaul_analysis_delays(test)->n_intervals > 0;
    show_line(test);
    if (n > 0)
        print_spans(has_utc ? "hour (UTC)" : "from (s)", hours, n, has_delays);
    if (figures->n_worst > 0)
        print_spans(has_utc ? "worst minutes" : "minutes from (s)", figures->worst, figures->n_worst, has_delays);
    longhaul_quantum_text(longhaul_analysis_summary(test), figures, quantum, sizeof quantum);
    if (quantum[0])
        printf("  %s\n", quantum);
}
