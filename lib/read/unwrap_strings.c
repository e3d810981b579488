/* unwrap_strings.c - a layer that passes only the contents of JSON strings: those of one key, wherever it stands
 * ({"log":"..."} in each line, {"output":"..."} in results), or those of a list. Joins text that a program has cut into
 * pieces. Knows only strings and their escapes. */

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "read/unwrap_inside.h"

#define KEY_SIZE 128
#define LONG_PIECE 8192 /* a piece of this length without a line feed at its end was cut (docker: 16 kB) */
#define CUT_PIECE 64    /* the same with docker's key */

enum state {
    OUTSIDE,     /* between strings that matter */
    OTHER,       /* in a string that may be the key */
    AFTER_OTHER, /* after it: a colon makes it the key */
    BEFORE_VALUE,
    VALUE,
    BETWEEN,     /* after a string of a list */
    PLAIN        /* the list has ended */
};

struct strings {
    struct layer layer;
    enum state state;
    char key[KEY_SIZE]; /* as written; "" for a list */
    char other[KEY_SIZE];
    size_t n_other;
    bool is_escaped;    /* in OTHER */
    unsigned high;      /* the first half of a \u surrogate pair */
    size_t n_piece;     /* bytes of the current piece */
    char last;          /* the last of them */
    bool has_piece, has_line_ends; /* the first piece shows whether pieces contain their line feeds */
};

static void put(struct strings *s, const char *text, size_t n)
{
    if (!bytes_add(&s->layer.out, text, n))
        s->layer.has_failed = true;
    s->n_piece += n;
    s->last = n > 0 ? text[n - 1] : s->last;
}

static void put_point(struct strings *s, unsigned point)
{
    char text[4];
    put(s, text, utf8_encode(point, text));
}

static void end_piece(struct strings *s)
{
    bool ends_line = s->n_piece > 0 && s->last == '\n';
    if (!s->has_piece) /* docker's lines have theirs, except where they were cut */
        s->has_line_ends =
            ends_line || s->n_piece >= LONG_PIECE || (s->n_piece >= CUT_PIECE && strcmp(s->key, "log") == 0);
    if (!s->has_line_ends && !ends_line)
        put(s, "\n", 1);
    s->has_piece = true;
    s->n_piece = 0;
    s->state = s->key[0] ? OUTSIDE : BETWEEN;
}

static int hex_of(const char *text)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        const char *digit = text[i] ? strchr("0123456789abcdef", text[i] | 0x20) : NULL;
        if (digit == NULL)
            return -1;
        value = value << 4 | (int)(digit - "0123456789abcdef");
    }
    return value;
}

static void put_unit(struct strings *s, unsigned unit)
{
    bool is_high = unit >= 0xd800 && unit < 0xdc00, is_low = unit >= 0xdc00 && unit < 0xe000;
    unsigned high = s->high;
    s->high = is_high ? unit : 0;
    if (high && is_low)
        put_point(s, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
    else if (is_low)
        put(s, "?", 1);
    else if (!is_high)
        put_point(s, unit ? unit : '?');
}

/* Decodes the escape at text, of n bytes; returns its length, 0 if more bytes are needed. */
static size_t put_escape(struct strings *s, const char *text, size_t n)
{
    static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
    if (n < 2 || (text[1] == 'u' && n < 6))
        return 0;
    int unit = text[1] == 'u' ? hex_of(text + 2) : -1;
    if (unit >= 0) {
        put_unit(s, (unsigned)unit);
        return 6;
    }
    const char *found = text[1] ? strchr(from, text[1]) : NULL;
    put(s, found ? &to[found - from] : text + 1, 1);
    return 2;
}

/* Passes a string that matters. False if there is not enough of it. */
static bool pass_value(struct strings *s)
{
    struct bytes *in = &s->layer.in;
    size_t from = in->at;
    while (in->at < in->size && in->text[in->at] != '"' && in->text[in->at] != '\\')
        in->at++;
    put(s, in->text + from, in->at - from);
    if (in->at == in->size)
        return in->at > from;
    if (in->text[in->at] == '"') {
        in->at++;
        end_piece(s);
        return true;
    }
    size_t n = put_escape(s, in->text + in->at, in->size - in->at);
    if (n == 0 && s->layer.is_last)
        n = in->size - in->at;
    in->at += n;
    return n > 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void pass_other(struct strings *s, char c)
{
    if (c == '"' && !s->is_escaped) {
        s->state = AFTER_OTHER;
        return;
    }
    s->is_escaped = c == '\\' && !s->is_escaped;
    if (s->n_other < KEY_SIZE - 1)
        s->other[s->n_other] = c;
    s->n_other++;
}

static bool is_the_key(const struct strings *s)
{
    return s->n_other == strlen(s->key) && memcmp(s->other, s->key, s->n_other) == 0;
}

/* Passes one byte outside such strings. */
static void pass_byte(struct strings *s, char c)
{
    if (s->state == OTHER) {
        pass_other(s, c);
    } else if (is_blank(c)) {
        return;
    } else if (s->state == AFTER_OTHER && c == ':' && is_the_key(s)) {
        s->state = BEFORE_VALUE;
    } else if (c == '"') {
        s->state = s->state == BEFORE_VALUE ? VALUE : s->state == BETWEEN ? VALUE : OTHER;
        s->n_other = 0;
        s->is_escaped = false;
    } else if (s->state == BETWEEN && c != ',') {
        s->state = PLAIN;
    } else if (s->state != BETWEEN) {
        s->state = OUTSIDE;
    }
}

static bool step(struct layer *layer)
{
    struct strings *s = (struct strings *)layer;
    struct bytes *in = &layer->in;
    if (s->state == VALUE)
        return pass_value(s);
    if (s->state == PLAIN) {
        bool has_more = in->at < in->size;
        put(s, in->text + in->at, in->size - in->at);
        in->at = in->size;
        return has_more;
    }
    size_t from = in->at;
    while (in->at < in->size && s->state != VALUE && s->state != PLAIN)
        pass_byte(s, in->text[in->at++]);
    return in->at > from;
}

/* Called at the quote of a list's first string. */
static void begin_list(struct strings *s)
{
    s->state = BETWEEN;
    s->has_piece = false;
    s->n_piece = 0;
    s->high = 0;
}

struct layer *strings_layer(const char *key, const char *text, size_t n)
{
    struct strings *s = (struct strings *)layer_new(sizeof *s, text, n);
    if (s == NULL)
        return NULL;
    s->layer.step = step;
    begin_list(s);
    if (key) {
        s->state = BEFORE_VALUE;
        memcpy(s->key, key, strnlen(key, KEY_SIZE - 1));
    }
    return &s->layer;
}

bool strings_begin_again(struct layer *layer, const char *text, size_t n)
{
    struct strings *s = (struct strings *)layer;
    if (layer->step != step || s->state != PLAIN || !layer_prepend(layer, text, n))
        return false;
    begin_list(s);
    return true;
}
