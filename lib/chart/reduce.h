/* reduce.h - a day of intervals at the width of a picture. */
#ifndef REDUCE_H
#define REDUCE_H

#include <stdbool.h>
#include <stddef.h>

/* Values over time, one per interval; NAN where one is not known, or left out. Borrowed. */
struct reduce_line {
    const double *start_s, *end_s; /* on the test's axis */
    const double *value;
    size_t n;
    double offset_s; /* where the test's axis begins on the chart's */
    double length_s; /* of the chart's axis */
};

/* The intervals that end in one column of pixels. */
struct reduce_column {
    size_t n; /* with a value */
    double first, least, most, last;
    double p5, median, p95;
    bool is_joined; /* to the column with values before it: nothing was missed between them */
};

/* Fills n_columns columns. NULL when out of memory; else malloc'd. with_percentiles fills p5, median, p95. */
struct reduce_column *reduce_columns(const struct reduce_line *line, size_t n_columns, bool with_percentiles);

/* A stretch of time, in seconds of the chart's axis. */
struct reduce_span {
    double from_s, to_s;
};

/* What was not observed of 0 to length_s: n spans, malloc'd; NULL when out of memory. */
struct reduce_span *reduce_gaps(const struct reduce_line *line, size_t *n);

/* Was nothing observed between interval i - 1 and interval i? True for the first. Clocks that step back are no gap. */
bool reduce_is_after_gap(const struct reduce_line *line, size_t i);

#endif
