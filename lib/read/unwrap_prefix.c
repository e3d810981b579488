/* unwrap_prefix.c - the form of what precedes the text of each line of a log: learned from one line, recognised in the
 * others. A form is a row of words, numbers and times, blanks and signs. The first lines show which words vary from
 * line to line. */

#include "read/unwrap_prefix.h"

#include <ctype.h>
#include <string.h>

#include "base/hash.h"
#include "read/unwrap.h"

#define LOOK_WORDS 160  /* lines that show which words vary: more than there are programs */
#define ENOUGH_WORDS 6

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_of_token(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 || (c && strchr(".,:+-_/%@~", c));
}

bool prefix_is_among(const char *text, size_t n, const char *const *words)
{
    for (; *words; words++)
        if (strlen(*words) == n && memcmp(*words, text, n) == 0)
            return true;
    return false;
}

/* Digits with the signs and letters of times; four numbers with three dots are an address. */
static bool is_number(const char *text, size_t n)
{
    static const char *const names[] = { "Jan", "Feb",  "Mar",  "Apr",  "May",  "Jun",  "Jul",  "Aug",  "Sep",
                                         "Oct", "Nov",  "Dec",  "Mon",  "Tue",  "Wed",  "Thu",  "Fri",  "Sat",
                                         "Sun", "Mon,", "Tue,", "Wed,", "Thu,", "Fri,", "Sat,", "Sun,", "AM",
                                         "PM",  "am",   "pm",   "UTC",  "GMT",  NULL };
    size_t n_digits = 0, n_dots = 0, n_others = 0;
    if (isalpha((unsigned char)*text))
        return n <= 4 && prefix_is_among(text, n, names);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && i + 3 < n && strchr("/-", text[i - 1]) && prefix_is_among(text + i, 3, names)) { /* 15/Nov/2025 */
            n_others++;
            i += 2;
            continue;
        }
        n_digits += isdigit((unsigned char)text[i]) != 0;
        n_dots += text[i] == '.';
        n_others += strchr("-/TZ", text[i]) != NULL;
        if (!isdigit((unsigned char)text[i]) && !strchr(".,:+-/TZsmhun", text[i]))
            return false;
    }
    return n_digits > 0 && (isdigit((unsigned char)text[0]) || text[0] == '+' || text[0] == '-') &&
           (n_dots != 3 || n_others > 0);
}

/* The token that begins here; before are the two tokens before it. False at the end. */
static bool next_token(const char *text, size_t size, const struct token before[2], struct token *token)
{
    size_t n = 0;
    bool has_name = false;
    if (size == 0)
        return false;
    *token = (struct token){ .kind = SIGN, .text = text, .n = 1 };
    if (is_blank(*text)) {
        while (n < size && is_blank(text[n]))
            n++;
        *token = (struct token){ .kind = BLANK, .text = text, .n = n };
        return true;
    }
    for (; n < size && is_of_token(text[n]); n++)
        has_name = has_name || isalnum((unsigned char)text[n]) || (unsigned char)text[n] >= 0x80;
    if (!has_name)
        return true;
    token->n = n;
    token->kind = is_number(text, n) ? NUMBER : WORD;
    if ((*text == 'P' || *text == 'F') && (n == 1 || text[1] == ':') && before[0].kind == BLANK &&
        before[1].kind == WORD && before[1].n == 6 && memcmp(before[1].text, "std", 3) == 0)
        token->kind = PART; /* of containerd's logs */
    return true;
}

static void remember(struct token before[2], const struct token *token)
{
    before[1] = before[0];
    before[0] = *token;
}

void prefix_learn(struct form *form, const char *prefix, size_t n)
{
    struct token before[2] = { { 0 }, { 0 } };
    form->n = form->n_end = 0;
    while (form->n_end < n && is_blank(prefix[n - 1 - form->n_end]))
        form->n_end++;
    for (size_t at = 0;
         form->n < MOST_TOKENS && next_token(prefix + at, n - form->n_end - at, before, &form->tokens[form->n]);
         form->n++) {
        at += form->tokens[form->n].n;
        remember(before, &form->tokens[form->n]);
    }
}

static void add_name(struct found *found, const struct token *token)
{
    if (found->n_name + token->n + 1 >= NAME_SIZE)
        return;
    memcpy(found->name + found->n_name, token->text, token->n);
    found->n_name += token->n;
    found->name[found->n_name++] = ' ';
}

