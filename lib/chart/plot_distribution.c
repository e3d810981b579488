/* plot_distribution.c - the distribution of the intervals' jitter and loss: the share of intervals at or below each
 * value (the empirical distribution function), one curve per leg; where a leg knows them, also that of the delays of
 * its datagrams, from histograms. Reduced to the width of the picture, and exact at its columns. */

#include <math.h>
#include <stdlib.h>

#include "base/units.h"
#include "chart/plot_all.h"
#include "chart/quantity.h"
#include "templates.h"

#define MOST_LEGS 24
#define POINTS 400 /* of a curve */
#define LEGEND_FONT_PT 8.0
#define LEFT_PT 50.0
#define SHARES 4096 /* of the datagrams: a step of a curve of delays */

/* One of the two or three panels. */
struct side {
    const struct quantity *quantity; /* NULL: the delays of datagrams */
    const char *name, *title, *label;
    double lowest; /* no axis of values begins far below this */
    double highest; /* none ends above this; 0: wherever the values do */
    struct axis x, y;
};

/* The values of a leg: of its intervals, or quantiles of the delays of all its datagrams. Some may be NAN. */
static double *values_of(const struct side *side, const struct report_leg *leg, size_t *n)
{
    struct quantity_columns c = quantity_columns_of(leg->series, leg->analysis);
    *n = side->quantity ? c.n : SHARES;
    double *values = malloc((*n + 1) * sizeof *values), *share = malloc(SHARES * sizeof *share);
    for (size_t i = 0; values && side->quantity && i < c.n; i++)
        values[i] = side->quantity->value(&c, i);
    for (size_t i = 0; share && i < SHARES; i++)
        share[i] = ((double)i + 1) / SHARES;
    if (values && share && !side->quantity)
        longhaul_series_delays(leg->series, -INFINITY, INFINITY, share, SHARES, values);
    for (size_t i = 0; values && share && !side->quantity && i < SHARES; i++)
        values[i] /= US_PER_MS;
    if (share == NULL) {
        free(values);
        values = NULL;
    }
    free(share);
    return values;
}

/* Computes the share of values at or below each of POINTS + 1 places from low to high; false if no value is known. */
static bool fill_curve(const struct side *side, const double *values, size_t n_values, double share[POINTS + 1])
{
    size_t counts[POINTS + 2] = { 0 }, n = 0, below = 0;
    double scale = POINTS / log(side->x.high / side->x.low);
    for (size_t i = 0; i < n_values; i++) {
        double value = values[i];
        if (isnan(value))
            continue;
        double at = value > side->x.low ? ceil(log(value / side->x.low) * scale - 1e-9) : 0;
        counts[at <= POINTS ? (size_t)at : POINTS + 1]++;
        n++;
    }
    for (size_t i = 0; i <= POINTS; i++) {
        below += counts[i];
        share[i] = n > 0 ? (double)below / (double)n : NAN;
    }
    return n > 0;
}

static void find_range(struct side *side, double *const *values, const size_t *n_values, size_t n)
{
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n_values[i]; k++)
            if (values[i][k] > 0) {
                least = fmin(least, values[i][k]);
                most = fmax(most, values[i][k]);
            }
    least = fmax(isinf(least) ? 0.1 : least, side->lowest);
    most = fmax(most, least * 10);
    side->x = (struct axis){ .low = pow(10, floor(log10(least * 0.8))), .high = pow(10, ceil(log10(most))),
                             .is_log = true };
    if (side->highest > 0 && side->x.high > side->highest) {
        side->x.high = side->highest;
        side->x.low = fmin(side->x.low, side->highest / 10);
    }
    side->x.first = side->x.low;
}

static void write_curve(struct plot *plot, const struct side *side, const double share[POINTS + 1], size_t leg)
{
    double before = -1;
    for (size_t k = 0; k <= POINTS; k++)
        if (share[k] != before || k == POINTS) {
            before = share[k];
            fprintf(plot->data, "%.6g %.9g %zu\n", side->x.low * pow(side->x.high / side->x.low, (double)k / POINTS),
                    share[k], leg + 1);
        }
    fputc('\n', plot->data);
}

/* Sets the axes and writes the curves: one block for each leg that knows the quantity, numbered by its place among the
 * legs. */
