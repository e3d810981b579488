/* plot_heat.c - the heat strip: the loss of each leg in each hour of UTC, or in each day if there are more than four;
 * all runs of a direction share a row. Where loss is unknown, the cell shows the rate compared with the target, and the
 * label has the loss of the whole test. Unknown is never shown as no loss. */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/calendar.h"
#include "chart/plot_all.h"
#include "report/wording.h"
#include "templates.h"

#define MOST_ROWS 60
#define MOST_HOURS 96
#define MOST_CELLS 400 /* in one row */
#define HOUR_S 3600.0
#define DAY_S 86400.0
#define ROW_PT 20.0
#define TOP_PT 46.0
#define BOTTOM_PT 48.0
#define KEY_PT 14.0     /* one more line of the legend */
#define LABEL_FONT_PT 8.5
#define ROW_LABEL (PLOT_ALL_LABEL + 32)
#define LOSS_CLASSES 8
#define NUMBER_PT 8.0   /* gnuplot/theme.gp's size_small */
#define NUMBER_EM 0.64

/* One leg in one hour or day: packets of the intervals whose loss is known, and shares of the target weighted by the
 * seconds that have them. */
struct cell {
    double lost, packets, share_s, rate_s;
    bool is_observed;
};

struct heat {
    size_t rows[MOST_ROWS];
    size_t n_rows, n_all;
    bool is_dated;             /* the axis shows UTC; else the tests' own hours */
    double first_s, step_s;    /* the beginning of the axis, and the length of a cell */
    size_t n_cells;
    struct cell *cells;        /* n_cells for each row */
    size_t *incidents;         /* likewise: the gravest that the leg has a part in then; 0 for none */
    struct report_hours hours; /* the quantities that the cells show */
};

static double start_of(const struct longhaul_span *hour, bool is_dated)
{
    return is_dated ? hour->start_unix_s : floor(hour->start_s / HOUR_S) * HOUR_S;
}

/* Finds the first and the last hour of all shown legs. */
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

/* Sets the axis; if there are more than MOST_CELLS days, the last ones are shown. */
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

static void add_hour(struct heat *heat, size_t row, const struct report_leg *leg, const struct longhaul_span *hour)
{
    double at = floor((start_of(hour, heat->is_dated) - heat->first_s) / heat->step_s),
           share = report_rate_share(leg, hour->mean_mbps);
    if (!(at >= 0) || at >= (double)heat->n_cells)
        return;
    struct cell *cell = &heat->cells[row * heat->n_cells + (size_t)at];
    cell->is_observed = cell->is_observed || hour->n_intervals > 0;
    if (report_hour_has_loss(hour)) {
        cell->lost += fmax(hour->lost_packets, 0);
        cell->packets += hour->known_packets;
    } else if (!isnan(share)) {
        cell->share_s += share * hour->observed_s;
        cell->rate_s += hour->observed_s;
    }
}

static bool fill(const struct longhaul_report *report, struct heat *heat)
{
    heat->n_rows = plot_all_legs(report, MOST_ROWS, heat->rows, &heat->n_all);
    heat->hours = report_hours_of(report);
    set_axis(report, heat);
    heat->cells = calloc(heat->n_rows * heat->n_cells + 1, sizeof *heat->cells);
    heat->incidents = calloc(heat->n_rows * heat->n_cells + 1, sizeof *heat->incidents);
    if (heat->cells == NULL || heat->incidents == NULL)
        return false;
    struct report_columns columns = { heat->first_s, heat->step_s, heat->n_cells, heat->is_dated };
    for (size_t row = 0; row < heat->n_rows; row++)
        for (size_t i = 0; i < report->n_legs; i++) {
            size_t n;
            const struct longhaul_span *hours = longhaul_analysis_hours(report->legs[i].analysis, &n);
            if (!report_is_same_direction(report->legs[i].info, report->legs[heat->rows[row]].info))
                continue;
            for (size_t k = 0; k < n; k++)
                add_hour(heat, row, &report->legs[i], &hours[k]);
            report_incidents_by_time(&report->legs[i], &columns, heat->incidents + row * heat->n_cells);
        }
    return true;
}

