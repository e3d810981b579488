/* reader_wrap.c - finds out in what a document is wrapped: prefixes of log lines, a string of another JSON document,
 * terminal colours, lines of another program in between. Looks at the text where a document might begin, and lets
 * unwrap.c remove the wrapping from there. Costs nothing for a document that is not wrapped. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/reader_inside.h"

#define LOOK (64u << 10)  /* a line of containerd or docker has up to 16 kB, and the next one shows its prefix */
#define LOOK_LINES 8      /* lines after the first that are looked at */
#define LOOK_STRING 4096
#define PREFIX_IN_STRING 256

/* ---- prefixes of lines */

static bool take_lines_off(struct longhaul_reader *r, size_t n_prefix)
{
    size_t n_shown = n_prefix > 0 ? json_text_look_ahead(&r->text, LOOK) : 0;
    if (!unwrap_add_lines(r->unwrap, r->line, n_prefix, json_text_here(&r->text), json_text_left(&r->text), n_shown))
        return false;
    json_text_give_back(&r->text);
    r->n_line = r->skipped = 0;
    return true;
}

/* True if the text continues what c began, or with another document. */
static bool goes_on(char c, bool is_known, const char *text, size_t n)
{
    size_t i = 0;
    while (i < n && strchr(" \t\r", text[i]))
        i++;
    if (i + 4 <= n && memcmp(text + i, "#011", 4) == 0)
        return !is_known;
    if (i == n)
        return false;
    return is_known ? unwrap_is_json_line(text, n) : text[i] == '"' || (c == '[' && strchr("{[", text[i]));
}

/* True if what precedes the document on its line also precedes the next lines. */
static bool has_prefix(struct longhaul_reader *r, bool is_known)
{
    bool is_part = false, is_next_part;
    size_t blanks = 0;
    while (blanks < r->n_line && blanks < sizeof r->line && strchr(" \t", r->line[blanks]))
        blanks++;
    if (blanks < r->n_line && blanks < sizeof r->line &&
        strchr("\"},", r->line[blanks])) /* a key of JSON, or the end of an object */
        return false;
    if (r->n_line == 0 || r->n_line >= sizeof r->line ||
        unwrap_match(r->line, r->n_line, r->line, r->n_line, &is_part) != r->n_line)
        return false;
    size_t n = json_text_look_ahead(&r->text, LOOK);
    const char *text = json_text_here(&r->text), *end = text + n, *line = text;
    for (int i = 0; i < LOOK_LINES && (line = memchr(line, '\n', (size_t)(end - line))) != NULL; i++) {
        line++;
        const char *line_end = memchr(line, '\n', (size_t)(end - line));
        size_t size = (size_t)((line_end ? line_end : end) - line);
        size_t k = unwrap_match(r->line, r->n_line, line, size, &is_next_part);
        if (k > 0 && (is_part || goes_on(*text, is_known, line + k, size - k)))
            return true;
    }
    return false;
}

/* ---- strings */

/* The character at text[at] of a string, with escapes decoded (also as JSON in JSON writes them: \", \\\", \u0022); ' '
 * for white space, 0 for any other escape and at the string's end. *length is its length in the text. */
static char character_at(const char *text, size_t at, size_t n, size_t *length)
{
    size_t k = 0;
    *length = 1;
    if (at >= n || text[at] == '"')
        return 0;
    while (at + k < n && text[at + k] == '\\')
        k++;
    if (k == 0)
        return strchr(" \t\r\n", text[at]) ? ' ' : text[at];
    *length = k + 1;
    if (at + k >= n)
        return 0;
    if (text[at + k] == 'u' && at + k + 5 <= n && memcmp(text + at + k + 1, "00", 2) == 0) {
        *length = k + 5;
        int low = (int)strtol((const char[]){ text[at + k + 3], text[at + k + 4], 0 }, NULL, 16);
        return strchr(" \t\r\n", low) ? ' ' : low < 0x80 ? (char)low : 0;
    }
    return strchr("nrt", text[at + k]) ? ' ' : text[at + k];
}

static size_t pass_blank(const char *text, size_t at, size_t n)
{
    size_t length;
    while (at < n && character_at(text, at, n, &length) == ' ')
        at += length;
    return at;
}

