/* two_samples_quantile.c - the difference of a quantile between two days that are cut into cells with histograms. */

#include <math.h>
#include <stdlib.h>

#include "analysis/two_samples_inside.h"

#define BUSY_SHARE 0.25  /* of the quantile: cells whose own is less say nothing of its level */
#define LEVELS_LEAST 5   /* batches of levels */
#define PAIRED_LONGEST 6 /* cells of a batch of shares, where levels have the longer ones */
#define NEAR_BINS 6.0    /* to each side of the quantile: a fifth of its value */

/* One side: of each cell that counts, the values up to each bin's end. */
struct side {
    double *below; /* HISTOGRAM_BINS of each of n */
    double *all;   /* of each cell */
    double n_values;
    size_t n;
};

static bool side_new(struct side *s, const struct histogram *h, const struct histogram *others, size_t n)
{
    *s = (struct side){ .below = malloc((n * HISTOGRAM_BINS + 1) * sizeof(double)),
                        .all = malloc((n + 1) * sizeof(double)) };
    for (size_t i = 0; s->below && s->all && i < n; i++) {
        double sum = 0, *below = s->below + s->n * HISTOGRAM_BINS;
        if (h[i].n == 0 || (others && others[i].n == 0))
            continue;
        for (size_t bin = 0; bin < HISTOGRAM_BINS; bin++)
            below[bin] = sum += (double)h[i].count[bin];
        s->all[s->n++] = sum;
        s->n_values += sum;
    }
    return s->below && s->all;
}

static void side_free(struct side *s)
{
    free(s->below);
    free(s->all);
}

/* How many values of a cell are below a place: a bin and a part of it. */
static double below_at(const double *below, double place)
{
    if (place <= 0)
        return 0;
    if (place >= HISTOGRAM_BINS)
        return below[HISTOGRAM_BINS - 1];
    size_t bin = (size_t)place;
    double from = bin > 0 ? below[bin - 1] : 0;
    return from + (place - (double)bin) * (below[bin] - from);
}

static double share_below(const struct side *s, double place)
{
    double sum = 0;
    for (size_t i = 0; i < s->n; i++)
        sum += below_at(s->below + i * HISTOGRAM_BINS, place);
    return sum / s->n_values;
}

