/* source.h - the text of a file from its beginning to its end, whatever it is kept in. */
#ifndef SOURCE_H
#define SOURCE_H

#include <longhaul.h>

struct source;

/* A file, a pipe, "-" for standard input. LONGHAUL_EIO; LONGHAUL_ENOTBUILT when it is compressed and cannot be
 * unpacked. */
int source_open(const char *path, struct source **out, struct longhaul_error *err);
/* Bytes of the caller's, which must stay. */
int source_open_memory(const void *bytes, size_t size, struct source **out, struct longhaul_error *err);
void source_free(struct source *source);

/* Fills the buffer; less than size only at the end of the text. */
size_t source_read(struct source *source, char *buffer, size_t size);
/* Limits: bytes of text, as they are given out, and seconds of work (time spent waiting for the file does not count) in
 * which *progress, the caller's, stays what it is. Beyond one the text ends, and source_is_over() says which. 0 for
 * none. */
void source_limit(struct source *source, uint64_t most_bytes, double most_idle_s, const uint64_t *progress);
enum source_over { SOURCE_WITHIN, SOURCE_BYTES_OVER, SOURCE_IDLE_OVER };
enum source_over source_is_over(const struct source *source);
/* Why the text ended before its end ("" when it did not): the file cannot be read on, its compression is damaged or
 * breaks off. */
const char *source_fault(const struct source *source);
/* How many bytes are to come, as far as that is known: of a regular file that is not compressed; else 0. */
uint64_t source_left(const struct source *source);

#endif
