/* unpack.h - compressed bytes to bytes. */
#ifndef UNPACK_H
#define UNPACK_H

#include <stdbool.h>
#include <stddef.h>

enum unpack_kind { UNPACK_NOTHING, UNPACK_GZIP, UNPACK_ZSTD, UNPACK_XZ };

#define UNPACK_HEAD 6 /* bytes that show what it is */

/* What a file is that begins so. */
enum unpack_kind unpack_detect(const unsigned char *head, size_t n);
/* "gzip", ...; and the library that this build would need for it: "zlib", ... */
const char *unpack_name(enum unpack_kind kind);
const char *unpack_library(enum unpack_kind kind);
/* Has this build that library? */
bool unpack_can(enum unpack_kind kind);

struct unpack;

/* NULL when out of memory, or unpack_can() says no. */
struct unpack *unpack_new(enum unpack_kind kind);
void unpack_free(struct unpack *unpack);

/* Bytes on both sides of a step; what was used and made is taken off. */
struct unpack_bytes {
    const unsigned char *in;
    size_t n_in;
    unsigned char *out;
    size_t n_out;
};

/* Goes on until the input is used up or the output is full. False when the input is damaged. Several files one behind
 * the other are one. */
bool unpack_step(struct unpack *unpack, struct unpack_bytes *bytes);
/* Is it a good place for the input to end? */
bool unpack_may_end(const struct unpack *unpack);

#endif
