/* file.h - files that are either whole or not there: temporary name, fsync, rename, fsync of the folder. */
#ifndef FILE_H
#define FILE_H

#include <stdio.h>

#include <longhaul.h>

#include "base/temporary.h"

/* Makes a folder and what is missing above it, to last. */
int file_make_dir(const char *path, struct longhaul_error *err);

/* "dir/name", malloc'd; NULL when out of memory. */
char *file_join(const char *dir, const char *name);

/* A file on its way: what is written to stream appears under path only with file_commit(), with the mode of the file
 * that it replaces. The folder is looked up once: whoever moves it meanwhile does not change where the file goes. */
struct file_draft {
    FILE *stream;
    char *path;
    const char *name; /* path's last part */
    int dir;          /* the rest of it, open */
    bool replaces;    /* a file of that name */
    int fd;           /* holds the lock on the temporary file */
    char temporary[TEMPORARY_SIZE]; /* "" when there is none */
};

int file_begin(struct file_draft *draft, const char *path, struct longhaul_error *err);
/* The file is on disk, whole, when this returns 0; else nothing is left of it and what was there before still is (but
 * for an error of the folder itself: then it is there, and may not survive a power cut). Either way the draft is done
 * with. */
int file_commit(struct file_draft *draft, struct longhaul_error *err);
/* The same without waiting for the disk: whole for whoever reads it now, and not promised after a crash. */
int file_commit_unsynced(struct file_draft *draft, struct longhaul_error *err);
/* Leaves no trace. */
void file_abandon(struct file_draft *draft);

/* All that was written is in the temporary file, and on disk when is_synced; the draft goes on. For those who read it
 * before they commit it: file_draft_path(), malloc'd, is where; NULL when out of memory. */
int file_settle(struct file_draft *draft, bool is_synced, struct longhaul_error *err);
char *file_draft_path(const struct file_draft *draft);

/* All of it at once. */
int file_write(const char *path, const char *bytes, size_t size, struct longhaul_error *err);

/* A regular file, to read; NULL when there is none: a pipe of that name is not waited for. */
FILE *file_open(const char *path);

/* Is the file there with exactly these bytes in it? */
bool file_holds(const char *path, const char *bytes, size_t size);

/* The folder that path is in, open; -1, and errno, when it cannot be. */
int file_open_dir_of(const char *path);

/* Forces its entries to disk. */
void file_sync_dir_of(const char *path);

/* Removes from it what processes that were killed left of files on their way. */
void file_clean_dir_of(const char *path);

#endif
