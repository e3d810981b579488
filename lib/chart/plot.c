/* plot.c - a chart's two texts: its data, and a script with everything it needs (variables, theme, template), so that
 * `gnuplot <name>.gp` next to its data draws it again. Starts nothing and writes no file. Labels reach gnuplot only as
 * literal strings. */

#include "chart/plot.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/text_safe.h"
#include "report/report.h"

#define OWN_DPI 200.0
#define MARK_PT 13.0 /* from one mark to the next, at least */
#define NEAR_PT 11.0 /* from a panel's lowest mark to the uppermost mark of the panel below */

/* ---- sizes */

static int whole(double pixels)
{
    return (int)lrint(pixels);
}

struct plot_frame plot_frame_of(const struct longhaul_report_options *options, double width_in, double height_in,
                                double left_pt, double right_pt)
{
    struct plot_frame frame;
    frame.dpi = options->dpi ? options->dpi : options->width ? options->width / width_in : OWN_DPI;
    frame.width = options->width ? (int)options->width : whole(width_in * frame.dpi);
    frame.height = options->height ? (int)options->height : whole(height_in * frame.dpi);
    frame.left = whole(plot_points(&frame, left_pt));
    frame.right = whole(plot_points(&frame, right_pt));
    return frame;
}

int plot_columns(const struct plot_frame *frame)
{
    int columns = frame->width - frame->left - frame->right;
    return columns > 16 ? columns : 16;
}

double plot_points(const struct plot_frame *frame, double points)
{
    return points * frame->dpi / 72;
}

/* ---- text */

/* gnuplot 5.4 to 6 read a doubled single quote in different ways if a literal string begins with it. So an apostrophe
 * becomes U+2019, and no label contains one. */
static void write_text(FILE *out, const char *text)
{
    while (*text) {
        size_t skip, n = text_safe_character(text, &skip);
        if (n == 0)
            fputs((unsigned char)*text < 0x80 || skip > 1 ? " " : "?", out);
        else if (*text == '\'')
            fputs("\xe2\x80\x99", out);
        else
            fwrite(text, 1, n, out);
        text += skip;
    }
}

/* gnuplot's literal string: in single quotes, only the quote itself has a meaning. */
static void write_string(FILE *out, const char *text)
{
    fputc('\'', out);
    write_text(out, text);
    fputc('\'', out);
}

void plot_string(struct plot *plot, const char *variable, const char *text)
{
    fprintf(plot->script, "%s = ", variable);
    write_string(plot->script, text);
    fputc('\n', plot->script);
}

void plot_number(struct plot *plot, const char *variable, double value)
{
    fprintf(plot->script, "%s = %.12g\n", variable, value);
}

void plot_strings(struct plot *plot, const char *variable, const char *const *texts, size_t n)
{
    fprintf(plot->script, "array %s[%zu] = [", variable, n ? n : 1);
    for (size_t i = 0; i < n; i++) {
        fputs(i ? ", " : "", plot->script);
        write_string(plot->script, texts[i]);
    }
    fputs(n ? "]\n" : "'']\n", plot->script);
}

/* ---- panels and blocks */

void plot_block(struct plot *plot, size_t panel, const char *layer)
{
    fprintf(plot->data, "%s# %zu %s\n", plot->n_blocks++ ? "\n\n" : "", panel, layer);
}

void plot_set_layout(struct plot *plot, const struct plot_layout *layout)
{
    double fixed_pt = layout->top_pt + layout->bottom_pt + layout->titled_pt * (double)(layout->n_titled - 1) +
                      layout->plain_pt * (double)(layout->n_panels - layout->n_titled);
    double left_px = plot->frame.height - plot_points(&plot->frame, fixed_pt);
    plot->plain_pt = layout->plain_pt;
    plot->unit_px = fmax(left_px, 0.2 * plot->frame.height) / layout->weights;
    plot_number(plot, "margin_top", plot_points(&plot->frame, layout->top_pt));
    plot_number(plot, "space_titled", plot_points(&plot->frame, layout->titled_pt));
    plot_number(plot, "space_plain", plot_points(&plot->frame, layout->plain_pt));
    plot_number(plot, "unit", plot->unit_px);
}

void plot_add_panel(struct plot *plot, const struct plot_panel *panel)
{
    struct plot_panel *grown = realloc(plot->panels, (plot->n_panels + 1) * sizeof *grown);
    if (grown == NULL) {
        plot->has_failed = true;
        return;
    }
    plot->panels = grown;
    grown[plot->n_panels++] = *panel;
}

void plot_time_axis(struct plot *plot, const struct axis_time *time, double start_unix_s)
{
    int max = (int)(plot_columns(&plot->frame) / plot_points(&plot->frame, 55));
    plot_number(plot, "x_max", time->high);
    fputs("x_tics = \"", plot->script);
    axis_write_time_marks(plot->script, time, true);
    fputs("\"\nx_tics_bare = \"", plot->script);
    axis_write_time_marks(plot->script, time, false);
    fputs("\"\nx2_tics = \"", plot->script);
    double edge_s = time->high * time->unit_s / plot_columns(&plot->frame) * plot_points(&plot->frame, 24);
    axis_write_utc_marks(plot->script, time, start_unix_s, max > 2 ? max < 14 ? max : 14 : 2, edge_s);
    fputs("\"\n", plot->script);
}

