/* json_check.c - checks whether a text is JSON, in constant memory. Keeps nothing of the text. */

#include "base/json_check.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

#define MOST_DEPTH 2048 /* the limit of Jansson's parser */

/* A position in a text of n bytes. */
struct walk {
    const char *text;
    size_t n, at;
    size_t depth;
    unsigned char is_object[MOST_DEPTH / 8]; /* one bit per level */
};

static void skip_blanks(struct walk *w)
{
    while (w->at < w->n && w->text[w->at] && strchr(" \t\r\n", w->text[w->at]))
        w->at++;
}

static bool take(struct walk *w, char c)
{
    bool is = w->at < w->n && w->text[w->at] == c;
    w->at += is;
    return is;
}

static size_t take_digits(struct walk *w)
{
    size_t from = w->at;
    while (w->at < w->n && w->text[w->at] >= '0' && w->text[w->at] <= '9')
        w->at++;
    return w->at - from;
}

static bool take_number(struct walk *w)
{
    take(w, '-');
    if (!take(w, '0') && take_digits(w) == 0)
        return false;
    if (take(w, '.') && take_digits(w) == 0)
        return false;
    if (!take(w, 'e') && !take(w, 'E'))
        return true;
    if (!take(w, '+'))
        take(w, '-');
    return take_digits(w) > 0;
}

static bool take_escape(struct walk *w)
{
    if (!take(w, 'u')) {
        bool good = w->at < w->n && w->text[w->at] && strchr("\"\\/bfnrt", w->text[w->at]);
        w->at += good;
        return good;
    }
    for (int i = 0; i < 4; i++, w->at++)
        if (w->at == w->n || w->text[w->at] == 0 || !strchr("0123456789abcdefABCDEF", w->text[w->at]))
            return false;
    return true;
}

static bool take_string(struct walk *w)
{
    uint32_t code;
    if (!take(w, '"'))
        return false;
    while (!take(w, '"')) {
        if (take(w, '\\')) {
            if (!take_escape(w))
                return false;
            continue;
        }
        size_t length = utf8_decode(w->text + w->at, w->n - w->at, &code);
        if (length == 0 || code < ' ')
            return false;
        w->at += length;
    }
    return true;
}

static bool take_word(struct walk *w)
{
    static const char *const words[] = { "true", "false", "null" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]);
        if (length <= w->n - w->at && memcmp(w->text + w->at, words[i], length) == 0) {
            w->at += length;
            return true;
        }
    }
    return false;
}

static bool take_key(struct walk *w)
{
    skip_blanks(w);
    if (!take_string(w))
        return false;
    skip_blanks(w);
    return take(w, ':');
}

static bool is_in_object(const struct walk *w)
{
    return w->is_object[(w->depth - 1) / 8] >> ((w->depth - 1) % 8) & 1;
}

static bool take_end(struct walk *w)
{
    skip_blanks(w);
    bool is = take(w, is_in_object(w) ? '}' : ']');
    w->depth -= is;
    return is;
}

/* Reads a scalar, or the opening of a container, where a value is due. Sets *is_whole if the value ends here. */
static bool take_value(struct walk *w, bool *is_whole)
{
    skip_blanks(w);
    char c = w->at < w->n ? w->text[w->at] : 0;
    *is_whole = true;
    if (c == '"')
        return take_string(w);
    if (c != '{' && c != '[')
        return c == '-' || (c >= '0' && c <= '9') ? take_number(w) : take_word(w);
    if (w->depth == MOST_DEPTH)
        return false;
    unsigned char bit = (unsigned char)(1u << w->depth % 8), *byte = &w->is_object[w->depth / 8];
    *byte = (unsigned char)(c == '{' ? *byte | bit : *byte & ~bit);
    w->depth++;
    w->at++;
    *is_whole = take_end(w);
    return *is_whole || c == '[' || take_key(w);
}

size_t json_check(const char *text, size_t n)
{
    struct walk w = { .text = text, .n = n };
    bool is_whole;
    for (;;) {
        if (!take_value(&w, &is_whole))
            return 0;
        while (is_whole && w.depth > 0) { /* after a value in a container */
            skip_blanks(&w);
            if (take(&w, ',')) {
                if (is_in_object(&w) && !take_key(&w))
                    return 0;
                is_whole = false;
            } else if (!take_end(&w)) {
                return 0;
            }
        }
        if (is_whole)
            return w.at;
    }
}

const char *json_check_member(const char *text, size_t n, const char *key, size_t *length)
{
    struct walk w = { .text = text, .n = n };
    const char *found = NULL;
    skip_blanks(&w);
    if (!take(&w, '{'))
        return NULL;
    do {
        skip_blanks(&w);
        size_t name = w.at + 1;
        if (!take_key(&w))
            return NULL;
        size_t end = name + strcspn(text + name, "\\\""), value = json_check(text + w.at, n - w.at);
        if (value == 0 || text[end] == '\\')
            return NULL;
        if (end - name == strlen(key) && memcmp(text + name, key, end - name) == 0) {
            found = text + w.at;
            *length = value;
        }
        w.at += value;
        skip_blanks(&w);
    } while (take(&w, ','));
    return take(&w, '}') ? found : NULL;
}
