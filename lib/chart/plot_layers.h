/* plot_layers.h - the layers of a panel over time: rows of data, each layer a block. */
#ifndef PLOT_LAYERS_H
#define PLOT_LAYERS_H

#include "chart/plot.h"
#include "chart/quantity.h"
#include "chart/reduce.h"
#include "report/report.h"

/* Where a leg lies on a chart's axis. */
struct plot_place {
    struct axis_time time;
    double offset_s; /* of the leg's axis on the chart's */
};

/* The seconds of the chart's axis. */
static inline double plot_length_s(const struct plot_place *place)
{
    return place->time.high * place->time.unit_s;
}

/* A quantity's values, or NULL for its times alone, where the leg lies. */
static inline struct reduce_line plot_line(const struct quantity_columns *c, const double *values,
                                           const struct plot_place *place)
{
    return (struct reduce_line){ c->start_s, c->end_s, values, c->n, place->offset_s, plot_length_s(place) };
}

/* What a chart's legend explains: entries in the order in which they came up, none twice. */
struct plot_legend {
    const char *text[12], *color[12];
    size_t n;
};
void plot_legend_add(struct plot_legend *legend, const char *text, const char *color);
void plot_legend_write(struct plot *plot, const struct plot_legend *legend);

/* How the values of a panel are shown where there are more than columns of pixels. */
enum plot_detail {
    PLOT_LINE, /* a line, from least to greatest of each column */
    PLOT_BAND  /* its 5th and 95th percentile and its median too */
};

/* Adds a layer to the panel that is added next, and begins its block. */
void plot_layer_begin(struct plot *plot, struct plot_panel *panel, const char *layer);

/* Each adds a layer to the panel that is added next, and writes its block. Those that are about nothing add none.
 * plot_marks.c: */
void plot_layer_gaps(struct plot *plot, struct plot_panel *panel, const struct quantity_columns *c,
                     const struct plot_place *place, struct plot_legend *legend);
void plot_layer_events(struct plot *plot, struct plot_panel *panel, const struct report_leg *leg,
                       const struct plot_place *place, struct plot_legend *legend);
void plot_layer_event_numbers(struct plot *plot, struct plot_panel *panel, const struct report_leg *leg,
                              const struct plot_place *place);
/* Why the gaps are: a word in each that has room for it. After the numbers. */
void plot_layer_causes(struct plot *plot, struct plot_panel *panel, const struct report_leg *leg,
                       const struct quantity_columns *c, const struct plot_place *place);
/* plot_layers.c: these set the panel's axis too. */
void plot_layer_values(struct plot *plot, struct plot_panel *panel, const struct quantity *quantity,
                       const struct quantity_columns *c, const struct plot_place *place, enum plot_detail detail,
                       struct plot_legend *legend);
void plot_layer_minutes(struct plot *plot, struct plot_panel *panel, const struct quantity *quantity,
                        const struct quantity_columns *c, const struct plot_place *place);

#endif
