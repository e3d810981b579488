/* objective_windows.h - the windows of a test that kept an objective's limit. */
#ifndef OBJECTIVE_WINDOWS_H
#define OBJECTIVE_WINDOWS_H

#include "analysis/objective_time.h"

/* Adds the windows of a test to the counts of a result. False when out of memory. */
bool objective_count_windows(const struct objective_test *test, struct longhaul_objective_result *result);

#define OBJECTIVE_JITTER_SHARE 0.95
#define OBJECTIVE_ROUNDING 1e-12 /* relative: 0.1 % of 1440 minutes is not an exact number */

/* A value that is at least and at most something: within a limit, not, or nobody knows. */
struct objective_range {
    double least, most; /* NAN: unknown */
};
enum objective_kept { OBJECTIVE_UNKNOWN, OBJECTIVE_KEPT, OBJECTIVE_BROKEN };
enum objective_kept objective_keeps(struct objective_range range, double limit, bool is_least);
/* The share of what is known below which lie `share` of the values, when what is missing is all most, or all least:
 * below 0 when that is among the missing least ones, above 1 among the most. */
double objective_shifted(double share, double known, double missing, bool is_most);

#endif
