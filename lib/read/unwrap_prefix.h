/* unwrap_prefix.h - the form of what precedes the text of each line of a log. */
#ifndef UNWRAP_PREFIX_H
#define UNWRAP_PREFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOST_TOKENS 64
#define NAME_SIZE 512              /* words in the prefixes that identify a program */
#define HEAD_BYTES 2048            /* of a line that are looked at */

enum kind { WORD, NUMBER, BLANK, SIGN, PART };

struct token {
    enum kind kind;
    const char *text;
    size_t n;
    bool varies; /* in a form: the word differs in each line, so it is not part of a program's name (a line of the
                  * source, a message's key) */
};

struct form {
    struct token tokens[MOST_TOKENS]; /* point into the given text */
    size_t n;
    size_t n_end; /* blanks at its end: the same number everywhere, since the text after them may begin with more */
};

/* What a line's prefix says. */
struct found {
    size_t n; /* bytes; 0 if none exists */
    bool is_part;
    uint64_t *words; /* a hash of each token met; NULL */
    size_t n_name;
    char name[NAME_SIZE];
};

bool prefix_is_among(const char *text, size_t n, const char *const *words);
/* Learns the form of the prefix, which must outlive it. */
void prefix_learn(struct form *form, const char *prefix, size_t n);
/* Learns which words differ in each line, from the lines of text with a prefix of this form. Needs more than a few
 * lines. */
void prefix_learn_words(struct form *form, const char *end_blanks, const char *text, size_t size);
/* True if the line has a prefix of this form. end_blanks: the n_end blanks at the end of what the form was learned
 * from. */
bool prefix_match(const struct form *form, const char *end_blanks, const char *line, size_t size, struct found *found);

#endif
