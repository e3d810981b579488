/* report_inputs.c - detects changes in the files of a report: one hash of their names, sizes and times. Does not read
 * their contents. */

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/hash.h"
#include "model/leg.h"
#include "read/record_files.h"
#include "read/record_search.h"
#include "report/report.h"

static uint64_t mix_file(uint64_t hash, const char *path)
{
    struct stat st;
    hash = hash_bytes(hash, path, strlen(path) + 1);
    if (stat(path, &st) != 0)
        return hash;
    const int64_t what[] = { (int64_t)st.st_dev, (int64_t)st.st_ino, (int64_t)st.st_size, (int64_t)st.st_mtim.tv_sec,
                             (int64_t)st.st_mtim.tv_nsec };
    return hash_bytes(hash, what, sizeof what);
}

static uint64_t mix_folder(uint64_t hash, const char *dir)
{
    struct dirent **entries;
    int n = scandir(dir, &entries, record_files_is_record, alphasort);
    for (int i = 0; i < n; i++) {
        char *path = file_join(dir, entries[i]->d_name);
        if (path)
            hash = mix_file(hash, path);
        free(path);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    return hash;
}

/* A folder below; those that are not searched do not matter. */
static int mix_below(void *hash, enum record_folder kind, const char *path, struct longhaul_error *err)
{
    (void)err;
    if (kind == RECORD_FOLDER_FOUND)
        *(uint64_t *)hash = mix_folder(*(uint64_t *)hash, path);
    return 0;
}

uint64_t longhaul_report_inputs(const char *const *paths, size_t n_paths)
{
    static const char *const default_paths[] = { LEG_DIR };
    uint64_t hash = HASH_START;
    if (n_paths == 0) {
        paths = default_paths;
        n_paths = 1;
    }
    for (size_t i = 0; i < n_paths; i++) {
        struct stat st;
        bool is_file = stat(paths[i], &st) == 0 && !S_ISDIR(st.st_mode);
        char *dir = is_file ? file_folder(paths[i]) : strdup(paths[i]);
        char *receiver = dir ? file_join(dir, LEG_RECEIVER_DIR) : NULL;
        hash = is_file ? mix_file(hash, paths[i]) : mix_folder(hash, paths[i]);
        if (receiver)
            hash = mix_folder(hash, receiver);
        if (!is_file)
            record_search(paths[i], mix_below, &hash, NULL);
        free(receiver);
        free(dir);
    }
    return hash;
}
