/* stats.c - arithmetic on double[]: sums, moments, extremes, quantiles. No memory, no input, no output. */

#include "stats.h"

#include <math.h>

/* Neumaier's compensated sum (ZAMM 54, 1974): 86,400 values near 10 keep their last digits. */
double stats_sum(const double *x, size_t n)
{
    double sum = 0, lost = 0;
    for (size_t i = 0; i < n; i++) {
        double next = sum + x[i];
        lost += fabs(sum) >= fabs(x[i]) ? (sum - next) + x[i] : (x[i] - next) + sum;
        sum = next;
    }
    return sum + lost;
}

double stats_mean(const double *x, size_t n)
{
    return n ? stats_sum(x, n) / (double)n : NAN;
}

/* Two passes, with the correction for the rounding of the mean (Chan, Golub, LeVeque 1983, eq. 1.7). */
double stats_std(const double *x, size_t n, double mean)
{
    double squares = 0, rest = 0;
    if (n == 0)
        return NAN;
    for (size_t i = 0; i < n; i++) {
        double d = x[i] - mean;
        squares += d * d;
        rest += d;
    }
    double variance = (squares - rest * rest / (double)n) / (double)n;
    return variance > 0 ? sqrt(variance) : 0;
}

double stats_min(const double *x, size_t n)
{
    double least = n ? x[0] : NAN;
    for (size_t i = 1; i < n; i++)
        if (x[i] < least)
            least = x[i];
    return least;
}

double stats_max(const double *x, size_t n)
{
    double most = n ? x[0] : NAN;
    for (size_t i = 1; i < n; i++)
        if (x[i] > most)
            most = x[i];
    return most;
}

static void exchange(double *a, double *b)
{
    double t = *a;
    *a = *b;
    *b = t;
}

/* Puts the middle one of the first, the middle and the last value in the middle: sorted input stays linear. */
static double pivot_of(double *x, size_t low, size_t high)
{
    size_t mid = low + (high - low) / 2;
    if (x[mid] < x[low])
        exchange(&x[mid], &x[low]);
    if (x[high] < x[low])
        exchange(&x[high], &x[low]);
    if (x[high] < x[mid])
        exchange(&x[high], &x[mid]);
    return x[mid];
}

/* Hoare's selection: afterwards x[k] is the value that sorting would put there, smaller ones are before it. */
static void select_kth(double *x, size_t n, size_t k)
{
    size_t low = 0, high = n - 1;
    while (low < high) {
        double pivot = pivot_of(x, low, high);
        size_t i = low, j = high;
        for (;;) {
            while (x[i] < pivot)
                i++;
            while (pivot < x[j])
                j--;
            if (i >= j)
                break;
            exchange(&x[i++], &x[j--]);
        }
        if (i == j && x[i] < pivot)
            j++;
        if (k <= j)
            high = j;
        else
            low = j + 1;
    }
}

double stats_median(double *x, size_t n)
{
    if (n == 0)
        return NAN;
    select_kth(x, n, n / 2);
    return n % 2 ? x[n / 2] : (stats_max(x, n / 2) + x[n / 2]) / 2;
}

/* numpy's way of rounding the interpolation: from the nearer end, so that equal neighbours give themselves. */
static double between(double a, double b, double share)
{
    double d = b - a;
    return share < 0.5 ? a + d * share : b - d * (1 - share);
}

void stats_quantiles(double *x, size_t n, const double *p, size_t n_p, double *out)
{
    size_t sorted_to = 0; /* what is before it is smaller than what is after it */
    for (size_t i = 0; i < n_p; i++) {
        if (n == 0) {
            out[i] = NAN;
            continue;
        }
        double rank = p[i] * (double)(n - 1);
        size_t k = (size_t)rank;
        select_kth(x + sorted_to, n - sorted_to, k - sorted_to);
        double next = k + 1 < n ? stats_min(x + k + 1, n - k - 1) : x[k];
        out[i] = between(x[k], next, rank - (double)k);
        sorted_to = k;
    }
}

size_t stats_known(const double *x, size_t n, double *out)
{
    size_t known = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]))
            out[known++] = x[i];
    return known;
}
