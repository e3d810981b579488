/* test_stats.c - stats compared with values from elsewhere and with sorting. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/stats.h"
#include "check.h"

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_by_sorting(const double *x, size_t n)
{
    double *copy = malloc(n * sizeof *copy);
    memcpy(copy, x, n * sizeof *copy);
    qsort(copy, n, sizeof *copy, ascending);
    double median = n % 2 ? copy[n / 2] : (copy[n / 2 - 1] + copy[n / 2]) / 2;
    free(copy);
    return median;
}

/* Orders that are known to be hard for selection. */
static void fill(double *x, size_t n, int shape)
{
    for (size_t i = 0; i < n; i++) {
        switch (shape) {
        case 0: x[i] = (double)i; break;
        case 1: x[i] = (double)(n - i); break;
        case 2: x[i] = 7; break;
        case 3: x[i] = (double)(i % 2); break;
        case 4: x[i] = (double)(i < n / 2 ? i : n - i); break;
        default: x[i] = (double)(rand() % 1000) / 7; break;
        }
    }
}

static void test_median(void)
{
    static double x[1001];
    size_t wrong = 0, cases = 0;
    for (int shape = 0; shape < 12; shape++)
        for (size_t n = 1; n <= 1001; n += n < 40 ? 1 : 137, cases++) {
            fill(x, n, shape);
            double want = median_by_sorting(x, n);
            wrong += stats_median(x, n) != want;
        }
    CHECK(wrong == 0, "median is that of the sorted values (%zu cases, %zu wrong)", cases, wrong);
}

/* numpy's definition, on sorted values. */
static double quantile_by_sorting(const double *x, size_t n, double p)
{
    double *copy = malloc(n * sizeof *copy), rank = p * (double)(n - 1);
    size_t k = (size_t)rank;
    memcpy(copy, x, n * sizeof *copy);
    qsort(copy, n, sizeof *copy, ascending);
    double low = copy[k], high = copy[k + 1 < n ? k + 1 : k], share = rank - (double)k;
    free(copy);
    return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}

static void test_quantiles(void)
{
    static const double p[] = { 0, 0.01, 0.011, 0.05, 0.5, 0.5, 0.95, 0.99, 0.999, 1 };
    enum { N_P = sizeof p / sizeof *p };
    static double x[1001], want[N_P], got[N_P];
    size_t wrong = 0, cases = 0;
    for (int shape = 0; shape < 12; shape++)
        for (size_t n = 1; n <= 1001; n += n < 40 ? 1 : 137) {
            fill(x, n, shape);
            for (size_t k = 0; k < N_P; k++)
                want[k] = quantile_by_sorting(x, n, p[k]);
            stats_quantiles(x, n, p, N_P, got);
            for (size_t k = 0; k < N_P; k++, cases++)
                wrong += got[k] != want[k];
        }
    CHECK(wrong == 0, "quantiles are those of the sorted values (%zu cases, %zu wrong)", cases, wrong);
    /* numpy 1.24.2: numpy.percentile([15, 20, 35, 40, 50, 3.5, 7], [1, 5, 50, 95, 99, 99.9]) */
    double y[] = { 15, 20, 35, 40, 50, 3.5, 7 };
    static const double q[] = { 0.01, 0.05, 0.5, 0.95, 0.99, 0.999 };
    static const double numpy[] = { 3.71, 4.55, 20, 47, 49.4, 49.94 };
    stats_quantiles(y, 7, q, 6, got);
    for (size_t k = 0; k < 6; k++)
        CHECK(fabs(got[k] - numpy[k]) < 1e-12, "numpy's percentile %g: %.12g", 100 * q[k], got[k]);
    stats_quantiles(y, 0, q, 2, got);
    CHECK(isnan(got[0]) && isnan(got[1]), "of no values: NAN");
}

static void test_empty(void)
{
    double none = 0;
    CHECK(isnan(stats_mean(&none, 0)) && isnan(stats_std(&none, 0, 0)) && isnan(stats_min(&none, 0)) &&
              isnan(stats_max(&none, 0)) && isnan(stats_median(&none, 0)) && stats_sum(&none, 0) == 0,
          "no values: NAN, and a sum of 0");
}

static void test_small(void)
{
    double x[] = { 2, 4, 4, 4, 5, 5, 7, 9 };
    double one[] = { 3.5 };
    CHECK(stats_mean(x, 8) == 5 && stats_std(x, 8, 5) == 2, "2 4 4 4 5 5 7 9: mean 5, population deviation 2");
    CHECK(stats_min(x, 8) == 2 && stats_max(x, 8) == 9, "its least is 2, its greatest 9");
    CHECK(stats_std(one, 1, 3.5) == 0 && stats_median(one, 1) == 3.5, "a single value deviates by 0");
}

/* A day of 10 Mbit/s: half of the values d above, half d below: the deviation is d. */
static void test_day(void)
{
    enum { N = 86400 };
    double *x = malloc(N * sizeof *x);
    const double d = 0.0037;
    for (int i = 0; i < N; i++)
        x[i] = 10 + (i % 2 ? d : -d);
    double mean = stats_mean(x, N), std = stats_std(x, N, mean);
    CHECK(fabs(mean - 10) < 1e-14 && fabs(std / d - 1) < 1e-12, "86,400 values: mean %.15f, deviation %.15f", mean,
          std);
    for (int i = 0; i < N; i++)
        x[i] = 1e9 + i % 2;
    std = stats_std(x, N, stats_mean(x, N));
    CHECK(fabs(std - 0.5) < 1e-12, "near 1e9 the deviation is still %.15f", std);
    /* sum((v - mean)**2) / n in fractions.Fraction, v = Fraction(float), of the values below */
    unsigned long state = 1;
    for (int i = 0; i < N; i++) {
        state = state * 6364136223846793005ul + 1442695040888963407ul;
        x[i] = 10 + ((double)(state >> 33) / 2147483648.0 - 0.5) * 0.01281717;
    }
    mean = stats_mean(x, N);
    std = stats_std(x, N, mean);
    CHECK(fabs(mean / 9.9999936349021047191601 - 1) < 1e-15 && fabs(std / 0.0036951425436536911197 - 1) < 1e-12,
          "noise about 10: mean %.17g, deviation %.17g", mean, std);
    free(x);
}

static void test_known(void)
{
    double x[] = { NAN, 1, NAN, 2, 3, NAN };
    size_t n = stats_known(x, 6, x);
    CHECK(n == 3 && x[0] == 1 && x[1] == 2 && x[2] == 3, "NAN is left out, in place");
    double big[] = { 1e100, 1, -1e100 };
    CHECK(stats_sum(big, 3) == 1, "a sum keeps what cancels");
}

int main(void)
{
    srand(1);
    test_empty();
    test_small();
    test_median();
    test_quantiles();
    test_day();
    test_known();
    return CHECK_DONE();
}
