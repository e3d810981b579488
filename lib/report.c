/* report.c - everything of a folder: reads all results and journals, orders them, has the summary and the charts written.
 * What cannot be read is a note, and only nothing at all is an error. Prints nothing. */

#include "report.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "charts.h"
#include "error.h"
#include "file.h"
#include "plain_numbers.h"

#define DEFAULT_OUT "diagrams/24h"

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
}

/* ---- lists of lines */

/* Takes line over, also when it fails. */
int report_append(char ***lines, size_t *n, char *line, struct longhaul_error *err)
{
    char **grown = line ? realloc(*lines, (*n + 1) * sizeof *grown) : NULL;
    if (grown == NULL) {
        free(line);
        return out_of_memory(err);
    }
    *lines = grown;
    grown[(*n)++] = line;
    return 0;
}

void report_free_lines(char **lines, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(lines[i]);
    free(lines);
}

/* One line, whatever is in the values. */
static int append_text(char ***lines, size_t *n, struct longhaul_error *err, const char *format, va_list args)
{
    struct longhaul_error text = { 0 };
    char line[sizeof text.text];
    vsnprintf(line, sizeof line, format, args);
    error_set(&text, LONGHAUL_EFORMAT, "%s", line);
    return report_append(lines, n, strdup(text.text), err);
}

int report_note(struct longhaul_report *report, struct longhaul_error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int rc = append_text(&report->notes, &report->n_notes, err, format, args);
    va_end(args);
    return rc;
}

int report_takeaway(struct longhaul_report *report, struct longhaul_error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int rc = append_text(&report->takeaways, &report->n_takeaways, err, format, args);
    va_end(args);
    return rc;
}

int report_wrote(struct longhaul_report *report, const char *path, struct longhaul_error *err)
{
    return report_append(&report->files, &report->n_files, strdup(path), err);
}

int report_write_file(struct longhaul_report *report, const char *name, const char *text, bool only_if_changed,
                      struct longhaul_error *err)
{
    char *path = file_join(report->out_dir, name);
    int rc = report_go_on(report, err);
    if (path == NULL)
        return out_of_memory(err);
    if (rc == 0 && (!only_if_changed || !file_holds(path, text, strlen(text)))) {
        rc = file_write(path, text, strlen(text), err);
        if (rc == 0)
            rc = report_wrote(report, path, err);
    }
    free(path);
    return rc;
}

/* ---- order */

/* One whose start is not known comes first: the last of a direction is the newest. */
static double known_start(const struct longhaul_info *info)
{
    return isnan(info->start_unix_s) ? -INFINITY : info->start_unix_s;
}

static int by_label_and_start(const void *a, const void *b)
{
    const struct report_leg *x = a, *y = b;
    int order = strcmp(x->info->source, y->info->source);
    if (order == 0)
        order = strcmp(x->info->destination, y->info->destination);
    if (order == 0)
        order = (known_start(x->info) > known_start(y->info)) - (known_start(x->info) < known_start(y->info));
    return order ? order : strcmp(x->info->path, y->info->path);
}

/* ---- what is behind the figures */

/* Analyses each leg, and what the others did meanwhile. */
static int analyse(struct longhaul_report *report, struct longhaul_error *err)
{
    struct longhaul_analysis **all = calloc(report->n_legs + 1, sizeof(struct longhaul_analysis *));
    int rc = all ? 0 : out_of_memory(err);
    for (size_t i = 0; rc == 0 && i < report->n_legs; i++) {
        rc = longhaul_analyse(report->legs[i].series, NULL, &report->legs[i].analysis, err);
        all[i] = report->legs[i].analysis;
    }
    if (rc == 0)
        rc = longhaul_analysis_relate(all, report->n_legs, err);
    if (rc == 0)
        rc = report_number_events(report, err);
    free(all);
    return rc;
}

/* ---- the whole */

