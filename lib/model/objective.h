/* objective.h - the quantities of objectives. */
#ifndef OBJECTIVE_H
#define OBJECTIVE_H

#include <longhaul.h>

struct objective_quantity {
    const char *name; /* as written: "delay p99" */
    const char *unit; /* of the limit in texts */
    double per_unit;  /* the limit's own unit in it: 1e6 for Mbps */
    bool is_least;    /* the limit is the least */
    bool has_windows;
};

/* LONGHAUL_EINVAL unless it is one that longhaul_objective_parse() can give. */
int objective_check(const struct longhaul_objective *objective, struct longhaul_error *err);
const struct objective_quantity *objective_quantity(enum longhaul_objective_kind quantity);
/* Whether their texts are the same: limits are compared as they are written. */
bool objective_is_same(const struct longhaul_objective *a, const struct longhaul_objective *b);
/* "minutes" */
const char *objective_window_name(double window_s);

#endif
