/* plot.c - a chart's two texts: data that keeps every spike of a day at the width of a picture, and a script that holds all
 * it needs (variables, theme, template), so that `gnuplot <name>.gp` beside its data draws it again. Starts nothing and
 * writes no file. Labels reach gnuplot as literal strings only. */

#include "plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "templates.h"

#define MARKS 8            /* at most so many steps on an axis of rates */
#define GAP_FACTOR 0.5     /* of an interval: more than that without data breaks the line */

/* Pixels, those of the reference's charts. A picture has at least as many columns as its panels. */
static const struct {
    const char *template;
    int width, height;
} kinds[] = {
    [PLOT_PAIR] = { TEMPLATE_PAIR, 2800, 1600 },
    [PLOT_DIRECTION] = { TEMPLATE_DIRECTION, 2400, 1000 },
};

/* ---- axes */

/* The smallest of 1, 2, 2.5, 5 times a power of ten that is not below x. */
static double round_step(double x)
{
    static const double steps[] = { 1, 2, 2.5, 5, 10 };
    double power = pow(10, floor(log10(x)));
    size_t i = 0;
    while (i < 4 && steps[i] * power < x * (1 - 1e-9))
        i++;
    return steps[i] * power;
}

static int digits_of(double step)
{
    for (int digits = 0; digits < 9; digits++) {
        double scaled = step * pow(10, digits);
        if (fabs(scaled - rint(scaled)) < 1e-6 * scaled)
            return digits;
    }
    return 9;
}

/* The ranges are those of the reference script: a fifth of the spread on both sides and at least 0.002; what is all but
 * constant gets 0.05 % or 0.005 on both sides. Never below 0, where there is nothing. */
struct plot_axis plot_rate_axis(double min_mbps, double max_mbps)
{
    struct plot_axis axis;
    double room = fmax(0.002, (max_mbps - min_mbps) * 0.2);
    axis.low = min_mbps - room;
    axis.high = max_mbps + room;
    if (fabs(max_mbps - min_mbps) <= 1e-8 + 1e-5 * fabs(max_mbps)) {
        room = fmax(0.005, min_mbps * 0.0005);
        axis.low = min_mbps - room;
        axis.high = min_mbps + room;
    }
    if (min_mbps >= 0 && axis.low < 0)
        axis.low = 0;
    axis.step = round_step((axis.high - axis.low) / MARKS);
    axis.first = ceil(axis.low / axis.step - 1e-9) * axis.step;
    axis.digits = digits_of(axis.step);
    return axis;
}

/* Steps that people count time in; a day has marks every two hours, twenty seconds every two. */
static double time_step(double high, double unit_s)
{
    static const double steps[] = { 1, 2, 3, 5, 6, 10, 12, 15, 20, 24, 30, 48 };
    if (high < 5 || unit_s > 3600)
        return round_step(high / 12);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (high / steps[i] <= 12.5)
            return steps[i];
    return round_step(high / 12);
}

struct plot_time plot_time_axis(double seconds)
{
    static const struct { double from_s; const char *unit; double unit_s; } units[] = {
        { 5 * 86400.0, "days", 86400 }, { 2 * 3600.0, "hours", 3600 }, { 180, "minutes", 60 }, { 0, "seconds", 1 } };
    size_t i = 0;
    if (!(seconds > 0))
        seconds = 1;
    while (seconds < units[i].from_s)
        i++;
    double high = seconds / units[i].unit_s;
    return (struct plot_time){ units[i].unit, units[i].unit_s, high, time_step(high, units[i].unit_s) };
}

/* ---- the data */

/* The columns of a series that a line is made of. */
struct line {
    const double *start_s, *end_s, *bps;
    size_t n;
    double high_s; /* the end of the axis: a fill does not stop at a panel's border by itself */
};

static struct line line_of(const struct longhaul_series *series, double high_s)
{
    return (struct line){ longhaul_series_column(series, LONGHAUL_START_S), longhaul_series_column(series, LONGHAUL_END_S),
                          longhaul_series_column(series, LONGHAUL_BITS_PER_SECOND), longhaul_series_length(series), high_s };
}

static bool has_time(const struct line *line, size_t i)
{
    return isfinite(line->start_s[i]) && isfinite(line->end_s[i]);
}

/* Was nothing observed between interval i - 1 and interval i? Clocks that step back are no gap. */
static bool is_after_gap(const struct line *line, size_t i)
{
    if (i == 0 || !has_time(line, i - 1) || !has_time(line, i))
        return i == 0;
    return line->start_s[i] - line->end_s[i - 1] > GAP_FACTOR * (line->end_s[i - 1] - line->start_s[i - 1]);
}

