/* spill.h - keeps the members of a JSON array on disk, however many there are, until it is written. */
#ifndef SPILL_H
#define SPILL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Starts with zeros, and dir. */
struct spill {
    int dir;      /* an open folder with free space; the file has no name in it */
    FILE *file;   /* NULL before the first member */
    size_t n;
    int failure;  /* an errno: something is missing */
};

/* Adds a member. Takes the reference; NULL is a failure (ENOMEM). */
void spill_add(struct spill *spill, json_t *value);
/* Writes "[member,...]" to out. */
void spill_write(struct spill *spill, FILE *out);
void spill_clear(struct spill *spill);

#endif
