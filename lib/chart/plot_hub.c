/* plot_hub.c - the chart of a hub: a thin panel per leg over one axis of UTC, so that what affected all of them at once
 * lines up. Each shows rate, loss as spikes from below, events, and times without observation. The legs are those
 * measured together with the newest one. */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/calendar.h"
#include "chart/plot_all.h"
#include "chart/plot_layers.h"
#include "chart/plot_leg.h"
#include "templates.h"

#define MOST_LEGS 40
#define ROW_PT 40.0
#define TOP_PT 48.0 /* the incidents of the first leg are above it */
#define TOP_UNDATED_PT 26.0
#define BOTTOM_PT 46.0
#define BETWEEN_PT 11.0
#define LABEL_FONT_PT 8.0
#define MARKS_PT 40.0 /* room for an axis' marks */
#define RUG_LOW 0.01  /* loss in %: the lowest spike */

/* The contents of the chart. */
struct hub {
    size_t legs[MOST_LEGS];
    size_t n, n_all;
    double start_unix_s, length_s; /* of the axis */
    struct axis axis;              /* of the rates of all legs */
};

static double start_of(const struct longhaul_report *report, size_t leg)
{
    return longhaul_analysis_figures(report->legs[leg].analysis)->start_unix_s;
}

static double length_of(const struct longhaul_report *report, size_t leg)
{
    return plot_leg_length_s(report->legs[leg].series);
}

/* Keeps the legs that were measured at the same time as the newest; all, if no start is known. */
static void choose(const struct longhaul_report *report, struct hub *hub)
{
    double newest = -INFINITY, newest_end = 0;
    size_t n = 0;
    hub->n = plot_all_legs(report, MOST_LEGS, hub->legs, &hub->n_all);
    for (size_t i = 0; i < hub->n; i++)
        if (start_of(report, hub->legs[i]) > newest) {
            newest = start_of(report, hub->legs[i]);
            newest_end = newest + length_of(report, hub->legs[i]);
        }
    hub->start_unix_s = isinf(newest) ? NAN : newest;
    for (size_t i = 0; i < hub->n && !isinf(newest); i++) {
        double start = start_of(report, hub->legs[i]);
        if (start + length_of(report, hub->legs[i]) <= newest || !(start < newest_end))
            continue;
        hub->legs[n++] = hub->legs[i];
        hub->start_unix_s = fmin(hub->start_unix_s, start);
    }
    hub->n = isinf(newest) ? hub->n : n;
    for (size_t i = 0; i < hub->n; i++)
        hub->length_s =
            fmax(hub->length_s, length_of(report, hub->legs[i]) +
                                    (isinf(newest) ? 0 : start_of(report, hub->legs[i]) - hub->start_unix_s));
}

/* Converts an interval's loss in % to a share of the panel's height, up to a half of it: logarithmic from 0.01 to
 * 100. */
static double rug_height(double loss_percent)
{
    return 0.05 + 0.45 * fmin(1, log10(fmax(loss_percent, RUG_LOW) / RUG_LOW) / 4);
}

/* The greatest loss of each pixel column; of each interval, where columns are narrower. */
static void write_rug(struct plot *plot, const struct plot_panel *panel, const struct reduce_line *line,
                      const struct reduce_column *columns, int n_columns, const struct plot_place *place)
{
    struct plot_outline outline = plot_outline_begin(plot, place);
    double column_s = plot_length_s(place) / n_columns, height = panel->axis.high - panel->axis.low;
    for (int i = 0; line->n >= (size_t)n_columns && i < n_columns; i++)
        if (columns[i].n > 0 && columns[i].most > 0)
            plot_outline_add(&outline, i * column_s, (i + 1) * column_s,
                             panel->axis.low + rug_height(columns[i].most) * height);
    for (size_t i = 0; line->n < (size_t)n_columns && i < line->n; i++)
        if (line->value[i] > 0)
            plot_outline_add(&outline, line->start_s[i] + line->offset_s, line->end_s[i] + line->offset_s,
                             panel->axis.low + rug_height(line->value[i]) * height);
    plot_outline_end(&outline);
}

static void add_rug(struct plot *plot, struct plot_panel *panel, const struct quantity_columns *c,
                    const struct plot_place *place, struct plot_legend *legend)
{
    int n_columns = plot_columns(&plot->frame);
    double *values = malloc((c->n + 1) * sizeof *values);
    struct reduce_line line = plot_line(c, values, place);
    bool has_rug = false;
    for (size_t i = 0; values && i < c->n; i++)
        has_rug |= (values[i] = quantity_loss.value(c, i)) > 0;
    struct reduce_column *columns = values ? reduce_columns(&line, (size_t)n_columns, false) : NULL;
    if (columns && has_rug) {
        plot_layer_begin(plot, panel, "rug");
        write_rug(plot, panel, &line, columns, n_columns, place);
        plot_legend_add(legend, "loss of an interval (logarithmic)", "loss");
    }
    plot->has_failed = plot->has_failed || !columns;
    free(columns);
    free(values);
}

