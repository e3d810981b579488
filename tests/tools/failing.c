/* failing.c - preloaded (LD_PRELOAD) before a program, it lets one of its calls fail, as a system does that has no
 * memory, a full disk or a broken one. FAILING=KIND:N[:ERROR]: the N-th call of that kind (malloc; large: malloc of 64
 * kB and more; own: malloc, but not by SQLite or Jansson; write, sync, rename, read, link) fails with ERROR (ENOSPC,
 * EIO, ENOMEM); KIND:N+ lets all from the N-th on fail. FAILING_COUNTS names a file that gets the number of calls of
 * each kind. */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum kind { MALLOC, LARGE, OWN, WRITE, SYNC, RENAME, READ, LINK, N_KINDS };
static const char *const kinds[N_KINDS] = { "malloc", "large", "own", "write", "sync", "rename", "read", "link" };

static atomic_long calls[N_KINDS];
static long fails_at[N_KINDS];
static bool fails_from_there[N_KINDS];
static int why = ENOSPC;

__attribute__((constructor)) static void begin(void)
{
    const char *plan = getenv("FAILING");
    for (int i = 0; plan && i < N_KINDS; i++) {
        size_t n = strlen(kinds[i]);
        char *end;
        if (strncmp(plan, kinds[i], n) != 0 || plan[n] != ':')
            continue;
        long at = strtol(plan + n + 1, &end, 10);
        fails_from_there[i] = *end == '+';
        why = strstr(end, "EIO") ? EIO : strstr(end, "ENOMEM") ? ENOMEM : ENOSPC;
        atomic_store(&calls[i], 0);
        fails_at[i] = at;
    }
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("FAILING_COUNTS");
    char text[256];
    int n = 0, fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    for (int i = 0; i < N_KINDS; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, "%s %ld\n", kinds[i], atomic_load(&calls[i]));
    if (fd >= 0 && syscall(SYS_write, fd, text, n) == n)
        close(fd);
}

static bool fails(enum kind kind)
{
    long n = atomic_fetch_add(&calls[kind], 1) + 1;
    bool is = fails_at[kind] > 0 && (n == fails_at[kind] || (fails_from_there[kind] && n > fails_at[kind]));
    if (is)
        errno = kind <= OWN ? ENOMEM : why;
    return is;
}

/* ---- memory */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);

static bool is_own(const void *caller)
{
    Dl_info info;
    const char *name = dladdr(caller, &info) ? info.dli_fname : "";
    return strstr(name, "libsqlite3") == NULL && strstr(name, "libjansson") == NULL;
}

/* Of a size that is given in one piece or in n. */
static bool no_memory(size_t n, size_t size, const void *caller)
{
    bool is_large = size > 0 && n >= 65536 / size, fails_for_all = fails(MALLOC);
    bool fails_for_large = is_large && fails(LARGE);
    return (is_own(caller) && fails(OWN)) || fails_for_large || fails_for_all;
}

#define HAS_NONE(n, size) no_memory(n, size, __builtin_return_address(0))
void *malloc(size_t size) { return HAS_NONE(1, size) ? NULL : __libc_malloc(size); }
void *calloc(size_t n, size_t size) { return HAS_NONE(n, size) ? NULL : __libc_calloc(n, size); }
void *realloc(void *p, size_t size) { return HAS_NONE(1, size) ? NULL : __libc_realloc(p, size); }

/* ---- files: streams that are written get a function of ours below them, since the C library's own cannot
 * be reached */

static int streams[64]; /* descriptor, and 1, by the cookie's place */
static FILE *opened[64];

static ssize_t write_stream(void *cookie, const char *bytes, size_t n)
{
    int fd = (int)(intptr_t)cookie;
    if (fails(WRITE)) { /* a part of it is there, as on a disk that fills up */
        syscall(SYS_write, fd, bytes, n / 2);
        return 0;
    }
    return syscall(SYS_write, fd, bytes, n);
}

static ssize_t read_stream(void *cookie, char *bytes, size_t n)
{
    return fails(READ) ? -1 : syscall(SYS_read, (int)(intptr_t)cookie, bytes, n);
}

static int seek_stream(void *cookie, off64_t *at, int whence)
{
    *at = lseek64((int)(intptr_t)cookie, *at, whence);
    return *at < 0 ? -1 : 0;
}

static int close_stream(void *cookie)
{
    for (int i = 0; i < 64; i++)
        if (streams[i] == (int)(intptr_t)cookie + 1) {
            streams[i] = 0;
            opened[i] = NULL;
        }
    return close((int)(intptr_t)cookie);
}

FILE *fdopen(int fd, const char *mode)
{
    static FILE *(*next)(int, const char *);
    if (next == NULL)
        *(void **)&next = dlsym(RTLD_NEXT, "fdopen");
    if (mode[0] != 'w')
        return next(fd, mode);
    FILE *stream =
        fopencookie((void *)(intptr_t)fd, mode,
                    (cookie_io_functions_t){
                        .read = read_stream, .write = write_stream, .seek = seek_stream, .close = close_stream });
    for (int i = 0; stream && i < 64; i++)
        if (streams[i] == 0) {
            streams[i] = fd + 1;
            opened[i] = stream;
            break;
        }
    return stream;
}

int fileno(FILE *stream)
{
    static int (*next)(FILE *);
    for (int i = 0; i < 64; i++)
        if (opened[i] == stream)
            return streams[i] - 1;
    if (next == NULL)
        *(void **)&next = dlsym(RTLD_NEXT, "fileno");
    return next(stream);
}

ssize_t write(int fd, const void *bytes, size_t n) { return fails(WRITE) ? -1 : syscall(SYS_write, fd, bytes, n); }
int fsync(int fd) { return fails(SYNC) ? -1 : (int)syscall(SYS_fsync, fd); }
int fdatasync(int fd) { return fails(SYNC) ? -1 : (int)syscall(SYS_fdatasync, fd); }
ssize_t pread(int fd, void *bytes, size_t n, off_t at) { return fails(READ) ? -1 : syscall(SYS_pread64, fd, bytes, n,
        at); }
ssize_t pread64(int fd, void *bytes, size_t n, off64_t at) { return pread(fd, bytes, n, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
    return fails(WRITE) ? -1 : syscall(SYS_pwrite64, fd, bytes, n, at);
}
ssize_t read(int fd, void *bytes, size_t n) { return fails(READ) ? -1 : syscall(SYS_read, fd, bytes, n); }

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
    return fails(RENAME) ? -1 : (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, 0);
}

int link(const char *from, const char *to)
{
    return fails(LINK) ? -1 : (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}
