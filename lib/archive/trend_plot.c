/* trend_plot.c - the daily figures of a leg as a chart, with the levels that changed. */

#include "archive/trend_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/stats.h"
#include "base/units.h"
#include "chart/plot_layers.h"
#include "report/wording.h"
#include "templates.h"
#include "trend_plot_inside.h"

#define WIDTH_IN 14.0
#define LEFT_PT 76.0
#define RIGHT_PT 16.0
#define TOP_PT 34.0
#define BOTTOM_PT 46.0
#define BETWEEN_PT 9.0
#define PANEL_PT 92.0
#define SAID_AIR_PT 4.0 /* between the text of a change and its line */

struct track {
    const char *label, *color;
    enum trend_quantity quantity;
    struct axis (*axis)(double least, double usual, double broad, double most);
    bool is_area;
};

static const struct track tracks[] = {
    { "Loss (%)", "loss", TREND_LOSS, axis_of_times, true },
    { "Delay (ms)", "delay", TREND_DELAY, axis_of_times, false },
    { "Jitter (ms)", "jitter", TREND_JITTER, axis_of_times, false },
    { "Least round|trip (ms)", "rtt", TREND_TRIP, axis_of_round_trips, false },
    { "Rate (Mbps)", "inbound", TREND_RATE, axis_of_round_trips, false },
};
enum { N_TRACKS = sizeof tracks / sizeof *tracks };

/* ---- values */

static bool has_percentiles(const struct track *track)
{
    return trend_rules[track->quantity].percentile != 0;
}

static double value_of(const struct track *track, const struct trend_span *day, int percentile)
{
    return day->is_known ? trend_value(day, track->quantity, percentile) : NAN;
}

/* False if no day knows it. values has room for the days. */
static bool find_axis(const struct longhaul_trend *t, const struct trend_leg *leg, const struct track *track,
                      double *values, struct axis *axis)
{
    static const double shares[] = { 0.5, 0.95 }; /* a day with an outage every three weeks is beyond the axis */
    double q[2], least = INFINITY, most = -INFINITY;
    size_t n = 0;
    for (size_t i = 0; i < t->n_days; i++) {
        double value = value_of(track, &leg->days[i], 99);
        if (!isfinite(value))
            continue;
        values[n++] = value;
        least = fmin(least, value_of(track, &leg->days[i], 50));
        most = fmax(most, value);
    }
    if (n == 0)
        return false;
    stats_quantiles(values, n, shares, 2, q);
    *axis = track->axis(least, q[0], q[1], most);
    return true;
}

/* ---- layers */

/* Steps of a day each: the area from the median to a percentile, or, without one (0), a line; a blank line where days
 * are not known. */
static void add_steps(struct plot *plot, struct plot_panel *panel, const char *layer, const struct longhaul_trend *t,
                      const struct trend_leg *leg, const struct track *track, int high)
{
    bool is_open = false;
    size_t n = 0;
    plot_layer_begin(plot, panel, layer);
    for (size_t i = 0; i < t->n_days; i++) {
        double a = value_of(track, &leg->days[i], 50), b = high ? value_of(track, &leg->days[i], high) : a;
        bool is_known = isfinite(a) && isfinite(b);
        if (!is_known && is_open)
            fputc('\n', plot->data);
        is_open = is_known;
        if (!is_known)
            continue;
        a = axis_clip(&panel->axis, a);
        b = axis_clip(&panel->axis, b);
        for (size_t x = i; x <= i + 1; x++)
            if (high)
                fprintf(plot->data, "%zu %.7g %.7g\n", x, a, b);
            else
                fprintf(plot->data, "%zu %.7g\n", x, a);
        n++;
    }
    if (n == 0)
        fputs(high ? "0 NaN NaN\n" : "0 NaN\n", plot->data); /* gnuplot wants a row */
}

static void add_area(struct plot *plot, struct plot_panel *panel, const struct longhaul_trend *t,
                     const struct trend_leg *leg, const struct track *track, const struct plot_place *place)
{
    plot_layer_begin(plot, panel, "area");
    struct plot_outline outline = plot_outline_begin(plot, place);
    for (size_t i = 0; i < t->n_days; i++) {
        double value = value_of(track, &leg->days[i], 50);
        if (value > 0)
            plot_outline_add(&outline, (double)i * DAY_S, (double)(i + 1) * DAY_S,
                             axis_clip(&panel->axis, value));
    }
    plot_outline_end(&outline);
}

