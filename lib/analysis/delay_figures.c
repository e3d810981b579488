/* delay_figures.c - what is known of a test's delays in queues, silences and losses in a row, as a whole and in spans
 * of time. */

#include <string.h>

#include "analysis/analysis.h"
#include "base/histogram.h"
#include "base/stats.h"
#include "base/units.h"
#include "model/delay.h"
#include "read/series.h"

#define HISTOGRAM_S 60.0 /* a shorter span has parts of a histogram: its intervals' own percentiles count */

static double ms(double us)
{
    return us / US_PER_MS;
}

static double sum_of(const double *values, const struct view *v)
{
    double sum = 0;
    for (size_t i = 0; i < v->n; i++)
        sum += view_is_usable(v, i) && values[i] > 0 ? values[i] : 0;
    return sum;
}

static double most_of(const double *values, const struct view *v)
{
    double most = NAN;
    for (size_t i = 0; i < v->n; i++)
        if (view_is_usable(v, i))
            most = fmax(most, values[i]); /* fmax ignores NAN */
    return most;
}

static double median_of(const double *values, const struct view *v, double *room)
{
    size_t n = 0;
    for (size_t i = 0; i < v->n; i++)
        if (view_is_usable(v, i) && !isnan(values[i]))
            room[n++] = values[i];
    return n > 0 ? stats_median(room, n) : NAN;
}

static void take_datagrams(struct longhaul_delays *d, const struct view *v)
{
    struct histogram h = { 0 };
    series_delays(v->delay.series, -INFINITY, INFINITY, &h);
    d->n_datagrams = (double)h.n;
    d->p50_ms = ms(histogram_quantile(&h, 0.5));
    d->p95_ms = ms(histogram_quantile(&h, 0.95));
    d->p99_ms = ms(histogram_quantile(&h, 0.99));
    d->p99_9_ms = ms(histogram_quantile(&h, 0.999));
    struct delay_buckets buckets;
    delay_buckets_of(&h, &buckets);
    memcpy(d->n_within, buckets.n_within, sizeof d->n_within);
    d->p99_of_buckets_ms = 1e3 * delay_buckets_quantile(&buckets, h.n, 0.99);
}

static void take_changes(struct longhaul_delays *d, const struct view *v)
{
    for (size_t i = 0; i < v->n; i++) {
        double shift = v->delay.shift[i];
        d->n_steps += view_is_usable(v, i) && !isnan(v->delay.step[i]);
        if (!view_is_usable(v, i) || isnan(shift))
            continue;
        d->n_shifts++;
        d->shift_ms = isnan(d->shift_ms) || fabs(ms(shift)) > fabs(d->shift_ms) ? ms(shift) : d->shift_ms;
    }
}

void delay_figures_fill(struct longhaul_analysis *a, double *room)
{
    const struct view *v = &a->view;
    struct longhaul_delays *d = &a->delays;
    *d = (struct longhaul_delays){ .p50_ms = NAN, .p95_ms = NAN, .p99_ms = NAN, .p99_9_ms = NAN, .max_ms = NAN,
                                   .max_at_s = NAN, .ipdv_p50_ms = NAN, .ipdv_p99_ms = NAN, .shift_ms = NAN,
                                   .n_silences = NAN, .longest_silence_ms = NAN, .loss_runs = NAN,
                                   .longest_run = NAN, .read_late_ms = NAN, .p99_of_buckets_ms = NAN };
    for (size_t i = 0; i < v->n; i++) {
        if (!view_has_delay(v, i))
            continue;
        d->n_intervals++;
        if (!(ms(v->delay.max[i]) <= d->max_ms)) {
            d->max_ms = ms(v->delay.max[i]);
            d->max_at_s = v->start_s[i];
        }
    }
    if (d->n_intervals == 0)
        return;
    take_datagrams(d, v);
    take_changes(d, v);
    d->ipdv_p50_ms = ms(median_of(v->delay.ipdv50, v, room));
    d->ipdv_p99_ms = ms(median_of(v->delay.ipdv99, v, room));
    d->n_silences = sum_of(v->delay.silences, v);
    d->longest_silence_ms = ms(most_of(v->delay.silence, v));
    d->loss_runs = sum_of(v->delay.loss_runs, v);
    d->longest_run = most_of(v->delay.longest_run, v);
    d->read_late_ms = ms(most_of(v->delay.read, v));
}

const struct longhaul_delays *longhaul_analysis_delays(const struct longhaul_analysis *analysis)
{
    return &analysis->delays;
}

/* Of a short span the median of the intervals' medians, and the greatest of their 99th percentiles. */
static void take_intervals(const struct view *v, size_t first, size_t end, double *room, struct longhaul_span *span)
{
    size_t n = 0;
    for (size_t i = first; i < end; i++) {
        if (!view_has_delay(v, i))
            continue;
        room[n++] = ms(v->delay.p50[i]);
        span->delay_p99_ms = fmax(span->delay_p99_ms, ms(v->delay.p99[i]));
    }
    span->delay_p50_ms = n > 0 ? stats_median(room, n) : NAN;
}

void delay_figures_of_span(const struct view *v, size_t first, size_t end, double end_s, double *room,
                           struct longhaul_span *span)
{
    struct histogram h = { 0 };
    span->delay_p50_ms = span->delay_p99_ms = span->delay_max_ms = NAN;
    for (size_t i = first; i < end; i++)
        if (view_has_delay(v, i))
            span->delay_max_ms = fmax(span->delay_max_ms, ms(v->delay.max[i]));
    if (isnan(span->delay_max_ms))
        return;
    if (end_s - span->start_s >= HISTOGRAM_S)
        series_delays(v->delay.series, span->start_s, end_s, &h);
    if (h.n == 0) {
        take_intervals(v, first, end, room, span);
        return;
    }
    span->delay_p50_ms = ms(histogram_quantile(&h, 0.5));
    span->delay_p99_ms = ms(histogram_quantile(&h, 0.99));
}
