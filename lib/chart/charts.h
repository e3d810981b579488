/* charts.h - the list of charts that charts.c plans and chart_files.c makes. */
#ifndef CHARTS_H
#define CHARTS_H

#include "report/report.h"

/* Fills the report's charts: which pairs, directions and charts of all legs there are, and their names. */
int charts_plan(struct longhaul_report *report, struct longhaul_error *err);

/* A label as a part of a file's name. */
void chart_name_part(char *out, size_t size, const char *label);

/* Makes the data and the script of a chart, which the caller frees. */
typedef int chart_texts(const void *payload, const struct report_chart *chart, char **data, char **script,
                        struct longhaul_error *err);
/* chart_files.c: that of the charts of charts_plan(); the payload is the report. */
chart_texts charts_texts;
/* Writes data and script of each chart in the list if they changed, draws pictures that are missing or outdated, and
 * fills has_png and has_svg. What cannot be drawn becomes a note. */
int chart_files_write(struct longhaul_report *report, chart_texts *texts, const void *payload,
                      struct longhaul_error *err);

#endif
