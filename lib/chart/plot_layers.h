/* plot_layers.h - the layers of a panel over time: each layer is a block of rows of data. */
#ifndef PLOT_LAYERS_H
#define PLOT_LAYERS_H

#include <math.h>

#include "chart/plot.h"
#include "chart/quantity.h"
#include "chart/reduce.h"
#include "report/report.h"

/* The place of a leg on a chart's axis. */
struct plot_place {
    struct axis_time time;
    double offset_s; /* from the beginning of the chart's axis to that of the leg's */
};

/* The length of the chart's axis in seconds. */
static inline double plot_length_s(const struct plot_place *place)
{
    return place->time.high * place->time.unit_s;
}

/* A quantity's values at the leg's place; NULL gives only the times. */
static inline struct reduce_line plot_line(const struct quantity_columns *c, const double *values,
                                           const struct plot_place *place)
{
    return (struct reduce_line){ c->start_s, c->end_s, values, c->n, place->offset_s, plot_length_s(place) };
}

/* The entries of a chart's legend, in the order in which they were added, each once. */
struct plot_legend {
    const char *text[20], *color[20];
    size_t n;
};
void plot_legend_add(struct plot_legend *legend, const char *text, const char *color);
void plot_legend_write(struct plot *plot, const struct plot_legend *legend);

/* How a panel shows more values than it has pixel columns. */
enum plot_detail {
    PLOT_LINE, /* a line from the least to the greatest value of each column */
    PLOT_BAND  /* also its 5th and 95th percentile and its median */
};

/* Adds a layer to the panel that is being made, and begins its block. */
void plot_layer_begin(struct plot *plot, struct plot_panel *panel, const char *layer);

/* The outline of bars: rows x, y; a blank line where bars do not touch. Times are in seconds of the chart's axis,
 * values within the panel's. Bars come in the order of time; one that begins before its predecessor begins a new
 * area. */
struct plot_outline {
    FILE *data;
    double unit_s, length_s, least_s; /* of the axis; the least width of a bar */
    double from_s, to_s, value;       /* the last bar; from_s is NAN before the first */
    bool is_apart;                    /* the last bar does not touch the one before */
    size_t n;                         /* bars written */
};
struct plot_outline plot_outline_begin(struct plot *plot, const struct plot_place *place);
void plot_outline_add(struct plot_outline *outline, double from_s, double to_s, double value);
void plot_outline_end(struct plot_outline *outline);

#define PLOT_SAME_SHARE 0.004 /* of an axis: a smaller change of an area's edge is invisible */

/* Limits a value to the range of the axis. */
static inline double axis_clip(const struct axis *axis, double value)
{
    return fmin(fmax(value, axis->low), axis->high);
}

/* The axis of some values, of which least and most are known. */
struct axis plot_axis_for(const struct quantity *quantity, const double *values, size_t n, double least, double most);
/* Says in the label of a panel where its axis begins, unless that is 0. */
void plot_name_axis(struct plot_panel *panel);

/* Half the width of a small text in seconds; second_pt is the number of seconds per point. A sign is as wide as two
 * digits. */
double plot_half_width(const char *text, double second_pt);

/* Each of these adds a layer to the panel that is being made, and writes its block; a layer without content is omitted.
 * In plot_marks.c: */
void plot_layer_gaps(struct plot *plot, struct plot_panel *panel, const struct quantity_columns *c,
                     const struct plot_place *place, struct plot_legend *legend);
void plot_layer_events(struct plot *plot, struct plot_panel *panel, const struct report_leg *leg,
                       const struct plot_place *place, struct plot_legend *legend);
/* incidents may be NULL: the numbers then have no kind and no reach. */
void plot_layer_incident_numbers(struct plot *plot, struct plot_panel *panel, const struct report_leg *leg,
                                 const struct longhaul_incidents *incidents, const struct plot_place *place,
                                 struct plot_legend *legend);
/* The causes of gaps: one word in each gap that has room for it. Add it after the numbers. */
void plot_layer_causes(struct plot *plot, struct plot_panel *panel, const struct report_leg *leg,
                       const struct quantity_columns *c, const struct plot_place *place);
/* In plot_layers.c: marks with the values that are beyond the end of the panel's axis; what was sent, where the rate is
 * what arrived; the target. */
void plot_layer_beyond(struct plot *plot, struct plot_panel *panel, const struct reduce_line *line,
                       const struct plot_place *place);
void plot_layer_sent(struct plot *plot, struct plot_panel *panel, const struct quantity_columns *c,
                     const struct plot_place *place, struct plot_legend *legend);
void plot_layer_target(struct plot *plot, struct plot_panel *panel, double target_mbps, const struct plot_place *place,
                       struct plot_legend *legend);
/* Columns of bands: layer "band" is from each one's p5 to p95, "extremes" from its least to its greatest value, "under"
 * what is below the least. */
void plot_layer_columns(struct plot *plot, struct plot_panel *panel, const char *layer,
                        const struct reduce_column *columns, int n, const struct plot_place *place);
/* The axis of a quantity of one leg. */
struct axis plot_axis_of(const struct quantity *quantity, const struct quantity_columns *c);
/* These also set the panel's axis; shared is the axis of several panels, or NULL: */
void plot_layer_values(struct plot *plot, struct plot_panel *panel, const struct quantity *quantity,
                       const struct quantity_columns *c, const struct plot_place *place, enum plot_detail detail,
                       const struct axis *shared, struct plot_legend *legend);
void plot_layer_minutes(struct plot *plot, struct plot_panel *panel, const struct quantity *quantity,
                        const struct quantity_columns *c, const struct plot_place *place);
/* In plot_delay.c, of a leg that knows its delays: */
void plot_layer_delays(struct plot *plot, struct plot_panel *panel, const struct quantity_columns *c,
                       const struct plot_place *place, struct plot_legend *legend);

#endif
