/* objective_windows.c - divides a test into seconds, minutes or hours of UTC, and counts those that kept a limit. A
 * window of which a part was not observed counts only if that part cannot tip it. */

#include "analysis/objective_windows.h"

#include <stdlib.h>

#include "analysis/spans.h"
#include "base/histogram.h"
#include "base/stats.h"
#include "base/units.h"
#include "model/objective.h"
#include "read/series.h"

#define LONGEST_INTERVAL 1.5 /* windows: of longer intervals, nobody knows what happened in the windows */
#define EDGE 1e-6            /* of a window: its times are sums */

/* ---- the grid */

/* Windows begin at base_s + k * length_s on the test's axis, and those of which at least half is in the test count. */
struct windows {
    struct grid grid;
    double base_s, first, n, n_complete; /* first: the k of the first that counts; n with those to come */
};

static struct windows windows_of(const struct objective_test *t, double length_s)
{
    const struct view *v = &t->view;
    struct windows w = { .grid = spans_grid(v, length_s) };
    double usual_s = length_s / fmax(rint(length_s / v->usual_s), 1), all_s = t->end_s + t->to_come_s;
    w.base_s = spans_start(v, -w.grid.shift_s, &w.grid) + (w.grid.shift_s != 0 ? usual_s / 2 - w.grid.shift_s : 0);
    w.first = ceil((-length_s / 2 - w.base_s) / length_s - EDGE);
    w.n = fmax(0, floor((all_s - length_s / 2 - w.base_s) / length_s + EDGE) - w.first + 1);
    w.n_complete = t->to_come_s > 0
                       ? fmax(0, floor((t->end_s - length_s - w.base_s) / length_s + EDGE) - w.first + 1)
                       : w.n;
    return w;
}

/* The number of the window in which an interval counts, from that of the first one that counts. */
static double window_of(const struct objective_test *t, const struct windows *w, size_t i)
{
    double start_s = spans_start(&t->view, t->view.start_s[i], &w->grid),
           zero_s = spans_start(&t->view, -w->grid.shift_s, &w->grid);
    return rint((start_s - zero_s) / w->grid.length_s) - w->first;
}

/* ---- one window */

/* Intervals first..end-1, in a window from from_s to to_s that lies in the test. */
struct window {
    size_t first, end;
    double from_s, to_s, missing_s;
};

/* No datagram came, and that is known: there is no delay, jitter or loss. */
static const struct objective_range nothing = { INFINITY, -INFINITY };

static struct objective_range loss_of(const struct objective_test *t, const struct window *w)
{
    double lost = 0, packets = 0;
    for (size_t i = w->first; i < w->end; i++)
        if (objective_test_knows(t, LONGHAUL_OBJECTIVE_LOSS, i)) {
            lost += t->lost[i];
            packets += t->packets[i];
        }
    double more = w->missing_s > 0 ? t->pace * w->missing_s : 0, all = packets + more;
    if (all == 0)
        return nothing;
    return (struct objective_range){ 100 * lost / all, 100 * (lost + more) / all };
}

static struct objective_range rate_of(const struct objective_test *t, const struct window *w)
{
    double bits = 0, seconds = w->missing_s, target_bps = analysis_target_bps(&t->a->info);
    for (size_t i = w->first; i < w->end; i++)
        if (objective_test_knows(t, LONGHAUL_OBJECTIVE_RATE, i)) {
            bits += objective_test_arrived(t, i);
            seconds += t->view.seconds[i];
        }
    double more = w->missing_s > 0 ? (isnan(target_bps) ? INFINITY : target_bps * w->missing_s) : 0;
    return (struct objective_range){ bits / seconds, (bits + more) / seconds };
}

static double quantile(double *values, size_t n, double share)
{
    double value = NAN;
    if (share < 0)
        return 0;
    if (share > 1)
        return INFINITY;
    stats_quantiles(values, n, &share, 1, &value);
    return value;
}

static struct objective_range jitter_of(const struct objective_test *t, const struct window *w, double *room)
{
    size_t n = 0;
    for (size_t i = w->first; i < w->end; i++)
        if (view_has_jitter(&t->view, i))
            room[n++] = t->view.jitter_ms[i];
    double known_s = w->to_s - w->from_s - w->missing_s;
    if (n == 0 || !(known_s > 0))
        return w->missing_s > 0 ? (struct objective_range){ 0, INFINITY } : nothing;
    double least = objective_shifted(OBJECTIVE_JITTER_SHARE, known_s, w->missing_s, false),
           most = objective_shifted(OBJECTIVE_JITTER_SHARE, known_s, w->missing_s, true);
    return (struct objective_range){ quantile(room, n, least), quantile(room, n, most) };
}

/* Histograms are of 10 s or a minute, and do not begin with windows. Where the intervals' own percentiles are all on
 * one side of the limit, so is the window's. */
