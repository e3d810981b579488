/* plot_layers.c - the layers of a panel over time: what was not observed, events and their numbers, values at the width of the
 * picture, minutes. Rows of data only; how a layer looks is gnuplot/panels.gp's. */

#include "plot_layers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"

#define MINUTE_S 60.0
#define NUMBER_PT 8.0  /* gnuplot/theme.gp's size_small */
#define EVENT_PT 0.8   /* an event is at least so wide */

static void name_layer(struct plot_panel *panel, const char *layer)
{
    size_t length = strlen(panel->layers);
    snprintf(panel->layers + length, sizeof panel->layers - length, "%s%s", length ? " " : "", layer);
}

static void add_layer(struct plot *plot, struct plot_panel *panel, const char *layer)
{
    name_layer(panel, layer);
    plot_block(plot, plot->n_panels + 1, layer);
}


void plot_legend_add(struct plot_legend *legend, const char *text, const char *color)
{
    for (size_t i = 0; i < legend->n; i++)
        if (strcmp(legend->text[i], text) == 0)
            return;
    if (legend->n == sizeof legend->text / sizeof *legend->text)
        return;
    legend->text[legend->n] = text;
    legend->color[legend->n++] = color;
}

void plot_legend_write(struct plot *plot, const struct plot_legend *legend)
{
    plot_strings(plot, "legend_text", legend->text, legend->n);
    plot_strings(plot, "legend_color", legend->color, legend->n);
}

static double length_of(const struct plot_place *place)
{
    return place->time.high * place->time.unit_s;
}

static struct reduce_line line_of(const struct quantity_columns *c, const double *values, const struct plot_place *place)
{
    return (struct reduce_line){ c->start_s, c->end_s, values, c->n, place->offset_s, length_of(place) };
}

/* ---- gaps and events */

