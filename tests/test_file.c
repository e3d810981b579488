/* test_file.c - new files survive a power cut: the folder above is forced to disk. Drafts, and what remains of them. */

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"

static char synced[8][PATH_MAX]; /* the folders synced, in order */
static size_t n_synced;

/* Replaces the C library's for the library under test. */
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

static char *join(const char *dir, const char *name)
{
    char *path = file_join(dir, name);
    if (path == NULL)
        abort();
    return path;
}

static bool has_text(const char *path, const char *text)
{
    return file_holds(path, text, strlen(text));
}

static size_t count_entries(const char *dir)
{
    size_t n = 0;
    DIR *list = opendir(dir);
    while (list && readdir(list))
        n++;
    if (list)
        closedir(list);
    return n > 2 ? n - 2 : 0;
}

/* The mode of a replaced file is kept; a link is replaced, and its target is not touched; a name may have 255 bytes. */
static void test_drafts(const char *dir)
{
    char name[NAME_MAX + 1], *long_path, *path = join(dir, "x"), *victim = join(dir, "victim");
    struct file_draft draft;
    struct stat st;
    umask(022);
    CHECK(file_write(path, "1", 1, NULL) == 0 && stat(path, &st) == 0 && (st.st_mode & 0777) == 0644,
          "a new file has the umask's mode");
    static const mode_t modes[] = { 0600, 0640, 0666, 0400 };
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        chmod(path, modes[i]);
        int rc = file_begin(&draft, path, NULL);
        bool is_closed = rc == 0 && fstat(draft.fd, &st) == 0 && (st.st_mode & 0777 & ~modes[i]) == 0;
        fputs("two", draft.stream);
        rc = rc ? rc : file_commit_unsynced(&draft, NULL);
        CHECK(is_closed && rc == 0 && stat(path, &st) == 0 && (st.st_mode & 0777) == modes[i] && has_text(path, "two"),
              "mode %o is kept, also while it is written", (unsigned)modes[i]);
    }
    unlink(path);
    CHECK(file_write(victim, "mine", 4, NULL) == 0 && symlink("victim", path) == 0 &&
          file_write(path, "new", 3, NULL) == 0 &&
          lstat(path, &st) == 0 && S_ISREG(st.st_mode) && has_text(victim, "mine") && has_text(path, "new"),
              "a link is replaced, not followed");
    CHECK(file_begin(&draft, path, NULL) == 0 && temporary_is_name(draft.temporary) &&
          (fputs("never", draft.stream), true) &&
          (file_abandon(&draft), true) && has_text(path, "new") && count_entries(dir) == 2,
              "an abandoned draft leaves no trace");
    CHECK(file_begin(&draft, dir, NULL) == LONGHAUL_EIO && count_entries(dir) == 2, "a folder is not replaced");
    memset(name, 'n', NAME_MAX);
    name[NAME_MAX] = 0;
    long_path = join(dir, name);
    CHECK(file_write(long_path, "x", 1, NULL) == 0 && has_text(long_path, "x"), "a name of %d bytes", NAME_MAX);
    unlink(long_path);
    unlink(path);
    unlink(victim);
    free(long_path);
    free(path);
    free(victim);
}

/* A file in use has a lock; what a killed process left has none, and is removed. */
static void test_leftovers(const char *dir)
{
    char *path = join(dir, "x"), name[TEMPORARY_SIZE], room[TEMPORARY_SIZE], *other =
        join(dir, ".longhaul-0123456789abcdeg.tmp");
    struct file_draft draft;
    int fd = open(dir, O_RDONLY | O_DIRECTORY);
    pid_t child = fork();
    if (child == 0) { /* dies with a file and a folder that has another one in it */
        int in = temporary_file(fd, 0666, name) < 0 ? -1 : temporary_folder(fd, room);
        _exit(in < 0 || openat(in, "picture.png", O_WRONLY | O_CREAT, 0600) < 0);
    }
    int status = 1;
    waitpid(child, &status, 0);
    int rc = file_begin(&draft, path, NULL), at_work = temporary_folder(fd, room);
    CHECK(status == 0 && rc == 0 && at_work >= 0 && file_write(other, "", 0, NULL) == 0 && count_entries(dir) == 5,
          "two that a dead process left, two at work, one of another name");
    temporary_clean(fd);
    CHECK(count_entries(dir) == 3 && faccessat(fd, draft.temporary, F_OK, 0) == 0 &&
          faccessat(fd, room, F_OK, 0) == 0 && access(other, F_OK) == 0,
          "what was left is gone, the others are there: %zu", count_entries(dir));
    file_abandon(&draft);
    temporary_remove_folder(fd, room);
    close(at_work);
    unlink(other);
    CHECK(count_entries(dir) == 0, "and nothing in the end");
    close(fd);
    free(path);
    free(other);
}

int main(void)
{
    char dir[64], path[128], top[PATH_MAX];
    snprintf(dir, sizeof dir, "%s/longhaul-file.XXXXXX",
             getenv("TMPDIR") && strlen(getenv("TMPDIR")) < 30 ? getenv("TMPDIR") : "/tmp");
    if (!CHECK(mkdtemp(dir) != NULL && realpath(dir, top) != NULL, "a folder of one's own"))
        return 1;
    snprintf(path, sizeof path, "%s/a/b", dir);
    int rc = file_make_dir(path, NULL);
    CHECK(rc == 0 && n_synced == 2 && is_synced(0, top, "") && is_synced(1, top, "/a"), "two folders: %zu were forced",
          n_synced);
    n_synced = 0;
    CHECK(file_make_dir(path, NULL) == 0 && n_synced == 0, "they are there already: none was");
    snprintf(path, sizeof path, "%s/a/b/x", dir);
    CHECK(file_write(path, "x", 1, NULL) == 0 && n_synced == 1 && is_synced(0, top, "/a/b"), "a file: its folder was");
    unlink(path);
    snprintf(path, sizeof path, "%s/a/b", dir);
    test_drafts(path);
    test_leftovers(path);
    for (const char *const *below = (const char *const[]){ "/a/b", "/a", "", NULL }; *below; below++) {
        snprintf(path, sizeof path, "%s%s", dir, *below);
        rmdir(path);
    }
    return CHECK_DONE();
}
