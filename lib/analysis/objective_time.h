/* objective_time.h - one test as its objectives see it: until when it was to be observed, and when it was not. */
#ifndef OBJECTIVE_TIME_H
#define OBJECTIVE_TIME_H

#include "analysis/analysis.h"

/* A time of a test in which the quantity is not known. */
struct objective_hole {
    double from_s, to_s;
};

struct objective_test {
    const struct longhaul_analysis *a;
    const struct longhaul_series *series;
    struct view view;
    struct view_room room;
    /* Of each interval. Sequence numbers tell what an outage lost only in the interval after it; these have it where it
     * was lost. */
    double *lost, *packets;
    double expected;         /* of these lost packets, those that nobody counted: of an outage that never ended */
    double pace;             /* packets a second; NAN */
    double end_s, to_come_s; /* the end of what was to be observed so far; what follows in a run in progress */
    /* Of the quantity: by time, apart from each other. */
    struct objective_hole *holes;
    size_t n_holes;
    double missing_s; /* of all holes */
};

/* What all quantities of a test share. False when out of memory; objective_test_end() in any case. */
bool objective_test_begin(struct objective_test *test, const struct longhaul_analysis *a,
                          const struct longhaul_series *series);
/* Prepares it for one quantity, instead of the one before; by_totals: the end of the record knows it for all that was
 * observed. */
void objective_test_ask(struct objective_test *test, enum longhaul_objective_kind quantity, bool by_totals);
void objective_test_end(struct objective_test *test);
/* Whether the interval knows the quantity. */
bool objective_test_knows(const struct objective_test *test, enum longhaul_objective_kind quantity, size_t i);
/* Bits that arrived in the interval; NAN when unknown. */
double objective_test_arrived(const struct objective_test *test, size_t i);
/* A gap in which the run tried, and nothing got through: it is known to be an outage. */
bool objective_is_outage(const struct longhaul_gap *gap);
/* The first hole that ends after a time; n_holes without one. */
size_t objective_first_hole(const struct objective_test *test, double from_s);
/* How much of a time is in holes; 0 when that is less than intervals vary. */
double objective_missing_s(const struct objective_test *test, double from_s, double to_s);

#endif
