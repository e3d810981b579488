/* store_write.c - puts files, tests and their rows into the index, each within the transaction that is open. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "archive/store_inside.h"
#include "base/error.h"

static const char *const statements[] = {
    [STORE_PUT_FILE] = "INSERT OR REPLACE INTO file VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [STORE_DROP_FILE] = "DELETE FROM file WHERE path = ?",
    [STORE_NEW_UNIT] = "INSERT INTO unit DEFAULT VALUES",
    [STORE_CLEAR_UNIT] = "DELETE FROM test WHERE unit = ?",
    [STORE_CLEAR_SESSIONS] = "DELETE FROM session WHERE unit = ?",
    [STORE_PUT_LEG] = "INSERT OR IGNORE INTO leg(source, destination, protocol) VALUES(?, ?, ?)",
    [STORE_FIND_LEG] = "SELECT id FROM leg WHERE source = ? AND destination = ? AND protocol = ?",
    [STORE_PUT_TEST] = "INSERT INTO test VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [STORE_PUT_EVENT] = "INSERT INTO event VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [STORE_PUT_GAP] = "INSERT INTO gap VALUES(?, ?, ?, ?, ?)",
    [STORE_PUT_OBJECTIVE] = "INSERT INTO objective VALUES(?, ?, ?, ?, ?, ?)",
    [STORE_PUT_SESSION] = "INSERT OR IGNORE INTO session VALUES(?, ?)",
    [STORE_FIND_SESSION] = "SELECT unit FROM session WHERE cookie = ? AND unit <> ? LIMIT 1",
    [STORE_FIND_UNIT] = "SELECT max(end_unix_s), max(is_in_progress), (SELECT count(note) FROM file WHERE unit = ?1) "
                        "FROM test WHERE unit = ?1",
    [STORE_COUNT_INTERVALS] =
        "SELECT total(n_intervals), total(known_packets) FROM day WHERE test IN (SELECT id FROM test WHERE unit = ?)",
};

/* The statement for a row of the hours or days: it has as many values as a cell has members. */
static char *cell_sql(enum store_statement which)
{
    char *marks = malloc(2 * cell_n_members + 1), *sql = NULL;
    for (size_t i = 0; marks && i < cell_n_members; i++)
        memcpy(marks + 2 * i, ",?", 3);
    if (marks && asprintf(&sql, "INSERT INTO %s VALUES(?,?%s,?,?)", which == STORE_PUT_DAY ? "day" : "hour", marks) < 0)
        sql = NULL;
    free(marks);
    return sql;
}

/* Made once, reset after each use. */
static int get(struct store *store, enum store_statement which, sqlite3_stmt **out, struct longhaul_error *err)
{
    bool is_cell = which == STORE_PUT_HOUR || which == STORE_PUT_DAY;
    char *made = NULL;
    int rc = 0;
    *out = store->statements[which];
    if (*out)
        return 0;
    if (is_cell && (made = cell_sql(which)) == NULL)
        rc = error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", store->path);
    if (rc == 0)
        rc = store_prepare(store, is_cell ? made : statements[which], out, err);
    free(made);
    store->statements[which] = *out;
    return rc;
}

static int reset(sqlite3_stmt *s, int rc)
{
    sqlite3_reset(s);
    sqlite3_clear_bindings(s);
    return rc;
}

static int finish(struct store *store, sqlite3_stmt *s, struct longhaul_error *err)
{
    return reset(s, store_step(store, s, err));
}

#define GET(s, which)                                                                                                  \
    sqlite3_stmt *s;                                                                                                   \
    int rc = get(store, which, &s, err);                                                                               \
    if (rc != 0)                                                                                                       \
    return rc

/* ---- files, units, sessions */

int store_put_file(struct store *store, const struct store_file *file, struct longhaul_error *err)
{
    GET(s, STORE_PUT_FILE);
    store_bind_text(store, s, 1, file->path);
    const int64_t numbers[] = { file->unit,  file->size,  file->mtime_ns,    file->ctime_ns,
                                file->inode, file->print, file->is_receiver, file->is_gone };
    for (int i = 0; i < (int)(sizeof numbers / sizeof *numbers); i++)
        store_bind_integer(store, s, 2 + i, numbers[i]);
    store_bind_text(store, s, 10, file->note);
    return finish(store, s, err);
}

int store_read_all_again(struct store *store, struct longhaul_error *err)
{
    return store_run(store, "UPDATE file SET size = -1 WHERE is_gone = 0", err);
}

