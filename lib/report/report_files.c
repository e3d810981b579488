/* report_files.c - which files a report is made from: results and journals, and what `longhaul serve` wrote, in the
 * given folders and below them. Looks at names and times, and reads no file. */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "model/leg.h"
#include "read/record_files.h"
#include "read/record_search.h"
#include "report/report.h"

/* Takes the records of a folder; one that cannot be read is a note. */
static int list_folder(struct longhaul_report *report, char ***list, size_t *n_list, const char *dir,
                       struct longhaul_error *err)
{
    struct longhaul_error why = { 0 };
    char **paths = NULL;
    size_t n = 0;
    int rc = record_files_list(dir, &paths, &n, &why);
    if (rc != 0)
        return rc == LONGHAUL_ENOMEM ? error_set(err, rc, "report: out of memory")
                                     : report_note(report, err, "%s", why.text);
    for (size_t i = 0; i < n; i++)
        if (rc == 0)
            rc = report_append(list, n_list, paths[i], err);
        else
            free(paths[i]);
    free(paths);
    return rc;
}

/* A folder of records, and its subfolder "receiver". */
static int list_folders(struct longhaul_report *report, struct report_files *files, const char *dir,
                        struct longhaul_error *err)
{
    char *receiver = file_join(dir, LEG_RECEIVER_DIR);
    int rc = receiver ? list_folder(report, &files->own, &files->n_own, dir, err)
                      : error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    if (rc == 0 && record_files_is_folder(receiver))
        rc = list_folder(report, &files->receivers, &files->n_receivers, receiver, err);
    free(receiver);
    return rc;
}

/* ---- below a folder */

struct below {
    struct longhaul_report *report;
    struct report_files *files;
};

/* The records of a folder "receiver" belong to the folder in which it is. */
static bool is_receiver_folder(const char *dir)
{
    const char *slash = strrchr(dir, '/');
    return strcmp(slash ? slash + 1 : dir, LEG_RECEIVER_DIR) == 0;
}

