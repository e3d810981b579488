/* compare_legs.h - the tests of each leg on both sides of a comparison, and how their times of day are matched. */
#ifndef COMPARE_LEGS_H
#define COMPARE_LEGS_H

#include "report/compare_cells.h"
#include "report/report.h"

/* One leg's tests of each side, by start. */
struct compare_tests {
    const struct report_leg **before, **after; /* borrowed from struct compare_legs */
    size_t n_before, n_after, n_left_out;      /* n_left_out: of before, which are tests of after too */
};

struct compare_legs {
    const struct report_leg **before, **after;
    struct compare_tests *tests; /* by source, destination and protocol */
    size_t n;
};

/* False when out of memory; compare_legs_free() is due in either case. */
bool compare_legs_take(const struct longhaul_report *before, const struct longhaul_report *after,
                       struct compare_legs *legs);
void compare_legs_free(struct compare_legs *legs);

/* Test i of n_before + n_after, those of before first. */
const struct report_leg *compare_test_at(const struct compare_tests *tests, size_t i);

/* Both sides of a leg in cells. */
struct compare_sides {
    struct compare_cells before[LONGHAUL_N_COMPARED], after[LONGHAUL_N_COMPARED];
};

/* Decides the length of the leg's cells, and whether times of day are matched; cuts both sides into them, as for the
 * wanted quantities. False when out of memory; compare_sides_free() is due in either case. */
bool compare_legs_match(const struct compare_tests *tests, const bool *wanted, struct longhaul_compared_leg *leg,
                        struct compare_sides *sides);
void compare_sides_free(struct compare_sides *sides);

/* The share of the planned time that was observed, 0-1; NAN where no test has a plan. */
double compare_legs_coverage(const struct report_leg *const *tests, size_t n);

/* Adds to the leg's note; what does not fit is omitted. */
void compare_note(struct longhaul_compared_leg *leg, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
