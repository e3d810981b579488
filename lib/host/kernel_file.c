/* kernel_file.c - reads the kernel's small text files below a root folder. Writes nothing; a value that cannot be read
 * is NAN or "". */

#include "host/kernel_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_BYTES_MAX (16u << 20)

bool kernel_file_is_real(const char *root)
{
    return root == NULL || *root == 0 || strcmp(root, "/") == 0;
}

/* /proc/net is a link to /proc/self/net. A service that sees only processes in /proc (ProcSubset=pid) has only the
 * latter. */
static bool full_path(const char *root, const char *path, char *full, size_t size)
{
    static const char net[] = "/proc/net/";
    bool is_real = kernel_file_is_real(root), is_net = is_real && strncmp(path, net, sizeof net - 1) == 0;
    int n = snprintf(full, size, "%s%s%s", is_real ? "" : root, is_net ? "/proc/self/net/" : "",
                     is_net ? path + sizeof net - 1 : path);
    return n > 0 && (size_t)n < size;
}

static int open_below(const char *root, const char *path)
{
    char full[PATH_MAX];
    return full_path(root, path, full, sizeof full) ? open(full, O_RDONLY | O_CLOEXEC) : -1;
}

bool kernel_file_text(const char *root, const char *path, char *text, size_t size)
{
    int fd = open_below(root, path);
    size_t at = 0;
    ssize_t n = 1;
    while (fd >= 0 && at < size - 1 && (n = read(fd, text + at, size - 1 - at)) > 0)
        at += (size_t)n;
    if (fd >= 0)
        close(fd);
    text[at] = 0;
    if (at > 0 && text[at - 1] == '\n')
        text[at - 1] = 0;
    return fd >= 0 && n >= 0;
}

char *kernel_file_all(const char *root, const char *path)
{
    int fd = open_below(root, path);
    char *text = NULL;
    size_t at = 0, capacity = 0;
    ssize_t n = fd < 0 ? -1 : 1;
    while (n > 0) {
        if (capacity - at < 4096) {
            capacity = capacity ? 2 * capacity : 16384;
            char *more = capacity <= FILE_BYTES_MAX ? realloc(text, capacity) : NULL;
            if (more == NULL) {
                n = -1;
                break;
            }
            text = more;
        }
        n = read(fd, text + at, capacity - at - 1);
        at += n > 0 ? (size_t)n : 0;
    }
    if (fd >= 0)
        close(fd);
    if (n < 0) {
        free(text);
        return NULL;
    }
    text[at] = 0;
    return text;
}

void kernel_file_numbers(const char *root, const char *path, double *numbers, size_t n)
{
    char text[256], *p = text;
    bool good = kernel_file_text(root, path, text, sizeof text);
    for (size_t i = 0; i < n; i++) {
        char *end = p;
        double value = good ? strtod(p, &end) : NAN;
        good = good && end != p;
        numbers[i] = good ? value : NAN;
        p = end;
    }
}

double kernel_file_number(const char *root, const char *path)
{
    double number;
    kernel_file_numbers(root, path, &number, 1);
    return number;
}

bool kernel_file_link(const char *root, const char *path, char *name, size_t size)
{
    char full[PATH_MAX], target[PATH_MAX];
    ssize_t n = full_path(root, path, full, sizeof full) ? readlink(full, target, sizeof target - 1) : -1;
    *name = 0;
    if (n <= 0)
        return false;
    target[n] = 0;
    const char *slash = strrchr(target, '/');
    snprintf(name, size, "%s", slash ? slash + 1 : target);
    return true;
}

double kernel_file_count(const char *root, const char *folder, const char *prefix, char *first, size_t size)
{
    char full[PATH_MAX];
    DIR *dir = full_path(root, folder, full, sizeof full) ? opendir(full) : NULL;
    double count = 0;
    if (first)
        *first = 0;
    if (dir == NULL)
        return NAN;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
            continue;
        if (first && *first == 0)
            snprintf(first, size, "%s", entry->d_name);
        count++;
    }
    closedir(dir);
    return count;
}
