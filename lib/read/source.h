/* source.h - the text of a file from beginning to end, however it is stored. */
#ifndef SOURCE_H
#define SOURCE_H

#include <longhaul.h>

struct source;

/* Opens a file, a pipe, or "-" for standard input. LONGHAUL_EIO; LONGHAUL_ENOTBUILT if it is compressed and this build
 * cannot unpack it. */
int source_open(const char *path, struct source **out, struct longhaul_error *err);
/* The bytes belong to the caller, and must stay. */
int source_open_memory(const void *bytes, size_t size, struct source **out, struct longhaul_error *err);
void source_free(struct source *source);

/* Fills the buffer; returns less than size only at the end of the text. */
size_t source_read(struct source *source, char *buffer, size_t size);
/* Sets limits: bytes of text returned, and seconds of work (CPU time of the thread that reads) during which *progress,
 * the caller's, does not change. Beyond a limit the text ends, and source_is_over() says which. 0 for none. */
void source_limit(struct source *source, uint64_t most_bytes, double most_idle_s, const uint64_t *progress);
enum source_over { SOURCE_WITHIN, SOURCE_BYTES_OVER, SOURCE_IDLE_OVER };
enum source_over source_is_over(const struct source *source);
/* Why the text ended too early ("" if it did not): the file cannot be read further, or its compression is damaged or
 * breaks off. */
const char *source_fault(const struct source *source);
/* True if it is one of the disk: the file may be whole. */
bool source_has_read_fault(const struct source *source);
/* How many bytes remain, if known: for an uncompressed regular file; else 0. */
uint64_t source_left(const struct source *source);

#endif
