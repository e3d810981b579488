/* cache_key.h - the state of a file that a cache belongs to. */
#ifndef CACHE_KEY_H
#define CACHE_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One state of a file. */
struct cache_key {
    char magic[8];
    uint32_t format, byte_order;
    uint64_t size, inode;
    int64_t mtime_s, mtime_ns;
    uint64_t sample; /* hash of its first and last bytes */
    uint32_t with_omitted, n_columns;
};

/* Not against malice, but against damage: four lanes of 64-bit words, multiplied and folded. */
uint64_t cache_hash(uint64_t h, const void *bytes, size_t n);
/* The state of the file that is open as fd; format is that of what is kept. False when the file is none to keep: small,
 * no regular file, or in use. */
bool cache_take_key(int fd, uint32_t format, bool with_omitted, struct cache_key *key);

#endif