/* ---- texts */

/* 0 to 7 for a loss, LOSS_CLASSES and above for a rate whose loss is unknown; -1 if both are. */
static int class_of(const struct cell *cell)
{
    if (cell->packets > 0)
        return plot_loss_class(100 * cell->lost / cell->packets);
    int level = report_rate_level(cell->rate_s > 0 ? cell->share_s / cell->rate_s : NAN);
    return level < 0 ? -1 : LOSS_CLASSES + level;
}

static void write_cells(struct plot *plot, const struct heat *heat)
{
    plot_block(plot, 1, "cells");
    for (size_t row = 0; row < heat->n_rows; row++)
        for (size_t i = 0; i < heat->n_cells; i++) {
            const struct cell *cell = &heat->cells[row * heat->n_cells + i];
            double loss = cell->packets > 0 ? 100 * cell->lost / cell->packets : NAN;
            if (cell->is_observed)
                fprintf(plot->data, "%zu %zu %d %.6g\n", i, row + 1, class_of(cell), loss);
        }
    fputs("0 0 0 NaN\n", plot->data); /* gnuplot wants a row */
}

/* The incidents' numbers, where they do not touch the one before; else a dot. */
static void write_incidents(struct plot *plot, const struct heat *heat)
{
    double cell_pt = plot_columns(&plot->frame) / plot_points(&plot->frame, 1) / (double)heat->n_cells;
    plot_block(plot, 1, "incidents");
    for (size_t row = 0; row < heat->n_rows; row++) {
        double free_pt = 0;
        for (size_t i = 0; i < heat->n_cells; i++) {
            size_t number = heat->incidents[row * heat->n_cells + i];
            char text[24];
            if (number == 0)
                continue;
            int length = snprintf(text, sizeof text, "%zu", number);
            double middle_pt = ((double)i + 0.5) * cell_pt, half_pt = 0.5 * NUMBER_EM * NUMBER_PT * length;
            bool fits = middle_pt - half_pt >= free_pt;
            if (fits)
                free_pt = middle_pt + half_pt + 2;
            fprintf(plot->data, "%zu %zu %d \"%s\"\n", i, row + 1, class_of(&heat->cells[row * heat->n_cells + i]),
                    fits ? text : "\xc2\xb7");
        }
    }
    fputs("0 0 0 \"\"\n", plot->data);
}

/* Writes marks at the left edges of cells, at every n'th cell so that they fit. */
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
        char text[32] = "";
        struct tm utc;
        if (fmod(floor(at / heat->step_s), (double)steps[every]) != 0)
            continue;
        if (!heat->is_dated)
            snprintf(text, sizeof text, "%.0f", at / HOUR_S);
        else if (calendar_of(at, &utc))
            strftime(text, sizeof text, has_days || fmod(at, DAY_S) == 0 ? "%d %b" : "%H:%M", &utc);
        fprintf(plot->script, "%s'%s' %zu", is_first ? "" : ", ", text, i);
        is_first = false;
    }
    fputs("\"\n", plot->script);
}

/* "HK->WUS  0.002 %": the loss of the whole test next to the leg, if its hours do not show it. */
static void row_label(const struct longhaul_report *report, const struct heat *heat, size_t row, char label[ROW_LABEL])
{
    char name[PLOT_ALL_LABEL];
    double loss = longhaul_analysis_loss(report->legs[heat->rows[row]].analysis)->percent;
    plot_all_label(report, heat->rows[row], name);
    if (heat->hours.n_rate == 0)
        snprintf(label, ROW_LABEL, "%s", name);
    else if (isnan(loss))
        snprintf(label, ROW_LABEL, "%s, loss unknown", name);
    else
        snprintf(label, ROW_LABEL, "%.79s, loss %.20s", name, wording_short(loss, " %").text);
}

