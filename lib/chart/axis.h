/* axis.h - the ranges and marks of axes. */
#ifndef AXIS_H
#define AXIS_H

#include <stdbool.h>
#include <stdio.h>

/* The ends of an axis, and its marks: a logarithmic axis has one at each power of ten between first and high. */
struct axis {
    double low, high;
    bool is_log;
    double first, step; /* of the marks; step is a factor when is_log */
    int digits;         /* after the decimal point, so that no two marks of a linear axis look the same */
};

/* From the least, the median, the 98th percentile and the greatest of the values. For rates (Mbps): from 0; where few
 * values are far above the others, the axis ends below them, and the chart marks them. */
struct axis axis_of_rates(double least, double usual, double broad, double most);
/* For losses in %: logarithmic, whole decades from below the least value above 0 to above the greatest, at least 0.1 to
 * 1. */
struct axis axis_of_losses(double least, double usual, double broad, double most);
/* For jitter and other times: like rates. */
struct axis axis_of_times(double least, double usual, double broad, double most);
/* For round trips: zoomed in, if they differ little from each other. */
struct axis axis_of_round_trips(double least, double usual, double broad, double most);
/* One axis for the panels of two others of the same kind. */
struct axis axis_join(const struct axis *a, const struct axis *b);
/* For shares near 1: from a round value below the least to 1. */
struct axis axis_of_shares(double least);

/* Writes marks for gnuplot's `set ytics (...)`: '9.990' 9.99, '10.000' 10; at most max of them. Leaves free the
 * uppermost share of the axis, which is close to the marks of another panel. A max of three or fewer means a thin
 * panel: it has no marks at its edges. */
void axis_write_marks(FILE *out, const struct axis *axis, int max, double uppermost);

/* The unit of an axis of time of a given length, and its marks. */
struct axis_time {
    const char *unit; /* "hours" */
    double unit_s;
    double high, step; /* in units */
};
#define AXIS_MOST_S 315576000.0 /* ten years: no axis of time is longer, whatever a file says */
struct axis_time axis_of_time(double seconds);
void axis_write_time_marks(FILE *out, const struct axis_time *time, bool with_labels);
/* Writes marks in UTC on an axis that begins at start_unix_s: round times of the day, midnight as the date; at most
 * max, and none within edge_s of the beginning, where the axis has its name. */
void axis_write_utc_marks(FILE *out, const struct axis_time *time, double start_unix_s, int max, double edge_s);

#endif
