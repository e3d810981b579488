/* charts.h - the list of charts that charts.c plans and chart_files.c makes. */
#ifndef CHARTS_H
#define CHARTS_H

#include "report/report.h"

/* Fills the report's charts: which pairs, directions and charts of all legs there are, and their names. */
int charts_plan(struct longhaul_report *report, struct longhaul_error *err);

/* chart_files.c: writes data and script of each chart in the list if they changed, draws pictures that are missing or
 * outdated, and fills has_png and has_svg. What cannot be drawn becomes a note. */
int chart_files_write(struct longhaul_report *report, struct longhaul_error *err);

#endif
