/* sqlite.c - the only file of the export that uses SQLite: a database with the tests, their intervals, events and gaps.
 * Each test is one transaction, which replaces the test if it is there already. */

#include "export/export_sink.h"

#include "base/error.h"

#ifdef LONGHAUL_HAVE_SQLITE
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sqlite_guard.h"
#include "read/series.h"

#define APPLICATION_ID 0x4c6f6e67 /* "Long", in the file's header */
#define SCHEMA_VERSION 1
#define WAIT_MS 10000 /* for another process that writes */

struct database {
    struct export_sink sink;
    sqlite3 *db;
    struct sqlite_guard guard;
    int bound; /* SQLITE_OK, or why a parameter could not be set */
    sqlite3_stmt *find, *drop[4], *test, *interval, *event, *gap;
};

static struct database *of(struct export_sink *sink)
{
    return (struct database *)sink;
}

static int fail(struct database *d, int code, const char *why, struct longhaul_error *err)
{
    return error_set(err, code == SQLITE_NOMEM ? LONGHAUL_ENOMEM : LONGHAUL_EIO, "%s: %s", d->sink.options->path, why);
}

static int fail_last(struct database *d, struct longhaul_error *err)
{
    return fail(d, sqlite3_errcode(d->db), sqlite3_errmsg(d->db), err);
}

static int execute(struct database *d, const char *sql, struct longhaul_error *err)
{
    return sqlite3_exec(d->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail_last(d, err);
}

/* ---- the schema: longhaul-export(1) has it for people */

static const char schema[] =
    "CREATE TABLE tests (id INTEGER PRIMARY KEY, identity TEXT UNIQUE NOT NULL, path TEXT, source TEXT,"
    " destination TEXT, protocol TEXT, start_unix_s REAL, planned_s REAL, n_intervals INTEGER, observed_s REAL,"
    " coverage REAL, rate_mbps REAL, rate_kind TEXT, bytes INTEGER, packets INTEGER, lost_packets INTEGER,"
    " loss_percent REAL, jitter_p95_ms REAL, delay_p50_ms REAL, delay_p99_ms REAL, delay_max_ms REAL, downtime_s REAL,"
    " availability REAL, n_events INTEGER, verdict TEXT, sides TEXT, longhaul_version TEXT, iperf_version TEXT);"
    "CREATE TABLE events (test_id INTEGER NOT NULL REFERENCES tests (id), kind TEXT, cause TEXT, start_unix_s REAL,"
    " start_s REAL, seconds REAL, is_open INTEGER, lost_packets INTEGER, level REAL, peak REAL, usual REAL);"
    "CREATE INDEX events_by_test ON events (test_id);"
    "CREATE TABLE gaps (test_id INTEGER NOT NULL REFERENCES tests (id), start_unix_s REAL, start_s REAL, seconds REAL,"
    " cause TEXT);"
    "CREATE INDEX gaps_by_test ON gaps (test_id);";

static void put_interval_columns(struct export_text *sql, const char *before, const char *after)
{
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++) {
        export_text_put(sql, before);
        export_text_put(sql, after ? longhaul_column_text((enum longhaul_column)i) : "");
        export_text_put(sql, after ? after : "");
    }
}

static int create(struct database *d, struct longhaul_error *err)
{
    struct export_text sql = { 0 };
    char ids[96];
    snprintf(ids, sizeof ids, "PRAGMA application_id = %d; PRAGMA user_version = %d;", APPLICATION_ID, SCHEMA_VERSION);
    export_text_put(&sql, schema);
    export_text_put(&sql, "CREATE TABLE intervals (test_id INTEGER NOT NULL REFERENCES tests (id), unix_s REAL");
    put_interval_columns(&sql, ", ", " REAL");
    export_text_put(&sql, ", received_bytes REAL); CREATE INDEX intervals_by_test ON intervals (test_id, unix_s);");
    export_text_put(&sql, ids);
    const char *all = export_text_string(&sql);
    int rc = all ? execute(d, all, err) : error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    export_text_free(&sql);
    return rc;
}

