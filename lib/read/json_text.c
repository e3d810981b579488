/* json_text.c - walks a JSON text by its outer structure and passes single elements to Jansson, so that neither a day
 * of intervals is ever one tree, nor a file in memory as a whole. Knows JSON, and how it breaks in the field; knows
 * nothing of iperf3's documents. */

#include "read/json_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_mend.h"

#define ELEMENT_FLAGS (JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL)
#ifndef WINDOW_BYTES
#define WINDOW_BYTES (512u << 10) /* fits in a core's cache */
#endif
#ifndef FREE_LOOKS
#define FREE_LOOKS                                                                                                     \
    (64u << 20) /* bytes that may be looked at before they are read; each byte read allows one more */
#endif
#define FREE_LOOKS_EACH 4
#define DEAR_LOOK 512             /* how far the text may still be looked at when those are used up */
#define MOST_NESTED 16             /* nested objects whose keys are checked */
#define KEYS_SHIFT 16
#define NEAR_END 16               /* an error this close to the window's end may come from the window */

bool json_text_init(struct json_text *text, struct unwrap *source)
{
    *text =
        (struct json_text){ .source = source, .capacity = WINDOW_BYTES, .limit = JSON_TEXT_AHEAD, .is_line = true };
    text->window = malloc(WINDOW_BYTES + JSON_TEXT_PAD);
    return text->window != NULL;
}

void json_text_clear(struct json_text *text)
{
    free(text->window);
    text->window = NULL;
}

/* ---- the window */

static bool enlarge(struct json_text *text)
{
    char *grown = realloc(text->window, 2 * text->capacity + JSON_TEXT_PAD);
    if (grown == NULL) {
        text->has_failed = true;
        return false;
    }
    text->window = grown;
    text->capacity *= 2;
    return true;
}

bool json_text_is_at_line(const struct json_text *text)
{
    size_t at = text->at;
    while (at > 0 && (text->window[at - 1] == ' ' || text->window[at - 1] == '\t' || text->window[at - 1] == '\r'))
        at--;
    return at > 0 ? text->window[at - 1] == '\n' : text->is_line;
}

/* Drops what was read, if that frees enough room. */
static void slide(struct json_text *text)
{
    if (text->at < text->capacity / 2 && text->size > 0)
        return;
    text->is_line = json_text_is_at_line(text);
    memmove(text->window, text->window + text->at, text->size - text->at);
    text->base += text->at;
    text->size -= text->at;
    text->at = 0;
}

bool json_text_more(struct json_text *text)
{
    if (text->is_last || json_text_left(text) >= text->limit)
        return false;
    slide(text);
    if (text->size == text->capacity && !enlarge(text))
        return false;
    size_t wanted = text->capacity - text->size, got = unwrap_read(text->source, text->window + text->size, wanted);
    text->size += got;
    text->is_last = got < wanted;
    memset(text->window + text->size, 0, JSON_TEXT_PAD);
    return got > 0;
}

int json_text_look_further(struct json_text *text, size_t i)
{
    if (i >= text->limit)
        return -1;
    while (i >= json_text_left(text))
        if (!json_text_more(text))
            return -1;
    return (unsigned char)json_text_here(text)[i];
}

/* ---- looking ahead */

