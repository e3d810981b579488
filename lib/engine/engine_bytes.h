/* engine_bytes.h - how much a session's streams have received, known to its parent at any time: an interval may be a
 * minute long. */
#ifndef ENGINE_BYTES_H
#define ENGINE_BYTES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* In memory that parent and child share. */
struct engine_bytes {
    atomic_bool is_counting; /* not where libiperf is a shared library, whose reads are its own */
    _Atomic uint64_t received;
};

/* NULL when there is no memory. */
struct engine_bytes *engine_bytes_new(void);
/* NULL is accepted. */
void engine_bytes_free(struct engine_bytes *bytes);

/* In the child, before its session; NULL for none. */
void engine_bytes_begin(struct engine_bytes *bytes);
/* What was read from a stream's socket; not positive: nothing. From any thread. */
void engine_bytes_add(int n);

#endif
