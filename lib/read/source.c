/* source.c - the text of a file from beginning to end: from disk, pipe or memory, unpacked, UTF-16 converted to UTF-8.
 * Reads and never maps, so that a file that is truncated meanwhile just ends early. Knows nothing of the text's
 * meaning. */

#include "read/source.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/utf8.h"
#include "read/unpack.h"

#define PACKED_BYTES (128u << 10)
#define UNIT_BYTES (64u << 10)
#define LOOK_UNITS 64 /* of a text that may be UTF-16 without a mark */

/* Bytes between two stages. */
struct buffer {
    unsigned char *bytes;
    size_t capacity, at, size;
};

struct source {
    int fd;
    bool owns_fd;
    const unsigned char *memory;
    size_t memory_left;
    struct buffer head; /* read to find out what the file is */
    struct unpack *unpack;
    struct buffer packed;
    bool is_utf16, is_big_endian;
    struct buffer units; /* the text before it is decoded */
    unsigned high;  /* the first half of a surrogate pair */
    char rest[4];   /* of a character that did not fit into the caller's buffer */
    size_t n_rest;
    char fault[128];
    bool has_read_fault; /* a fault of the disk, not of the file */
    uint64_t most_bytes, n_bytes; /* that may be returned, and that were returned */
    double most_idle_s, idle_since_s; /* CPU time of the thread: to wait for a pipe, or for a processor, is not idle */
    pthread_t thread;                 /* that has read since then */
    const uint64_t *progress;
    uint64_t progress_then;           /* at idle_since_s */
    enum source_over over;
};

/* ---- from the file */

static size_t read_file(struct source *s, void *out, size_t size)
{
    size_t n = 0;
    while (n < size) {
        ssize_t got = read(s->fd, (char *)out + n, size - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            s->has_read_fault = true;
            snprintf(s->fault, sizeof s->fault, "%s", strerror(errno));
        }
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    return n;
}

static size_t read_memory(struct source *s, void *out, size_t size)
{
    size_t n = size < s->memory_left ? size : s->memory_left;
    if (n > 0)
        memcpy(out, s->memory, n);
    s->memory += n;
    s->memory_left -= n;
    return n;
}

static size_t drain(struct buffer *b, void *out, size_t size)
{
    size_t n = b->size - b->at;
    if (n > size)
        n = size;
    if (n > 0)
        memcpy(out, b->bytes + b->at, n);
    b->at += n;
    return n;
}

static size_t read_raw(struct source *s, void *out, size_t size)
{
    size_t n = drain(&s->head, out, size);
    if (n < size && s->fault[0] == 0)
        n += s->fd >= 0 ? read_file(s, (char *)out + n, size - n) : read_memory(s, (char *)out + n, size - n);
    return n;
}

/* ---- unpacked */

static bool fill(struct buffer *b, size_t (*read_more)(struct source *, void *, size_t), struct source *s)
{
    b->at = 0;
    b->size = read_more(s, b->bytes, b->capacity);
    return b->size > 0;
}

static size_t read_packed(struct source *s, void *out, size_t size)
{
    struct unpack_bytes bytes = { .out = out, .n_out = size };
    struct buffer *in = &s->packed;
    while (bytes.n_out > 0) {
        bool has_more = in->at < in->size || fill(in, read_raw, s);
        if (!has_more && unpack_may_end(s->unpack))
            break;
        bytes.in = in->bytes + in->at;
        bytes.n_in = in->size - in->at;
        size_t before = bytes.n_out;
        bool good = unpack_step(s->unpack, &bytes);
        in->at = in->size - bytes.n_in;
        if (!good || (!has_more && bytes.n_out == before)) { /* without input there may still be output */
            if (s->fault[0] == 0)
                snprintf(s->fault, sizeof s->fault,
                         good ? "the compressed file breaks off" : "the compressed file is damaged");
            break;
        }
    }
    return size - bytes.n_out;
}

static size_t read_bytes(struct source *s, void *out, size_t size)
{
    return s->unpack ? read_packed(s, out, size) : read_raw(s, out, size);
}

/* ---- UTF-16 to UTF-8 */

static unsigned end_of_units(struct source *s)
{
    bool is_torn = s->high != 0 || s->units.size == 1;
    s->high = 0;
    s->units.size = 0;
    return is_torn ? '?' : 0;
}

/* The next character; 0 at the end. A single surrogate becomes a question mark. */
static unsigned next_point(struct source *s)
{
    struct buffer *in = &s->units;
    for (;;) {
        if (in->size - in->at < 2 && !(fill(in, read_bytes, s) && in->size >= 2))
            return end_of_units(s);
        unsigned a = in->bytes[in->at], b = in->bytes[in->at + 1];
        unsigned unit = s->is_big_endian ? a << 8 | b : b << 8 | a;
        unsigned high = s->high;
        bool is_low = unit >= 0xdc00 && unit < 0xe000;
        s->high = 0;
        if (high && !is_low)
            return '?'; /* and this unit is read again */
        in->at += 2;
        if (high)
            return 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00);
        if (is_low || unit == 0)
            return '?';
        if (unit < 0xd800 || unit >= 0xe000)
            return unit;
        s->high = unit;
    }
}

