/* plot_all.h - charts of all legs of a report at once. */
#ifndef PLOT_ALL_H
#define PLOT_ALL_H

#include "chart/plot.h"
#include "report/report.h"

#define PLOT_ALL_LABEL 80

/* The legs that a chart of all shows: the newest run of each direction; of more than most those that lost the largest
 * share, the hub's before others'. Returns how many; legs has room for most, and is in the report's order. *n_all is
 * how many there were. */
size_t plot_all_legs(const struct longhaul_report *report, size_t most, size_t *legs, size_t *n_all);
/* "HK->WUS", long names cut in their middle. */
void plot_all_label(const struct longhaul_report *report, size_t leg, char label[PLOT_ALL_LABEL]);
/* " (24 of 90 legs: ...)", or "". */
void plot_all_cut_text(size_t n, size_t n_all, char *text, size_t size);
/* How wide the widest of the labels is in points, for a font of that size. */
double plot_all_label_pt(const struct longhaul_report *report, const size_t *legs, size_t n, double font_pt);

/* Loss in % to 0 (none) to 7 (more than half), the colours of the theme; -1 when it is NAN. */
int plot_loss_class(double loss_percent);
extern const char *const plot_loss_texts[8];

/* The texts of each kind. */
int plot_hub(const char *name, const struct longhaul_report *report, char **data, char **script,
             struct longhaul_error *err);
int plot_heat(const char *name, const struct longhaul_report *report, char **data, char **script,
              struct longhaul_error *err);
int plot_distribution(const char *name, const struct longhaul_report *report, char **data, char **script,
                      struct longhaul_error *err);
int plot_matrix(const char *name, const struct longhaul_report *report, char **data, char **script,
                struct longhaul_error *err);

#endif
