/* cache.c - columns of a file that was read before, in .longhaul/ of its folder. Belongs to one state of the file: its
 * size, its time, its inode and its first and last bytes; what does not fit, is damaged, or is another user's, is as if
 * it were not there. Written only where the folder can be, and never waited for: a cache that is lost costs one more
 * reading. Reports no error. */

#include "read/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "read/cache_form.h"
#include "read/cache_key.h"

#define FOLDER ".longhaul"
#define MAX_SERIES 100000u

struct cache {
    struct cache_key key;
    char *path;       /* of the file, as the series are to have it */
    int dir;          /* .longhaul, or -1 */
    char *name;       /* of the cache in it */
    char temporary[TEMPORARY_SIZE]; /* what it is called while it is written; "" when it is not */
    int fd;           /* of that, with its lock */
    mode_t mode;      /* who may read the file may read its columns; and nobody else may write them */
    bool is_loaded;
    struct longhaul_series **series; /* loaded ones, and how many were handed out */
    size_t n_series, n_given;
    struct cache_output out; /* its file is NULL before the first series, and after trouble */
    uint32_t n_written;
};

/* ---- where */

/* The folder's .longhaul; -1 when there is none, or it is a link to somewhere else. */
static int open_folder(const char *path, bool make)
{
    struct stat st;
    int parent = file_open_dir_of(path), fd = -1;
    if (parent < 0)
        return -1;
    /* Root may write anywhere; a folder that nobody is meant to write to is left alone all the same. */
    bool can_write = fstat(parent, &st) == 0 && (st.st_mode & 0222) != 0 && faccessat(parent, ".", W_OK, 0) == 0;
    if (!make || (can_write && (mkdirat(parent, FOLDER, 0777) == 0 || errno == EEXIST)))
        fd = openat(parent, FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    close(parent);
    return fd;
}

static bool name_files(struct cache *c, const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    c->path = strdup(path);
    if (asprintf(&c->name, "%s.%scolumns", base, c->key.with_omitted ? "omitted." : "") < 0)
        c->name = NULL;
    return c->path && c->name;
}

/* Of a file that is not in the folder any more. */
static bool is_orphan(int parent, const char *name)
{
    static const char *const endings[] = { ".omitted.columns", ".columns" };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t n = strlen(name), k = strlen(endings[i]);
        if (n <= k || strcmp(name + n - k, endings[i]) != 0)
            continue;
        char *file = strndup(name, n - k);
        bool is_gone = file && faccessat(parent, file, F_OK, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT;
        free(file);
        if (!is_gone || i > 0)
            return is_gone;
    }
    return false;
}

void cache_sweep(const char *dir)
{
    char *inside = file_join(dir, "");
    int parent = inside ? file_open_dir_of(inside) : -1, own = inside ? open_folder(inside, false) : -1;
    DIR *list = own >= 0 ? fdopendir(own) : NULL;
    if (list)
        temporary_clean(own);
    for (const struct dirent *entry; list && parent >= 0 && (entry = readdir(list)) != NULL;)
        if (is_orphan(parent, entry->d_name))
            unlinkat(own, entry->d_name, 0);
    if (list)
        closedir(list);
    else if (own >= 0)
        close(own);
    if (parent >= 0)
        close(parent);
    free(inside);
}

/* ---- reading */

static bool get_all_series(struct cache_input *in, struct cache *c)
{
    for (;;) {
        unsigned char is_there;
        cache_get(in, &is_there, 1);
        if (!in->is_good || !is_there)
            return in->is_good;
        struct longhaul_series **grown =
            c->n_series < MAX_SERIES ? realloc(c->series, (c->n_series + 1) * sizeof *grown) : NULL;
        if (grown == NULL)
            return false;
        c->series = grown;
        if ((grown[c->n_series] = cache_get_series(in, c->path)) == NULL)
            return false;
        c->n_series++;
    }
}

static bool get_warnings(struct cache_input *in, struct warnings *warnings)
{
    char line[CACHE_MAX_TEXT];
    uint32_t n;
    cache_get(in, &n, sizeof n);
    for (uint32_t i = 0; in->is_good && i < n; i++) {
        cache_get_text(in, line);
        warnings_line(warnings, line);
    }
    return in->is_good;
}

static bool load_from(struct cache *c, struct cache_input *in, struct warnings *warnings)
{
    struct cache_key key;
    cache_get(in, &key, sizeof key);
    if (!in->is_good || memcmp(&key, &c->key, sizeof key) != 0 || !get_all_series(in, c) || !get_warnings(in, warnings))
        return false;
    uint64_t hash = in->hash, written;
    cache_get(in, &written, sizeof written);
    return in->is_good && written == hash && in->left == 0;
}

static void drop_series(struct cache *c)
{
    for (size_t i = c->n_given; i < c->n_series; i++)
        longhaul_series_free(c->series[i]);
    free(c->series);
    c->series = NULL;
    c->n_series = c->n_given = 0;
}

/* Its figures would be shown as the file's, whose owner has not written them when somebody else has: only this
 * program's user, or root. */
static bool is_trusted(const struct stat *cached)
{
    return (cached->st_uid == geteuid() || cached->st_uid == 0) && (cached->st_mode & 0022) == 0;
}

static bool load(struct cache *c, struct warnings *warnings)
{
    struct stat st;
    struct warnings found = { 0 };
    int fd = c->dir >= 0 ? openat(c->dir, c->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK) : -1;
    struct cache_input in = { .file = fd >= 0 ? fdopen(fd, "r") : NULL, .is_good = true };
    if (in.file == NULL) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    in.is_good = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && is_trusted(&st);
    in.left = in.is_good ? (uint64_t)st.st_size : 0;
    c->is_loaded = load_from(c, &in, &found);
    fclose(in.file);
    if (c->is_loaded) {
        *warnings = found; /* a reader that begins has none */
        return true;
    }
    warnings_free(&found);
    drop_series(c);
    return false;
}

struct cache *cache_open(const char *path, int fd, bool with_omitted, struct warnings *warnings)
{
    struct stat st;
    struct cache *c = calloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    c->dir = c->fd = -1;
    if (strcmp(path, "-") == 0 || !cache_take_key(fd, CACHE_FORMAT, with_omitted, &c->key) || !name_files(c, path)) {
        cache_free(c);
        return NULL;
    }
    c->mode = fstat(fd, &st) == 0 ? st.st_mode & 0644 : 0600;
    c->dir = open_folder(path, false);
    load(c, warnings);
    return c;
}

bool cache_is_loaded(const struct cache *c)
{
    return c->is_loaded;
}

int cache_next(struct cache *c, struct longhaul_series **out)
{
    if (c->n_given == c->n_series)
        return 0;
    *out = c->series[c->n_given++];
    return 1;
}

/* ---- writing */

/* The temporary file, with the file's state at its beginning. */
static bool begin_writing(struct cache *c)
{
    if (c->dir < 0)
        c->dir = open_folder(c->path, true);
    c->fd = c->dir >= 0 ? temporary_file(c->dir, c->mode, c->temporary) : -1;
    if (c->fd < 0) {
        *c->temporary = 0;
        return false;
    }
    int copy = fcntl(c->fd, F_DUPFD_CLOEXEC, 0);
    c->out.file = copy >= 0 ? fdopen(copy, "w") : NULL;
    if (c->out.file == NULL) {
        if (copy >= 0)
            close(copy);
        return false;
    }
    cache_put(&c->out, &c->key, sizeof c->key);
    return true;
}

static void abandon(struct cache *c)
{
    if (c->out.file != NULL)
        fclose(c->out.file);
    c->out.file = NULL;
    if (*c->temporary)
        unlinkat(c->dir, c->temporary, 0);
    *c->temporary = 0;
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
}

void cache_add(struct cache *c, const struct longhaul_series *series)
{
    static const unsigned char one = 1;
    /* A journal grows: what is kept of it now would be of no use. */
    if (longhaul_series_info(series)->is_journal || c->n_written == MAX_SERIES)
        c->out.has_failed = true;
    if (c->out.has_failed || (c->out.file == NULL && !begin_writing(c))) {
        c->out.has_failed = true;
        return;
    }
    c->n_written++;
    cache_put(&c->out, &one, 1);
    cache_put_series(&c->out, series);
}

void cache_commit(struct cache *c, const struct warnings *warnings)
{
    static const unsigned char zero = 0;
    uint32_t n = (uint32_t)warnings->n;
    if (c->out.file == NULL || c->out.has_failed)
        return;
    cache_put(&c->out, &zero, 1);
    cache_put(&c->out, &n, sizeof n);
    for (uint32_t i = 0; i < n; i++)
        cache_put_text(&c->out, warnings->lines[i]);
    uint64_t hash = c->out.hash;
    cache_put(&c->out, &hash, sizeof hash);
    bool good = fclose(c->out.file) == 0 && !c->out.has_failed;
    c->out.file = NULL;
    c->out.has_failed = true; /* not again */
    if (good && renameat(c->dir, c->temporary, c->dir, c->name) == 0)
        *c->temporary = 0; /* it has its name */
    abandon(c);
}

void cache_free(struct cache *c)
{
    if (c == NULL)
        return;
    abandon(c);
    drop_series(c);
    if (c->dir >= 0)
        close(c->dir);
    free(c->path);
    free(c->name);
    free(c);
}
