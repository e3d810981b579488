/* file.c - files that are either whole or not there. Knows nothing of what is in them. */

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

int file_make_dir(const char *path, struct longhaul_error *err)
{
    struct stat st;
    char *copy = strdup(path);
    int rc = 0;
    if (copy == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    for (char *p = copy + 1; *copy && rc == 0; p++) {
        if (*p != '/' && *p != 0)
            continue;
        char end = *p;
        *p = 0;
        int why = mkdir(copy, 0777) < 0 ? errno : 0;
        if (why != 0 && !(stat(copy, &st) == 0 && S_ISDIR(st.st_mode))) {
            errno = why;
            rc = error_errno(err, LONGHAUL_EIO, "folder %s", copy);
        }
        if (why == 0) /* else a power cut takes it, with all that is in it */
            file_sync_dir_of(copy);
        *p = end;
        if (end == 0)
            break;
    }
    free(copy);
    return rc;
}

char *file_join(const char *dir, const char *name)
{
    char *path;
    size_t n = strlen(dir);
    return asprintf(&path, "%s%s%s", dir, n > 0 && dir[n - 1] == '/' ? "" : "/", name) < 0 ? NULL : path;
}

/* rename() takes the place of a device or a pipe as readily as of a file. */
static bool is_other_than_file(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

int file_begin(struct file_draft *draft, const char *path, struct longhaul_error *err)
{
    memset(draft, 0, sizeof *draft);
    if (is_other_than_file(path))
        return error_set(err, LONGHAUL_EIO, "%s: is there, and not a file", path);
    draft->path = strdup(path);
    if (draft->path == NULL || asprintf(&draft->temporary, "%s.tmp.%ld", path, (long)getpid()) < 0) {
        draft->temporary = NULL;
        file_abandon(draft);
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    }
    draft->stream = fopen(draft->temporary, "we");
    if (draft->stream == NULL) {
        int rc = error_errno(err, LONGHAUL_EIO, "%s", path);
        file_abandon(draft);
        return rc;
    }
    return 0;
}

/* A stream remembers that a write failed, but not why: one more byte tells. */
static void find_why(FILE *stream)
{
    errno = 0;
    if (write(fileno(stream), "", 1) >= 0 || errno == 0)
        errno = EIO;
}

static int commit(struct file_draft *draft, bool is_synced, struct longhaul_error *err)
{
    int rc = 0;
    bool has_failed = ferror(draft->stream);
    if (has_failed)
        find_why(draft->stream);
    if (has_failed || fflush(draft->stream) != 0 || (is_synced && fsync(fileno(draft->stream)) != 0))
        rc = error_errno(err, LONGHAUL_EIO, "%s", draft->path);
    if (fclose(draft->stream) != 0 && rc == 0)
        rc = error_errno(err, LONGHAUL_EIO, "%s", draft->path);
    draft->stream = NULL;
    if (rc == 0 && rename(draft->temporary, draft->path) != 0)
        rc = error_errno(err, LONGHAUL_EIO, "%s", draft->path);
    if (rc == 0) {
        if (is_synced)
            file_sync_dir_of(draft->path);
        free(draft->temporary);
        draft->temporary = NULL; /* it has become the file */
    }
    file_abandon(draft);
    return rc;
}

int file_commit(struct file_draft *draft, struct longhaul_error *err)
{
    return commit(draft, true, err);
}

int file_commit_unsynced(struct file_draft *draft, struct longhaul_error *err)
{
    return commit(draft, false, err);
}

void file_abandon(struct file_draft *draft)
{
    if (draft->stream != NULL)
        fclose(draft->stream);
    if (draft->temporary != NULL)
        unlink(draft->temporary);
    free(draft->temporary);
    free(draft->path);
    memset(draft, 0, sizeof *draft);
}

int file_write(const char *path, const char *bytes, size_t size, struct longhaul_error *err)
{
    struct file_draft draft;
    int rc = file_begin(&draft, path, err);
    if (rc)
        return rc;
    fwrite(bytes, 1, size, draft.stream); /* the stream remembers a failure until file_commit() */
    return file_commit(&draft, err);
}

FILE *file_open(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    FILE *file = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? fdopen(fd, "r") : NULL;
    if (fd >= 0 && file == NULL)
        close(fd);
    return file;
}

bool file_holds(const char *path, const char *bytes, size_t size)
{
    FILE *file = file_open(path);
    char *now = malloc(size + 1);
    bool same = file && now && fread(now, 1, size + 1, file) == size && memcmp(now, bytes, size) == 0;
    free(now);
    if (file)
        fclose(file);
    return same;
}

int file_open_dir_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *dir = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    int fd = dir ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    free(dir);
    return fd;
}

void file_sync_dir_of(const char *path)
{
    int fd = file_open_dir_of(path);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}
