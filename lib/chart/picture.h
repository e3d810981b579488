/* picture.h - picture files: whether they are whole, and what they were drawn from. */
#ifndef PICTURE_H
#define PICTURE_H

#include <longhaul.h>

/* The beginning of a picture's mark, which stands within its first 4,096 bytes. */
#define PICTURE_MARK "longhaul chart "

/* "png" or "svg". */
const char *picture_ending(enum longhaul_picture form);

/* Checks that the file that gnuplot has drawn is a whole picture, and writes it to final with the mark, a hash of what
 * it was drawn from (and the resolution of a PNG). LONGHAUL_EPLOT if it is not a whole picture, LONGHAUL_EIO; drawn is
 * removed in every case. */
int picture_settle(const char *drawn, const char *final, enum longhaul_picture form, uint64_t mark, double dpi,
                   struct longhaul_error *err);

/* True if the file exists and is a whole picture. */
bool picture_is_whole(const char *path, enum longhaul_picture form);

/* True if the file is a whole picture with that mark, and its bytes are those that were marked. */
bool picture_has_mark(const char *path, enum longhaul_picture form, uint64_t mark);

#endif
