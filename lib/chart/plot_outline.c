/* plot_outline.c - the outline of bars over time. Neighbours become one area: drawn one by one, they would have seams
 * between them, which look like a pattern in the data. */

#include <math.h>

#include "chart/plot_layers.h"

#define LEAST_PT 0.7     /* a bar is at least this wide: one lost packet is visible in a day */
#define TOGETHER 1e-6    /* of the axis: bars that are closer touch */

struct plot_outline plot_outline_begin(struct plot *plot, const struct plot_place *place)
{
    double pixel_s = plot_length_s(place) / plot_columns(&plot->frame);
    return (struct plot_outline){ .data = plot->data, .unit_s = place->time.unit_s, .length_s = plot_length_s(place),
                                  .least_s = pixel_s * fmax(1, plot_points(&plot->frame, LEAST_PT)),
                                  .from_s = NAN };
}

/* Writes the last bar, which ends at to_s. */
static void write_bar(struct plot_outline *outline, double to_s)
{
    fprintf(outline->data, "%s%.8g %.7g\n%.8g %.7g\n", outline->is_apart && outline->n > 0 ? "\n" : "",
            outline->from_s / outline->unit_s, outline->value, to_s / outline->unit_s, outline->value);
    outline->n++;
}

/* The end of the last bar if no other one follows. */
static double end_of(const struct plot_outline *outline)
{
    return fmin(fmax(outline->to_s, outline->from_s + outline->least_s), outline->length_s);
}

void plot_outline_add(struct plot_outline *outline, double from_s, double to_s, double value)
{
    bool is_first = isnan(outline->from_s);
    from_s = fmax(from_s, 0);
    if (!(from_s < outline->length_s) || !isfinite(to_s) || !isfinite(value))
        return;
    bool is_apart = is_first || from_s > end_of(outline) + TOGETHER * outline->length_s || from_s < outline->from_s;
    if (!is_first)
        write_bar(outline, is_apart ? end_of(outline) : from_s);
    outline->from_s = fmin(from_s, outline->length_s - outline->least_s);
    outline->to_s = to_s;
    outline->value = value;
    outline->is_apart = is_apart;
}

void plot_outline_end(struct plot_outline *outline)
{
    if (!isnan(outline->from_s))
        write_bar(outline, end_of(outline));
    if (outline->n == 0)
        fputs("0 NaN\n", outline->data); /* gnuplot wants a row */
}
