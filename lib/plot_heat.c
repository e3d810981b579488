/* plot_heat.c - the heat strip: loss of each leg in each hour of UTC, or each day where there are more than four; all runs of a
 * direction in one row. What is not known is not shown as none. */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "plot_all.h"
#include "templates.h"

#define MOST_ROWS 60
#define MOST_HOURS 96
#define MOST_CELLS 400 /* of a row */
#define HOUR_S 3600.0
#define DAY_S 86400.0
#define ROW_PT 20.0
#define TOP_PT 46.0
#define BOTTOM_PT 48.0
#define LABEL_FONT_PT 8.5

/* Packets of one leg in an hour or a day, of the intervals that know their loss. */
struct cell {
    double lost, packets;
    bool is_observed;
};

struct heat {
    size_t rows[MOST_ROWS];
    size_t n_rows, n_all;
    bool is_dated;             /* the axis is of UTC; else of the tests' own hours */
    double first_s, step_s;    /* where the axis begins, and what a cell is long */
    size_t n_cells;
    struct cell *cells;        /* n_cells for each row */
};

static double start_of(const struct longhaul_span *hour, bool is_dated)
{
    return is_dated ? hour->start_unix_s : floor(hour->start_s / HOUR_S) * HOUR_S;
}

static bool is_same_direction(const struct longhaul_report *report, size_t x, size_t y)
{
    return strcmp(report->legs[x].info->source, report->legs[y].info->source) == 0 &&
           strcmp(report->legs[x].info->destination, report->legs[y].info->destination) == 0;
}

/* The first and the last hour of all shown legs. */
static void find_range(const struct longhaul_report *report, struct heat *heat, double *first, double *last)
{
    *first = INFINITY;
    *last = -INFINITY;
    for (size_t i = 0; i < report->n_legs; i++) {
        size_t n;
        const struct longhaul_span *hours = longhaul_analysis_hours(report->legs[i].analysis, &n);
        for (size_t k = 0; k < n; k++) {
            double start = start_of(&hours[k], heat->is_dated);
            if (isnan(start))
                continue;
            *first = fmin(*first, start);
            *last = fmax(*last, start);
        }
    }
}

/* Sets the axis; a row of more than MOST_CELLS days shows the last ones. */
static void set_axis(const struct longhaul_report *report, struct heat *heat)
{
    double first, last;
    heat->is_dated = true;
    find_range(report, heat, &first, &last);
    if (isinf(first)) {
        heat->is_dated = false;
        find_range(report, heat, &first, &last);
    }
    if (isinf(first))
        first = last = 0;
    heat->step_s = last - first >= MOST_HOURS * HOUR_S ? DAY_S : HOUR_S;
    heat->first_s = floor(first / heat->step_s) * heat->step_s;
    double cells = floor((last - heat->first_s) / heat->step_s) + 1;
    if (cells > MOST_CELLS)
        heat->first_s += (cells - MOST_CELLS) * heat->step_s;
    heat->n_cells = (size_t)fmin(cells, MOST_CELLS);
}

static void add_hour(struct heat *heat, size_t row, const struct longhaul_span *hour)
{
    double at = floor((start_of(hour, heat->is_dated) - heat->first_s) / heat->step_s);
    if (!(at >= 0) || at >= (double)heat->n_cells)
        return;
    struct cell *cell = &heat->cells[row * heat->n_cells + (size_t)at];
    cell->is_observed = cell->is_observed || hour->n_intervals > 0;
    if (isnan(hour->lost_packets) || !(hour->known_packets > 0))
        return;
    cell->lost += fmax(hour->lost_packets, 0);
    cell->packets += hour->known_packets;
}

static bool fill(const struct longhaul_report *report, struct heat *heat)
{
    heat->n_rows = plot_all_legs(report, MOST_ROWS, heat->rows, &heat->n_all);
    set_axis(report, heat);
    heat->cells = calloc(heat->n_rows * heat->n_cells + 1, sizeof *heat->cells);
    if (heat->cells == NULL)
        return false;
    for (size_t row = 0; row < heat->n_rows; row++)
        for (size_t i = 0; i < report->n_legs; i++) {
            size_t n;
            const struct longhaul_span *hours = longhaul_analysis_hours(report->legs[i].analysis, &n);
            for (size_t k = 0; is_same_direction(report, i, heat->rows[row]) && k < n; k++)
                add_hour(heat, row, &hours[k]);
        }
    return true;
}

