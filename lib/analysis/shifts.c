/* shifts.c - rate shifts: where the mean rate of a test changes permanently or for a while. Uses PELT on bins
 * (change.c), then locates each edge to the interval. longhaul.h has the definition. */

#include <math.h>
#include <stdlib.h>

#include "analysis/analysis.h"
#include "analysis/change.h"
#include "base/stats.h"
#include "base/units.h"

#define LEAST_BIN 5            /* intervals: the least and greatest of a bin are excluded, so that a single spike is
                                * not a shift */
#define MOST_BINS 1440
#define LEAST_BINS 6
#define MIN_SEGMENT 2          /* bins */
#define PENALTY 3.0            /* times ln(bins) and the noise */
#define LEAST_SHARE 0.005      /* of the rate */
#define MAD_OF_NORMAL 0.6745
#define MOST_CORRELATION 0.9

struct rates {
    double *mbps;      /* of intervals with a known rate outside outages */
    size_t *interval;  /* which */
    size_t n;
    double *bins;      /* trimmed means */
    size_t n_bins, bin;
    double *spare;
    size_t *edges;
    size_t n_edges;
};

static void take_rates(const struct view *v, const struct event_list *list, struct rates *r)
{
    size_t k = 0;
    for (size_t i = 0; i < v->n; i++) {
        while (k < list->n && (list->events[k].kind != LONGHAUL_EVENT_OUTAGE ||
                               i > list->events[k].first + list->events[k].n_intervals))
            k++;
        bool is_outage = k < list->n && i >= list->events[k].first;
        if (!view_has_rate(v, i) || is_outage || view_is_dead(v, i))
            continue;
        r->mbps[r->n] = v->bps[i] / BPS_PER_MBPS;
        r->interval[r->n++] = i;
    }
}

/* The mean without a fifth of the values at either end. */
static double trimmed_mean(double *x, size_t n)
{
    return stats_trimmed_mean(x, n, n / 5);
}

static void fill_bins(struct rates *r)
{
    r->bin = (r->n + MOST_BINS - 1) / MOST_BINS;
    if (r->bin < LEAST_BIN)
        r->bin = LEAST_BIN;
    for (size_t i = 0; i + r->bin <= r->n; i += r->bin) { /* the remainder after the last whole bin belongs to that
                                                           * bin */
        for (size_t k = 0; k < r->bin; k++)
            r->spare[k] = r->mbps[i + k];
        r->bins[r->n_bins++] = trimmed_mean(r->spare, r->bin);
    }
}

/* Standard deviation of x[i + lag] - x[i], from its median absolute value, which shifts do not change. */
static double deviation_at(const double *x, size_t n, size_t lag, double *spare)
{
    for (size_t i = 0; i + lag < n; i++)
        spare[i] = fabs(x[i + lag] - x[i]);
    return n > lag ? stats_median(spare, n - lag) / MAD_OF_NORMAL : 0;
}

/* Variance of a segment's mean: the noise of a bin, and more if bins are correlated (first-order: the differences at
 * lags 1 and 2 have variances 2 s2 (1 - r) and 2 s2 (1 - r2), so their ratio is 1 + r). */
static double noise_of(const struct rates *r, double quantum_mbps)
{
    double one = deviation_at(r->bins, r->n_bins, 1, r->spare), two = deviation_at(r->bins, r->n_bins, 2, r->spare);
    double correlation = one > 0 ? fmin(fmax(two * two / (one * one) - 1, 0), MOST_CORRELATION) : 0;
    double variance = one * one / (2 * (1 - correlation)) * (1 + correlation) / (1 - correlation);
    double least = 0.5 * quantum_mbps / sqrt((double)r->bin);
    return fmax(variance, least * least);
}

/* One packet per interval if that is known; else a millionth of the rate. */
static double quantum_of(const struct view *v, const struct rates *r)
{
    double sum = 0, packets = 0;
    for (size_t k = 0; k < r->n; k++) {
        size_t i = r->interval[k];
        if (v->packets[i] > 0 && v->bytes[i] > 0) {
            sum += v->bytes[i];
            packets += v->packets[i];
        }
    }
    return packets > 0 ? 8 * sum / packets / v->usual_s / BPS_PER_MBPS : 1e-6 * fabs(stats_mean(r->bins, r->n_bins));
}

/* Locates the edge between two levels to the interval: least squares within less than a bin on either side, so that no
 * segment, of at least two bins, becomes empty. */
