/* cache.c - columns of a file that was read before, in .longhaul/ of its folder. Belongs to one state of the file: its size, its
 * time, its inode and its first and last bytes; what does not fit, is damaged, or is another user's, is as if it were not there. Written
 * only where the folder can be, and never waited for: a cache that is lost costs one more reading. Reports no error. */

#include "cache.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache_key.h"
#include "file.h"
#include "series.h"

#define FOLDER ".longhaul"
#define FORMAT 5u       /* to be raised when what is written here changes */
#define MAX_TEXT 4096   /* of a string in the cache */
#define MAX_SERIES 100000u

/* What is written of a series' info: where its texts, numbers and booleans are. Who adds a member to it adds it here. */
#define AT(member) offsetof(struct longhaul_info, member)
static const size_t texts_at[] = { AT(source), AT(destination), AT(version), AT(protocol), AT(error), AT(longhaul_version),
                                   AT(local_address), AT(remote_address), AT(congestion), AT(rtt_method) };
static const size_t numbers_at[] = { AT(start_unix_s), AT(planned_s), AT(target_bps), AT(datagram_bytes), AT(n_streams), AT(window_bytes), AT(n_sessions),
                                     AT(end_seconds), AT(end_bits_per_second), AT(end_jitter_ms), AT(end_lost_packets),
                                     AT(end_packets), AT(end_lost_percent), AT(end_sent_packets), AT(end_sent_bytes),
                                     AT(end_retransmits), AT(end_received_packets), AT(end_received_bytes) };
static const size_t booleans_at[] = { AT(is_sender), AT(is_complete), AT(is_other_direction), AT(is_journal) };

#define N_TEXTS (sizeof texts_at / sizeof *texts_at)
#define N_NUMBERS (sizeof numbers_at / sizeof *numbers_at)
#define N_BOOLEANS (sizeof booleans_at / sizeof *booleans_at)
_Static_assert(sizeof(void *) != 8 || sizeof(struct longhaul_info) == (1 + N_TEXTS + N_NUMBERS) * 8 + (N_BOOLEANS + 7) / 8 * 8,
               "struct longhaul_info has changed: write its new members to the cache, and raise FORMAT");

struct cache {
    struct cache_key key;
    char *path;       /* of the file, as the series are to have it */
    int dir;          /* .longhaul, or -1 */
    char *name;       /* of the cache in it */
    char *temporary;  /* the same, while it is written */
    bool is_loaded;
    struct longhaul_series **series; /* loaded ones, and how many were handed out */
    size_t n_series, n_given;
    FILE *out; /* NULL before the first series, and after trouble */
    bool has_failed;
    uint64_t hash; /* of all that was written, or read */
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
    if (asprintf(&c->temporary, "%s.tmp.%ld", c->name ? c->name : "", (long)getpid()) < 0)
        c->temporary = NULL;
    return c->path && c->name && c->temporary;
}

/* ---- reading */

struct input {
    FILE *file;
    uint64_t hash;
    uint64_t left; /* bytes of the file */
    bool is_good;
};

static void get(struct input *in, void *out, size_t n)
{
    memset(out, 0, n);
    if (!in->is_good || n > in->left || fread(out, 1, n, in->file) != n) {
        in->is_good = false;
        return;
    }
    in->left -= n;
    in->hash = cache_hash(in->hash, out, n);
}

/* A string, into text of MAX_TEXT bytes. */
static void get_text(struct input *in, char *text)
{
    uint32_t n;
    get(in, &n, sizeof n);
    in->is_good = in->is_good && n < MAX_TEXT;
    get(in, text, in->is_good ? n : 0);
    text[in->is_good ? n : 0] = 0;
}

static void get_info(struct input *in, struct longhaul_info *info, char (*texts)[MAX_TEXT])
{
    char *base = (char *)info;
    for (size_t i = 0; i < N_TEXTS; i++) {
        const char *text = texts[i];
        get_text(in, texts[i]);
        memcpy(base + texts_at[i], &text, sizeof text);
    }
    for (size_t i = 0; i < N_NUMBERS; i++)
        get(in, base + numbers_at[i], sizeof(double));
    for (size_t i = 0; i < N_BOOLEANS; i++) {
        unsigned char byte;
        get(in, &byte, 1);
        bool is_set = byte != 0;
        memcpy(base + booleans_at[i], &is_set, sizeof is_set);
    }
}

/* A column that is not there has no number. */
static void get_column(struct input *in, struct longhaul_series *s, enum longhaul_column column)
{
    unsigned char is_there;
    get(in, &is_there, 1);
    double *values = is_there ? series_column(s, column) : NULL;
    in->is_good = in->is_good && (values || !is_there);
    if (values)
        get(in, values, longhaul_series_length(s) * sizeof *values);
}

