/* index_list.c - which files of a folder have to be read, and which belong together. Reads no test. */

#include "archive/index.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "read/record_files.h"

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "archive: out of memory");
}

/* ---- the files that are there */

/* Of two files with one name in longhaul's form, wherever they are, the tests may be the two ends' of one. */
static char *key_of(const char *name)
{
    struct longhaul_file_name parts;
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    bool is_dated = longhaul_file_name_parse(name, &parts, NULL) == 0 && parts.start_unix_s != 0;
    return strndup(is_dated ? base : name, record_files_stem(is_dated ? base : name));
}

static struct index_file *add(struct index_list *list, const char *name, struct longhaul_error *err)
{
    if (list->n % 256 == 0) {
        struct index_file *grown = realloc(list->files, (list->n + 256) * sizeof *grown);
        if (grown == NULL)
            return out_of_memory(err), NULL;
        list->files = grown;
    }
    struct index_file *file = &list->files[list->n++];
    *file = (struct index_file){ .now.path = strdup(name), .key = key_of(name) };
    return file->now.path && file->key ? file : (out_of_memory(err), NULL);
}

static int add_found(struct longhaul_archive *a, struct index_list *list, char *const *paths, size_t n,
                     bool is_receiver, struct longhaul_error *err)
{
    size_t folder = strlen(a->dir) + (a->dir[strlen(a->dir) - 1] != '/');
    for (size_t i = 0; i < n; i++) {
        struct index_file *file = add(list, paths[i] + folder, err);
        if (file == NULL)
            return LONGHAUL_ENOMEM;
        file->path = paths[i];
        file->now.is_receiver = is_receiver;
        if (!file_state_take(file->path, &file->now))
            file->now.size = -2; /* reading it says why */
    }
    return 0;
}

static int by_name(const void *a, const void *b)
{
    const struct index_file *x = a, *y = b;
    return strcmp(x->now.path, y->now.path);
}

int index_list_find(struct longhaul_archive *a, bool wants_notes, struct report_files *found,
                    struct longhaul_error *err)
{
    static const struct longhaul_report_options options = { 0 };
    struct longhaul_report *report = calloc(1, sizeof *report);
    const char *dir = a->dir;
    if (report == NULL)
        return out_of_memory(err);
    report->options = &options;
    int rc = report_list_all_files(report, &dir, 1, found, err);
    for (size_t i = 0; rc == 0 && wants_notes && i < report->n_notes; i++)
        rc = archive_note(a, err, "%s", report->notes[i]);
    longhaul_report_free(report);
    return rc;
}

static int find_files(struct longhaul_archive *a, struct index_list *list, struct longhaul_error *err)
{
    int rc = index_list_find(a, true, &list->found, err);
    if (rc == 0)
        rc = add_found(a, list, list->found.own, list->found.n_own, false, err);
    if (rc == 0)
        rc = add_found(a, list, list->found.receivers, list->found.n_receivers, true, err);
    if (rc == 0 && list->n > 1)
        qsort(list->files, list->n, sizeof *list->files, by_name);
    return rc;
}

/* ---- those that the index knows */

/* A copy that kept its times, as of another disk, has another inode, and the same contents. */
static void compare(struct index_file *file, struct store_file *known)
{
    file->is_known = true;
    file->now.unit = known->unit;
    file->now.print = known->print;
    if (file_state_is_same(&file->now, known) && known->is_receiver == file->now.is_receiver) {
        file->is_moved = known->is_gone;
    } else {
        bool may_be = file->now.size == known->size && file->now.mtime_ns == known->mtime_ns;
        file->now.print = file_state_print(file->path);
        file->is_dirty = !may_be || file->now.print != known->print;
        file->is_moved = !file->is_dirty;
    }
    file->now.note = known->note;
    known->note = NULL;
}

