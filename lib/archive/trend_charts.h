/* trend_charts.h - the chart files of many days. */
#ifndef TREND_CHARTS_H
#define TREND_CHARTS_H

#include "archive/trend.h"

/* Fills the list of charts of a report that has nothing else. */
int trend_charts_plan(const struct longhaul_trend *trend, struct longhaul_report *report, struct longhaul_error *err);
/* Writes data and scripts of these charts, and draws those that are missing or outdated, into the report's folder; adds
 * those that have a picture to the trend's charts, the files to its files, and what could not be drawn to its notes. */
int trend_charts_write(struct longhaul_trend *trend, struct longhaul_report *report, struct longhaul_error *err);

#endif