void plot_layer_gaps(struct plot *plot, struct plot_panel *panel, const struct quantity_columns *c, const struct plot_place *place,
                     struct plot_legend *legend)
{
    struct reduce_line line = line_of(c, NULL, place);
    size_t n;
    struct reduce_span *gaps = reduce_gaps(&line, &n);
    double least_s = length_of(place) / plot_columns(&plot->frame); /* a column of pixels */
    if (gaps == NULL)
        plot->has_failed = true;
    if (gaps && n > 0) {
        add_layer(plot, panel, "gaps");
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
    double least_s = length_of(place) / plot_columns(&plot->frame) * fmax(1, plot_points(&plot->frame, EVENT_PT));
    if (n == 0)
        return;
    add_layer(plot, panel, "events");
    for (size_t i = 0; i < n; i++) {
        double from_s = events[i].start_s + place->offset_s;
        double seconds = events[i].kind == LONGHAUL_RATE_SHIFT ? 0 : events[i].seconds; /* a shift is a moment */
        double to_s = fmin(from_s + fmax(seconds, least_s), length_of(place));
        fprintf(plot->data, "%.8g %.8g %d\n", fmin(from_s, to_s - least_s) / place->time.unit_s, to_s / place->time.unit_s, (int)events[i].kind + 1);
        plot_legend_add(legend, longhaul_event_kind_text(events[i].kind), event_colors[events[i].kind]);
    }
}

/* Numbers that would touch stand as one: the first of them, and how many more. */
struct numbers {
    double x_s, right_s; /* of the one that is open: its middle, and its right end with some air */
    size_t first, last, n;
    char text[48];
};

static void set_text(struct numbers *open, double second_pt, const struct plot_place *place)
{
    if (open->n == 1)
        snprintf(open->text, sizeof open->text, "%zu", open->first);
    else if (open->last - open->first == open->n - 1)
        snprintf(open->text, sizeof open->text, "%zu-%zu", open->first, open->last);
    else
        snprintf(open->text, sizeof open->text, "%zu +%zu", open->first, open->n - 1);
    double half_s = (double)strlen(open->text) * 0.32 * NUMBER_PT * second_pt; /* half the text's width */
    open->x_s = fmin(fmax(open->x_s, half_s), length_of(place) - half_s);
    open->right_s = open->x_s + half_s + 3 * second_pt;
}

void plot_layer_event_numbers(struct plot *plot, struct plot_panel *panel, const struct report_leg *leg, const struct plot_place *place)
{
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(leg->analysis, &n);
    double second_pt = length_of(place) / plot_columns(&plot->frame) * plot_points(&plot->frame, 1); /* seconds in a point */
    struct numbers open = { 0 };
    if (n == 0)
        return;
    add_layer(plot, panel, "numbers");
    for (size_t i = 0; i < n; i++) {
        double seconds = events[i].kind == LONGHAUL_RATE_SHIFT ? 0 : events[i].seconds;
        double x_s = fmax(events[i].start_s + place->offset_s + seconds / 2, 0), half_s = 2.5 * NUMBER_PT / 2 * second_pt;
        size_t number = leg->event_numbers[i];
        if (open.n > 0 && x_s - half_s < open.right_s) {
            open.last = number > open.last ? number : open.last;
            open.first = number < open.first ? number : open.first;
            open.n++;
        } else {
            if (open.n > 0)
                fprintf(plot->data, "%.8g \"%s\"\n", open.x_s / place->time.unit_s, open.text);
            open = (struct numbers){ .x_s = x_s, .first = number, .last = number, .n = 1 };
        }
        set_text(&open, second_pt, place);
    }
    fprintf(plot->data, "%.8g \"%s\"\n", open.x_s / place->time.unit_s, open.text);
}

/* ---- values */

static double *values_of(const struct quantity *quantity, const struct quantity_columns *c, double *least, double *most, size_t *n_known)
{
    double *values = malloc((c->n + 1) * sizeof *values);
    *least = INFINITY;
    *most = -INFINITY;
    *n_known = 0;
    for (size_t i = 0; values && i < c->n; i++) {
        values[i] = quantity->value(c, i);
        if (isnan(values[i]))
            continue;
        *least = fmin(*least, values[i]);
        *most = fmax(*most, values[i]);
        ++*n_known;
    }
    return values;
}

/* A value as far as the axis reaches. */
static double clip(const struct axis *axis, double value)
{
    return fmin(fmax(value, axis->low), axis->high);
}

/* Every interval: a line, broken where something is missing, or a bar from its start to its end. */
static void write_all(struct plot *plot, const struct plot_panel *panel, const struct reduce_line *line, bool is_level, double unit_s)
{
    bool is_broken = true;
    size_t written = 0;
    for (size_t i = 0; i < line->n; i++) {
        double from = (line->start_s[i] + line->offset_s) / unit_s, to = fmin(line->end_s[i] + line->offset_s, line->length_s) / unit_s;
        double value = clip(&panel->axis, line->value[i]);
        is_broken = is_broken || isnan(line->value[i]) || reduce_is_after_gap(line, i);
        if (isnan(line->value[i]) || !isfinite(from) || !isfinite(to))
            continue;
        if (!is_level) {
            fprintf(plot->data, "%.8g %.8g %.9g\n", from, to, value);
            continue;
        }
        if (is_broken) /* an interval that stands alone is a line too */
            fprintf(plot->data, "%s%.8g %.9g\n", written ? "\n" : "", from, value);
        fprintf(plot->data, "%.8g %.9g\n", to, value);
        is_broken = false;
        written++;
    }
}

/* What of a column a line goes through: from low to high, or, of one value, that. */
enum part { EXTREMES, PERCENTILES, MEDIAN };

static double low_of(const struct reduce_column *column, enum part part)
{
    return part == EXTREMES ? column->least : part == PERCENTILES ? column->p5 : column->median;
}

static double high_of(const struct reduce_column *column, enum part part)
{
    return part == EXTREMES ? column->most : part == PERCENTILES ? column->p95 : column->median;
}

/* A line up one column and down the next covers the same pixels as one through all values. It starts at the end that is
 * nearer to where the column before ends, and breaks where something is missing. Medians at the axis' foot say nothing. */
static void write_columns(struct plot *plot, const struct plot_panel *panel, const struct reduce_column *columns, int n, double high,
                          enum part part)
{
    bool has_before = false, is_broken = true;
    double before = 0;
    for (int i = 0; i < n; i++) {
        double x = (i + 0.5) / n * high, from = clip(&panel->axis, low_of(&columns[i], part)), to = clip(&panel->axis, high_of(&columns[i], part));
        bool is_shown = columns[i].n > 0 && (part != MEDIAN || from > panel->axis.low);
        is_broken = is_broken || (columns[i].n > 0 && (!columns[i].is_joined || !is_shown));
        if (!is_shown)
            continue;
        if (has_before && is_broken)
            fputc('\n', plot->data);
        bool starts_high = has_before && fabs(to - before) < fabs(from - before);
        fprintf(plot->data, "%.7g %.9g\n", x, starts_high ? to : from);
        if (from < to)
            fprintf(plot->data, "%.7g %.9g\n", x, starts_high ? from : to);
        before = starts_high ? from : to;
        has_before = true;
        is_broken = false;
    }
    if (!has_before)
        fputs("0 NaN\n", plot->data); /* gnuplot wants a row */
}

/* The middle one of the values: of every 97th when they are many. For the look of an axis alone. */
static double usual_of(const double *values, size_t n)
{
    double some[4096];
    size_t count = 0, step = n / 4096 + 1;
    for (size_t i = 0; i < n && count < 4096; i += step)
        if (!isnan(values[i]))
            some[count++] = values[i];
    static const double half = 0.5;
    double middle;
    stats_quantiles(some, count, &half, 1, &middle);
    return middle;
}

static void explain_band(struct plot_legend *legend, const char *color)
{
    static const char *const colors[][2] = { { "inbound", "inbound_band" }, { "outbound", "outbound_band" } };
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(color, colors[i][0]) != 0)
            continue;
        plot_legend_add(legend, "p5-p95", colors[i][0]);
        plot_legend_add(legend, "least-greatest", colors[i][1]);
        plot_legend_add(legend, "median", "text");
    }
}

