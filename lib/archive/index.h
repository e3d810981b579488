/* index.h - the files of a folder as an update sees them: which are there, which are known, which belong together. */
#ifndef INDEX_H
#define INDEX_H

#include "archive/archive.h"
#include "report/report.h"

/* A file that is there, or that the index knows. */
struct index_file {
    struct store_file now; /* what is to be stored; its path is owned */
    char *path;            /* to read it; NULL if it is not there */
    char *key; /* of two files with one key the tests may be the same: the name's stem, without its folder if
                * the name has longhaul's form */
    bool is_known, is_dirty, is_moved; /* the index has it; it has to be read (again); it only has another state */
    size_t group;
};

#define INDEX_MOST_TOGETHER 64 /* files: more that claim to be one test are not one */

/* Files that are read together, by their indices. */
struct index_group {
    size_t *files;
    size_t n;
    bool is_queued;
};

struct index_list {
    struct index_file *files; /* by their paths from the folder on */
    size_t n;
    struct index_group *groups;
    size_t n_groups, capacity;
    void *group_of_unit; /* a tree, by the unit's number */
    struct report_files found; /* as the report lists them: owns the paths */
};

/* index_list.c: lists the files of the archive's folder, and compares them with the index. What cannot be listed is a
 * note. index_list_free() in any case. */
int index_list_make(struct longhaul_archive *archive, struct index_list *list, struct longhaul_error *err);
void index_list_free(struct index_list *list);
/* The files below the archive's folder; *found is freed in any case. */
int index_list_find(struct longhaul_archive *archive, bool wants_notes, struct report_files *found,
                    struct longhaul_error *err);
/* Another group of both; *out is its index. */
int index_list_join(struct index_list *list, size_t a, size_t b, size_t *out, struct longhaul_error *err);
/* Says which group has a unit. */
int index_list_set_unit(struct index_list *list, int64_t unit, size_t group, struct longhaul_error *err);
size_t index_list_group_of(const struct index_list *list, int64_t unit);
/* True if a file that is not there stands in the list under another name, too. */
bool index_list_is_replaced(const struct index_list *list, const struct index_group *group,
                            const struct index_file *gone);

/* file_state.c: size, times and hash of a file; false, with errno set, if it is something else. */
bool file_state_take(const char *path, struct store_file *state);
/* True if a file has the size, times and inode that it had. */
bool file_state_is_same(const struct store_file *a, const struct store_file *b);
/* The hash of parts of its contents; 0 if it cannot be read. */
int64_t file_state_print(const char *path);

#endif
