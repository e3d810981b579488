/* run_outcome.h - how the legs of a run ended. */
#ifndef RUN_OUTCOME_H
#define RUN_OUTCOME_H

#include <longhaul.h>

/* Prints it. Returns the worst status of the legs: EXIT_FAILED, then EXIT_INCOMPLETE, then EXIT_DONE. is_dropped, by
 * leg, may be NULL: those that the topology has no longer do not count. */
int run_outcome_say(const struct longhaul_run *run, const struct longhaul_leg *legs, size_t n_legs,
                    const bool *is_dropped);

#endif