static int number(struct database *d, const char *sql, int64_t *value, struct longhaul_error *err)
{
    sqlite3_stmt *statement;
    bool good = sqlite3_prepare_v2(d->db, sql, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_ROW;
    int rc = good ? 0 : fail_last(d, err);
    if (good)
        *value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return rc;
}

/* A new file gets the tables; a database of anything else is left alone. Within a transaction: two exports may begin at
 * the same time. */
static int check_tables(struct database *d, struct longhaul_error *err)
{
    const char *path = d->sink.options->path;
    int64_t n_tables = 0, id = 0, version = 0;
    int rc = number(d, "SELECT count(*) FROM sqlite_master", &n_tables, err);
    if (rc == 0)
        rc = number(d, "PRAGMA application_id", &id, err);
    if (rc == 0)
        rc = number(d, "PRAGMA user_version", &version, err);
    if (rc != 0)
        return rc;
    if (n_tables == 0)
        return create(d, err);
    if (id != APPLICATION_ID)
        return error_set(err, LONGHAUL_EFORMAT, "%s: is a database of something else", path);
    if (version != SCHEMA_VERSION)
        return error_set(err, LONGHAUL_EFORMAT, "%s: has schema %d, and this longhaul writes %d", path, (int)version,
                         SCHEMA_VERSION);
    return 0;
}

static int check_schema(struct database *d, struct longhaul_error *err)
{
    int rc = execute(d, "BEGIN IMMEDIATE", err);
    if (rc == 0)
        rc = check_tables(d, err);
    if (rc == 0)
        rc = execute(d, "COMMIT", err);
    if (rc != 0)
        sqlite3_exec(d->db, "ROLLBACK", NULL, NULL, NULL);
    return rc;
}

static int prepare(struct database *d, const char *sql, sqlite3_stmt **out, struct longhaul_error *err)
{
    return sqlite3_prepare_v2(d->db, sql, -1, out, NULL) == SQLITE_OK ? 0 : fail_last(d, err);
}

static int prepare_interval(struct database *d, struct longhaul_error *err)
{
    struct export_text sql = { 0 };
    export_text_put(&sql, "INSERT INTO intervals VALUES (?, ?, ?");
    put_interval_columns(&sql, ", ?", NULL);
    export_text_put(&sql, ")");
    const char *all = export_text_string(&sql);
    int rc = all ? prepare(d, all, &d->interval, err) : error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    export_text_free(&sql);
    return rc;
}

static int prepare_all(struct database *d, struct longhaul_error *err)
{
    static const char *const drops[] = { "DELETE FROM intervals WHERE test_id = ?",
                                         "DELETE FROM events WHERE test_id = ?",
                                         "DELETE FROM gaps WHERE test_id = ?", "DELETE FROM tests WHERE id = ?" };
    int rc = prepare(d, "SELECT id FROM tests WHERE identity = ?", &d->find, err);
    for (int i = 0; rc == 0 && i < 4; i++)
        rc = prepare(d, drops[i], &d->drop[i], err);
    if (rc == 0)
        rc = prepare(d, "INSERT INTO tests VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                        " ?, ?, ?, ?, ?, ?)", &d->test, err);
    if (rc == 0)
        rc = prepare(d, "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", &d->event, err);
    if (rc == 0)
        rc = prepare(d, "INSERT INTO gaps VALUES (?, ?, ?, ?, ?)", &d->gap, err);
    return rc ? rc : prepare_interval(d, err);
}

/* ---- rows */

/* The next parameter of a statement. What is unknown is NULL; a whole number is an integer where the column has that
 * type. */
static void bind(struct database *d, sqlite3_stmt *statement, int *at, double value)
{
    int code = isfinite(value) ? sqlite3_bind_double(statement, ++*at, value) : sqlite3_bind_null(statement, ++*at);
    d->bound = d->bound ? d->bound : code;
}

static void bind_id(struct database *d, sqlite3_stmt *statement, sqlite3_int64 id)
{
    int code = sqlite3_bind_int64(statement, 1, id);
    d->bound = d->bound ? d->bound : code;
}

static void bind_text(struct database *d, sqlite3_stmt *statement, int *at, const char *text)
{
    int code = sqlite3_bind_text(statement, ++*at, text, -1, SQLITE_TRANSIENT);
    d->bound = d->bound ? d->bound : code;
}

/* Runs a statement. *id (may be NULL): the first value that it gives; unchanged if it gives none. */
static int step(struct database *d, sqlite3_stmt *statement, sqlite3_int64 *id, struct longhaul_error *err)
{
    if (d->bound != SQLITE_OK)
        return fail(d, d->bound, sqlite3_errstr(d->bound), err);
    int code = sqlite3_step(statement);
    int rc = code == SQLITE_DONE || code == SQLITE_ROW ? 0 : fail_last(d, err);
    if (id && code == SQLITE_ROW)
        *id = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return rc;
}

/* What makes a test this one: the leg, the protocol and the start; without a start, the file. NULL when out of
 * memory. */
static const char *put_identity(struct export_text *text, const struct export_test *test)
{
    const struct longhaul_info *info = test->info;
    const char *const parts[] = { info->source, "->", info->destination, " ", info->protocol, " ", test->overlap, " " };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        export_text_put(text, parts[i]);
    if (isfinite(test->start_unix_s))
        export_text_integer(text, test->start_ms);
    else
        export_text_put(text, info->path);
    return export_text_string(text);
}

static int drop_old(struct database *d, const char *identity, struct longhaul_error *err)
{
    sqlite3_int64 id = 0; /* none */
    int at = 0;
    bind_text(d, d->find, &at, identity);
    int rc = step(d, d->find, &id, err);
    for (int i = 0; rc == 0 && id != 0 && i < 4; i++) {
        bind_id(d, d->drop[i], id);
        rc = step(d, d->drop[i], NULL, err);
    }
    return rc;
}

static void bind_numbers(struct database *d, sqlite3_stmt *statement, int *at, const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        bind(d, statement, at, values[i]);
}

static int put_test(struct database *d, const struct export_test *test, const char *identity,
                    struct longhaul_error *err)
{
    const struct longhaul_info *info = test->info;
    const struct longhaul_analysis *a = test->analysis;
    const struct longhaul_figures *f = longhaul_analysis_figures(a);
    const struct longhaul_loss *loss = longhaul_analysis_loss(a);
    const struct longhaul_delays *delays = longhaul_analysis_delays(a);
    const struct longhaul_rate *rate = longhaul_analysis_rate(a);
    size_t n_events;
    int at = 0;
    longhaul_analysis_events(a, &n_events);
    const double head[] = { test->start_unix_s, info->planned_s, (double)test->n,
                            longhaul_analysis_summary(a)->observed_s, f->coverage, rate->mbps };
    const double rest[] = { test->n > 0 ? (double)f->bytes : NAN, loss->total, loss->lost, loss->percent,
                            f->jitter_ms.p95, delays->p50_ms, delays->p99_ms, delays->max_ms, f->downtime_s,
                            f->availability, (double)n_events };
    const char *const names[] = { identity, info->path, info->source, info->destination, info->protocol };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        bind_text(d, d->test, &at, names[i]);
    bind_numbers(d, d->test, &at, head, sizeof head / sizeof *head);
    bind_text(d, d->test, &at, longhaul_rate_kind_text(rate->kind));
    bind_numbers(d, d->test, &at, rest, sizeof rest / sizeof *rest);
    bind_text(d, d->test, &at, longhaul_verdict_text(longhaul_analysis_verdict(a)));
    bind_text(d, d->test, &at, export_sides(info));
    bind_text(d, d->test, &at, info->longhaul_version);
    bind_text(d, d->test, &at, info->version);
    return step(d, d->test, NULL, err);
}

static int put_intervals(struct database *d, const struct export_test *test, sqlite3_int64 id,
                         struct longhaul_error *err)
{
    const double *columns[LONGHAUL_N_COLUMNS + 1];
    const double *end = longhaul_series_column(test->series, LONGHAUL_COLUMN_END_S);
    int rc = 0;
    for (int k = 0; k < LONGHAUL_N_COLUMNS; k++)
        columns[k] = longhaul_series_column(test->series, (enum longhaul_column)k);
    columns[LONGHAUL_N_COLUMNS] = series_arrived(test->series);
    for (size_t i = 0; rc == 0 && i < test->n; i++) {
        int at = 1;
        bind_id(d, d->interval, id);
        bind(d, d->interval, &at, test->start_unix_s + end[i]);
        for (int k = 0; k <= LONGHAUL_N_COLUMNS; k++)
            bind(d, d->interval, &at, columns[k] ? columns[k][i] : NAN);
        rc = step(d, d->interval, NULL, err);
    }
    return rc;
}

static int put_events(struct database *d, const struct export_test *test, sqlite3_int64 id, struct longhaul_error *err)
{
    size_t n;
    int rc = 0;
    const struct longhaul_event *events = longhaul_analysis_events(test->analysis, &n);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        const struct longhaul_event *e = &events[i];
        const double values[] = { e->start_unix_s, e->start_s, e->seconds, e->is_open,
                                  e->lost_packets, e->level,   e->peak,    e->usual };
        int at = 1;
        bind_id(d, d->event, id);
        bind_text(d, d->event, &at, longhaul_event_kind_text(e->kind));
        bind_text(d, d->event, &at, e->cause);
        bind_numbers(d, d->event, &at, values, sizeof values / sizeof *values);
        rc = step(d, d->event, NULL, err);
    }
    return rc;
}