/* How many marks fit next to a panel. */
static int marks_in(const struct plot *plot, const struct plot_panel *panel)
{
    double n = panel->weight * plot->unit_px / plot_points(&plot->frame, MARK_PT);
    return n < 2 ? 2 : n > 9 ? 9 : (int)n;
}

/* The share of an untitled panel's height into which the marks of the panel above reach. */
static double touched(const struct plot *plot, size_t i)
{
    double height_px = plot->panels[i].weight * plot->unit_px;
    bool is_below = i > 0 && plot->panels[i].title[0] == 0;
    return is_below ? plot_points(&plot->frame, NEAR_PT - plot->plain_pt) / height_px : -1;
}

static void write_panels(struct plot *plot)
{
    FILE *out = plot->script;
    size_t n = plot->n_panels;
    static const struct { const char *name; size_t offset; } texts[] = {
        { "panel_title", offsetof(struct plot_panel, title) }, { "panel_label", offsetof(struct plot_panel, label) },
        { "panel_layers", offsetof(struct plot_panel, layers) } };
    static const struct { const char *name; size_t offset; int digits;
    } numbers[] = { { "panel_weight", offsetof(struct plot_panel, weight), 6 },
                    { "panel_low", offsetof(struct plot_panel, axis.low), 12 },
                    { "panel_high", offsetof(struct plot_panel, axis.high), 12 },
                    { "panel_step", offsetof(struct plot_panel, step), 9 } };
    fprintf(out, "panels = %zu\n", n);
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        fprintf(out, "array %s[%zu] = [", texts[k].name, n);
        for (size_t i = 0; i < n; i++) {
            fputs(i ? ", " : "", out);
            write_string(out, (const char *)&plot->panels[i] + texts[k].offset);
        }
        fputs("]\n", out);
    }
    fprintf(out, "array panel_color[%zu] = [", n);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s'%s'", i ? ", " : "", plot->panels[i].color);
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
        fprintf(out, "]\narray %s[%zu] = [", numbers[k].name, n);
        for (size_t i = 0; i < n; i++)
            fprintf(out, "%s%.*g", i ? ", " : "", numbers[k].digits,
                    *(const double *)(const void *)((const char *)&plot->panels[i] + numbers[k].offset));
    }
    fprintf(out, "]\narray panel_is_log[%zu] = [", n);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s%d", i ? ", " : "", plot->panels[i].axis.is_log);
    fprintf(out, "]\narray panel_tics[%zu] = [", n);
    for (size_t i = 0; i < n; i++) {
        fputs(i ? ", \"" : "\"", out);
        axis_write_marks(out, &plot->panels[i].axis, marks_in(plot, &plot->panels[i]), touched(plot, i));
        fputc('"', out);
    }
    fputs("]\n", out);
}

/* ---- the whole */

bool plot_begin(struct plot *plot, const char *name, const struct plot_frame *frame, enum longhaul_theme theme)
{
    static const char *const themes[] = { "light", "dark", "print" };
    *plot = (struct plot){ .name = name, .frame = *frame };
    plot->data = open_memstream(&plot->texts[0], &plot->sizes[0]);
    plot->script = plot->data ? open_memstream(&plot->texts[1], &plot->sizes[1]) : NULL;
    plot->has_failed = plot->script == NULL;
    if (plot->has_failed)
        return false;
    fputs("# " REPORT_MARK "\n", plot->data);
    fprintf(plot->script, "# " REPORT_MARK " %s. `gnuplot %s.gp` in this folder draws the chart again.\nreset\n",
            LONGHAUL_VERSION, name);
    fprintf(plot->script,
            "data = '%s.dat'\nif (!exists(\"format\")) { format = 'png' }\nif (!exists(\"theme\")) { theme = '%s' }\n"
            "if (!exists(\"output\")) { output = '%s.'.format }\n",
            name, themes[theme], name);
    fprintf(plot->script, "width = %d\nheight = %d\ndpi = %.6g\nleft = %d\nright = %d\n", frame->width, frame->height,
            frame->dpi, frame->left, frame->right);
    return true;
}

int plot_end(struct plot *plot, const char *const *templates, size_t n, char **data, char **script,
             struct longhaul_error *err)
{
    FILE *files[2] = { plot->data, plot->script };
    if (!plot->has_failed && plot->n_panels > 0)
        write_panels(plot);
    for (size_t i = 0; !plot->has_failed && i < n; i++)
        fprintf(plot->script, "\n%s", templates[i]);
    for (int i = 0; i < 2; i++)
        if (files[i] && (ferror(files[i]) | fclose(files[i])))
            plot->has_failed = true;
    free(plot->panels);
    if (plot->has_failed) {
        free(plot->texts[0]);
        free(plot->texts[1]);
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", plot->name);
    }
    *data = plot->texts[0];
    *script = plot->texts[1];
    return 0;
}
