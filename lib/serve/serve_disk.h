/* serve_disk.h - is there room for the records of strangers? */
#ifndef SERVE_DISK_H
#define SERVE_DISK_H

#include <stdbool.h>

/* Whether less than keep_percent of the disk that dir is on, or will be, is free for this user: 0 means 5 %, below 0
 * that it never is. On a large disk 1 GiB is enough. free_percent is what there is. */
bool serve_disk_is_low(const char *dir, double keep_percent, double *free_percent);

#endif
