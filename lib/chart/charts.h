/* charts.h - what charts.c plans and chart_files.c makes. */
#ifndef CHARTS_H
#define CHARTS_H

#include "report/report.h"

/* Adds a chart to the report's list, with a name that no chart has yet: <stem>, else with the start, else with a number
 * too. Charts of one stem come newest first. */
int charts_add(struct longhaul_report *report, const struct report_chart *chart, const char *stem,
               struct longhaul_error *err);

/* Fills the report's charts: which pairs, directions and charts of all there are, and their names. */
int charts_plan(struct longhaul_report *report, struct longhaul_error *err);

/* chart_files.c: writes data and script of each chart in the list where they changed, draws those whose pictures are
 * not of them, and fills has_png and has_svg. What cannot be drawn is a note. */
int chart_files_write(struct longhaul_report *report, struct longhaul_error *err);

#endif
