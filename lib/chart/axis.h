/* axis.h - ranges of axes and where their marks are. */
#ifndef AXIS_H
#define AXIS_H

#include <stdbool.h>
#include <stdio.h>

/* Ends of an axis, and where its marks are: on a logarithmic one at the powers of ten between first and high. */
struct axis {
    double low, high;
    bool is_log;
    double first, step; /* of the marks; step is a factor when is_log */
    int digits;         /* after the point, so that no two marks look the same; of a linear axis */
};

/* From least to most (Mbps): zoomed in, with room, three to nine marks. */
struct axis axis_of_rates(double least, double usual, double most);
/* Loss in %: logarithmic whole decades from below the least that is above 0 to above the most, at least 0.1 to 1. */
struct axis axis_of_losses(double least, double usual, double most);
/* Jitter or another time, 0 or more: from 0; logarithmic when the most is far from what is usual. */
struct axis axis_of_times(double least, double usual, double most);
/* Round trips: zoomed in, as rates are; logarithmic when the most is far from what is usual. */
struct axis axis_of_round_trips(double least, double usual, double most);
/* Shares, 0-1, near 1: from a round one below the least to 1. */
struct axis axis_of_shares(double least);

/* Writes marks for gnuplot's `set ytics (...)`: '9.990' 9.99, '10.000' 10; at most max of them, and none in the
 * uppermost share of it, where another panel's marks are near. Where max is three or fewer the panel is thin: none at
 * its edges. */
void axis_write_marks(FILE *out, const struct axis *axis, int max, double uppermost);

/* What time is counted in on an axis of that many seconds, and where its marks are. */
struct axis_time {
    const char *unit; /* "hours" */
    double unit_s;
    double high, step; /* in units */
};
#define AXIS_MOST_S 315576000.0 /* ten years: no axis of time is longer, whatever a file says */
struct axis_time axis_of_time(double seconds);
void axis_write_time_marks(FILE *out, const struct axis_time *time, bool with_labels);
/* Marks in UTC on the same axis, which begins at start_unix_s: round times of the day, days by their date; at most max,
 * and none within edge_s of the beginning, where the axis says what it is. */
void axis_write_utc_marks(FILE *out, const struct axis_time *time, double start_unix_s, int max, double edge_s);

#endif
