/* chart_files.c - turns a report's list of charts into files: data, scripts, pictures. A picture whose mark says that
 * it was drawn from the same data and script is not drawn again. Each cause that prevents drawing becomes one note. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "chart/charts.h"
#include "chart/gnuplot.h"
#include "chart/picture.h"
#include "chart/plot_all.h"
#include "chart/plot_leg.h"

static const enum longhaul_picture forms[] = { LONGHAUL_PICTURE_PNG, LONGHAUL_PICTURE_SVG };

/* Pictures to draw, and the chart that each belongs to. */
struct to_draw {
    chart_texts *texts;
    const void *payload;
    struct gnuplot_job *jobs;
    size_t *charts;
    size_t n;
};

/* ---- texts */

static struct plot_leg leg_of(const struct longhaul_report *report, size_t leg)
{
    return (struct plot_leg){ &report->legs[leg], report_is_inbound(report, leg), report->incidents };
}

int charts_texts(const void *payload, const struct report_chart *chart, char **data, char **script,
                 struct longhaul_error *err)
{
    const struct longhaul_report *report = payload;
    struct plot_leg legs[2];
    for (size_t i = 0; i < chart->n_legs; i++)
        legs[i] = leg_of(report, chart->legs[i]);
    switch (chart->kind) {
    case LONGHAUL_CHART_PAIR:
        return plot_pair(chart->name, chart->subject, legs, chart->n_legs, report->options, data, script, err);
    case LONGHAUL_CHART_DIRECTION:
        return plot_direction(chart->name, chart->subject, legs, report->options, data, script, err);
    case LONGHAUL_CHART_HUB: return plot_hub(chart->name, report, data, script, err);
    case LONGHAUL_CHART_HEAT: return plot_heat(chart->name, report, data, script, err);
    case LONGHAUL_CHART_DISTRIBUTION: return plot_distribution(chart->name, report, data, script, err);
    case LONGHAUL_CHART_MATRIX: return plot_matrix(chart->name, report, data, script, err);
    }
    return error_set(err, LONGHAUL_EINVAL, "%s: no such kind of chart", chart->name);
}

static int write_text(struct longhaul_report *report, const char *name, const char *ending, const char *text,
                      struct longhaul_error *err)
{
    char *file;
    if (asprintf(&file, "%s.%s", name, ending) < 0)
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", name);
    int rc = report_write_file(report, file, text, true, err);
    free(file);
    return rc;
}

/* ---- pictures */

static char *picture_path(const struct longhaul_report *report, const char *name, enum longhaul_picture form)
{
    char *path;
    return asprintf(&path, "%s/%s.%s", report->out_dir, name, picture_ending(form)) < 0 ? NULL : path;
}

static void set_has(struct report_chart *chart, enum longhaul_picture form)
{
    if (form == LONGHAUL_PICTURE_SVG)
        chart->has_svg = true;
    else
        chart->has_png = true;
}

/* Determines which pictures of a chart exist, and adds the missing or outdated ones to the list. */
static bool add_pictures(const struct longhaul_report *report, size_t index, uint64_t mark, double dpi,
                         struct to_draw *list)
{
    struct report_chart *chart = &report->charts[index];
    unsigned wanted =
        report->options->pictures ? report->options->pictures : LONGHAUL_PICTURE_PNG | LONGHAUL_PICTURE_SVG;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        char *path = picture_path(report, chart->name, forms[i]);
        if (path == NULL)
            return false;
        bool is_there = picture_has_mark(path, forms[i], mark);
        free(path);
        if (is_there)
            set_has(chart, forms[i]);
        if (report->options->wants_no_render || !(wanted & forms[i]) || (is_there && !report->options->wants_redraw))
            continue;
        list->charts[list->n] = index;
        list->jobs[list->n++] = (struct gnuplot_job){ .name = chart->name, .form = forms[i], .mark = mark, .dpi = dpi };
    }
    return true;
}

/* Reads the script's line "dpi = 200". */
static double dpi_of(const char *script)
{
    const char *line = strstr(script, "\ndpi = ");
    return line ? atof(line + strlen("\ndpi = ")) : 0;
}

static int write_chart(struct longhaul_report *report, size_t index, struct to_draw *list, struct longhaul_error *err)
{
    const struct report_chart *chart = &report->charts[index];
    char *data, *script;
    int rc = list->texts(list->payload, chart, &data, &script, err);
    if (rc != 0)
        return rc;
    uint64_t mark = hash_bytes(hash_bytes(HASH_START, data, strlen(data) + 1), script, strlen(script));
    rc = write_text(report, chart->name, "dat", data, err);
    if (rc == 0)
        rc = write_text(report, chart->name, "gp", script, err);
    if (rc == 0 && !add_pictures(report, index, mark, dpi_of(script), list))
        rc = error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", chart->name);
    free(data);
    free(script);
    return rc;
}

/* ---- what was drawn, and what was not */