static size_t refine(const struct rates *r, size_t edge, double before, double after)
{
    size_t reach = r->bin - 1, from = edge - reach, to = edge + reach, best = from;
    double gain = 0, least = 0;
    for (size_t i = from; i < to; i++) {
        double to_before = r->mbps[i] - before, to_after = r->mbps[i] - after;
        gain += to_before * to_before - to_after * to_after;
        if (gain < least) {
            least = gain;
            best = i + 1;
        }
    }
    return best;
}

/* The level of segment k, whose edges are still bins. */
static double level_of(const struct rates *r, size_t k)
{
    size_t a = k == 0 ? 0 : r->edges[k - 1], b = k < r->n_edges ? r->edges[k] : r->n_bins;
    for (size_t i = a; i < b; i++)
        r->spare[i - a] = r->bins[i];
    return trimmed_mean(r->spare, b - a);
}

/* Removes the smallest step as long as it is too small to be reported. */
static void drop_small_steps(struct rates *r, double *levels, double least_mbps)
{
    for (;;) {
        size_t smallest = 0;
        double step = INFINITY;
        for (size_t k = 0; k < r->n_edges; k++) {
            double size = fabs(levels[k + 1] - levels[k]) /
                          fmax(least_mbps, LEAST_SHARE * fmax(fabs(levels[k]), fabs(levels[k + 1])));
            if (size < step) {
                step = size;
                smallest = k;
            }
        }
        if (r->n_edges == 0 || step >= 1)
            return;
        for (size_t k = smallest; k + 1 < r->n_edges; k++) {
            r->edges[k] = r->edges[k + 1];
            levels[k + 1] = levels[k + 2];
        }
        r->n_edges--;
        levels[smallest] = level_of(r, smallest);
    }
}

/* The plain mean of the intervals of segment k. */
static double mean_of(const struct rates *r, size_t k)
{
    size_t a = k == 0 ? 0 : r->edges[k - 1], b = k < r->n_edges ? r->edges[k] : r->n;
    return stats_mean(r->mbps + a, b - a);
}

static bool add_shift(const struct view *v, const struct rates *r, size_t k, struct event_list *list)
{
    size_t first = r->interval[r->edges[k]], last = r->interval[(k + 1 < r->n_edges ? r->edges[k + 1] : r->n) - 1];
    struct longhaul_event event = { .kind = LONGHAUL_EVENT_RATE_SHIFT, .start_s = v->start_s[first], .first = first,
                                    .seconds = v->start_s[last] + v->seconds[last] - v->start_s[first],
                                    .n_intervals = last - first + 1, .peak = mean_of(r, k + 1),
                                    .before = mean_of(r, k) };
    for (size_t i = first; i <= last; i++)
        event.lost_packets += v->lost[i];
    return event_list_add(list, v, event);
}

/* Drops steps that are too small, locates the edges to the interval, reports the rest. */
static bool add_shifts(const struct view *v, struct rates *r, double least_mbps, struct event_list *list)
{
    double *levels = malloc((r->n_edges + 1) * sizeof *levels);
    bool good = levels != NULL;
    for (size_t k = 0; good && k <= r->n_edges; k++)
        levels[k] = level_of(r, k);
    if (good)
        drop_small_steps(r, levels, least_mbps);
    for (size_t k = 0; good && k < r->n_edges; k++)
        r->edges[k] = refine(r, r->edges[k] * r->bin, levels[k], levels[k + 1]);
    for (size_t k = 0; good && k < r->n_edges; k++)
        good = add_shift(v, r, k, list);
    free(levels);
    return good;
}

static bool find(const struct view *v, struct rates *r, struct event_list *list)
{
    fill_bins(r);
    if (r->n_bins < LEAST_BINS)
        return true;
    double noise = noise_of(r, quantum_of(v, r));
    if (!change_points(r->bins, r->n_bins, PENALTY * log((double)r->n_bins) * noise, MIN_SEGMENT, r->edges,
                       &r->n_edges))
        return false;
    double deviation = deviation_at(r->mbps, r->n, 1, r->spare) / sqrt(2);
    return r->n_edges == 0 || add_shifts(v, r, deviation, list);
}

bool shifts_find(const struct view *v, double *room, struct event_list *list)
{
    size_t n = v->n ? v->n : 1, n_bins = MOST_BINS + n / LEAST_BIN;
    struct rates r = { .mbps = room, .spare = room + v->n, .interval = malloc(n * sizeof(size_t)),
                       .bins = malloc(n_bins * sizeof(double)), .edges = malloc(n_bins * sizeof(size_t)) };
    bool good = r.interval && r.bins && r.edges;
    if (good)
        take_rates(v, list, &r);
    good = good && find(v, &r, list);
    free(r.interval);
    free(r.bins);
    free(r.edges);
    return good;
}
