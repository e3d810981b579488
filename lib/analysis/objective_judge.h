/* objective_judge.h - several objectives of the same tests. */
#ifndef OBJECTIVE_JUDGE_H
#define OBJECTIVE_JUDGE_H

#include <longhaul.h>

/* As longhaul_objective_judge(), for each of the list; what they share is computed once for each test. out has
 * n_objectives results, which are undefined after an error. */
int objective_judge_all(const struct longhaul_objective *list, size_t n_objectives,
                        const struct longhaul_analysis *const *tests, const struct longhaul_series *const *series,
                        size_t n, struct longhaul_objective_result *out, struct longhaul_error *err);

#endif
