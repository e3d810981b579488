/* picture.h - files of pictures: are they whole, and what were they drawn from? */
#ifndef PICTURE_H
#define PICTURE_H

#include <longhaul.h>

/* A number that other bytes change; begin with PICTURE_MARK_NONE. Fowler, Noll and Vo's FNV-1a of 64 bits. */
#define PICTURE_MARK_NONE UINT64_C(0xcbf29ce484222325)
uint64_t picture_mark(uint64_t mark, const char *bytes, size_t size);

/* What a picture's mark begins with, within its first 4,096 bytes. */
#define PICTURE_MARK "longhaul chart "

/* ".png" or ".svg" without the dot. */
const char *picture_ending(enum longhaul_picture form);

/* Proves that the file that gnuplot has drawn is a whole picture, and writes it, with the mark (and the resolution of a
 * PNG) in it, to final. LONGHAUL_EPLOT when it is not one, LONGHAUL_EIO; what was drawn is gone either way. */
int picture_settle(const char *drawn, const char *final, enum longhaul_picture form, uint64_t mark, double dpi,
                   struct longhaul_error *err);

/* Is it there, and whole? */
bool picture_is_whole(const char *path, enum longhaul_picture form);

/* Is it there, whole, with that mark, and are its bytes those that were marked? */
bool picture_has_mark(const char *path, enum longhaul_picture form, uint64_t mark);

#endif
