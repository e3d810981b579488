/* spill.h - the members of a JSON array that is written later, kept on disk meanwhile, however many they are. */
#ifndef SPILL_H
#define SPILL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Begin with zeros, but for dir. */
struct spill {
    int dir;      /* an open folder, in which there is room; the file has no name there */
    FILE *file;   /* NULL before the first member */
    size_t n;
    int failure;  /* an errno: something is missing */
};

/* One more member. Takes the reference; NULL is a failure (ENOMEM). */
void spill_add(struct spill *spill, json_t *value);
/* "[member,...]" to out. */
void spill_write(struct spill *spill, FILE *out);
void spill_clear(struct spill *spill);

#endif