static double place_of_share(const struct side *s, double share)
{
    double low = 0, high = HISTOGRAM_BINS;
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;
        if (share_below(s, middle) < share)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* The value at a place. */
static double value_at(double place)
{
    size_t bin = place < 0 ? 0 : place >= HISTOGRAM_BINS ? HISTOGRAM_BINS - 1 : (size_t)place;
    double low = histogram_edge_us(bin), high = histogram_edge_us(bin + 1);
    return low + (place - (double)bin) * (high - low);
}

/* The value below which a side has a share; INFINITY where it may be in the last bin, which has no end. */
static double value_of_share(const struct side *s, double share)
{
    double place = share < 1 ? place_of_share(s, share) : HISTOGRAM_BINS;
    return place > HISTOGRAM_BINS - 1 ? INFINITY : value_at(place);
}

/* ---- by shares */

/* How far the share of after below its place less the share of before below its own can be from 0 by chance. */
static double width_of_shares(const struct side *b, double place, const struct side *a, double place_after,
                              const struct two_samples_plan *plan, struct two_samples_parts *p)
{
    double share = share_below(b, place), share_after = share_below(a, place_after);
    for (size_t i = 0; i < b->n; i++)
        p->y[i] = (below_at(b->below + i * HISTOGRAM_BINS, place) - b->all[i] * share) / b->n_values;
    for (size_t i = 0; i < a->n; i++)
        p->x[i] = (below_at(a->below + i * HISTOGRAM_BINS, place_after) - a->all[i] * share_after) / a->n_values -
                  (plan->is_matched ? p->y[i] : 0);
    p->n_x = a->n;
    p->n_y = b->n;
    return two_samples_parts_width(p, plan, plan->is_matched ? PAIRED_LONGEST : TWO_SAMPLES_LONGEST);
}

/* A share moved by so much where its odds may be far from 1: on the scale of their logarithm, where 1 is never
 * reached. */
static double moved(double share, double by)
{
    double odds = share / (1 - share) * exp(by / (share * (1 - share)));
    return isinf(odds) ? 1 : odds / (1 + odds);
}

/* ---- by levels */

/* The levels of pairs of busy cells: the logarithm of after's quantile less that of before, and how much each decides
 * about the day's quantile. */
struct levels {
    double *level, *weight;
    size_t n;
};

static double quantile_of_cell(const struct side *s, size_t i, double share)
{
    const double *below = s->below + i * HISTOGRAM_BINS;
    double low = 0, high = HISTOGRAM_BINS;
    for (int k = 0; k < 40; k++) {
        double middle = (low + high) / 2;
        if (below_at(below, middle) < share * s->all[i])
            low = middle;
        else
            high = middle;
    }
    return value_at(high);
}

/* The share of a side's values that a cell has near a place: by that it decides about the quantile. */
static double near_of_cell(const struct side *s, size_t i, double place)
{
    const double *below = s->below + i * HISTOGRAM_BINS;
    return (below_at(below, place + NEAR_BINS) - below_at(below, place - NEAR_BINS)) / s->n_values;
}

static bool levels_take(const struct side *b, double place, const struct side *a, double place_after, double share,
                        struct levels *l)
{
    double all = 0, least = BUSY_SHARE * fmin(value_at(place), value_at(place_after));
    *l = (struct levels){ malloc((a->n + 1) * sizeof(double)), malloc((a->n + 1) * sizeof(double)), 0 };
    for (size_t i = 0; l->level && l->weight && i < a->n; i++) {
        double before = quantile_of_cell(b, i, share), after = quantile_of_cell(a, i, share),
               weight = near_of_cell(b, i, place) + near_of_cell(a, i, place_after);
        all += weight;
        if (fmin(before, after) < least || !(fmin(before, after) > 0))
            continue;
        l->level[l->n] = log(after / before);
        l->weight[l->n++] = weight;
    }
    for (size_t i = 0; i < l->n; i++)
        l->weight[i] = all > 0 ? l->weight[i] / all : 0;
    return l->level && l->weight;
}

/* Half the width of the logarithm of after's quantile divided by before's, by batches of one size: the variance of
 * their means, times the sum of the squares of their weights. */
static double width_of_batches(const struct levels *l, double mean, size_t per_batch, double error)
{
    size_t k = l->n / per_batch, first = 0;
    double squares = 0, weights = 0;
    for (size_t b = 0; b < k; b++) {
        size_t from = first, end = (b + 1) * l->n / k;
        double sum = 0, weight = 0;
        for (; first < end; first++) {
            sum += l->level[first] - mean;
            weight += l->weight[first];
        }
        sum /= (double)(end - from);
        squares += sum * sum;
        weights += weight * weight;
    }
    return two_samples_t(error, (double)(k - 1)) * sqrt(squares / (double)(k - 1) * weights);
}

static double width_of_levels(const struct levels *l, double error)
{
    double mean = 0, widest = 0;
    for (size_t i = 0; i < l->n; i++)
        mean += l->level[i] / (double)l->n;
    for (size_t i = 0; i < TWO_SAMPLES_N_BATCHES && l->n / two_samples_batches[i] >= LEVELS_LEAST; i++)
        widest = fmax(widest, width_of_batches(l, mean, two_samples_batches[i], error));
    return widest;
}

/* Queues of the few busy hours may all be longer on one day, and differ little from each other: their shares do not
 * show how far a level of an hour is from its mean. The levels of all busy cells do. False when out of memory. */
static bool widen_by_levels(const struct side *b, double place, const struct side *a, double place_after,
                            const struct two_samples_plan *plan, double share, struct two_samples *r)
{
    struct levels l;
    bool good = levels_take(b, place, a, place_after, share, &l);
    if (good) {
        double factor = exp(width_of_levels(&l, plan->error) / 2);
        r->low = fmin(r->low, r->after / factor - r->before * factor);
        r->high = fmax(r->high, r->after * factor - r->before / factor);
    }
    free(l.level);
    free(l.weight);
    return good;
}

/* ---- all */

/* The interval: where both shares are what chance allows them to be, each moved by half of it, so that the sides can be
 * exchanged. */
static bool compare_quantiles(const struct side *b, const struct side *a, const struct two_samples_plan *plan,
                              double share, struct two_samples_parts *p, struct two_samples *r)
{
    double place = place_of_share(b, share), place_after = place_of_share(a, share);
    r->before = value_at(place);
    r->after = value_at(place_after);
    r->effect = r->after - r->before;
    r->n = a->n < b->n ? a->n : b->n;
    double width = width_of_shares(b, place, a, place_after, plan, p);
    if (isnan(width))
        return true;
    double less = moved(share, -width / 2), more = moved(share, width / 2);
    r->low = fmin(value_of_share(a, less), r->after) - fmax(value_of_share(b, more), r->before);
    r->high = fmax(value_of_share(a, more), r->after) - fmin(value_of_share(b, less), r->before);
    bool good = !plan->is_matched || widen_by_levels(b, place, a, place_after, plan, share, r);
    r->low = fmax(r->low, -r->before); /* after is not below 0 */
    return good;
}

bool two_samples_quantile(const struct histogram *before, const struct histogram *after,
                          const struct two_samples_plan *plan, double share, struct two_samples *r)
{
    struct two_samples_parts p;
    struct side b, a;
    bool good = two_samples_parts_new(&p, plan),
         good_b = side_new(&b, before, plan->is_matched ? after : NULL, plan->n_before),
         good_a = side_new(&a, after, plan->is_matched ? before : NULL, plan->n_after);
    *r = (struct two_samples){ NAN, NAN, NAN, NAN, NAN, 0 };
    good = good && good_a && good_b;
    if (good && a.n > 0 && b.n > 0)
        good = compare_quantiles(&b, &a, plan, share, &p, r);
    two_samples_parts_free(&p);
    side_free(&b);
    side_free(&a);
    return good;
}
