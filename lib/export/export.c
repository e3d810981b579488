/* export.c - reads the tests of an export, one at a time, joins the two sides of each, and hands it to where it goes.
 * Knows no form of output. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/calendar.h"
#include "base/plain_numbers.h"
#include "export/export_files.h"
#include "export/export_ranges.h"
#include "export/export_sink.h"
#include "read/receivers.h"
#include "read/series.h"

#define FIRST_MS 2 /* after its start a test has its first sample, so that one that ends then is not mixed with it */
#define LATEST_MS 253402300799000 /* the last second of the year 9999 */

struct exporting {
    const struct longhaul_export_options *options;
    struct longhaul_exported *told;
    struct longhaul_read_options read;
    struct export_files files;
    struct export_ranges ranges;
    struct export_sink *sink;
    size_t *others, n_others; /* the files that may hold other sides of the current one's tests */
    bool *has_records;        /* which of those have receivers' records */
    bool is_second_pass; /* receivers' records that were joined to nothing */
};

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
}

#define SKIP(e, ...) export_skip((e)->options, (e)->told, __VA_ARGS__)

/* ---- one test */

static void fill_times(struct export_test *test)
{
    const double *end = longhaul_series_column(test->series, LONGHAUL_COLUMN_END_S);
    int64_t last = test->start_ms;
    for (size_t i = 0; i < test->n; i++) {
        int64_t ms = export_time_ms(test, end[i]);
        test->ms[i] = ms > last && ms < LATEST_MS ? ms : last + 1;
        last = test->ms[i];
    }
    test->last_ms = test->n > 0 ? last : export_time_ms(test, fmax(test->info->end_seconds, 0));
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(test->analysis, &n);
    for (size_t i = 0; i < n; i++) { /* an outage may last longer than the data */
        int64_t ms = export_time_ms(test, events[i].start_s + events[i].seconds);
        test->last_ms = ms > test->last_ms ? ms : test->last_ms;
    }
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    return hash_bytes(hash, text, strlen(text) + 1);
}

static struct export_range range_of(const struct export_test *test)
{
    uint64_t labels = hash_text(hash_text(HASH_START, test->info->source), test->info->destination);
    labels = hash_text(hash_text(labels, test->info->protocol), test->overlap);
    uint64_t id = hash_text(HASH_START, series_cookie(test->series));
    return (struct export_range){ labels, id, test->start_ms, test->last_ms, test->n };
}

/* Gives the test a label of its own while an earlier one has its labels at the same time. True for a test that was
 * exported already. */
static bool settle_labels(struct exporting *e, struct export_test *test)
{
    struct tm utc;
    char start[24];
    if (!calendar_of(floor((double)test->start_ms / 1000), &utc) ||
        strftime(start, sizeof start, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        return false;
    for (int i = 1; i < 1000; i++) {
        struct export_range range = range_of(test);
        enum export_clash clash = export_ranges_find(&e->ranges, &range);
        if (clash == EXPORT_CLASH_SAME)
            return true;
        if (clash == EXPORT_CLASH_NONE && !(e->sink->ops->overlaps && e->sink->ops->overlaps(e->sink, &range)))
            return false;
        snprintf(test->overlap, sizeof test->overlap, i > 1 ? "%s-%d" : "%s", start, i);
    }
    return false;
}

static int put_test(struct exporting *e, struct export_test *test, struct longhaul_error *err)
{
    bool has_time = test->start_unix_s >= 0 && test->start_unix_s * 1000 < (double)LATEST_MS;
    if (!has_time && e->sink->ops->needs_time) {
        SKIP(e, "%s: it is not known when the test began, and samples have times: not exported", test->info->path);
        return 0;
    }
    test->start_ms = has_time ? (int64_t)round(test->start_unix_s * 1000) + FIRST_MS : 0;
    test->ms = malloc((test->n + 1) * sizeof *test->ms);
    if (test->ms == NULL)
        return out_of_memory(err);
    fill_times(test);
    if (has_time && settle_labels(e, test)) {
        export_note(e->options, "%s: the same test as in another file: it counts once", test->info->path);
        return 0;
    }
    struct export_range range = range_of(test);
    if (has_time && !export_ranges_add(&e->ranges, &range))
        return out_of_memory(err);
    return e->sink->ops->test(e->sink, test, &range, err);
}

/* An end record without intervals still has totals. */
static bool has_totals(const struct longhaul_info *info)
{
    return info->end_seconds > 0 && (info->end_bits_per_second >= 0 || info->end_packets >= 0);
}

static int take_series(struct exporting *e, const struct longhaul_series *series, struct longhaul_error *err)
{
    const struct longhaul_info *info = longhaul_series_info(series);
    struct longhaul_analysis *analysis;
    size_t n = longhaul_series_length(series);
    if (n == 0 && !has_totals(info)) {
        SKIP(e, *info->error ? "%s: iperf3 said: %s" : "%s: a test without intervals%s", info->path, info->error);
        return 0;
    }
    if (info->is_journal && e->sink->ops->needs_end) {
        SKIP(e, "%s: a journal: its leg has not ended, or longhaul recover makes its result", info->path);
        return 0;
    }
    int rc = longhaul_analyse(series, NULL, &analysis, err);
    if (rc != 0)
        return rc;
    struct export_test test = { .series = series, .info = info, .analysis = analysis, .n = n,
                                .start_unix_s = longhaul_analysis_figures(analysis)->start_unix_s };
    rc = put_test(e, &test, err);
    free(test.ms);
    longhaul_analysis_free(analysis);
    return rc;
}

/* ---- one file, and the other side of its tests */

/* The records of `longhaul serve` say so themselves; so do those of a run that receives. */
static bool is_receivers_record(const struct longhaul_info *info)
{
    return *info->longhaul_version && !info->is_sender && !info->is_other_direction;
}

/* Reads the receivers' records in a file, as far as it can be read: what is wrong with it is said when it is
 * exported. */
static int add_receivers(struct exporting *e, const char *path, struct receivers *to, bool *has_records,
                         struct longhaul_error *err)
{
    struct longhaul_error why = { 0 };
    struct longhaul_reader *reader;
    struct longhaul_series *series;
    int rc = longhaul_reader_open(path, &e->read, &reader, &why);
    if (rc != 0)
        return 0;
    while (rc == 0 && longhaul_reader_next(reader, &series, &why) > 0)
        if (is_receivers_record(longhaul_series_info(series))) {
            rc = receivers_add(to, series, err);
            *has_records = true;
        } else {
            longhaul_series_free(series);
        }
    longhaul_reader_free(reader);
    return rc;
}

static int find_receivers(struct exporting *e, struct receivers **out, struct longhaul_error *err)
{
    struct receivers *receivers = receivers_new();
    int rc = receivers ? 0 : out_of_memory(err);
    for (size_t i = 0; rc == 0 && i < e->n_others; i++)
        rc = add_receivers(e, e->files.file[e->others[i]].path, receivers, &e->has_records[i], err);
    if (rc == 0)
        *out = receivers;
    else
        receivers_free(receivers);
    return rc;
}

static bool is_path_of(const struct longhaul_series *const *rest, size_t n, const char *path)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(longhaul_series_info(rest[i])->path, path) == 0)
            return true;
    return false;
}

