/* change.c - finds where a sequence of double changes: PELT. No input, no output. */

#include "analysis/change.h"

#include <math.h>
#include <stdlib.h>

struct pelt {
    double *prefix; /* sums of x - mean: [0] = 0 */
    double *cost;   /* of the best segmentation of the first t values */
    size_t *before; /* where the last segment of that segmentation begins */
    size_t *until;  /* if t is better than a beginning, that one may be best only before t + min_length; 0 for none
                     * yet */
    double *inverse; /* [k] = 1 / k: division would be the most expensive step */
    double *trial;   /* the cost with each open beginning */
    size_t *open;    /* beginnings that may still be best */
    size_t n_open;
};

/* Sum of squares about the mean of x[a..b), minus that of x itself, which all segmentations share. */
static double squares(const struct pelt *p, size_t a, size_t b)
{
    double sum = p->prefix[b] - p->prefix[a];
    return -sum * sum * p->inverse[b - a];
}

static void prefix_sums(struct pelt *p, const double *x, size_t n)
{
    double mean = 0;
    for (size_t i = 0; i < n; i++)
        mean += x[i] / (double)n;
    p->prefix[0] = 0;
    for (size_t i = 0; i < n; i++) {
        p->prefix[i + 1] = p->prefix[i] + (x[i] - mean);
        p->inverse[i + 1] = 1 / (double)(i + 1);
    }
}

static void step(struct pelt *p, size_t t, double penalty, size_t min_length)
{
    double best = INFINITY;
    size_t kept = 0;
    for (size_t k = 0; k < p->n_open; k++) {
        size_t s = p->open[k];
        p->trial[k] = p->cost[s] + squares(p, s, t);
        if (p->trial[k] + penalty < best) {
            best = p->trial[k] + penalty;
            p->before[t] = s;
        }
    }
    p->cost[t] = best;
    for (size_t k = 0; k < p->n_open; k++) {
        size_t s = p->open[k];
        if (p->until[s] == 0 && p->trial[k] > best)
            p->until[s] = t + min_length;
        if (p->until[s] == 0 || t + 1 < p->until[s])
            p->open[kept++] = s;
    }
    p->n_open = kept;
    if (t + 1 >= 2 * min_length) /* a segment of the next t can begin min_length before it */
        p->open[p->n_open++] = t + 1 - min_length;
}

static void solve(struct pelt *p, size_t n, double penalty, size_t min_length, size_t *out, size_t *n_out)
{
    p->cost[0] = -penalty;
    p->open[p->n_open++] = 0;
    for (size_t t = 1; t < min_length; t++)
        p->cost[t] = INFINITY;
    for (size_t t = min_length; t <= n; t++)
        step(p, t, penalty, min_length);
    size_t count = 0;
    for (size_t t = n; p->before[t] > 0; t = p->before[t])
        out[count++] = p->before[t];
    for (size_t i = 0; i < count / 2; i++) {
        size_t swap = out[i];
        out[i] = out[count - 1 - i];
        out[count - 1 - i] = swap;
    }
    *n_out = count;
}

bool change_points(const double *x, size_t n, double penalty, size_t min_length, size_t *out, size_t *n_out)
{
    struct pelt p = { .prefix = malloc((n + 1) * sizeof(double)), .cost = malloc((n + 1) * sizeof(double)),
                      .before = calloc(n + 1, sizeof(size_t)), .until = calloc(n + 1, sizeof(size_t)),
                      .open = malloc((n + 2) * sizeof(size_t)),
                      .inverse = malloc((n + 1) * sizeof(double)), .trial = malloc((n + 2) * sizeof(double)) };
    bool good = p.prefix && p.cost && p.before && p.until && p.open && p.inverse && p.trial;
    *n_out = 0;
    if (good && min_length > 0 && n >= 2 * min_length) {
        prefix_sums(&p, x, n);
        solve(&p, n, penalty, min_length, out, n_out);
    }
    free(p.prefix);
    free(p.cost);
    free(p.before);
    free(p.until);
    free(p.open);
    free(p.inverse);
    free(p.trial);
    return good;
}
