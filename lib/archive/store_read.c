/* store_read.c - reads the index. What it says is not trusted: each number may be any, or none. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "archive/store_inside.h"
#include "base/error.h"

static int out_of_memory(const struct store *store, struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", store->path);
}

/* Calls row() for each row of a statement, which is finished then. */
typedef int row_cb(sqlite3_stmt *statement, void *payload, struct longhaul_error *err);
static int each_row(struct store *store, sqlite3_stmt *s, row_cb *row, void *payload, struct longhaul_error *err)
{
    int rc;
    while ((rc = store_step(store, s, err)) == 1) {
        rc = row(s, payload, err);
        if (rc == 0)
            rc = store_check_row(store, err);
        if (rc != 0)
            break;
    }
    sqlite3_finalize(s);
    return rc;
}

/* ---- files */

struct file_list {
    const struct store *store;
    struct store_file *files;
    size_t n, capacity;
};

static int take_file(sqlite3_stmt *s, void *payload, struct longhaul_error *err)
{
    struct file_list *list = payload;
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        struct store_file *grown = realloc(list->files, capacity * sizeof *grown);
        if (grown == NULL)
            return out_of_memory(list->store, err);
        list->files = grown;
        list->capacity = capacity;
    }
    struct store_file *file = &list->files[list->n++];
    const char *note = (const char *)sqlite3_column_text(s, 9);
    *file = (struct store_file){ .path = strdup(store_text(s, 0)),
                                 .unit = sqlite3_column_int64(s, 1),
                                 .size = sqlite3_column_int64(s, 2),
                                 .mtime_ns = sqlite3_column_int64(s, 3),
                                 .ctime_ns = sqlite3_column_int64(s, 4),
                                 .inode = sqlite3_column_int64(s, 5),
                                 .print = sqlite3_column_int64(s, 6),
                                 .is_receiver = sqlite3_column_int(s, 7) != 0,
                                 .is_gone = sqlite3_column_int(s, 8) != 0,
                                 .note = note ? strdup(note) : NULL };
    return file->path && (note == NULL || file->note) ? 0 : out_of_memory(list->store, err);
}

int store_files(struct store *store, struct store_file **out, size_t *n, struct longhaul_error *err)
{
    struct file_list list = { .store = store };
    sqlite3_stmt *s;
    int rc = store_prepare(store, "SELECT * FROM file ORDER BY path", &s, err);
    if (rc == 0)
        rc = each_row(store, s, take_file, &list, err);
    if (rc != 0) {
        store_free_files(list.files, list.n);
        return rc;
    }
    *out = list.files;
    *n = list.n;
    return 0;
}

void store_free_files(struct store_file *files, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(files[i].path);
        free(files[i].note);
    }
    free(files);
}

/* ---- rows of tests */

#define LEG_COLUMNS "leg.id, leg.source, leg.destination, leg.protocol, raw.state"
/* Of each unit: 0 while all of its files are there, 2 when none is. */
#define RAW_TABLE                                                                                                      \
    "WITH raw AS (SELECT unit, CASE total(is_gone) WHEN 0 THEN 0 WHEN count(*) THEN 2 ELSE 1 END AS state FROM file "  \
    "GROUP BY unit) "
#define OF_TEST " JOIN leg ON leg.id = test.leg LEFT JOIN raw ON raw.unit = test.unit "

static struct store_leg leg_of(sqlite3_stmt *s)
{
    return (struct store_leg){ sqlite3_column_int64(s, 0), store_text(s, 1), store_text(s, 2), store_text(s, 3) };
}

static enum store_raw raw_of(sqlite3_stmt *s)
{
    int state = sqlite3_column_type(s, 4) == SQLITE_NULL ? STORE_RAW_GONE : sqlite3_column_int(s, 4);
    return state == 0 ? STORE_RAW_THERE : state == 1 ? STORE_RAW_PARTLY : STORE_RAW_GONE;
}

/* A statement whose first two values are the times. */
static int prepare_times(struct store *store, const char *sql, double from_s, double to_s, sqlite3_stmt **s,
                         struct longhaul_error *err)
{
    int rc = store_prepare(store, sql, s, err);
    if (rc != 0)
        return rc;
    store_bind_number(store, *s, 1, isfinite(from_s) ? from_s : -1e15);
    store_bind_number(store, *s, 2, isfinite(to_s) ? to_s : 1e15);
    return 0;
}

struct cell_walk {
    store_take_row *take;
    void *payload;
    bool with_histograms;
};

