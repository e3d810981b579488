/* engine_bytes.c - counts what libiperf reads from its streams, in a page of memory shared with the parent. Does not
 * look at the bytes. */

#include "engine/engine_bytes.h"

#include <stddef.h>
#include <sys/mman.h>

/* For the one session of this (child) process. */
static struct engine_bytes *counted;

struct engine_bytes *engine_bytes_new(void)
{
    void *page = mmap(NULL, sizeof(struct engine_bytes), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? NULL : page;
}

void engine_bytes_free(struct engine_bytes *bytes)
{
    if (bytes)
        munmap(bytes, sizeof *bytes);
}

void engine_bytes_begin(struct engine_bytes *bytes)
{
    counted = bytes;
}

void engine_bytes_add(int n)
{
    if (counted == NULL || n <= 0)
        return;
    atomic_fetch_add_explicit(&counted->received, (uint64_t)n, memory_order_relaxed);
    atomic_store_explicit(&counted->is_counting, true, memory_order_relaxed);
}
