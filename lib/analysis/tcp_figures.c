/* tcp_figures.c - the figures of a TCP test, compared with what its windows, its loss and its target allow; and round
 * trips measured during any test. formula.c has the formulas. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "base/stats.h"
#include "base/units.h"
#include "model/formula.h"
#include "read/series.h"

#define IPV4 4

/* ---- columns: values of intervals without an artefact */

static size_t known(const struct longhaul_analysis *a, const double *column, double *room)
{
    size_t n = 0;
    for (size_t i = 0; column && i < a->view.n; i++)
        if (view_has_rate(&a->view, i) && !isnan(column[i]))
            room[n++] = column[i];
    return n;
}

/* NAN if no interval has a value. Intervals with artefacts count: retransmissions in them did happen. */
static double sum_of(const struct longhaul_analysis *a, const double *column)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; column && i < a->view.n; i++)
        if (!isnan(column[i])) {
            sum += column[i];
            n++;
        }
    return n ? sum : NAN;
}

static double count_above_0(const struct longhaul_analysis *a, const double *column)
{
    size_t n = 0, n_known = 0;
    for (size_t i = 0; column && i < a->view.n; i++) {
        if (!isnan(column[i]))
            n_known++;
        if (column[i] > 0)
            n++;
    }
    return n_known ? (double)n : NAN;
}

static void fill_sums(struct longhaul_analysis *a, const struct longhaul_series *s)
{
    struct longhaul_tcp *t = &a->tcp;
    t->retransmits = sum_of(a, longhaul_series_column(s, LONGHAUL_COLUMN_RETRANSMITS));
    if (isnan(t->retransmits))
        t->retransmits = a->info.end_retransmits;
    t->spurious_retransmits = sum_of(a, longhaul_series_column(s, LONGHAUL_COLUMN_SPURIOUS_RETRANSMITS));
    t->reorderings = sum_of(a, longhaul_series_column(s, LONGHAUL_COLUMN_REORDERINGS));
    t->out_of_order_segments = sum_of(a, longhaul_series_column(s, LONGHAUL_COLUMN_OUT_OF_ORDER_SEGMENTS));
    t->busy_s = sum_of(a, longhaul_series_column(s, LONGHAUL_COLUMN_BUSY_S));
    t->rwnd_limited_s = sum_of(a, longhaul_series_column(s, LONGHAUL_COLUMN_RWND_LIMITED_S));
    t->sndbuf_limited_s = sum_of(a, longhaul_series_column(s, LONGHAUL_COLUMN_SNDBUF_LIMITED_S));
    t->cwnd_limited_s = t->busy_s - t->rwnd_limited_s - t->sndbuf_limited_s;
    t->n_zero_windows = count_above_0(a, longhaul_series_column(s, LONGHAUL_COLUMN_ZERO_WINDOWS));
}

/* ---- sizes and times */

static double least(const struct longhaul_analysis *a, const double *column, double *room)
{
    return stats_min(room, known(a, column, room));
}

static double median(const struct longhaul_analysis *a, const double *column, double *room)
{
    return stats_median(room, known(a, column, room));
}

/* Intervals without a value, such as a session's last one, count their bytes in segments, plus retransmissions. */
static double sum_segments(const struct longhaul_analysis *a, const double *segments, const double *retransmits)
{
    double sum = 0;
    for (size_t i = 0; i < a->view.n; i++) {
        bool is_known = segments && !isnan(segments[i]);
        double more = is_known ? segments[i] : a->view.bytes[i] / a->tcp.mss_bytes;
        if (!is_known && retransmits && !isnan(retransmits[i]))
            more += retransmits[i];
        sum += isnan(more) ? 0 : more;
    }
    return sum > 0 ? sum : NAN;
}