static void get_sessions(struct input *in, struct longhaul_series *s)
{
    uint32_t n;
    get(in, &n, sizeof n);
    for (uint32_t i = 0; in->is_good && i < n; i++) {
        struct series_session session;
        uint64_t rows[2];
        get(in, session.cookie, sizeof session.cookie);
        get(in, rows, sizeof rows);
        session.cookie[sizeof session.cookie - 1] = 0;
        session.first = (size_t)rows[0];
        session.n = (size_t)rows[1];
        in->is_good = in->is_good && rows[0] <= longhaul_series_length(s) && rows[1] <= longhaul_series_length(s) - rows[0];
        if (in->is_good)
            series_add_session(s, &session);
    }
}

static void get_gaps(struct input *in, struct longhaul_series *s)
{
    static const size_t n_texts = 3;
    uint32_t n;
    char(*texts)[MAX_TEXT] = malloc(n_texts * sizeof *texts);
    get(in, &n, sizeof n);
    in->is_good = in->is_good && texts;
    for (uint32_t i = 0; in->is_good && i < n; i++) {
        double span[2];
        get(in, span, sizeof span);
        for (size_t k = 0; k < n_texts; k++)
            get_text(in, texts[k]);
        if (in->is_good)
            series_add_gap(s, &(struct longhaul_gap){ span[0], span[1], texts[0], texts[1], texts[2] });
    }
    free(texts);
}

/* Round trips, and the host's drops. */
static void get_path(struct input *in, struct longhaul_series *s)
{
    struct longhaul_host_drops drops;
    unsigned char is_there;
    uint32_t n;
    double sample[2];
    get(in, &n, sizeof n);
    for (uint32_t i = 0; in->is_good && i < n; i++) {
        get(in, sample, sizeof sample);
        if (in->is_good)
            series_add_rtt(s, sample[0], sample[1]);
    }
    get(in, &is_there, 1);
    if (is_there)
        get(in, &drops, sizeof drops);
    if (is_there && in->is_good)
        series_set_host_drops(s, &drops);
}

static struct longhaul_series *get_series(struct input *in, const char *path)
{
    struct longhaul_info info = { .path = path };
    uint64_t length;
    char(*texts)[MAX_TEXT] = malloc(N_TEXTS * sizeof *texts);
    if (texts == NULL)
        return NULL;
    get_info(in, &info, texts);
    get(in, &length, sizeof length);
    /* Each interval has its rate at least. */
    struct longhaul_series *s = in->is_good && length <= in->left / sizeof(double) ? series_restore(&info, (size_t)length) : NULL;
    for (int i = 0; s && i < LONGHAUL_N_COLUMNS; i++)
        get_column(in, s, (enum longhaul_column)i);
    if (s) {
        get_sessions(in, s);
        get_gaps(in, s);
        get_path(in, s);
    }
    free(texts);
    return s;
}

static bool get_all_series(struct input *in, struct cache *c)
{
    for (;;) {
        unsigned char is_there;
        get(in, &is_there, 1);
        if (!in->is_good || !is_there)
            return in->is_good;
        struct longhaul_series **grown = c->n_series < MAX_SERIES ? realloc(c->series, (c->n_series + 1) * sizeof *grown) : NULL;
        if (grown == NULL)
            return false;
        c->series = grown;
        if ((grown[c->n_series] = get_series(in, c->path)) == NULL)
            return false;
        c->n_series++;
    }
}

static bool get_warnings(struct input *in, struct warnings *warnings)
{
    char line[MAX_TEXT];
    uint32_t n;
    get(in, &n, sizeof n);
    for (uint32_t i = 0; in->is_good && i < n; i++) {
        get_text(in, line);
        warnings_line(warnings, line);
    }
    return in->is_good;
}

