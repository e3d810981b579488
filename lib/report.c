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

#include "batch.h"
#include "charts.h"
#include "error.h"
#include "file.h"
#include "join.h"
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

/* ---- reading */

/* Takes the series over. */
static int add_leg(struct longhaul_report *report, struct longhaul_series *series, struct longhaul_error *err)
{
    const struct longhaul_info *info = longhaul_series_info(series);
    int rc = 0;
    if (info->error[0])
        rc = report_note(report, err, "%s: iperf3 said: %s", info->path, info->error);
    else if (longhaul_series_length(series) == 0)
        rc = report_note(report, err, "%s: a test without intervals", info->path);
    else if (!info->is_complete && !info->is_journal)
        rc = report_note(report, err, "%s: cut short: it has no end", info->path);
    struct report_leg *grown = NULL;
    if (rc == 0 && longhaul_series_length(series) > 0) {
        grown = realloc(report->legs, (report->n_legs + 1) * sizeof *grown);
        if (grown == NULL)
            rc = out_of_memory(err);
    }
    if (grown == NULL) {
        longhaul_series_free(series);
        return rc;
    }
    report->legs = grown;
    grown += report->n_legs++;
    *grown = (struct report_leg){ .series = series, .info = info, .has_receiver = info->has_server_record && info->is_sender };
    longhaul_summarise(series, &grown->summary);
    return 0;
}

/* Takes the series over. What a receiver wrote is joined to its sender's record when all are read. */
static int add_receiver(struct longhaul_report *report, struct longhaul_series *series, struct longhaul_error *err)
{
    struct longhaul_series **grown = realloc(report->receivers, (report->n_receivers + 1) * sizeof(struct longhaul_series *));
    if (grown == NULL) {
        longhaul_series_free(series);
        return out_of_memory(err);
    }
    report->receivers = grown;
    grown[report->n_receivers++] = series;
    return 0;
}

static bool is_same_leg(const struct longhaul_info *a, const struct longhaul_info *b)
{
    return strcmp(a->source, b->source) == 0 && strcmp(a->destination, b->destination) == 0;
}

static bool is_same_record(const struct longhaul_series *a, const struct longhaul_series *b)
{
    return is_same_leg(longhaul_series_info(a), longhaul_series_info(b)) && longhaul_series_length(a) == longhaul_series_length(b) &&
           longhaul_series_info(a)->start_unix_s == longhaul_series_info(b)->start_unix_s;
}

/* Of a folder that was given twice, or collected twice: joined twice, its losses would count twice. */
static void drop_copies(struct longhaul_report *report)
{
    size_t n = 0;
    for (size_t j = 0; j < report->n_receivers; j++) {
        bool is_copy = false;
        for (size_t i = 0; i < n; i++)
            is_copy = is_copy || is_same_record(report->receivers[i], report->receivers[j]);
        if (is_copy)
            longhaul_series_free(report->receivers[j]);
        else
            report->receivers[n++] = report->receivers[j];
    }
    report->n_receivers = n;
}

/* What `longhaul serve` wrote is known by itself, wherever it lies; so is what a run pulled, which finds no sender's record. */
static bool is_receivers_record(const struct longhaul_series *series)
{
    const struct longhaul_info *info = longhaul_series_info(series);
    return *info->longhaul_version && !info->is_sender && !info->is_other_direction;
}

/* A receiver's record whose sender's is not here stands for the leg. */
static int join_receivers(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n_legs = report->n_legs;
    int rc = 0;
    drop_copies(report);
    for (size_t j = 0; j < report->n_receivers; j++) {
        bool is_joined = false;
        for (size_t i = 0; i < n_legs; i++) {
            struct report_leg *leg = &report->legs[i];
            if (!leg->info->is_sender || !is_same_leg(leg->info, longhaul_series_info(report->receivers[j])) ||
                join_receiver(leg->series, report->receivers[j]) == 0)
                continue;
            leg->has_receiver = is_joined = true;
            longhaul_summarise(leg->series, &leg->summary);
        }
        if (is_joined || rc != 0)
            longhaul_series_free(report->receivers[j]);
        else
            rc = add_leg(report, report->receivers[j], err);
    }
    report->n_receivers = 0;
    return rc;
}

/* Takes the file's series over. */
static int add_file(struct longhaul_report *report, struct batch_file *file, bool is_receivers, struct longhaul_error *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < file->n_series; i++) {
        rc = is_receivers || is_receivers_record(file->series[i]) ? add_receiver(report, file->series[i], err)
                                                                  : add_leg(report, file->series[i], err);
        file->series[i] = NULL;
    }
    for (size_t i = 0; rc == 0 && i < file->n_warnings; i++)
        rc = report_note(report, err, "%s: %s", file->path, file->warnings[i]);
    if (rc == 0 && file->error.code)
        rc = report_note(report, err, "%s", file->error.text);
    return rc;
}

/* Reads all of them at once, and takes them in their order. */
static int read_files(struct longhaul_report *report, const struct report_files *which, struct longhaul_error *err)
{
    struct longhaul_read_options options = { .with_omitted = report->options->with_omitted, .no_cache = report->options->no_cache };
    size_t n_own = which->n_own, n = n_own + which->n_receivers;
    const char **paths = calloc(n + 1, sizeof *paths);
    struct batch_file *files = NULL;
    if (paths == NULL)
        return out_of_memory(err);
    for (size_t i = 0; i < n; i++)
        paths[i] = i < n_own ? which->own[i] : which->receivers[i - n_own];
    int rc = batch_read(paths, n, &options, &files, err);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = add_file(report, &files[i], i >= n_own, err);
    if (rc == 0)
        rc = join_receivers(report, err);
    batch_free(files, n);
    free(paths);
    return rc;
}

static int read_paths(struct longhaul_report *report, const char *const *paths, size_t n, struct longhaul_error *err)
{
    struct report_files files = { 0 };
    int rc = report_list_files(report, paths, n, &files, err);
    if (rc == 0)
        rc = read_files(report, &files, err);
    report_free_lines(files.own, files.n_own);
    report_free_lines(files.receivers, files.n_receivers);
    if (rc == 0 && report->n_legs == 0)
        return report->n_notes > 0 ? error_set(err, LONGHAUL_EFORMAT, "%s", report->notes[0])
                                   : error_set(err, LONGHAUL_EFORMAT, "%s: no .json or .journal in it", paths[0]);
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
        rc = read_paths(report, n_paths ? paths : default_paths, n_paths ? n_paths : 1, err);
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
