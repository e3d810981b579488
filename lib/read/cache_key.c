/* cache_key.c - which state of which file a cache belongs to, and hashes against damage. Knows nothing of what
 * is kept. */

#include "read/cache_key.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <longhaul.h>

#include "read/cache.h"

#define SAMPLE_BYTES 4096
#define SETTLED_S 2     /* a file that was written to so lately may change again without another time */

#define PRIME UINT64_C(0x9e3779b97f4a7c15)

static uint64_t mix(uint64_t h, uint64_t word)
{
    h = (h ^ word) * PRIME;
    return h ^ h >> 29;
}

uint64_t cache_hash(uint64_t h, const void *bytes, size_t n)
{
    const char *at = bytes;
    uint64_t lane[4] = { h, h + 1, h + 2, h + 3 }, word[4];
    for (; n >= 32; n -= 32, at += 32) {
        memcpy(word, at, 32);
        for (int i = 0; i < 4; i++)
            lane[i] = mix(lane[i], word[i]);
    }
    memset(word, 0, sizeof word);
    memcpy(word, at, n);
    for (int i = 0; i < 4; i++)
        h = mix(mix(h, lane[i]), word[i]);
    return mix(h, n);
}

static bool hash_sample(int fd, off_t at, uint64_t *hash)
{
    char bytes[SAMPLE_BYTES];
    ssize_t n = pread(fd, bytes, sizeof bytes, at);
    if (n < 0)
        return false;
    *hash = cache_hash(*hash, bytes, (size_t)n);
    return true;
}

bool cache_take_key(int fd, uint32_t format, bool with_omitted, struct cache_key *key)
{
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < (off_t)CACHE_MIN_BYTES ||
        time(NULL) - st.st_mtim.tv_sec < SETTLED_S)
        return false;
    memset(key, 0, sizeof *key);
    memcpy(key->magic, "LHCOLUM", 8);
    key->format = format;
    key->byte_order = 0x01020304;
    key->size = (uint64_t)st.st_size;
    key->inode = (uint64_t)st.st_ino;
    key->mtime_s = st.st_mtim.tv_sec;
    key->mtime_ns = st.st_mtim.tv_nsec;
    key->with_omitted = with_omitted;
    key->n_columns = LONGHAUL_N_COLUMNS;
    return hash_sample(fd, 0, &key->sample) && hash_sample(fd, st.st_size - SAMPLE_BYTES, &key->sample);
}
