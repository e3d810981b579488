/* store_guard.c - what SQLite may touch next to the index: its journal and nothing else. A journal that somebody has
 * put there may name any file as one that belongs to it, which SQLite then opens, and removes. */

#include <stdio.h>
#include <string.h>

#include "archive/store_inside.h"
#include "base/error.h"

static struct store *store_of(sqlite3_vfs *vfs)
{
    return (struct store *)(void *)((char *)vfs - offsetof(struct store, guard));
}

static bool is_own(const struct store *store, const char *name)
{
    static const char *const endings[] = { "", "-journal", "-wal", "-shm" };
    size_t n = strlen(store->path);
    bool is = false;
    for (size_t i = 0; name && i < sizeof endings / sizeof *endings; i++)
        is = is || (strncmp(name, store->path, n) == 0 && strcmp(name + n, endings[i]) == 0);
    return is;
}

/* What is not the index's is not there. */
static int look_at(sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
    struct store *store = store_of(vfs);
    *result = 0;
    return is_own(store, name) ? store->usual->xAccess(store->usual, name, flags, result) : SQLITE_OK;
}

static int remove_one(sqlite3_vfs *vfs, const char *name, int syncs_folder)
{
    struct store *store = store_of(vfs);
    return is_own(store, name) ? store->usual->xDelete(store->usual, name, syncs_folder) : SQLITE_IOERR_DELETE;
}

int store_guard(struct store *store, struct longhaul_error *err)
{
    store->usual = sqlite3_vfs_find(NULL);
    if (store->usual == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", store->path);
    store->guard = *store->usual;
    snprintf(store->guard_name, sizeof store->guard_name, "longhaul-%p", (void *)store);
    store->guard.pNext = NULL;
    store->guard.zName = store->guard_name;
    store->guard.xAccess = look_at;
    store->guard.xDelete = remove_one;
    store->is_guarded = sqlite3_vfs_register(&store->guard, 0) == SQLITE_OK;
    return store->is_guarded ? 0 : error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", store->path);
}

void store_unguard(struct store *store)
{
    if (store->is_guarded)
        sqlite3_vfs_unregister(&store->guard);
    store->is_guarded = false;
}
