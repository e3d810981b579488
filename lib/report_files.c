/* report_files.c - which files a report is made of: results and journals, and what `longhaul serve` wrote. Looks at their names and
 * times, and reads none. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "error.h"
#include "file.h"
#include "report.h"

static bool ends_with(const char *name, const char *ending)
{
    size_t n = strlen(name), k = strlen(ending);
    return n > k && strcmp(name + n - k, ending) == 0;
}

int report_is_record(const struct dirent *entry)
{
    static const char *const endings[] = { ".json", ".journal", ".json.gz", ".json.zst", ".json.xz" };
    for (size_t i = 0; entry->d_name[0] != '.' && i < sizeof endings / sizeof *endings; i++)
        if (ends_with(entry->d_name, endings[i]))
            return 1;
    return 0;
}

/* A journal and a result of one stem are one test. The newer one tells more of it: the journal when its run was stopped, which made
 * the result, and goes on. */
static bool is_superseded(const char *path, const struct stat *st)
{
    static const char *const endings[] = { ".json", ".journal" };
    bool is_journal = ends_with(path, endings[1]);
    size_t stem = strlen(path) - strlen(endings[is_journal]);
    struct stat other;
    char *beside;
    if (!(is_journal || ends_with(path, endings[0])) || asprintf(&beside, "%.*s%s", (int)stem, path, endings[!is_journal]) < 0)
        return false;
    bool is_alone = stat(beside, &other) != 0;
    free(beside);
    if (is_alone)
        return false;
    bool is_older = st->st_mtim.tv_sec < other.st_mtim.tv_sec ||
                    (st->st_mtim.tv_sec == other.st_mtim.tv_sec && st->st_mtim.tv_nsec < other.st_mtim.tv_nsec);
    bool is_alike = st->st_mtim.tv_sec == other.st_mtim.tv_sec && st->st_mtim.tv_nsec == other.st_mtim.tv_nsec;
    return is_older || (is_journal && is_alike);
}

static int list_entry(char ***list, size_t *n, const char *dir, const char *name, struct longhaul_error *err)
{
    struct stat st;
    char *path = file_join(dir, name);
    if (path == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    /* What cannot be looked at gets its note when opened. */
    if (stat(path, &st) != 0 || (S_ISREG(st.st_mode) && !is_superseded(path, &st)))
        return report_append(list, n, path, err);
    free(path);
    return 0;
}

static int list_folder(struct longhaul_report *report, char ***list, size_t *n_list, const char *dir, struct longhaul_error *err)
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

/* A folder of records, and its folder "receiver". */
static int list_folders(struct longhaul_report *report, struct report_files *files, const char *dir, struct longhaul_error *err)
{
    char *receiver = file_join(dir, "receiver");
    int rc = receiver ? list_folder(report, &files->own, &files->n_own, dir, err) : error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    if (rc == 0 && is_folder(receiver))
        rc = list_folder(report, &files->receivers, &files->n_receivers, receiver, err);
    free(receiver);
    return rc;
}

int report_list_files(struct longhaul_report *report, const char *const *paths, size_t n, struct report_files *files,
                      struct longhaul_error *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = is_folder(paths[i]) ? list_folders(report, files, paths[i], err)
                                 : report_append(&files->own, &files->n_own, strdup(paths[i]), err);
    return rc;
}
