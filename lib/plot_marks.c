/* plot_marks.c - what is marked on a panel over time: what was not observed, events and their numbers. Rows of data only; how a layer
 * looks is gnuplot/panels.gp's. */

#include "plot_layers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_PT 8.0  /* gnuplot/theme.gp's size_small */
#define EVENT_PT 0.8   /* an event is at least so wide */

void plot_layer_gaps(struct plot *plot, struct plot_panel *panel, const struct quantity_columns *c, const struct plot_place *place,
                     struct plot_legend *legend)
{
    struct reduce_line line = plot_line(c, NULL, place);
    size_t n;
    struct reduce_span *gaps = reduce_gaps(&line, &n);
    double least_s = plot_length_s(place) / plot_columns(&plot->frame); /* a column of pixels */
    if (gaps == NULL)
        plot->has_failed = true;
    if (gaps && n > 0) {
        plot_layer_begin(plot, panel, "gaps");
        plot_legend_add(legend, "not observed", "gap");
        for (size_t i = 0; i < n; i++)
            fprintf(plot->data, "%.8g %.8g\n", gaps[i].from_s / place->time.unit_s,
                    fmax(gaps[i].to_s, gaps[i].from_s + least_s) / place->time.unit_s);
    }
    free(gaps);
}

static const char *const event_colors[] = { "outage", "loss_burst", "jitter_burst", "rate_shift" };

void plot_layer_events(struct plot *plot, struct plot_panel *panel, const struct report_leg *leg, const struct plot_place *place,
                       struct plot_legend *legend)
{
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(leg->analysis, &n);
    double least_s = plot_length_s(place) / plot_columns(&plot->frame) * fmax(1, plot_points(&plot->frame, EVENT_PT));
    if (n == 0)
        return;
    plot_layer_begin(plot, panel, "events");
    for (size_t i = 0; i < n; i++) {
        double from_s = events[i].start_s + place->offset_s;
        double seconds = events[i].kind == LONGHAUL_RATE_SHIFT ? 0 : events[i].seconds; /* a shift is a moment */
        double to_s = fmin(from_s + fmax(seconds, least_s), plot_length_s(place));
        fprintf(plot->data, "%.8g %.8g %d\n", fmin(from_s, to_s - least_s) / place->time.unit_s, to_s / place->time.unit_s, (int)events[i].kind + 1);
        plot_legend_add(legend, longhaul_event_kind_text(events[i].kind), event_colors[events[i].kind]);
    }
}

/* Numbers that would touch stand as one: the first of them, and how many more. */
struct numbers {
    double x_s, left_s, right_s; /* of the text: its middle, the end of the one before it, its own end with some air */
    size_t first, last, n;
    char text[48];
};

/* Half the width of a text in seconds; second_pt is the seconds in a point. */
static double half_width(const char *text, double second_pt)
{
    return (double)strlen(text) * 0.32 * NUMBER_PT * second_pt;
}

static void set_text(struct numbers *open, double second_pt, const struct plot_place *place)
{
    if (open->n == 1)
        snprintf(open->text, sizeof open->text, "%zu", open->first);
    else if (open->last - open->first == open->n - 1)
        snprintf(open->text, sizeof open->text, "%zu-%zu", open->first, open->last);
    else
        snprintf(open->text, sizeof open->text, "%zu +%zu", open->first, open->n - 1);
    double half_s = half_width(open->text, second_pt);
    open->x_s = fmin(fmax(open->x_s, open->left_s + half_s), plot_length_s(place) - half_s);
    open->right_s = open->x_s + half_s + 4 * second_pt;
}

static void write_numbers(struct plot *plot, const struct numbers *open, const struct plot_place *place)
{
    fprintf(plot->data, "%.8g \"%s\"\n", open->x_s / place->time.unit_s, open->text);
}

void plot_layer_event_numbers(struct plot *plot, struct plot_panel *panel, const struct report_leg *leg, const struct plot_place *place)
{
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(leg->analysis, &n);
    double second_pt = plot_length_s(place) / plot_columns(&plot->frame) * plot_points(&plot->frame, 1);
    struct numbers open = { 0 };
    if (n == 0)
        return;
    plot_layer_begin(plot, panel, "numbers");
    for (size_t i = 0; i < n; i++) {
        double seconds = events[i].kind == LONGHAUL_RATE_SHIFT ? 0 : events[i].seconds;
        double x_s = fmax(events[i].start_s + place->offset_s + seconds / 2, 0);
        size_t number = leg->event_numbers[i];
        char text[24];
        snprintf(text, sizeof text, "%zu", number);
        if (open.n > 0 && x_s - half_width(text, second_pt) < open.right_s) {
            open.last = number > open.last ? number : open.last;
            open.first = number < open.first ? number : open.first;
            open.n++;
        } else {
            if (open.n > 0)
                write_numbers(plot, &open, place);
            open = (struct numbers){ .x_s = x_s, .left_s = open.right_s, .first = number, .last = number, .n = 1 };
        }
        set_text(&open, second_pt, place);
    }
    write_numbers(plot, &open, place);
}
