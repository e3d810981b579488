/* events_rate.c - times in which a test sent, or for TCP carried, less than its target, or than usual where it has
 * none. PELT on bins (change.c) finds where the mean changes; each edge is then located to the interval. A rate that is
 * back is the end of an event, not another one. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "analysis/change.h"
#include "analysis/events.h"
#include "base/stats.h"
#include "base/units.h"

#define LEAST_BIN                                                                                                      \
    5 /* intervals: the least and greatest of a bin are excluded, so that a single spike is                            \
       * not a change */
#define MOST_BINS 1440
#define LEAST_BINS 6
#define MIN_SEGMENT 2 /* bins */
#define PENALTY 3.0   /* times ln(bins) and the noise */
#define MAD_OF_NORMAL 0.6745
#define MOST_CORRELATION 0.9
#define INNER_SHARE 0.5 /* of the rate around it */
#define SAME_SHARE 0.8
#define LIKE_LENGTH 1.5
#define DROPPED SIZE_MAX
#define USUAL_SHARE 0.75 /* without a target: three quarters of the time have at most this */

/* What matters: the share of the reference that is missing, the noise of a bin it exceeds, and for how long. */
struct least {
    double share, deviations, seconds;
};
static const struct least least_udp = { 0.01, 3, 30 }, least_target = { 0.05, 4, 30 }, least_free = { 0.25, 4, 60 };

struct rates {
    double *mbps;     /* of intervals with a known rate outside outages */
    size_t *interval; /* which */
    size_t n;
    double *bins; /* trimmed means */
    size_t n_bins, bin;
    double *spare;
    size_t *edges;
    size_t n_edges;
};

/* Of UDP what was sent, as sequence numbers tell; a loss is not a lower rate. */
static double rate_of(const struct view *v, bool is_tcp, size_t i)
{
    if (is_tcp || isnan(v->packets[i]) || isnan(v->datagram_bytes))
        return v->bps[i] / BPS_PER_MBPS;
    return v->packets[i] / v->seconds[i] * v->datagram_bytes * 8 / BPS_PER_MBPS;
}