static void fill_sizes(struct longhaul_analysis *a, const struct longhaul_series *s, double *room)
{
    struct longhaul_tcp *t = &a->tcp;
    figures_percentiles(room, known(a, longhaul_series_column(s, LONGHAUL_COLUMN_SND_CWND_BYTES), room),
                        &t->snd_cwnd_bytes);
    figures_percentiles(room, known(a, longhaul_series_column(s, LONGHAUL_COLUMN_RTT_MS), room), &t->rtt_ms);
    if (t->rtt_ms.n == 0)
        t->rtt_ms = a->figures.path_rtt_ms;
    t->rttvar_ms = median(a, longhaul_series_column(s, LONGHAUL_COLUMN_RTTVAR_MS), room);
    t->min_rtt_ms = least(a, longhaul_series_column(s, LONGHAUL_COLUMN_MIN_RTT_MS), room);
    if (isnan(t->min_rtt_ms))
        t->min_rtt_ms = t->rtt_ms.min;
    t->pmtu_bytes = least(a, longhaul_series_column(s, LONGHAUL_COLUMN_PMTU_BYTES), room);
    t->mss_bytes = least(a, longhaul_series_column(s, LONGHAUL_COLUMN_MSS_BYTES), room);
    if (isnan(t->mss_bytes))
        t->mss_bytes = formula_mss_bytes(t->pmtu_bytes, IPV4, true);
    t->segments = sum_segments(a, longhaul_series_column(s, LONGHAUL_COLUMN_SEGMENTS),
                               longhaul_series_column(s, LONGHAUL_COLUMN_RETRANSMITS));
    t->window_bytes = median(a, longhaul_series_column(s, LONGHAUL_COLUMN_SND_WND_BYTES), room);
    if (!(t->window_bytes > 0))
        t->window_bytes = a->info.window_bytes;
    t->retransmit_percent = a->info.is_sender && t->segments > 0 ? 100 * t->retransmits / t->segments : NAN;
}

/* ---- limits */

static void consider(struct longhaul_tcp *t, double mbps, const char *what)
{
    if (!(mbps < t->limit_mbps) && !(isnan(t->limit_mbps) && mbps > 0))
        return;
    t->limit_mbps = mbps;
    t->limited_by = what;
}

static void fill_limits(struct longhaul_analysis *a)
{
    struct longhaul_tcp *t = &a->tcp;
    double n_streams = a->info.n_streams > 0 ? a->info.n_streams : 1, rtt_ms = t->rtt_ms.p50;
    double lost = t->retransmits - (t->spurious_retransmits > 0 ? t->spurious_retransmits : 0);
    bool heeds_loss = strncmp(a->info.congestion, "bbr", 3) != 0;
    t->window_limit_mbps = formula_window_limit_bps(t->window_bytes, rtt_ms) / BPS_PER_MBPS;
    t->mathis_limit_mbps = NAN;
    if (heeds_loss && lost > 0 && t->segments > 0 && a->info.is_sender)
        t->mathis_limit_mbps =
            n_streams * formula_mathis_bps(t->mss_bytes, rtt_ms, lost / t->segments, 0) / BPS_PER_MBPS;
    t->pacing_mbps = analysis_target_bps(&a->info) / BPS_PER_MBPS;
    t->limit_mbps = NAN;
    t->limited_by = "";
    consider(t, t->window_limit_mbps, "window");
    consider(t, t->mathis_limit_mbps, "loss");
    consider(t, t->pacing_mbps, "pacing");
}

/* ---- the whole */

static bool fill_path_rtt(struct longhaul_analysis *a, const struct longhaul_series *s)
{
    size_t n, n_answered = 0;
    const struct longhaul_rtt_sample *samples = longhaul_series_rtt(s, &n);
    double *values = malloc((n + 1) * sizeof *values);
    if (values == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!isnan(samples[i].rtt_ms))
            values[n_answered++] = samples[i].rtt_ms;
    figures_percentiles(values, n_answered, &a->figures.path_rtt_ms);
    a->figures.n_rtt_unanswered = n - n_answered;
    free(values);
    return true;
}

bool tcp_figures_fill(struct longhaul_analysis *a, const struct longhaul_series *s, double *room)
{
    const struct longhaul_host_drops *drops = longhaul_series_host_drops(s);
    a->has_host_drops = drops != NULL;
    if (drops)
        a->host_drops = *drops;
    const struct longhaul_host_drops *receivers = series_receiver_drops(s);
    a->has_receiver_drops = receivers != NULL;
    if (receivers)
        a->receiver_drops = *receivers;
    if (!fill_path_rtt(a, s))
        return false;
    a->has_tcp = strcmp(a->info.protocol, "TCP") == 0 || longhaul_series_column(s, LONGHAUL_COLUMN_RETRANSMITS) != NULL;
    if (!a->has_tcp)
        return true;
    fill_sums(a, s);
    fill_sizes(a, s, room);
    fill_limits(a);
    return true;
}
