/* rows.c - an export as rows: CSV with a column for each measure, or InfluxDB's line protocol, one row for each
 * interval. The values are those of the files, in their units. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/units.h"
#include "export/export_sink.h"
#include "read/series.h"

#define FLUSH_BYTES (1u << 18)
#define MOST_INFLUX_MS (INT64_MAX / NS_PER_MS)

struct rows {
    struct export_sink sink;
    struct export_file_out *out;
    struct export_text text, begin; /* begin: what all rows of a test begin with */
};

static struct rows *of(struct export_sink *sink)
{
    return (struct rows *)sink;
}

/* ---- CSV */

static void put_csv_head(struct export_text *text)
{
    export_text_put(text, "time,source,destination,protocol,test_start");
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++) {
        export_text_put(text, ",");
        export_text_put(text, longhaul_column_text((enum longhaul_column)i));
    }
    export_text_put(text, ",received_bytes\n");
}

static void begin_csv(struct export_text *begin, const struct export_test *test)
{
    const char *const names[] = { test->info->source, test->info->destination, test->info->protocol };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        export_text_put(begin, ",");
        export_text_cell(begin, names[i]);
    }
    export_text_put(begin, ",");
    export_text_utc(begin, test->start_unix_s);
}

static void put_cell(struct export_text *text, const double *column, size_t i)
{
    export_text_put(text, ",");
    if (column && isfinite(column[i]))
        export_text_number(text, column[i]);
}

/* ---- InfluxDB */

/* In its tags a comma, a blank and "=" have a meaning, and a backslash at the end. */
static void put_tag(struct export_text *text, const char *name, const char *value)
{
    if (*value == 0)
        return;
    export_text_put(text, ",");
    export_text_put(text, name);
    export_text_put(text, "=");
    export_text_escaped(text, value, ", =\\");
}

static void begin_influx(struct export_text *begin, const struct longhaul_export_options *options,
                         const struct export_test *test)
{
    export_text_put(begin, "longhaul");
    put_tag(begin, "src", test->info->source);
    put_tag(begin, "dst", test->info->destination);
    put_tag(begin, "protocol", test->info->protocol);
    put_tag(begin, "test", test->overlap);
    for (size_t i = 0; i < options->n_labels; i++) {
        export_text_put(begin, ",");
        size_t n = strcspn(options->labels[i], "=") + 1;
        export_text_bytes(begin, options->labels[i], n);
        export_text_escaped(begin, options->labels[i] + n, ", =\\");
    }
    export_text_put(begin, " ");
}

static void put_field(struct export_text *text, const char *name, double value, bool *has_one)
{
    if (!isfinite(value))
        return;
    export_text_put(text, *has_one ? "," : "");
    export_text_put(text, name);
    export_text_put(text, "=");
    export_text_number(text, value);
    *has_one = true;
}

/* ---- rows */

static void put_csv_row(struct rows *r, const struct export_test *test, size_t i)
{
    const double *end = longhaul_series_column(test->series, LONGHAUL_COLUMN_END_S);
    export_text_utc(&r->text, test->start_unix_s + end[i]);
    export_text_bytes(&r->text, r->begin.at, r->begin.n);
    for (int k = 0; k < LONGHAUL_N_COLUMNS; k++)
        put_cell(&r->text, longhaul_series_column(test->series, (enum longhaul_column)k), i);
    put_cell(&r->text, series_arrived(test->series), i);
    export_text_put(&r->text, "\n");
}

static void put_influx_row(struct rows *r, const struct export_test *test, size_t i)
{
    bool has_one = false;
    const double *arrived = series_arrived(test->series);
    export_text_bytes(&r->text, r->begin.at, r->begin.n);
    for (int k = 0; k < LONGHAUL_N_COLUMNS; k++) {
        const double *column = longhaul_series_column(test->series, (enum longhaul_column)k);
        put_field(&r->text, longhaul_column_text((enum longhaul_column)k), column ? column[i] : NAN, &has_one);
    }
    put_field(&r->text, "received_bytes", arrived ? arrived[i] : NAN, &has_one);
    export_text_put(&r->text, " ");
    export_text_integer(&r->text, test->ms[i] * NS_PER_MS);
    export_text_put(&r->text, "\n");
}

static int take_test(struct export_sink *sink, const struct export_test *test, const struct export_range *range,
                     struct longhaul_error *err)
{
    (void)range;
    struct rows *r = of(sink);
    bool is_csv = sink->options->form == LONGHAUL_EXPORT_FORM_CSV;
    if (!is_csv && test->last_ms > MOST_INFLUX_MS) {
        export_skip(sink->options, sink->told, "%s: InfluxDB's times end in the year 2262: not exported",
                    test->info->path);
        return 0;
    }
    r->begin.n = 0;
    if (is_csv)
        begin_csv(&r->begin, test);
    else
        begin_influx(&r->begin, sink->options, test);
    int rc = r->begin.has_failed ? error_set(err, LONGHAUL_ENOMEM, "export: out of memory") : 0;
    for (size_t i = 0; rc == 0 && i < test->n; i++) {
        (is_csv ? put_csv_row : put_influx_row)(r, test, i);
        if (r->text.n > FLUSH_BYTES)
            rc = export_out_put(r->out, &r->text, err);
    }
    sink->told->n_tests++;
    sink->told->n_rows += test->n;
    return rc;
}

static int close_rows(struct export_sink *sink, bool is_good, struct longhaul_error *err)
{
    struct rows *r = of(sink);
    int rc = is_good ? export_out_put(r->out, &r->text, err) : 0;
    int closed = export_out_close(r->out, is_good && rc == 0, err);
    export_text_free(&r->text);
    export_text_free(&r->begin);
    free(r);
    return rc ? rc : closed;
}

int export_open_rows(const struct longhaul_export_options *options, struct longhaul_exported *told,
                     struct export_sink **out, struct longhaul_error *err)
{
    static const struct export_sink_ops csv = { .test = take_test, .close = close_rows },
                                        influx = { .test = take_test, .close = close_rows, .needs_time = true };
    bool is_csv = options->form == LONGHAUL_EXPORT_FORM_CSV;
    struct rows *r = calloc(1, sizeof *r);
    if (r == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    r->sink = (struct export_sink){ is_csv ? &csv : &influx, options, told };
    int rc = export_out_open(options, &r->out, err);
    if (rc != 0) {
        free(r);
        return rc;
    }
    if (is_csv)
        put_csv_head(&r->text);
    *out = &r->sink;
    return 0;
}
