/* text_copy.c - copies texts that somebody else owns. */

#include "base/text_copy.h"

#include <stdlib.h>
#include <string.h>

char *text_copy(const char *text, bool *failed)
{
    char *copy = text ? strdup(text) : NULL;
    *failed = *failed || (text && !copy);
    return copy;
}

char *text_copy_all(const char **const *texts, size_t n)
{
    size_t size = 0;
    for (size_t i = 0; i < n; i++)
        size += strlen(*texts[i]) + 1;
    char *block = malloc(size), *at = block;
    for (size_t i = 0; block && i < n; i++) {
        size_t length = strlen(*texts[i]) + 1;
        *texts[i] = memcpy(at, *texts[i], length);
        at += length;
    }
    return block;
}
