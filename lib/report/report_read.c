/* report_read.c - reads the files of a report into its legs: each test once, with the receiver's record joined to the
 * sender's. Files that cannot be read, and faults in those that can, become notes. */

#include "report/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "read/batch.h"
#include "read/copies.h"
#include "read/receivers.h"

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
}

/* ---- legs */

/* An end record without intervals still has totals. */
static bool has_totals(const struct longhaul_info *info)
{
    return info->end_seconds > 0 && (info->end_bits_per_second >= 0 || info->end_packets >= 0);
}

/* Takes ownership of the series. */
static int add_leg(struct longhaul_report *report, struct longhaul_series *series, struct longhaul_error *err)
{
    const struct longhaul_info *info = longhaul_series_info(series);
    int rc = 0;
    if (info->error[0])
        rc = report_note(report, err, "%s: iperf3 said: %s", info->path, info->error);
    else if (longhaul_series_length(series) == 0)
        rc = report_note(report, err, has_totals(info) ? "%s: no intervals: only the totals of its end are known"
                                                       : "%s: a test without intervals", info->path);
    else if (!info->is_complete && !info->is_journal)
        rc = report_note(report, err, "%s: cut short: it has no end", info->path);
    struct report_leg *grown = NULL;
    if (rc == 0 && (longhaul_series_length(series) > 0 || has_totals(info))) {
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
    *grown = (struct report_leg){ .series = series,
                                  .info = info,
                                  .has_receiver = info->has_server_record && info->is_sender };
    return 0;
}

/* The records of `longhaul serve` say so themselves, wherever they are; so do those of a run that receives, which have
 * no sender's record. */
static bool is_receivers_record(const struct longhaul_series *series)
{
    const struct longhaul_info *info = longhaul_series_info(series);
    return *info->longhaul_version && !info->is_sender && !info->is_other_direction;
}

/* ---- the two sides of a leg */

static int join_leg(struct report_leg *leg, struct receivers *receivers, struct longhaul_error *err)
{
    int rc = receivers_join(receivers, leg->series, err);
    leg->has_receiver = leg->has_receiver || rc > 0;
    return rc < 0 ? rc : 0;
}

/* Joins receivers' records to their senders'. One stands for the leg if its sender's is missing, except where only
 * files were given. */
static int join_receivers(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n = report->n_legs;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = join_leg(&report->legs[i], report->receivers, err);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = join_leg(&report->legs[i], report->nearby, err);
    for (struct longhaul_series *rest; rc == 0 && (rest = receivers_take_rest(report->receivers));)
        rc = add_leg(report, rest, err);
    receivers_free(report->receivers);
    receivers_free(report->nearby);
    report->receivers = report->nearby = NULL;
    return rc;
}

/* ---- files */

struct place {
    enum { PLACE_OWN, PLACE_RECEIVERS, PLACE_NEARBY } list;
    bool is_below; /* found below a given folder */
};

static int add_copy(struct longhaul_report *report, const char *path, const char *before, struct place place,
                    struct longhaul_error *err)
{
    if (strcmp(path, before) == 0 || place.list == PLACE_NEARBY)
        return 0;
    return place.is_below ? report_leave_out(report, REPORT_LEFT_OUT_COPY, path, err)
                          : report_note(report, err, "%s: the same test as in %s: it counts once", path, before);
}

/* Takes ownership of a series. A second copy is dropped; for copies within one file the reader has already said so. */
static int add_series(struct longhaul_report *report, struct longhaul_series *series, struct place place,
                      struct copies **copies, struct longhaul_error *err)
{
    const char *before = copies_find(copies, series);
    if (before == NULL && place.list == PLACE_NEARBY)
        return receivers_add(report->nearby, series, err);
    if (before == NULL)
        return place.list == PLACE_RECEIVERS || is_receivers_record(series)
                   ? receivers_add(report->receivers, series, err)
                   : add_leg(report, series, err);
    int rc = add_copy(report, longhaul_series_info(series)->path, before, place, err);
    longhaul_series_free(series);
    return rc;
}

/* A file of another program that was found below a folder; one with the name of a leg should have a test. */
static bool is_foreign(const struct batch_file *file, struct place place)
{
    struct longhaul_file_name name;
    return place.is_below && file->error.code == LONGHAUL_EFORMAT && file->n_series == 0 &&
           (longhaul_file_name_parse(file->path, &name, NULL) != 0 || name.start_unix_s == 0);
}

/* Takes ownership of the file's series. */
static int add_file(struct longhaul_report *report, struct batch_file *file, struct place place,
                    struct copies **copies, struct longhaul_error *err)
{
    int rc = 0;
    report->may_be_other = report->may_be_other || file->may_be_other;
    for (size_t i = 0; rc == 0 && i < file->n_series; i++) {
        rc = add_series(report, file->series[i], place, copies, err);
        file->series[i] = NULL;
    }
    if (rc == 0 && is_foreign(file, place))
        return report_leave_out(report, REPORT_LEFT_OUT_NO_TEST, file->path, err);
    for (size_t i = 0; rc == 0 && i < file->n_warnings && place.list != PLACE_NEARBY; i++)
        rc = report_note(report, err, "%s: %s", file->path, file->warnings[i]);
    if (rc == 0 && file->error.code)
        rc = report_note(report, err, "%s", file->error.text);
    return rc;
}

static struct place place_of(const struct report_files *which, size_t i, const char *path)
{
    size_t n_read = which->n_own + which->n_receivers;
    return (struct place){ i < which->n_own ? PLACE_OWN : i < n_read ? PLACE_RECEIVERS : PLACE_NEARBY,
                           i < n_read && report_files_is_below(which, path) };
}

/* Reads all files in parallel, and takes them in order. */
int report_read_files(struct longhaul_report *report, const struct report_files *which, struct longhaul_error *err)
{
    struct longhaul_read_options options = { .wants_omitted = report->options->wants_omitted,
                                             .limits = report->options->limits };
    char *const *const lists[] = { which->own, which->receivers, which->nearby };
    const size_t lengths[] = { which->n_own, which->n_receivers, which->n_nearby };
    size_t n = lengths[0] + lengths[1] + lengths[2], at = 0;
    const char **paths = calloc(n + 1, sizeof *paths);
    struct batch_file *files = NULL;
    struct copies *copies = NULL;
    report->receivers = receivers_new();
    report->nearby = receivers_new();
    for (size_t list = 0; paths && list < 3; list++)
        for (size_t i = 0; i < lengths[list]; i++)
            paths[at++] = lists[list][i];
    int rc = paths && report->receivers && report->nearby ? batch_read(paths, n, &options, &files, err)
                                                          : out_of_memory(err);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = add_file(report, &files[i], place_of(which, i, paths[i]), &copies, err);
    copies_free(copies); /* joining changes the values that copies are found by */
    if (rc == 0)
        rc = join_receivers(report, err);
    batch_free(files, n);
    free(paths);
    return rc;
}

/* Why there is nothing to report: the reasons for as many files as fit on one line. */
static int say_why(const struct longhaul_report *report, const char *path, struct longhaul_error *err)
{
    struct longhaul_error why = { 0 };
    size_t n = 0;
    if (report->n_notes == 0)
        return error_set(err, LONGHAUL_EFORMAT, "%s: contains no .json or .journal%s%s", path,
                         report->n_remarks > 0 ? "; " : "", report->n_remarks > 0 ? report->named_remarks[0] : "");
    for (size_t i = 0; i < report->n_notes && n < sizeof why.text; i++)
        n += (size_t)snprintf(why.text + n, sizeof why.text - n, "%s%s", i > 0 ? "; " : "", report->notes[i]);
    return error_set(err, LONGHAUL_EFORMAT, "%s", why.text);
}

/* ---- order */

/* A leg with an unknown start comes first, so that the last leg of a direction is the newest. */
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

/* ---- analysis */

/* Analyses each leg, and relates it to the others at the same time. */
static int analyse(struct longhaul_report *report, struct longhaul_error *err)
{
    struct longhaul_analysis **all = calloc(report->n_legs + 1, sizeof(struct longhaul_analysis *));
    int rc = all ? 0 : out_of_memory(err);
    for (size_t i = 0; rc == 0 && i < report->n_legs; i++) {
        rc = longhaul_analyse(report->legs[i].series, NULL, &all[i], err);
        if (rc != 0)
            break;
        report->legs[i].analysis = all[i];
        rc = longhaul_analysis_locate(all[i], report->options->topology, err);
        report->legs[i].summary = *longhaul_analysis_summary(all[i]);
    }
    if (rc == 0)
        rc = longhaul_analysis_relate(all, report->n_legs, err);
    if (rc == 0)
        rc = report_number_events(report, err);
    if (rc == 0)
        rc = report_find_bins(report, err);
    free(all);
    return rc;
}

int report_read(struct longhaul_report *report, const char *const *paths, size_t n, struct longhaul_error *err)
{
    struct report_files files = { 0 };
    int rc = report_list_files(report, paths, n, &files, err);
    if (rc == 0)
        rc = report_read_files(report, &files, err);
    report_files_free(&files);
    if (rc == 0)
        rc = report_make_remarks(report, err);
    if (rc == 0 && report->n_legs == 0)
        rc = say_why(report, paths[0], err);
    if (rc != 0)
        return rc;
    qsort(report->legs, report->n_legs, sizeof *report->legs, by_label_and_start);
    return analyse(report, err);
}
