/* unwrap.h - the text of a source, without what programs between iperf3 and the file have added to its lines. */
#ifndef UNWRAP_H
#define UNWRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/source.h"

struct unwrap;

/* The text is unchanged as long as no layer is added. The source is borrowed. NULL when out of memory. */
struct unwrap *unwrap_new(struct source *source);
void unwrap_free(struct unwrap *unwrap);

/* Fills the buffer; returns less than size only at the end of the text, or when out of memory. */
size_t unwrap_read(struct unwrap *unwrap, char *buffer, size_t size);
/* True if memory ran out. */
bool unwrap_is_out_of_memory(const struct unwrap *unwrap);
/* The number of lines removed so far because they cannot belong to JSON. */
uint64_t unwrap_n_left_out(const struct unwrap *unwrap);

/* Functions that add a layer. text is what the caller has read and not used: the layer gets it first. False when out of
 * memory, or if there are too many layers; nothing has changed then. */

/* Removes terminal colours. */
bool unwrap_add_colours(struct unwrap *unwrap, const char *text, size_t size);
/* Removes a prefix from each line: text of the same form as prefix, which preceded text on its line. Words may differ
 * (then the line is of another program or pod, whose lines come after all others, in order), and so may times and
 * numbers. The first n_shown bytes of text show which words vary from line to line. Lines that are not JSON are
 * removed, with or without a prefix. Colours are removed too. */
bool unwrap_add_lines(struct unwrap *unwrap, const char *prefix, size_t n_prefix, const char *text, size_t size,
                      size_t n_shown);
/* Passes only the contents of strings: the values of this key, wherever it stands; with NULL, those of the list (or the
 * one string) in which text begins, and then the text as it is. text begins with the first string's quote. */
bool unwrap_add_strings(struct unwrap *unwrap, const char *key, const char *text, size_t size);

/* Functions that look at a line without a layer. */
/* The length of this line's prefix, if it has the same form as the given one; else 0. is_part: the line continues in
 * the next one (CRI). */
size_t unwrap_match(const char *prefix, size_t n_prefix, const char *line, size_t size, bool *is_part);
/* True if a line of JSON could begin like this. */
bool unwrap_is_json_line(const char *line, size_t size);

#endif