static struct objective_range delay_of(const struct objective_test *t, const struct window *w, double share,
                                       double limit_ms)
{
    const double *own = share > 0.5 ? t->view.delay.p99 : t->view.delay.p50;
    double least_ms = INFINITY, most_ms = -INFINITY, known_s = w->to_s - w->from_s - w->missing_s;
    struct histogram h = { 0 };
    for (size_t i = w->first; i < w->end; i++)
        if (view_has_delay(&t->view, i) && !isnan(own[i])) {
            least_ms = fmin(least_ms, own[i] / US_PER_MS);
            most_ms = fmax(most_ms, own[i] / US_PER_MS);
        }
    if (most_ms < least_ms)
        return w->missing_s > 0 ? (struct objective_range){ 0, INFINITY } : nothing;
    if (w->missing_s == 0 && (most_ms <= limit_ms || least_ms > limit_ms || w->end - w->first == 1))
        return (struct objective_range){ least_ms, most_ms };
    series_delays(t->series, w->from_s, w->to_s, &h);
    if (h.n == 0)
        return (struct objective_range){ w->missing_s > 0 ? 0 : least_ms, w->missing_s > 0 ? INFINITY : most_ms };
    double from = objective_shifted(share, known_s, w->missing_s, false),
           to = objective_shifted(share, known_s, w->missing_s, true);
    return (struct objective_range){ from < 0 ? 0 : histogram_quantile(&h, from) / US_PER_MS,
                                     to > 1 ? INFINITY : histogram_quantile(&h, to) / US_PER_MS };
}

static struct objective_range range_of(const struct objective_test *t, const struct longhaul_objective *o,
                                       const struct window *w, double *room)
{
    switch (o->quantity) {
    case LONGHAUL_OBJECTIVE_LOSS: return loss_of(t, w);
    case LONGHAUL_OBJECTIVE_RATE: return rate_of(t, w);
    case LONGHAUL_OBJECTIVE_JITTER: return jitter_of(t, w, room);
    case LONGHAUL_OBJECTIVE_DELAY_P50: return delay_of(t, w, 0.5, o->limit);
    case LONGHAUL_OBJECTIVE_DELAY_P99: return delay_of(t, w, 0.99, o->limit);
    default: return (struct objective_range){ NAN, NAN };
    }
}

/* ---- all windows */

/* Windows first..end-1 have no interval that begins in them. Those that holes reach are unknown; the others were
 * observed by an interval that begins elsewhere, and do not count. */
static double count_absorbed(const struct objective_test *t, const struct windows *w, double first, double end)
{
    double length_s = w->grid.length_s, from_s = w->base_s + (w->first + first) * length_s, n_holes = 0, next = 0,
           n = fmin(end, w->n_complete) - first, to_s = from_s + n * length_s;
    for (size_t k = objective_first_hole(t, from_s); k < t->n_holes && t->holes[k].from_s < to_s; k++) {
        double low = fmax(floor((t->holes[k].from_s - from_s) / length_s + EDGE), next),
               high = fmin(ceil((t->holes[k].to_s - from_s) / length_s - EDGE), n);
        n_holes += fmax(high - low, 0);
        next = fmax(next, high);
    }
    return fmax(n - n_holes, 0);
}

static void judge_window(const struct objective_test *t, struct window *w, double *room, double *n_absorbed,
                         struct longhaul_objective_result *r)
{
    const struct longhaul_objective *o = &r->objective;
    w->from_s = fmax(w->from_s, 0);
    w->to_s = fmin(w->to_s, t->end_s);
    w->missing_s = objective_missing_s(t, w->from_s, w->to_s);
    struct objective_range range = range_of(t, o, w, room);
    enum objective_kept kept = objective_keeps(range, o->limit, objective_quantity(o->quantity)->is_least);
    if (range.least > range.most) {
        ++*n_absorbed;
        return;
    }
    r->n_good += kept == OBJECTIVE_KEPT;
    r->n_bad += kept == OBJECTIVE_BROKEN;
}

/* Intervals come by time, but for those that overlap: they count in the window of those before them. */
static void count(const struct objective_test *t, const struct windows *w, double *room, double *n_absorbed,
                  struct longhaul_objective_result *r)
{
    const struct view *v = &t->view;
    double next = 0; /* the window after the last one */
    for (size_t i = 0; i < v->n;) {
        double k = window_of(t, w, i);
        struct window window = { .first = i, .from_s = w->base_s + (w->first + k) * w->grid.length_s };
        window.to_s = window.from_s + w->grid.length_s;
        for (i++; i < v->n && window_of(t, w, i) <= k; i++)
            ;
        window.end = i;
        if (k < 0 || k >= w->n_complete)
            continue;
        if (k > next)
            *n_absorbed += count_absorbed(t, w, next, k);
        judge_window(t, &window, room, n_absorbed, r);
        next = k + 1;
    }
    if (v->n > 0 && next < w->n_complete)
        *n_absorbed += count_absorbed(t, w, next, w->n_complete);
}

bool objective_count_windows(const struct objective_test *t, struct longhaul_objective_result *r)
{
    struct windows w = windows_of(t, r->objective.window_s);
    double n_absorbed = 0, n_judged = r->n_good + r->n_bad;
    double *room = malloc((t->view.n + 1) * sizeof *room);
    if (room == NULL)
        return false;
    if (t->view.usual_s > 0 && t->view.usual_s <= LONGEST_INTERVAL * r->objective.window_s)
        count(t, &w, room, &n_absorbed, r);
    free(room);
    n_judged = r->n_good + r->n_bad - n_judged;
    r->n_unknown += fmax(w.n_complete - n_absorbed - n_judged, 0);
    r->n_to_come += w.n - w.n_complete;
    return true;
}
