/* export_files.h - which files are exported, and which of them may be the other side of a leg. */
#ifndef EXPORT_FILES_H
#define EXPORT_FILES_H

#include <longhaul.h>
#include <stdbool.h>
#include <sys/types.h>

struct export_file {
    char *path, *folder; /* folder: that of a sender's file, also for what is in its folder "receiver" */
    bool is_receiver;    /* found in a folder "receiver" */
    bool is_nearby;      /* only to be joined: its folder was not given */
    bool is_done;        /* exported, or joined to a sender's */
    bool has_name;       /* with a start, as longhaul's own names have */
    struct longhaul_file_name name;
    dev_t device;
    ino_t inode;
    uint64_t mark; /* of its name, size and time of change */
};

struct export_files {
    struct export_file *file;
    size_t n, n_own; /* n_own: those that are in no folder "receiver", the first ones */
    bool has_unnamed;
};

/* The records in the given folders and below, and the given files, by leg and start; those of folders "receiver" last.
 * What cannot be read is told, and counted as skipped. */
int export_files_list(const char *const *paths, size_t n, const struct longhaul_export_options *options,
                      struct longhaul_exported *told, struct export_files *out, struct longhaul_error *err);
void export_files_free(struct export_files *files);

/* The numbers of the files that may hold another side of the tests in this one, by their names and times: *n of them,
 * which the caller frees. NULL when out of memory. */
size_t *export_files_others(const struct export_files *files, const struct export_file *file, size_t *n);

#endif
