/* objective_windows.h - the windows of a test that kept an objective's limit. */
#ifndef OBJECTIVE_WINDOWS_H
#define OBJECTIVE_WINDOWS_H

#include "analysis/objective_range.h"
#include "analysis/objective_time.h"

/* Adds the windows of a test to the counts of a result. False when out of memory. */
bool objective_count_windows(const struct objective_test *test, struct longhaul_objective_result *result);

#define OBJECTIVE_JITTER_SHARE 0.95

#endif
