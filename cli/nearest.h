/* nearest.h - what somebody meant who mistyped a word. */
#ifndef NEAREST_H
#define NEAREST_H

#include <stdbool.h>
#include <stddef.h>

/* The best of the names offered so far. All zero, except for word, before the first call. */
struct nearest {
    const char *word;
    const char *name; /* NULL if none is near */
    size_t edits;     /* from word to it */
};
/* Takes a name into account: it is near if at most two letters differ, are missing or are too many, and fewer than the
 * word has. The name is borrowed. */
void nearest_offer(struct nearest *nearest, const char *name);

#endif