/* Those that were joined are exported with it. Frees the receivers. */
static int settle_receivers(struct exporting *e, struct receivers *receivers, struct longhaul_error *err)
{
    struct longhaul_series **rest = NULL, *one;
    size_t n = 0;
    int rc = 0;
    while (receivers && rc == 0 && (one = receivers_take_rest(receivers))) {
        struct longhaul_series **grown = realloc(rest, (n + 1) * sizeof *grown);
        rc = grown ? 0 : out_of_memory(err);
        if (grown)
            (rest = grown)[n++] = one;
        else
            longhaul_series_free(one);
    }
    for (size_t i = 0; receivers && rc == 0 && i < e->n_others; i++) {
        struct export_file *other = &e->files.file[e->others[i]];
        bool is_rest = is_path_of((const struct longhaul_series *const *)rest, n, other->path);
        if (other->is_done || is_rest || !e->has_records[i])
            continue;
        other->is_done = true;
        if (!other->is_nearby && e->sink->ops->end_file)
            rc = e->sink->ops->end_file(e->sink, other->mark, err);
    }
    for (size_t i = 0; i < n; i++)
        longhaul_series_free(rest[i]);
    free(rest);
    receivers_free(receivers);
    return rc;
}

/* A file outside of a folder "receiver" may be the sender's. */
static bool has_other_side(const struct exporting *e)
{
    for (size_t i = 0; i < e->n_others; i++)
        if (!e->files.file[e->others[i]].is_receiver)
            return true;
    return false;
}

/* What became of a file: some of its tests are for the second pass; something was skipped. */
struct taken {
    bool has_later, has_skipped;
};

/* Reads a file's tests and exports them. */
static int take_tests(struct exporting *e, struct longhaul_reader *reader, struct taken *taken,
                      struct longhaul_error *err)
{
    struct longhaul_error why = { 0 };
    struct longhaul_series *series;
    struct receivers *receivers = NULL;
    size_t n_skipped = e->told->n_skipped;
    int rc = 0, more = 0;
    while (rc == 0 && (more = longhaul_reader_next(reader, &series, &why)) > 0) {
        const struct longhaul_info *info = longhaul_series_info(series);
        if (!e->is_second_pass && is_receivers_record(info) && has_other_side(e)) {
            taken->has_later = true;
            longhaul_series_free(series);
            continue;
        }
        if (*info->longhaul_version && info->is_sender && receivers == NULL)
            rc = find_receivers(e, &receivers, err);
        if (rc == 0 && receivers)
            rc = receivers_join(receivers, series, err) < 0 ? LONGHAUL_ENOMEM : 0;
        if (rc == 0)
            rc = take_series(e, series, err);
        longhaul_series_free(series);
    }
    if (rc == 0 && more < 0)
        SKIP(e, "%s", why.text);
    taken->has_skipped = n_skipped != e->told->n_skipped;
    int settled = settle_receivers(e, receivers, err);
    return rc ? rc : settled;
}

