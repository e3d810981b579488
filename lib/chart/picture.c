/* picture.c - picture files: proves that they are whole, and marks them with a hash of what they were drawn from, so
 * that no picture is drawn twice and a file's time need not be trusted. Draws nothing and decodes no pixel. Pictures
 * are not forced to disk: after a power cut, one without its mark is drawn again. */

#include "chart/picture.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"

#define SIGNATURE "\x89PNG\r\n\x1a\n"
#define HEAD_SIZE 33 /* of a PNG: its signature and its IHDR chunk */
#define MARK_SIZE 64
#define MOST_BYTES (64L << 20) /* gnuplot writes no larger picture */
#define METRES_IN_INCH 0.0254

const char *picture_ending(enum longhaul_picture form)
{
    return form == LONGHAUL_PICTURE_SVG ? "svg" : "png";
}

static char *read_all(const char *path, size_t *size)
{
    FILE *file = file_open(path);
    long length = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    char *bytes = length >= 0 && length <= MOST_BYTES ? malloc((size_t)length + 1) : NULL;
    if (bytes) {
        rewind(file);
        *size = fread(bytes, 1, (size_t)length, file);
        bytes[*size] = 0;
    }
    if (file)
        fclose(file);
    return bytes;
}

/* ---- PNG (ISO/IEC 15948) */

/* Continues a checksum (the standard's annex D); start with ~0, and invert the result. */
static uint32_t add_to_sum(uint32_t sum, const char *bytes, size_t size)
{
    uint32_t table[16]; /* for four bits: small enough to be computed each time */
    for (uint32_t i = 0; i < 16; i++) {
        table[i] = i;
        for (int k = 0; k < 4; k++)
            table[i] = table[i] & 1 ? table[i] >> 1 ^ UINT32_C(0xedb88320) : table[i] >> 1;
    }
    for (size_t i = 0; i < size; i++) {
        sum ^= (unsigned char)bytes[i];
        sum = sum >> 4 ^ table[sum & 15];
        sum = sum >> 4 ^ table[sum & 15];
    }
    return sum;
}

static uint32_t big_endian(const char *bytes)
{
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return ntohl(value);
}

/* A whole PNG has the signature, a header with a size, complete chunks with correct checksums up to IEND, and nothing
 * after it. */
static bool is_whole_png(const char *bytes, size_t size)
{
    if (size < HEAD_SIZE || memcmp(bytes, SIGNATURE, 8) != 0 || memcmp(bytes + 8, "\0\0\0\rIHDR", 8) != 0 ||
        big_endian(bytes + 16) == 0 || big_endian(bytes + 20) == 0)
        return false;
    size_t at = 8;
    while (size - at >= 12) {
        size_t length = big_endian(bytes + at);
        if (length > size - at - 12 ||
            big_endian(bytes + at + 8 + length) != ~add_to_sum(~UINT32_C(0), bytes + at + 4, length + 4))
            return false;
        bool is_last = memcmp(bytes + at + 4, "IEND", 4) == 0;
        at += 12 + length;
        if (is_last)
            return at == size;
    }
    return false;
}

static void write_number(FILE *out, uint32_t value)
{
    value = htonl(value);
    fwrite(&value, 1, 4, out);
}

static void write_chunk(FILE *out, const char type[4], const char *data, uint32_t length)
{
    uint32_t sum = ~add_to_sum(add_to_sum(~UINT32_C(0), type, 4), data, length);
    write_number(out, length);
    fwrite(type, 1, 4, out);
    fwrite(data, 1, length, out);
    write_number(out, sum);
}

/* The mark: a hash of what the picture was drawn from, and one of the picture's own bytes. */
static int mark_text(char text[MARK_SIZE], uint64_t mark, uint64_t body)
{
    return snprintf(text, MARK_SIZE, PICTURE_MARK "%016" PRIx64 " %016" PRIx64, mark, body);
}

/* Copies all chunks except text chunks that gnuplot's library may have written; the mark goes after the header. */
static void write_png(FILE *out, const char *bytes, size_t size, double dpi)
{
    char resolution[9] = { 0 };
    uint32_t per_metre = htonl((uint32_t)lrint(dpi / METRES_IN_INCH));
    memcpy(resolution, &per_metre, 4);
    memcpy(resolution + 4, &per_metre, 4);
    resolution[8] = 1; /* metres */
    fwrite(bytes, 1, HEAD_SIZE, out);
    write_chunk(out, "pHYs", resolution, 9);
    for (size_t at = HEAD_SIZE, length; at < size; at += 12 + length) {
        length = big_endian(bytes + at);
        if (memcmp(bytes + at + 4, "pHYs", 4) != 0)
            fwrite(bytes + at, 1, 12 + length, out);
    }
}

static void write_png_mark(FILE *out, uint64_t mark, uint64_t body)
{
    char text[8 + MARK_SIZE] = "Comment";
    write_chunk(out, "tEXt", text, 8 + (uint32_t)mark_text(text + 8, mark, body));
}

/* ---- SVG */

static bool is_whole_svg(const char *bytes, size_t size)
{
    static const char last[] = "</svg>";
    while (size > 0 && (bytes[size - 1] == '\n' || bytes[size - 1] == '\r'))
        size--;
    return size > 100 && memcmp(bytes, "<?xml", 5) == 0 && strstr(bytes, "?>") && strstr(bytes, "<svg") &&
           memcmp(bytes + size - 6, last, 6) == 0;
}

