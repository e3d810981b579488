/* unwrap_inside.h - what unwrap.c and its two kinds of layers share. */
#ifndef UNWRAP_INSIDE_H
#define UNWRAP_INSIDE_H

#include "read/unwrap.h"

/* Bytes that are appended at the end and used from the beginning. */
struct bytes {
    char *text;
    size_t at, size, capacity;
};

bool bytes_room(struct bytes *b, size_t n);
bool bytes_add(struct bytes *b, const char *text, size_t n);

struct layer {
    struct layer *below;   /* NULL: reads from the source */
    struct source *source;
    struct bytes in, out;
    bool is_last;          /* the layer below has ended */
    bool has_failed;       /* out of memory */
    uint64_t n_left_out;
    /* Converts some of in to out; at the end of the text it must convert all. False if it needs more of in. */
    bool (*step)(struct layer *layer);
    void (*free)(struct layer *layer);
};

/* Makes the common part of a layer of size bytes. NULL when out of memory. */
struct layer *layer_new(size_t size, const char *text, size_t n);
/* Puts text before what is in in. */
bool layer_prepend(struct layer *layer, const char *text, size_t n);

/* unwrap_lines.c, unwrap_strings.c. NULL when out of memory. */
struct layer *colours_layer(const char *text, size_t n);
struct layer *lines_layer(const char *prefix, size_t n_prefix, const char *text, size_t n, size_t n_shown);
struct layer *strings_layer(const char *key, const char *text, size_t n);
/* For a layer of strings whose list has ended: begins another list, at the beginning of text. False for any other
 * layer. */
bool strings_begin_again(struct layer *layer, const char *text, size_t n);

#endif
