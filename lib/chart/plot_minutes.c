/* plot_minutes.c - thin panels over time: a quantity summed up per minute, or per second of a short test. Writes only
 * rows of data; gnuplot/panels.gp decides how a layer looks. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "chart/plot_layers.h"

/* The value of a pixel column or a longer bucket: the greatest of its minutes, of which i is the first. */
static double greatest(const double *sums, size_t n, size_t i, size_t together)
{
    double most = NAN;
    for (size_t k = i; k < i + together && k < n; k++)
        most = fmax(most, sums[k]);
    return most;
}

/* Bars of the minutes above the foot of the axis. */
static void write_bars(struct plot *plot, const struct plot_panel *panel, const double *sums, size_t n,
                       double bucket_s, size_t together, const struct plot_place *place)
{
    struct plot_outline outline = plot_outline_begin(plot, place);
    for (size_t i = 0; i < n; i += together) {
        double most = greatest(sums, n, i, together);
        if (most > panel->axis.low)
            plot_outline_add(&outline, (double)i * bucket_s, (double)(i + together) * bucket_s,
                             axis_clip(&panel->axis, most));
    }
    plot_outline_end(&outline);
}

/* The outline of an area, or a line; steps that nobody can see are omitted. */
static void write_area(struct plot *plot, const struct plot_panel *panel, const double *sums, size_t n,
                       double bucket_s, size_t together, const struct plot_place *place)
{
    double length_s = plot_length_s(place), unit_s = place->time.unit_s, before = NAN, until = 0;
    size_t written = 0;
    for (size_t i = 0; i < n; i += together) {
        double from_s = (double)i * bucket_s, to_s = fmin(from_s + (double)together * bucket_s, length_s);
        double most = greatest(sums, n, i, together);
        bool is_shown = from_s < length_s && !isnan(most);
        most = axis_clip(&panel->axis, most);
        if (!isnan(before) && (!is_shown || fabs(log(most / before)) > PLOT_SAME_SHARE)) { /* the level ends */
            fprintf(plot->data, "%.7g %.6g\n%s", until / unit_s, before, is_shown ? "" : "\n");
            before = NAN;
        }
        if (is_shown && isnan(before))
            fprintf(plot->data, "%.7g %.6g\n", from_s / unit_s, before = most);
        until = to_s;
        written += is_shown;
    }
    if (!isnan(before))
        fprintf(plot->data, "%.7g %.6g\n", until / unit_s, before);
    if (written == 0)
        fputs("0 NaN\n", plot->data); /* gnuplot wants a row */
}

/* Fills n sums, NAN where nothing is known. An interval counts where it begins. */
static void sum_up(const struct quantity *quantity, const struct quantity_columns *c, const struct plot_place *place,
                   double bucket_s, double *sums, size_t n, double *room)
{
    size_t from = 0;
    for (size_t i = 0; i < n; i++)
        sums[i] = NAN;
    while (from < c->n) {
        double bucket = floor((c->start_s[from] + place->offset_s + 1e-3) / bucket_s);
        size_t to = from + 1;
        while (to < c->n && floor((c->start_s[to] + place->offset_s + 1e-3) / bucket_s) == bucket)
            to++;
        if (bucket >= 0 && bucket < (double)n) {
            double sum = quantity->sum_up(c, from, to, room);
            double *there = &sums[(size_t)bucket]; /* a clock that stepped back reaches a minute twice: the worse sum
                                                    * counts */
            *there = isnan(*there) || sum > *there ? sum : *there;
        }
        from = to;
    }
}

void plot_layer_minutes(struct plot *plot, struct plot_panel *panel, const struct quantity *quantity,
                        const struct quantity_columns *c, const struct plot_place *place)
{
    double length_s = plot_length_s(place), bucket_s = length_s < 30 * MINUTE_S ? 1 : MINUTE_S;
    size_t n = (size_t)ceil(length_s / bucket_s) + 1;
    double *sums = calloc(n, sizeof *sums), *room = malloc((c->n + 1) * sizeof *room), least = INFINITY,
           most = -INFINITY;
    if (sums && room) {
        sum_up(quantity, c, place, bucket_s, sums, n, room);
        for (size_t i = 0; i < n; i++) {
            least = sums[i] > 0 ? fmin(least, sums[i]) : least;
            most = fmax(most, isnan(sums[i]) ? -INFINITY : sums[i]);
        }
        panel->axis = plot_axis_for(quantity, sums, n, isinf(least) ? 0 : least, isinf(most) ? 0 : most);
        size_t length = strlen(panel->label);
        snprintf(panel->label + length, sizeof panel->label - length, "%s", bucket_s < MINUTE_S ? "s" : "min.");
        plot_name_axis(panel);
        size_t together = (size_t)ceil(length_s / plot_columns(&plot->frame) / bucket_s);
        const char *area = panel->axis.low > 0 ? "line" : "area"; /* nothing is filled if it does not begin at 0 */
        plot_layer_begin(plot, panel, quantity->is_level ? area : "bars");
        (quantity->is_level ? write_area : write_bars)(plot, panel, sums, n, bucket_s, together, place);
    } else {
        plot->has_failed = true;
    }
    free(sums);
    free(room);
}
