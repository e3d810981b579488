/* plot_heat.c - the heat strip: the loss of each leg over time, in the report's cells of a second to a day; all runs
 * of a direction share a row. Where loss is unknown, the cell shows the rate compared with the target, and the label
 * has the loss of the whole test. Unknown is never shown as no loss. */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/calendar.h"
#include "base/units.h"
#include "chart/plot_all.h"
#include "report/wording.h"
#include "templates.h"

#define MOST_ROWS 60
#define ROW_PT 20.0
#define TOP_PT 46.0
#define BOTTOM_PT 48.0
#define KEY_PT 14.0     /* one more line of the legend */
#define LABEL_FONT_PT 8.5
#define ROW_LABEL (PLOT_ALL_LABEL + 32)
#define NUMBER_PT 8.0   /* gnuplot/theme.gp's size_small */
#define NUMBER_EM 0.64
#define ROOMY_PT 16.0   /* a cell as wide as this has a number even if the one before it has the same */

/* One leg in one cell: packets of the intervals whose loss is known, and shares of the target weighted by the
 * seconds that have them. */
struct cell {
    double lost, packets, share_s, rate_s, outage_s, observed_s;
    bool is_observed;
};

struct heat {
    size_t rows[MOST_ROWS];
    size_t n_rows, n_all;
    const struct report_columns *bins; /* the axis */
    struct cell *cells;        /* of the axis, for each row */
    size_t *incidents;         /* likewise: the gravest that the leg has a part in then; 0 for none */
    struct report_hours hours; /* the quantities that the cells show */
};

static void add_bin(struct heat *heat, size_t row, const struct report_leg *leg, const struct longhaul_span *bin)
{
    const struct report_columns *bins = heat->bins;
    double middle = (bins->is_dated ? bin->start_unix_s : bin->start_s) + bins->step_s / 2;
    double at = floor((middle - bins->first_s) / bins->step_s), share = report_rate_share(leg, bin->mean_mbps);
    if (!(at >= 0) || at >= (double)bins->n)
        return;
    struct cell *cell = &heat->cells[row * bins->n + (size_t)at];
    cell->is_observed = cell->is_observed || bin->n_intervals > 0;
    cell->outage_s += bin->outage_s;
    cell->observed_s += bin->observed_s;
    if (report_hour_has_loss(bin)) {
        cell->lost += fmax(bin->lost_packets, 0);
        cell->packets += bin->known_packets;
    } else if (!isnan(share)) {
        cell->share_s += share * bin->observed_s;
        cell->rate_s += bin->observed_s;
    }
}

static bool fill(const struct longhaul_report *report, struct heat *heat)
{
    heat->n_rows = plot_all_legs(report, MOST_ROWS, heat->rows, &heat->n_all);
    heat->hours = report_hours_of(report);
    heat->bins = &report->bins;
    heat->cells = calloc(heat->n_rows * heat->bins->n + 1, sizeof *heat->cells);
    heat->incidents = calloc(heat->n_rows * heat->bins->n + 1, sizeof *heat->incidents);
    if (heat->cells == NULL || heat->incidents == NULL)
        return false;
    for (size_t row = 0; row < heat->n_rows; row++)
        for (size_t i = 0; i < report->n_legs; i++) {
            const struct report_leg *leg = &report->legs[i];
            if (!report_is_same_direction(leg->info, report->legs[heat->rows[row]].info))
                continue;
            for (size_t k = 0; k < leg->n_bins; k++)
                add_bin(heat, row, leg, &leg->bins[k]);
            report_incidents_by_time(leg, heat->bins, heat->incidents + row * heat->bins->n);
        }
    return true;
}

/* ---- texts */

static double loss_of(const struct cell *cell)
{
    return cell->packets > 0 ? 100 * cell->lost / cell->packets : NAN;
}

/* The level of a loss, REPORT_LOSS_LEVELS and above for a rate whose loss is unknown; -1 if both are. */
static int class_of(const struct cell *cell)
{
    int loss = report_bin_level(loss_of(cell), cell->outage_s, cell->observed_s);
    if (loss >= 0)
        return loss;
    int level = report_rate_level(cell->rate_s > 0 ? cell->share_s / cell->rate_s : NAN);
    return level < 0 ? -1 : REPORT_LOSS_LEVELS + level;
}

static void write_cells(struct plot *plot, const struct heat *heat)
{
    plot_block(plot, 1, "cells");
    for (size_t row = 0; row < heat->n_rows; row++)
        for (size_t i = 0; i < heat->bins->n; i++) {
            const struct cell *cell = &heat->cells[row * heat->bins->n + i];
            if (cell->is_observed)
                fprintf(plot->data, "%zu %zu %d %.6g\n", i, row + 1, class_of(cell), loss_of(cell));
        }
    fputs("0 0 0 NaN\n", plot->data); /* gnuplot wants a row */
}

/* The incidents' numbers, each in its first cell, where they do not touch the one before or leave the map; else a
 * dot. */
