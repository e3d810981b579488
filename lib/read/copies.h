/* copies.h - tests that are there more than once. */
#ifndef COPIES_H
#define COPIES_H

#include "read/series.h"

struct copies;

/* Keeps a test in mind, and says under which path the same one was kept before; NULL when it was not, or when out of
 * memory. The path is borrowed from that test: it is good as long as that lives. */
const char *copies_find(struct copies **copies, const struct longhaul_series *series);
void copies_free(struct copies *copies);

#endif
