/* record_search.c - the folders below a folder in which records may be. Follows no link, looks into no hidden folder,
 * and not deeper than RECORD_SEARCH_DEPTH. Reads no file. */

#include "read/record_search.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "model/leg.h"

struct search {
    record_search_taker *take;
    void *payload;
};

static int may_be_folder(const struct dirent *entry)
{
    bool is_kind = entry->d_type == DT_DIR || entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN;
    return is_kind && strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* Version 0.1 kept copies of columns in it. */
#define OLD_CACHE ".longhaul"

/* What a path is; false for what is not a folder, or is known to have no records. A link named "receiver" is read with
 * the folder in which it is. */
static bool kind_of(const char *path, const char *name, int depth, enum record_folder *kind)
{
    struct stat own, led;
    if (strcmp(name, OLD_CACHE) == 0 || lstat(path, &own) != 0)
        return false;
    bool is_link = S_ISLNK(own.st_mode);
    if (is_link ? stat(path, &led) != 0 || !S_ISDIR(led.st_mode) || strcmp(name, LEG_RECEIVER_DIR) == 0
                : !S_ISDIR(own.st_mode))
        return false;
    *kind = name[0] == '.'                ? RECORD_FOLDER_HIDDEN
            : is_link                     ? RECORD_FOLDER_LINK
            : depth > RECORD_SEARCH_DEPTH ? RECORD_FOLDER_DEEP
                                          : RECORD_FOLDER_FOUND;
    return true;
}

/* depth: that of dir, which is 0 for the first one. */
static int walk(const struct search *s, const char *dir, int depth, struct longhaul_error *err);

static int walk_entry(const struct search *s, const char *dir, const char *name, int depth, struct longhaul_error *err)
{
    enum record_folder kind;
    char *path = file_join(dir, name);
    int rc = path ? 0 : error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", dir);
    if (path && kind_of(path, name, depth, &kind))
        rc = kind == RECORD_FOLDER_FOUND ? walk(s, path, depth, err) : s->take(s->payload, kind, path, err);
    free(path);
    return rc;
}

static int walk(const struct search *s, const char *dir, int depth, struct longhaul_error *err)
{
    struct dirent **entries = NULL;
    int rc = 0, n = scandir(dir, &entries, may_be_folder, alphasort);
    if (n < 0 && errno == ENOMEM)
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", dir);
    if (depth > 0)
        rc = s->take(s->payload, n < 0 ? RECORD_FOLDER_UNREADABLE : RECORD_FOLDER_FOUND, dir, err);
    for (int i = 0; i < n; i++) {
        if (rc == 0)
            rc = walk_entry(s, dir, entries[i]->d_name, depth + 1, err);
        free(entries[i]);
    }
    free(entries);
    return rc;
}

int record_search(const char *dir, record_search_taker *take, void *payload, struct longhaul_error *err)
{
    return walk(&(struct search){ take, payload }, dir, 0, err);
}