static size_t read_utf16(struct source *s, char *out, size_t size)
{
    size_t n = 0;
    for (;;) {
        size_t k = s->n_rest < size - n ? s->n_rest : size - n;
        memcpy(out + n, s->rest, k);
        memmove(s->rest, s->rest + k, s->n_rest - k);
        s->n_rest -= k;
        n += k;
        unsigned point = n < size ? next_point(s) : 0;
        if (point == 0)
            return n;
        s->n_rest = utf8_encode(point, s->rest);
    }
}

static size_t read_text(struct source *s, char *buffer, size_t size)
{
    if (s->is_utf16)
        return read_utf16(s, buffer, size);
    size_t n = drain(&s->units, buffer, size); /* what begin_decoding() looked at */
    return n < size ? n + read_bytes(s, buffer + n, size - n) : n;
}

/* ---- limits */

static double worked_s(void)
{
    return (double)clock_ns(CLOCK_THREAD_CPUTIME_ID) / NS_PER_S;
}

static void begin_idle(struct source *s)
{
    s->progress_then = *s->progress;
    s->idle_since_s = worked_s();
    s->thread = pthread_self();
}

void source_limit(struct source *s, uint64_t most_bytes, double most_idle_s, const uint64_t *progress)
{
    s->most_bytes = most_bytes;
    s->most_idle_s = most_idle_s;
    s->progress = progress;
    begin_idle(s);
}

enum source_over source_is_over(const struct source *s)
{
    return s->over;
}

static void look_at_limits(struct source *s)
{
    if (*s->progress != s->progress_then || !pthread_equal(s->thread, pthread_self()))
        begin_idle(s);
    else if (s->most_idle_s > 0 && worked_s() - s->idle_since_s > s->most_idle_s)
        s->over = SOURCE_IDLE_OVER;
}

size_t source_read(struct source *s, char *buffer, size_t size)
{
    if (s->most_bytes > 0 || s->most_idle_s > 0)
        look_at_limits(s);
    if (s->over != SOURCE_WITHIN)
        return 0;
    size_t n = read_text(s, buffer, size);
    if (s->most_bytes > 0 && n > s->most_bytes - s->n_bytes) {
        s->over = SOURCE_BYTES_OVER;
        n = (size_t)(s->most_bytes - s->n_bytes);
    }
    s->n_bytes += n;
    return n;
}

/* ---- what the file is */

static bool make_buffer(struct buffer *b, size_t capacity)
{
    b->bytes = malloc(capacity);
    b->capacity = capacity;
    return b->bytes != NULL;
}

/* Reads the first bytes; they are drained before all others. */
static bool look_ahead(struct source *s, size_t (*read_more)(struct source *, void *, size_t), struct buffer *into)
{
    return make_buffer(into, UNIT_BYTES) && (fill(into, read_more, s) || true);
}

static int begin_unpacking(struct source *s, const char *path, struct longhaul_error *err)
{
    if (!look_ahead(s, read_raw, &s->head))
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", path);
    enum unpack_kind kind = unpack_detect(s->head.bytes, s->head.size);
    if (kind == UNPACK_NOTHING)
        return 0;
    if (!unpack_can(kind))
        return error_set(err, LONGHAUL_ENOTBUILT, "%s: is compressed with %s, and this longhaul was built without %s",
                         path, unpack_name(kind), unpack_library(kind));
    if ((s->unpack = unpack_new(kind)) == NULL || !make_buffer(&s->packed, PACKED_BYTES))
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", path);
    return 0;
}

