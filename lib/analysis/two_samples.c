/* two_samples.c - compares two days that are cut into cells. Knows no files and no quantities. */

#include "analysis/two_samples.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/two_samples_inside.h"

#define LEAST_BATCHES 10

/* ---- Student's t */

/* The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), by Lentz's method. */
static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double value = d;
    for (int m = 1; m < 10000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        for (int k = 0; k < 2; k++) {
            double step = k == 0 ? even : odd;
            d = 1 + step * d;
            c = 1 + step / c;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = fabs(c) < tiny ? tiny : c;
            value *= c * d;
        }
        if (fabs(c * d - 1) < 1e-15)
            break;
    }
    return value;
}

/* The regularised incomplete beta function. */
static double beta_share(double a, double b, double x)
{
    if (x <= 0 || x >= 1)
        return x > 0;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

/* Rounded to 40 bits, so that the last bits of a machine's exp() do not matter. */
double two_samples_t(double error, double degrees)
{
    double low = 0, high = 2;
    while (high < 1e300 && beta_share(degrees / 2, 0.5, degrees / (degrees + high * high)) / 2 > error)
        high *= 2;
    for (int i = 0; i < 200 && high - low > 1e-15 * high; i++) {
        double t = (low + high) / 2;
        if (beta_share(degrees / 2, 0.5, degrees / (degrees + t * t)) / 2 > error)
            low = t;
        else
            high = t;
    }
    int exponent;
    double part = frexp(high, &exponent);
    return ldexp(rint(ldexp(part, 40)), exponent - 40);
}

/* ---- batches */

/* How far a sum of cells is from its expectation: its variance, by batches of one size. */
struct spread {
    double variance, degrees;
};

/* When a few batches have most of the variance, there are fewer degrees of freedom: Satterthwaite's, the square of the
 * sum of the batches' variances over the sum of their squares, estimated without bias by squares and fourth powers. */
static struct spread spread_of(const double *part, size_t n, size_t per_batch)
{
    size_t k = n / per_batch, first = 0;
    double sum = 0, squares = 0, fourths = 0, total = 0;
    for (size_t i = 0; i < n; i++)
        total += part[i];
    for (size_t b = 0; b < k; b++) {
        size_t end = (b + 1) * n / k;
        for (sum = -total / (double)k; first < end; first++)
            sum += part[first];
        squares += sum * sum;
        fourths += sum * sum * sum * sum;
    }
    double degrees = fourths > 0 ? fmin(3 * squares * squares / fourths - 2, (double)(k - 1)) : (double)(k - 1);
    return (struct spread){ squares * (double)k / (double)(k - 1), fmax(degrees, 1) };
}

/* Degrees of two sides by Welch and Satterthwaite. */
double two_samples_width(const double *x, size_t n_x, const double *y, size_t n_y, size_t longest, double error)
{
    double widest = NAN;
    size_t n = y && n_y < n_x ? n_y : n_x;
    if (n < TWO_SAMPLES_LEAST)
        return NAN;
    for (size_t i = 0; i < TWO_SAMPLES_N_BATCHES; i++) {
        const size_t per_batch = two_samples_batches[i];
        if (per_batch > longest || n / per_batch < LEAST_BATCHES)
            break;
        struct spread s = spread_of(x, n_x, per_batch);
        if (y) {
            struct spread t = spread_of(y, n_y, per_batch);
            double sum = s.variance + t.variance;
            if (sum > 0)
                s.degrees = sum * sum / (s.variance * s.variance / s.degrees + t.variance * t.variance / t.degrees);
            s.variance = sum;
        }
        double width = s.variance > 0 ? two_samples_t(error, s.degrees) * sqrt(s.variance) : 0;
        widest = fmax(widest, width); /* ignores NAN */
    }
    return widest;
}

bool two_samples_parts_new(struct two_samples_parts *p, const struct two_samples_plan *plan)
{
    *p = (struct two_samples_parts){ .x = malloc((plan->n_after + 1) * sizeof(double)),
                                     .y = malloc((plan->n_before + 1) * sizeof(double)) };
    return p->x && p->y;
}

void two_samples_parts_free(struct two_samples_parts *p)
{
    free(p->x);
    free(p->y);
}

double two_samples_parts_width(const struct two_samples_parts *p, const struct two_samples_plan *plan, size_t longest)
{
    return plan->is_matched ? two_samples_width(p->x, p->n_x, NULL, 0, longest, plan->error)
                            : two_samples_width(p->x, p->n_x, p->y, p->n_y, longest, plan->error);
}

/* ---- ratios */

static struct two_samples_cell total(const struct two_samples_cell *cells, const struct two_samples_cell *others,
                                     size_t n)
{
    struct two_samples_cell sum = { 0, 0 };
    for (size_t i = 0; i < n; i++) {
        if (others && !(others[i].weight > 0))
            continue;
        sum.sum += cells[i].weight > 0 ? cells[i].sum : 0;
        sum.weight += cells[i].weight > 0 ? cells[i].weight : 0;
    }
    return sum;
}

/* A cell's part in the error of the ratio (the delta method). */
static double influence(const struct two_samples_cell *cell, const struct two_samples_cell *sum)
{
    return (cell->sum - sum->sum / sum->weight * cell->weight) / sum->weight;
}

bool two_samples_ratio(const struct two_samples_cell *before, const struct two_samples_cell *after,
                       const struct two_samples_plan *plan, struct two_samples *r)
{
    struct two_samples_parts p;
    bool is_matched = plan->is_matched;
    struct two_samples_cell b = total(before, is_matched ? after : NULL, plan->n_before),
                            a = total(after, is_matched ? before : NULL, plan->n_after);
    *r = (struct two_samples){ NAN, NAN, NAN, NAN, NAN, 0 };
    if (!two_samples_parts_new(&p, plan)) {
        two_samples_parts_free(&p);
        return false;
    }
    if (b.weight > 0 && a.weight > 0) {
        r->before = b.sum / b.weight;
        r->after = a.sum / a.weight;
        r->effect = r->after - r->before;
        for (size_t i = 0; i < plan->n_after; i++)
            if (after[i].weight > 0 && (!is_matched || before[i].weight > 0))
                p.x[p.n_x++] = influence(&after[i], &a) - (is_matched ? influence(&before[i], &b) : 0);
        for (size_t i = 0; i < plan->n_before && !is_matched; i++)
            if (before[i].weight > 0)
                p.y[p.n_y++] = influence(&before[i], &b);
        r->n = is_matched || p.n_x < p.n_y ? p.n_x : p.n_y;
        double width = two_samples_parts_width(&p, plan, TWO_SAMPLES_LONGEST);
        r->low = r->effect - width;
        r->high = r->effect + width;
    }
    two_samples_parts_free(&p);
    return true;
}

/* ---- whole tests */

static double mean_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

static double squares_of(const double *x, size_t n)
{
    double mean = mean_of(x, n), sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return sum;
}

void two_samples_add_tests(struct two_samples *r, const double *before, size_t n_before, const double *after,
                           size_t n_after, double error)
{
    size_t n = n_before + n_after;
    if (n_before == 0 || n_after == 0 || n < TWO_SAMPLES_LEAST_TESTS || isnan(r->low))
        return;
    double degrees = (double)(n - 2), squares = squares_of(before, n_before) + squares_of(after, n_after),
           width =
               two_samples_t(error, degrees) * sqrt(squares / degrees * (1 / (double)n_before + 1 / (double)n_after));
    r->low = fmin(r->low, r->effect - width);
    r->high = fmax(r->high, r->effect + width);
}
