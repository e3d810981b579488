/* flow_test.h - which of several flows fare worse than their siblings. Pure arithmetic. */
#ifndef FLOW_TEST_H
#define FLOW_TEST_H

#include <stdbool.h>
#include <stddef.h>

#include "model/flow.h"

/* The chance that one test names a flow if all of them are alike, at most. */
#define FLOW_TEST_ALARM 1e-4

struct flow_count {
    double events; /* of one kind: losses in a row, seconds with much delay */
    double share;  /* > 0: packets that it sent */
    double clump;  /* how many events come at once: variance over mean of the events in spans of time; at least 1 */
};

/* Marks those of n flows in is_worse that have more events than their siblings, and returns how many. What hits all
 * flows alike is not a difference. The flows are split in two where that explains the counts best (two Poisson rates).
 * One above the split is named if, compared with all below it, so many events have a chance of at most
 * FLOW_TEST_ALARM / n, by the bound of W. Hoeffding (1963, Theorem 1) for the binomial tail, and if its rate is at
 * least half more than theirs. Events that come in clumps, or vary among flows more than chance lets them, count for
 * less (P. McCullagh, J. A. Nelder: Generalized Linear Models, 1989, 4.5 and 6.2.3). */
size_t flow_test(const struct flow_count *flows, size_t n, bool is_worse[FLOWS_MAX]);

#endif
