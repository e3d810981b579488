/* plot.h - charts: data and scripts for gnuplot. */
#ifndef PLOT_H
#define PLOT_H

#include <longhaul.h>

#define PLOT_MAX_PANELS 2

enum plot_kind {
    PLOT_PAIR,     /* one panel for each direction */
    PLOT_DIRECTION /* one leg alone */
};

/* One leg, in one panel. */
struct plot_panel {
    const struct longhaul_series *series;
    const struct longhaul_summary *summary;
    bool is_inbound; /* to the hub */
};

/* A chart, to be written as <name>.dat, <name>.gp and <name>.png. */
struct plot_chart {
    enum plot_kind kind;
    const char *name;    /* letters, digits, "_", "-", "." only */
    const char *subject; /* what the title says after "UDP Bandwidth Over Time: " */
    struct plot_panel panels[PLOT_MAX_PANELS];
    size_t n_panels;
};

/* Ends of an axis, and where its marks are. */
struct plot_axis {
    double low, high;
    double first, step; /* of the marks */
    int digits;         /* after the point, so that no two marks look the same */
};

/* The axis of rates from min to max (Mbps): zoomed in, with room, three to nine marks. */
struct plot_axis plot_rate_axis(double min_mbps, double max_mbps);

/* What time is counted in on an axis of that many seconds, and where its marks are. */
struct plot_time {
    const char *unit; /* "hours" */
    double unit_s;
    double high, step; /* in units */
};
struct plot_time plot_time_axis(double seconds);

/* Writes the two texts of a chart; the caller frees *data and *script. */
int plot_chart_texts(const struct plot_chart *chart, char **data, char **script, struct longhaul_error *err);

#endif