/* Of a file and what may be joined to it: none is read again while they are unchanged. */
static uint64_t mark_of(const struct exporting *e, const struct export_file *file)
{
    uint64_t mark = file->mark;
    for (size_t i = 0; i < e->n_others && !e->is_second_pass; i++)
        if (e->files.file[e->others[i]].is_receiver)
            mark += e->files.file[e->others[i]].mark * 31;
    return mark;
}

static int take_file(struct exporting *e, struct export_file *file, struct longhaul_error *err)
{
    struct longhaul_error why = { 0 };
    struct longhaul_reader *reader;
    uint64_t mark = mark_of(e, file);
    struct taken taken = { false, false };
    if (e->sink->ops->wants_file && file->inode != 0 && !e->sink->ops->wants_file(e->sink, mark)) {
        e->told->n_known++;
        file->is_done = true;
        return 0;
    }
    int rc = longhaul_reader_open(file->path, &e->read, &reader, &why);
    if (rc != 0) {
        SKIP(e, "%s", why.text);
        file->is_done = true;
        return 0;
    }
    rc = take_tests(e, reader, &taken, err);
    for (size_t i = 0; rc == 0 && i < longhaul_reader_n_warnings(reader); i++)
        export_note(e->options, "%s: %s", file->path, longhaul_reader_warning(reader, i));
    longhaul_reader_free(reader);
    file->is_done = !taken.has_later;
    if (rc == 0 && !taken.has_later && !taken.has_skipped && file->inode != 0 && e->sink->ops->end_file)
        rc = e->sink->ops->end_file(e->sink, mark, err);
    return rc;
}

/* ---- the whole */

static int open_sink(struct exporting *e, const char *first_path, struct longhaul_error *err)
{
    switch (e->options->form) {
    case LONGHAUL_EXPORT_FORM_OPENMETRICS: return export_open_openmetrics(e->options, e->told, &e->sink, err);
    case LONGHAUL_EXPORT_FORM_CSV:
    case LONGHAUL_EXPORT_FORM_INFLUX: return export_open_rows(e->options, e->told, &e->sink, err);
    case LONGHAUL_EXPORT_FORM_SQLITE: return export_open_sqlite(e->options, e->told, &e->sink, err);
    case LONGHAUL_EXPORT_FORM_SERVER: return export_open_server(e->options, first_path, e->told, &e->sink, err);
    }
    return error_set(err, LONGHAUL_EINVAL, "export: no such form: %d", (int)e->options->form);
}

/* Senders' files, and what has no other side; then the receivers' records that were joined to nothing. */
static int take_files(struct exporting *e, struct longhaul_error *err)
{
    int rc = 0;
    for (int pass = 0; pass < 2; pass++) {
        e->is_second_pass = pass > 0;
        for (size_t i = 0; rc == 0 && i < e->files.n; i++) {
            struct export_file *file = &e->files.file[i];
            if (file->is_done || file->is_nearby || (file->is_receiver && !e->is_second_pass))
                continue;
            free(e->others);
            free(e->has_records);
            e->others = export_files_others(&e->files, file, &e->n_others);
            e->has_records = calloc(e->n_others + 1, sizeof *e->has_records);
            rc = e->others && e->has_records ? take_file(e, file, err) : out_of_memory(err);
        }
    }
    return rc;
}

int longhaul_export(const char *const *paths, size_t n, const struct longhaul_export_options *options,
                    struct longhaul_exported *out, struct longhaul_error *err)
{
    struct exporting e = { .options = options, .told = out,
                           .read = { .wants_omitted = options->wants_omitted, .limits = options->limits } };
    struct plain_numbers plain;
    *out = (struct longhaul_exported){ 0 };
    int rc = n > 0 ? export_labels_check(options, err) : error_set(err, LONGHAUL_EINVAL, "export: no file");
    plain_numbers_begin(&plain);
    if (rc == 0)
        rc = export_files_list(paths, n, options, out, &e.files, err);
    if (rc == 0 && e.files.n == 0)
        rc = error_set(err, LONGHAUL_EFORMAT, "%s: contains no .json or .journal", paths[0]);
    if (rc == 0)
        rc = open_sink(&e, paths[0], err);
    if (rc == 0)
        rc = take_files(&e, err);
    if (e.sink) {
        int closed = e.sink->ops->close(e.sink, rc == 0, err);
        rc = rc ? rc : closed;
    }
    if (rc == 0 && out->n_tests == 0 && out->n_known == 0)
        rc = error_set(err, LONGHAUL_EFORMAT, "%s: no test could be exported", paths[0]);
    plain_numbers_end(&plain);
    free(e.others);
    free(e.has_records);
    export_ranges_free(&e.ranges);
    export_files_free(&e.files);
    return rc;
}
