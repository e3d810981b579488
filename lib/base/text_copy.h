/* text_copy.h - copies of texts that somebody else owns. */
#ifndef TEXT_COPY_H
#define TEXT_COPY_H

#include <stdbool.h>
#include <stddef.h>

/* The caller frees it. NULL stays NULL; *failed becomes true when out of memory, and else stays what it is. */
char *text_copy(const char *text, bool *failed);

/* Of n texts one block, which the caller frees, and in which each of them then points to its copy. NULL when out of
 * memory. */
char *text_copy_all(const char **const *texts, size_t n);

#endif
