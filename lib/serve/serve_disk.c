/* serve_disk.c - the share of free disk space below which strangers' tests are no longer recorded. Frees nothing. */

#include "serve/serve_disk.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#define KEEP_PERCENT 5.0
#define ENOUGH_BYTES (1024.0 * 1024 * 1024)

/* The disk of a folder, or of the nearest one above it that exists. */
static bool look_at(const char *dir, struct statvfs *disk)
{
    char *path = strdup(dir), *at = path;
    int rc = -1;
    while (at && (rc = statvfs(at, disk)) < 0 && strcmp(at, "/") != 0 && strcmp(at, ".") != 0)
        at = dirname(at);
    free(path);
    return rc == 0;
}

bool serve_disk_is_low(const char *dir, double keep_percent, double *free_percent)
{
    struct statvfs disk;
    if (keep_percent < 0 || !look_at(dir, &disk) || disk.f_blocks == 0)
        return false;
    double free_bytes = (double)disk.f_bavail * (double)disk.f_frsize;
    *free_percent = 100.0 * (double)disk.f_bavail / (double)disk.f_blocks;
    return *free_percent < (keep_percent > 0 ? keep_percent : KEEP_PERCENT) &&
           (keep_percent > 0 || free_bytes < ENOUGH_BYTES);
}
