/* unwrap.h - the text of a source, without what programs between iperf3 and the file have put around its lines. */
#ifndef UNWRAP_H
#define UNWRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/source.h"

struct unwrap;

/* The text as it is, as long as no layer is added. The source is borrowed. NULL when out of memory. */
struct unwrap *unwrap_new(struct source *source);
void unwrap_free(struct unwrap *unwrap);

/* Fills the buffer; less than size only at the end of the text, or when out of memory. */
size_t unwrap_read(struct unwrap *unwrap, char *buffer, size_t size);
/* Was there no memory for the text? */
bool unwrap_is_out_of_memory(const struct unwrap *unwrap);
/* Lines that were left out so far: they have no place in JSON. */
uint64_t unwrap_n_left_out(const struct unwrap *unwrap);

/* Adding a layer. text is what the caller has read and not used: the layer gets it first. False when out of memory, or
 * when there are too many layers already; then nothing has changed. */

/* Takes terminals' colours off. */
bool unwrap_add_colours(struct unwrap *unwrap, const char *text, size_t size);
/* Takes a prefix off each line: what has the form of prefix, which stood before text on its line. Words may differ
 * (lines of another program or pod come after all others, in their order), times and numbers do. Lines that are not of
 * JSON are left out, with a prefix or without. Colours are taken off too. */
bool unwrap_add_lines(struct unwrap *unwrap, const char *prefix, size_t n_prefix, const char *text, size_t size);
/* Lets through only the contents of strings: those that are the value of this key, wherever it stands; with NULL, those
 * of the list (or the one string) that text begins in, and then the text as it is. text begins with the first string's
 * quote. */
bool unwrap_add_strings(struct unwrap *unwrap, const char *key, const char *text, size_t size);

/* Looking at a line without a layer. */
/* How many bytes of this line are a prefix of the given one's form; 0 when they are not. is_part: the line goes on in
 * the next one (CRI). */
size_t unwrap_match(const char *prefix, size_t n_prefix, const char *line, size_t size, bool *is_part);
/* Could a line of JSON begin so? */
bool unwrap_is_json_line(const char *line, size_t size);

#endif