static void write_side(struct plot *plot, const struct longhaul_report *report, const size_t *legs, size_t n,
                       struct side *side, int number)
{
    double lowest = 1, share[POINTS + 1], *values[MOST_LEGS] = { NULL };
    size_t written = 0, n_values[MOST_LEGS];
    for (size_t i = 0; i < n; i++) {
        values[i] = values_of(side, &report->legs[legs[i]], &n_values[i]);
        plot->has_failed = plot->has_failed || !values[i];
        n_values[i] = values[i] ? n_values[i] : 0;
    }
    find_range(side, values, n_values, n);
    plot_block(plot, (size_t)number, "curves");
    for (size_t i = 0; i < n; i++) {
        if (fill_curve(side, values[i], n_values[i], share)) {
            lowest = fmin(lowest, share[0]);
            write_curve(plot, side, share, i);
            written++;
        }
        free(values[i]);
    }
    if (written == 0)
        fputs("NaN NaN 1\n", plot->data); /* gnuplot wants a row */
    side->y = axis_of_shares(lowest);
}

static void write_side_axes(struct plot *plot, const struct side *side)
{
    fprintf(plot->script, "x_low_%s = %.10g\nx_high_%s = %.10g\ny_low_%s = %.10g\n", side->name, side->x.low,
            side->name, side->x.high, side->name, side->y.low);
    fprintf(plot->script, "x_tics_%s = \"", side->name);
    axis_write_marks(plot->script, &side->x, 9, -1);
    fprintf(plot->script, "\"\ny_tics_%s = \"", side->name);
    axis_write_marks(plot->script, &side->y, 9, -1);
    fputs("\"\n", plot->script);
    char variable[32];
    snprintf(variable, sizeof variable, "title_%s", side->name);
    plot_string(plot, variable, side->title);
    snprintf(variable, sizeof variable, "label_%s", side->name);
    plot_string(plot, variable, side->label);
}

static void write_legend(struct plot *plot, const struct longhaul_report *report, const size_t *legs, size_t n)
{
    char labels[MOST_LEGS][PLOT_ALL_LABEL];
    const char *texts[MOST_LEGS];
    for (size_t i = 0; i < n; i++) {
        plot_all_label(report, legs[i], labels[i]);
        texts[i] = labels[i];
    }
    plot_strings(plot, "leg_label", texts, n);
    plot_number(plot, "legs", (double)n);
}

static bool has_delays(const struct longhaul_report *report, const size_t *legs, size_t n)
{
    static const double all = 1;
    for (size_t i = 0; i < n; i++)
        if (longhaul_series_delays(report->legs[legs[i]].series, -INFINITY, INFINITY, &all, 1, &(double){ 0 }) > 0)
            return true;
    return false;
}

int plot_distribution(const char *name, const struct longhaul_report *report, char **data, char **script,
                      struct longhaul_error *err)
{
    static const char *const templates[] = { TEMPLATE_THEME, TEMPLATE_DISTRIBUTION };
    struct side sides[3] = { { &quantity_jitter, "jitter", "Jitter of the intervals", "Jitter (ms)", .lowest = 1e-4 },
                             { &quantity_loss, "loss", "Loss of the intervals", "Loss (%)", .lowest = 1e-4,
                               .highest = 100 },
                             { NULL, "delay", "Delay of the datagrams", "Delay (ms)", .lowest = 2e-3 } };
    size_t legs[MOST_LEGS], n_all, n = plot_all_legs(report, MOST_LEGS, legs, &n_all);
    double right_pt = 40 + plot_all_label_pt(report, legs, n, LEGEND_FONT_PT);
    struct plot_frame frame = plot_frame_of(report->options, 14, 6, LEFT_PT, right_pt);
    struct plot plot;
    char title[PLOT_TITLE], cut[80];
    if (!plot_begin(&plot, name, &frame, report->options->theme))
        return plot_end(&plot, NULL, 0, data, script, err);
    plot_all_cut_text(report, n, n_all, cut, sizeof cut);
    int n_sides = has_delays(report, legs, n) ? 3 : 2;
    snprintf(title, sizeof title, "Share of the intervals%s at or below a value%s",
             n_sides == 3 ? " or datagrams" : "", cut);
    plot_string(&plot, "sides", n_sides == 3 ? "jitter loss delay" : "jitter loss");
    plot_string(&plot, "title_text", title);
    write_legend(&plot, report, legs, n);
    for (int i = 0; i < n_sides; i++) {
        write_side(&plot, report, legs, n, &sides[i], i + 1);
        write_side_axes(&plot, &sides[i]);
    }
    return plot_end(&plot, templates, 2, data, script, err);
}
