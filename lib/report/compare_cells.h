/* compare_cells.h - a leg's tests of one side, cut into cells of time, for a comparison. */
#ifndef COMPARE_CELLS_H
#define COMPARE_CELLS_H

#include "analysis/two_samples.h"
#include "report/report.h"

enum { COMPARE_NO_HOUR = 255 };

/* The cells of one quantity: of ratios, or of delays. */
struct compare_cells {
    bool is_delays;
    struct two_samples_cell *ratios; /* NULL for delays */
    struct histogram *delays;        /* NULL for others */
    unsigned char *hours;            /* in which each begins, of the day: 0-23, or COMPARE_NO_HOUR */
    size_t n, capacity;
    double length_s; /* of a cell */
    double *tests;   /* the figure of each test that knows the quantity, for the variation from test to test */
    size_t n_tests;
};

/* How tests are cut: either by the time of day, all tests on one set of cells, or one after the other, of which only
 * cells are kept in which something is known. Of these there are 1,440 at most: of more, two at a time are joined. */
struct compare_grid {
    double cell_s, delays_cell_s;
    bool is_by_day;
};

/* Fills the cells of the wanted quantities for n tests; wanted and cells have LONGHAUL_N_COMPARED each. False when out
 * of memory; compare_cells_free() is due in either case. */
bool compare_cells_fill(const struct report_leg *const *tests, size_t n, const bool *wanted,
                        const struct compare_grid *grid, struct compare_cells *cells);
void compare_cells_free(struct compare_cells *cells);

/* Something is known in a cell; the value there, of delays the percentile in ms. */
bool compare_cells_know(const struct compare_cells *cells, size_t i);
double compare_cells_value(const struct compare_cells *cells, size_t i);

/* For tests of seconds each, with intervals of usual_s. */
struct compare_grid compare_grid_for(double seconds, double usual_s);

#endif
