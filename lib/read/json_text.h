/* json_text.h - walking a JSON text by its outer structure, handing single elements to Jansson. */
#ifndef JSON_TEXT_H
#define JSON_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/unwrap.h"

#define JSON_TEXT_PAD 64               /* zeros behind the window */
#define JSON_TEXT_AHEAD (16u << 20)    /* how far one may look ahead: the longest element that is read */

/* A text through a window, and how far it was read. */
struct json_text {
    struct unwrap *source; /* borrowed */
    char *window;
    size_t capacity;
    size_t size;      /* bytes in the window */
    size_t at;        /* of them were read */
    uint64_t base;    /* bytes of the text before the window */
    bool is_last;     /* the text ends with the window */
    bool has_failed;  /* there was no memory for a value or a larger window: what seems to be broken need not be */
    size_t limit;     /* at most JSON_TEXT_AHEAD; looking ahead stops there as if the text did */
    uint64_t looked;  /* bytes looked at ahead so far */
};

/* False when out of memory. */
bool json_text_init(struct json_text *text, struct unwrap *source);
void json_text_clear(struct json_text *text);

/* Where in the whole text it stands. */
static inline uint64_t json_text_offset(const struct json_text *text)
{
    return text->base + text->at;
}
/* What the window holds from here. */
static inline const char *json_text_here(const struct json_text *text)
{
    return text->window + text->at;
}
static inline size_t json_text_left(const struct json_text *text)
{
    return text->size - text->at;
}

/* Gets more of the text into the window; what was read may leave it. False when there is no more, or not within the
 * limit. */
bool json_text_more(struct json_text *text);
/* What the window holds from here comes again, another way. */
static inline void json_text_give_back(struct json_text *text)
{
    text->size = text->at;
    text->is_last = false;
}
/* Gets up to n bytes from here into the window and returns how many there are; fewer when so much was looked ahead
 * already that the time would not be linear any more. */
size_t json_text_look_ahead(struct json_text *text, size_t n);
/* The byte i after here; -1 when there is none, or the limit comes before it. */
int json_text_look_further(struct json_text *text, size_t i);
static inline int json_text_look(struct json_text *text, size_t i)
{
    return i < json_text_left(text) && i < text->limit ? (unsigned char)json_text_here(text)[i]
                                                       : json_text_look_further(text, i);
}

/* Looking ahead: *i is a distance from here, and is moved behind what is found; else it stays. */
/* White space and then c. */
bool json_text_look_for(struct json_text *text, size_t *i, char c);
/* White space and `"key":`; the key as it is written, cut to size. */
bool json_text_look_key(struct json_text *text, size_t *i, char *key, size_t size);
/* White space and one value, whatever it is, by its brackets and quotes alone. */
bool json_text_look_value(struct json_text *text, size_t *i);

/* The same, and the text is read so far. */
void json_text_blank(struct json_text *text);
bool json_text_take(struct json_text *text, char c);
bool json_text_key(struct json_text *text, char *key, size_t size);
/* A value may be of any length; one beyond the limit is read also when the text ends before it does. */
bool json_text_skip(struct json_text *text);

/* How reading a value went. */
struct json_text_got {
    size_t length;   /* of the value, white space before it included; it is still in the window, right before here */
    bool is_mended;
    bool is_wrapped; /* an integer from 2^63 on was read as the signed one that it stands for (json_mend.h) */
    size_t broken;   /* when there is none: how far from here Jansson gave up */
};

/* Passes one value and returns it (a reference of the caller's; integers as reals; of a repeated key the last one
 * counts). What iperf3 is known to write that is not JSON is mended (json_mend.h). NULL when it cannot be read; then
 * the position is unchanged. */
json_t *json_text_value(struct json_text *text, struct json_text_got *got);

/* Of the value that was just read: how far behind its beginning a key comes again in one object; 0 when none does.
 * Reads it once more. */
size_t json_text_repeated(const struct json_text *text, const struct json_text_got *got);

/* The same value, where a key of these (up to NULL) that comes a second time in one object has the suffix: nothing of
 * it is lost. NULL when it cannot be. */
json_t *json_text_value_with_suffix(const struct json_text *text, const struct json_text_got *got,
                                    const char *const *keys, const char *suffix);

#endif