static int take_cell(sqlite3_stmt *s, void *payload, struct longhaul_error *err)
{
    const struct cell_walk *walk = payload;
    struct archive_cell cell;
    int at = 7, n = (int)cell_n_members;
    cell_clear(&cell, store_number(s, 6));
    for (int k = 0; k < n; k++) {
        double value = store_number(s, at + k);
        if (!isnan(value))
            *cell_value(&cell, &cell_members[k]) = value;
    }
    char empty[] = "";
    if (walk->with_histograms) { /* only read: the cell of a test owns its texts, this one does not */
        cell.jitter = (char *)(uintptr_t)sqlite3_column_text(s, at + n);
        cell.delay = (char *)(uintptr_t)sqlite3_column_text(s, at + n + 1);
    }
    cell.jitter = cell.jitter ? cell.jitter : empty;
    cell.delay = cell.delay ? cell.delay : empty;
    struct store_row row = { leg_of(s), sqlite3_column_int64(s, 5), raw_of(s), &cell };
    return isnan(cell.unix_s) ? 0 : walk->take(walk->payload, &row, err);
}

int store_each_cell(struct store *store, bool is_day, bool with_histograms, double from_s, double to_s,
                    store_take_row *take, void *payload, struct longhaul_error *err)
{
    struct cell_walk walk = { take, payload, with_histograms };
    char *columns = store_cell_columns("cell.", "");
    char *sql =
        !columns
            ? NULL
            : sqlite3_mprintf(RAW_TABLE
                              "SELECT " LEG_COLUMNS
                              ", test.id, cell.unix_s, %s%s FROM %s AS cell JOIN test ON test.id = cell.test" OF_TEST
                              "WHERE cell.unix_s >= ? AND cell.unix_s < ? "
                              "ORDER BY leg.source, leg.destination, leg.protocol, cell.unix_s, test.id",
                              columns, with_histograms ? ", cell.jitter, cell.delay" : "", is_day ? "day" : "hour");
    free(columns);
    sqlite3_stmt *s;
    int rc = sql ? prepare_times(store, sql, from_s, to_s, &s, err) : out_of_memory(store, err);
    sqlite3_free(sql);
    return rc == 0 ? each_row(store, s, take_cell, &walk, err) : rc;
}

struct event_walk {
    store_take_event *take;
    void *payload;
};

static int take_event(sqlite3_stmt *s, void *payload, struct longhaul_error *err)
{
    const struct event_walk *walk = payload;
    struct store_event e = { .leg = leg_of(s),
                             .raw = raw_of(s),
                             .kind = store_text(s, 5),
                             .cause = store_text(s, 6),
                             .start_unix_s = store_number(s, 7),
                             .seconds = store_number(s, 8),
                             .is_open = sqlite3_column_int(s, 9) != 0,
                             .lost_packets = store_number(s, 10),
                             .level = store_number(s, 11),
                             .peak = store_number(s, 12),
                             .usual = store_number(s, 13) };
    return walk->take(walk->payload, &e, err);
}

int store_each_event(struct store *store, const char *kind, double from_s, double to_s, store_take_event *take,
                     void *payload, struct longhaul_error *err)
{
    struct event_walk walk = { take, payload };
    sqlite3_stmt *s;
    int rc = prepare_times(
        store,
        RAW_TABLE "SELECT " LEG_COLUMNS ", e.kind, e.cause, e.start_unix_s, e.seconds, e.is_open, e.lost_packets, "
                  "e.level, e.peak, e.usual FROM event AS e JOIN test ON test.id = e.test" OF_TEST
                  "WHERE e.start_unix_s + e.seconds > ? AND e.start_unix_s < ? AND (?3 IS NULL OR e.kind = ?3) "
                  "ORDER BY e.start_unix_s, leg.id",
        from_s, to_s, &s, err);
    if (rc != 0)
        return rc;
    store_bind_text(store, s, 3, kind);
    return each_row(store, s, take_event, &walk, err);
}

struct gap_walk {
    store_take_gap *take;
    void *payload;
};

static int take_gap(sqlite3_stmt *s, void *payload, struct longhaul_error *err)
{
    const struct gap_walk *walk = payload;
    struct store_gap g = { .leg = leg_of(s),
                           .start_unix_s = store_number(s, 5),
                           .seconds = store_number(s, 6),
                           .cause = store_text(s, 7) };
    return walk->take(walk->payload, &g, err);
}

int store_each_gap(struct store *store, double from_s, double to_s, store_take_gap *take, void *payload,
                   struct longhaul_error *err)
{
    struct gap_walk walk = { take, payload };
    sqlite3_stmt *s;
    int rc = prepare_times(
        store,
        RAW_TABLE "SELECT " LEG_COLUMNS ", g.start_unix_s, g.seconds, g.cause FROM gap AS g JOIN test ON test.id = "
                  "g.test" OF_TEST "WHERE g.start_unix_s + g.seconds > ? AND g.start_unix_s < ? "
                  "ORDER BY leg.source, leg.destination, leg.protocol, g.start_unix_s",
        from_s, to_s, &s, err);
    return rc == 0 ? each_row(store, s, take_gap, &walk, err) : rc;
}