/* A file that is there and was not listed, because another of its stem says more, or that cannot be looked at. */
static bool is_gone(const struct longhaul_archive *a, const char *name)
{
    struct stat st;
    char *path = file_join(a->dir, name);
    bool is = path && lstat(path, &st) != 0 && (errno == ENOENT || errno == ENOTDIR);
    free(path);
    return is;
}

static int add_missing(struct longhaul_archive *a, struct index_list *list, struct store_file *known,
                       struct longhaul_error *err)
{
    struct index_file *file = add(list, known->path, err);
    if (file == NULL)
        return LONGHAUL_ENOMEM;
    free(file->now.path);
    file->now = *known;
    known->path = known->note = NULL;
    file->is_known = true;
    bool was = file->now.is_gone;
    file->now.is_gone = is_gone(a, file->now.path);
    file->is_moved = file->now.is_gone != was;
    return 0;
}

static int compare_all(struct longhaul_archive *a, struct index_list *list, struct longhaul_error *err)
{
    struct store_file *known = NULL;
    size_t n = 0, n_found = list->n;
    int rc = store_files(a->store, &known, &n, err);
    for (size_t i = 0; i < n_found; i++)
        list->files[i].is_dirty = true;
    for (size_t i = 0; rc == 0 && i < n; i++) {
        struct index_file wanted = { .now.path = known[i].path };
        struct index_file *found = n_found ? bsearch(&wanted, list->files, n_found, sizeof wanted, by_name) : NULL;
        if (found) {
            found->is_dirty = false;
            compare(found, &known[i]);
        } else {
            rc = add_missing(a, list, &known[i], err);
        }
    }
    for (size_t i = 0; i < n_found; i++)
        if (!list->files[i].is_known)
            list->files[i].now.print = file_state_print(list->files[i].path);
    store_free_files(known, n);
    if (rc == 0 && list->n > 1)
        qsort(list->files, list->n, sizeof *list->files, by_name);
    return rc;
}

/* ---- groups */

struct mark {
    const char *key;
    int64_t unit;
    size_t at;
};

static int by_key(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;
    return strcmp(x->key, y->key);
}

static int by_unit(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;
    return (x->unit > y->unit) - (x->unit < y->unit);
}

/* The first file of the set in which a file is. */
static size_t root_of(size_t *parents, size_t i)
{
    while (parents[i] != i)
        i = parents[i] = parents[parents[i]];
    return i;
}

static void unite(size_t *parents, size_t a, size_t b)
{
    size_t x = root_of(parents, a), y = root_of(parents, b);
    parents[x < y ? y : x] = x < y ? x : y;
}

static void unite_equal(struct mark *marks, size_t n, size_t *parents, int order(const void *, const void *))
{
    size_t together = 1;
    qsort(marks, n, sizeof *marks, order);
    for (size_t i = 1; i < n; i++) {
        bool is_equal = order(&marks[i - 1], &marks[i]) == 0 && (order == by_key || marks[i].unit != 0);
        together = is_equal && together < INDEX_MOST_TOGETHER ? together + 1 : 1;
        if (together > 1)
            unite(parents, marks[i - 1].at, marks[i].at);
    }
}

static int add_group(struct index_list *list, size_t *out, struct longhaul_error *err)
{
    if (list->n_groups == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        struct index_group *grown = realloc(list->groups, capacity * sizeof *grown);
        if (grown == NULL)
            return out_of_memory(err);
        list->groups = grown;
        list->capacity = capacity;
    }
    *out = list->n_groups++;
    list->groups[*out] = (struct index_group){ NULL, 0, false };
    return 0;
}

static int add_to_group(struct index_list *list, size_t group, size_t file, struct longhaul_error *err)
{
    struct index_group *g = &list->groups[group];
    size_t *grown = realloc(g->files, (g->n + 1) * sizeof *grown);
    if (grown == NULL)
        return out_of_memory(err);
    g->files = grown;
    grown[g->n++] = file;
    list->files[file].group = group;
    return list->files[file].now.unit > 0 ? index_list_set_unit(list, list->files[file].now.unit, group, err) : 0;
}

