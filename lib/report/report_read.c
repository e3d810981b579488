/* report_read.c - reads the files of a report into its legs: each test once, with the receiver's record joined to the
 * sender's. Files that cannot be read, and faults in those that can, become notes. Sorts and searches, so that a
 * hundred thousand files are fast. */

#include "report/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "read/batch.h"
#include "read/copies.h"
#include "read/join.h"
#include "read/series.h"

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

/* Takes ownership of the series. Receivers' records are joined to their senders' once all are read. */
static int add_receiver(struct longhaul_report *report, struct longhaul_series *series, struct longhaul_error *err)
{
    struct longhaul_series **grown =
        realloc(report->receivers, (report->n_receivers + 1) * sizeof(struct longhaul_series *));
    if (grown == NULL) {
        longhaul_series_free(series);
        return out_of_memory(err);
    }
    report->receivers = grown;
    grown[report->n_receivers++] = series;
    return 0;
}

static int by_record(const void *a, const void *b)
{
    const struct longhaul_series *x = *(struct longhaul_series *const *)a, *y = *(struct longhaul_series *const *)b;
    const struct longhaul_info *i = longhaul_series_info(x), *k = longhaul_series_info(y);
    size_t n = longhaul_series_length(x), m = longhaul_series_length(y);
    int order = strcmp(i->source, k->source);
    if (order == 0)
        order = strcmp(i->destination, k->destination);
    if (order == 0)
        order = (i->start_unix_s > k->start_unix_s) - (i->start_unix_s < k->start_unix_s);
    return order ? order : (n > m) - (n < m);
}

/* A folder may have been given or collected twice: a record that is joined twice would count its losses twice. */
static void drop_copies(struct longhaul_report *report)
{
    size_t n = 0;
    if (report->n_receivers > 1)
        qsort(report->receivers, report->n_receivers, sizeof(struct longhaul_series *), by_record);
    for (size_t j = 0; j < report->n_receivers; j++) {
        if (n > 0 && by_record(&report->receivers[n - 1], &report->receivers[j]) == 0)
            longhaul_series_free(report->receivers[j]);
        else
            report->receivers[n++] = report->receivers[j];
    }
    report->n_receivers = n;
}

/* The records of `longhaul serve` say so themselves, wherever they are; so do those of a run that receives, which have
 * no sender's record. */
static bool is_receivers_record(const struct longhaul_series *series)
{
    const struct longhaul_info *info = longhaul_series_info(series);
    return *info->longhaul_version && !info->is_sender && !info->is_other_direction;
}

/* ---- the two sides of a leg */

/* A session in a sender's record. */
struct sent {
    const char *cookie;
    size_t leg;
};

static int by_cookie(const void *a, const void *b)
{
    const struct sent *x = a, *y = b;
    int order = strcmp(x->cookie, y->cookie);
    return order ? order : (x->leg > y->leg) - (x->leg < y->leg);
}

/* All sessions in all senders' records, sorted by cookie. NULL when out of memory. */
static struct sent *list_sent(const struct longhaul_report *report, size_t *n)
{
    size_t n_sessions, most = 0;
    for (size_t i = 0; i < report->n_legs; i++)
        most += (series_sessions(report->legs[i].series, &n_sessions), n_sessions);
    struct sent *sent = malloc((most + 1) * sizeof *sent);
    *n = 0;
    for (size_t i = 0; sent && i < report->n_legs; i++) {
        const struct series_session *sessions = series_sessions(report->legs[i].series, &n_sessions);
        for (size_t k = 0; k < n_sessions && report->legs[i].info->is_sender; k++)
            sent[(*n)++] = (struct sent){ sessions[k].cookie, i };
    }
    if (*n > 1)
        qsort(sent, *n, sizeof *sent, by_cookie);
    return sent;
}

