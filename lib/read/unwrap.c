/* unwrap.c - passes the text of a source through layers that remove what programs between iperf3 and the file have
 * added: prefixes of log lines, strings of other JSON. The reader adds layers where it finds a wrapped document;
 * without layers the source is read directly. Knows nothing of documents. */

#include "read/unwrap.h"

#include <stdlib.h>
#include <string.h>

#include "read/unwrap_inside.h"

#define MOST_LAYERS 8
#define CHUNK (64u << 10)

struct unwrap {
    struct source *source;
    struct layer *top; /* NULL until one exists */
    size_t n_layers;
};

/* ---- layers */

static void layer_free(struct layer *layer)
{
    if (layer == NULL)
        return;
    if (layer->free)
        layer->free(layer);
    free(layer->in.text);
    free(layer->out.text);
    free(layer);
}

static size_t layer_read(struct layer *layer, char *buffer, size_t size);

/* Reads more from the layer below. */
static void fetch(struct layer *layer)
{
    if (!bytes_room(&layer->in, CHUNK)) {
        layer->has_failed = layer->is_last = true;
        return;
    }
    char *to = layer->in.text + layer->in.size;
    size_t n = layer->below ? layer_read(layer->below, to, CHUNK) : source_read(layer->source, to, CHUNK);
    layer->in.size += n;
    layer->is_last = n < CHUNK;
}

static size_t layer_read(struct layer *layer, char *buffer, size_t size)
{
    size_t n = 0;
    for (;;) {
        size_t k = layer->out.size - layer->out.at;
        k = k < size - n ? k : size - n;
        if (k > 0)
            memcpy(buffer + n, layer->out.text + layer->out.at, k);
        layer->out.at += k;
        n += k;
        if (n == size || layer->has_failed)
            return n;
        if (layer->step(layer))
            continue;
        if (layer->is_last)
            return n;
        fetch(layer);
    }
}

/* ---- the whole */

struct unwrap *unwrap_new(struct source *source)
{
    struct unwrap *u = calloc(1, sizeof *u);
    if (u)
        u->source = source;
    return u;
}

void unwrap_free(struct unwrap *u)
{
    while (u && u->top) {
        struct layer *below = u->top->below;
        layer_free(u->top);
        u->top = below;
    }
    free(u);
}

size_t unwrap_read(struct unwrap *u, char *buffer, size_t size)
{
    return u->top ? layer_read(u->top, buffer, size) : source_read(u->source, buffer, size);
}

bool unwrap_is_out_of_memory(const struct unwrap *u)
{
    bool is = false;
    for (const struct layer *l = u->top; l; l = l->below)
        is = is || l->has_failed;
    return is;
}

uint64_t unwrap_n_left_out(const struct unwrap *u)
{
    uint64_t n = 0;
    for (const struct layer *l = u->top; l; l = l->below)
        n += l->n_left_out;
    return n;
}

static bool add(struct unwrap *u, struct layer *layer)
{
    if (layer == NULL)
        return false;
    layer->below = u->top;
    layer->source = u->source;
    u->top = layer;
    u->n_layers++;
    return true;
}

bool unwrap_add_colours(struct unwrap *u, const char *text, size_t size)
{
    return u->n_layers < MOST_LAYERS && add(u, colours_layer(text, size));
}

bool unwrap_add_lines(struct unwrap *u, const char *prefix, size_t n_prefix, const char *text, size_t size,
                      size_t n_shown)
{
    return u->n_layers < MOST_LAYERS && add(u, lines_layer(prefix, n_prefix, text, size, n_shown));
}

bool unwrap_add_strings(struct unwrap *u, const char *key, const char *text, size_t size)
{
    if (key == NULL && u->top && strings_begin_again(u->top, text, size))
        return true;
    return u->n_layers < MOST_LAYERS && add(u, strings_layer(key, text, size));
}