int store_drop_file(struct store *store, const char *path, struct longhaul_error *err)
{
    GET(s, STORE_DROP_FILE);
    store_bind_text(store, s, 1, path);
    return finish(store, s, err);
}

int store_new_unit(struct store *store, int64_t *unit, struct longhaul_error *err)
{
    GET(s, STORE_NEW_UNIT);
    rc = finish(store, s, err);
    *unit = sqlite3_last_insert_rowid(store->db);
    return rc;
}

#define OF_UNIT " WHERE test IN (SELECT id FROM test WHERE unit = %lld);"

/* Of the tables whose rows belong to tests. */
static int clear_rows(struct store *store, int64_t unit, struct longhaul_error *err)
{
    long long n = unit;
    char *sql = sqlite3_mprintf("DELETE FROM hour" OF_UNIT "DELETE FROM day" OF_UNIT "DELETE FROM event" OF_UNIT
                                "DELETE FROM gap" OF_UNIT "DELETE FROM objective" OF_UNIT, n, n, n, n, n);
    int rc = sql ? store_run(store, sql, err) : error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", store->path);
    sqlite3_free(sql);
    return rc;
}

static int run_on_unit(struct store *store, enum store_statement which, int64_t unit, struct longhaul_error *err)
{
    GET(s, which);
    store_bind_integer(store, s, 1, unit);
    return finish(store, s, err);
}

int store_clear_unit(struct store *store, int64_t unit, struct longhaul_error *err)
{
    int rc = clear_rows(store, unit, err);
    if (rc == 0)
        rc = run_on_unit(store, STORE_CLEAR_UNIT, unit, err);
    return rc == 0 ? run_on_unit(store, STORE_CLEAR_SESSIONS, unit, err) : rc;
}

int store_put_session(struct store *store, int64_t unit, const char *cookie, struct longhaul_error *err)
{
    GET(s, STORE_PUT_SESSION);
    store_bind_text(store, s, 1, cookie);
    store_bind_integer(store, s, 2, unit);
    return finish(store, s, err);
}

int store_unit_of_session(struct store *store, const char *cookie, int64_t unit, int64_t *other,
                          struct longhaul_error *err)
{
    GET(s, STORE_FIND_SESSION);
    store_bind_text(store, s, 1, cookie);
    store_bind_integer(store, s, 2, unit);
    rc = store_step(store, s, err);
    *other = rc == 1 ? sqlite3_column_int64(s, 0) : 0;
    return reset(s, rc < 0 ? rc : 0);
}

int store_unit_extent(struct store *store, int64_t unit, struct store_extent *extent, struct longhaul_error *err)
{
    GET(s, STORE_COUNT_INTERVALS);
    store_bind_integer(store, s, 1, unit);
    rc = store_step(store, s, err);
    *extent = (struct store_extent){ 0, 0 };
    if (rc == 1)
        *extent = (struct store_extent){ store_number(s, 0), store_number(s, 1) };
    return reset(s, rc < 0 ? rc : 0);
}

int store_unit_of(struct store *store, int64_t unit, struct store_unit *out, struct longhaul_error *err)
{
    GET(s, STORE_FIND_UNIT);
    store_bind_integer(store, s, 1, unit);
    rc = store_step(store, s, err);
    *out = (struct store_unit){ NAN, true, true };
    if (rc == 1)
        *out = (struct store_unit){ store_number(s, 0), sqlite3_column_int(s, 1) != 0, sqlite3_column_int(s, 2) != 0 };
    return reset(s, rc < 0 ? rc : 0);
}

/* ---- tests */

static int run_on_leg(struct store *store, enum store_statement which, const struct archive_test *test, int64_t *id,
                      struct longhaul_error *err)
{
    GET(s, which);
    store_bind_text(store, s, 1, test->source);
    store_bind_text(store, s, 2, test->destination);
    store_bind_text(store, s, 3, test->protocol);
    rc = store_step(store, s, err);
    if (rc == 1)
        *id = sqlite3_column_int64(s, 0);
    return reset(s, rc);
}

static int find_leg(struct store *store, const struct archive_test *test, int64_t *leg, struct longhaul_error *err)
{
    int rc = run_on_leg(store, STORE_PUT_LEG, test, leg, err);
    if (rc == 0)
        rc = run_on_leg(store, STORE_FIND_LEG, test, leg, err);
    return rc == 0 ? error_set(err, LONGHAUL_EFORMAT, "%s: the index is damaged: a leg is not there", store->path)
                   : rc == 1 ? 0 : rc;
}

