/* unpack.h - unpacks compressed bytes. */
#ifndef UNPACK_H
#define UNPACK_H

#include <stdbool.h>
#include <stddef.h>

enum unpack_kind { UNPACK_NOTHING, UNPACK_GZIP, UNPACK_ZSTD, UNPACK_XZ };

/* The format of a file with this beginning. */
enum unpack_kind unpack_detect(const unsigned char *head, size_t n);
/* "gzip", ...; and the library that this build would need for it: "zlib", ... */
const char *unpack_name(enum unpack_kind kind);
const char *unpack_library(enum unpack_kind kind);
/* True if this build has that library. */
bool unpack_can(enum unpack_kind kind);

struct unpack;

/* NULL when out of memory, or if unpack_can() returns false. */
struct unpack *unpack_new(enum unpack_kind kind);
void unpack_free(struct unpack *unpack);

/* The input and output of a step; used parts are removed from both. */
struct unpack_bytes {
    const unsigned char *in;
    size_t n_in;
    unsigned char *out;
    size_t n_out;
};

/* Continues until the input is used up or the output is full. False if the input is damaged. Several files one after
 * the other count as one. */
bool unpack_step(struct unpack *unpack, struct unpack_bytes *bytes);
/* True if the input may end here. */
bool unpack_may_end(const struct unpack *unpack);

#endif
