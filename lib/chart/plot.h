/* plot.h - a chart in the making: its data and its script for gnuplot. */
#ifndef PLOT_H
#define PLOT_H

#include <stdio.h>

#include <longhaul.h>

#include "chart/axis.h"

#define PLOT_TITLE 320

/* One panel over an axis of time (gnuplot/panels.gp). */
struct plot_panel {
    char title[PLOT_TITLE]; /* "" for none */
    char label[160];        /* of its axis */
    double weight;          /* its share of the height */
    struct axis axis;
    double step;            /* the width of a column of its values, in units of time */
    const char *color;      /* of the theme: "inbound" */
    char layers[128];       /* "gaps line numbers": of gnuplot/panels.gp's, each a block "<panel> <layer>" */
};

/* A picture's size in pixels, and that of its margins; left and right are those of every panel. */
struct plot_frame {
    int width, height, left, right;
    double dpi;
};

/* Inches (at 200 dpi) as the options want them; margins are in points of 1/72 inch. */
struct plot_frame plot_frame_of(const struct longhaul_report_options *options, double width_in, double height_in,
                                double left_pt, double right_pt);
/* Columns of pixels in a panel. */
int plot_columns(const struct plot_frame *frame);
double plot_points(const struct plot_frame *frame, double points); /* in pixels */

/* What of a picture's height is not panels, in points; and how many panels there are to be, to share the rest. */
struct plot_layout {
    double top_pt, bottom_pt;    /* above the first panel, below the last */
    double titled_pt, plain_pt;  /* above another panel, with a title and without */
    size_t n_titled, n_panels;
    double weights;              /* their sum */
};

struct plot {
    const char *name;
    struct plot_frame frame;
    double unit_px; /* the height of a panel of weight 1 */
    double plain_pt; /* above a panel without a title */
    FILE *data, *script;
    char *texts[2]; /* data, script */
    size_t sizes[2];
    size_t n_blocks;
    struct plot_panel *panels;
    size_t n_panels;
    bool has_failed; /* out of memory */
};

/* Letters, digits, "_", "-" and "." only in name. Files are to be <name>.dat and <name>.gp. False when out of memory:
 * then plot_end() is all that may be called. */
bool plot_begin(struct plot *plot, const char *name, const struct plot_frame *frame, enum longhaul_theme theme);

/* Variables of the script. Texts are anybody's: they become literal strings, in valid UTF-8, on one line. */
void plot_string(struct plot *plot, const char *variable, const char *text);
void plot_number(struct plot *plot, const char *variable, double value);
/* Arrays of n; of n = 0 one empty element. item gives the i'th. */
void plot_strings(struct plot *plot, const char *variable, const char *const *texts, size_t n);
void plot_numbers(struct plot *plot, const char *variable, const double *values, size_t n);

/* Begins a block of the data; its rows are written to plot->data. */
void plot_block(struct plot *plot, size_t panel, const char *layer);
/* Before any panel. */
void plot_set_layout(struct plot *plot, const struct plot_layout *layout);
/* Copies a panel, whose number is then plot->n_panels. */
void plot_add_panel(struct plot *plot, const struct plot_panel *panel);
/* x_max, marks in time and in UTC (start_unix_s may be NAN), what the axis is called. */
void plot_time_axis(struct plot *plot, const struct axis_time *time, double start_unix_s);

/* Ends both texts, of which each template (the theme first) becomes a part; the caller frees *data and *script. Plot is
 * done with, also after an error. */
int plot_end(struct plot *plot, const char *const *templates, size_t n, char **data, char **script,
             struct longhaul_error *err);

#endif