static int put_cells(struct store *store, int64_t test, const struct test_cells *cells, enum store_statement which,
                     struct longhaul_error *err)
{
    GET(s, which);
    int n = (int)cell_n_members;
    for (size_t i = 0; rc == 0 && i < cells->n; i++) {
        const struct archive_cell *c = &cells->cells[i];
        store_bind_integer(store, s, 1, test);
        store_bind_integer(store, s, 2, (int64_t)c->unix_s);
        for (int k = 0; k < n; k++)
            store_bind_number(store, s, 3 + k, cell_value_of(c, &cell_members[k]));
        store_bind_text(store, s, 3 + n, c->jitter);
        store_bind_text(store, s, 4 + n, c->delay);
        rc = finish(store, s, err);
    }
    return rc;
}

static int put_events(struct store *store, int64_t id, const struct archive_test *test, struct longhaul_error *err)
{
    GET(s, STORE_PUT_EVENT);
    for (size_t i = 0; rc == 0 && i < test->n_events; i++) {
        const struct longhaul_event *e = &test->events[i];
        store_bind_integer(store, s, 1, id);
        store_bind_text(store, s, 2, event_kind_key(e->kind));
        store_bind_text(store, s, 3, e->cause);
        store_bind_number(store, s, 4, e->start_unix_s);
        store_bind_number(store, s, 5, e->seconds);
        store_bind_integer(store, s, 6, e->is_open);
        const double figures[] = { e->lost_packets, e->level, e->peak, e->usual };
        for (int k = 0; k < 4; k++)
            store_bind_number(store, s, 7 + k, figures[k]);
        rc = finish(store, s, err);
    }
    return rc;
}

static int put_gaps(struct store *store, int64_t id, const struct archive_test *test, struct longhaul_error *err)
{
    GET(s, STORE_PUT_GAP);
    for (size_t i = 0; rc == 0 && i < test->n_gaps; i++) {
        const struct longhaul_gap *g = &test->gaps[i];
        store_bind_integer(store, s, 1, id);
        store_bind_number(store, s, 2, g->start_s);
        store_bind_number(store, s, 3, g->seconds);
        store_bind_number(store, s, 4, g->seconds_seen);
        store_bind_text(store, s, 5, g->cause);
        rc = finish(store, s, err);
    }
    return rc;
}

static int put_objectives(struct store *store, int64_t id, const struct archive_test *test, struct longhaul_error *err)
{
    GET(s, STORE_PUT_OBJECTIVE);
    for (size_t i = 0; rc == 0 && i < test->n_objectives; i++) {
        const struct test_objective *o = &test->objectives[i];
        char text[LONGHAUL_OBJECTIVE_TEXT];
        longhaul_objective_text(&o->objective, text);
        store_bind_integer(store, s, 1, id);
        store_bind_text(store, s, 2, text);
        const double counts[] = { o->n_good, o->n_bad, o->n_unknown, o->n_to_come };
        for (int k = 0; k < 4; k++)
            store_bind_number(store, s, 3 + k, counts[k]);
        rc = finish(store, s, err);
    }
    return rc;
}

static int put_test(struct store *store, int64_t unit, const struct archive_test *test, int64_t *id,
                    struct longhaul_error *err)
{
    GET(s, STORE_PUT_TEST);
    int64_t leg = 0;
    rc = find_leg(store, test, &leg, err);
    if (rc != 0)
        return rc;
    store_bind_integer(store, s, 1, leg);
    store_bind_integer(store, s, 2, unit);
    const double figures[] = { test->start_unix_s, test->end_unix_s, test->planned_s,
                               test->lost,         test->total,      test->loss_percent };
    for (int k = 0; k < 6; k++)
        store_bind_number(store, s, 3 + k, figures[k]);
    store_bind_text(store, s, 9, test->verdict);
    store_bind_integer(store, s, 10, test->is_in_progress);
    rc = finish(store, s, err);
    *id = sqlite3_last_insert_rowid(store->db);
    return rc;
}

int store_put_test(struct store *store, int64_t unit, const struct archive_test *test, struct longhaul_error *err)
{
    int64_t id = 0;
    int rc = put_test(store, unit, test, &id, err);
    if (rc == 0)
        rc = put_cells(store, id, &test->hours, STORE_PUT_HOUR, err);
    if (rc == 0)
        rc = put_cells(store, id, &test->days, STORE_PUT_DAY, err);
    if (rc == 0)
        rc = put_events(store, id, test, err);
    if (rc == 0)
        rc = put_gaps(store, id, test, err);
    return rc == 0 ? put_objectives(store, id, test, err) : rc;
}