static bool is_alike(const struct token *wanted, const struct token *got)
{
    if (wanted->kind == SIGN)
        return got->kind == SIGN && *wanted->text == *got->text;
    return wanted->kind == got->kind || (wanted->kind == WORD && got->kind == NUMBER);
}

/* Takes token i of a line. The number of a process, as in "iperf3[123]", belongs to its name. */
static bool take_token(const struct form *form, size_t i, const struct token before[2], const struct token *got,
                       struct found *found)
{
    const struct token *wanted = &form->tokens[i];
    if (!is_alike(wanted, got))
        return false;
    bool is_process = got->kind == NUMBER && before[0].kind == SIGN && before[0].n > 0 && *before[0].text == '[' &&
                      before[1].kind == WORD && before[1].n > 0;
    if ((wanted->kind == WORD || is_process) && !wanted->varies)
        add_name(found, got);
    if (found->words)
        found->words[i] = hash_bytes(HASH_START, got->text, got->n);
    if (got->kind == PART)
        found->is_part = *got->text == 'P';
    return true;
}

/* True if there is a blank only here, or only in the form, between a sign and a number: numbers are often padded with
 * blanks, as in "[   12.5]". */
static bool is_filled_up(const struct form *form, size_t i, const struct token before[2], const struct token *got)
{
    bool is_behind_sign = before[0].kind == SIGN && before[0].n > 0, is_blank_here = got->kind == BLANK,
         is_blank_there = form->tokens[i].kind == BLANK;
    const struct token *wanted = &form->tokens[is_blank_there ? i + 1 : i];
    return is_behind_sign && is_blank_here != is_blank_there && (!is_blank_there || i + 1 < form->n) &&
           wanted->kind == NUMBER;
}

bool prefix_match(const struct form *form, const char *end_blanks, const char *line, size_t size, struct found *found)
{
    struct token before[2] = { { 0 }, { 0 } }, got;
    size_t at = 0, i = 0;
    found->n = found->n_name = 0;
    found->is_part = false;
    if (form->n > 0 && form->tokens[0].kind != BLANK) /* numbers are often padded with blanks */
        while (at < size && is_blank(line[at]))
            at++;
    else if (form->n > 0 && size > 0 && !is_blank(line[0]))
        i = 1;
    for (; i < form->n; i++) {
        if (!next_token(line + at, size - at, before, &got))
            return false;
        if (is_filled_up(form, i, before, &got)) {
            at += got.kind == BLANK ? got.n : 0;
            i += form->tokens[i].kind == BLANK;
            if (!next_token(line + at, size - at, before, &got))
                return false;
        }
        if (!take_token(form, i, before, &got, found))
            return false;
        at += got.n;
        remember(before, &got);
    }
    /* In some logs an empty line has lost its blanks. */
    if (size - at >= form->n_end && memcmp(line + at, end_blanks, form->n_end) == 0)
        at += form->n_end;
    else if (at < size && line[at] != '\r')
        return false;
    found->n = at;
    return at > 0;
}

size_t unwrap_match(const char *prefix, size_t n_prefix, const char *line, size_t size, bool *is_part)
{
    struct form form;
    struct found found;
    found.words = NULL;
    prefix_learn(&form, prefix, n_prefix);
    if (form.n == 0 ||
        !prefix_match(&form, prefix + n_prefix - form.n_end, line, size < HEAD_BYTES ? size : HEAD_BYTES, &found))
        return 0;
    *is_part = found.is_part;
    return found.n;
}

/* ---- words that vary */

/* In how many of the n lines token i is one that no other line has. */
static size_t count_alone(uint64_t (*words)[MOST_TOKENS], size_t n, size_t i)
{
    size_t n_alone = 0;
    for (size_t k = 0; k < n; k++) {
        size_t n_same = 0;
        for (size_t j = 0; j < n; j++)
            n_same += words[j][i] == words[k][i];
        n_alone += n_same == 1;
    }
    return n_alone;
}

void prefix_learn_words(struct form *form, const char *end_blanks, const char *text, size_t size)
{
    uint64_t words[LOOK_WORDS][MOST_TOKENS] = { { 0 } };
    struct found found = { 0 };
    size_t n = 0;
    const char *line = text, *end;
    for (; n < LOOK_WORDS && (end = memchr(line, '\n', size - (size_t)(line - text))) != NULL; line = end + 1) {
        found.words = words[n];
        n += prefix_match(form, end_blanks, line, (size_t)(end - line), &found);
    }
    for (size_t i = 0; i < form->n && n >= ENOUGH_WORDS; i++)
        form->tokens[i].varies = 2 * count_alone(words, n, i) > n;
}
