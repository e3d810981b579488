/* test.h - one test of a folder, as the index keeps it: its hours, days, events and gaps. */
#ifndef TEST_H
#define TEST_H

#include <longhaul.h>

#include "archive/cell.h"
#include "archive/wanted.h"

#define TEST_MOST_HOURS 9600 /* of one test: 400 days */

/* Histograms of a cell while they are filled. */
struct test_histograms {
    struct histogram jitter_us, delay_us;
};

struct test_cells {
    struct archive_cell *cells;         /* by unix_s */
    struct test_histograms *histograms; /* of each; NULL once they are texts */
    size_t n, capacity;
    bool has_failed; /* out of memory */
};

/* What an objective's windows of the test did. */
struct test_objective {
    struct longhaul_objective objective;
    double n_good, n_bad, n_unknown, n_to_come;
};

struct archive_test {
    char source[64], destination[64], protocol[8];
    double start_unix_s, end_unix_s; /* of its data */
    double planned_s;
    double lost, total, loss_percent; /* of the whole test, as reports tell them: struct longhaul_loss */
    char verdict[24];
    bool is_in_progress;
    struct test_cells hours, days;
    struct longhaul_event *events;
    size_t n_events;
    struct longhaul_gap *gaps; /* start_s is in UTC here; texts are borrowed from `analysis` */
    size_t n_gaps;
    struct longhaul_analysis *analysis;
    struct test_objective *objectives;
    size_t n_objectives;
};

/* Makes a test of a series, whose objectives' windows are counted. LONGHAUL_EFORMAT for a test without a date or with
 * one that no calendar has, LONGHAUL_ELIMIT for one that is too long. *out is the caller's in any case, and freed with
 * test_free(). */
int test_take(const struct longhaul_series *series, const struct wanted *wanted, struct archive_test *out,
              struct longhaul_error *err);
void test_free(struct archive_test *test);

/* test_cells.c: fills the hours and the days; frees a list. */
void test_cells_free(struct test_cells *list);
int test_fill_cells(struct archive_test *test, const struct longhaul_series *series, struct longhaul_error *err);

#endif