static void add_beyond(struct plot *plot, struct plot_panel *panel, const struct longhaul_trend *t,
                       const struct trend_leg *leg, const struct track *track, const struct plot_place *place)
{
    double *x_s = malloc(2 * (t->n_days + 1) * sizeof *x_s), *values = x_s ? x_s + t->n_days + 1 : NULL;
    for (size_t i = 0; values && i < t->n_days; i++) {
        x_s[i] = ((double)i + 0.5) * DAY_S;
        values[i] = value_of(track, &leg->days[i], 99);
    }
    struct reduce_line line = { x_s, x_s, values, t->n_days, 0, plot_length_s(place) };
    if (values)
        plot_layer_beyond(plot, panel, &line, place);
    plot->has_failed = plot->has_failed || values == NULL;
    free(x_s);
}

/* Days of which the index has nothing. */
static void add_gaps(struct plot *plot, struct plot_panel *panel, const struct longhaul_trend *t,
                     const struct trend_leg *leg, struct plot_legend *legend)
{
    bool has = false;
    for (size_t i = 0; i < t->n_days; i++) {
        size_t first = i;
        while (i < t->n_days && !leg->days[i].is_known)
            i++;
        if (i == first)
            continue;
        if (!has)
            plot_layer_begin(plot, panel, "gaps");
        has = true;
        fprintf(plot->data, "%zu %zu\n", first, i);
    }
    if (has)
        plot_legend_add(legend, "no data", "gap");
}

/* ---- levels that changed */

static bool is_of(const struct trend_shift *s, const struct track *track)
{
    return s->quantity == track->quantity;
}

/* From one change to the next one, the median of the days between. */
static void add_levels(struct plot *plot, struct plot_panel *panel, const struct longhaul_trend *t,
                       const struct trend_leg *leg, const struct track *track)
{
    size_t from = 0;
    double level = NAN;
    plot_layer_begin(plot, panel, "levels");
    for (size_t k = 0; k < leg->n_shifts; k++) {
        const struct trend_shift *s = &leg->shifts[k];
        if (!is_of(s, track))
            continue;
        double before = axis_clip(&panel->axis, s->shift.before);
        fprintf(plot->data, "%zu %.7g\n%zu %.7g\n\n", from, before, s->shift.at, before);
        from = s->shift.at;
        level = axis_clip(&panel->axis, s->shift.after);
    }
    fprintf(plot->data, "%zu %.7g\n%zu %.7g\n", from, level, t->n_days, level);
}

/* Near the top, on the side of the lower level, where there is room; where they do not touch the one before. */
static void add_texts(struct plot *plot, struct plot_panel *panel, const struct trend_leg *leg,
                      const struct track *track, const struct plot_place *place)
{
    double second_pt = plot_length_s(place) / plot_columns(&plot->frame) * plot_points(&plot->frame, 1);
    double air_s = SAID_AIR_PT * second_pt, free_s = 0;
    plot_layer_begin(plot, panel, "said");
    for (size_t k = 0; k < leg->n_shifts; k++) {
        const struct trend_shift *s = &leg->shifts[k];
        if (!is_of(s, track))
            continue;
        struct wording text = trend_plot_change(s);
        double at_s = (double)s->shift.at * DAY_S, half_s = plot_half_width(text.text, second_pt);
        bool fits_left = at_s - air_s - 2 * half_s >= free_s,
             fits_right = at_s + air_s + 2 * half_s <= plot_length_s(place);
        double middle_s = at_s + (fits_left && (s->shift.size > 0 || !fits_right) ? -1 : 1) * (air_s + half_s);
        if (middle_s - half_s < free_s || (!fits_left && !fits_right))
            continue;
        free_s = middle_s + half_s + air_s;
        fprintf(plot->data, "%.8g \"%s\"\n", middle_s / DAY_S, text.text);
    }
    fputs("0 \"\"\n", plot->data);
}

