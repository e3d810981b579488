/* plan_objectives.h - the objectives of a topology's legs, for `longhaul plan`. */
#ifndef PLAN_OBJECTIVES_H
#define PLAN_OBJECTIVES_H

#include <longhaul.h>

/* A line for each list of objectives that legs have; nothing without objectives. */
void plan_print_objectives(const struct longhaul_topology *topology);

#endif
