/* cache_form.h - the bytes of a series in a cache. */
#ifndef CACHE_FORM_H
#define CACHE_FORM_H

#include <stdint.h>
#include <stdio.h>

#include "read/series.h"

#define CACHE_FORMAT 8u     /* to be raised when what is written changes */
#define CACHE_MAX_TEXT 4096 /* of a string */

struct cache_input {
    FILE *file;
    uint64_t hash; /* of all that was read */
    uint64_t left; /* bytes of the file */
    bool is_good;  /* false once something was not as it should be: then what is read is 0 */
};

struct cache_output {
    FILE *file;
    uint64_t hash; /* of all that was written */
    bool has_failed;
};

void cache_get(struct cache_input *in, void *out, size_t n);
/* Into text of CACHE_MAX_TEXT bytes. */
void cache_get_text(struct cache_input *in, char *text);
/* NULL when it is none, or out of memory; in->is_good is to be looked at also when it is not. */
struct longhaul_series *cache_get_series(struct cache_input *in, const char *path);

void cache_put(struct cache_output *out, const void *bytes, size_t n);
void cache_put_text(struct cache_output *out, const char *text);
void cache_put_series(struct cache_output *out, const struct longhaul_series *series);

#endif