static int take_folder(void *payload, enum record_folder kind, const char *path, struct longhaul_error *err)
{
    static const enum report_left_out why[] = { [RECORD_FOLDER_HIDDEN] = REPORT_LEFT_OUT_HIDDEN,
                                                [RECORD_FOLDER_LINK] = REPORT_LEFT_OUT_LINK,
                                                [RECORD_FOLDER_DEEP] = REPORT_LEFT_OUT_DEEP,
                                                [RECORD_FOLDER_UNREADABLE] = REPORT_LEFT_OUT_UNREADABLE };
    const struct below *below = payload;
    if (kind != RECORD_FOLDER_FOUND)
        return report_leave_out(below->report, why[kind], path, err);
    int rc = report_append(&below->files->below, &below->files->n_below, strdup(path), err);
    return rc || is_receiver_folder(path) ? rc : list_folders(below->report, below->files, path, err);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool report_files_is_below(const struct report_files *files, const char *path)
{
    char *dir = file_folder(path);
    bool is_below = dir && files->n_below > 0 &&
        bsearch(&dir, files->below, files->n_below, sizeof *files->below, by_name) != NULL;
    free(dir);
    return is_below;
}

/* The times of the records that are in the given folders themselves, from their names; first > last if none has one. */
struct times {
    double first_s, last_s, longest_s;
};

static bool time_of(const char *path, double *start_s, double *length_s)
{
    struct longhaul_file_name name;
    if (longhaul_file_name_parse(path, &name, NULL) != 0 || name.start_unix_s == 0)
        return false;
    *start_s = (double)name.start_unix_s;
    *length_s = name.duration_s;
    return true;
}

static void add_times(struct times *times, const struct report_files *files, char *const *list, size_t n)
{
    double start_s, length_s;
    for (size_t i = 0; i < n; i++) {
        if (!time_of(list[i], &start_s, &length_s) || report_files_is_below(files, list[i]))
            continue;
        times->first_s = fmin(times->first_s, start_s);
        times->last_s = fmax(times->last_s, start_s + length_s);
        times->longest_s = fmax(times->longest_s, length_s);
    }
}

/* Drops those below whose time is neither that of the given folders' own records nor next to it, as that of the next
 * round of a plan would be. */
static int drop_other_times(struct longhaul_report *report, const struct times *times, const struct report_files *files,
                            char **list, size_t *n, struct longhaul_error *err)
{
    size_t kept = 0;
    int rc = 0;
    for (size_t i = 0; i < *n; i++) {
        double start_s, length_s;
        bool is_other = rc == 0 && time_of(list[i], &start_s, &length_s) &&
            (start_s > times->last_s + times->longest_s || start_s + length_s < times->first_s - times->longest_s) &&
            report_files_is_below(files, list[i]);
        if (is_other)
            rc = report_leave_out(report, REPORT_LEFT_OUT_OTHER_TIME, list[i], err);
        if (is_other)
            free(list[i]);
        else
            list[kept++] = list[i];
    }
    *n = kept;
    return rc;
}

/* A folder with results of its own is not a collection of folders: what is below may be an archive. */
static int choose_below(struct longhaul_report *report, struct report_files *files, struct longhaul_error *err)
{
    struct times times = { INFINITY, -INFINITY, 0 };
    add_times(&times, files, files->own, files->n_own);
    add_times(&times, files, files->receivers, files->n_receivers);
    if (times.first_s > times.last_s)
        return 0;
    int rc = drop_other_times(report, &times, files, files->own, &files->n_own, err);
    return rc ? rc : drop_other_times(report, &times, files, files->receivers, &files->n_receivers, err);
}

/* A file, and what lies in the folder "receiver" next to it, unless the file before was from the same folder. */
static int list_file(struct longhaul_report *report, struct report_files *files, const char *path, const char *before,
                     struct longhaul_error *err)
{
    char *dir = file_folder(path), *last = before ? file_folder(before) : NULL;
    char *receiver = dir ? file_join(dir, LEG_RECEIVER_DIR) : NULL;
    bool is_listed = dir && last && strcmp(dir, last) == 0;
    int rc = receiver ? report_append(&files->own, &files->n_own, strdup(path), err)
                      : error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    if (rc == 0 && !is_listed && record_files_is_folder(receiver))
        rc = list_folder(report, &files->nearby, &files->n_nearby, receiver, err);
    free(receiver);
    free(last);
    free(dir);
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

/* Drops what is in another list already, for example a folder "receiver" that is a link to its own folder. */
static int drop_read_already(char **before, size_t n_before, char **list, size_t *n, struct longhaul_error *err)
{
    size_t n_own, n_list, kept = 0;
    struct place *own = places_of(before, n_before, &n_own), *places = places_of(list, *n, &n_list);
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

static int drop_all_repeated(struct report_files *f, struct longhaul_error *err)
{
    int rc = drop_repeated(f->own, &f->n_own, err);
    if (rc == 0)
        rc = drop_repeated(f->receivers, &f->n_receivers, err);
    if (rc == 0)
        rc = drop_repeated(f->nearby, &f->n_nearby, err);
    if (rc == 0)
        rc = drop_read_already(f->own, f->n_own, f->receivers, &f->n_receivers, err);
    if (rc == 0)
        rc = drop_read_already(f->own, f->n_own, f->nearby, &f->n_nearby, err);
    return rc ? rc : drop_read_already(f->receivers, f->n_receivers, f->nearby, &f->n_nearby, err);
}

int report_list_all_files(struct longhaul_report *report, const char *const *paths, size_t n,
                          struct report_files *files, struct longhaul_error *err)
{
    struct below below = { report, files };
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = record_files_is_folder(paths[i])
                 ? list_folders(report, files, paths[i], err)
                 : list_file(report, files, paths[i], i > 0 ? paths[i - 1] : NULL, err);
    for (size_t i = 0; rc == 0 && i < n; i++) /* later, so that of a file's paths the one that was given stays */
        if (record_files_is_folder(paths[i]))
            rc = record_search(paths[i], take_folder, &below, err);
    if (files->n_below > 1)
        qsort(files->below, files->n_below, sizeof *files->below, by_name);
    return rc == 0 ? drop_all_repeated(files, err) : rc;
}

int report_list_files(struct longhaul_report *report, const char *const *paths, size_t n, struct report_files *files,
                      struct longhaul_error *err)
{
    int rc = report_list_all_files(report, paths, n, files, err);
    return rc ? rc : choose_below(report, files, err);
}

void report_files_free(struct report_files *files)
{
    report_free_lines(files->own, files->n_own);
    report_free_lines(files->receivers, files->n_receivers);
    report_free_lines(files->nearby, files->n_nearby);
    report_free_lines(files->below, files->n_below);
}
