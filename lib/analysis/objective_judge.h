/* objective_judge.h - several objectives of the same tests. */
#ifndef OBJECTIVE_JUDGE_H
#define OBJECTIVE_JUDGE_H

#include <longhaul.h>

#include "analysis/objective_range.h"

/* As longhaul_objective_judge(), for each of the list; what they share is computed once for each test. out has
 * n_objectives results, which are undefined after an error. */
int objective_judge_all(const struct longhaul_objective *list, size_t n_objectives,
                        const struct longhaul_analysis *const *tests, const struct longhaul_series *const *series,
                        size_t n, struct longhaul_objective_result *out, struct longhaul_error *err);

/* For a caller that has figures of tests, but no longer the tests. objective_begin() makes an empty result. The caller
 * fills to_come_s and either the counts of windows or value, observed_s and unobserved_s; objective_conclude...() then
 * makes the verdict and the text. so_far: what the value is at least and at most; whole: with what is to come. */
struct longhaul_objective_result objective_begin(const struct longhaul_objective *objective, size_t n_tests);
void objective_conclude_windows(struct longhaul_objective_result *result);
void objective_conclude(struct longhaul_objective_result *result, struct objective_range so_far,
                        struct objective_range whole);
/* Whether the verdict is meant so far. */
bool objective_is_so_far(const struct longhaul_objective_result *result);

#endif
