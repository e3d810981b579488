/* reader.h - opening a reader on bytes in memory, or without its fast path: for the tests of it. */
#ifndef READER_H
#define READER_H

#include <longhaul.h>

struct reader_options {
    bool with_omitted;
    bool no_scan; /* every element through Jansson */
};

/* Bytes of the caller's, which must stay. */
int reader_open_memory(const void *bytes, size_t size, const struct reader_options *options,
                       struct longhaul_reader **out, struct longhaul_error *err);
/* How many intervals came by the fast path so far. */
size_t reader_n_scanned(const struct longhaul_reader *reader);

#endif
