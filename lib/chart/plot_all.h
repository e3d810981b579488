/* plot_all.h - charts that show all legs of a report at once. */
#ifndef PLOT_ALL_H
#define PLOT_ALL_H

#include "chart/plot.h"
#include "report/report.h"

#define PLOT_ALL_LABEL 80

/* Chooses the legs for a chart of all legs: the newest run of each direction. Beyond most, the gravest are
 * kept, the hub's before others if there is a hub. Returns their number; legs has room for most, and is in the report's
 * order.
 * *n_all is the number before the choice. */
size_t plot_all_legs(const struct longhaul_report *report, size_t most, size_t *legs, size_t *n_all);
/* "HK->WUS"; long names are shortened in the middle. */
void plot_all_label(const struct longhaul_report *report, size_t leg, char label[PLOT_ALL_LABEL]);
void plot_all_name(const char *source, const char *destination, char label[PLOT_ALL_LABEL]);
/* " (24 of 90 legs: ...)", or "". */
void plot_all_cut_text(const struct longhaul_report *report, size_t n, size_t n_all, char *text, size_t size);
/* The width of the widest label in points, for a font of the given size. */
double plot_all_label_pt(const struct longhaul_report *report, const size_t *legs, size_t n, double font_pt);

/* Each makes the texts of one kind of chart. */
int plot_hub(const char *name, const struct longhaul_report *report, char **data, char **script,
             struct longhaul_error *err);
int plot_heat(const char *name, const struct longhaul_report *report, char **data, char **script,
              struct longhaul_error *err);
int plot_distribution(const char *name, const struct longhaul_report *report, char **data, char **script,
                      struct longhaul_error *err);
int plot_matrix(const char *name, const struct longhaul_report *report, char **data, char **script,
                struct longhaul_error *err);

#endif