static void add_changes(struct plot *plot, struct plot_panel *panel, const struct longhaul_trend *t,
                        const struct trend_leg *leg, const struct track *track, const struct plot_place *place,
                        struct plot_legend *legend)
{
    size_t n = 0;
    for (size_t k = 0; k < leg->n_shifts; k++)
        n += is_of(&leg->shifts[k], track);
    if (n == 0)
        return;
    plot_layer_begin(plot, panel, "changes");
    for (size_t k = 0; k < leg->n_shifts; k++)
        if (is_of(&leg->shifts[k], track))
            fprintf(plot->data, "%zu\n", leg->shifts[k].shift.at);
    add_levels(plot, panel, t, leg, track);
    add_texts(plot, panel, leg, track, place);
    plot_legend_add(legend, "level, and where it changed, with the 95 % interval of the change", "text");
}

/* ---- panels */

static void add_track(struct plot *plot, const struct longhaul_trend *t, const struct trend_leg *leg,
                      const struct track *track, const struct axis *axis, const struct plot_place *place,
                      struct plot_legend *legend)
{
    struct plot_panel panel = { .weight = 1, .axis = *axis, .step = 1, .color = track->color };
    snprintf(panel.label, sizeof panel.label, "%s", track->label);
    add_gaps(plot, &panel, t, leg, legend);
    if (has_percentiles(track)) {
        add_steps(plot, &panel, "wide", t, leg, track, 99);
        add_steps(plot, &panel, "narrow", t, leg, track, 95);
        plot_legend_add(legend, track->quantity == TREND_DELAY ? "delay p50-p95" : "jitter p50-p95", track->color);
        plot_legend_add(legend, track->quantity == TREND_DELAY ? "delay p95-p99" : "jitter p95-p99",
                        track->quantity == TREND_DELAY ? "delay_band" : "jitter_band");
    } else if (track->is_area) {
        add_area(plot, &panel, t, leg, track, place);
    } else {
        add_steps(plot, &panel, "line", t, leg, track, 0);
    }
    add_changes(plot, &panel, t, leg, track, place, legend);
    add_beyond(plot, &panel, t, leg, track, place);
    plot_name_axis(&panel);
    plot_add_panel(plot, &panel);
}

static size_t find_tracks(const struct longhaul_trend *t, const struct trend_leg *leg, struct axis axes[N_TRACKS],
                          bool is_known[N_TRACKS], double *values)
{
    size_t n = 0;
    for (int k = 0; k < N_TRACKS; k++)
        n += is_known[k] = find_axis(t, leg, &tracks[k], values, &axes[k]);
    return n;
}

int trend_plot_days(const char *name, const struct longhaul_trend *t, const struct trend_leg *leg, char **data,
                    char **script, struct longhaul_error *err)
{
    static const char *const templates[] = { TEMPLATE_THEME, TEMPLATE_TREND, TEMPLATE_PANELS };
    struct axis axes[N_TRACKS];
    bool is_known[N_TRACKS] = { false };
    struct plot_legend legend = { .n = 0 };
    struct plot_place place = { { "days", DAY_S, (double)t->n_days, 1 }, 0 };
    double *values = malloc((t->n_days + 1) * sizeof *values);
    size_t n = values ? find_tracks(t, leg, axes, is_known, values) : 0;
    double height_pt = TOP_PT + BOTTOM_PT + (double)n * PANEL_PT + (double)(n - (n > 0)) * BETWEEN_PT;
    struct plot_frame frame = plot_frame_of(t->options.report, WIDTH_IN, height_pt / 72, LEFT_PT, RIGHT_PT);
    struct plot_layout layout = { TOP_PT, BOTTOM_PT, 0, BETWEEN_PT, 1, n, (double)n };
    struct plot plot;
    bool good = plot_begin(&plot, name, &frame, t->options.report->theme) && values;
    plot.has_failed = !good;
    if (good) {
        trend_plot_texts(&plot, t, wording_say("%s by day", leg->name).text);
        trend_plot_axis(&plot, t, true);
        plot_set_layout(&plot, &layout);
        for (int k = 0; k < N_TRACKS; k++)
            if (is_known[k])
                add_track(&plot, t, leg, &tracks[k], &axes[k], &place, &legend);
        plot_legend_write(&plot, &legend);
    }
    free(values);
    return plot_end(&plot, templates, 3, data, script, err);
}
