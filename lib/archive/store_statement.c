/* store_statement.c - what all statements of the index need: errors, values, and the few facts about the index itself.
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/store_inside.h"
#include "base/error.h"

/* ---- errors */

int store_error(const struct store *store, struct longhaul_error *err)
{
    int code = sqlite3_errcode(store->db) & 0xff;
    const char *text = sqlite3_errmsg(store->db);
    if (code == SQLITE_NOMEM)
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", store->path);
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_MISMATCH)
        return error_set(err, LONGHAUL_EFORMAT,
                         "%s: the index is damaged (%s): `longhaul archive --rebuild` makes it "
                         "again",
                         store->path, text);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        return error_set(err, LONGHAUL_EBUSY, "%s: another program is using the index", store->path);
    return error_set(err, LONGHAUL_EIO, "%s: %s", store->path, text);
}

int store_run(struct store *store, const char *sql, struct longhaul_error *err)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : store_error(store, err);
}

int store_prepare(struct store *store, const char *sql, sqlite3_stmt **out, struct longhaul_error *err)
{
    *out = NULL;
    store->has_unbound = false;
    return sqlite3_prepare_v2(store->db, sql, -1, out, NULL) == SQLITE_OK ? 0 : store_error(store, err);
}

int store_step(struct store *store, sqlite3_stmt *statement, struct longhaul_error *err)
{
    bool has_unbound = store->has_unbound;
    store->has_unbound = false;
    if (has_unbound)
        return error_set(err, LONGHAUL_EIO, "%s: a value cannot be given to the database", store->path);
    int code = sqlite3_step(statement);
    return code == SQLITE_ROW ? 1 : code == SQLITE_DONE ? 0 : store_error(store, err);
}

int store_check_row(const struct store *store, struct longhaul_error *err)
{
    return sqlite3_errcode(store->db) == SQLITE_NOMEM ? store_error(store, err) : 0;
}

/* ---- values */

char *store_cell_columns(const char *prefix, const char *suffix)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    for (size_t i = 0; i < cell_n_members; i++)
        fprintf(out, "%s%s%s%s", i > 0 ? ", " : "", prefix, cell_members[i].name, suffix);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

void store_bind_number(struct store *store, sqlite3_stmt *s, int at, double value)
{
    int code = isfinite(value) ? sqlite3_bind_double(s, at, value) : sqlite3_bind_null(s, at);
    store->has_unbound = store->has_unbound || code != SQLITE_OK;
}

void store_bind_integer(struct store *store, sqlite3_stmt *s, int at, int64_t value)
{
    store->has_unbound = store->has_unbound || sqlite3_bind_int64(s, at, value) != SQLITE_OK;
}

void store_bind_text(struct store *store, sqlite3_stmt *s, int at, const char *text)
{
    store->has_unbound = store->has_unbound || sqlite3_bind_text(s, at, text, -1, SQLITE_STATIC) != SQLITE_OK;
}

double store_number(sqlite3_stmt *statement, int column)
{
    int type = sqlite3_column_type(statement, column);
    if (type != SQLITE_INTEGER && type != SQLITE_FLOAT)
        return NAN;
    double value = sqlite3_column_double(statement, column);
    return isfinite(value) ? value : NAN;
}

const char *store_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    return text ? (const char *)text : "";
}

/* ---- about the index */

int store_about(struct store *store, const char *key, char **out, struct longhaul_error *err)
{
    sqlite3_stmt *s;
    int rc = store_prepare(store, "SELECT value FROM about WHERE key = ?", &s, err);
    *out = NULL;
    if (rc != 0)
        return rc;
    store_bind_text(store, s, 1, key);
    rc = store_step(store, s, err);
    if (rc >= 0)
        *out = strdup(rc == 1 ? store_text(s, 0) : "");
    rc = rc == 1 ? store_check_row(store, err) : rc;
    sqlite3_finalize(s);
    if (rc == 0 && *out == NULL)
        rc = error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", store->path);
    if (rc == 0)
        return 0;
    free(*out);
    *out = NULL;
    return rc;
}

int store_set_about(struct store *store, const char *key, const char *value, struct longhaul_error *err)
{
    sqlite3_stmt *s;
    int rc = store_prepare(store, "INSERT OR REPLACE INTO about VALUES(?, ?)", &s, err);
    if (rc != 0)
        return rc;
    store_bind_text(store, s, 1, key);
    store_bind_text(store, s, 2, value);
    rc = store_step(store, s, err);
    sqlite3_finalize(s);
    return rc;
}
