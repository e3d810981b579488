/* compare_cells.h - a leg's tests of one side, cut into cells of time, for a comparison. */
#ifndef COMPARE_CELLS_H
#define COMPARE_CELLS_H

#include "analysis/two_samples.h"
#include "report/report.h"

/* The cells of one quantity: of ratios, or of delays. */
struct compare_cells {
    struct two_samples_cell *ratios; /* NULL for delays */
    struct histogram *delays;        /* NULL for others */
    size_t n;
    double *tests; /* the figure of each test that knows the quantity, for the variation from test to test */
    size_t n_tests;
};

/* How tests are cut: into cells of cell_s, either by the time of day, all tests on one set of cells, or one after the
 * other. */
struct compare_grid {
    double cell_s;
    bool is_by_day;
};

/* Fills cells for one quantity of n tests. False when out of memory; compare_cells_free() is due in either case. */
bool compare_cells_fill(const struct report_leg *const *tests, size_t n, enum longhaul_compared quantity,
                        const struct compare_grid *grid, struct compare_cells *cells);
void compare_cells_free(struct compare_cells *cells);

/* The length of cells for tests of seconds each, with intervals of usual_s. */
double compare_cell_s(double seconds, double usual_s);
/* The 99th percentile in ms. */
#define COMPARE_SHARE 0.99

#endif
