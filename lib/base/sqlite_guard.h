/* sqlite_guard.h - opens a database of SQLite's in a folder where others may write. */
#ifndef SQLITE_GUARD_H
#define SQLITE_GUARD_H

#include <sqlite3.h>

/* Stays where it is while the database is open. */
struct sqlite_guard {
    sqlite3_vfs vfs, *usual; /* files as SQLite sees them */
    char name[40];
    const char *path; /* of the database, without links; SQLite's */
};

/* As sqlite3_open_v2(), of which it returns the code; the database's schema and pages are not trusted. SQLite sees the
 * database and its journals, and no other file. */
int sqlite_guard_open(struct sqlite_guard *guard, const char *path, int flags, sqlite3 **db);
/* As sqlite3_close(), also where opening failed, or was not tried with a guard that is all zero. */
int sqlite_guard_close(struct sqlite_guard *guard, sqlite3 *db);

#endif
