/* store_inside.h - what store*.c share. */
#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include <sqlite3.h>

#include "archive/store.h"
#include "base/sqlite_guard.h"

enum store_statement {
    STORE_PUT_FILE,
    STORE_DROP_FILE,
    STORE_NEW_UNIT,
    STORE_CLEAR_UNIT,
    STORE_CLEAR_SESSIONS,
    STORE_PUT_LEG,
    STORE_FIND_LEG,
    STORE_PUT_TEST,
    STORE_PUT_HOUR,
    STORE_PUT_DAY,
    STORE_PUT_EVENT,
    STORE_PUT_GAP,
    STORE_PUT_OBJECTIVE,
    STORE_PUT_SESSION,
    STORE_FIND_SESSION,
    STORE_COUNT_INTERVALS, STORE_FIND_UNIT,
    STORE_N_STATEMENTS
};

struct store {
    sqlite3 *db;
    struct sqlite_guard guard;
    char *path;
    int lock; /* descriptor of the file, with a flock; closed after db, because that drops SQLite's own locks */
    sqlite3_stmt *statements[STORE_N_STATEMENTS]; /* made when they are first used */
    bool has_unbound; /* a value could not be given to the statement that is being made ready */
};

/* Sets the error of the last call of SQLite: damage as LONGHAUL_EFORMAT, with how to mend it. */
int store_error(const struct store *store, struct longhaul_error *err);
int store_prepare(struct store *store, const char *sql, sqlite3_stmt **out, struct longhaul_error *err);
/* Values of a statement: NULL for what is unknown (NAN, a NULL pointer). Texts are borrowed until it has run. */
void store_bind_number(struct store *store, sqlite3_stmt *statement, int at, double value);
void store_bind_integer(struct store *store, sqlite3_stmt *statement, int at, int64_t value);
void store_bind_text(struct store *store, sqlite3_stmt *statement, int at, const char *text);
/* One step of a statement: 1 for a row, 0 at the end. */
int store_step(struct store *store, sqlite3_stmt *statement, struct longhaul_error *err);
/* After the values of a row were taken: 0, or an error if memory ran out for one of them. */
int store_check_row(const struct store *store, struct longhaul_error *err);
/* Runs statements without values. */
int store_run(struct store *store, const char *sql, struct longhaul_error *err);
/* The names of a cell's figures as columns, with a prefix before each, and after it a suffix. */
char *store_cell_columns(const char *prefix, const char *suffix);
/* NAN where the column is NULL, or anything else than a finite number. */
double store_number(sqlite3_stmt *statement, int column);
/* "" for NULL. */
const char *store_text(sqlite3_stmt *statement, int column);

#endif