static bool is_blank(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t look_blank(struct json_text *text, size_t i)
{
    while (is_blank(json_text_look(text, i)))
        i++;
    return i;
}

bool json_text_look_for(struct json_text *text, size_t *i, char c)
{
    size_t at = look_blank(text, *i);
    if (json_text_look(text, at) != (unsigned char)c)
        return false;
    *i = at + 1;
    return true;
}

/* Moves *i from a string's first quote to behind its last one. */
static bool look_string(struct json_text *text, size_t *i)
{
    for (size_t at = *i + 1;; at++) {
        int c = json_text_look(text, at);
        if (c == '\\') {
            at++;
        } else if (c == '"') {
            *i = at + 1;
            return true;
        } else if (c < 0) {
            return false;
        }
    }
}

bool json_text_look_key(struct json_text *text, size_t *i, char *key, size_t size)
{
    size_t from = look_blank(text, *i), at = from;
    if (json_text_look(text, from) != '"' || !look_string(text, &at))
        return false;
    size_t n = at - from - 2;
    if (!json_text_look_for(text, &at, ':'))
        return false;
    if (n >= size)
        n = size - 1;
    memcpy(key, json_text_here(text) + from + 1, n);
    key[n] = 0;
    *i = at;
    return true;
}

/* The position within a value, from its brackets and quotes. */
struct nesting {
    size_t depth;
    bool in_string, is_escaped, in_scalar;
};

enum pass { PASS_ON, PASS_END_BEHIND, PASS_END_BEFORE, PASS_NO_VALUE };

static bool ends_scalar(int c)
{
    return is_blank(c) || c == ',' || c == ']' || c == '}';
}

/* Passes one byte of a value, and tells whether the value ends after it, or before it. */
static enum pass pass_byte(struct nesting *in, int c)
{
    if (in->in_string) {
        bool ends = c == '"' && !in->is_escaped;
        in->is_escaped = c == '\\' && !in->is_escaped;
        in->in_string = !ends;
        return ends && in->depth == 0 ? PASS_END_BEHIND : PASS_ON;
    }
    if (in->depth == 0 && ends_scalar(c))
        return in->in_scalar ? PASS_END_BEFORE : PASS_NO_VALUE;
    if (c == '"') {
        in->in_string = true;
    } else if (c == '{' || c == '[') {
        in->depth++;
    } else if (c == '}' || c == ']') {
        in->depth--;
        return in->depth == 0 ? PASS_END_BEHIND : PASS_ON;
    } else if (in->depth == 0) {
        in->in_scalar = true;
    }
    return PASS_ON;
}

/* Limits how far the text is looked at, so that repeated looks do not make a large file of another kind slow. */
static size_t longest_look(const struct json_text *text)
{
    return text->looked > FREE_LOOKS + FREE_LOOKS_EACH * json_text_offset(text) ? DEAR_LOOK : JSON_TEXT_AHEAD;
}

size_t json_text_look_ahead(struct json_text *text, size_t n)
{
    size_t most = longest_look(text);
    n = n < most ? n : most;
    json_text_look(text, n - 1);
    n = n < json_text_left(text) ? n : json_text_left(text);
    text->looked += n;
    return n;
}

bool json_text_look_value(struct json_text *text, size_t *i)
{
    struct nesting in = { 0 };
    size_t stop = *i + longest_look(text);
    for (size_t at = look_blank(text, *i);; at++) {
        int c = at < stop ? json_text_look(text, at) : -1;
        enum pass pass = c < 0 ? PASS_NO_VALUE : pass_byte(&in, c);
        if (pass == PASS_ON)
            continue;
        text->looked += at - *i;
        if (pass != PASS_NO_VALUE)
            *i = at + (pass == PASS_END_BEHIND);
        return pass != PASS_NO_VALUE;
    }
}

/* ---- reading */

void json_text_blank(struct json_text *text)
{
    while (is_blank(json_text_look(text, 0)))
        text->at++;
}

bool json_text_take(struct json_text *text, char c)
{
    json_text_blank(text);
    if (json_text_look(text, 0) != (unsigned char)c)
        return false;
    text->at++;
    return true;
}

bool json_text_key(struct json_text *text, char *key, size_t size)
{
    size_t i = 0;
    json_text_blank(text);
    if (!json_text_look_key(text, &i, key, size))
        return false;
    text->at += i;
    return true;
}

/* Skips a value that is too long to be looked at. */
static bool skip_long(struct json_text *text)
{
    struct nesting in = { 0 };
    for (;; text->at++) {
        int c = json_text_look(text, 0);
        enum pass pass = c < 0 ? PASS_NO_VALUE : pass_byte(&in, c);
        if (pass == PASS_ON)
            continue;
        text->at += pass == PASS_END_BEHIND;
        return pass != PASS_NO_VALUE;
    }
}

bool json_text_skip(struct json_text *text)
{
    size_t i = 0, limit = text->limit, most = longest_look(text);
    json_text_blank(text);
    text->limit = WINDOW_BYTES < most ? WINDOW_BYTES : most;
    bool is_passed = json_text_look_value(text, &i), may_be_long = json_text_left(text) >= text->limit;
    text->limit = limit;
    if (is_passed)
        text->at += i;
    return is_passed || (may_be_long && skip_long(text));
}

/* ---- values */

static json_t *mended_value(struct json_text *text, struct json_text_got *got)
{
    size_t n = 0;
    if (!json_text_look_value(text, &n))
        return NULL;
    char *copy = malloc(4 * n + 1);
    if (copy == NULL)
        return NULL;
    size_t length = json_mend(json_text_here(text), n, copy);
    json_t *value = json_loadb(copy, length, ELEMENT_FLAGS & ~(size_t)JSON_DISABLE_EOF_CHECK, NULL);
    got->is_mended = length != n || memcmp(copy, json_text_here(text), n) != 0; /* else memory was short, then not */
    free(copy);
    if (value)
        got->length = n;
    return value;
}

/* True if more of the text could change the value: a number may continue after the window, or the window's end may have
 * caused an error. */
static bool wants_more(const struct json_text *text, const json_t *value, const json_error_t *why)
{
    size_t left = json_text_left(text), at = (size_t)why->position;
    return !text->is_last && (value ? at >= left : at + NEAR_END >= left);
}

json_t *json_text_value(struct json_text *text, struct json_text_got *got)
{
    json_error_t why;
    json_t *value;
    for (;;) {
        value = json_loadb(json_text_here(text), json_text_left(text), ELEMENT_FLAGS, &why);
        if (!wants_more(text, value, &why) || !json_text_more(text))
            break;
        json_decref(value);
    }
    text->has_failed = text->has_failed || (value == NULL && json_error_code(&why) == json_error_out_of_memory);
    *got = (struct json_text_got){ .length = (size_t)why.position, .broken = (size_t)why.position };
    json_t *mended = value == NULL || json_mend_has_wrapped(value) ? mended_value(text, got) : NULL;
    got->is_mended = mended && value == NULL && got->is_mended;
    got->is_wrapped = mended && value;
    if (mended) {
        json_decref(value);
        value = mended;
    }
    if (got->broken > json_text_left(text))
        got->broken = json_text_left(text);
    if (value)
        text->at += got->length;
    return value;
}

size_t json_text_repeated(const struct json_text *text, const struct json_text_got *got)
{
    json_error_t why;
    json_t *value =
        json_loadb(json_text_here(text) - got->length, got->length, ELEMENT_FLAGS | JSON_REJECT_DUPLICATES, &why);
    bool is_repeated = value == NULL && json_error_code(&why) == json_error_duplicate_key;
    json_decref(value);
    return is_repeated ? (size_t)why.position : 0;
}

/* The position of a copy within a value, and which keys occurred in each enclosing object. */
struct renaming {
    const char *const *keys;
    const char *suffix;
    unsigned seen[MOST_NESTED]; /* one bit per key; bits above KEYS_SHIFT: already with the suffix */
    size_t depth, length;
    char *copy;
};

/* True if the string between the quotes at at and end is a key that comes a second time. */
static bool comes_again(struct renaming *r, const char *text, size_t at, size_t end, size_t n)
{
    size_t k = 0, colon = end + 1;
    while (colon < n && is_blank((unsigned char)text[colon]))
        colon++;
    while (r->keys[k] && !(strlen(r->keys[k]) == end - at - 1 && memcmp(r->keys[k], text + at + 1, end - at - 1) == 0))
        k++;
    if (r->keys[k] == NULL || colon == n || text[colon] != ':' || r->depth >= MOST_NESTED)
        return false;
    bool is_second = (r->seen[r->depth] >> k & 1) && !(r->seen[r->depth] >> (k + KEYS_SHIFT) & 1);
    r->seen[r->depth] |= 1u << k | (unsigned)is_second << (k + KEYS_SHIFT);
    return is_second;
}

/* Copies a value of n bytes; the room must suffice. */
static void rename_second(struct renaming *r, const char *text, size_t n)
{
    size_t k = strlen(r->suffix);
    for (size_t at = 0, end; at < n; at = end + 1) {
        end = at;
        if (text[at] == '{' && ++r->depth < MOST_NESTED)
            r->seen[r->depth] = 0;
        else if (text[at] == '}' && r->depth > 0)
            r->depth--;
        for (end += text[at] == '"'; text[at] == '"' && end < n - 1 && text[end] != '"'; end++)
            end += text[end] == '\\' && end < n - 2;
        memcpy(r->copy + r->length, text + at, end - at);
        r->length += end - at;
        if (end > at && comes_again(r, text, at, end, n)) {
            memcpy(r->copy + r->length, r->suffix, k);
            r->length += k;
        }
        r->copy[r->length++] = text[end];
    }
}

json_t *json_text_value_with_suffix(const struct json_text *text, const struct json_text_got *got,
                                    const char *const *keys, const char *suffix)
{
    struct renaming r = { .keys = keys, .suffix = suffix, .copy = malloc(got->length * (1 + strlen(suffix)) + 1) };
    if (r.copy == NULL)
        return NULL;
    rename_second(&r, json_text_here(text) - got->length, got->length);
    json_t *value = json_loadb(r.copy, r.length, ELEMENT_FLAGS, NULL);
    free(r.copy);
    return value;
}
