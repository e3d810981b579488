/* plot_distribution.c - the distribution of the intervals' jitter and loss: the share of intervals at or below each
 * value (the empirical distribution function), one curve per leg. Reduced to the width of the picture, and exact at its
 * columns. */

#include <math.h>

#include "chart/plot_all.h"
#include "chart/quantity.h"
#include "templates.h"

#define MOST_LEGS 24
#define POINTS 400 /* of a curve */
#define LEGEND_FONT_PT 8.0
#define LEFT_PT 50.0
#define LOWEST_JITTER 1e-4

/* One of the two panels. */
struct side {
    const struct quantity *quantity;
    const char *name, *title, *label;
    struct axis x, y;
};

/* Computes the share of values at or below each of POINTS + 1 places from low to high; false if no value is known. */
static bool fill_curve(const struct side *side, const struct quantity_columns *c, double share[POINTS + 1])
{
    size_t counts[POINTS + 2] = { 0 }, n = 0, below = 0;
    double scale = POINTS / log(side->x.high / side->x.low);
    for (size_t i = 0; i < c->n; i++) {
        double value = side->quantity->value(c, i);
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

static void find_range(const struct longhaul_report *report, const size_t *legs, size_t n,
                       const struct quantity *quantity, double *least, double *most)
{
    *least = INFINITY;
    *most = 0;
    for (size_t i = 0; i < n; i++) {
        struct quantity_columns c = quantity_columns_of(report->legs[legs[i]].series, report->legs[legs[i]].analysis);
        for (size_t k = 0; k < c.n; k++) {
            double value = quantity->value(&c, k);
            if (value > 0) {
                *least = fmin(*least, value);
                *most = fmax(*most, value);
            }
        }
    }
}

/* Sets the axes and writes the curves: one block for each leg that knows the quantity, numbered by its place among the
 * legs. */
static void write_side(struct plot *plot, const struct longhaul_report *report, const size_t *legs, size_t n,
                       struct side *side, int number)
{
    double least, most, lowest = 1, share[POINTS + 1];
    size_t written = 0;
    find_range(report, legs, n, side->quantity, &least, &most);
    least = fmax(isinf(least) ? 0.1 : least, LOWEST_JITTER);
    most = fmax(most, least * 10);
    side->x.low = pow(10, floor(log10(least * 0.8)));
    side->x.high = pow(10, ceil(log10(most)));
    side->x.first = side->x.low;
    side->x.is_log = true;
    plot_block(plot, (size_t)number, "curves");
    for (size_t i = 0; i < n; i++) {
        struct quantity_columns c = quantity_columns_of(report->legs[legs[i]].series, report->legs[legs[i]].analysis);
        double before = -1;
        if (!fill_curve(side, &c, share))
            continue;
        lowest = fmin(lowest, share[0]);
        for (size_t k = 0; k <= POINTS; k++)
            if (share[k] != before || k == POINTS) {
                before = share[k];
                fprintf(plot->data, "%.6g %.9g %zu\n",
                        side->x.low * pow(side->x.high / side->x.low, (double)k / POINTS), share[k], i + 1);
            }
        fputc('\n', plot->data);
        written++;
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

int plot_distribution(const char *name, const struct longhaul_report *report, char **data, char **script,
                      struct longhaul_error *err)
{
    static const char *const templates[] = { TEMPLATE_THEME, TEMPLATE_DISTRIBUTION };
    struct side sides[2] = {
        { .quantity = &quantity_jitter, .name = "jitter", .title = "Jitter of the intervals", .label = "Jitter (ms)" },
        { .quantity = &quantity_loss, .name = "loss", .title = "Loss of the intervals", .label = "Loss (%)" } };
    size_t legs[MOST_LEGS], n_all, n = plot_all_legs(report, MOST_LEGS, legs, &n_all);
    double right_pt = 40 + plot_all_label_pt(report, legs, n, LEGEND_FONT_PT);
    struct plot_frame frame = plot_frame_of(report->options, 14, 6, LEFT_PT, right_pt);
    struct plot plot;
    char title[PLOT_TITLE], cut[80];
    if (!plot_begin(&plot, name, &frame, report->options->theme))
        return plot_end(&plot, NULL, 0, data, script, err);
    plot_all_cut_text(report, n, n_all, cut, sizeof cut);
    snprintf(title, sizeof title, "Share of the intervals at or below a value%s", cut);
    plot_string(&plot, "title_text", title);
    write_legend(&plot, report, legs, n);
    for (int i = 0; i < 2; i++) {
        write_side(&plot, report, legs, n, &sides[i], i + 1);
        write_side_axes(&plot, &sides[i]);
    }
    return plot_end(&plot, templates, 2, data, script, err);
}