static void write_point(FILE *out, const struct line *line, size_t i, double unit_s)
{
    if (has_time(line, i))
        fprintf(out, "%.7g %.9g\n", fmin(line->end_s[i], line->high_s) / unit_s, line->bps[i] / 1e6);
}

/* The intervals from..to (not included) end in one column of pixels: writes the first, the least, the greatest and the last
 * of them, in their order. A line through these covers the same pixels as one through all (M4: Jugel, Jerzak, Hackenbroich
 * and Markl, VLDB 2014), so no spike gets lost. */
static void write_column(FILE *out, const struct line *line, size_t from, size_t to, double unit_s)
{
    size_t least = from, most = from;
    for (size_t i = from; i < to; i++) {
        if (line->bps[i] < line->bps[least])
            least = i;
        if (line->bps[i] > line->bps[most])
            most = i;
    }
    for (size_t i = from; i < to; i++)
        if (i == from || i == least || i == most || i == to - 1)
            write_point(out, line, i, unit_s);
}

/* The line, at most four points for each of n_columns between 0 and the axis' end, broken at gaps. */
static void write_line(FILE *out, const struct line *line, int n_columns, double unit_s)
{
    size_t from = 0;
    while (from < line->n) {
        double column = floor(line->end_s[from] / line->high_s * n_columns);
        size_t to = from + 1;
        while (to < line->n && floor(line->end_s[to] / line->high_s * n_columns) == column && !is_after_gap(line, to))
            to++;
        if (is_after_gap(line, from) && has_time(line, from)) /* an interval that stands alone is a line too */
            fprintf(out, "%s%.7g %.9g\n", from ? "\n" : "", line->start_s[from] / unit_s, line->bps[from] / 1e6);
        write_column(out, line, from, to, unit_s);
        from = to;
    }
}

/* What was not observed between intervals. "0 0" is an empty area, for gnuplot wants data. */
static void write_gaps(FILE *out, const struct line *line, double unit_s)
{
    size_t n = 0;
    for (size_t i = 1; i < line->n; i++) {
        if (!is_after_gap(line, i))
            continue;
        fprintf(out, "%.7g %.7g\n", line->end_s[i - 1] / unit_s, line->start_s[i] / unit_s);
        n++;
    }
    if (n == 0)
        fprintf(out, "0 0\n");
}

static void write_data(FILE *out, const struct plot_chart *chart, const struct plot_time *time)
{
    for (size_t i = 0; i < chart->n_panels; i++) {
        const struct longhaul_info *info = longhaul_series_info(chart->panels[i].series);
        struct line line = line_of(chart->panels[i].series, time->high * time->unit_s);
        fprintf(out, "%s# %s->%s: %s, Mbps (of %zu intervals: first, least, greatest, last of each column)\n", i ? "\n\n" : "",
                info->source, info->destination, time->unit, line.n);
        write_line(out, &line, kinds[chart->kind].width, time->unit_s);
        fprintf(out, "\n\n# gaps: from, to\n");
        write_gaps(out, &line, time->unit_s);
    }
}

/* ---- the script */

/* Prints text as gnuplot's literal string: in single quotes nothing has a meaning but the quote itself. */
static void write_string(FILE *out, const char *text)
{
    fputc('\'', out);
    for (; *text; text++) {
        if (*text == '\'')
            fputc('\'', out);
        fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
    }
    fputc('\'', out);
}

static void panel_title(const struct plot_panel *panel, char *title, size_t size)
{
    const struct longhaul_info *info = longhaul_series_info(panel->series);
    char loss[48] = "unknown", jitter[48] = "unknown";
    if (!isnan(panel->summary->loss_percent))
        snprintf(loss, sizeof loss, "%.6f%%", panel->summary->loss_percent);
    if (!isnan(panel->summary->jitter_ms))
        snprintf(jitter, sizeof jitter, "%.4f ms", panel->summary->jitter_ms);
    snprintf(title, size, "%s->%s • loss %s • jitter %s", info->source, info->destination, loss, jitter);
}

/* "UDP Bandwidth Over Time: " when all panels are of one protocol. */
static void write_title(FILE *out, const struct plot_chart *chart)
{
    char title[256];
    const char *protocol = longhaul_series_info(chart->panels[0].series)->protocol;
    for (size_t i = 1; i < chart->n_panels; i++)
        if (strcmp(protocol, longhaul_series_info(chart->panels[i].series)->protocol) != 0)
            protocol = "";
    snprintf(title, sizeof title, "%s%sBandwidth Over Time: %s", protocol, protocol[0] ? " " : "", chart->subject);
    fprintf(out, "title_text = ");
    write_string(out, title);
    fputc('\n', out);
}