static int make_groups(struct index_list *list, struct longhaul_error *err)
{
    struct mark *marks = malloc((list->n + 1) * sizeof *marks);
    size_t *parents = malloc((list->n + 1) * sizeof *parents);
    int rc = marks && parents ? 0 : out_of_memory(err);
    for (size_t i = 0; rc == 0 && i < list->n; i++) {
        parents[i] = i;
        marks[i] = (struct mark){ list->files[i].key, list->files[i].now.unit, i };
    }
    if (rc == 0 && list->n > 0) {
        unite_equal(marks, list->n, parents, by_key);
        unite_equal(marks, list->n, parents, by_unit);
    }
    for (size_t i = 0; rc == 0 && i < list->n; i++) { /* a root comes before its others */
        size_t root = root_of(parents, i), group = list->files[root].group;
        if (root == i)
            rc = add_group(list, &group, err);
        if (rc == 0)
            rc = add_to_group(list, group, i, err);
    }
    free(marks);
    free(parents);
    return rc;
}

int index_list_join(struct index_list *list, size_t a, size_t b, size_t *out, struct longhaul_error *err)
{
    const size_t both[] = { a, b };
    int rc = add_group(list, out, err);
    for (size_t k = 0; rc == 0 && k < 2; k++) {
        for (size_t i = 0; rc == 0 && i < list->groups[both[k]].n; i++)
            rc = add_to_group(list, *out, list->groups[both[k]].files[i], err);
        list->groups[both[k]].n = 0;
    }
    return rc;
}

/* Numbers of an index that somebody else wrote may be any: the room depends on how many there are. */
struct unit_group {
    int64_t unit;
    size_t group;
};

static int by_number(const void *a, const void *b)
{
    const struct unit_group *x = a, *y = b;
    return (x->unit > y->unit) - (x->unit < y->unit);
}

int index_list_set_unit(struct index_list *list, int64_t unit, size_t group, struct longhaul_error *err)
{
    struct unit_group wanted = { unit, group }, *made = malloc(sizeof *made);
    struct unit_group **found = made ? tsearch(&wanted, &list->group_of_unit, by_number) : NULL;
    if (found == NULL) {
        free(made);
        return out_of_memory(err);
    }
    if (*found == &wanted)
        *found = made;
    else
        free(made);
    **found = wanted;
    return 0;
}

size_t index_list_group_of(const struct index_list *list, int64_t unit)
{
    struct unit_group wanted = { unit, 0 }, **found = tfind(&wanted, &list->group_of_unit, by_number);
    return unit > 0 && found ? (*found)->group : SIZE_MAX;
}

bool index_list_is_replaced(const struct index_list *list, const struct index_group *group,
                            const struct index_file *gone)
{
    for (size_t i = 0; i < group->n; i++) {
        const struct index_file *file = &list->files[group->files[i]];
        if (file->path && file->now.is_receiver == gone->now.is_receiver && strcmp(file->key, gone->key) == 0)
            return true;
    }
    return false;
}

/* ---- the whole */

int index_list_make(struct longhaul_archive *archive, struct index_list *list, struct longhaul_error *err)
{
    *list = (struct index_list){ 0 };
    int rc = find_files(archive, list, err);
    if (rc == 0)
        rc = compare_all(archive, list, err);
    return rc == 0 ? make_groups(list, err) : rc;
}

void index_list_free(struct index_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        free(list->files[i].now.path);
        free(list->files[i].now.note);
        free(list->files[i].key);
    }
    free(list->files);
    for (size_t i = 0; i < list->n_groups; i++)
        free(list->groups[i].files);
    free(list->groups);
    if (list->group_of_unit)
        tdestroy(list->group_of_unit, free);
    report_files_free(&list->found);
}
