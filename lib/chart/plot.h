/* plot.h - a chart being made: its data and its script for gnuplot. */
#ifndef PLOT_H
#define PLOT_H

#include <stdio.h>

#include <longhaul.h>

#include "chart/axis.h"

#define PLOT_TITLE 400

/* One panel over an axis of time (gnuplot/panels.gp). */
struct plot_panel {
    char title[PLOT_TITLE]; /* "" for none */
    char label[160];        /* of its axis */
    double weight;          /* its share of the height */
    struct axis axis;
    double step;            /* the width of a column of its values, in units of time */
    const char *color;      /* a colour of the theme, such as "inbound" */
    char layers[128];       /* layers of gnuplot/panels.gp, such as "gaps line numbers"; the data of each is a block
                             * "<panel> <layer>" */
};

/* The size of a picture in pixels, and of its margins; all panels have the same left and right margins. */
struct plot_frame {
    int width, height, left, right;
    double dpi;
};

/* The size in inches (at 200 dpi) comes from the options; margins are in points of 1/72 inch. */
struct plot_frame plot_frame_of(const struct longhaul_report_options *options, double width_in, double height_in,
                                double left_pt, double right_pt);
/* The number of pixel columns in a panel. */
int plot_columns(const struct plot_frame *frame);
double plot_points(const struct plot_frame *frame, double points); /* converts points to pixels */

/* The parts of a picture's height that are not panels, in points, and the weights of the panels that share the rest. */
struct plot_layout {
    double top_pt, bottom_pt;    /* above the first panel, below the last */
    double titled_pt, plain_pt;  /* above the other panels, with a title and without */
    size_t n_titled, n_panels;
    double weights;              /* sum over the panels */
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

/* name: only letters, digits, "_", "-" and ".". The files will be <name>.dat and <name>.gp. False when out of memory:
 * only plot_end() may be called then. */
bool plot_begin(struct plot *plot, const char *name, const struct plot_frame *frame, enum longhaul_theme theme);

/* Sets a variable of the script. The text may come from anywhere: it becomes a literal string, valid UTF-8, on one
 * line. */
void plot_string(struct plot *plot, const char *variable, const char *text);
void plot_number(struct plot *plot, const char *variable, double value);
/* Sets an array of n elements, or of one empty element if n is 0. item returns the i'th. */
void plot_strings(struct plot *plot, const char *variable, const char *const *texts, size_t n);

/* Begins a block of the data; the caller writes its rows to plot->data. */
void plot_block(struct plot *plot, size_t panel, const char *layer);
/* Call before adding panels. */
void plot_set_layout(struct plot *plot, const struct plot_layout *layout);
/* Adds a copy of a panel; its number is then plot->n_panels. */
void plot_add_panel(struct plot *plot, const struct plot_panel *panel);
/* Sets x_max, the marks in time and in UTC (start_unix_s may be NAN), and the name of the axis. */
void plot_time_axis(struct plot *plot, const struct axis_time *time, double start_unix_s);

/* Ends both texts; each template (the theme first) becomes part of the script. The caller frees *data and *script. The
 * plot is finished, also after an error. */
int plot_end(struct plot *plot, const char *const *templates, size_t n, char **data, char **script,
             struct longhaul_error *err);

#endif
