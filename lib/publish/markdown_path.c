/* markdown_path.c - in summary_report.md: TCP compared with what its windows, its loss and its target allow; round
 * trips over the day, and compared with the least that the distance allows. A section without content is omitted. */

#include "publish/markdown.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/stats.h"
#include "base/units.h"
#include "model/formula.h"
#include "model/topology.h"
#include "publish/markdown_cells.h"

#define MOST_COLUMNS 8 /* legs next to each other in a table of hours */
#define MOST_HOURS 200

static const struct longhaul_tcp *tcp_of(const struct longhaul_report *report, size_t leg)
{
    return longhaul_analysis_tcp(report->legs[leg].analysis);
}

static double percent(double part, double whole)
{
    return whole > 0 ? 100 * part / whole : NAN;
}

/* ---- TCP */

static size_t count_tcp(const struct longhaul_report *report)
{
    size_t n = 0;
    for (size_t i = 0; i < report->n_legs; i++)
        n += tcp_of(report, i) != NULL;
    return n;
}

static void write_limits(FILE *out, const struct longhaul_report *report)
{
    fputs("\n**Throughput compared with its limits** (Mbps): the receiver's window in a median round trip; what "
          "Mathis' formula allows at the share of segments that was lost; the target. The limit is the least of those "
          "that are known. CUBIC exceeds Mathis on a long path, and BBR ignores loss.\n\n| Direction | Congestion "
          "control | Rate | Limit | By | Of limit % | Window | Loss (Mathis) | Pacing "
          "|\n|---|---|---:|---:|---|---:|---:|---:|---:|\n",
          out);
    for (size_t i = 0; i < report->n_legs; i++) {
        const struct longhaul_tcp *t = tcp_of(report, i);
        if (t == NULL)
            continue;
        const char *congestion = report->legs[i].info->congestion;
        leg_cell(out, report, i);
        text_cell(out, congestion[0] ? congestion : "-");
        cell(out, wording_rate(&report->legs[i], ""));
        cell(out, wording_short(t->limit_mbps, ""));
        text_cell(out, t->limited_by[0] ? t->limited_by : "-");
        cell(out, wording_short(percent(longhaul_analysis_rate(report->legs[i].analysis)->mbps, t->limit_mbps), ""));
        cell(out, wording_short(t->window_limit_mbps, ""));
        cell(out, wording_short(t->mathis_limit_mbps, ""));
        cell(out, wording_short(t->pacing_mbps, ""));
        fputs("\n", out);
    }
}

static void write_sender(FILE *out, const struct longhaul_report *report)
{
    fputs("\n**What the sender's kernel knows**: retransmits, the congestion window, TCP's round trip, and for how "
          "much of the time with data to send the receiver's window or the send buffer limited it\n\n| Direction | "
          "Retransmits | Of segments % | Needless | Out of order | cwnd p50 kB | RTT p50 ms | p95 ms | least ms | "
          "Window % | Buffer % | Path MTU |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
          out);
    for (size_t i = 0; i < report->n_legs; i++) {
        const struct longhaul_tcp *t = tcp_of(report, i);
        if (t == NULL)
            continue;
        leg_cell(out, report, i);
        cell(out, wording_count(t->retransmits));
        cell(out, wording_short(t->retransmit_percent, ""));
        cell(out, wording_count(t->spurious_retransmits));
        cell(out, wording_count(t->out_of_order_segments));
        cell(out, wording_short(t->snd_cwnd_bytes.p50 / 1e3, ""));
        cell(out, wording_short(t->rtt_ms.p50, ""));
        cell(out, wording_short(t->rtt_ms.p95, ""));
        cell(out, wording_short(t->min_rtt_ms, ""));
        cell(out, wording_short(percent(t->rwnd_limited_s, t->busy_s), ""));
        cell(out, wording_short(percent(t->sndbuf_limited_s, t->busy_s), ""));
        cell(out, wording_count(t->pmtu_bytes));
        fputs("\n", out);
    }
}

/* ---- round trips */

/* Those measured during the test, else TCP's own. */
static const struct longhaul_percentiles *round_trips(const struct longhaul_report *report, size_t leg)
{
    const struct longhaul_percentiles *p = &longhaul_analysis_figures(report->legs[leg].analysis)->path_rtt_ms;
    return p->n > 0 || tcp_of(report, leg) == NULL ? p : &tcp_of(report, leg)->rtt_ms;
}

static const char *method(const struct longhaul_report *report, size_t leg)
{
    const struct report_leg *l = &report->legs[leg];
    bool is_measured = longhaul_analysis_figures(l->analysis)->path_rtt_ms.n > 0;
    return !is_measured ? "TCP under test" : strcmp(l->info->rtt_method, "icmp") == 0 ? "ICMP echo" : "TCP handshake";
}

