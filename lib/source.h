/* source.h - the text of a file from its beginning to its end, whatever it is kept in. */
#ifndef SOURCE_H
#define SOURCE_H

#include <longhaul.h>

struct source;

/* A file, a pipe, "-" for standard input. LONGHAUL_EIO; LONGHAUL_ENOTBUILT when it is compressed and cannot be unpacked. */
int source_open(const char *path, struct source **out, struct longhaul_error *err);
/* Bytes of the caller's, which must stay. */
int source_open_memory(const void *bytes, size_t size, struct source **out, struct longhaul_error *err);
void source_free(struct source *source);

/* Fills the buffer; less than size only at the end of the text. */
size_t source_read(struct source *source, char *buffer, size_t size);
/* Why the text ended before its end ("" when it did not): the file cannot be read on, its compression is damaged or breaks off. */
const char *source_fault(const struct source *source);
/* How many bytes are to come, as far as that is known: of a regular file that is not compressed; else 0. */
uint64_t source_left(const struct source *source);
/* The file; -1 for bytes in memory. */
int source_fd(const struct source *source);

#endif
