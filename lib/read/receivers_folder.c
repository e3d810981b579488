/* receivers_folder.c - the receivers' records in the folder "receiver" next to a sender's file: reads each folder once,
 * and joins what belongs to the file. */

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "model/leg.h"
#include "read/batch.h"
#include "read/receivers.h"
#include "read/record_files.h"
#include "read/series.h"

struct folder {
    char *dir; /* of the senders' files */
    struct receivers *receivers;
};

struct longhaul_receivers {
    struct longhaul_read_options options;
    struct receivers *given; /* of the folders that longhaul_receivers_read() read */
    struct folder *folders;
    size_t n;
    char **warnings;
    size_t n_warnings;
};

int longhaul_receivers_new(const struct longhaul_read_options *options, struct longhaul_receivers **out,
                           struct longhaul_error *err)
{
    struct longhaul_receivers *r = calloc(1, sizeof *r);
    if (r == NULL || (r->given = receivers_new()) == NULL) {
        free(r);
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    }
    if (options)
        r->options = *options;
    r->options.on_row = NULL;
    *out = r;
    return 0;
}

void longhaul_receivers_free(struct longhaul_receivers *r)
{
    if (r == NULL)
        return;
    for (size_t i = 0; i < r->n; i++) {
        free(r->folders[i].dir);
        receivers_free(r->folders[i].receivers);
    }
    for (size_t i = 0; i < r->n_warnings; i++)
        free(r->warnings[i]);
    receivers_free(r->given);
    free(r->folders);
    free(r->warnings);
    free(r);
}

size_t longhaul_receivers_n_warnings(const struct longhaul_receivers *r)
{
    return r->n_warnings;
}

const char *longhaul_receivers_warning(const struct longhaul_receivers *r, size_t i)
{
    return i < r->n_warnings ? r->warnings[i] : "";
}

/* Without memory for it, the warning is missing. */
static void warn(struct longhaul_receivers *r, const char *text)
{
    char **grown = realloc(r->warnings, (r->n_warnings + 1) * sizeof *grown), *line = strdup(text);
    if (grown)
        r->warnings = grown;
    if (grown && line)
        grown[r->n_warnings++] = line;
    else
        free(line);
}

static int take_file(struct longhaul_receivers *r, struct receivers *to, struct batch_file *file,
                     struct longhaul_error *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < file->n_series; i++) {
        rc = receivers_add(to, file->series[i], err);
        file->series[i] = NULL;
    }
    if (file->error.code)
        warn(r, file->error.text);
    return rc;
}

/* Reads the records in <dir>/receiver. A folder that is missing has none. */
static int read_folder(struct longhaul_receivers *r, const char *dir, struct receivers *to, struct longhaul_error *err)
{
    struct longhaul_error why = { 0 };
    struct batch_file *files = NULL;
    char **paths = NULL, *path = file_join(dir, LEG_RECEIVER_DIR);
    size_t n = 0;
    if (path == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    int rc = record_files_is_folder(path) ? record_files_list(path, &paths, &n, &why) : 0;
    free(path);
    if (rc == LONGHAUL_ENOMEM)
        return error_set(err, rc, "%s", why.text);
    if (rc != 0)
        warn(r, why.text);
    rc = n > 0 ? batch_read((const char *const *)paths, n, &r->options, &files, err) : 0;
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = take_file(r, to, &files[i], err);
    batch_free(files, rc == 0 || files ? n : 0);
    record_files_free(paths, n);
    return rc;
}

/* Remembers that a folder was read, or is being read; NULL when out of memory. */
static struct folder *add_folder(struct longhaul_receivers *r, const char *dir, struct receivers *receivers)
{
    struct folder *grown = realloc(r->folders, (r->n + 1) * sizeof *grown);
    char *copy = strdup(dir);
    if (grown)
        r->folders = grown;
    if (grown == NULL || copy == NULL || receivers == NULL) {
        free(copy);
        receivers_free(receivers);
        return NULL;
    }
    grown[r->n++] = (struct folder){ copy, receivers };
    return &grown[r->n - 1];
}

/* The folder with this name, read if it was not; NULL on failure. */
static struct folder *folder_of(struct longhaul_receivers *r, const char *dir, struct longhaul_error *err)
{
    for (size_t i = r->n; i-- > 0;)
        if (strcmp(r->folders[i].dir, dir) == 0)
            return &r->folders[i];
    struct folder *folder = add_folder(r, dir, receivers_new());
    if (folder == NULL)
        error_set(err, LONGHAUL_ENOMEM, "out of memory");
    return folder && read_folder(r, dir, folder->receivers, err) == 0 ? folder : NULL;
}

int longhaul_receivers_read(struct longhaul_receivers *r, const char *dir, struct longhaul_error *err)
{
    return read_folder(r, dir, r->given, err);
}

int longhaul_receivers_join(struct longhaul_receivers *r, struct longhaul_series *sender, struct longhaul_error *err)
{
    size_t n;
    const char *path = longhaul_series_info(sender)->path;
    series_sessions(sender, &n);
    if (n == 0 || !longhaul_series_info(sender)->is_sender)
        return 0;
    int rc = receivers_join(r->given, sender, err);
    if (rc != 0 || strcmp(path, "-") == 0)
        return rc;
    char *dir = file_folder(path);
    struct folder *folder = dir ? folder_of(r, dir, err) : NULL;
    if (dir == NULL)
        error_set(err, LONGHAUL_ENOMEM, "out of memory");
    free(dir);
    return folder ? receivers_join(folder->receivers, sender, err) : LONGHAUL_ENOMEM;
}

int longhaul_receivers_rest(struct longhaul_receivers *r, struct longhaul_series **out)
{
    struct longhaul_series *series = receivers_take_rest(r->given);
    if (series)
        *out = series;
    return series != NULL;
}
