/* export_files.c - lists the files of an export: records in folders and below them, each once, in the order of legs and
 * starts. Looks at names and times, and reads no file. */

#include "export/export_files.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "export/export_sink.h"
#include "model/leg.h"
#include "read/record_files.h"
#include "read/record_search.h"

#define SLACK_S 3600 /* that the clocks of two hosts may be apart */

struct listing {
    struct export_files *files;
    const struct longhaul_export_options *options;
    struct longhaul_exported *told;
};

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
}

void export_files_free(struct export_files *files)
{
    for (size_t i = 0; i < files->n; i++) {
        free(files->file[i].path);
        free(files->file[i].folder);
    }
    free(files->file);
    *files = (struct export_files){ .file = NULL };
}

/* ---- finding */

static uint64_t mark_of(const char *path, const struct stat *st)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const int64_t parts[] = { st->st_size, st->st_mtim.tv_sec, st->st_mtim.tv_nsec };
    return hash_bytes(hash_bytes(HASH_START, name, strlen(name)), parts, sizeof parts);
}

static int add(struct listing *l, const char *path, const char *folder, bool is_receiver, bool is_nearby,
               struct longhaul_error *err)
{
    struct stat st = { 0 };
    struct export_files *files = l->files;
    struct export_file *grown = realloc(files->file, (files->n + 1) * sizeof *grown);
    if (grown)
        files->file = grown;
    struct export_file file = { .path = strdup(path), .folder = strdup(folder), .is_receiver = is_receiver,
                                .is_nearby = is_nearby };
    if (grown == NULL || file.path == NULL || file.folder == NULL) {
        free(file.path);
        free(file.folder);
        return out_of_memory(err);
    }
    if (strcmp(path, "-") != 0 && stat(path, &st) == 0) {
        file.device = st.st_dev;
        file.inode = st.st_ino;
        file.mark = mark_of(path, &st);
    }
    file.has_name = longhaul_file_name_parse(path, &file.name, NULL) == 0 && file.name.start_unix_s != 0;
    grown[files->n++] = file;
    return 0;
}

static int add_folder(struct listing *l, const char *dir, const char *folder, bool is_receiver, bool is_nearby,
                      struct longhaul_error *err)
{
    struct longhaul_error why = { 0 };
    char **paths = NULL;
    size_t n = 0;
    int rc = record_files_list(dir, &paths, &n, &why);
    if (rc == LONGHAUL_ENOMEM)
        return out_of_memory(err);
    if (rc != 0)
        export_skip(l->options, l->told, "%s", why.text);
    rc = 0;
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = add(l, paths[i], folder, is_receiver, is_nearby, err);
    record_files_free(paths, n);
    return rc;
}

static int add_receivers(struct listing *l, const char *dir, bool is_nearby, struct longhaul_error *err)
{
    char *receiver = file_join(dir, LEG_RECEIVER_DIR);
    int rc = receiver == NULL                    ? out_of_memory(err)
             : record_files_is_folder(receiver) ? add_folder(l, receiver, dir, true, is_nearby, err)
                                                 : 0;
    free(receiver);
    return rc;
}

static int add_both(struct listing *l, const char *dir, struct longhaul_error *err)
{
    int rc = add_folder(l, dir, dir, false, false, err);
    return rc ? rc : add_receivers(l, dir, false, err);
}

static int take_below(void *payload, enum record_folder kind, const char *path, struct longhaul_error *err)
{
    struct listing *l = payload;
    const char *slash = strrchr(path, '/');
    bool is_receiver = strcmp(slash ? slash + 1 : path, LEG_RECEIVER_DIR) == 0;
    if (kind == RECORD_FOLDER_DEEP)
        export_skip(l->options, l->told, "%s: deeper than %d folders: not searched", path, RECORD_SEARCH_DEPTH);
    if (kind == RECORD_FOLDER_LINK)
        export_note(l->options, "%s: a link to a folder, which is not followed", path);
    bool is_searched = kind == RECORD_FOLDER_FOUND || kind == RECORD_FOLDER_UNREADABLE;
    return is_searched && !is_receiver ? add_both(l, path, err) : 0; /* which says that it cannot be read */
}

static int add_operand(struct listing *l, const char *path, const char *before, struct longhaul_error *err)
{
    if (record_files_is_folder(path)) {
        int rc = add_both(l, path, err);
        return rc ? rc : record_search(path, take_below, l, err);
    }
    char *dir = file_folder(path), *last = before ? file_folder(before) : NULL;
    bool is_listed = dir && last && strcmp(dir, last) == 0;
    int rc = dir ? add(l, path, dir, false, false, err) : out_of_memory(err);
    if (rc == 0 && !is_listed && strcmp(path, "-") != 0)
        rc = add_receivers(l, dir, true, err);
    free(dir);
    free(last);
    return rc;
}

