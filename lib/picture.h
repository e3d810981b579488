/* picture.h - files of pictures: are they whole, and what were they drawn from? */
#ifndef PICTURE_H
#define PICTURE_H

#include <longhaul.h>

/* A number that other bytes change; begin with PICTURE_MARK_NONE. Fowler, Noll and Vo's FNV-1a of 64 bits. */
#define PICTURE_MARK_NONE UINT64_C(0xcbf29ce484222325)
uint64_t picture_mark(uint64_t mark, const char *bytes, size_t size);

/* ".png" or ".svg" without the dot. */
const char *picture_ending(enum longhaul_picture form);

/* Proves that the file at temporary is a whole picture, writes the mark into it (and the resolution of a PNG), and gives it the
 * name final. LONGHAUL_EPLOT when it is none, LONGHAUL_EIO; temporary is gone either way. */
int picture_settle(const char *temporary, const char *final, enum longhaul_picture form, uint64_t mark, double dpi, struct longhaul_error *err);

/* Is it there, and has it that mark? */
bool picture_has_mark(const char *path, enum longhaul_picture form, uint64_t mark);

#endif