static void add_leg(struct plot *plot, const struct longhaul_report *report, size_t leg, const struct hub *hub,
                    struct plot_legend *legend)
{
    const struct report_leg *l = &report->legs[leg];
    struct plot_panel panel = { .weight = 1, .color = report_is_inbound(report, leg) ? "inbound" : "outbound" };
    struct plot_place place = { axis_of_time(hub->length_s),
                                isnan(hub->start_unix_s) ? 0 : start_of(report, leg) - hub->start_unix_s };
    struct quantity_columns c = quantity_columns_of(l->series, l->analysis);
    plot_all_label(report, leg, panel.label);
    plot_layer_gaps(plot, &panel, &c, &place, legend);
    plot_layer_events(plot, &panel, l, &place, legend);
    plot_layer_values(plot, &panel, &quantity_rate, &c, &place, PLOT_LINE, &hub->axis, legend);
    plot_layer_sent(plot, &panel, &c, &place, legend);
    plot_layer_target(plot, &panel, report_target_mbps(l->info), &place, legend);
    add_rug(plot, &panel, &c, &place, legend);
    plot_layer_causes(plot, &panel, l, &c, &place);
    /* above the panel: they take no room from the causes */
    plot_layer_incident_numbers(plot, &panel, l, report->incidents, &place, legend);
    plot_add_panel(plot, &panel);
}

/* The legs share one axis. */
static void set_axis(const struct longhaul_report *report, struct hub *hub)
{
    for (size_t i = 0; i < hub->n; i++) {
        const struct report_leg *l = &report->legs[hub->legs[i]];
        struct quantity_columns c = quantity_columns_of(l->series, l->analysis);
        struct axis axis = plot_axis_of(&quantity_rate, &c);
        hub->axis = i == 0 ? axis : axis_join(&hub->axis, &axis);
    }
}

static void write_texts(struct plot *plot, const struct longhaul_report *report, const struct hub *hub,
                        const struct axis_time *time)
{
    char title[PLOT_TITLE], cut[80], label[112], from[64] = "";
    struct tm utc;
    plot_all_cut_text(report, hub->n, hub->n_all, cut, sizeof cut);
    const char *what = report_hours_of(report).n_loss > 0 ? "rate and loss" : "rate";
    if (report->has_hub)
        snprintf(title, sizeof title, "All legs at once, hub %.128s: %s%s", report->hub, what, cut);
    else
        snprintf(title, sizeof title, "%s at once: %s%s", hub->n < hub->n_all ? "Legs" : "All legs", what, cut);
    if (calendar_of(hub->start_unix_s, &utc))
        strftime(from, sizeof from, " from %Y-%m-%d %H:%M:%SZ", &utc);
    snprintf(label, sizeof label, "Time (%s)%s", time->unit, from);
    plot_string(plot, "title_text", title);
    plot_string(plot, "x_label", label);
}

int plot_hub(const char *name, const struct longhaul_report *report, char **data, char **script,
             struct longhaul_error *err)
{
    static const char *const templates[] = { TEMPLATE_THEME, TEMPLATE_HUB, TEMPLATE_PANELS };
    struct hub hub = { .length_s = 0 };
    struct plot_legend legend = { .n = 0 };
    struct plot plot;
    choose(report, &hub);
    set_axis(report, &hub);
    double top_pt = isnan(hub.start_unix_s) ? TOP_UNDATED_PT : TOP_PT;
    double left_pt = MARKS_PT + plot_all_label_pt(report, hub.legs, hub.n, LABEL_FONT_PT);
    struct plot_frame frame =
        plot_frame_of(report->options, 14, (top_pt + BOTTOM_PT + (double)hub.n * ROW_PT) / 72, left_pt, 16);
    struct plot_layout layout = { top_pt, BOTTOM_PT, 0, BETWEEN_PT, 1, hub.n, (double)hub.n };
    struct axis_time time = axis_of_time(hub.length_s);
    if (!plot_begin(&plot, name, &frame, report->options->theme))
        return plot_end(&plot, NULL, 0, data, script, err);
    write_texts(&plot, report, &hub, &time);
    plot_time_axis(&plot, &time, hub.start_unix_s);
    plot_set_layout(&plot, &layout);
    for (size_t i = 0; i < hub.n; i++)
        add_leg(&plot, report, hub.legs[i], &hub, &legend);
    plot_legend_write(&plot, &legend);
    return plot_end(&plot, templates, 3, data, script, err);
}
