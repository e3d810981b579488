/* engine_bytes.h - how many bytes a session's streams have received, visible to the parent at any time, because an
 * interval may be a minute long. */
#ifndef ENGINE_BYTES_H
#define ENGINE_BYTES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* In memory that parent and child share. */
struct engine_bytes {
    atomic_bool is_counting; /* false if libiperf is a shared library, whose reads cannot be seen */
    _Atomic uint64_t received;
};

/* NULL when out of memory. */
struct engine_bytes *engine_bytes_new(void);
/* NULL is accepted. */
void engine_bytes_free(struct engine_bytes *bytes);

/* In the child, before its session; NULL for none. */
void engine_bytes_begin(struct engine_bytes *bytes);
/* Counts n bytes read from a stream's socket; ignores n if it is not positive. May be called from any thread. */
void engine_bytes_add(int n);

#endif
