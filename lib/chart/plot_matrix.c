/* plot_matrix.c - loss, jitter and coverage by source and destination, for the newest run of each direction in a mesh
 * of up to 100 sites. Colours are classes; cells with enough room also show the figure. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart/plot_all.h"
#include "templates.h"

#define MOST_SITES 100
#define MOST_IN_ROW 20 /* with more sites, the three matrices stand below each other */
#define MOST_WITH_TEXT 12
#define TITLE_PT 30.0
#define HEAD_PT 24.0
#define FOOT_PT 44.0
#define LABEL_FONT_PT 8.0
#define MATRICES 3

struct sites {
    const char *codes[MOST_SITES];
    size_t n, n_all;
};

/* Maps figures to classes from 0 (good) to 7: the class is the number of limits that the figure exceeds. */
static const struct matrix {
    const char *name, *title, *format;
    double limits[7];
    bool is_better_high;
    const char *texts[REPORT_LOSS_LEVELS];
} matrices[MATRICES] = {
    { "loss", "Loss (%)", "%.2g", { 0 }, false, { NULL } }, /* the report's scale of losses */
    { "jitter", "Jitter at the end (ms)", "%.2g", { 0.01, 0.03, 0.1, 0.3, 1, 3, 10 }, false,
      { "≤ 0.01", "≤ 0.03", "≤ 0.1", "≤ 0.3", "≤ 1", "≤ 3", "≤ 10", "more" } },
    { "coverage", "Coverage (% of the plan)", "%.4g", { 99.95, 99.9, 99, 95, 90, 75, 50 }, true,
      { "all", "≥ 99.9", "≥ 99", "≥ 95", "≥ 90", "≥ 75", "≥ 50", "less" } },
};

static int class_of(const struct matrix *matrix, double value)
{
    int i = 0;
    if (matrix == &matrices[0])
        return report_loss_level(value);
    if (isnan(value))
        return -1;
    while (i < 7 && (matrix->is_better_high ? value < matrix->limits[i] : value > matrix->limits[i]))
        i++;
    return i;
}

static double value_of(const struct report_leg *leg, size_t matrix)
{
    return matrix == 0   ? longhaul_analysis_loss(leg->analysis)->percent
           : matrix == 1 ? leg->summary.jitter_ms
                         : 100 * longhaul_analysis_figures(leg->analysis)->coverage;
}

/* The first MOST_SITES by name. False when out of memory. */
static bool find_sites(const struct longhaul_report *report, struct sites *sites)
{
    const char **codes = report_sites(report, &sites->n_all);
    bool good = codes != NULL;
    sites->n = !good ? 0 : sites->n_all < MOST_SITES ? sites->n_all : MOST_SITES;
    if (good)
        memcpy(sites->codes, codes, sites->n * sizeof *codes);
    free(codes);
    return good;
}

/* n if it is not among them. */
static size_t index_of(const struct sites *sites, const char *code)
{
    size_t i = report_site_number(sites->codes, sites->n, code);
    return sites->n > 0 && strcmp(sites->codes[i], code) == 0 ? i : sites->n;
}

static void write_cells(struct plot *plot, const struct longhaul_report *report, const struct sites *sites,
                        const size_t *legs, size_t n, size_t matrix)
{
    plot_block(plot, matrix + 1, "cells");
    for (size_t i = 0; i < n; i++) {
        const struct report_leg *leg = &report->legs[legs[i]];
        size_t row = index_of(sites, leg->info->source), column = index_of(sites, leg->info->destination);
        double value = value_of(leg, matrix);
        char text[32] = "?";
        if (row == sites->n || column == sites->n)
            continue;
        if (!isnan(value))
            snprintf(text, sizeof text, matrices[matrix].format, value);
        fprintf(plot->data, "%zu %zu %d \"%s\"\n", column + 1, row + 1, class_of(&matrices[matrix], value), text);
    }
    fputs("0 0 0 \"\"\n", plot->data); /* gnuplot wants a row */
}

