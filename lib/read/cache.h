/* cache.h - columns of a file that was read before. */
#ifndef CACHE_H
#define CACHE_H

#include <longhaul.h>

#include "read/warnings.h"

#ifndef CACHE_MIN_BYTES
#define CACHE_MIN_BYTES (4u << 20) /* a smaller file is read again as fast */
#endif

struct cache;

/* What is known of the file at path that is open as fd: loaded, or to be filled by what is read from it now; the
 * warnings it gave are added. NULL when nothing is kept of it (too small, no file, being written). Never fails. */
struct cache *cache_open(const char *path, int fd, bool with_omitted, struct warnings *warnings);
bool cache_is_loaded(const struct cache *cache);
/* The next series, the caller's; 1, or 0 when there are no more. */
int cache_next(struct cache *cache, struct longhaul_series **out);
/* A series that was read. */
void cache_add(struct cache *cache, const struct longhaul_series *series);
/* All was read: the columns appear beside the file, whole or not at all. The second time nothing happens. */
void cache_commit(struct cache *cache, const struct warnings *warnings);
void cache_free(struct cache *cache);

/* Removes the columns of files that are not in the folder dir any more, and what processes left that died while they
 * wrote some. */
void cache_sweep(const char *dir);

#endif