/* ---- texts */

static void write_cells(struct plot *plot, const struct heat *heat)
{
    plot_block(plot, 1, "cells");
    for (size_t row = 0; row < heat->n_rows; row++)
        for (size_t i = 0; i < heat->n_cells; i++) {
            const struct cell *cell = &heat->cells[row * heat->n_cells + i];
            double loss = cell->packets > 0 ? 100 * cell->lost / cell->packets : NAN;
            if (cell->is_observed)
                fprintf(plot->data, "%zu %zu %d %.6g\n", i, row + 1, plot_loss_class(loss), loss);
        }
    fputs("0 0 0 NaN\n", plot->data); /* gnuplot wants a row */
}

/* Marks at the left edges of cells: every so many that they have room. */
static void write_marks(struct plot *plot, const struct heat *heat)
{
    int most = (int)(plot_columns(&plot->frame) / plot_points(&plot->frame, 44));
    bool has_days = heat->step_s >= DAY_S;
    static const size_t hours[] = { 1, 2, 3, 6, 12, 24 }, days[] = { 1, 2, 7, 14, 28, 56 };
    const size_t *steps = has_days ? days : hours;
    size_t every = 0;
    while (every < 5 && heat->n_cells / steps[every] > (size_t)(most > 2 ? most : 2))
        every++;
    fputs("x_tics = \"", plot->script);
    bool is_first = true;
    for (size_t i = 0; i < heat->n_cells; i++) {
        double at = heat->first_s + (double)i * heat->step_s;
        time_t t = (time_t)at;
        char text[32] = "";
        struct tm utc;
        if (fmod(floor(at / heat->step_s), (double)steps[every]) != 0)
            continue;
        if (!heat->is_dated)
            snprintf(text, sizeof text, "%.0f", at / HOUR_S);
        else if (gmtime_r(&t, &utc))
            strftime(text, sizeof text, has_days || fmod(at, DAY_S) == 0 ? "%d %b" : "%H:%M", &utc);
        fprintf(plot->script, "%s'%s' %zu", is_first ? "" : ", ", text, i);
        is_first = false;
    }
    fputs("\"\n", plot->script);
}

static void write_labels(struct plot *plot, const struct longhaul_report *report, const struct heat *heat)
{
    char labels[MOST_ROWS][PLOT_ALL_LABEL];
    const char *texts[MOST_ROWS];
    for (size_t i = 0; i < heat->n_rows; i++) {
        plot_all_label(report, heat->rows[i], labels[i]);
        texts[i] = labels[i];
    }
    plot_strings(plot, "row_label", texts, heat->n_rows);
    plot_number(plot, "rows", (double)heat->n_rows);
    plot_number(plot, "cells", (double)heat->n_cells);
    plot_strings(plot, "class_text", plot_loss_texts, 8);
}

int plot_heat(const char *name, const struct longhaul_report *report, char **data, char **script, struct longhaul_error *err)
{
    static const char *const templates[] = { TEMPLATE_THEME, TEMPLATE_HEAT };
    struct heat heat = { .cells = NULL };
    struct plot plot;
    char title[PLOT_TITLE], cut[80];
    bool good = fill(report, &heat);
    double left_pt = 12 + plot_all_label_pt(report, heat.rows, heat.n_rows, LABEL_FONT_PT);
    double height_pt = TOP_PT + BOTTOM_PT + ROW_PT * (double)(heat.n_rows < 3 ? 3 : heat.n_rows);
    struct plot_frame frame = plot_frame_of(report->options, 14, height_pt / 72, left_pt, 16);
    if (!plot_begin(&plot, name, &frame, report->options->theme))
        good = false;
    plot.has_failed = !good;
    if (good) {
        plot_all_cut_text(heat.n_rows, heat.n_all, cut, sizeof cut);
        snprintf(title, sizeof title, "Loss by leg and %s%s%s", heat.step_s >= DAY_S ? "day" : "hour",
                 heat.is_dated ? " (UTC)" : " of the test", cut);
        plot_string(&plot, "title_text", title);
        plot_number(&plot, "margin_top", plot_points(&frame, TOP_PT));
        plot_number(&plot, "margin_bottom", plot_points(&frame, BOTTOM_PT));
        write_labels(&plot, report, &heat);
        write_marks(&plot, &heat);
        write_cells(&plot, &heat);
    }
    free(heat.cells);
    return plot_end(&plot, templates, 2, data, script, err);
}
