/* serve_disk.h - whether there is room for strangers' records. */
#ifndef SERVE_DISK_H
#define SERVE_DISK_H

#include <stdbool.h>

/* True if less than keep_percent of the disk of dir (which need not exist yet) is free for this user: 0 means 5 %, a
 * negative value disables the check. On a large disk 1 GiB is enough. free_percent receives the free share. */
bool serve_disk_is_low(const char *dir, double keep_percent, double *free_percent);

#endif