/* The first session with this cookie, or its place if none exists. */
static size_t find_cookie(const struct sent *sent, size_t n, const char *cookie)
{
    size_t low = 0;
    for (size_t high = n; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(sent[middle].cookie, cookie) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool join_leg(struct report_leg *leg, const struct longhaul_series *receiver)
{
    if (!report_is_same_direction(leg->info, longhaul_series_info(receiver)) ||
        join_receiver(leg->series, receiver) == 0)
        return false;
    leg->has_receiver = true;
    return true;
}

/* Joins a receiver's record to each sender's record with which it shares a session. done holds for each leg the number
 * of the last record joined to it, or a greater one. */
static bool join_one(struct longhaul_report *report, size_t number, const struct sent *sent, size_t n_sent,
                     size_t *done)
{
    const struct longhaul_series *receiver = report->receivers[number];
    bool is_joined = false;
    size_t n;
    const struct series_session *sessions = series_sessions(receiver, &n);
    for (size_t k = 0; k < n; k++)
        for (size_t i = find_cookie(sent, n_sent, sessions[k].cookie); sessions[k].cookie[0] && i < n_sent &&
             strcmp(sent[i].cookie, sessions[k].cookie) == 0; i++) {
            if (done[sent[i].leg] == number + 1)
                continue;
            done[sent[i].leg] = number + 1;
            is_joined = join_leg(&report->legs[sent[i].leg], receiver) || is_joined;
        }
    return is_joined;
}

/* A receiver's record stands for the leg if its sender's is missing. */
static int join_receivers(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n_sent;
    struct sent *sent = list_sent(report, &n_sent);
    size_t *done = calloc(report->n_legs + 1, sizeof *done);
    int rc = sent && done ? 0 : out_of_memory(err);
    drop_copies(report);
    for (size_t j = 0; j < report->n_receivers; j++) {
        if (rc != 0 || join_one(report, j, sent, n_sent, done))
            longhaul_series_free(report->receivers[j]);
        else
            rc = add_leg(report, report->receivers[j], err);
    }
    report->n_receivers = 0;
    free(sent);
    free(done);
    return rc;
}

/* ---- files */

/* Takes ownership of a series. A second copy is dropped; for copies within one file the reader has already said so. */
static int add_series(struct longhaul_report *report, struct longhaul_series *series, bool is_receivers,
                      struct copies **copies, struct longhaul_error *err)
{
    const char *path = longhaul_series_info(series)->path, *before = copies_find(copies, series);
    int rc = 0;
    if (before == NULL)
        return is_receivers || is_receivers_record(series) ? add_receiver(report, series, err)
                                                           : add_leg(report, series, err);
    if (strcmp(path, before) != 0)
        rc = report_note(report, err, "%s: the same test as in %s: it counts once", path, before);
    longhaul_series_free(series);
    return rc;
}

/* Takes ownership of the file's series. */
static int add_file(struct longhaul_report *report, struct batch_file *file, bool is_receivers, struct copies **copies,
                    struct longhaul_error *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < file->n_series; i++) {
        rc = add_series(report, file->series[i], is_receivers, copies, err);
        file->series[i] = NULL;
    }
    for (size_t i = 0; rc == 0 && i < file->n_warnings; i++)
        rc = report_note(report, err, "%s: %s", file->path, file->warnings[i]);
    if (rc == 0 && file->error.code)
        rc = report_note(report, err, "%s", file->error.text);
    return rc;
}

/* Reads all files in parallel, and takes them in order. */
static int read_files(struct longhaul_report *report, const struct report_files *which, struct longhaul_error *err)
{
    struct longhaul_read_options options = { .wants_omitted = report->options->wants_omitted,
                                             .limits = report->options->limits };
    size_t n_own = which->n_own, n = n_own + which->n_receivers;
    const char **paths = calloc(n + 1, sizeof *paths);
    struct batch_file *files = NULL;
    struct copies *copies = NULL;
    if (paths == NULL)
        return out_of_memory(err);
    for (size_t i = 0; i < n; i++)
        paths[i] = i < n_own ? which->own[i] : which->receivers[i - n_own];
    int rc = batch_read(paths, n, &options, &files, err);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = add_file(report, &files[i], i >= n_own, &copies, err);
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
        return error_set(err, LONGHAUL_EFORMAT, "%s: contains no .json or .journal", path);
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
        report->legs[i].summary = *longhaul_analysis_summary(all[i]);
    }
    if (rc == 0)
        rc = longhaul_analysis_relate(all, report->n_legs, err);
    if (rc == 0)
        rc = report_number_events(report, err);
    free(all);
    return rc;
}

int report_read(struct longhaul_report *report, const char *const *paths, size_t n, struct longhaul_error *err)
{
    struct report_files files = { 0 };
    int rc = report_list_files(report, paths, n, &files, err);
    if (rc == 0)
        rc = read_files(report, &files, err);
    report_free_lines(files.own, files.n_own);
    report_free_lines(files.receivers, files.n_receivers);
    if (rc == 0 && report->n_legs == 0)
        rc = say_why(report, paths[0], err);
    if (rc != 0)
        return rc;
    qsort(report->legs, report->n_legs, sizeof *report->legs, by_label_and_start);
    return analyse(report, err);
}
