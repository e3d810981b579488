/* spans.h - where the spans of a test begin. */
#ifndef SPANS_H
#define SPANS_H

#include "analysis/analysis.h"

/* Spans begin at whole multiples of length_s of UTC. An interval counts where it begins, shift_s later. */
struct grid {
    double length_s, shift_s;
};

/* Starts vary by some milliseconds. If spans are as short as intervals that begin near the edges of spans, one
 * span would have two of them and the next one none: they are shifted by up to half an interval, to the middle
 * between edges. */
struct grid spans_grid(const struct view *view, double length_s);
/* The start, on the test's axis, of the span that contains time_s. */
double spans_start(const struct view *view, double time_s, const struct grid *grid);

#endif
