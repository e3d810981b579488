/* stats.h - arithmetic on double[]. Every result is NAN for n = 0. No value may be NAN: see stats_known(). */
#ifndef STATS_H
#define STATS_H

#include <stddef.h>

double stats_mean(const double *x, size_t n);
/* Population standard deviation; mean is what stats_mean() returned. */
double stats_std(const double *x, size_t n, double mean);
double stats_min(const double *x, size_t n);
double stats_max(const double *x, size_t n);
/* The sum, exact to one or two roundings for any n. 0 for n = 0. */
double stats_sum(const double *x, size_t n);
/* The middle value, or the mean of the two middle ones. Changes the order of x. */
double stats_median(double *x, size_t n);
/* The mean without the cut smallest and the cut greatest values; NAN if none are left. Changes the order of x. */
double stats_trimmed_mean(double *x, size_t n, size_t cut);
/* Writes to out the quantiles of x for the ascending shares p[0..n_p): linear interpolation between the two nearest
 * ranks of the (n - 1) p + 1'th value (Hyndman and Fan 1996, type 7; numpy's default). By selection: O(n) for a few
 * shares. Changes the order of x. */
void stats_quantiles(double *x, size_t n, const double *p, size_t n_p, double *out);
/* Copies the values of x that are not NAN to out (room for n; may be x itself). Returns how many. */
size_t stats_known(const double *x, size_t n, double *out);

#endif
