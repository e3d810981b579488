/* show.h - the tables of longhaul show, on stdout. */
#ifndef SHOW_H
#define SHOW_H

#include <longhaul.h>

/* The state of --intervals: the axis of the test whose rows are being printed. */
struct show_axis {
    double start_unix_s;
};

void show_interval_head(void);
/* Prints a line for each interval as it is read; payload is a struct show_axis. */
longhaul_row_cb show_interval;

/* For people; what concerns the whole test is on a line before. */
void show_line(const struct longhaul_analysis *test);
void show_events(const struct longhaul_analysis *test);
void show_hours(const struct longhaul_analysis *test);

void show_csv_head(void);
void show_csv(const struct longhaul_analysis *test);
void show_events_csv_head(void);
/* The incidents are of all tests, of which this one has the index. */
void show_events_csv(const struct longhaul_analysis *test, const struct longhaul_incidents *incidents, size_t index);
/* All tests at once, as github-action-benchmark reads them: what is better when it is bigger, or what when smaller. -1,
 * without memory. */
int show_benchmark(struct longhaul_analysis *const *tests, size_t n, bool is_bigger);
void show_hours_csv_head(void);
void show_hours_csv(const struct longhaul_analysis *test);

struct show_leg {
    size_t nth;         /* which test of its leg a test is; 1: the first */
    bool is_one_of_two; /* its sites have tests of another protocol, too */
};
/* One for each test, malloc'd; NULL without memory. */
struct show_leg *show_legs(struct longhaul_analysis *const *tests, size_t n);

#endif