/* Copies all of it except gnuplot's names of plots, which browsers show as tooltips. */
static void write_svg(FILE *out, const char *bytes, size_t size)
{
    static const char title[] = "<title>gnuplot_plot_", end[] = "</title>";
    const char *last = bytes + size, *at;
    while ((at = memmem(bytes, (size_t)(last - bytes), title, sizeof title - 1)) != NULL) {
        const char *after = memmem(at, (size_t)(last - at), end, sizeof end - 1);
        if (after == NULL)
            break;
        fwrite(bytes, 1, (size_t)(at - bytes), out);
        bytes = after + sizeof end - 1;
    }
    fwrite(bytes, 1, (size_t)(last - bytes), out);
}

static void write_svg_mark(FILE *out, uint64_t mark, uint64_t body)
{
    char text[MARK_SIZE];
    mark_text(text, mark, body);
    fprintf(out, "\n<!-- %s -->", text);
}

/* ---- both */

static bool is_whole(const char *bytes, size_t size, enum longhaul_picture form)
{
    return form == LONGHAUL_PICTURE_SVG ? is_whole_svg(bytes, size) : is_whole_png(bytes, size);
}

/* The position of the mark in a whole picture: after a PNG's header, or on the first line of an SVG. */
static size_t mark_at(const char *bytes, enum longhaul_picture form)
{
    return form == LONGHAUL_PICTURE_SVG ? (size_t)(strstr(bytes, "?>") + 2 - bytes) : HEAD_SIZE;
}

static char *make_mark(enum longhaul_picture form, uint64_t mark, uint64_t body, size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);
    if (out == NULL)
        return NULL;
    (form == LONGHAUL_PICTURE_SVG ? write_svg_mark : write_png_mark)(out, mark, body);
    bool good = !ferror(out);
    if (fclose(out) == 0 && good)
        return text;
    free(text);
    return NULL;
}

/* The picture as it is stored, without its mark. */
static char *make_body(const char *bytes, size_t size, enum longhaul_picture form, double dpi, size_t *body_size)
{
    char *body = NULL;
    FILE *out = open_memstream(&body, body_size);
    if (out == NULL)
        return NULL;
    if (form == LONGHAUL_PICTURE_SVG)
        write_svg(out, bytes, size);
    else
        write_png(out, bytes, size, dpi);
    bool good = !ferror(out);
    if (fclose(out) == 0 && good)
        return body;
    free(body);
    return NULL;
}

static int write_marked(const char *final, const char *body, size_t size, enum longhaul_picture form, uint64_t mark,
                        struct longhaul_error *err)
{
    struct file_draft draft;
    size_t at = body ? mark_at(body, form) : 0, mark_size = 0;
    char *text = body ? make_mark(form, mark, hash_bytes(HASH_START, body, size), &mark_size) : NULL;
    int rc = text ? file_begin(&draft, final, err) : error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", final);
    if (rc == 0) {
        fwrite(body, 1, at, draft.stream); /* the stream remembers a failure */
        fwrite(text, 1, mark_size, draft.stream);
        fwrite(body + at, 1, size - at, draft.stream);
        rc = file_commit_unsynced(&draft, err);
    }
    free(text);
    return rc;
}

int picture_settle(const char *drawn, const char *final, enum longhaul_picture form, uint64_t mark, double dpi,
                   struct longhaul_error *err)
{
    size_t size = 0, body_size = 0;
    char *bytes = read_all(drawn, &size), *body = NULL;
    int rc;
    if (bytes == NULL || !is_whole(bytes, size, form)) {
        rc = error_set(err, LONGHAUL_EPLOT, "gnuplot made no picture");
    } else {
        body = make_body(bytes, size, form, dpi, &body_size);
        rc = write_marked(final, body, body_size, form, mark, err);
    }
    unlink(drawn);
    free(body);
    free(bytes);
    return rc;
}

bool picture_is_whole(const char *path, enum longhaul_picture form)
{
    size_t size = 0;
    char *bytes = read_all(path, &size);
    bool is = bytes && is_whole(bytes, size, form);
    free(bytes);
    return is;
}

/* True if the mark fits the bytes around it. */
static bool is_marked(const char *bytes, size_t size, enum longhaul_picture form, uint64_t mark)
{
    size_t at = mark_at(bytes, form), mark_size;
    char *text = make_mark(form, mark, 0, &mark_size); /* every mark has this size */
    bool good = text && at + mark_size <= size;
    free(text);
    if (!good)
        return false;
    uint64_t body = hash_bytes(hash_bytes(HASH_START, bytes, at), bytes + at + mark_size, size - at - mark_size);
    text = make_mark(form, mark, body, &mark_size);
    good = text && memcmp(bytes + at, text, mark_size) == 0;
    free(text);
    return good;
}

bool picture_has_mark(const char *path, enum longhaul_picture form, uint64_t mark)
{
    size_t size = 0;
    char *bytes = read_all(path, &size);
    bool good = bytes && is_whole(bytes, size, form) && is_marked(bytes, size, form, mark);
    free(bytes);
    return good;
}