static int put_gaps(struct database *d, const struct export_test *test, sqlite3_int64 id, struct longhaul_error *err)
{
    size_t n;
    int rc = 0;
    const struct longhaul_gap *gaps = longhaul_analysis_gaps(test->analysis, &n);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        const double values[] = { test->start_unix_s + gaps[i].start_s, gaps[i].start_s, gaps[i].seconds };
        int at = 1;
        bind_id(d, d->gap, id);
        bind_numbers(d, d->gap, &at, values, sizeof values / sizeof *values);
        bind_text(d, d->gap, &at, gaps[i].cause);
        rc = step(d, d->gap, NULL, err);
    }
    return rc;
}

static int put_all(struct database *d, const struct export_test *test, const char *identity,
                   struct longhaul_error *err)
{
    int rc = drop_old(d, identity, err);
    if (rc == 0)
        rc = put_test(d, test, identity, err);
    sqlite3_int64 id = sqlite3_last_insert_rowid(d->db);
    if (rc == 0)
        rc = put_intervals(d, test, id, err);
    if (rc == 0)
        rc = put_events(d, test, id, err);
    return rc ? rc : put_gaps(d, test, id, err);
}

static int take_test(struct export_sink *sink, const struct export_test *test, const struct export_range *range,
                     struct longhaul_error *err)
{
    (void)range;
    struct database *d = of(sink);
    struct export_text text = { 0 };
    const char *identity = put_identity(&text, test);
    int rc = identity ? execute(d, "BEGIN IMMEDIATE", err) : error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    if (rc == 0) {
        rc = put_all(d, test, identity, err);
        if (rc == 0)
            rc = execute(d, "COMMIT", err);
        if (rc != 0)
            sqlite3_exec(d->db, "ROLLBACK", NULL, NULL, NULL);
    }
    export_text_free(&text);
    sink->told->n_tests += rc == 0;
    sink->told->n_rows += rc == 0 ? test->n : 0;
    return rc;
}

