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

sqlite3_stmt *store_prepare(struct store *store, const char *sql, struct longhaul_error *err)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK) {
        store_error(store, err);
        return NULL;
    }
    return statement;
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

double store_number(sqlite3_stmt *statement, int column)
{
    if (sqlite3_column_type(statement, column) == SQLITE_NULL)
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
    sqlite3_stmt *s = store_prepare(store, "SELECT value FROM about WHERE key = ?", err);
    if (s == NULL)
        return LONGHAUL_EIO;
    sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC);
    int code = sqlite3_step(s);
    int rc = code == SQLITE_ROW || code == SQLITE_DONE ? 0 : store_error(store, err);
    *out = rc == 0 ? strdup(code == SQLITE_ROW ? store_text(s, 0) : "") : NULL;
    sqlite3_finalize(s);
    return rc == 0 && *out == NULL ? error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", store->path) : rc;
}

int store_set_about(struct store *store, const char *key, const char *value, struct longhaul_error *err)
{
    sqlite3_stmt *s = store_prepare(store, "INSERT OR REPLACE INTO about VALUES(?, ?)", err);
    if (s == NULL)
        return LONGHAUL_EIO;
    sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 2, value, -1, SQLITE_STATIC);
    int rc = sqlite3_step(s) == SQLITE_DONE ? 0 : store_error(store, err);
    sqlite3_finalize(s);
    return rc;
}