static void write_labels(struct plot *plot, const struct longhaul_report *report, const struct heat *heat)
{
    char labels[MOST_ROWS][ROW_LABEL];
    const char *texts[MOST_ROWS], *rates[REPORT_RATE_LEVELS];
    for (size_t i = 0; i < heat->n_rows; i++) {
        row_label(report, heat, i, labels[i]);
        texts[i] = labels[i];
    }
    for (int i = 0; i < REPORT_RATE_LEVELS; i++)
        rates[i] = report_rate_text(i);
    plot_strings(plot, "row_label", texts, heat->n_rows);
    plot_number(plot, "rows", (double)heat->n_rows);
    plot_number(plot, "cells", (double)heat->n_cells);
    plot_strings(plot, "class_text", plot_loss_texts, LOSS_CLASSES);
    plot_strings(plot, "rate_text", rates, REPORT_RATE_LEVELS);
    plot_number(plot, "has_loss", heat->hours.n_loss > 0);
    plot_number(plot, "has_rate", heat->hours.n_rate > 0);
}

static double label_pt(const struct longhaul_report *report, const struct heat *heat)
{
    size_t most = 4;
    for (size_t i = 0; i < heat->n_rows; i++) {
        char label[ROW_LABEL];
        row_label(report, heat, i, label);
        most = strlen(label) > most ? strlen(label) : most;
    }
    return (double)most * LABEL_FONT_PT * 0.66;
}

/* The title names only quantities that some cell shows. */
static void write_title(struct plot *plot, const struct heat *heat)
{
    char title[PLOT_TITLE], cut[80], rate[REPORT_RATE_WORDS];
    const char *unit = heat->step_s >= DAY_S ? "day" : "hour", *dated = heat->is_dated ? " (UTC)" : " of the test";
    plot_all_cut_text(heat->n_rows, heat->n_all, cut, sizeof cut);
    report_rate_words(&heat->hours, rate);
    if (heat->hours.n_rate == 0)
        snprintf(title, sizeof title, "Loss by leg and %s%s%s", unit, dated, cut);
    else if (heat->hours.n_loss == 0)
        snprintf(title, sizeof title, "By leg and %s%s%s: %s; when packets were lost is unknown", unit, dated, cut,
                 rate);
    else
        snprintf(title, sizeof title, "By leg and %s%s%s: loss; where it is unknown, the %s", unit, dated, cut, rate);
    plot_string(plot, "title_text", title);
}

int plot_heat(const char *name, const struct longhaul_report *report, char **data, char **script,
              struct longhaul_error *err)
{
    static const char *const templates[] = { TEMPLATE_THEME, TEMPLATE_HEAT };
    struct heat heat = { .cells = NULL };
    struct plot plot;
    bool good = fill(report, &heat);
    double left_pt = 12 + label_pt(report, &heat),
           bottom_pt = BOTTOM_PT + (heat.hours.n_rate > 0 && heat.hours.n_loss > 0 ? KEY_PT : 0);
    double height_pt = TOP_PT + bottom_pt + ROW_PT * (double)(heat.n_rows < 3 ? 3 : heat.n_rows);
    struct plot_frame frame = plot_frame_of(report->options, 14, height_pt / 72, left_pt, 16);
    if (!plot_begin(&plot, name, &frame, report->options->theme))
        good = false;
    plot.has_failed = !good;
    if (good) {
        write_title(&plot, &heat);
        plot_number(&plot, "margin_top", plot_points(&frame, TOP_PT));
        plot_number(&plot, "margin_bottom", plot_points(&frame, bottom_pt));
        write_labels(&plot, report, &heat);
        write_marks(&plot, &heat);
        write_cells(&plot, &heat);
        write_incidents(&plot, &heat);
    }
    free(heat.cells);
    free(heat.incidents);
    return plot_end(&plot, templates, 2, data, script, err);
}
