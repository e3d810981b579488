/* unwrap_layer.c - what the layers of an unwrapped text share: a layer and its bytes. Removes nothing. */

#include "read/unwrap_inside.h"

#include <stdlib.h>
#include <string.h>

/* Makes room for n more bytes at the end. */
bool bytes_room(struct bytes *b, size_t n)
{
    if (b->at == b->size)
        b->at = b->size = 0;
    if (b->at > 0 && b->capacity - b->size < n) {
        memmove(b->text, b->text + b->at, b->size - b->at);
        b->size -= b->at;
        b->at = 0;
    }
    if (b->capacity - b->size >= n)
        return true;
    size_t capacity = 2 * (b->size + n);
    char *grown = realloc(b->text, capacity);
    if (grown == NULL)
        return false;
    b->text = grown;
    b->capacity = capacity;
    return true;
}

bool bytes_add(struct bytes *b, const char *text, size_t n)
{
    if (!bytes_room(b, n))
        return false;
    if (n > 0)
        memcpy(b->text + b->size, text, n);
    b->size += n;
    return true;
}

struct layer *layer_new(size_t size, const char *text, size_t n)
{
    struct layer *layer = calloc(1, size);
    if (layer && bytes_add(&layer->in, text, n))
        return layer;
    free(layer);
    return NULL;
}

bool layer_prepend(struct layer *layer, const char *text, size_t n)
{
    struct bytes all = { 0 };
    if (!bytes_add(&all, text, n) ||
        !bytes_add(&all, layer->out.text + layer->out.at, layer->out.size - layer->out.at) ||
        !bytes_add(&all, layer->in.text + layer->in.at, layer->in.size - layer->in.at)) {
        free(all.text);
        return false;
    }
    free(layer->in.text);
    layer->in = all;
    layer->out.at = layer->out.size = 0;
    return true;
}
