/* longhaul/export.h - results as samples of a time-series database, or as rows of a table. longhaul-export(1) has the
 * names of what is written. */
#ifndef LONGHAUL_EXPORT_H
#define LONGHAUL_EXPORT_H
#include <longhaul/analysis.h>
LONGHAUL_BEGIN
/* OPENMETRICS: text with timestamps, for `promtool tsdb create-blocks-from openmetrics`. CSV, INFLUX: a row, or a line
 * of InfluxDB's line protocol, for each interval. SQLITE: a database. SERVER: VictoriaMetrics's import. */
enum longhaul_export_form {
    LONGHAUL_EXPORT_FORM_OPENMETRICS, LONGHAUL_EXPORT_FORM_CSV, LONGHAUL_EXPORT_FORM_INFLUX,
    LONGHAUL_EXPORT_FORM_SQLITE, LONGHAUL_EXPORT_FORM_SERVER
};
/* What was skipped, and why; what a server answered before the next try. One line, no full stop. */
typedef void longhaul_export_note_cb(const char *text, void *payload);
struct longhaul_export_options {
    enum longhaul_export_form form;
    const char *path; /* the file, which appears when it is whole; of a database the one to extend. NULL: fd */
    int fd;           /* is written to, and not closed; not for SQLITE and SERVER */
    const char *const *labels; /* n_labels of "name=value", for each sample, in no row; the name as Prometheus has it */
    size_t n_labels;
    bool wants_omitted; /* with the intervals of the omit period */
    struct longhaul_read_limits limits;
    longhaul_export_note_cb *on_note; /* may be NULL */
    void *payload;
    /* SERVER: */
    const char *url;     /* http://HOST:8428, or a folder of it, as http://HOST:8480/insert/0/prometheus */
    const char *query_url; /* where what is there can be read, if that is another one; NULL: url */
    const char *state;   /* the file that remembers what is there; NULL: ".longhaul-export" next to the first path */
    const char *ca_file; /* certificates to trust, PEM; NULL: the system's */
    const char *credentials; /* "USER:PASSWORD" or "Bearer TOKEN"; NULL: none. Is in no message */
    double retry_s; /* how long an unreachable or busy server is tried; 0: 300, below 0: once */
};
struct longhaul_exported {
    size_t n_tests;   /* written */
    size_t n_known;   /* SERVER: tests and files that it had already */
    size_t n_skipped; /* tests, files and folders that could not be read or written, each with a note */
    size_t n_differing; /* SERVER: tests of which it has other samples, too, each with a note */
    uint64_t n_rows, n_samples; /* intervals; samples, of time series only */
    uint64_t n_bytes; /* SERVER: sent, compressed */
};
/* Reads files and folders, those below them too, as a report does, one test and its receiver's record at a time.
 * LONGHAUL_EFORMAT when there is no test, LONGHAUL_ENET when the server cannot be reached or refuses,
 * LONGHAUL_ENOTBUILT without the library that the form needs; *out is filled in any case. */
int longhaul_export(const char *const *paths, size_t n, const struct longhaul_export_options *options,
                    struct longhaul_exported *out, struct longhaul_error *err);
LONGHAUL_END
#endif
