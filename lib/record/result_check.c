/* result_check.c - compares a result with the journal from which it was written, using the reader that every report
 * uses: a result that differs when read must not replace the journal. */

#include "record/result_check.h"

#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json_number.h"
#include "read/series.h"

#define N_FIGURES (LONGHAUL_COLUMN_MONOTONIC_S + 1) /* columns up to this one: those that every test has */

/* Over the bits of the numbers; whatever is not a number is one value. */
static uint64_t mix(uint64_t hash, double value)
{
    value = isnan(value) ? (double)NAN : value == 0 ? 0.0 : value;
    return hash_bytes(hash, &value, sizeof value);
}

void result_check_row(struct result_check *check, const json_t *interval)
{
    struct series_interval row;
    if (!series_decode(interval, &row)) {
        check->n_unusable++;
        return;
    }
    check->n_rows++;
    for (int i = 0; i < N_FIGURES; i++)
        check->hash = mix(check->hash, row.forward.value[i] / series_source((uint32_t)i)->per);
}

void result_check_gap(struct result_check *check, const json_t *gap)
{
    double start_s = number_or_0(gap, "start_s");
    double seconds = number_or_0(gap, "seconds");
    check->n_gaps += seconds > 0 && isfinite(start_s + seconds);
}

static void on_row(const struct longhaul_row *row, void *payload)
{
    struct result_check *read = payload;
    if (row->test != 0)
        return;
    read->n_rows++;
    for (int i = 0; i < N_FIGURES; i++)
        read->hash = mix(read->hash, row->values[i]);
}

static bool is_same(double value, const json_t *object, const char *key)
{
    const json_t *wanted = json_object_get(object, key);
    return json_is_number(wanted) ? value == json_number_value(wanted) : isnan(value);
}

/* Compares the figures of the end that the reader keeps. */
static const char *differing_end(const struct longhaul_info *info, const json_t *end)
{
    const json_t *sum = json_object_get(end, "sum"), *sent = json_object_get(end, "sum_sent");
    const json_t *received = json_object_get(end, "sum_received");
    if (!info->is_complete)
        return "its end";
    if (sum && !(is_same(info->end_seconds, sum, "seconds") && is_same(info->end_packets, sum, "packets") &&
                 is_same(info->end_lost_packets, sum, "lost_packets") &&
                 is_same(info->end_jitter_ms, sum, "jitter_ms")))
        return "its sum";
    if (!is_same(info->end_sent_bytes, sent, "bytes") || !is_same(info->end_sent_packets, sent, "packets"))
        return "its sum of what was sent";
    return is_same(info->end_received_bytes, received, "bytes") &&
        is_same(info->end_received_packets, received, "packets")
               ? NULL
               : "its sum of what was received";
}

static const char *differing(const struct result_check *check, const struct result_check *read,
                             const struct longhaul_series *series)
{
    size_t n_gaps, n_sessions;
    if (read->n_rows != check->n_rows)
        return "the number of its intervals";
    if (read->hash != check->hash)
        return "its intervals";
    longhaul_series_gaps(series, &n_gaps);
    if (n_gaps != check->n_gaps)
        return "its gaps";
    series_sessions(series, &n_sessions);
    if (n_sessions != check->n_segments && check->n_unusable == 0) /* otherwise their intervals have other numbers */
        return "its segments";
    return differing_end(longhaul_series_info(series), check->end);
}

static struct longhaul_reader *open_reader(const char *path, struct result_check *read, struct longhaul_error *err)
{
    struct longhaul_read_options options = { .wants_omitted = true, .on_row = on_row,
                                             .payload = read };
    struct longhaul_reader *reader = NULL;
    return longhaul_reader_open(path, &options, &reader, err) == 0 ? reader : NULL;
}

int result_check_file(const struct result_check *check, const char *path, const char *name, struct longhaul_error *err)
{
    struct result_check read = { 0 };
    struct longhaul_error why = { 0 };
    struct longhaul_series *series = NULL;
    struct longhaul_reader *reader = open_reader(path, &read, &why);
    int rc = reader ? longhaul_reader_next(reader, &series, &why) : why.code;
    const char *differs = rc > 0 ? differing(check, &read, series) : NULL;
    size_t n_warnings = reader ? longhaul_reader_n_warnings(reader) : 0;
    if (rc <= 0)
        rc = error_set(err, rc ? rc : LONGHAUL_EFORMAT, "%s: was written and cannot be read (%s): the journal stays",
                       name, rc ? why.text : "it is empty");
    else if (differs)
        rc = error_set(err, LONGHAUL_EFORMAT,
                       "%s: was written and read back, and %s differs: the journal stays", name, differs);
    else if (n_warnings > (check->n_unusable > 0))
        rc = error_set(err, LONGHAUL_EFORMAT, "%s: was written and read back (%s): the journal stays", name,
                       longhaul_reader_warning(reader, 0));
    else
        rc = 0;
    longhaul_series_free(series);
    longhaul_reader_free(reader);
    malloc_trim(0); /* frees a day's columns, in a process that runs for months */
    return rc;
}

/* Counts the lines of intervals in the form that result.c writes. -1 if the file has another form. */
static int64_t count_lines(const char *path)
{
    static const char head[] = "{\"start\":", list[] = "\"intervals\":[", end[] = "],\n";
    FILE *file = file_open(path);
    char *line = NULL;
    size_t room = 0, n_lines = 0;
    int64_t n = -1;
    bool is_over = false;
    while (file && !is_over && getline(&line, &room, file) > 0) {
        n_lines++;
        if (n_lines == 1 ? strncmp(line, head, sizeof head - 1) != 0 : n_lines == 2 &&
            strncmp(line, list, sizeof list - 1) != 0)
            break;
        is_over = strcmp(line, end) == 0;
        n += n_lines >= 2 && !is_over;
    }
    free(line);
    if (file)
        fclose(file);
    return is_over ? n : -1;
}

size_t result_count_rows(const char *path)
{
    int64_t n = count_lines(path);
    if (n >= 0)
        return (size_t)n;
    struct result_check read = { 0 };
    struct longhaul_series *series = NULL;
    struct longhaul_reader *reader = open_reader(path, &read, NULL);
    if (reader && longhaul_reader_next(reader, &series, NULL) < 0)
        read.n_rows = 0;
    longhaul_series_free(series);
    longhaul_reader_free(reader);
    return (size_t)read.n_rows;
}
