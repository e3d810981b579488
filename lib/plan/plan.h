/* plan.h - a plan, as plan.c and plan_json.c share it. */
#ifndef PLAN_H
#define PLAN_H

#include "model/topology.h"

struct longhaul_plan {
    const struct longhaul_topology *topology;
    size_t n_sites, n_legs;
    struct longhaul_planned_leg *legs;
    struct longhaul_load *loads; /* by site */
    uint32_t n_rounds;
    double *round_start_s;       /* n_rounds + 1: the last one is when a further round could begin */
    double seconds;
    bool has_price;
};

#endif
