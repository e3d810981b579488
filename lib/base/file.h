/* file.h - files that are either whole or absent: temporary name, fsync, rename, fsync of the folder. */
#ifndef FILE_H
#define FILE_H

#include <stdio.h>

#include <longhaul.h>

#include "base/temporary.h"

/* Makes a folder and its missing parents, durably. */
int file_make_dir(const char *path, struct longhaul_error *err);

/* "dir/name", malloc'd; NULL when out of memory. */
char *file_join(const char *dir, const char *name);
/* The folder of path, "." for a bare name; malloc'd, NULL when out of memory. */
char *file_folder(const char *path);

/* A file being written: its contents appear under path only at file_commit(), with the mode of the file that it
 * replaces. The folder is opened once, so moving it meanwhile does not change where the file goes. */
struct file_draft {
    FILE *stream;
    char *path;
    const char *name; /* the last part of path */
    int dir;          /* the folder, open */
    bool replaces;    /* true if a file of that name exists */
    int fd;           /* holds the lock on the temporary file */
    char temporary[TEMPORARY_SIZE]; /* "" if there is no temporary file */
};

int file_begin(struct file_draft *draft, const char *path, struct longhaul_error *err);
/* On success (0) the file is whole and on disk. On failure the temporary file is gone and the old file is unchanged;
 * only after an error of the folder itself is the new file there, and a power cut may undo it. The draft is finished in
 * both cases. */
int file_commit(struct file_draft *draft, struct longhaul_error *err);
/* The same without waiting for the disk: readers see a whole file now, but it may not survive a crash. */
int file_commit_unsynced(struct file_draft *draft, struct longhaul_error *err);
/* Discards the draft and leaves no trace. */
void file_abandon(struct file_draft *draft);

/* Flushes what was written to the temporary file, and to disk if is_synced; writing can go on. For callers that read
 * the file before they commit it. file_draft_path() returns its path, malloc'd; NULL when out of memory. */
int file_settle(struct file_draft *draft, bool is_synced, struct longhaul_error *err);
char *file_draft_path(const struct file_draft *draft);

/* Writes a whole file in one call. */
int file_write(const char *path, const char *bytes, size_t size, struct longhaul_error *err);

/* Opens a regular file for reading; NULL if none exists. Does not wait for a pipe of that name. */
FILE *file_open(const char *path);

/* True if the file exists and contains exactly these bytes. */
bool file_holds(const char *path, const char *bytes, size_t size);

/* Opens the folder of path; -1, with errno set, on failure. */
int file_open_dir_of(const char *path);

/* Forces the entries of the folder of path to disk. */
void file_sync_dir_of(const char *path);

/* Removes temporary files that killed processes left in the folder of path. */
void file_clean_dir_of(const char *path);

/* Whether the name ends in ending and has something before it. */
bool file_has_ending(const char *name, const char *ending);

#endif
