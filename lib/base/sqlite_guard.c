/* sqlite_guard.c - what SQLite may touch: a database and its journals. A journal that somebody has put next to the
 * database may name any file as one that belongs to it, which SQLite then opens, and removes. */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/sqlite_guard.h"

static struct sqlite_guard *guard_of(sqlite3_vfs *vfs)
{
    return (struct sqlite_guard *)(void *)((char *)vfs - offsetof(struct sqlite_guard, vfs));
}

static bool is_own(const struct sqlite_guard *guard, const char *name)
{
    static const char *const endings[] = { "", "-journal", "-wal", "-shm" };
    size_t n = guard->path ? strlen(guard->path) : 0;
    bool is = false;
    for (size_t i = 0; n > 0 && name && i < sizeof endings / sizeof *endings; i++)
        is = is || (strncmp(name, guard->path, n) == 0 && strcmp(name + n, endings[i]) == 0);
    return is;
}

static int open_one(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    struct sqlite_guard *guard = guard_of(vfs);
    int code = guard->usual->xOpen(guard->usual, name, file, flags, out_flags);
    if (code == SQLITE_OK && (flags & SQLITE_OPEN_MAIN_DB))
        guard->path = name; /* there until the file is closed */
    return code;
}

/* What is not the database's is not there. A pipe in the place of a journal would be waited for. */
static int look_at(sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
    struct sqlite_guard *guard = guard_of(vfs);
    struct stat st;
    *result = 0;
    if (!is_own(guard, name))
        return SQLITE_OK;
    if (lstat(name, &st) == 0 && !S_ISREG(st.st_mode))
        return SQLITE_CANTOPEN;
    return guard->usual->xAccess(guard->usual, name, flags, result);
}

static int remove_one(sqlite3_vfs *vfs, const char *name, int syncs_folder)
{
    struct sqlite_guard *guard = guard_of(vfs);
    return is_own(guard, name) ? guard->usual->xDelete(guard->usual, name, syncs_folder) : SQLITE_IOERR_DELETE;
}

int sqlite_guard_open(struct sqlite_guard *guard, const char *path, int flags, sqlite3 **db)
{
    *db = NULL;
    *guard = (struct sqlite_guard){ .usual = sqlite3_vfs_find(NULL) };
    if (guard->usual == NULL)
        return SQLITE_NOMEM;
    guard->vfs = *guard->usual;
    snprintf(guard->name, sizeof guard->name, "longhaul-%p", (void *)guard);
    guard->vfs.pNext = NULL;
    guard->vfs.zName = guard->name;
    guard->vfs.xOpen = open_one;
    guard->vfs.xAccess = look_at;
    guard->vfs.xDelete = remove_one;
    int code = sqlite3_vfs_register(&guard->vfs, 0);
    if (code == SQLITE_OK)
        code = sqlite3_open_v2(path, db, flags, guard->name);
    if (code == SQLITE_OK)
        code = sqlite3_db_config(*db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(*db, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON", NULL, NULL, NULL);
    return code;
}

int sqlite_guard_close(struct sqlite_guard *guard, sqlite3 *db)
{
    int code = sqlite3_close(db);
    sqlite3_vfs_unregister(&guard->vfs);
    return code;
}