static void write_titles(FILE *out, const struct plot_chart *chart)
{
    fprintf(out, "array panel_title[%zu] = [", chart->n_panels);
    for (size_t i = 0; i < chart->n_panels; i++) {
        char title[256];
        panel_title(&chart->panels[i], title, sizeof title);
        fputs(i ? ", " : "", out);
        write_string(out, title);
    }
    fprintf(out, "]\narray panel_is_inbound[%zu] = [", chart->n_panels);
    for (size_t i = 0; i < chart->n_panels; i++)
        fprintf(out, "%s%d", i ? ", " : "", chart->panels[i].is_inbound);
    fprintf(out, "]\n");
}

static void write_array(FILE *out, const char *name, const double *values, size_t n)
{
    fprintf(out, "array %s[%zu] = [", name, n);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s%.12g", i ? ", " : "", values[i]);
    fprintf(out, "]\n");
}

static void write_rate_axes(FILE *out, const struct plot_chart *chart)
{
    double low[PLOT_MAX_PANELS], high[PLOT_MAX_PANELS], first[PLOT_MAX_PANELS], step[PLOT_MAX_PANELS];
    int digits[PLOT_MAX_PANELS];
    for (size_t i = 0; i < chart->n_panels; i++) {
        struct plot_axis axis = plot_rate_axis(chart->panels[i].summary->min_mbps, chart->panels[i].summary->max_mbps);
        low[i] = axis.low;
        high[i] = axis.high;
        first[i] = axis.first;
        step[i] = axis.step;
        digits[i] = axis.digits;
    }
    write_array(out, "y_min", low, chart->n_panels);
    write_array(out, "y_max", high, chart->n_panels);
    write_array(out, "y_first", first, chart->n_panels);
    write_array(out, "y_step", step, chart->n_panels);
    fprintf(out, "array y_format[%zu] = [", chart->n_panels);
    for (size_t i = 0; i < chart->n_panels; i++)
        fprintf(out, "%s'%%.%df'", i ? ", " : "", digits[i]);
    fprintf(out, "]\n");
}

static void write_script(FILE *out, const struct plot_chart *chart, const struct plot_time *time)
{
    fprintf(out, "# Written by longhaul %s. `gnuplot %s.gp` in this folder draws the chart again.\n", LONGHAUL_VERSION, chart->name);
    fprintf(out, "data = '%s.dat'\nif (!exists(\"output\")) output = '%s.png'\n", chart->name, chart->name);
    fprintf(out, "width = %d\nheight = %d\n", kinds[chart->kind].width, kinds[chart->kind].height);
    write_title(out, chart);
    fprintf(out, "x_label = 'Time (%s)'\nx_max = %.9g\nx_step = %.9g\npanels = %zu\n", time->unit, time->high, time->step,
            chart->n_panels);
    write_titles(out, chart);
    write_rate_axes(out, chart);
    fprintf(out, "\n%s\n%s", TEMPLATE_THEME, kinds[chart->kind].template);
}

/* ---- both */

/* What the time axis has to hold: the plan, and more only when more was observed. */
static double length_of(const struct longhaul_series *series)
{
    struct line line = line_of(series, INFINITY);
    double planned_s = longhaul_series_info(series)->planned_s, last_s = 0;
    for (size_t i = 0; i < line.n; i++)
        if (has_time(&line, i) && line.end_s[i] > last_s)
            last_s = line.end_s[i];
    return last_s <= planned_s * 1.01 ? planned_s : last_s; /* the last interval often ends some ms late */
}

int plot_chart_texts(const struct plot_chart *chart, char **data, char **script, struct longhaul_error *err)
{
    char *texts[2] = { NULL, NULL };
    size_t sizes[2];
    bool good = true;
    double length_s = 0;
    for (size_t i = 0; i < chart->n_panels; i++)
        length_s = fmax(length_s, length_of(chart->panels[i].series));
    struct plot_time time = plot_time_axis(length_s);
    for (int i = 0; i < 2; i++) {
        FILE *out = open_memstream(&texts[i], &sizes[i]);
        if (out && i == 0)
            write_data(out, chart, &time);
        else if (out)
            write_script(out, chart, &time);
        good = good && out && !ferror(out);
        if (out && fclose(out) != 0)
            good = false;
    }
    if (!good) {
        free(texts[0]);
        free(texts[1]);
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", chart->name);
    }
    *data = texts[0];
    *script = texts[1];
    return 0;
}
