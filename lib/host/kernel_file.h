/* kernel_file.h - the kernel's small text files, below a root folder that tests can set. */
#ifndef KERNEL_FILE_H
#define KERNEL_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Reads a file, path beginning with "/", below root (NULL or "/": the real one): at most size - 1 bytes and a final 0,
 * without the last line feed. false, and text is "", when it cannot be read. */
bool kernel_file_text(const char *root, const char *path, char *text, size_t size);
/* All of a file, malloc'd; NULL when it cannot be read or is beyond 16 MiB. */
char *kernel_file_all(const char *root, const char *path);
/* Its first n numbers, the rest NAN. */
void kernel_file_numbers(const char *root, const char *path, double *numbers, size_t n);
double kernel_file_number(const char *root, const char *path);
/* The last part of a symbolic link's target; false, and name is "", when it is none. */
bool kernel_file_link(const char *root, const char *path, char *name, size_t size);
/* How many entries of a folder begin with prefix; NAN when there is no such folder. The first one's name goes to first
 * (may be NULL), "" when there is none. */
double kernel_file_count(const char *root, const char *folder, const char *prefix, char *first, size_t size);
/* Is it the machine's own, where ioctl() and adjtimex() tell the same story? */
bool kernel_file_is_real(const char *root);

#endif