static void write_incidents(struct plot *plot, const struct heat *heat)
{
    double cell_pt = plot_columns(&plot->frame) / plot_points(&plot->frame, 1) / (double)heat->bins->n;
    plot_block(plot, 1, "incidents");
    for (size_t row = 0; row < heat->n_rows; row++) {
        double free_pt = 0;
        for (size_t i = 0; i < heat->bins->n; i++) {
            size_t number = heat->incidents[row * heat->bins->n + i];
            char text[24];
            if (number == 0)
                continue;
            int length = snprintf(text, sizeof text, "%zu", number);
            double middle_pt = ((double)i + 0.5) * cell_pt, half_pt = 0.5 * NUMBER_EM * NUMBER_PT * length;
            bool fits = middle_pt - half_pt >= free_pt && middle_pt + half_pt <= (double)heat->bins->n * cell_pt,
                 is_again = i > 0 && heat->incidents[row * heat->bins->n + i - 1] == number;
            fits = fits && (!is_again || cell_pt >= ROOMY_PT);
            if (fits)
                free_pt = middle_pt + half_pt + 2;
            fprintf(plot->data, "%zu %zu %d \"%s\"\n", i, row + 1, class_of(&heat->cells[row * heat->bins->n + i]),
                    fits ? text : "\xc2\xb7");
        }
    }
    fputs("0 0 0 \"\"\n", plot->data);
}

/* The number of cells between marks, so that marks fit and are at round times. */
static size_t mark_every(const struct report_columns *bins, size_t most)
{
    static const double steps_s[] = { 1,     2,         5,         10,         15,         20,    30,   60,
                                      120,   300,       600,       900,        1800,       3600,  7200, 10800,
                                      21600, 43200,     DAY_S,     2 * DAY_S,  7 * DAY_S,  14 * DAY_S,
                                      28 * DAY_S, 56 * DAY_S };
    size_t i = 0, n = sizeof steps_s / sizeof *steps_s;
    while (i + 1 < n && (steps_s[i] < bins->step_s || fmod(steps_s[i], bins->step_s) != 0 ||
                         (double)bins->n * bins->step_s / steps_s[i] > (double)most))
        i++;
    return (size_t)(steps_s[i] / bins->step_s);
}

/* Marks in the tests' own time are in the largest unit that every mark is a whole number of. */
static void mark_text(const struct report_columns *bins, double at, double every_s, char text[32])
{
    struct tm utc;
    text[0] = 0;
    if (!bins->is_dated)
        snprintf(text, 32, "%.0f%s",
                 at / (every_s >= HOUR_S     ? HOUR_S
                       : every_s >= MINUTE_S ? MINUTE_S
                                             : 1),
                 every_s >= HOUR_S ? "" : every_s >= MINUTE_S ? " min" : " s");
    else if (calendar_of(at, &utc))
        strftime(text, 32,
                 every_s >= DAY_S || fmod(at, DAY_S) == 0 ? "%d %b"
                 : every_s < MINUTE_S                     ? "%H:%M:%S"
                                                          : "%H:%M",
                 &utc);
}

/* Writes marks at the left edges of cells, at every n'th cell so that they fit. */
static void write_marks(struct plot *plot, const struct heat *heat)
{
    const struct report_columns *bins = heat->bins;
    size_t most = (size_t)fmax(2, plot_columns(&plot->frame) / plot_points(&plot->frame, 48));
    size_t every = mark_every(bins, most);
    fputs("x_tics = \"", plot->script);
    bool is_first = true;
    for (size_t i = 0; i < bins->n; i++) {
        double at = bins->first_s + (double)i * bins->step_s;
        char text[32];
        if (fmod(floor(at / bins->step_s), (double)every) != 0)
            continue;
        mark_text(bins, at, (double)every * bins->step_s, text);
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
    const char *texts[MOST_ROWS], *rates[REPORT_RATE_LEVELS], *losses[REPORT_LOSS_LEVELS];
    for (size_t i = 0; i < heat->n_rows; i++) {
        row_label(report, heat, i, labels[i]);
        texts[i] = labels[i];
    }
    for (int i = 0; i < REPORT_RATE_LEVELS; i++)
        rates[i] = report_rate_text(i);
    plot_strings(plot, "row_label", texts, heat->n_rows);
    plot_number(plot, "rows", (double)heat->n_rows);
    plot_number(plot, "cells", (double)heat->bins->n);
    for (int i = 0; i < REPORT_LOSS_LEVELS; i++)
        losses[i] = report_loss_text(i);
    plot_strings(plot, "class_text", losses, REPORT_LOSS_LEVELS);
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
static void write_title(struct plot *plot, const struct longhaul_report *report, const struct heat *heat)
{
    char title[PLOT_TITLE], cut[80], rate[REPORT_RATE_WORDS];
    const char *unit = report_bin_name(heat->bins), *dated = heat->bins->is_dated ? " (UTC)" : " of the test";
    plot_all_cut_text(report, heat->n_rows, heat->n_all, cut, sizeof cut);
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
        write_title(&plot, report, &heat);
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