static bool load_from(struct cache *c, struct input *in, struct warnings *warnings)
{
    struct cache_key key;
    get(in, &key, sizeof key);
    if (!in->is_good || memcmp(&key, &c->key, sizeof key) != 0 || !get_all_series(in, c) || !get_warnings(in, warnings))
        return false;
    uint64_t hash = in->hash, written;
    get(in, &written, sizeof written);
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

/* Its figures would be shown as the file's: it must be from somebody who could have written those, or this program's own user. */
static bool is_trusted(const struct stat *cached, int fd)
{
    struct stat file;
    return cached->st_uid == geteuid() || cached->st_uid == 0 || (fstat(fd, &file) == 0 && cached->st_uid == file.st_uid);
}

static bool load(struct cache *c, int file_fd, struct warnings *warnings)
{
    struct stat st;
    struct warnings found = { 0 };
    int fd = c->dir >= 0 ? openat(c->dir, c->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK) : -1;
    struct input in = { .file = fd >= 0 ? fdopen(fd, "r") : NULL, .is_good = true };
    if (in.file == NULL) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    in.is_good = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && is_trusted(&st, file_fd);
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
    struct cache *c = calloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    c->dir = -1;
    if (strcmp(path, "-") == 0 || !cache_take_key(fd, FORMAT, with_omitted, &c->key) || !name_files(c, path)) {
        cache_free(c);
        return NULL;
    }
    c->dir = open_folder(path, false);
    load(c, fd, warnings);
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

static void put(struct cache *c, const void *bytes, size_t n)
{
    c->hash = cache_hash(c->hash, bytes, n);
    if (fwrite(bytes, 1, n, c->out) != n)
        c->has_failed = true;
}

static void put_text(struct cache *c, const char *text)
{
    uint32_t n = (uint32_t)strnlen(text, MAX_TEXT - 1);
    put(c, &n, sizeof n);
    put(c, text, n);
}

static void put_info(struct cache *c, const struct longhaul_info *info)
{
    const char *base = (const char *)info;
    for (size_t i = 0; i < N_TEXTS; i++) {
        const char *text;
        memcpy(&text, base + texts_at[i], sizeof text);
        put_text(c, text);
    }
    for (size_t i = 0; i < N_NUMBERS; i++)
        put(c, base + numbers_at[i], sizeof(double));
    for (size_t i = 0; i < N_BOOLEANS; i++) {
        bool is_set;
        memcpy(&is_set, base + booleans_at[i], sizeof is_set);
        unsigned char byte = is_set;
        put(c, &byte, 1);
    }
}

/* A column without a number is not written. */
static void put_column(struct cache *c, const double *column, size_t length)
{
    size_t i = 0;
    while (column && i < length && isnan(column[i]))
        i++;
    unsigned char is_there = column && i < length;
    put(c, &is_there, 1);
    if (is_there)
        put(c, column, length * sizeof *column);
}

static void put_sessions(struct cache *c, const struct longhaul_series *series)
{
    size_t n_sessions;
    const struct series_session *session = series_sessions(series, &n_sessions);
    uint32_t n = (uint32_t)n_sessions;
    put(c, &n, sizeof n);
    for (uint32_t i = 0; i < n; i++) {
        const uint64_t rows[2] = { session[i].first, session[i].n };
        put(c, session[i].cookie, sizeof session[i].cookie);
        put(c, rows, sizeof rows);
    }
}

static void put_gaps(struct cache *c, const struct longhaul_series *series)
{
    size_t n_gaps;
    const struct longhaul_gap *gaps = longhaul_series_gaps(series, &n_gaps);
    uint32_t n = (uint32_t)n_gaps;
    put(c, &n, sizeof n);
    for (uint32_t i = 0; i < n; i++) {
        const double span[2] = { gaps[i].start_s, gaps[i].seconds };
        put(c, span, sizeof span);
        put_text(c, gaps[i].cause);
        put_text(c, gaps[i].noticed);
        put_text(c, gaps[i].text);
    }
}

static void put_path(struct cache *c, const struct longhaul_series *series)
{
    size_t n_samples;
    const struct longhaul_rtt_sample *samples = longhaul_series_rtt(series, &n_samples);
    const struct longhaul_host_drops *drops = longhaul_series_host_drops(series);
    uint32_t n = (uint32_t)n_samples;
    unsigned char is_there = drops != NULL;
    put(c, &n, sizeof n);
    for (uint32_t i = 0; i < n; i++) {
        const double sample[2] = { samples[i].start_s, samples[i].rtt_ms };
        put(c, sample, sizeof sample);
    }
    put(c, &is_there, 1);
    if (drops)
        put(c, drops, sizeof *drops);
}

/* The temporary file, with the file's state at its beginning. */
static bool begin_writing(struct cache *c)
{
    if (c->dir < 0)
        c->dir = open_folder(c->path, true);
    int fd = c->dir >= 0 ? openat(c->dir, c->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666) : -1;
    c->out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (c->out == NULL) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    put(c, &c->key, sizeof c->key);
    return true;
}

static void abandon(struct cache *c)
{
    if (c->out == NULL)
        return;
    fclose(c->out);
    c->out = NULL;
    unlinkat(c->dir, c->temporary, 0);
}

void cache_add(struct cache *c, const struct longhaul_series *series)
{
    static const unsigned char one = 1;
    const struct longhaul_info *info = longhaul_series_info(series);
    uint64_t length = longhaul_series_length(series);
    /* A journal grows: what is kept of it now would be of no use. */
    if (info->is_journal || c->n_written == MAX_SERIES)
        c->has_failed = true;
    if (c->has_failed || (c->out == NULL && !begin_writing(c))) {
        c->has_failed = true;
        return;
    }
    c->n_written++;
    put(c, &one, 1);
    put_info(c, info);
    put(c, &length, sizeof length);
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++)
        put_column(c, longhaul_series_column(series, (enum longhaul_column)i), (size_t)length);
    put_sessions(c, series);
    put_gaps(c, series);
    put_path(c, series);
}

void cache_commit(struct cache *c, const struct warnings *warnings)
{
    static const unsigned char zero = 0;
    uint32_t n = (uint32_t)warnings->n;
    if (c->out == NULL || c->has_failed)
        return;
    put(c, &zero, 1);
    put(c, &n, sizeof n);
    for (uint32_t i = 0; i < n; i++)
        put_text(c, warnings->lines[i]);
    uint64_t hash = c->hash;
    put(c, &hash, sizeof hash);
    bool good = fclose(c->out) == 0 && !c->has_failed;
    c->out = NULL;
    c->has_failed = true; /* not again */
    if (!good || renameat(c->dir, c->temporary, c->dir, c->name) != 0)
        unlinkat(c->dir, c->temporary, 0);
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
    free(c->temporary);
    free(c);
}
