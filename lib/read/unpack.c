/* unpack.c - the only file that uses zlib, zstd and lzma: unpacks compressed bytes step by step. Each library is
 * optional; a build without one says so. Knows nothing of files. */

#include "read/unpack.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef LONGHAUL_HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef LONGHAUL_HAVE_ZSTD
#include <zstd.h>
#endif
#ifdef LONGHAUL_HAVE_LZMA
#include <lzma.h>
#endif

#define XZ_MEMORY (256u << 20) /* `xz -9` needs 65 MiB for reading */

struct unpack {
    enum unpack_kind kind;
    bool is_between; /* one compressed file has ended and the next has not begun */
#ifdef LONGHAUL_HAVE_ZLIB
    z_stream gzip;
#endif
#ifdef LONGHAUL_HAVE_ZSTD
    ZSTD_DStream *zstd;
#endif
#ifdef LONGHAUL_HAVE_LZMA
    lzma_stream xz;
#endif
};

enum unpack_kind unpack_detect(const unsigned char *head, size_t n)
{
    if (n >= 3 && memcmp(head, "\x1f\x8b\x08", 3) == 0)
        return UNPACK_GZIP;
    if (n >= 4 && memcmp(head, "\x28\xb5\x2f\xfd", 4) == 0)
        return UNPACK_ZSTD;
    return n >= 6 && memcmp(head, "\xfd" "7zXZ\0", 6) == 0 ? UNPACK_XZ : UNPACK_NOTHING;
}

const char *unpack_name(enum unpack_kind kind)
{
    static const char *const names[] = { "nothing", "gzip", "zstd", "xz" };
    return names[kind];
}

const char *unpack_library(enum unpack_kind kind)
{
    static const char *const names[] = { "nothing", "zlib", "libzstd", "liblzma" };
    return names[kind];
}

/* ---- gzip */

#ifdef LONGHAUL_HAVE_ZLIB
static bool begin_gzip(struct unpack *u)
{
    return inflateInit2(&u->gzip, 15 + 16) == Z_OK; /* the largest window; only with gzip's header */
}

static bool step_gzip(struct unpack *u, struct unpack_bytes *bytes)
{
    static const unsigned most = 1u << 30; /* zlib counts in unsigned int */
    if (u->is_between && inflateReset(&u->gzip) != Z_OK)
        return false;
    u->is_between = false;
    u->gzip.next_in = (unsigned char *)(uintptr_t)bytes->in;
    u->gzip.avail_in = bytes->n_in < most ? (unsigned)bytes->n_in : most;
    u->gzip.next_out = bytes->out;
    u->gzip.avail_out = bytes->n_out < most ? (unsigned)bytes->n_out : most;
    int rc = inflate(&u->gzip, Z_NO_FLUSH);
    bytes->n_in -= (size_t)(u->gzip.next_in - bytes->in);
    bytes->in = u->gzip.next_in;
    bytes->n_out -= (size_t)(u->gzip.next_out - bytes->out);
    bytes->out = u->gzip.next_out;
    u->is_between = rc == Z_STREAM_END;
    return rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR;
}
#endif

/* ---- zstd */

#ifdef LONGHAUL_HAVE_ZSTD
static bool begin_zstd(struct unpack *u)
{
    u->zstd = ZSTD_createDStream();
    return u->zstd && !ZSTD_isError(ZSTD_initDStream(u->zstd));
}

static bool step_zstd(struct unpack *u, struct unpack_bytes *bytes)
{
    ZSTD_inBuffer in = { bytes->in, bytes->n_in, 0 };
    ZSTD_outBuffer out = { bytes->out, bytes->n_out, 0 };
    size_t rc = ZSTD_decompressStream(u->zstd, &out, &in);
    bytes->in += in.pos;
    bytes->n_in -= in.pos;
    bytes->out += out.pos;
    bytes->n_out -= out.pos;
    u->is_between = rc == 0;
    return !ZSTD_isError(rc);
}
#endif

/* ---- xz */

#ifdef LONGHAUL_HAVE_LZMA
static bool begin_xz(struct unpack *u)
{
    static const lzma_stream empty = LZMA_STREAM_INIT;
    u->xz = empty;
    return lzma_stream_decoder(&u->xz, XZ_MEMORY, 0) == LZMA_OK;
}

static bool step_xz(struct unpack *u, struct unpack_bytes *bytes)
{
    if (u->is_between && lzma_stream_decoder(&u->xz, XZ_MEMORY, 0) != LZMA_OK)
        return false;
    u->is_between = false;
    u->xz.next_in = bytes->in;
    u->xz.avail_in = bytes->n_in;
    u->xz.next_out = bytes->out;
    u->xz.avail_out = bytes->n_out;
    lzma_ret rc = lzma_code(&u->xz, LZMA_RUN);
    bytes->in = u->xz.next_in;
    bytes->n_in = u->xz.avail_in;
    bytes->out = u->xz.next_out;
    bytes->n_out = u->xz.avail_out;
    u->is_between = rc == LZMA_STREAM_END;
    return rc == LZMA_OK || rc == LZMA_STREAM_END || rc == LZMA_BUF_ERROR;
}
#endif

/* ---- any */

struct way {
    bool (*begin)(struct unpack *);
    bool (*step)(struct unpack *, struct unpack_bytes *);
};

static const struct way ways[] = {
    [UNPACK_NOTHING] = { NULL, NULL },
#ifdef LONGHAUL_HAVE_ZLIB
    [UNPACK_GZIP] = { begin_gzip, step_gzip },
#endif
#ifdef LONGHAUL_HAVE_ZSTD
    [UNPACK_ZSTD] = { begin_zstd, step_zstd },
#endif
#ifdef LONGHAUL_HAVE_LZMA
    [UNPACK_XZ] = { begin_xz, step_xz },
#endif
};

bool unpack_can(enum unpack_kind kind)
{
    return (size_t)kind < sizeof ways / sizeof *ways && ways[kind].begin != NULL;
}

struct unpack *unpack_new(enum unpack_kind kind)
{
    struct unpack *u = unpack_can(kind) ? calloc(1, sizeof *u) : NULL;
    if (u == NULL)
        return NULL;
    u->kind = kind;
    if (ways[kind].begin(u))
        return u;
    unpack_free(u);
    return NULL;
}

bool unpack_step(struct unpack *u, struct unpack_bytes *bytes)
{
    return ways[u->kind].step(u, bytes);
}

bool unpack_may_end(const struct unpack *u)
{
    return u->is_between;
}

void unpack_free(struct unpack *u)
{
    if (u == NULL)
        return;
#ifdef LONGHAUL_HAVE_ZLIB
    if (u->kind == UNPACK_GZIP)
        inflateEnd(&u->gzip);
#endif
#ifdef LONGHAUL_HAVE_ZSTD
    if (u->kind == UNPACK_ZSTD)
        ZSTD_freeDStream(u->zstd);
#endif
#ifdef LONGHAUL_HAVE_LZMA
    if (u->kind == UNPACK_XZ)
        lzma_end(&u->xz);
#endif
    free(u);
}