/* Writes one note for all pictures that were not drawn for the same reason; job first is the first of them. */
static int note_cause(struct longhaul_report *report, const struct to_draw *list, size_t first,
                      struct longhaul_error *err)
{
    const struct gnuplot_job *job = &list->jobs[first];
    size_t n_more = 0;
    for (size_t i = 0; i < first; i++)
        if (list->jobs[i].error.code != 0 && strcmp(list->jobs[i].error.text, job->error.text) == 0)
            return 0; /* it has its note already */
    for (size_t i = first + 1; i < list->n; i++)
        n_more += list->jobs[i].error.code != 0 && strcmp(list->jobs[i].error.text, job->error.text) == 0;
    if (n_more > 0)
        return report_note(report, err, "%s/%s.%s and %zu more pictures: %s", report->out_dir, job->name,
                           picture_ending(job->form), n_more, job->error.text);
    return report_note(report, err, "%s/%s.%s: %s", report->out_dir, job->name, picture_ending(job->form),
                       job->error.text);
}

static int take_pictures(struct longhaul_report *report, const struct to_draw *list, struct longhaul_error *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < list->n; i++) {
        const struct gnuplot_job *job = &list->jobs[i];
        if (job->error.code != 0) {
            rc = note_cause(report, list, i, err);
            continue;
        }
        char *path = picture_path(report, job->name, job->form);
        rc = path ? report_wrote(report, path, err) : error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", job->name);
        set_has(&report->charts[list->charts[i]], job->form);
        free(path);
    }
    return rc;
}

/* A missing gnuplot is one note, not one per chart. */
static int draw(struct longhaul_report *report, struct to_draw *list, struct longhaul_error *err)
{
    const struct longhaul_report_options *options = report->options;
    struct process_stop stop = { options->is_stopped, options->stop_payload };
    struct gnuplot_at_work gnuplot = { .dir = report->out_dir, .stop = options->is_stopped ? &stop : NULL };
    struct longhaul_error why = { 0 };
    char *program;
    bool lacks_font = false;
    if (list->n == 0)
        return 0;
    if (gnuplot_find(report->out_dir, gnuplot.stop, &program, &why) != 0)
        return report_is_stopped(report)
                   ? report_go_on(report, err)
                   : report_note(report, err, "charts are not drawn (scripts and data are in %s): %s", report->out_dir,
                                 why.text);
    gnuplot.program = program;
    int rc = gnuplot_draw(&gnuplot, list->jobs, list->n, &lacks_font, err);
    free(program);
    if (rc == 0)
        rc = report_go_on(report, err); /* otherwise each picture that was not drawn would get a note */
    if (rc == 0 && lacks_font)
        rc = report_note(report, err, "gnuplot finds no font: the charts' texts are small (fonts-dejavu-core has one)");
    return rc ? rc : take_pictures(report, list, err);
}

/* Writes the folder's Makefile, which draws the pictures again from scripts and data where only make and gnuplot are
 * installed. */
static int write_makefile(struct longhaul_report *report, struct longhaul_error *err)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "charts: out of memory");
    fputs("# " REPORT_MARK ". Draws the charts of this folder again; needs gnuplot 5.4 or newer and nothing else.\n"
          "#   make                          what is older than its script or data\n"
          "#   make -B THEME=dark FORMAT=svg all of them; THEME: light, dark, print; FORMAT: png, svg, or both\n"
          "FORMAT ?= png svg\n"
          "CHARTS =", out);
    for (size_t i = 0; i < report->n_charts; i++)
        fprintf(out, " \\\n    %s", report->charts[i].name);
    fputs("\n\nall: $(foreach f,$(FORMAT),$(CHARTS:%=%.$(f)))\n.PHONY: all\n\n", out);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const char *ending = picture_ending(forms[i]);
        fprintf(out,
                "%%.%s: %%.gp %%.dat\n\tgnuplot -d $(if $(THEME),-e \"theme='$(THEME)'\") -e \"format='%s'; "
                "output='$@.tmp'\" $<\n"
                "\tmv $@.tmp $@\n",
                ending, ending);
    }
    bool good = !ferror(out);
    good = fclose(out) == 0 && good;
    int rc = good ? report_write_file(report, "Makefile", text, true, err)
                  : error_set(err, LONGHAUL_ENOMEM, "charts: out of memory");
    free(text);
    return rc;
}

int chart_files_write(struct longhaul_report *report, chart_texts *texts, const void *payload,
                      struct longhaul_error *err)
{
    size_t most = report->n_charts * sizeof forms / sizeof *forms + 1;
    struct to_draw list = { texts, payload, calloc(most, sizeof *list.jobs), calloc(most, sizeof *list.charts), 0 };
    int rc = list.jobs && list.charts ? 0 : error_set(err, LONGHAUL_ENOMEM, "charts: out of memory");
    for (size_t i = 0; rc == 0 && i < report->n_charts; i++)
        rc = write_chart(report, i, &list, err);
    if (rc == 0)
        rc = draw(report, &list, err);
    if (rc == 0 && report->n_charts > 0)
        rc = write_makefile(report, err);
    free(list.jobs);
    free(list.charts);
    return rc;
}