struct test_walk {
    store_take_test *take;
    void *payload;
};

static int take_test(sqlite3_stmt *s, void *payload, struct longhaul_error *err)
{
    const struct test_walk *walk = payload;
    struct store_test t = { .leg = leg_of(s),
                            .raw = raw_of(s),
                            .path = store_text(s, 5),
                            .start_unix_s = store_number(s, 6),
                            .end_unix_s = store_number(s, 7),
                            .planned_s = store_number(s, 8),
                            .lost = store_number(s, 9),
                            .total = store_number(s, 10),
                            .loss_percent = store_number(s, 11),
                            .is_in_progress = sqlite3_column_int(s, 12) != 0 };
    return walk->take(walk->payload, &t, err);
}

int store_each_test(struct store *store, double from_s, double to_s, store_take_test *take, void *payload,
                    struct longhaul_error *err)
{
    struct test_walk walk = { take, payload };
    sqlite3_stmt *s;
    int rc = prepare_times(
        store,
        RAW_TABLE "SELECT " LEG_COLUMNS ", (SELECT min(path) FROM file WHERE file.unit = test.unit), "
                  "test.start_unix_s, test.end_unix_s, test.planned_s, test.lost, test.total, test.loss_percent, "
                  "test.is_in_progress FROM test" OF_TEST "WHERE test.end_unix_s >= ? AND test.start_unix_s < ? "
                  "ORDER BY leg.source, leg.destination, leg.protocol, test.start_unix_s",
        from_s, to_s, &s, err);
    return rc == 0 ? each_row(store, s, take_test, &walk, err) : rc;
}

struct stretch_walk {
    store_take_stretch *take;
    void *payload;
};

static int take_stretch(sqlite3_stmt *s, void *payload, struct longhaul_error *err)
{
    const struct stretch_walk *walk = payload;
    struct store_stretch row = { .leg = sqlite3_column_int64(s, 0),
                                 .test = sqlite3_column_int64(s, 1),
                                 .start_unix_s = store_number(s, 2),
                                 .end_unix_s = store_number(s, 3),
                                 .planned_days_s = store_number(s, 4),
                                 .gap_unix_s = store_number(s, 5),
                                 .gap_s = store_number(s, 6) };
    return walk->take(walk->payload, &row, err);
}

int store_each_stretch(struct store *store, double from_s, double to_s, store_take_stretch *take, void *payload,
                       struct longhaul_error *err)
{
    struct stretch_walk walk = { take, payload };
    sqlite3_stmt *s;
    int rc = prepare_times(
        store,
        "SELECT test.leg, test.id, test.start_unix_s, test.end_unix_s, "
        "(SELECT total(planned_s) FROM day WHERE day.test = test.id), gap.start_unix_s, gap.seconds "
        "FROM test LEFT JOIN gap ON gap.test = test.id AND coalesce(gap.seconds_seen, 0) <= 0 "
        "WHERE max(test.end_unix_s, test.start_unix_s + coalesce(test.planned_s, 0)) >= ? AND test.start_unix_s < ? "
        "ORDER BY test.leg, test.id, gap.start_unix_s",
        from_s, to_s, &s, err);
    return rc == 0 ? each_row(store, s, take_stretch, &walk, err) : rc;
}

struct objective_walk {
    store_take_objective *take;
    void *payload;
};

static int take_objective(sqlite3_stmt *s, void *payload, struct longhaul_error *err)
{
    const struct objective_walk *walk = payload;
    struct store_objective o = { .leg = leg_of(s),
                                 .start_unix_s = store_number(s, 5),
                                 .end_unix_s = store_number(s, 6),
                                 .planned_s = store_number(s, 7),
                                 .text = store_text(s, 8),
                                 .n_good = store_number(s, 9),
                                 .n_bad = store_number(s, 10),
                                 .n_unknown = store_number(s, 11),
                                 .n_to_come = store_number(s, 12) };
    return walk->take(walk->payload, &o, err);
}

int store_each_objective(struct store *store, double from_s, double to_s, store_take_objective *take, void *payload,
                         struct longhaul_error *err)
{
    struct objective_walk walk = { take, payload };
    sqlite3_stmt *s;
    int rc = prepare_times(
        store,
        RAW_TABLE "SELECT " LEG_COLUMNS ", test.start_unix_s, test.end_unix_s, test.planned_s, o.text, o.n_good, "
                  "o.n_bad, o.n_unknown, o.n_to_come FROM objective AS o JOIN test ON test.id = o.test" OF_TEST
                  "WHERE test.start_unix_s >= ? AND "
                  "test.start_unix_s < ? ORDER BY leg.source, leg.destination, leg.protocol, o.text, test.start_unix_s",
        from_s, to_s, &s, err);
    return rc == 0 ? each_row(store, s, take_objective, &walk, err) : rc;
}
