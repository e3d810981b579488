/* report_trend.c - longhaul report over many days: brings the index of a folder up to date, and reports from it. */

#include "report_trend.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd.h"
#include "log.h"
#include "stops.h"

#define MOST_DAYS 31 /* of one leg: a folder with more is reported from an index */
#define DAY_S 86400

bool trend_args_time(const char *flag, const char *text, double *unix_s)
{
    struct tm utc = { 0 };
    uint32_t seconds;
    const char *end = strptime(text, "%Y-%m-%d", &utc);
    if (end && *end == 0) {
        *unix_s = (double)timegm(&utc);
        return *unix_s > 0 || (cmd_misused("report", "%s '%s' is before 1970-01-02", flag, text), false);
    }
    if (longhaul_duration_parse(text, &seconds, NULL) != 0)
        return cmd_misused("report", "%s '%s' is not a length of time, as 30d, or a date, as 2025-11-15", flag, text),
               false;
    *unix_s = (double)time(NULL) - seconds;
    return true;
}

/* ---- is it many days? */

struct days {
    struct leg_day {
        uint64_t leg; /* a hash: it only decides how the folder is reported */
        int64_t day;
    } * list;
    size_t n, capacity;
};

static void take_path(const char *path, void *payload)
{
    struct days *days = payload;
    struct longhaul_file_name name;
    if (longhaul_file_name_parse(path, &name, NULL) != 0 || name.start_unix_s == 0)
        return;
    if (days->n == days->capacity) {
        size_t capacity = days->capacity ? 2 * days->capacity : 64;
        struct leg_day *grown = realloc(days->list, capacity * sizeof *grown);
        if (grown == NULL)
            return;
        days->list = grown;
        days->capacity = capacity;
    }
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
    for (const char *both[] = { name.source, name.destination }, **text = both; text < both + 2; text++)
        for (const char *c = *text;; c++) {
            hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
            if (*c == 0)
                break;
        }
    days->list[days->n++] = (struct leg_day){ hash, name.start_unix_s / DAY_S };
}

static int by_leg_and_day(const void *a, const void *b)
{
    const struct leg_day *x = a, *y = b;
    if (x->leg != y->leg)
        return x->leg < y->leg ? -1 : 1;
    return (x->day > y->day) - (x->day < y->day);
}

static bool has_many_days(const char *dir)
{
    struct days days = { NULL, 0, 0 };
    size_t n = 0, most = 0;
    bool is = longhaul_folder_each(dir, take_path, &days, NULL) > 0;
    if (days.n > 1)
        qsort(days.list, days.n, sizeof *days.list, by_leg_and_day);
    for (size_t i = 0; i < days.n; i++) {
        bool is_same_leg = i > 0 && days.list[i].leg == days.list[i - 1].leg;
        n = !is_same_leg ? 1 : n + (days.list[i].day != days.list[i - 1].day);
        most = n > most ? n : most;
    }
    free(days.list);
    return is && most > MOST_DAYS;
}

bool report_is_trend(const struct trend_args *args, const char *const *paths, size_t n_paths)
{
    if (args->since_unix_s > 0 || args->until_unix_s > 0)
        return true;
    return !args->wants_no_index && n_paths <= 1 && has_many_days(n_paths ? paths[0] : LONGHAUL_DIR);
}

/* ---- output */

static int print_made(int make(const struct longhaul_trend *, char **, struct longhaul_error *),
                      const struct longhaul_trend *trend)
{
    struct longhaul_error err = { 0 };
    char *text;
    if (make(trend, &text, &err) != 0)
        return cmd_fail(&err);
    fputs(text, stdout);
    longhaul_text_free(text);
    return 0;
}

static int print_trend(const struct longhaul_trend *trend, const struct report_output *output)
{
    size_t n = longhaul_trend_n_files(trend);
    if (output->form == REPORT_CSV)
        return print_made(longhaul_trend_csv, trend);
    if (output->form == REPORT_JSON) {
        int status = print_made(longhaul_trend_json, trend);
        putchar('\n');
        return status;
    }
    int status = print_made(longhaul_trend_text, trend);
    for (size_t i = 0; i < n; i++)
        if (output->is_verbose || i + 1 == n) {
            cmd_print_path(stdout, longhaul_trend_file(trend, i));
            putchar('\n');
        }
    return status;
}

static int report_index(struct longhaul_archive *archive, const struct trend_args *args,
                        const struct longhaul_report_options *options, const struct report_output *output)
{
    struct longhaul_trend_options trend_options = { .since_unix_s = args->since_unix_s,
                                                    .until_unix_s = args->until_unix_s,
                                                    .report = options };
    struct longhaul_error err = { 0 };
    struct longhaul_trend *trend;
    if (longhaul_trend_read(archive, &trend_options, &trend, &err) != 0)
        return cmd_fail(&err);
    sigset_t set;
    stops_catch(false, &set);
    int rc = output->form == REPORT_BRIEF ? 0 : longhaul_trend_write(trend, &err);
    stops_release();
    int status = rc == 0 ? print_trend(trend, output) : rc == LONGHAUL_ESTOPPED ? 128 + stops_signal() : cmd_fail(&err);
    size_t n_notes = 0;
    for (; longhaul_trend_note(trend, n_notes) != NULL; n_notes++)
        log_line("longhaul: %s", cmd_safe(longhaul_trend_note(trend, n_notes)).text);
    if (status == 0 && n_notes > 0)
        status = EXIT_INCOMPLETE;
    longhaul_trend_free(trend);
    return status;
}

int report_trend(const struct trend_args *args, const char *dir, const struct longhaul_report_options *options,
                 const struct report_output *output)
{
    struct longhaul_archive_options archive_options = { .index_path = args->index_path,
                                                        .wants_omitted = options->wants_omitted,
                                                        .limits = options->limits,
                                                        .objectives = options->objectives,
                                                        .n_objectives = options->n_objectives,
                                                        .topology = options->topology,
                                                        .is_stopped = options->is_stopped,
                                                        .stop_payload = options->stop_payload };
    struct longhaul_archive_done done;
    struct longhaul_archive *archive;
    struct longhaul_error err = { 0 };
    sigset_t set;
    if (longhaul_archive_open(dir, &archive_options, &archive, &err) != 0) {
        if (args->since_unix_s > 0 || args->until_unix_s > 0 || err.code == LONGHAUL_EINVAL)
            return cmd_refused("report", &err);
        log_line("longhaul: %s; so all results are read", cmd_safe(err.text).text);
        return -1;
    }
    stops_catch(false, &set);
    int rc = longhaul_archive_update(archive, &done, &err);
    stops_release();
    for (size_t i = 0; i < longhaul_archive_n_notes(archive); i++)
        log_line("longhaul: %s", cmd_safe(longhaul_archive_note(archive, i)).text);
    int status = rc == LONGHAUL_ESTOPPED ? 128 + stops_signal()
                 : rc != 0               ? cmd_fail(&err)
                                         : report_index(archive, args, options, output);
    if (status == 0 && longhaul_archive_n_notes(archive) > 0)
        status = EXIT_INCOMPLETE;
    longhaul_archive_free(archive);
    return cmd_close_stdout(status);
}
