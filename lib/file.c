/* file.c - whole files, written so that a reader sees the old one or the new one: temporary name, fsync, rename. */

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

int file_make_dir(const char *dir, struct longhaul_error *err)
{
    struct stat st;
    char *path = strdup(dir);
    int rc = 0;
    if (path == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", dir);
    for (char *slash = path; rc == 0 && slash; ) {
        slash = strchr(slash + 1, '/');
        if (slash)
            *slash = 0;
        if (mkdir(path, 0777) != 0 && (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)))
            rc = error_errno(err, LONGHAUL_EIO, "%s", path);
        if (slash)
            *slash = '/';
    }
    free(path);
    return rc;
}

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, bytes, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes += n;
        size -= (size_t)n;
    }
    return true;
}

int file_write(const char *path, const char *bytes, size_t size, struct longhaul_error *err)
{
    char *temporary;
    if (asprintf(&temporary, "%s.%ld.tmp", path, (long)getpid()) < 0)
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", path);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool good = fd >= 0 && write_all(fd, bytes, size) && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0 && close(fd) != 0 && good) {
        good = false;
        why = errno;
    }
    if (good && rename(temporary, path) != 0) {
        good = false;
        why = errno;
    }
    if (!good && fd >= 0)
        unlink(temporary);
    free(temporary);
    errno = why;
    return good ? 0 : error_errno(err, LONGHAUL_EIO, "%s", path);
}

bool file_holds(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "re");
    char *now = malloc(size + 1);
    bool same = file && now && fread(now, 1, size + 1, file) == size && memcmp(now, bytes, size) == 0;
    free(now);
    if (file)
        fclose(file);
    return same;
}
