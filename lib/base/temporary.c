/* temporary.c - files and folders that exist only while a process works. Random names, O_EXCL and O_NOFOLLOW prevent
 * that anybody plants one; a lock shows which ones a killed process left, so that they can be removed. Does not know
 * their contents. */

#include "base/temporary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"

#define PREFIX ".longhaul-"
#define DIGITS 16
#define ENDING ".tmp"
#define MOST_TRIES 100

_Static_assert(sizeof PREFIX - 1 + DIGITS + sizeof ENDING == TEMPORARY_SIZE, "the size of a temporary name");

static bool new_name(char name[TEMPORARY_SIZE])
{
    uint64_t random;
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        return false;
    snprintf(name, TEMPORARY_SIZE, PREFIX "%016" PRIx64 ENDING, random);
    return true;
}

bool temporary_is_name(const char *name)
{
    return strlen(name) == TEMPORARY_SIZE - 1 && strncmp(name, PREFIX, sizeof PREFIX - 1) == 0 &&
           strspn(name + sizeof PREFIX - 1, "0123456789abcdef") == DIGITS &&
           strcmp(name + sizeof PREFIX - 1 + DIGITS, ENDING) == 0;
}

/* A cleaner may have seen it before it was locked. Where locks do not work, nobody cleans. */
static bool is_kept(int fd, int dir, const char *name)
{
    struct stat own, there;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return false;
    return fstat(fd, &own) == 0 && fstatat(dir, name, &there, AT_SYMLINK_NOFOLLOW) == 0 && own.st_dev == there.st_dev &&
           own.st_ino == there.st_ino;
}

static int make(int dir, mode_t mode, char name[TEMPORARY_SIZE], bool is_folder)
{
    for (int i = 0; i < MOST_TRIES; i++) {
        if (!new_name(name))
            return -1;
        if (is_folder && mkdirat(dir, name, mode) != 0) {
            if (errno == EEXIST)
                continue;
            return -1;
        }
        int fd = is_folder ? openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                           : openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
        fd = descriptor_above_std(fd);
        if (fd >= 0 && is_kept(fd, dir, name))
            return fd;
        if (fd < 0 && errno != EEXIST && !(is_folder && errno == ENOENT))
            return -1;
        if (fd >= 0)
            close(fd);
    }
    errno = EEXIST;
    return -1;
}

int temporary_file(int dir, mode_t mode, char name[TEMPORARY_SIZE])
{
    return make(dir, mode, name, false);
}

int temporary_folder(int dir, char name[TEMPORARY_SIZE])
{
    return make(dir, 0700, name, true);
}

static DIR *open_list(int dir, const char *name)
{
    int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
    if (fd >= 0 && list == NULL)
        close(fd);
    return list;
}

void temporary_remove_folder(int dir, const char *name)
{
    DIR *list = open_list(dir, name);
    for (const struct dirent *entry; list && (entry = readdir(list)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(list), entry->d_name, 0);
    if (list)
        closedir(list);
    unlinkat(dir, name, AT_REMOVEDIR);
}

/* On a network file system, a lock needs a descriptor open for writing. */
static int open_left(int dir, const char *name)
{
    int flags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, fd = openat(dir, name, O_RDWR | flags);
    return fd < 0 && errno == EISDIR ? openat(dir, name, O_RDONLY | O_DIRECTORY | flags) : fd;
}

static void clean_one(int dir, const char *name)
{
    struct stat st, there;
    int fd = open_left(dir, name);
    if (fd < 0)
        return;
    bool is_dead = fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)) && st.st_uid == geteuid() &&
                   flock(fd, LOCK_EX | LOCK_NB) == 0 && fstatat(dir, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
                   there.st_dev == st.st_dev && there.st_ino == st.st_ino;
    if (is_dead && S_ISDIR(st.st_mode))
        temporary_remove_folder(dir, name);
    else if (is_dead)
        unlinkat(dir, name, 0);
    close(fd);
}

void temporary_clean(int dir)
{
    DIR *list = open_list(dir, ".");
    for (const struct dirent *entry; list && (entry = readdir(list)) != NULL;)
        if (temporary_is_name(entry->d_name))
            clean_one(dir, entry->d_name);
    if (list)
        closedir(list);
}
