/* trend_plot_inside.h - what the charts of many days share. */
#ifndef TREND_PLOT_INSIDE_H
#define TREND_PLOT_INSIDE_H

#include "archive/trend.h"
#include "chart/plot.h"
#include "report/wording.h"

/* The title, "HK->WUS by day: 2025-01-01 to 2025-12-31", and the name of the axis. */
void trend_plot_texts(struct plot *plot, const struct longhaul_trend *trend, const char *title);
/* The axis: a unit for each day, marks at the beginnings of months, or of days if there are few. has_bare: also the
 * same marks without texts, and none above. */
void trend_plot_axis(struct plot *plot, const struct longhaul_trend *trend, bool has_bare);
/* "2025-07-20: +0.0201 points (0.0195 to 0.0207)" */
struct wording trend_plot_change(const struct trend_shift *shift);

#endif