static bool has_word(const char *text, size_t n)
{
    static const char *const words[] = { "start", "intervals", "event", "sum_sent", "streams" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (memmem(text, n, words[i], strlen(words[i])))
            return true;
    return false;
}

enum content { CONTENT_OTHER, CONTENT_DOCUMENT, CONTENT_BEGINNING };

/* True if the line after text[at], which is a bracket, begins with a prefix of the same form as what precedes the
 * bracket from `from` on, and continues with a key: then the lines of a log are in one string. */
static bool has_prefixed_key(const char *text, size_t from, size_t at, size_t n)
{
    size_t next = at + 1, length;
    bool is_part;
    if (from == at || next + 2 > n || memcmp(text + next, "\\n", 2) != 0)
        return false;
    next += 2;
    size_t k = unwrap_match(text + from, at - from, text + next, n - next, &is_part);
    next = pass_blank(text, next + k, n);
    return k > 0 && character_at(text, next, n, &length) == '"';
}

/* The first bracket in the string whose quote is at text, and the beginning of its line. n if none is nearby. */
static size_t find_bracket(const char *text, size_t n, size_t *line)
{
    size_t at = pass_blank(text, 1, n), stop = at + PREFIX_IN_STRING, length;
    for (*line = at; at < n && at < stop && text[at] != '"'; at += length) {
        char c = character_at(text, at, n, &length);
        if (c == '{' || c == '[')
            return at + length - 1;
        if (c == ' ' && text[at] == '\\' && text[at + length - 1] == 'n')
            *line = at + length;
    }
    return n;
}

/* What the string whose quote is at text contains: a document, or the line that begins one. */
static enum content content_of(const char *text, size_t n, size_t *end)
{
    size_t line, at = find_bracket(text, n, &line), first = at, length;
    char c;
    if (at >= n)
        return CONTENT_OTHER;
    do
        at = pass_blank(text, at + 1, n);
    while (at < n && (text[at] == '{' || text[at] == '['));
    *end = at;
    if (at < n && text[at] == '"')
        return CONTENT_BEGINNING;
    c = character_at(text, at, n, &length);
    return (c == '"' || has_prefixed_key(text, line, first, n)) &&
                   has_word(text + at, n - at < LOOK_STRING ? n - at : LOOK_STRING)
               ? CONTENT_DOCUMENT
               : CONTENT_OTHER;
}

/* True if the string whose quote is at text continues with a key. */
static bool has_key_inside(const char *text, size_t n)
{
    size_t at = 1, length;
    n = n < 2 * PREFIX_IN_STRING ? n : 2 * PREFIX_IN_STRING;
    for (; at < n && text[at] != '"'; at += length)
        if (character_at(text, at, n, &length) == '"')
            return true;
    return false;
}

/* The next string after the first: the next value of the key, or of the list. NULL if none exists. */
static const char *next_string(const char *text, size_t n, size_t at, const char *key)
{
    char quoted[160];
    if (key == NULL) {
        at = pass_blank(text, at + 1, n);
        at = at < n && text[at] == ',' ? pass_blank(text, at + 1, n) : n;
        return at < n && text[at] == '"' ? text + at : NULL;
    }
    int length = snprintf(quoted, sizeof quoted, "\"%s\"", key);
    for (const char *found; (found = memmem(text + at, n - at, quoted, (size_t)length)) != NULL;) {
        at = pass_blank(text, (size_t)(found - text) + (size_t)length, n);
        if (at >= n || text[at] != ':') /* it is a value */
            continue;
        at = pass_blank(text, at + 1, n);
        return at < n && text[at] == '"' ? text + at : NULL;
    }
    return NULL;
}

/* The key of the value that begins here, from what precedes it on the line. False if none exists. */
static bool key_before(const struct longhaul_reader *r, char key[128])
{
    size_t n = r->n_line < sizeof r->line ? r->n_line : 0;
    while (n > 0 && strchr(" \t", r->line[n - 1]))
        n--;
    if (n < 3 || r->line[n - 1] != ':')
        return false;
    for (n--; n > 0 && strchr(" \t", r->line[n - 1]);)
        n--;
    size_t end = n - (n > 0), from = end;
    if (n == 0 || r->line[end] != '"')
        return false;
    while (from > 0 && r->line[from - 1] != '"')
        from--;
    if (from == 0 || from == end || end - from >= 127)
        return false;
    memcpy(key, r->line + from, end - from);
    key[end - from] = 0;
    return true;
}

/* True if a document is in the string that begins here, or in this one and the following ones. */
static bool take_string_off(struct longhaul_reader *r)
{
    char key[128];
    size_t n = json_text_look_ahead(&r->text, LOOK_STRING), end = 0;
    bool has_key = key_before(r, key);
    enum content content = content_of(json_text_here(&r->text), n, &end);
    if (content == CONTENT_OTHER)
        return false;
    if (content == CONTENT_BEGINNING) {
        n = json_text_look_ahead(&r->text, LOOK);
        const char *text = json_text_here(&r->text), *next = next_string(text, n, end, has_key ? key : NULL);
        if (next == NULL || !has_key_inside(next, (size_t)(text + n - next)))
            return false;
    }
    if (!unwrap_add_strings(r->unwrap, has_key ? key : NULL, json_text_here(&r->text), json_text_left(&r->text)))
        return false;
    json_text_give_back(&r->text);
    r->n_line = r->skipped = 0;
    r->is_inside = true;
    return true;
}

/* ---- which wrapping */

/* True for a list; false for a bracket of a prefix. */
static bool begins_list(struct json_text *text)
{
    size_t i = 1;
    while (json_text_look(text, i) == ' ' || json_text_look(text, i) == '\t' || json_text_look(text, i) == '\r')
        i++;
    int c = json_text_look(text, i);
    return c == '{' || c == '[' || c == '\n';
}

static bool take_colours_off(struct longhaul_reader *r)
{
    if (!unwrap_add_colours(r->unwrap, json_text_here(&r->text), json_text_left(&r->text)))
        return false;
    json_text_give_back(&r->text);
    return true;
}

bool reader_unwrap(struct longhaul_reader *r, bool is_known)
{
    int c = json_text_look(&r->text, 0);
    if (c == 0x1b)
        return take_colours_off(r);
    if (c == '"')
        return !is_known && take_string_off(r);
    return (c == '{' || (c == '[' && begins_list(&r->text))) && has_prefix(r, is_known) && take_lines_off(r, r->n_line);
}

bool reader_drop_strays(struct longhaul_reader *r, size_t broken)
{
    size_t n = json_text_look_ahead(&r->text, broken + LOOK_STRING), from = broken;
    const char *text = json_text_here(&r->text);
    if (from >= n)
        return false;
    while (from > 0 && text[from - 1] != '\n')
        from--;
    const char *end = memchr(text + from, '\n', n - from);
    if (end == NULL || unwrap_is_json_line(text + from, (size_t)(end - text) - from) ||
        (from == 0 && !json_text_is_at_line(&r->text)))
        return false;
    if (from == 0) { /* the layer begins within a line */
        r->text.at += (size_t)(end - text);
        tally_count(&r->strays, json_text_offset(&r->text));
    }
    return take_lines_off(r, 0);
}
