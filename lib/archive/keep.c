/* keep.c - makes room: compresses results that are older than some days, and removes those that are older than more
 * days if that is asked for. Only files that the index has read, with all their tests, as they are now, and that are
 * found below the folder now: an index that somebody else wrote may name any file. */

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "archive/index.h"
#include "archive/pack.h"
#include "base/error.h"
#include "base/file.h"
#include "base/units.h"
#include "model/leg.h"

struct keeper {
    struct longhaul_archive *archive;
    const struct longhaul_archive_keeping *keep;
    struct longhaul_archive_kept *kept;
    double now_unix_s;
    struct report_files found;
    char **paths; /* those of them, sorted */
    size_t n_paths;
};

static void tell(const struct keeper *k, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void tell(const struct keeper *k, const char *format, ...)
{
    char line[4352];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (k->keep->tell)
        k->keep->tell(line, k->keep->payload);
}

/* As it was when it was read: a file that has changed since says more than the index. */
static bool is_as_read(const struct store_file *file, const char *path)
{
    struct store_file now = *file;
    return file_state_take(path, &now) && file_state_is_same(&now, file);
}

static bool is_older(const struct keeper *k, double end_unix_s, double days)
{
    return days > 0 && end_unix_s < k->now_unix_s - days * DAY_S;
}

static int put(struct keeper *k, const struct store_file *file, const char *old_path, struct longhaul_error *err)
{
    struct store *store = k->archive->store;
    int rc = store_begin(store, err);
    if (rc == 0 && old_path)
        rc = store_drop_file(store, old_path, err);
    if (rc == 0)
        rc = store_put_file(store, file, err);
    if (rc == 0)
        rc = store_commit(store, err);
    if (rc != 0)
        store_rollback(store);
    return rc;
}

static int drop(struct keeper *k, const struct store_file *file, const char *path, struct longhaul_error *err)
{
    struct store_file gone = *file;
    if (unlink(path) != 0)
        return error_errno(err, LONGHAUL_EIO, "%s", path);
    file_sync_dir_of(path);
    gone.is_gone = true;
    k->kept->n_dropped++;
    int rc = put(k, &gone, NULL, err);
    if (rc == 0)
        tell(k, "removed %s: its figures stay in the index", path);
    return rc;
}

static int compress(struct keeper *k, const struct store_file *file, const char *path, struct longhaul_error *err)
{
    struct store_file now = *file;
    struct longhaul_error why = { 0 };
    double after;
    int rc = pack_replace(path, &after, &why);
    if (rc == LONGHAUL_EBUSY) /* of this file alone */
        return archive_note(k->archive, err, "%s", why.text);
    if (rc != 0)
        return error_set(err, rc, "%s", why.text);
    char *packed = NULL;
    if (asprintf(&now.path, "%s.zst", file->path) < 0)
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", path);
    if (asprintf(&packed, "%s.zst", path) < 0)
        packed = NULL;
    if (packed && file_state_take(packed, &now)) {
        now.print = file_state_print(packed);
        k->kept->n_compressed++;
        k->kept->bytes_saved += (double)file->size - after;
        rc = put(k, &now, file->path, err);
    }
    free(packed);
    free(now.path);
    if (rc == 0)
        tell(k, "compressed %s: %.1f MB to %.1f MB", path, (double)file->size / 1e6, after / 1e6);
    return rc;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int find_files(struct keeper *k, struct longhaul_error *err)
{
    struct report_files *f = &k->found;
    int rc = index_list_find(k->archive, false, f, err);
    if (rc != 0)
        return rc;
    k->paths = malloc((f->n_own + f->n_receivers + 1) * sizeof *k->paths);
    if (k->paths == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "archive: out of memory");
    for (size_t i = 0; i < f->n_own; i++)
        k->paths[k->n_paths++] = f->own[i];
    for (size_t i = 0; i < f->n_receivers; i++)
        k->paths[k->n_paths++] = f->receivers[i];
    if (k->n_paths > 1)
        qsort(k->paths, k->n_paths, sizeof *k->paths, by_text);
    return 0;
}

/* Its folder, without links, is the archive's or below it. */
static bool is_below(const struct keeper *k, const char *path)
{
    const char *dir = k->archive->dir;
    size_t n = strlen(dir);
    char *folder = file_folder(path), *whole = folder ? realpath(folder, NULL) : NULL;
    bool is = whole && strncmp(whole, dir, n) == 0 && (whole[n] == 0 || whole[n] == '/' || dir[n - 1] == '/');
    free(folder);
    free(whole);
    return is;
}

static bool is_found(const struct keeper *k, const char *path)
{
    return k->n_paths > 0 && bsearch(&path, k->paths, k->n_paths, sizeof *k->paths, by_text) != NULL;
}

static int keep_file(struct keeper *k, const struct store_file *file, struct longhaul_error *err)
{
    struct store_unit unit;
    int rc = store_unit_of(k->archive->store, file->unit, &unit, err);
    char *path = rc == 0 ? file_join(k->archive->dir, file->path) : NULL;
    if (rc == 0 && path == NULL)
        rc = error_set(err, LONGHAUL_ENOMEM, "archive: out of memory");
    bool is_known = rc == 0 && !isnan(unit.end_unix_s) && !unit.is_in_progress && is_found(k, path) &&
                    is_below(k, path) && is_as_read(file, path);
    if (is_known && !unit.has_note && is_older(k, unit.end_unix_s, k->keep->drop_raw_after_days))
        rc = drop(k, file, path, err);
    else if (is_known && is_older(k, unit.end_unix_s, k->keep->compress_after_days) &&
             file_has_ending(path, LEG_RESULT))
        rc = compress(k, file, path, err);
    free(path);
    return rc;
}

int longhaul_archive_keep(struct longhaul_archive *archive, const struct longhaul_archive_keeping *keep,
                          struct longhaul_archive_kept *kept, struct longhaul_error *err)
{
    struct keeper k = { .archive = archive, .keep = keep, .kept = kept, .now_unix_s = (double)time(NULL) };
    struct store_file *files = NULL;
    size_t n = 0;
    *kept = (struct longhaul_archive_kept){ 0 };
    if (keep->compress_after_days > 0 && !pack_can())
        return error_set(err, LONGHAUL_ENOTBUILT, "this build has no libzstd, with which results are compressed");
    int rc = find_files(&k, err);
    if (rc == 0)
        rc = store_files(archive->store, &files, &n, err);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        rc = archive_go_on(archive, err);
        if (rc == 0 && !files[i].is_gone)
            rc = keep_file(&k, &files[i], err);
    }
    store_free_files(files, n);
    free(k.paths);
    report_files_free(&k.found);
    return rc;
}
