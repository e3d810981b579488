/* report_files.c - which files a report is made from: results and journals, and what `longhaul serve` wrote. Looks at
 * names and times, and reads no file. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "model/leg.h"
#include "report/report.h"

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

int report_is_record(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && ending_of(entry->d_name) < N_ENDINGS;
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

static int list_entry(char ***list, size_t *n, const char *dir, const char *name, struct longhaul_error *err)
{
    struct stat st;
    char *path = file_join(dir, name);
    if (path == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    /* A file without access gets its note when it is opened. */
    if (stat(path, &st) != 0 || (S_ISREG(st.st_mode) && !is_superseded(path, &st)))
        return report_append(list, n, path, err);
    free(path);
    return 0;
}

static int list_folder(struct longhaul_report *report, char ***list, size_t *n_list, const char *dir,
                       struct longhaul_error *err)
{
    struct dirent **entries;
    int rc = 0, n = scandir(dir, &entries, report_is_record, alphasort);
    if (n < 0)
        return report_note(report, err, "%s: %s", dir, strerror(errno));
    for (int i = 0; i < n; i++) {
        if (rc == 0)
            rc = list_entry(list, n_list, dir, entries[i]->d_name, err);
        free(entries[i]);
    }
    free(entries);
    return rc;
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A folder of records, and its subfolder "receiver". */
static int list_folders(struct longhaul_report *report, struct report_files *files, const char *dir,
                        struct longhaul_error *err)
{
    char *receiver = file_join(dir, LEG_RECEIVER_DIR);
    int rc = receiver ? list_folder(report, &files->own, &files->n_own, dir, err)
                      : error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    if (rc == 0 && is_folder(receiver))
        rc = list_folder(report, &files->receivers, &files->n_receivers, receiver, err);
    free(receiver);
    return rc;
}

/* ---- each once */

/* The file that a path leads to, and the path's name, which may say whose test it is. */
struct place {
    struct stat st;
    const char *name;
    size_t at;
};

static int compare_files(const struct place *x, const struct place *y)
{
    if (x->st.st_dev != y->st.st_dev)
        return x->st.st_dev < y->st.st_dev ? -1 : 1;
    if (x->st.st_ino != y->st.st_ino)
        return x->st.st_ino < y->st.st_ino ? -1 : 1;
    return strcmp(x->name, y->name);
}

static int by_file(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = compare_files(x, y);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* Sorted by the file; the caller frees the *n places. */
static struct place *places_of(char *const *list, size_t n_list, size_t *n)
{
    struct place *places = malloc((n_list + 1) * sizeof *places);
    *n = 0;
    for (size_t i = 0; places && i < n_list; i++) {
        const char *slash = strrchr(list[i], '/');
        places[*n] = (struct place){ .name = slash ? slash + 1 : list[i], .at = i };
        *n += stat(list[i], &places[*n].st) == 0 && S_ISREG(places[*n].st.st_mode);
    }
    if (places)
        qsort(places, *n, sizeof *places, by_file);
    return places;
}

/* A file that was given twice, or by itself and with its folder, is one test: its first path stays. */
static int drop_repeated(char **list, size_t *n, struct longhaul_error *err)
{
    size_t count, kept = 0;
    struct place *places = places_of(list, *n, &count);
    if (places == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    for (size_t i = count; i-- > 1;) /* backwards, since the names are in the list */
        if (compare_files(&places[i - 1], &places[i]) == 0) {
            free(list[places[i].at]);
            list[places[i].at] = NULL;
        }
    for (size_t i = 0; i < *n; i++)
        if (list[i])
            list[kept++] = list[i];
    *n = kept;
    free(places);
    return 0;
}

static int by_file_alone(const void *a, const void *b)
{
    return compare_files(a, b);
}

/* Drops a folder "receiver" that leads to a folder whose records are already read, for example as a link to its own
 * folder. */
static int drop_read_already(const struct report_files *files, char **list, size_t *n, struct longhaul_error *err)
{
    size_t n_own, n_list, kept = 0;
    struct place *own = places_of(files->own, files->n_own, &n_own), *places = places_of(list, *n, &n_list);
    int rc = own && places ? 0 : error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    for (size_t i = 0; rc == 0 && i < n_list; i++)
        if (bsearch(&places[i], own, n_own, sizeof *own, by_file_alone)) {
            free(list[places[i].at]);
            list[places[i].at] = NULL;
        }
    for (size_t i = 0; rc == 0 && i < *n; i++)
        if (list[i])
            list[kept++] = list[i];
    if (rc == 0)
        *n = kept;
    free(own);
    free(places);
    return rc;
}

int report_list_files(struct longhaul_report *report, const char *const *paths, size_t n, struct report_files *files,
                      struct longhaul_error *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = is_folder(paths[i]) ? list_folders(report, files, paths[i], err)
                                 : report_append(&files->own, &files->n_own, strdup(paths[i]), err);
    if (rc == 0)
        rc = drop_repeated(files->own, &files->n_own, err);
    if (rc == 0)
        rc = drop_repeated(files->receivers, &files->n_receivers, err);
    return rc ? rc : drop_read_already(files, files->receivers, &files->n_receivers, err);
}