/* ---- order */

static int by_file(const void *a, const void *b)
{
    const struct export_file *x = a, *y = b;
    int order = (x->device > y->device) - (x->device < y->device);
    if (order == 0)
        order = (x->inode > y->inode) - (x->inode < y->inode);
    if (order == 0)
        order = (x->is_receiver + 2 * x->is_nearby) - (y->is_receiver + 2 * y->is_nearby);
    return order ? order : strcmp(x->path, y->path);
}

/* A file that was given twice, or by a link, is there once. */
static void drop_repeated(struct export_files *files)
{
    size_t n = 0;
    if (files->n > 1)
        qsort(files->file, files->n, sizeof *files->file, by_file);
    for (size_t i = 0; i < files->n; i++) {
        struct export_file *f = &files->file[i], *last = n > 0 ? &files->file[n - 1] : NULL;
        if (last && f->inode != 0 && f->inode == last->inode && f->device == last->device) {
            free(f->path);
            free(f->folder);
        } else {
            files->file[n++] = *f;
        }
    }
    files->n = n;
}

static int by_leg(const void *a, const void *b)
{
    const struct export_file *x = a, *y = b;
    int order = x->is_receiver - y->is_receiver;
    if (order == 0)
        order = strcmp(x->name.source, y->name.source);
    if (order == 0)
        order = strcmp(x->name.destination, y->name.destination);
    if (order == 0)
        order = (x->name.start_unix_s > y->name.start_unix_s) - (x->name.start_unix_s < y->name.start_unix_s);
    return order ? order : strcmp(x->path, y->path);
}

int export_files_list(const char *const *paths, size_t n, const struct longhaul_export_options *options,
                      struct longhaul_exported *told, struct export_files *out, struct longhaul_error *err)
{
    struct listing l = { out, options, told };
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = add_operand(&l, paths[i], i > 0 ? paths[i - 1] : NULL, err);
    if (rc != 0)
        return rc;
    drop_repeated(out);
    if (out->n > 1)
        qsort(out->file, out->n, sizeof *out->file, by_leg);
    for (size_t i = 0; i < out->n; i++)
        out->has_unnamed = out->has_unnamed || !out->file[i].has_name;
    while (out->n_own < out->n && !out->file[out->n_own].is_receiver)
        out->n_own++;
    return 0;
}

/* ---- the other side */

static int compare_legs(const struct export_file *a, const struct export_file *b)
{
    int order = strcmp(a->name.source, b->name.source);
    return order ? order : strcmp(a->name.destination, b->name.destination);
}

/* The first one from low to high - 1 of this leg or a later one, in the order of by_leg(). */
static size_t first_of_leg(const struct export_files *files, const struct export_file *file, size_t low, size_t high)
{
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_legs(&files->file[middle], file) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_same_time(const struct export_file *a, const struct export_file *b)
{
    int64_t a_end = a->name.start_unix_s + a->name.duration_s, b_end = b->name.start_unix_s + b->name.duration_s;
    return a->name.start_unix_s <= b_end + SLACK_S && b->name.start_unix_s <= a_end + SLACK_S;
}

static size_t take_same_leg(const struct export_files *files, const struct export_file *file, size_t low, size_t high,
                            size_t *list, size_t n)
{
    for (size_t i = first_of_leg(files, file, low, high);
         i < high && compare_legs(&files->file[i], file) == 0; i++)
        if (&files->file[i] != file && files->file[i].has_name && is_same_time(file, &files->file[i]))
            list[n++] = i;
    return n;
}

/* Of a file whose name says no time, all receivers' records next to it may be the other side; and such a record that of
 * any file next to it. */
size_t *export_files_others(const struct export_files *files, const struct export_file *file, size_t *n)
{
    size_t *list = malloc((files->n + 1) * sizeof *list);
    *n = 0;
    if (list && file->has_name) {
        *n = take_same_leg(files, file, 0, files->n_own, list, *n);
        *n = take_same_leg(files, file, files->n_own, files->n, list, *n);
    }
    for (size_t i = files->n_own; list && files->has_unnamed && i < files->n; i++)
        if (&files->file[i] != file && !(file->has_name && files->file[i].has_name) &&
            strcmp(files->file[i].folder, file->folder) == 0)
            list[(*n)++] = i;
    return list;
}
