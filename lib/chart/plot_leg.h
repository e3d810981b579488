/* plot_leg.h - charts of legs over the time of their test. */
#ifndef PLOT_LEG_H
#define PLOT_LEG_H

#include "chart/plot.h"
#include "chart/reduce.h"
#include "report/report.h"

/* One leg of a chart. */
struct plot_leg {
    const struct report_leg *leg;
    bool is_inbound; /* to the hub */
};

/* What an axis of time has to hold of a leg: the plan, and more only when more was observed. Times beyond AXIS_MOST_S
 * are no times. */
double plot_leg_length_s(const struct longhaul_series *series);

/* The texts of a pair's chart: of one or two legs, the upper one first. subject is what the title ends in. */
int plot_pair(const char *name, const char *subject, const struct plot_leg *legs, size_t n_legs,
              const struct longhaul_report_options *options, char **data, char **script, struct longhaul_error *err);
/* The texts of one leg's chart. */
int plot_direction(const char *name, const char *subject, const struct plot_leg *leg,
                   const struct longhaul_report_options *options, char **data, char **script,
                   struct longhaul_error *err);

#endif