void plot_layer_values(struct plot *plot, struct plot_panel *panel, const struct quantity *quantity, const struct quantity_columns *c,
                       const struct plot_place *place, enum plot_detail detail, struct plot_legend *legend)
{
    double least, most;
    size_t n_known;
    int n_columns = plot_columns(&plot->frame);
    double *values = values_of(quantity, c, &least, &most, &n_known);
    if (values == NULL) {
        plot->has_failed = true;
        return;
    }
    struct reduce_line line = line_of(c, values, place);
    panel->axis = quantity->axis(least, usual_of(values, c->n), most);
    bool is_dense = n_known > (size_t)n_columns;
    if (detail == PLOT_LINE && n_known > 0)
        name_layer(panel, "under");
    struct reduce_column *columns = is_dense ? reduce_columns(&line, (size_t)n_columns, detail == PLOT_BAND) : NULL;
    if (columns) {
        static const char *const layers[] = { "extremes", "band", "median" };
        for (int part = EXTREMES; part <= (detail == PLOT_BAND ? MEDIAN : EXTREMES); part++) {
            add_layer(plot, panel, detail == PLOT_BAND ? layers[part] : "line");
            write_columns(plot, panel, columns, n_columns, place->time.high, (enum part)part);
        }
        if (detail == PLOT_BAND)
            explain_band(legend, panel->color);
    } else if (!is_dense && n_known > 0) {
        add_layer(plot, panel, quantity->is_level ? "line" : "bars");
        write_all(plot, panel, &line, quantity->is_level, place->time.unit_s);
    }
    plot->has_failed = plot->has_failed || (is_dense && !columns);
    free(columns);
    free(values);
}

/* ---- minutes */

/* What a column of pixels, or a longer bucket, comes to: the greatest of its buckets; i is the first. */
static double greatest(const double *sums, size_t n, size_t i, size_t together)
{
    double most = NAN;
    for (size_t k = i; k < i + together && k < n; k++)
        most = fmax(most, sums[k]);
    return most;
}

/* Bars of what is above the axis' foot; or, of a level, the outline of all that is known. */
static void write_minutes(struct plot *plot, const struct plot_panel *panel, const double *sums, size_t n, double bucket_s,
                          bool is_level, const struct plot_place *place)
{
    double length_s = length_of(place);
    size_t together = (size_t)ceil(length_s / plot_columns(&plot->frame) / bucket_s), written = 0;
    bool is_broken = false;
    for (size_t i = 0; i < n; i += together) {
        double from_s = (double)i * bucket_s, to_s = fmin(from_s + (double)together * bucket_s, length_s);
        double most = greatest(sums, n, i, together), from = from_s / place->time.unit_s, to = to_s / place->time.unit_s;
        if (from_s >= length_s || isnan(most) || (!is_level && most <= panel->axis.low)) {
            is_broken = true;
            continue;
        }
        most = clip(&panel->axis, most);
        if (is_level)
            fprintf(plot->data, "%s%.8g %.7g\n%.8g %.7g\n", is_broken && written ? "\n" : "", from, most, to, most);
        else
            fprintf(plot->data, "%.8g %.8g %.7g\n", from, to, most);
        is_broken = false;
        written++;
    }
    if (written == 0)
        fputs(is_level ? "0 NaN\n" : "0 0 NaN\n", plot->data); /* gnuplot wants a row */
}

/* Fills sums, of n buckets, NAN where nothing is known. Intervals count where they begin. */
static void sum_up(const struct quantity *quantity, const struct quantity_columns *c, const struct plot_place *place, double bucket_s,
                   double *sums, size_t n, double *room)
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
            double *there = &sums[(size_t)bucket]; /* a clock that stepped back comes to it again: the worse counts */
            *there = isnan(*there) || sum > *there ? sum : *there;
        }
        from = to;
    }
}

void plot_layer_minutes(struct plot *plot, struct plot_panel *panel, const struct quantity *quantity, const struct quantity_columns *c,
                        const struct plot_place *place)
{
    double length_s = length_of(place), bucket_s = length_s < 30 * MINUTE_S ? 1 : MINUTE_S;
    size_t n = (size_t)ceil(length_s / bucket_s) + 1;
    double *sums = malloc(n * sizeof *sums), *room = malloc((c->n + 1) * sizeof *room), least = INFINITY, most = -INFINITY;
    if (sums && room) {
        sum_up(quantity, c, place, bucket_s, sums, n, room);
        for (size_t i = 0; i < n; i++) {
            least = sums[i] > 0 ? fmin(least, sums[i]) : least;
            most = fmax(most, isnan(sums[i]) ? -INFINITY : sums[i]);
        }
        panel->axis = quantity->axis(isinf(least) ? 0 : least, usual_of(sums, n), isinf(most) ? 0 : most);
        add_layer(plot, panel, quantity->is_level ? "area" : "bars");
        write_minutes(plot, panel, sums, n, bucket_s, quantity->is_level, place);
    } else {
        plot->has_failed = true;
    }
    free(sums);
    free(room);
}
