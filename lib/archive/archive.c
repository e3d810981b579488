/* archive.c - opens the archive of a folder: where its index is, and whose objectives it counts. Reads no result. */

#include "archive/archive.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "report/report.h"

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "archive: out of memory");
}

int archive_note(struct longhaul_archive *archive, struct longhaul_error *err, const char *format, ...)
{
    struct longhaul_error text = { 0 };
    char line[sizeof text.text];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    error_set(&text, LONGHAUL_EFORMAT, "%s", line);
    return report_append(&archive->notes, &archive->n_notes, strdup(text.text), err);
}

int archive_go_on(const struct longhaul_archive *archive, struct longhaul_error *err)
{
    const struct longhaul_archive_options *o = archive->options;
    return o->is_stopped && o->is_stopped(o->stop_payload) ? error_set(err, LONGHAUL_ESTOPPED, "stopped") : 0;
}

/* ---- its place */

/* The index's own folder: a link of that name may lead to files of others. */
static int make_own_folder(struct longhaul_archive *a, struct longhaul_error *err)
{
    struct stat st;
    char *own = file_join(a->dir, ARCHIVE_DIR);
    int rc = own ? 0 : out_of_memory(err);
    if (rc == 0 && lstat(own, &st) == 0 && !S_ISDIR(st.st_mode))
        rc = error_set(err, LONGHAUL_EIO, "%s: exists and is not a folder", own);
    if (rc == 0)
        rc = file_make_dir(own, err);
    a->index_path = rc == 0 ? file_join(own, ARCHIVE_INDEX) : NULL;
    free(own);
    return rc == 0 && a->index_path == NULL ? out_of_memory(err) : rc;
}

/* SQLite is told to follow no link: its folder is resolved before. */
static int take_given_path(struct longhaul_archive *a, const char *path, struct longhaul_error *err)
{
    const char *slash = strrchr(path, '/');
    char *dir = file_folder(path), *whole = dir ? realpath(dir, NULL) : NULL;
    int rc = dir ? 0 : out_of_memory(err);
    if (rc == 0 && whole == NULL)
        rc = error_errno(err, LONGHAUL_EIO, "%s", dir);
    if (rc == 0 && !*(slash ? slash + 1 : path))
        rc = error_set(err, LONGHAUL_EINVAL, "index '%s': no name of a file", path);
    a->index_path = rc == 0 ? file_join(whole, slash ? slash + 1 : path) : NULL;
    free(dir);
    free(whole);
    return rc == 0 && a->index_path == NULL ? out_of_memory(err) : rc;
}

static int find_place(struct longhaul_archive *a, const char *dir, struct longhaul_error *err)
{
    struct stat st;
    a->dir = realpath(dir, NULL);
    if (a->dir == NULL)
        return error_errno(err, LONGHAUL_EIO, "%s", dir);
    if (stat(a->dir, &st) != 0 || !S_ISDIR(st.st_mode))
        return error_set(err, LONGHAUL_EINVAL, "%s: is not a folder", dir);
    return a->options->index_path ? take_given_path(a, a->options->index_path, err) : make_own_folder(a, err);
}

/* ---- objectives */

/* Those of the options, or else those that the index counts already. */
static int take_objectives(struct longhaul_archive *a, struct longhaul_error *err)
{
    const struct longhaul_archive_options *o = a->options;
    char *known = NULL, *asked = NULL;
    if (o->n_objectives > LONGHAUL_OBJECTIVES_MAX)
        return error_set(err, LONGHAUL_EINVAL, "%zu objectives: more than %d", o->n_objectives,
                         LONGHAUL_OBJECTIVES_MAX);
    int rc = store_about(a->store, "objectives", &known, err);
    if (rc == 0 && !wanted_take(&a->wanted, o->objectives, o->n_objectives, o->topology))
        rc = out_of_memory(err);
    if (rc == 0 && a->wanted.n > 0) {
        asked = wanted_text(&a->wanted);
        rc = asked ? 0 : out_of_memory(err);
        if (rc == 0 && strcmp(known, asked) != 0) {
            rc = store_set_about(a->store, "objectives", asked, err);
            if (rc == 0)
                rc = store_read_all_again(a->store, err);
        }
    } else if (rc == 0 && !wanted_parse(&a->wanted, known)) {
        rc = out_of_memory(err);
    }
    free(known);
    free(asked);
    return rc;
}

/* ---- opening */

static int open_index(struct longhaul_archive *a, struct longhaul_error *err)
{
    char *aside = NULL;
    bool wants_rebuild = a->options->wants_rebuild;
    int rc = store_open(a->index_path, a->options->index_path ? a->dir : NULL, wants_rebuild, &a->store, &aside, err);
    if (rc == 0 && aside)
        rc = archive_note(a, err,
                          "%s: was damaged; it is %s now, and the index is made anew: the figures of results "
                          "that are no longer there are not in it",
                          a->index_path, aside);
    free(aside);
    if (rc == 0)
        rc = store_begin(a->store, err);
    if (rc == 0 && wants_rebuild)
        rc = store_read_all_again(a->store, err);
    if (rc == 0)
        rc = take_objectives(a, err);
    return rc == 0 ? store_commit(a->store, err) : rc;
}

int longhaul_archive_open(const char *dir, const struct longhaul_archive_options *options,
                          struct longhaul_archive **out, struct longhaul_error *err)
{
    static const struct longhaul_archive_options defaults = { 0 };
    struct longhaul_archive *a = calloc(1, sizeof *a);
    if (a == NULL)
        return out_of_memory(err);
    a->options = options ? options : &defaults;
    int rc = find_place(a, dir, err);
    if (rc == 0)
        rc = open_index(a, err);
    if (rc == 0)
        *out = a;
    else
        longhaul_archive_free(a);
    return rc;
}

void longhaul_archive_free(struct longhaul_archive *a)
{
    if (a == NULL)
        return;
    store_close(a->store);
    report_free_lines(a->notes, a->n_notes);
    free(a->dir);
    free(a->index_path);
    wanted_free(&a->wanted);
    free(a);
}

const char *longhaul_archive_index(const struct longhaul_archive *a)
{
    return a->index_path;
}

size_t longhaul_archive_n_notes(const struct longhaul_archive *a)
{
    return a->n_notes;
}

const char *longhaul_archive_note(const struct longhaul_archive *a, size_t i)
{
    return i < a->n_notes ? a->notes[i] : NULL;
}
