/* export_sink.h - where an export goes: a file of some form, a database, a server. */
#ifndef EXPORT_SINK_H
#define EXPORT_SINK_H

#include "export/export_ranges.h"
#include "export/export_series.h"
#include "export/export_text.h"

struct export_sink;

/* What a form does; each function that is NULL has nothing to do. After a failure only close() is called. */
struct export_sink_ops {
    /* False if all of the file was exported before, by its mark. */
    bool (*wants_file)(struct export_sink *sink, uint64_t mark);
    /* All tests of the file are written. */
    int (*end_file)(struct export_sink *sink, uint64_t mark, struct longhaul_error *err);
    /* True if another test with these labels and an overlapping time was exported before. */
    bool (*overlaps)(struct export_sink *sink, const struct export_range *range);
    int (*test)(struct export_sink *sink, const struct export_test *test, const struct export_range *range,
                struct longhaul_error *err);
    /* Finishes what was written if is_good, and frees the sink in any case. */
    int (*close)(struct export_sink *sink, bool is_good, struct longhaul_error *err);
    bool needs_time; /* a test without a known start cannot be written */
    bool needs_end;  /* a journal, whose end is not known, is not written */
};

struct export_sink {
    const struct export_sink_ops *ops;
    const struct longhaul_export_options *options;
    struct longhaul_exported *told;
};

int export_open_openmetrics(const struct longhaul_export_options *options, struct longhaul_exported *told,
                            struct export_sink **out, struct longhaul_error *err);
/* CSV, INFLUX */
int export_open_rows(const struct longhaul_export_options *options, struct longhaul_exported *told,
                     struct export_sink **out, struct longhaul_error *err);
int export_open_sqlite(const struct longhaul_export_options *options, struct longhaul_exported *told,
                       struct export_sink **out, struct longhaul_error *err);
int export_open_server(const struct longhaul_export_options *options, const char *first_path,
                       struct longhaul_exported *told, struct export_sink **out, struct longhaul_error *err);

/* ---- what they share */

/* A file that appears when it is whole, or a descriptor. */
struct export_file_out;
int export_out_open(const struct longhaul_export_options *options, struct export_file_out **out,
                    struct longhaul_error *err);
/* Writes a text and empties it. */
int export_out_put(struct export_file_out *out, struct export_text *text, struct longhaul_error *err);
int export_out_close(struct export_file_out *out, bool is_good, struct longhaul_error *err);

/* LONGHAUL_EINVAL if one of the options' labels has no name, or one that is taken. */
int export_labels_check(const struct longhaul_export_options *options, struct longhaul_error *err);
/* The labels of a series, as name=value with the given signs before and after each name and value: the test's, its
 * own, those of the options. Names and values escaped for Prometheus and JSON, which need the same. */
void export_put_labels(struct export_text *text, const struct longhaul_export_options *options,
                       const struct export_test *test, const struct export_series *series, bool is_json);
/* The name of a series: part is one of a histogram's EXPORT_PARTS, else 0. */
void export_put_name(struct export_text *text, const struct export_family *family, size_t part);
/* The bound of a bucket: "0.0001" to "+Inf". */
void export_put_bound(struct export_text *text, size_t part);

/* Counts a test, file or folder that is not exported, with a note. */
#define export_skip(options, told, ...) ((told)->n_skipped++, export_note(options, __VA_ARGS__))
/* A note of the export, if anybody wants it. */
void export_note(const struct longhaul_export_options *options, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