/* The size of the picture in inches: the more cells, the smaller they are. */
static void set_size(size_t n, double label_pt, double *width_in, double *height_in)
{
    double cell_pt = n <= MOST_WITH_TEXT ? 25 : n <= MOST_IN_ROW ? 15 : 9;
    double side_pt = fmax((double)n * cell_pt, 200);
    bool is_one_row = n <= MOST_IN_ROW;
    *width_in = is_one_row ? fmax(14, 3 * (side_pt + label_pt + 24) / 72) : (side_pt + label_pt + 40) / 72;
    *height_in = is_one_row ? (side_pt + label_pt + TITLE_PT + HEAD_PT + FOOT_PT) / 72
                           : (TITLE_PT + 3 * (side_pt + label_pt + HEAD_PT + FOOT_PT)) / 72;
}

static double label_pt_of(const struct sites *sites)
{
    size_t most = 3;
    for (size_t i = 0; i < sites->n; i++)
        most = strlen(sites->codes[i]) > most ? strlen(sites->codes[i]) : most;
    return fmin((double)most, 20) * LABEL_FONT_PT * 0.66 + 8;
}

static void write_texts(struct plot *plot, const struct sites *sites, double label_pt)
{
    char title[PLOT_TITLE], labels[MOST_SITES][64], variable[48];
    const char *texts[MOST_SITES];
    snprintf(title, sizeof title, "Source by destination, the newest run of each%s",
             sites->n < sites->n_all ? " (the first 100 sites)" : "");
    plot_string(plot, "title_text", title);
    for (size_t i = 0; i < sites->n; i++) {
        snprintf(labels[i], sizeof labels[i], "%.20s%s", sites->codes[i], strlen(sites->codes[i]) > 20 ? "…" : "");
        texts[i] = labels[i];
    }
    plot_strings(plot, "site", texts, sites->n);
    plot_number(plot, "sites", (double)sites->n);
    plot_number(plot, "label_width", plot_points(&plot->frame, label_pt));
    plot_number(plot, "is_one_row", sites->n <= MOST_IN_ROW);
    plot_number(plot, "has_text", sites->n <= MOST_WITH_TEXT);
    const char *titles[MATRICES], *classes[REPORT_LOSS_LEVELS];
    for (size_t i = 0; i < MATRICES; i++) {
        titles[i] = matrices[i].title;
        snprintf(variable, sizeof variable, "class_text_%zu", i + 1);
        for (int k = 0; k < REPORT_LOSS_LEVELS; k++)
            classes[k] = i == 0 ? report_loss_text(k) : matrices[i].texts[k];
        plot_strings(plot, variable, classes, REPORT_LOSS_LEVELS);
    }
    plot_strings(plot, "matrix_title", titles, MATRICES);
}

int plot_matrix(const char *name, const struct longhaul_report *report, char **data, char **script,
                struct longhaul_error *err)
{
    static const char *const templates[] = { TEMPLATE_THEME, TEMPLATE_MATRIX };
    struct sites sites = { .n = 0 };
    size_t n_all, *legs = malloc((report->n_legs + 1) * sizeof *legs),
                  n = legs ? plot_all_legs(report, report->n_legs, legs, &n_all) : 0;
    bool good = find_sites(report, &sites) && legs;
    double width_in, height_in, label_pt = label_pt_of(&sites);
    set_size(sites.n, label_pt, &width_in, &height_in);
    struct plot_frame frame = plot_frame_of(report->options, width_in, height_in, 0, 0);
    struct plot plot;
    if (plot_begin(&plot, name, &frame, report->options->theme) && good) {
        write_texts(&plot, &sites, label_pt);
        for (size_t i = 0; i < MATRICES; i++)
            write_cells(&plot, report, &sites, legs, n, i);
    }
    plot.has_failed = plot.has_failed || !good;
    free(legs);
    return plot_end(&plot, templates, 2, data, script, err);
}
