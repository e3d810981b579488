/* unwrap_prefix.h - the form of what stands before the text of each line of a log. */
#ifndef UNWRAP_PREFIX_H
#define UNWRAP_PREFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOST_TOKENS 64
#define NAME_SIZE 512              /* of a program, by the words of its prefixes */
#define HEAD_BYTES 2048            /* of a line are looked at */

enum kind { WORD, NUMBER, BLANK, SIGN, PART };

struct token {
    enum kind kind;
    const char *text;
    size_t n;
    bool varies; /* in a form: another word in each line, and so of no program's name (the line of a source, a message's
                    key) */
};

struct form {
    struct token tokens[MOST_TOKENS]; /* point into what was given */
    size_t n;
    size_t n_end; /* blanks at its end: as many and the same everywhere, since the text behind may begin with more */
};

/* What a line's prefix says. */
struct found {
    size_t n; /* bytes; 0 when it is none */
    bool is_part;
    uint64_t *words; /* of tokens, as they are met: a hash of each; NULL */
    size_t n_name;
    char name[NAME_SIZE];
};

bool prefix_is_among(const char *text, size_t n, const char *const *words);
/* The form of the prefix, which must outlive it. */
void prefix_learn(struct form *form, const char *prefix, size_t n);
/* Which words are another one in each line, by the lines of text that have a prefix of the form. A few lines tell
 * nothing. */
void prefix_learn_words(struct form *form, const char *end_blanks, const char *text, size_t size);
/* Has the line a prefix of the form? end_blanks: the n_end blanks at the end of what the form was learned from. */
bool prefix_match(const struct form *form, const char *end_blanks, const char *line, size_t size, struct found *found);

#endif
