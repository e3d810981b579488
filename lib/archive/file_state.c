/* file_state.c - whether a file is the one that was read: size, times, inode, and a hash of parts of its contents. */

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "archive/index.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/units.h"

#define ENDS_SIZE 4096 /* that are hashed at the beginning and at the end */
#define PARTS 6        /* in between */
#define PART_SIZE 512

static int64_t ns_of(struct timespec t)
{
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

bool file_state_take(const char *path, struct store_file *state)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return false;
    if (!S_ISREG(st.st_mode)) {
        errno = EINVAL;
        return false;
    }
    state->size = st.st_size;
    state->mtime_ns = ns_of(st.st_mtim);
    state->ctime_ns = ns_of(st.st_ctim);
    state->inode = (int64_t)st.st_ino;
    return true;
}

bool file_state_is_same(const struct store_file *a, const struct store_file *b)
{
    return a->size == b->size && a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns && a->inode == b->inode;
}

static uint64_t hash_part(uint64_t hash, FILE *file, long at, size_t size)
{
    unsigned char bytes[ENDS_SIZE];
    size_t n = fseek(file, at, SEEK_SET) == 0 ? fread(bytes, 1, size, file) : 0;
    return hash_bytes(hash, bytes, n);
}

int64_t file_state_print(const char *path)
{
    FILE *file = file_open(path);
    if (file == NULL)
        return 0;
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : 0;
    uint64_t hash = hash_bytes(HASH_START, &size, sizeof size);
    hash = hash_part(hash, file, 0, ENDS_SIZE);
    if (size > ENDS_SIZE)
        hash = hash_part(hash, file, size - ENDS_SIZE, ENDS_SIZE);
    for (long k = 1; k <= PARTS && size > 2 * ENDS_SIZE; k++)
        hash = hash_part(hash, file, size / (PARTS + 1) * k, PART_SIZE);
    fclose(file);
    return (int64_t)hash;
}
