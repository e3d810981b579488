/* reader.h - opens a reader on bytes in memory, or without its fast path: for its tests. */
#ifndef READER_H
#define READER_H

#include <longhaul.h>

struct reader_options {
    bool with_omitted;
    bool no_scan; /* pass every element to Jansson */
};

/* The bytes belong to the caller, and must stay. */
int reader_open_memory(const void *bytes, size_t size, const struct reader_options *options,
                       struct longhaul_reader **out, struct longhaul_error *err);
/* How many intervals the fast path has read so far. */
size_t reader_n_scanned(const struct longhaul_reader *reader);

/* True if the disk failed within the file: what was read of it is not all. */
bool reader_has_read_fault(const struct longhaul_reader *reader);

#endif
