/* file.h - whole files, written so that a reader sees the old one or the new one. */
#ifndef FILE_H
#define FILE_H

#include <longhaul.h>

/* Makes the folder, and those above it. */
int file_make_dir(const char *dir, struct longhaul_error *err);
/* Writes a file whole: temporary name, fsync, rename. */
int file_write(const char *path, const char *bytes, size_t size, struct longhaul_error *err);
/* Is the file there with exactly these bytes in it? */
bool file_holds(const char *path, const char *bytes, size_t size);

#endif
