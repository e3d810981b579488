/* json_text.h - walks a JSON text by its outer structure, and passes single elements to Jansson. */
#ifndef JSON_TEXT_H
#define JSON_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/unwrap.h"

#define JSON_TEXT_PAD 64               /* zeros after the window */
#define JSON_TEXT_AHEAD (16u << 20)    /* how far the text may be looked at: the longest element that is read */

/* A text seen through a window, and how far it was read. */
struct json_text {
    struct unwrap *source; /* borrowed */
    char *window;
    size_t capacity;
    size_t size;      /* bytes in the window */
    size_t at;        /* bytes of the window that were read */
    uint64_t base;    /* bytes of the text before the window */
    bool is_last;     /* the text ends with the window */
    bool is_line;     /* a line begins where the window begins, apart from blanks */
    bool has_failed;  /* out of memory for a value or a larger window: what seems broken may not be */
    size_t limit;     /* at most JSON_TEXT_AHEAD; beyond it, looking ahead behaves as if the text ended */
    uint64_t looked;  /* bytes looked at so far */
};

/* False when out of memory. */
bool json_text_init(struct json_text *text, struct unwrap *source);
void json_text_clear(struct json_text *text);

/* The position in the whole text. */
static inline uint64_t json_text_offset(const struct json_text *text)
{
    return text->base + text->at;
}
/* The window's contents from the current position on. */
static inline const char *json_text_here(const struct json_text *text)
{
    return text->window + text->at;
}
static inline size_t json_text_left(const struct json_text *text)
{
    return text->size - text->at;
}

/* True if only blanks precede the current position on its line. */
bool json_text_is_at_line(const struct json_text *text);

/* Reads more of the text into the window, from which text that was read may be dropped. False if there is no more, or
 * none within the limit. */
bool json_text_more(struct json_text *text);
/* The rest of the window will be read again, in another form. */
static inline void json_text_give_back(struct json_text *text)
{
    text->size = text->at;
    text->is_last = false;
}
/* Makes up to n bytes from the current position available, and returns how many there are; fewer if so much was looked
 * at already that the time would no longer be linear. */
size_t json_text_look_ahead(struct json_text *text, size_t n);
/* The byte i after the current position; -1 if it does not exist, or if the limit comes first. */
int json_text_look_further(struct json_text *text, size_t i);
static inline int json_text_look(struct json_text *text, size_t i)
{
    return i < json_text_left(text) && i < text->limit ? (unsigned char)json_text_here(text)[i]
                                                       : json_text_look_further(text, i);
}

/* Looking ahead: *i is a distance from the current position, and moves behind what is found, or stays. */
/* White space and then c. */
bool json_text_look_for(struct json_text *text, size_t *i, char c);
/* White space and `"key":`; the key as written, cut to size. */
bool json_text_look_key(struct json_text *text, size_t *i, char *key, size_t size);
/* White space and any value, recognised only by its brackets and quotes. */
bool json_text_look_value(struct json_text *text, size_t *i);

/* The same, but reading the text. */
void json_text_blank(struct json_text *text);
bool json_text_take(struct json_text *text, char c);
bool json_text_key(struct json_text *text, char *key, size_t size);
/* A value may have any length; if it exceeds the limit and the text ends within it, it counts as read. */
bool json_text_skip(struct json_text *text);

/* How reading a value went. */
struct json_text_got {
    size_t length;   /* of the value with the white space before it, which is still in the window, just before the
                      * current position */
    bool is_mended;
    bool is_wrapped; /* an integer of 2^63 or more was read as the negative number that it stands for (json_mend.h) */
    size_t broken;   /* if there is no value: the distance at which Jansson gave up */
};

/* Reads one value and returns it (the caller owns the reference; integers become reals; the last one of a repeated key
 * counts). Mends what iperf3 is known to write that is not JSON (json_mend.h). NULL if it cannot be read; the position
 * is unchanged then. */
json_t *json_text_value(struct json_text *text, struct json_text_got *got);

/* For the value that was just read: the offset at which a key is repeated in one object; 0 if none is. Reads it
 * again. */
size_t json_text_repeated(const struct json_text *text, const struct json_text_got *got);

/* Reads the same value again, and gives the suffix to each of these keys (up to NULL) that comes a second time in one
 * object, so that nothing is lost. NULL if that fails. */
json_t *json_text_value_with_suffix(const struct json_text *text, const struct json_text_got *got,
                                    const char *const *keys, const char *suffix);

#endif
