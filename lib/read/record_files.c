/* record_files.c - which files of a folder are records. Looks at names and times, and reads no file. */

#include "read/record_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "model/leg.h"

/* The endings of records. Of two equally new records, the one whose ending comes first in this list says more. */
static const char *const endings[] = { LEG_RESULT, LEG_RESULT ".gz", LEG_RESULT ".zst", LEG_RESULT ".xz", LEG_JOURNAL };
#define N_ENDINGS (sizeof endings / sizeof *endings)

/* The index of a file's ending; N_ENDINGS for any other. */
static size_t ending_of(const char *name)
{
    size_t i = 0;
    while (i < N_ENDINGS && !file_has_ending(name, endings[i]))
        i++;
    return i;
}

size_t record_files_stem(const char *path)
{
    size_t ending = ending_of(path);
    return strlen(path) - (ending < N_ENDINGS ? strlen(endings[ending]) : 0);
}

int record_files_is_record(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && ending_of(entry->d_name) < N_ENDINGS;
}

bool record_files_is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int by_age(const struct stat *a, const struct stat *b)
{
    const struct timespec x = a->st_mtim, y = b->st_mtim;
    return x.tv_sec != y.tv_sec ? (x.tv_sec < y.tv_sec ? -1 : 1) : (x.tv_nsec > y.tv_nsec) - (x.tv_nsec < y.tv_nsec);
}

/* Records with the same stem are the same test, and the newest says most about it: a journal is newer than its result
 * if the run was stopped, which made the result, and then resumed; a compressed record says as much as its original. */
static bool is_superseded(const char *path, const struct stat *st)
{
    size_t mine = ending_of(path), stem = strlen(path) - strlen(endings[mine]);
    bool superseded = false;
    for (size_t i = 0; i < N_ENDINGS && !superseded; i++) {
        struct stat other;
        char *sibling;
        if (i == mine || asprintf(&sibling, "%.*s%s", (int)stem, path, endings[i]) < 0)
            continue;
        int order = stat(sibling, &other) == 0 ? by_age(st, &other) : 1;
        superseded = order < 0 || (order == 0 && i < mine);
        free(sibling);
    }
    return superseded;
}

/* Adds an entry of the folder, unless it is a folder itself or says less than another. A file without access gets its
 * message when it is opened. */
static int add_entry(const char *dir, const char *name, char **paths, size_t *n, struct longhaul_error *err)
{
    struct stat st;
    char *path = file_join(dir, name);
    if (path == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", dir);
    if (stat(path, &st) != 0 || (S_ISREG(st.st_mode) && !is_superseded(path, &st)))
        paths[(*n)++] = path;
    else
        free(path);
    return 0;
}

int record_files_list(const char *dir, char ***paths, size_t *n, struct longhaul_error *err)
{
    struct dirent **entries;
    int rc = 0, n_entries = scandir(dir, &entries, record_files_is_record, alphasort);
    if (n_entries < 0)
        return error_set(err, errno == ENOMEM ? LONGHAUL_ENOMEM : LONGHAUL_EIO, "%s: %s", dir, strerror(errno));
    char **list = calloc((size_t)n_entries + 1, sizeof *list);
    size_t count = 0;
    if (list == NULL)
        rc = error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", dir);
    for (int i = 0; i < n_entries; i++) {
        if (rc == 0)
            rc = add_entry(dir, entries[i]->d_name, list, &count, err);
        free(entries[i]);
    }
    free(entries);
    if (rc != 0) {
        record_files_free(list, count);
        return rc;
    }
    *paths = list;
    *n = count;
    return 0;
}

void record_files_free(char **paths, size_t n)
{
    for (size_t i = 0; paths && i < n; i++)
        free(paths[i]);
    free(paths);
}

int longhaul_folder_each(const char *dir, longhaul_path_cb *take, void *payload, struct longhaul_error *err)
{
    char **paths;
    size_t n;
    if (!record_files_is_folder(dir))
        return 0;
    int rc = record_files_list(dir, &paths, &n, err);
    if (rc != 0)
        return rc;
    for (size_t i = 0; i < n; i++)
        take(paths[i], payload);
    record_files_free(paths, n);
    return 1;
}
