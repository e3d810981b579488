/* report.c - everything that is known about a folder: its lists, its notes, and whether the caller wants to stop. Reads
 * nothing, prints nothing. */

#include "report/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "read/receivers.h"
#include "report/report_routes.h"

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
}

/* ---- lists of lines */

/* Takes ownership of line, also on failure. */
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

/* Appends one line, whatever the values contain. */
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

/* ---- the whole */

size_t longhaul_report_n_legs(const struct longhaul_report *report)
{
    return report->n_legs;
}

const struct longhaul_analysis *longhaul_report_analysis(const struct longhaul_report *report, size_t leg)
{
    return leg < report->n_legs ? report->legs[leg].analysis : NULL;
}

const size_t *longhaul_report_gravest(const struct longhaul_report *report)
{
    return report->gravest;
}

bool report_is_in_progress(const struct longhaul_report *report)
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

const char *longhaul_report_main_file(const struct longhaul_report *report)
{
    return report->main_file;
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
    longhaul_incidents_free(report->incidents);
    free(report->analyses);
    free(report->objectives);
    free(report->objectives_text);
    free(report->drawings);
    report_free_events(report);
    for (size_t i = 0; i < report->n_legs; i++) {
        free(report->legs[i].bins);
        free(report->legs[i].flow_loss);
        report_free_routes(report->legs[i].routes);
        longhaul_analysis_free(report->legs[i].analysis);
        longhaul_series_free(report->legs[i].series);
    }
    for (size_t i = 0; i < report->n_charts; i++) {
        free(report->charts[i].name);
        free(report->charts[i].subject);
    }
    free(report->charts);
    receivers_free(report->receivers);
    receivers_free(report->nearby);
    free(report->legs);
    free(report->gravest);
    free(report->hub);
    free(report->main_file);
    report_free_lines(report->takeaways, report->n_takeaways);
    report_free_lines(report->files, report->n_files);
    report_free_lines(report->notes, report->n_notes);
    for (int why = 0; why < REPORT_N_LEFT_OUT; why++)
        report_free_lines(report->left_out[why].paths, report->left_out[why].n);
    report_free_lines(report->remarks, report->n_remarks);
    report_free_lines(report->named_remarks, report->n_remarks);
    free(report);
}

bool report_is_stopped(const struct longhaul_report *report)
{
    const struct longhaul_report_options *options = report->options;
    return options->is_stopped && options->is_stopped(options->stop_payload);
}

int report_go_on(const struct longhaul_report *report, struct longhaul_error *err)
{
    return report_is_stopped(report) ? error_set(err, LONGHAUL_ESTOPPED, "stopped") : 0;
}
