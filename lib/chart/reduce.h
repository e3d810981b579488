/* reduce.h - reduces a day of intervals to the width of a picture. */
#ifndef REDUCE_H
#define REDUCE_H

#include <stdbool.h>
#include <stddef.h>

/* Values over time, one per interval; NAN where a value is unknown or excluded. Borrowed. */
struct reduce_line {
    const double *start_s, *end_s; /* on the test's axis */
    const double *value;
    size_t n;
    double offset_s; /* from the beginning of the chart's axis to that of the test's */
    double length_s; /* of the chart's axis */
};

/* The intervals that end in one pixel column. */
struct reduce_column {
    size_t n; /* number of intervals with a value */
    double first, least, most, last;
    double p5, median, p95;
    bool is_joined; /* no interval or value is missing between this column and the previous one with values */
};

/* Fills n_columns columns, malloc'd; NULL when out of memory. with_percentiles also fills p5, median and p95. */
struct reduce_column *reduce_columns(const struct reduce_line *line, size_t n_columns, bool with_percentiles);

/* A stretch of time, in seconds of the chart's axis. */
struct reduce_span {
    double from_s, to_s;
};

/* Returns the n spans between 0 and length_s that were not observed, malloc'd; NULL when out of memory. */
struct reduce_span *reduce_gaps(const struct reduce_line *line, size_t *n);

/* True if nothing was observed between interval i - 1 and interval i, and for the first interval. A clock that stepped
 * back does not make a gap. */
bool reduce_is_after_gap(const struct reduce_line *line, size_t i);

#endif
