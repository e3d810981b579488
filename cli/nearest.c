/* nearest.c - finds the word that somebody meant: Levenshtein's distance. Prints nothing. */

#include "nearest.h"

#include <string.h>

#define EDITS_MAX 2
#define LETTERS_MAX 40

/* Insertions, deletions and substitutions that make b from a. */
static size_t distance(const char *a, const char *b)
{
    size_t row[LETTERS_MAX + 1], n = strlen(b);
    for (size_t k = 0; k <= n; k++)
        row[k] = k;
    for (size_t i = 0; a[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t k = 1; k <= n; k++) {
            size_t replaced = diagonal + (a[i] != b[k - 1]);
            diagonal = row[k];
            size_t shorter = row[k] < row[k - 1] ? row[k] : row[k - 1];
            row[k] = replaced < shorter + 1 ? replaced : shorter + 1;
        }
    }
    return row[n];
}

void nearest_offer(struct nearest *nearest, const char *name)
{
    if (strlen(name) > LETTERS_MAX || strlen(nearest->word) > LETTERS_MAX)
        return;
    size_t edits = distance(nearest->word, name);
    if (edits > EDITS_MAX || edits >= strlen(nearest->word) || (nearest->name && edits >= nearest->edits))
        return;
    nearest->name = name;
    nearest->edits = edits;
}
