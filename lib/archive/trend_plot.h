/* trend_plot.h - charts of many days: data and scripts for gnuplot. */
#ifndef TREND_PLOT_H
#define TREND_PLOT_H

#include "archive/trend.h"

enum { TREND_PLOT_ROWS = 50 }; /* legs in a map */

/* Each makes the texts of one chart, which the caller frees. The daily figures of a leg: loss, percentiles of delay and
 * jitter, round trip, rate, with the levels that changed; a figure that is not known on any day has no panel. */
int trend_plot_days(const char *name, const struct longhaul_trend *trend, const struct trend_leg *leg, char **data,
                    char **script, struct longhaul_error *err);
/* A map of loss: a row for each of n legs, from the first'th gravest on, and a cell for each day. */
int trend_plot_calendar(const char *name, const struct longhaul_trend *trend, size_t first, size_t n, char **data,
                        char **script, struct longhaul_error *err);
/* Of one leg: a row for each hour of UTC. */
int trend_plot_hours(const char *name, const struct longhaul_trend *trend, const struct trend_leg *leg, char **data,
                     char **script, struct longhaul_error *err);

#endif
