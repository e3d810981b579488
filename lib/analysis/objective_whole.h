/* objective_whole.h - what all tests of a leg together say of a quantity. */
#ifndef OBJECTIVE_WHOLE_H
#define OBJECTIVE_WHOLE_H

#include "analysis/objective_windows.h"
#include "base/histogram.h"

/* Of all tests: what is known. */
struct objective_evidence {
    double sum, weight;    /* of a ratio, or of seconds */
    double most_bits, most_bits_to_come; /* that could have arrived in the time that is not known, or is to come */
    double worst, worst_possible; /* the longest outage; with what was not observed */
    double worst_to_come;         /* and with what is to come */
    double *values;        /* of a quantile over intervals */
    size_t n_values;
    struct histogram delays;
};

/* Whether the end of the test's record, or its totals, know the quantity for all that was observed. */
bool objective_has_totals(const struct longhaul_analysis *analysis, enum longhaul_objective_kind quantity);
/* Adds a test, and its times to the result. False when out of memory. */
bool objective_take_test(const struct objective_test *test, struct objective_evidence *evidence,
                         struct longhaul_objective_result *result);
/* The value; NAN when unknown. */
double objective_value(struct objective_evidence *evidence, const struct longhaul_objective_result *result);
/* What it is whatever happened in the time that was not observed; with_future: and will. */
struct objective_range objective_range(struct objective_evidence *evidence,
                                       const struct longhaul_objective_result *result, bool with_future);

#endif