/* UTF-16 text without a mark begins with characters of which one half is 0. Only one half: zeros alone are not text. */
static bool looks_like_utf16(const unsigned char *b, size_t n, bool is_big_endian)
{
    size_t n_units = n / 2 < LOOK_UNITS ? n / 2 : LOOK_UNITS, n_ascii = 0;
    for (size_t i = 0; i < n_units; i++)
        n_ascii += b[2 * i + (is_big_endian ? 0 : 1)] == 0 && b[2 * i + (is_big_endian ? 1 : 0)] != 0;
    return n_units >= 4 && n_ascii > n_units - n_units / 4;
}

/* Looks for a byte order mark of UTF-16, or for text that looks like UTF-16. What was looked at stays in units. */
static int begin_decoding(struct source *s, const char *path, struct longhaul_error *err)
{
    if (s->unpack == NULL) {
        s->units = s->head;
        s->head = (struct buffer){ 0 };
    } else if (!look_ahead(s, read_bytes, &s->units)) {
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", path);
    }
    const unsigned char *b = s->units.bytes;
    if (s->units.size >= 2 && ((b[0] == 0xff && b[1] == 0xfe) || (b[0] == 0xfe && b[1] == 0xff))) {
        s->is_utf16 = true;
        s->is_big_endian = b[0] == 0xfe;
        s->units.at = 2;
    } else {
        s->is_big_endian = looks_like_utf16(b, s->units.size, true);
        s->is_utf16 = s->is_big_endian || looks_like_utf16(b, s->units.size, false);
    }
    return 0;
}

static int begin(struct source *s, const char *path, struct longhaul_error *err)
{
    int rc = begin_unpacking(s, path, err);
    return rc ? rc : begin_decoding(s, path, err);
}

static int open_file(struct source *s, const char *path, struct longhaul_error *err)
{
    struct stat st;
    bool is_stdin = strcmp(path, "-") == 0;
    s->fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    s->owns_fd = !is_stdin;
    if (s->fd < 0 || fstat(s->fd, &st) != 0)
        return error_errno(err, LONGHAUL_EIO, "%s", path);
    if (S_ISDIR(st.st_mode))
        return error_set(err, LONGHAUL_EIO, "%s: is a folder", path);
    int rc = begin(s, path, err);
    if (rc == 0 && s->fault[0] && s->units.size == 0)
        rc = error_set(err, LONGHAUL_EIO, "%s: %s", path, s->fault);
    return rc;
}

int source_open(const char *path, struct source **out, struct longhaul_error *err)
{
    struct source *s = calloc(1, sizeof *s);
    if (s == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", path);
    s->fd = -1;
    int rc = open_file(s, path, err);
    if (rc == 0)
        *out = s;
    else
        source_free(s);
    return rc;
}

int source_open_memory(const void *bytes, size_t size, struct source **out, struct longhaul_error *err)
{
    struct source *s = calloc(1, sizeof *s);
    if (s == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    s->fd = -1;
    s->memory = bytes;
    s->memory_left = size;
    int rc = begin(s, "memory", err);
    if (rc == 0)
        *out = s;
    else
        source_free(s);
    return rc;
}

bool source_has_read_fault(const struct source *s)
{
    return s->has_read_fault;
}

const char *source_fault(const struct source *s)
{
    return s->fault;
}

uint64_t source_left(const struct source *s)
{
    struct stat st;
    off_t at = s->fd >= 0 && s->unpack == NULL && !s->is_utf16 ? lseek(s->fd, 0, SEEK_CUR) : -1;
    if (at < 0 || fstat(s->fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < at)
        return s->unpack ? 0 : s->memory_left;
    return (uint64_t)(st.st_size - at);
}

void source_free(struct source *s)
{
    if (s == NULL)
        return;
    if (s->owns_fd && s->fd >= 0)
        close(s->fd);
    unpack_free(s->unpack);
    free(s->head.bytes);
    free(s->packed.bytes);
    free(s->units.bytes);
    free(s);
}
