/* json_mend.c - mends what iperf3 writes in place of JSON: words for numbers, counts that wrapped below 0, bytes that
 * are not UTF-8. Knows the grammar of JSON's numbers and strings, not their meaning. */

#include "base/json_mend.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

#define NUMBER_MOST 120 /* characters; iperf3 writes no longer number */

/* Returns the length of the word at s, of at most n bytes, which C writes for a value that is not finite ("-nan",
 * "inf"); else 0. */
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

/* Returns the length of the number at s, of at most n bytes, or of the word in its place; else 0. */
static size_t number_length(const char *s, size_t n)
{
    size_t k = 0;
    if (n == 0 || !(number_is_digit(*s) || *s == '-' || *s == '+' || *s == '.'))
        return 0;
    while (k < n && (isalnum((unsigned char)s[k]) || s[k] == '-' || s[k] == '+' || s[k] == '.'))
        k++;
    return k;
}

static bool is_integer(const char *s)
{
    return s[strspn(s, "-0123456789")] == 0;
}

/* Writes the number of n bytes at s, mended, to out. Returns its length there. */
static size_t mend_number(const char *s, size_t n, char *out)
{
    char number[NUMBER_MOST + 1 + NUMBER_PAD] = "";
    double value = 0;
    if (n > NUMBER_MOST)
        return (size_t)sprintf(out, "null");
    memcpy(number, s, n);
    if (number_read_slowly(number, &value) != number + n)
        return (size_t)sprintf(out, "null");
    if (is_integer(number) && (value >= JSON_MEND_WRAPPED || value < -JSON_MEND_WRAPPED)) {
        errno = 0;
        uint64_t wrapped = strtoull(number, NULL, 10);
        return (size_t)(errno || value < 0 ? sprintf(out, "null") : sprintf(out, "%" PRId64, (int64_t)wrapped));
    }
    memcpy(out, s, n);
    return n;
}

/* Mends the unquoted word at in, of at most n bytes. *word is its length; 0 when nothing needs mending. */
static size_t mend_word(const char *in, size_t n, char *out, size_t *word)
{
    *word = no_number(in, n);
    if (*word > 0)
        return (size_t)sprintf(out, "null");
    *word = number_length(in, n);
    return *word > 0 ? mend_number(in, *word, out) : 0;
}

static char mend_byte(char c)
{
    return (unsigned char)c < ' ' ? ' ' : (unsigned char)c < 128 ? c : '?';
}

size_t json_mend(const char *in, size_t n, char *out)
{
    bool in_string = false;
    size_t length = 0;
    for (size_t i = 0, word; i < n; i++) {
        if (!in_string) {
            char mended[NUMBER_MOST + 8];
            size_t k = mend_word(in + i, n - i, mended, &word);
            if (word > 0) {
                memcpy(out + length, mended, k);
                length += k;
                i += word - 1;
                continue;
            }
        }
        if (in_string && in[i] == '\\' && i + 1 < n)
            out[length++] = in[i++];
        else if (in[i] == '"')
            in_string = !in_string;
        out[length++] = mend_byte(in[i]);
    }
    return length;
}

json_t *json_mend_load(const char *text, size_t n, bool *is_mended)
{
    json_error_t why;
    json_t *value = json_loadb(text, n, JSON_REJECT_DUPLICATES, &why);
    *is_mended = value == NULL;
    if (value || json_error_code(&why) == json_error_out_of_memory)
        return value;
    char *copy = malloc(4 * n + 1);
    if (copy == NULL)
        return NULL;
    value = json_loadb(copy, json_mend(text, n, copy), 0, NULL);
    free(copy);
    return value;
}

bool json_mend_has_wrapped(const json_t *value)
{
    size_t i;
    const char *key;
    json_t *inner;
    bool has = json_is_real(value) && json_real_value(value) >= JSON_MEND_WRAPPED;
    json_object_foreach((json_t *)(uintptr_t)value, key, inner)
        has = has || json_mend_has_wrapped(inner);
    json_array_foreach(value, i, inner)
        has = has || json_mend_has_wrapped(inner);
    return has;
}
