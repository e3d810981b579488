/* pack.h - makes a zstd copy of a file, which is read back before it has its name. */
#ifndef PACK_H
#define PACK_H

#include <longhaul.h>

/* True if this build has libzstd. */
bool pack_can(void);
/* Writes <path>.zst with the mode, the owner as far as possible, and the times of path, and removes path: in this
 * order, so that the contents are there whenever it is interrupted. *size_after: of the copy. LONGHAUL_EBUSY, and
 * nothing is changed, if a file of that name has other contents, or if path changed meanwhile. */
int pack_replace(const char *path, double *size_after, struct longhaul_error *err);

#endif