static int write_claimed(struct longhaul_report *report, struct longhaul_error *err)
{
    int rc = report_choose_hub(report, err);
    if (rc == 0)
        rc = report_find_takeaways(report, err);
    if (rc == 0)
        rc = report_choose_detail(report, err);
    if (rc == 0)
        rc = report_write_charts(report, err); /* first: the texts say which pictures there are, and what is missing */
    if (rc == 0)
        rc = report_write_markdown(report, err);
    if (rc == 0)
        rc = report_write_html(report, err);
    return rc;
}

static int write_all(struct longhaul_report *report, struct longhaul_error *err)
{
    int claim = -1, rc = report_claim_place(report, &claim, err);
    if (rc != 0)
        return rc;
    rc = write_claimed(report, err);
    close(claim);
    return rc;
}

int longhaul_report_write(const char *const *paths, size_t n_paths, const struct longhaul_report_options *given,
                          struct longhaul_report **out, struct longhaul_error *err)
{
    static const char *const default_paths[] = { REPORT_DEFAULT_DATA };
    static const struct longhaul_report_options defaults = { 0 };
    struct longhaul_report *report = calloc(1, sizeof *report);
    struct plain_numbers plain;
    if (report == NULL)
        return out_of_memory(err);
    report->options = given ? given : &defaults;
    report->out_dir = report->options->out_dir ? report->options->out_dir : DEFAULT_OUT;
    int rc = *report->out_dir ? 0 : error_set(err, LONGHAUL_EINVAL, "folder \"\": no name");
    if (rc == 0)
        rc = report_read(report, n_paths ? paths : default_paths, n_paths ? n_paths : 1, err);
    if (rc == 0) {
        qsort(report->legs, report->n_legs, sizeof *report->legs, by_label_and_start);
        rc = analyse(report, err);
    }
    plain_numbers_begin(&plain);
    if (rc == 0)
        rc = write_all(report, err);
    plain_numbers_end(&plain);
    report->options = NULL;
    report->out_dir = NULL;
    if (rc == 0)
        *out = report;
    else
        longhaul_report_free(report);
    return rc;
}

size_t longhaul_report_n_legs(const struct longhaul_report *report)
{
    return report->n_legs;
}

const struct longhaul_info *longhaul_report_info(const struct longhaul_report *report, size_t leg)
{
    return leg < report->n_legs ? report->legs[leg].info : NULL;
}

const struct longhaul_summary *longhaul_report_summary(const struct longhaul_report *report, size_t leg)
{
    return leg < report->n_legs ? &report->legs[leg].summary : NULL;
}

const struct longhaul_analysis *longhaul_report_analysis(const struct longhaul_report *report, size_t leg)
{
    return leg < report->n_legs ? report->legs[leg].analysis : NULL;
}

bool longhaul_report_is_in_progress(const struct longhaul_report *report)
{
    for (size_t i = 0; i < report->n_legs; i++)
        if (report->legs[i].info->is_journal)
            return true;
    return false;
}

size_t longhaul_report_n_files(const struct longhaul_report *report)
{
    return report->n_files;
}

const char *longhaul_report_file(const struct longhaul_report *report, size_t i)
{
    return i < report->n_files ? report->files[i] : NULL;
}

size_t longhaul_report_n_notes(const struct longhaul_report *report)
{
    return report->n_notes;
}

const char *longhaul_report_note(const struct longhaul_report *report, size_t i)
{
    return i < report->n_notes ? report->notes[i] : NULL;
}

void longhaul_report_free(struct longhaul_report *report)
{
    if (report == NULL)
        return;
    report_free_events(report);
    for (size_t i = 0; i < report->n_legs; i++) {
        longhaul_analysis_free(report->legs[i].analysis);
        longhaul_series_free(report->legs[i].series);
    }
    for (size_t i = 0; i < report->n_receivers; i++)
        longhaul_series_free(report->receivers[i]);
    charts_forget_names(report);
    for (size_t i = 0; i < report->n_charts; i++) {
        free(report->charts[i].name);
        free(report->charts[i].subject);
    }
    free(report->charts);
    free(report->receivers);
    free(report->legs);
    free(report->hub);
    report_free_lines(report->takeaways, report->n_takeaways);
    report_free_lines(report->files, report->n_files);
    report_free_lines(report->notes, report->n_notes);
    free(report);
}
