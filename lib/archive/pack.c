/* pack.c - the only file that compresses: makes a zstd copy of a file, and reads it back before the original goes.
 * Knows nothing of what is in it. */

#include "archive/pack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef LONGHAUL_HAVE_ZSTD
#include <zstd.h>
#endif

#include "base/error.h"
#include "base/file.h"
#include "read/unpack.h"

#define LEVEL 9 /* of zstd: once, for files that are kept for years */
#define BLOCK (256 * 1024)

#ifdef LONGHAUL_HAVE_ZSTD

bool pack_can(void)
{
    return true;
}

/* ---- writing */

struct blocks {
    unsigned char in[BLOCK], out[BLOCK];
};

static int compress_block(ZSTD_CCtx *context, struct blocks *b, size_t n, bool is_last, FILE *out)
{
    ZSTD_inBuffer input = { b->in, n, 0 };
    for (;;) {
        ZSTD_outBuffer output = { b->out, sizeof b->out, 0 };
        size_t left = ZSTD_compressStream2(context, &output, &input, is_last ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left))
            return LONGHAUL_ENOMEM;
        fwrite(b->out, 1, output.pos, out);
        if (is_last ? left == 0 : input.pos == input.size)
            return 0;
    }
}

static int compress_file(FILE *in, FILE *out, const char *path, struct longhaul_error *err)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    struct blocks *b = malloc(sizeof *b);
    bool is_last = false;
    int rc = context && b ? 0 : LONGHAUL_ENOMEM;
    if (rc == 0 && (ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL)) ||
                    ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1))))
        rc = LONGHAUL_ENOMEM;
    while (rc == 0 && !is_last) {
        size_t n = fread(b->in, 1, sizeof b->in, in);
        is_last = n < sizeof b->in;
        rc = compress_block(context, b, n, is_last, out);
    }
    ZSTD_freeCCtx(context);
    free(b);
    if (rc == 0 && ferror(in))
        return error_errno(err, LONGHAUL_EIO, "%s", path);
    return rc == 0 ? 0 : error_set(err, rc, "%s: out of memory", path);
}

/* ---- reading back */

/* Compares what the copy unpacks to with the original, from its beginning. */
static bool is_same(FILE *original, FILE *copy)
{
    struct unpack *unpack = unpack_new(UNPACK_ZSTD);
    unsigned char *room = malloc(3 * BLOCK);
    bool same = unpack && room && fseek(original, 0, SEEK_SET) == 0;
    struct unpack_bytes bytes = { room, 0, NULL, 0 };
    while (same) {
        if (bytes.n_in == 0)
            bytes = (struct unpack_bytes){ room, fread(room, 1, BLOCK, copy), NULL, 0 };
        bool is_end = bytes.n_in == 0;
        if (is_end && unpack_may_end(unpack))
            break;
        bytes.out = room + BLOCK;
        bytes.n_out = BLOCK;
        same = unpack_step(unpack, &bytes);
        size_t n = BLOCK - bytes.n_out;
        same = same && !(is_end && n == 0) && fread(room + 2 * BLOCK, 1, n, original) == n &&
               memcmp(room + BLOCK, room + 2 * BLOCK, n) == 0;
    }
    same = same && unpack_may_end(unpack) && fgetc(original) == EOF && !ferror(original) && !ferror(copy);
    unpack_free(unpack);
    free(room);
    return same;
}

static bool holds_same(FILE *original, const char *path)
{
    FILE *copy = path ? file_open(path) : NULL;
    bool same = copy && is_same(original, copy);
    if (copy)
        fclose(copy);
    return same;
}

/* ---- the whole */

static bool is_unchanged(const char *path, const struct stat *before)
{
    struct stat now;
    return lstat(path, &now) == 0 && now.st_ino == before->st_ino && now.st_size == before->st_size &&
           now.st_mtim.tv_sec == before->st_mtim.tv_sec && now.st_mtim.tv_nsec == before->st_mtim.tv_nsec;
}

static int write_copy(FILE *in, const char *path, const char *target, const struct stat *st, struct longhaul_error *err)
{
    const struct timespec times[] = { st->st_atim, st->st_mtim };
    struct file_draft draft;
    int rc = file_begin(&draft, target, err);
    if (rc != 0)
        return rc;
    rc = compress_file(in, draft.stream, path, err);
    if (rc == 0)
        rc = file_settle(&draft, true, err);
    char *made = rc == 0 ? file_draft_path(&draft) : NULL;
    if (rc == 0 && !holds_same(in, made))
        rc = error_set(err, LONGHAUL_EIO, "%s: its copy, read back, is not the same: it stays as it is", path);
    free(made);
    if (rc == 0 && fchown(draft.fd, st->st_uid, st->st_gid) != 0 && errno != EPERM)
        rc = error_errno(err, LONGHAUL_EIO, "%s", target);
    if (rc == 0 && (fchmod(draft.fd, st->st_mode & 0777) != 0 || futimens(draft.fd, times) != 0))
        rc = error_errno(err, LONGHAUL_EIO, "%s", target);
    if (rc == 0)
        return file_commit(&draft, err);
    file_abandon(&draft);
    return rc;
}

static int replace(FILE *in, const char *path, const char *target, double *size_after, struct longhaul_error *err)
{
    struct stat st, copy;
    int rc = 0;
    if (fstat(fileno(in), &st) != 0 || !is_unchanged(path, &st))
        return error_set(err, LONGHAUL_EBUSY, "%s: is a link, or has changed: it stays as it is", path);
    if (lstat(target, &copy) != 0)
        rc = write_copy(in, path, target, &st, err);
    else if (!S_ISREG(copy.st_mode) || !holds_same(in, target)) /* else an interrupted run has made it */
        rc = error_set(err, LONGHAUL_EBUSY, "%s: exists and has other contents than %s: both stay as they are", target,
                       path);
    if (rc == 0 && (!is_unchanged(path, &st) || lstat(target, &copy) != 0))
        rc = error_set(err, LONGHAUL_EBUSY, "%s: changed while it was compressed: it stays as it is", path);
    if (rc == 0 && unlink(path) != 0)
        rc = error_errno(err, LONGHAUL_EIO, "%s", path);
    if (rc == 0)
        *size_after = (double)copy.st_size;
    return rc;
}

int pack_replace(const char *path, double *size_after, struct longhaul_error *err)
{
    char *target;
    FILE *in = file_open(path);
    if (in == NULL)
        return error_errno(err, LONGHAUL_EIO, "%s", path);
    int rc = asprintf(&target, "%s.zst", path) < 0 ? error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", path) : 0;
    if (rc == 0) {
        rc = replace(in, path, target, size_after, err);
        free(target);
    }
    fclose(in);
    return rc;
}

#else

bool pack_can(void)
{
    return false;
}

int pack_replace(const char *path, double *size_after, struct longhaul_error *err)
{
    (void)size_after;
    return error_set(err, LONGHAUL_ENOTBUILT, "%s: this build has no libzstd, with which results are compressed", path);
}

#endif
