/* file.c - writes files that are either whole or absent: each is made under a temporary name in its own folder. Does
 * not know what they contain. */

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/error.h"

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
        if (why == 0) /* without it a power cut loses the folder and everything in it */
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

char *file_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? strdup(".") : strndup(path, slash > path ? (size_t)(slash - path) : 1);
}

/* rename() would replace a device or a pipe as readily as a file. */
static bool is_other_than_file(const struct stat *st)
{
    return !S_ISREG(st->st_mode) && !S_ISLNK(st->st_mode);
}

/* Whoever could read the old file can read its replacement, and nobody else. The temporary file was created with no
 * more rights than these, so nobody can have opened it in between. */
static void keep_mode(const struct file_draft *draft, const struct stat *old)
{
    struct stat own;
    mode_t mode = old->st_mode & 0777;
    if (fstat(draft->fd, &own) != 0)
        return;
    if ((own.st_uid != old->st_uid || own.st_gid != old->st_gid) && fchown(draft->fd, old->st_uid, old->st_gid) != 0 &&
        own.st_gid != old->st_gid)
        mode &= ~(mode_t)0070; /* the rights of another group are not for this one */
    fchmod(draft->fd, mode);
}

/* The stream gets its own descriptor: the lock on the file must last until the file has its name. */
static FILE *open_stream(int fd)
{
    int copy = descriptor_above_std(fcntl(fd, F_DUPFD_CLOEXEC, 0));
    FILE *stream = copy >= 0 ? fdopen(copy, "w") : NULL;
    if (copy >= 0 && stream == NULL)
        close(copy);
    return stream;
}

/* Symbolic links are replaced, not followed. */
static int begin(struct file_draft *draft, struct longhaul_error *err)
{
    struct stat old;
    const char *slash = strrchr(draft->path, '/');
    draft->name = slash ? slash + 1 : draft->path;
    draft->dir = file_open_dir_of(draft->path);
    if (draft->dir < 0)
        return error_errno(err, LONGHAUL_EIO, "%s", draft->path);
    bool is_there = fstatat(draft->dir, draft->name, &old, AT_SYMLINK_NOFOLLOW) == 0;
    if (*draft->name == 0 || (is_there && is_other_than_file(&old)))
        return error_set(err, LONGHAUL_EIO, "%s: exists and is not a file", draft->path);
    draft->replaces = is_there && S_ISREG(old.st_mode);
    draft->fd = temporary_file(draft->dir, draft->replaces ? old.st_mode & 0777 : 0666, draft->temporary);
    if (draft->fd < 0) {
        *draft->temporary = 0;
        return error_errno(err, LONGHAUL_EIO, "%s", draft->path);
    }
    if (draft->replaces)
        keep_mode(draft, &old);
    draft->stream = open_stream(draft->fd);
    return draft->stream ? 0 : error_errno(err, LONGHAUL_EIO, "%s", draft->path);
}

int file_begin(struct file_draft *draft, const char *path, struct longhaul_error *err)
{
    *draft = (struct file_draft){ .dir = -1, .fd = -1 };
    draft->path = strdup(path);
    int rc = draft->path ? begin(draft, err) : error_set(err, LONGHAUL_ENOMEM, "out of memory");
    if (rc != 0)
        file_abandon(draft);
    return rc;
}

char *file_draft_path(const struct file_draft *draft)
{
    char *path;
    return asprintf(&path, "%.*s%s", (int)(draft->name - draft->path), draft->path, draft->temporary) < 0 ? NULL : path;
}

/* A stream remembers that a write failed, but not why: writing one more byte sets errno. */
static void find_why(FILE *stream)
{
    errno = 0;
    if (write(fileno(stream), "", 1) >= 0 || errno == 0)
        errno = EIO;
}

int file_settle(struct file_draft *draft, bool is_synced, struct longhaul_error *err)
{
    bool has_failed = ferror(draft->stream);
    if (has_failed)
        find_why(draft->stream);
    if (has_failed || fflush(draft->stream) != 0 || (is_synced && fsync(draft->fd) != 0))
        return error_errno(err, LONGHAUL_EIO, "%s", draft->path);
    return 0;
}

static int commit(struct file_draft *draft, bool is_synced, struct longhaul_error *err)
{
    int rc = file_settle(draft, is_synced, err);
    if (fclose(draft->stream) != 0 && rc == 0)
        rc = error_errno(err, LONGHAUL_EIO, "%s", draft->path);
    draft->stream = NULL;
    if (rc == 0 && renameat(draft->dir, draft->temporary, draft->dir, draft->name) != 0)
        rc = error_errno(err, LONGHAUL_EIO, "%s", draft->path);
    if (rc == 0) {
        *draft->temporary = 0; /* it is the finished file now */
        if (is_synced && fsync(draft->dir) != 0 && errno != EBADF && errno != EINVAL && errno != EROFS)
            rc = error_errno(err, LONGHAUL_EIO, "folder of %s", draft->path);
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
    if (*draft->temporary)
        unlinkat(draft->dir, draft->temporary, 0);
    if (draft->fd >= 0)
        close(draft->fd);
    if (draft->dir >= 0)
        close(draft->dir);
    free(draft->path);
    *draft = (struct file_draft){ .dir = -1, .fd = -1 };
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
    if (fd < 0 && dir && errno == EACCES) /* a folder that may be written to but not listed */
        fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
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

void file_clean_dir_of(const char *path)
{
    int fd = file_open_dir_of(path);
    if (fd < 0)
        return;
    temporary_clean(fd);
    close(fd);
}

bool file_has_ending(const char *name, const char *ending)
{
    size_t n = strlen(name), k = strlen(ending);
    return n > k && strcmp(name + n - k, ending) == 0;
}
