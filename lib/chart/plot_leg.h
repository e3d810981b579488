/* plot_leg.h - charts of legs over the time of their test. */
#ifndef PLOT_LEG_H
#define PLOT_LEG_H

#include "chart/plot.h"
#include "report/report.h"

/* One leg of a chart. */
struct plot_leg {
    const struct report_leg *leg;
    bool is_inbound; /* towards the hub */
    const struct longhaul_incidents *incidents; /* of the report; NULL if unknown */
};

/* The time that an axis must show for a leg: the planned duration, or more if more was observed; of a
 * run in progress what was observed. Times beyond
 * AXIS_MOST_S are ignored. */
double plot_leg_length_s(const struct longhaul_series *series);

/* Makes the texts of a pair's chart, with one or two legs, the upper one first. The title ends in subject. */
int plot_pair(const char *name, const char *subject, const struct plot_leg *legs, size_t n_legs,
              const struct longhaul_report_options *options, char **data, char **script, struct longhaul_error *err);
/* Makes the texts of one leg's chart. */
int plot_direction(const char *name, const char *subject, const struct plot_leg *leg,
                   const struct longhaul_report_options *options, char **data, char **script,
                   struct longhaul_error *err);

#endif
