/* test_file.c - what is made is there after a power cut too: the folder above it is forced to disk. */

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "file.h"

static char synced[8][PATH_MAX]; /* folders that were, in order */
static size_t n_synced;

/* In place of the C library's, for the library under test. */
int fsync(int fd)
{
    char name[64];
    struct stat st;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t n = n_synced < 8 ? readlink(name, synced[n_synced], PATH_MAX - 1) : -1;
    if (n > 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
        synced[n_synced++][n] = 0;
    return (int)syscall(SYS_fsync, fd);
}

static bool is_synced(size_t i, const char *top, const char *below)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s%s", top, below);
    return i < n_synced && strcmp(synced[i], path) == 0;
}

int main(void)
{
    char dir[64], path[128], top[PATH_MAX];
    snprintf(dir, sizeof dir, "%s/longhaul-file.XXXXXX", getenv("TMPDIR") && strlen(getenv("TMPDIR")) < 30 ? getenv("TMPDIR") : "/tmp");
    if (!CHECK(mkdtemp(dir) != NULL && realpath(dir, top) != NULL, "a folder of one's own"))
        return 1;
    snprintf(path, sizeof path, "%s/a/b", dir);
    int rc = file_make_dir(path, NULL);
    CHECK(rc == 0 && n_synced == 2 && is_synced(0, top, "") && is_synced(1, top, "/a"), "two folders: %zu were forced", n_synced);
    n_synced = 0;
    CHECK(file_make_dir(path, NULL) == 0 && n_synced == 0, "they are there already: none was");
    snprintf(path, sizeof path, "%s/a/b/x", dir);
    CHECK(file_write(path, "x", 1, NULL) == 0 && n_synced == 1 && is_synced(0, top, "/a/b"), "a file: its folder was");
    unlink(path);
    for (const char *const *below = (const char *const[]){ "/a/b", "/a", "", NULL }; *below; below++) {
        snprintf(path, sizeof path, "%s%s", dir, *below);
        rmdir(path);
    }
    return CHECK_DONE();
}
