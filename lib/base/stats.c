/* stats.c - arithmetic on double[]: sums, moments, extremes, quantiles. Allocates nothing, reads and writes no
 * files. */

#include "base/stats.h"

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

/* The median of the first, the middle and the last value: sorted input stays linear. */
static double pivot_of(const double *x, size_t low, size_t end)
{
    double a = x[low], b = x[low + (end - low) / 2], c = x[end - 1];
    return a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a : b < c ? c : b);
}

/* Moves the values of x[from..end) that are less than the pivot, or not greater, to the front, and returns where the
 * others begin. Lomuto's partition without a branch: on noise, every second branch would be mispredicted. */
static size_t move_less(double *x, size_t from, size_t end, double pivot)
{
    size_t to = from;
    for (size_t i = from; i < end; i++) {
        double value = x[i];
        x[i] = x[to];
        x[to] = value;
        to += value < pivot;
    }
    return to;
}

static size_t move_not_more(double *x, size_t from, size_t end, double pivot)
{
    size_t to = from;
    for (size_t i = from; i < end; i++) {
        double value = x[i];
        x[i] = x[to];
        x[to] = value;
        to += value <= pivot;
    }
    return to;
}

/* Hoare's selection: afterwards x[k] is the value that sorting would put there, no value before it is greater and none
 * after it is less. Many equal values are finished at once. */
static void select_kth(double *x, size_t n, size_t k)
{
    size_t low = 0, end = n;
    while (end - low > 1) {
        double pivot = pivot_of(x, low, end);
        if (isnan(pivot)) /* the caller's mistake: NAN compares with nothing, and the loop would not end */
            return;
        size_t equal = move_less(x, low, end, pivot);
        if (k < equal) {
            end = equal;
            continue;
        }
        low = move_not_more(x, equal, end, pivot);
        if (k < low)
            return;
    }
}

double stats_median(double *x, size_t n)
{
    if (n == 0)
        return NAN;
    select_kth(x, n, n / 2);
    return n % 2 ? x[n / 2] : (stats_max(x, n / 2) + x[n / 2]) / 2;
}

double stats_trimmed_mean(double *x, size_t n, size_t cut)
{
    if (n <= 2 * cut)
        return NAN;
    select_kth(x, n, cut);
    select_kth(x + cut, n - cut, n - 2 * cut - 1);
    return stats_mean(x + cut, n - 2 * cut);
}

/* Rounds the interpolation as numpy does: from the nearer end, so that two equal neighbours give exactly their
 * value. */
static double between(double a, double b, double share)
{
    double d = b - a;
    return share < 0.5 ? a + d * share : b - d * (1 - share);
}

/* Puts the least of x[from..to) first. */
static void place_least(double *x, size_t from, size_t to)
{
    size_t least = from;
    for (size_t i = from + 1; i < to; i++)
        if (x[i] < x[least])
            least = i;
    if (from < to)
        exchange(&x[from], &x[least]);
}

/* Computes the shares p[0..n_p) of all n values. x[low..high) holds the ranks low to high - 1, and x[high], if any, is
 * already in its place. */
static void quantiles_within(double *x, size_t n, size_t low, size_t high, const double *p, size_t n_p, double *out)
{
    size_t middle = n_p / 2;
    if (n_p == 0)
        return;
    double rank = p[middle] * (double)(n - 1);
    size_t k = (size_t)rank;
    if (k >= low && k < high)
        select_kth(x + low, high - low, k - low);
    place_least(x, k + 1, high);
    out[middle] = between(x[k], x[k + 1 < n ? k + 1 : k], rank - (double)k);
    quantiles_within(x, n, low, k < low ? low : k, p, middle, out);
    quantiles_within(x, n, k + 1 > low ? k + 1 : low, high, p + middle + 1, n_p - middle - 1, out + middle + 1);
}

void stats_quantiles(double *x, size_t n, const double *p, size_t n_p, double *out)
{
    if (n > 0)
        quantiles_within(x, n, 0, n, p, n_p, out);
    else
        for (size_t i = 0; i < n_p; i++)
            out[i] = NAN;
}

size_t stats_known(const double *x, size_t n, double *out)
{
    size_t known = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]))
            out[known++] = x[i];
    return known;
}
