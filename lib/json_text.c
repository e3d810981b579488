/* json_text.c - walks a JSON text by its outer structure and hands single elements to Jansson, so that a day of intervals
 * never is one tree. Knows JSON and what breaks it in the field; knows nothing of iperf3's documents. */

#include "json_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define ELEMENT_FLAGS (JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL)

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void json_text_blank(struct json_text *text)
{
    while (text->at < text->size && is_blank(text->bytes[text->at]))
        text->at++;
}

bool json_text_take(struct json_text *text, char c)
{
    json_text_blank(text);
    if (text->at >= text->size || text->bytes[text->at] != c)
        return false;
    text->at++;
    return true;
}

/* Passes a string, which begins here. */
static bool skip_string(struct json_text *text)
{
    for (size_t i = text->at + 1; i < text->size; i++) {
        if (text->bytes[i] == '\\') {
            i++;
        } else if (text->bytes[i] == '"') {
            text->at = i + 1;
            return true;
        }
    }
    return false;
}

bool json_text_key(struct json_text *text, char *key, size_t size)
{
    struct json_text ahead = *text;
    json_text_blank(&ahead);
    size_t from = ahead.at + 1;
    if (ahead.at >= ahead.size || ahead.bytes[ahead.at] != '"' || !skip_string(&ahead))
        return false;
    size_t n = ahead.at - 1 - from;
    if (!json_text_take(&ahead, ':'))
        return false;
    if (n >= size)
        n = size - 1;
    memcpy(key, ahead.bytes + from, n);
    key[n] = 0;
    text->at = ahead.at;
    return true;
}

static bool ends_scalar(char c)
{
    return is_blank(c) || c == ',' || c == ']' || c == '}';
}

bool json_text_skip(struct json_text *text)
{
    struct json_text ahead = *text;
    size_t depth = 0;
    json_text_blank(&ahead);
    while (ahead.at < ahead.size) {
        char c = ahead.bytes[ahead.at];
        if (c == '"') {
            if (!skip_string(&ahead))
                return false;
        } else {
            depth += c == '{' || c == '[';
            if (depth == 0 && ends_scalar(c))
                return false; /* no value here */
            depth -= c == '}' || c == ']';
            ahead.at++;
        }
        if (depth == 0 && (c == '"' || c == '}' || c == ']' || (ahead.at < ahead.size && ends_scalar(ahead.bytes[ahead.at])))) {
            text->at = ahead.at;
            return true;
        }
    }
    return false;
}

/* Length of the word at s, of at most n bytes, that C's printf gives for a number that is none ("-nan", "inf"); else 0. */
static size_t no_number(const char *s, size_t n)
{
    static const char *const words[] = { "-nan", "nan", "-NaN", "NaN", "-inf", "inf", "-Infinity", "Infinity" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t k = strlen(words[i]);
        if (k <= n && memcmp(s, words[i], k) == 0 && (k == n || !isalnum((unsigned char)s[k])))
            return k;
    }
    return 0;
}

/* Copies n bytes of JSON to out (room for 2 n), mended as json_text_value() says. Returns the new length. */
static size_t mend(const char *in, size_t n, char *out)
{
    bool in_string = false;
    size_t length = 0;
    for (size_t i = 0; i < n; i++) {
        size_t word = in_string ? 0 : no_number(in + i, n - i);
        if (word > 0) {
            memcpy(out + length, "null", 4);
            length += 4;
            i += word - 1;
            continue;
        }
        if (in_string && in[i] == '\\' && i + 1 < n)
            out[length++] = in[i++];
        else if (in[i] == '"')
            in_string = !in_string;
        out[length++] = (unsigned char)in[i] < ' ' ? ' ' : (unsigned char)in[i] < 128 ? in[i] : '?';
    }
    return length;
}

static json_t *mended_value(struct json_text *text)
{
    struct json_text ahead = *text;
    if (!json_text_skip(&ahead))
        return NULL;
    size_t n = ahead.at - text->at;
    char *copy = malloc(2 * n);
    if (copy == NULL)
        return NULL;
    json_t *value = json_loadb(copy, mend(text->bytes + text->at, n, copy), ELEMENT_FLAGS & ~(size_t)JSON_DISABLE_EOF_CHECK, NULL);
    free(copy);
    if (value)
        text->at = ahead.at;
    return value;
}

json_t *json_text_value(struct json_text *text, bool *is_mended, size_t *broken_at)
{
    json_error_t why;
    json_t *value = json_loadb(text->bytes + text->at, text->size - text->at, ELEMENT_FLAGS, &why);
    if (value) {
        text->at += (size_t)why.position;
        return value;
    }
    value = mended_value(text);
    if (value)
        *is_mended = true;
    else
        *broken_at = text->at + (size_t)why.position;
    return value;
}
