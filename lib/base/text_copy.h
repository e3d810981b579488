/* text_copy.h - copies texts that somebody else owns. */
#ifndef TEXT_COPY_H
#define TEXT_COPY_H

#include <stdbool.h>
#include <stddef.h>

/* The caller frees the copy. NULL stays NULL; when out of memory *failed becomes true, otherwise it is unchanged. */
char *text_copy(const char *text, bool *failed);

/* Copies n texts into one block, which the caller frees, and makes each pointer point to its copy. NULL when out of
 * memory. */
char *text_copy_all(const char **const *texts, size_t n);

#endif
