/* copies.h - finds tests that occur more than once. */
#ifndef COPIES_H
#define COPIES_H

#include "read/series.h"

struct copies;

/* Remembers a test, and returns the path of the same test if that was remembered before; NULL if not, or when out of
 * memory. The path is borrowed from that test. */
const char *copies_find(struct copies **copies, const struct longhaul_series *series);
void copies_free(struct copies *copies);

#endif
