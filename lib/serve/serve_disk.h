/* serve_disk.h - whether there is room for strangers' records. */
#ifndef SERVE_DISK_H
#define SERVE_DISK_H

#include <stdbool.h>

/* True if less than keep_percent of the disk of dir (which need not exist yet) is free for this user. 0 means 5 %, or
 * 1 GiB where that is less; a negative value disables the check. free_percent receives the free share; it stays
 * untouched if the check is disabled or the disk is unknown. */
bool serve_disk_is_low(const char *dir, double keep_percent, double *free_percent);

#endif