static int close_database(struct export_sink *sink, bool is_good, struct longhaul_error *err)
{
    struct database *d = of(sink);
    sqlite3_stmt *const all[] = { d->find, d->drop[0], d->drop[1], d->drop[2], d->drop[3], d->test, d->interval,
                                  d->event, d->gap };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        sqlite3_finalize(all[i]);
    int rc = sqlite_guard_close(&d->guard, d->db) == SQLITE_OK || !is_good
                 ? 0
                 : error_set(err, LONGHAUL_EIO, "%s: cannot be closed", sink->options->path);
    free(d);
    return rc;
}

int export_open_sqlite(const struct longhaul_export_options *options, struct longhaul_exported *told,
                       struct export_sink **out, struct longhaul_error *err)
{
    static const struct export_sink_ops ops = { .test = take_test, .close = close_database };
    if (options->path == NULL || *options->path == 0)
        return error_set(err, LONGHAUL_EINVAL, "export: a database has a file");
    struct database *d = calloc(1, sizeof *d);
    if (d == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    d->sink = (struct export_sink){ &ops, options, told };
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    int rc = sqlite_guard_open(&d->guard, options->path, flags, &d->db) == SQLITE_OK ? 0 : fail_last(d, err);
    if (rc == 0)
        sqlite3_busy_timeout(d->db, WAIT_MS);
    if (rc == 0)
        rc = check_schema(d, err);
    if (rc == 0)
        rc = prepare_all(d, err);
    if (rc == 0)
        *out = &d->sink;
    else
        close_database(&d->sink, false, err);
    return rc;
}

#else

int export_open_sqlite(const struct longhaul_export_options *options, struct longhaul_exported *told,
                       struct export_sink **out, struct longhaul_error *err)
{
    (void)options, (void)told, (void)out;
    return error_set(err, LONGHAUL_ENOTBUILT, "export: this longhaul was built without SQLite (libsqlite3-dev)");
}

#endif