static void take_rates(const struct view *v, bool is_tcp, const unsigned char *mark, struct rates *r)
{
    for (size_t i = 0; i < v->n; i++)
        if (view_has_rate(v, i) && (mark[i] & EVENTS_DARK) == 0 && !view_is_dead(v, i)) {
            r->mbps[r->n] = rate_of(v, is_tcp, i);
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

/* ---- which segments are low */

static int by_level(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (x[0] > y[0]) - (x[0] < y[0]);
}

/* Segment k is of intervals from..to - 1 of r. */
static size_t segment_start(const struct rates *r, size_t k)
{
    return k == 0 ? 0 : r->edges[k - 1];
}

static size_t segment_end(const struct rates *r, size_t k)
{
    return k < r->n_edges ? r->edges[k] : r->n;
}

/* The level that three quarters of the intervals do not exceed. pairs: room for levels and lengths. */
static double usual_level(const struct rates *r, const double *levels, double *pairs)
{
    double n = 0;
    for (size_t k = 0; k <= r->n_edges; k++) {
        pairs[2 * k] = levels[k];
        pairs[2 * k + 1] = (double)(segment_end(r, k) - segment_start(r, k));
    }
    qsort(pairs, r->n_edges + 1, 2 * sizeof *pairs, by_level);
    for (size_t k = 0; k <= r->n_edges; k++)
        if ((n += pairs[2 * k + 1]) >= USUAL_SHARE * (double)r->n)
            return pairs[2 * k];
    return NAN;
}

/* The intervals of segments from..to, all low. */
static bool add_low(const struct view *v, const struct rates *r, size_t from, size_t to, double reference,
                    double least_s, struct event_list *list)
{
    size_t a = segment_start(r, from), b = segment_end(r, to);
    struct longhaul_event e = events_between(v, LONGHAUL_EVENT_RATE, r->interval[a], r->interval[b - 1]);
    e.level = stats_mean(r->mbps + a, b - a);
    e.peak = stats_min(r->mbps + a, b - a);
    e.usual = reference;
    return e.seconds < least_s || event_list_add(list, v, e);
}

static bool tell_low(const struct view *v, const struct rates *r, const double *levels, double reference,
                     const struct least *least, double noise_mbps, struct event_list *list)
{
    double limit = reference - fmax(least->share * reference, least->deviations * noise_mbps);
    for (size_t k = 0, j; k <= r->n_edges; k = j) {
        for (j = k; j <= r->n_edges && levels[j] < limit; j++)
            ;
        if (j > k && !add_low(v, r, k, j - 1, reference, least->seconds, list))
            return false;
        j += j == k;
    }
    return true;
}

static bool tell(const struct longhaul_analysis *a, struct rates *r, double noise_mbps, struct event_list *list)
{
    double *levels = malloc((r->n_edges + 1) * sizeof *levels), *pairs = malloc((r->n_edges + 1) * 2 * sizeof *pairs);
    bool good = levels && pairs;
    double target = analysis_target_bps(&a->info) / BPS_PER_MBPS;
    bool has_target = target > 0;
    for (size_t k = 0; good && k <= r->n_edges; k++)
        levels[k] = level_of(r, k);
    for (size_t k = 0; good && k < r->n_edges; k++)
        r->edges[k] = refine(r, r->edges[k] * r->bin, levels[k], levels[k + 1]);
    if (good) {
        double reference = has_target ? target : usual_level(r, levels, pairs);
        const struct least *least = !has_target ? &least_free : a->has_tcp ? &least_target : &least_udp;
        good = tell_low(&a->view, r, levels, reference, least, noise_mbps, list);
    }
    free(levels);
    free(pairs);
    return good;
}

static bool find(const struct longhaul_analysis *a, struct rates *r, struct event_list *list)
{
    fill_bins(r);
    if (r->n_bins < LEAST_BINS)
        return true;
    double noise = noise_of(r, quantum_of(&a->view, r));
    if (!change_points(r->bins, r->n_bins, PENALTY * log((double)r->n_bins) * noise, MIN_SEGMENT, r->edges,
                       &r->n_edges))
        return false;
    return tell(a, r, deviation_at(r->bins, r->n_bins, 1, r->spare) / sqrt(2), list);
}

/* True if both have most of the shorter. */
static bool is_same_time(const struct longhaul_event *a, const struct longhaul_event *b)
{
    double both = fmin(a->start_s + a->seconds, b->start_s + b->seconds) - fmax(a->start_s, b->start_s);
    return both >= SAME_SHARE * fmin(a->seconds, b->seconds);
}

/* Which of a pause, which is exact, and a lower rate of the same time is told: a rate that is about as long is the
 * pause; in a longer one a pause is told only if it is much lower. NULL: both are. */
static const struct longhaul_event *which_is_dropped(const struct longhaul_event *pause,
                                                     const struct longhaul_event *rate)
{
    if (pause->kind != LONGHAUL_EVENT_RATE || !is_same_time(pause, rate))
        return NULL;
    if (rate->seconds <= LIKE_LENGTH * pause->seconds)
        return rate;
    return pause->level > INNER_SHARE * rate->level ? pause : NULL;
}

/* The first n_before events are the pauses and others that were found before. */
static void drop_doubles(struct event_list *list, size_t n_before)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++) {
        bool is_dropped = false;
        size_t from = i < n_before ? n_before : 0, to = i < n_before ? list->n : n_before;
        for (size_t k = from; !is_dropped && k < to; k++)
            is_dropped = which_is_dropped(&list->events[i < n_before ? i : k], &list->events[i < n_before ? k : i]) ==
                         &list->events[i];
        list->events[i].n_intervals = is_dropped ? DROPPED : list->events[i].n_intervals;
    }
    for (size_t i = 0; i < list->n; i++)
        if (list->events[i].n_intervals != DROPPED)
            list->events[kept++] = list->events[i];
    list->n = kept;
}

bool events_find_rate(const struct longhaul_analysis *a, double *room, struct event_list *list)
{
    size_t n = a->view.n ? a->view.n : 1, n_bins = MOST_BINS + n / LEAST_BIN;
    struct rates r = { .mbps = room,
                       .spare = room + a->view.n,
                       .interval = malloc(n * sizeof(size_t)),
                       .bins = malloc(n_bins * sizeof(double)),
                       .edges = malloc(n_bins * sizeof(size_t)) };
    bool good = r.interval && r.bins && r.edges;
    if (good) {
        size_t n_before = list->n;
        take_rates(&a->view, a->has_tcp, list->mark, &r);
        good = find(a, &r, list);
        drop_doubles(list, n_before);
    }
    free(r.interval);
    free(r.bins);
    free(r.edges);
    return good;
}
