/* record_files.h - which files of a folder are records. */
#ifndef RECORD_FILES_H
#define RECORD_FILES_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>

#include <longhaul.h>

/* True for files that are read from a folder of records (a filter for scandir). */
int record_files_is_record(const struct dirent *entry);
/* The records of a folder, sorted by name, each test once: of several records with one stem the one that says most. The
 * caller frees them with record_files_free(). LONGHAUL_EIO when the folder cannot be read. */
int record_files_list(const char *dir, char ***paths, size_t *n, struct longhaul_error *err);
void record_files_free(char **paths, size_t n);
/* The length of a record's path without its ending. */
size_t record_files_stem(const char *path);
/* True for a folder. */
bool record_files_is_folder(const char *path);

#endif