static void write_round_trip(FILE *out, const struct longhaul_report *report, size_t leg)
{
    const struct longhaul_percentiles *p = round_trips(report, leg);
    const struct longhaul_figures *f = longhaul_analysis_figures(report->legs[leg].analysis);
    double km = topology_distance_km(report->options->topology, report->legs[leg].info->source,
                                     report->legs[leg].info->destination),
           floor_ms = formula_least_rtt_ms(km);
    leg_cell(out, report, leg);
    text_cell(out, method(report, leg));
    cell(out, wording_count((double)p->n));
    cell(out, wording_count((double)f->n_rtt_unanswered));
    cell(out, wording_short(p->min, ""));
    cell(out, wording_short(p->p50, ""));
    cell(out, wording_short(p->p95, ""));
    cell(out, wording_short(p->max, ""));
    cell(out, wording_count(km));
    cell(out, wording_short(floor_ms, ""));
    cell(out, wording_short(p->min / floor_ms, p->min < floor_ms ? ": are the places right?" : ""));
    fputs("\n", out);
}

static size_t count_round_trips(const struct longhaul_report *report)
{
    size_t n = 0;
    for (size_t i = 0; i < report->n_legs; i++)
        n += round_trips(report, i)->n > 0;
    return n;
}

static bool has_own_round_trips(const struct longhaul_report *report)
{
    for (size_t i = 0; i < report->n_legs; i++)
        if (longhaul_analysis_figures(report->legs[i].analysis)->path_rtt_ms.n > 0)
            return true;
    return false;
}

/* ---- round trips over the day */

/* The median of the samples in the hour; NAN if none exist. room holds all of the leg's. */
static double median_in_hour(const struct report_leg *leg, double hour_unix_s, double *room)
{
    size_t n, n_in = 0;
    const struct longhaul_rtt_sample *samples = longhaul_series_rtt(leg->series, &n);
    double start_unix_s = longhaul_analysis_figures(leg->analysis)->start_unix_s;
    for (size_t i = 0; i < n; i++) {
        double at = start_unix_s + samples[i].start_s;
        if (at >= hour_unix_s && at < hour_unix_s + HOUR_S && !isnan(samples[i].rtt_ms))
            room[n_in++] = samples[i].rtt_ms;
    }
    return stats_median(room, n_in);
}

/* Finds the first and last hour of all legs, and the greatest number of samples of one leg. False if there are no
 * samples, or the day is unknown. */
static bool span_of_hours(const struct longhaul_report *report, double *first, double *last, size_t *most)
{
    *first = INFINITY;
    *last = -INFINITY;
    *most = 0;
    for (size_t i = 0; i < report->n_legs; i++) {
        size_t n;
        const struct longhaul_rtt_sample *samples = longhaul_series_rtt(report->legs[i].series, &n);
        double start_unix_s = longhaul_analysis_figures(report->legs[i].analysis)->start_unix_s;
        if (n == 0 || !(fabs(start_unix_s) < 1e11))
            continue;
        *first = fmin(*first, floor((start_unix_s + samples[0].start_s) / HOUR_S) * HOUR_S);
        *last = fmax(*last, floor((start_unix_s + samples[n - 1].start_s) / HOUR_S) * HOUR_S);
        *most = n > *most ? n : *most;
    }
    return *most > 0 && *last - *first <= MOST_HOURS * HOUR_S;
}

static void write_hours(FILE *out, const struct longhaul_report *report)
{
    double first, last;
    size_t most, columns[MOST_COLUMNS], n = 0;
    for (size_t i = 0, n_samples; i < report->n_legs && n < MOST_COLUMNS; i++)
        if (longhaul_series_rtt(report->legs[i].series, &n_samples), n_samples > 0)
            columns[n++] = i;
    if (n == 0 || !span_of_hours(report, &first, &last, &most) || first == last)
        return;
    double *room = malloc(most * sizeof *room);
    if (room == NULL)
        return;
    fputs("\nMedian of each hour (ms); the directions' charts have every one.\n\n| Hour (UTC) |", out);
    for (size_t k = 0; k < n; k++)
        text_cell(out, wording_run(report, columns[k]).text);
    fputs("\n|---|", out);
    for (size_t k = 0; k < n; k++)
        fputs("---:|", out);
    for (double hour = first; hour <= last; hour += HOUR_S) {
        fprintf(out, "\n| %.16s |", wording_utc(hour).text);
        for (size_t k = 0; k < n; k++)
            cell(out, wording_short(median_in_hour(&report->legs[columns[k]], hour, room), ""));
    }
    fputs("\n", out);
    free(room);
}

void markdown_write_path(FILE *out, const struct longhaul_report *report)
{
    if (count_tcp(report) > 0) {
        fputs("\n## TCP\n", out);
        write_limits(out, report);
        write_sender(out, report);
    }
    if (count_round_trips(report) == 0)
        return;
    fputs("\n## Round trips\n\n", out);
    fputs(has_own_round_trips(report) ? "Measured during the test, once a minute, or TCP's own"
                                      : "TCP's own, of the data under test",
          out);
    fputs(". The floor is what light in fibre needs for the distance between the sites, there and back", out);
    fputs(report->options->topology ? ".\n\n" : "; `--config` gives their coordinates.\n\n", out);
    fputs("| Direction | By | Answered | Unanswered | Least ms | p50 ms | p95 ms | Most ms | Distance km | Floor ms | "
          "Least / floor |\n"
          "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
          out);
    for (size_t i = 0; i < report->n_legs; i++)
        if (round_trips(report, i)->n > 0)
            write_round_trip(out, report, i);
    write_hours(out, report);
}
