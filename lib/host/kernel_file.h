/* kernel_file.h - the kernel's small text files, below a root folder that tests can set. */
#ifndef KERNEL_FILE_H
#define KERNEL_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Reads a file, whose path begins with "/", below root (NULL or "/": the real one): at most size - 1 bytes and a final
 * 0, without the last line feed. On failure returns false, and text is "". */
bool kernel_file_text(const char *root, const char *path, char *text, size_t size);
/* Reads a whole file, malloc'd; NULL if it cannot be read or exceeds 16 MiB. */
char *kernel_file_all(const char *root, const char *path);
/* Reads the first n numbers of a file; missing ones are NAN. */
void kernel_file_numbers(const char *root, const char *path, double *numbers, size_t n);
double kernel_file_number(const char *root, const char *path);
/* Returns the last part of a symbolic link's target in name; false and "" if path is not a symbolic link. */
bool kernel_file_link(const char *root, const char *path, char *name, size_t size);
/* Counts the entries of a folder that begin with prefix; NAN if the folder does not exist. Copies the name of the first
 * one to first (may be NULL), "" if none exists. */
double kernel_file_count(const char *root, const char *folder, const char *prefix, char *first, size_t size);
/* True if root is the machine's own, so that ioctl() and adjtimex() describe the same host as the files. */
bool kernel_file_is_real(const char *root);

#endif
