/* plot_layers.c - the layers of a panel over time: values at the width of the picture
 * (plot_marks.c has the marks, plot_minutes.c sums per minute). Writes only rows of data; gnuplot/panels.gp decides
 * how a layer looks. */

#include "chart/plot_layers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/stats.h"

#define SMALL_PT 8.0   /* gnuplot/theme.gp's size_small */
#define LINE_PT 1.1    /* the width of lines, as in gnuplot/panels.gp */
#define MEDIAN_PT 0.6
#define BEYOND_AIR_PT 3.0 /* between such a mark and its place */
#define BEYOND_PT 60.0 /* between marks of values beyond the axis */
#define FEW_SHARE 4      /* fewer values than a quarter of the pixel columns are drawn one by one */
#define SAME_SHARE PLOT_SAME_SHARE

void plot_layer_begin(struct plot *plot, struct plot_panel *panel, const char *layer)
{
    size_t length = strlen(panel->layers);
    snprintf(panel->layers + length, sizeof panel->layers - length, "%s%s", length ? " " : "", layer);
    plot_block(plot, plot->n_panels + 1, layer);
}

double plot_half_width(const char *text, double second_pt)
{
    double n = 0;
    for (const char *c = text; *c; c++)
        n += (*c & 0xc0) == 0x80 ? 0 : (*c & 0x80) ? 2 : 1;
    return n * 0.32 * SMALL_PT * second_pt;
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

/* ---- values */

/* For a quantity that is not a level, the least value is the least above 0; if none exists, the loss of one packet
 * sets the axis. */
static double *values_of(const struct quantity *quantity, const struct quantity_columns *c, double *least, double *most,
                         size_t *n_known)
{
    double *values = malloc((c->n + 1) * sizeof *values);
    *least = INFINITY;
    *most = -INFINITY;
    *n_known = 0;
    for (size_t i = 0; values && i < c->n; i++) {
        values[i] = quantity->value(c, i);
        if (isnan(values[i]))
            continue;
        if (quantity->is_level || values[i] > 0)
            *least = fmin(*least, values[i]);
        *most = fmax(*most, values[i]);
        ++*n_known;
    }
    if (!quantity->is_level && isinf(*least))
        *least = 0;
    return values;
}

/* Draws every interval as a line, broken where intervals are missing. */
static void write_all(struct plot *plot, const struct plot_panel *panel, const struct reduce_line *line, double unit_s)
{
    bool is_broken = true;
    size_t written = 0;
    for (size_t i = 0; i < line->n; i++) {
        double from = (line->start_s[i] + line->offset_s) / unit_s,
               to = fmin(line->end_s[i] + line->offset_s, line->length_s) / unit_s;
        double value = axis_clip(&panel->axis, line->value[i]);
        is_broken = is_broken || isnan(line->value[i]) || reduce_is_after_gap(line, i);
        if (isnan(line->value[i]) || !isfinite(from) || !isfinite(to))
            continue;
        if (is_broken) /* a single interval becomes a line too */
            fprintf(plot->data, "%s%.8g %.9g\n", written ? "\n" : "", from, value);
        fprintf(plot->data, "%.8g %.9g\n", to, value);
        is_broken = false;
        written++;
    }
}

/* Draws every interval above the foot of the axis as a bar. */
static void write_bars(struct plot *plot, const struct plot_panel *panel, const struct reduce_line *line,
                       const struct plot_place *place)
{
    struct plot_outline outline = plot_outline_begin(plot, place);
    for (size_t i = 0; i < line->n; i++)
        if (line->value[i] > panel->axis.low)
            plot_outline_add(&outline, line->start_s[i] + line->offset_s, line->end_s[i] + line->offset_s,
                             axis_clip(&panel->axis, line->value[i]));
    plot_outline_end(&outline);
}

/* The part of a column that is drawn: a range from low to high, or a single value. */
enum part { EXTREMES, PERCENTILES, MEDIAN };

static double low_of(const struct reduce_column *column, enum part part)
{
    return part == EXTREMES ? column->least : part == PERCENTILES ? column->p5 : column->median;
}

static double high_of(const struct reduce_column *column, enum part part)
{
    return part == EXTREMES ? column->most : part == PERCENTILES ? column->p95 : column->median;
}

/* Extends each column half way to its neighbours' values if no interval is missing between them, as a line through all
 * values would. */
static void join_columns(struct reduce_column *columns, int n)
{
    struct reduce_column *before = NULL;
    for (int i = 0; i < n; i++) {
        if (columns[i].n == 0)
            continue;
        if (before && columns[i].is_joined) {
            double middle = (before->last + columns[i].first) / 2;
            before->most = fmax(before->most, middle);
            before->least = fmin(before->least, middle);
            columns[i].most = fmax(columns[i].most, middle);
            columns[i].least = fmin(columns[i].least, middle);
        }
        before = &columns[i];
    }
}

/* Moves a value by some points up or down the axis. */
static double move(const struct plot *plot, const struct plot_panel *panel, double value, double points)
{
    double share = plot_points(&plot->frame, points) / (panel->weight * plot->unit_px);
    const struct axis *axis = &panel->axis;
    return axis->is_log ? value * pow(axis->high / axis->low, share) : value + (axis->high - axis->low) * share;
}

/* Draws from the least to the greatest value, extended by half the width of a line, as a line's pixels are. Omits
 * medians at the foot of the axis, which say nothing; on a logarithmic axis that foot stands for 0. */
static void write_columns(struct plot *plot, const struct plot_panel *panel, const struct reduce_column *columns, int n,
                          double high, enum part part)
{
    double half_pt = part == MEDIAN ? MEDIAN_PT / 2 : LINE_PT / 2;
    size_t written = 0;
    for (int i = 0; i < n; i++) {
        double from = axis_clip(&panel->axis, low_of(&columns[i], part)),
               to = axis_clip(&panel->axis, high_of(&columns[i], part));
        bool is_at_foot = !((part == MEDIAN ? from : to) > panel->axis.low);
        if (columns[i].n == 0 || (is_at_foot && (part == MEDIAN || panel->axis.is_log)))
            continue;
        fprintf(plot->data, "%.7g %.8g %.8g\n", (i + 0.5) / n * high,
                axis_clip(&panel->axis, move(plot, panel, from, -half_pt)),
                axis_clip(&panel->axis, move(plot, panel, to, half_pt)));
        written++;
    }
    if (written == 0)
        fputs("0 NaN NaN\n", plot->data); /* gnuplot wants a row */
}

/* The lower edge of the columns, for filling the area below; steps that nobody can see are omitted. */
static void write_under(struct plot *plot, const struct plot_panel *panel, const struct reduce_column *columns, int n,
                        double high)
{
    double last = NAN, room = SAME_SHARE * (panel->axis.high - panel->axis.low), x = 0;
    bool is_pending = false; /* the last column was omitted */
    for (int i = 0; i < n; i++) {
        if (columns[i].n == 0)
            continue;
        double y = axis_clip(&panel->axis, columns[i].least);
        if (isnan(last) || !columns[i].is_joined || fabs(y - last) > room) {
            if (is_pending)
                fprintf(plot->data, "%.7g %.6g\n", x, last);
            fprintf(plot->data, "%s%.7g %.6g\n", !isnan(last) && !columns[i].is_joined ? "\n" : "",
                    (i + 0.5) / n * high, y);
            last = y;
            is_pending = false;
        } else {
            is_pending = true;
        }
        x = (i + 0.5) / n * high;
    }
    if (is_pending)
        fprintf(plot->data, "%.7g %.6g\n", x, last);
}

void plot_layer_columns(struct plot *plot, struct plot_panel *panel, const char *layer,
                        const struct reduce_column *columns, int n, const struct plot_place *place)
{
    plot_layer_begin(plot, panel, layer);
    if (strcmp(layer, "under") == 0)
        write_under(plot, panel, columns, n, place->time.high);
    else
        write_columns(plot, panel, columns, n, place->time.high, strcmp(layer, "band") == 0 ? PERCENTILES : EXTREMES);
}

/* Of the values, or of up to 4,096 of them, evenly spaced, the quantiles, and the greatest of all. */
struct axis plot_axis_for(const struct quantity *quantity, const double *values, size_t n, double least, double most)
{
    static const double shares[] = { 0.5, 0.98 };
    double some[4096], q[2];
    size_t count = 0, step = n / 4096 + 1;
    for (size_t i = 0; i < n && count < 4096; i += step)
        if (!isnan(values[i]))
            some[count++] = values[i];
    stats_quantiles(some, count, shares, 2, q);
    return quantity->axis(least, q[0], q[1], most);
}

/* The greatest value of each stretch that is beyond the end of the axis, where the texts of such marks do not touch. */
struct beyond {
    double x_s, most;
};

static void write_beyond(struct plot *plot, struct plot_panel *panel, const struct beyond *mark,
                         const struct plot_place *place)
{
    if (mark->most <= panel->axis.high)
        return;
    if (!strstr(panel->layers, "beyond"))
        plot_layer_begin(plot, panel, "beyond");
    double second_pt = plot_length_s(place) / plot_columns(&plot->frame) * plot_points(&plot->frame, 1);
    char text[48]; /* next to its place: the line goes up there */
    snprintf(text, sizeof text, "\342\226\262 %.3g", mark->most);
    double aside_s = plot_half_width(text, second_pt) + BEYOND_AIR_PT * second_pt;
    bool is_left = mark->x_s + 2 * aside_s > plot_length_s(place);
    fprintf(plot->data, "%.8g \"%s\"\n", (mark->x_s + (is_left ? -aside_s : aside_s)) / place->time.unit_s, text);
}

void plot_layer_beyond(struct plot *plot, struct plot_panel *panel, const struct reduce_line *line,
                       const struct plot_place *place)
{
    double room_s = BEYOND_PT * plot_length_s(place) / plot_columns(&plot->frame) * plot_points(&plot->frame, 1);
    struct beyond mark = { -INFINITY, -INFINITY };
    for (size_t i = 0; i < line->n; i++) {
        double x_s = line->start_s[i] + line->offset_s;
        if (!(line->value[i] > panel->axis.high) || !(x_s >= 0 && x_s <= line->length_s))
            continue;
        bool is_at_end = x_s + room_s > line->length_s; /* the text is left of its place, so next to the last one's */
        if (x_s - mark.x_s > (is_at_end ? 2 : 1) * room_s) {
            write_beyond(plot, panel, &mark, place);
            mark = (struct beyond){ x_s, line->value[i] };
        } else if (line->value[i] > mark.most) {
            mark.most = line->value[i];
        }
    }
    write_beyond(plot, panel, &mark, place);
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

/* The number of columns if there are nearly as many values as pixel columns, or more: a line through all values would
 * be slow to draw and show no more. With fewer values, a column is as wide as an interval. */
static int columns_for(const struct plot *plot, size_t n_known)
{
    int n = plot_columns(&plot->frame);
    if (n_known < (size_t)n / FEW_SHARE)
        return 0;
    return n_known >= (size_t)n ? n : n / (int)(((size_t)n + n_known - 1) / n_known);
}

static void add_columns(struct plot *plot, struct plot_panel *panel, const struct reduce_line *line, int n_columns,
                        const struct plot_place *place, enum plot_detail detail)
{
    static const char *const layers[] = { "extremes", "band", "median" };
    struct reduce_column *columns = reduce_columns(line, (size_t)n_columns, detail == PLOT_BAND);
    if (columns == NULL) {
        plot->has_failed = true;
        return;
    }
    panel->step = place->time.high / n_columns;
    if (detail == PLOT_LINE) {
        plot_layer_begin(plot, panel, "under");
        write_under(plot, panel, columns, n_columns, place->time.high);
    }
    join_columns(columns, n_columns);
    for (int part = EXTREMES; part <= (detail == PLOT_BAND ? MEDIAN : EXTREMES); part++) {
        plot_layer_begin(plot, panel, detail == PLOT_BAND ? layers[part] : "columns");
        write_columns(plot, panel, columns, n_columns, place->time.high, (enum part)part);
    }
    free(columns);
}

void plot_name_axis(struct plot_panel *panel)
{
    size_t length = strlen(panel->label);
    if (panel->axis.low > 0 && !panel->axis.is_log)
        snprintf(panel->label + length, sizeof panel->label - length, "|from %.3g", panel->axis.low);
}

struct axis plot_axis_of(const struct quantity *quantity, const struct quantity_columns *c)
{
    double least, most;
    size_t n_known;
    double *values = values_of(quantity, c, &least, &most, &n_known);
    struct axis axis = values ? plot_axis_for(quantity, values, c->n, least, most) : (struct axis){ .high = 1 };
    free(values);
    return axis;
}

/* A faint line: of what was sent, where the rate is what arrived. */
void plot_layer_sent(struct plot *plot, struct plot_panel *panel, const struct quantity_columns *c,
                     const struct plot_place *place, struct plot_legend *legend)
{
    int n = plot_columns(&plot->frame);
    double least, most, *values = c->arrived ? values_of(&quantity_sent, c, &least, &most, &(size_t){ 0 }) : NULL;
    struct reduce_line line = plot_line(c, values, place);
    struct reduce_column *columns = values ? reduce_columns(&line, (size_t)n, false) : NULL;
    if (columns) {
        plot_layer_begin(plot, panel, "sent");
        plot_legend_add(legend, "sent", "sent");
        for (int i = 0; i < n; i++)
            if (columns[i].n > 0)
                fprintf(plot->data, "%s%.7g %.6g\n", columns[i].is_joined ? "" : "\n",
                        (i + 0.5) / n * place->time.high, axis_clip(&panel->axis, columns[i].last));
        fputs("\n0 NaN\n", plot->data); /* gnuplot wants a row */
    }
    plot->has_failed = plot->has_failed || (c->arrived && !columns);
    free(columns);
    free(values);
}

void plot_layer_target(struct plot *plot, struct plot_panel *panel, double target_mbps, const struct plot_place *place,
                       struct plot_legend *legend)
{
    if (!(target_mbps > panel->axis.low && target_mbps <= panel->axis.high))
        return;
    plot_layer_begin(plot, panel, "target");
    plot_legend_add(legend, "target", "text");
    fprintf(plot->data, "0 %.6g\n%.8g %.6g\n", target_mbps, place->time.high, target_mbps);
}

void plot_layer_values(struct plot *plot, struct plot_panel *panel, const struct quantity *quantity,
                       const struct quantity_columns *c, const struct plot_place *place, enum plot_detail detail,
                       const struct axis *shared, struct plot_legend *legend)
{
    double least, most;
    size_t n_known;
    double *values = values_of(quantity, c, &least, &most, &n_known);
    if (values == NULL) {
        plot->has_failed = true;
        return;
    }
    struct reduce_line line = plot_line(c, values, place);
    int n_columns = columns_for(plot, n_known);
    panel->axis = plot_axis_for(quantity, values, c->n, least, most);
    if (shared)
        panel->axis = *shared;
    plot_name_axis(panel);
    plot_layer_beyond(plot, panel, &line, place);
    if (n_columns > 0) {
        add_columns(plot, panel, &line, n_columns, place, detail);
        if (detail == PLOT_BAND)
            explain_band(legend, panel->color);
    } else if (n_known > 0) {
        if (quantity->is_level && detail == PLOT_LINE) {
            plot_layer_begin(plot, panel, "under");
            write_all(plot, panel, &line, place->time.unit_s);
        }
        plot_layer_begin(plot, panel, quantity->is_level ? "line" : "bars");
        if (quantity->is_level)
            write_all(plot, panel, &line, place->time.unit_s);
        else
            write_bars(plot, panel, &line, place);
    }
    free(values);
}
