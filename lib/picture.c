/* picture.c - files of pictures: proves that they are whole, marks them with what they were drawn from, so that nobody draws the
 * same twice and a file's time need not be trusted. Draws nothing; decodes no pixel. Pictures are not forced to disk: after
 * a power cut one without its mark is drawn again. */

#include "picture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "file.h"

#define SIGNATURE "\x89PNG\r\n\x1a\n"
#define HEAD_SIZE 33 /* of a PNG: its signature and its chunk IHDR */
#define MARK_SIZE 64
#define METRES_IN_INCH 0.0254

uint64_t picture_mark(uint64_t mark, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        mark = (mark ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
    return mark;
}

const char *picture_ending(enum longhaul_picture form)
{
    return form == LONGHAUL_SVG ? "svg" : "png";
}

static char *read_all(const char *path, size_t *size)
{
    FILE *file = file_open(path);
    long length = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    char *bytes = length >= 0 ? malloc((size_t)length + 1) : NULL;
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

/* Goes on with a checksum (the standard's annex D); begin with ~0, and take ~ of what comes out. */
static uint32_t add_to_sum(uint32_t sum, const char *bytes, size_t size)
{
    uint32_t table[16]; /* of four bits: small enough to make each time */
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

/* The signature, a header with a size, whole chunks up to IEND, whose checksums are right, and nothing after it. */
static bool is_whole_png(const char *bytes, size_t size)
{
    if (size < HEAD_SIZE || memcmp(bytes, SIGNATURE, 8) != 0 || memcmp(bytes + 8, "\0\0\0\rIHDR", 8) != 0 || big_endian(bytes + 16) == 0 ||
        big_endian(bytes + 20) == 0)
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

static int mark_text(char text[MARK_SIZE], uint64_t mark)
{
    return snprintf(text, MARK_SIZE, "longhaul chart %016" PRIx64, mark);
}

/* All chunks but those that gnuplot's library may have written of the same kinds, after the header ours. */
static void write_png(FILE *out, const char *bytes, size_t size, uint64_t mark, double dpi)
{
    char text[8 + MARK_SIZE] = "Comment", resolution[9] = { 0 };
    uint32_t per_metre = htonl((uint32_t)lrint(dpi / METRES_IN_INCH));
    memcpy(resolution, &per_metre, 4);
    memcpy(resolution + 4, &per_metre, 4);
    resolution[8] = 1; /* metres */
    fwrite(bytes, 1, HEAD_SIZE, out);
    write_chunk(out, "tEXt", text, 8 + (uint32_t)mark_text(text + 8, mark));
    write_chunk(out, "pHYs", resolution, 9);
    for (size_t at = HEAD_SIZE, length; at < size; at += 12 + length) {
        length = big_endian(bytes + at);
        if (memcmp(bytes + at + 4, "pHYs", 4) != 0)
            fwrite(bytes + at, 1, 12 + length, out);
    }
}

/* ---- SVG */

static bool is_whole_svg(const char *bytes, size_t size)
{
    static const char last[] = "</svg>";
    while (size > 0 && (bytes[size - 1] == '\n' || bytes[size - 1] == '\r'))
        size--;
    return size > 100 && memcmp(bytes, "<?xml", 5) == 0 && strstr(bytes, "<svg") && memcmp(bytes + size - 6, last, 6) == 0;
}

/* All of it but gnuplot's names of plots, which browsers show as hints, and the mark. */
static void write_svg(FILE *out, const char *bytes, size_t size, uint64_t mark)
{
    static const char title[] = "<title>gnuplot_plot_", end[] = "</title>";
    char text[MARK_SIZE];
    const char *last = bytes + size, *at;
    mark_text(text, mark);
    while ((at = memmem(bytes, (size_t)(last - bytes), title, sizeof title - 1)) != NULL) {
        const char *after = memmem(at, (size_t)(last - at), end, sizeof end - 1);
        if (after == NULL)
            break;
        fwrite(bytes, 1, (size_t)(at - bytes), out);
        bytes = after + sizeof end - 1;
    }
    fwrite(bytes, 1, (size_t)(last - bytes), out);
    fprintf(out, "<!-- %s -->\n", text);
}

/* ---- both */

static int write_marked(const char *path, const char *bytes, size_t size, enum longhaul_picture form, uint64_t mark, double dpi,
                        struct longhaul_error *err)
{
    FILE *out = fopen(path, "we");
    if (out == NULL)
        return error_errno(err, LONGHAUL_EIO, "%s", path);
    if (form == LONGHAUL_SVG)
        write_svg(out, bytes, size, mark);
    else
        write_png(out, bytes, size, mark, dpi);
    bool good = !ferror(out);
    if (fclose(out) != 0 || !good)
        return error_errno(err, LONGHAUL_EIO, "%s", path);
    return 0;
}

int picture_settle(const char *temporary, const char *final, enum longhaul_picture form, uint64_t mark, double dpi, struct longhaul_error *err)
{
    size_t size = 0;
    char *bytes = read_all(temporary, &size);
    int rc;
    if (bytes == NULL || !(form == LONGHAUL_SVG ? is_whole_svg(bytes, size) : is_whole_png(bytes, size)))
        rc = error_set(err, LONGHAUL_EPLOT, "gnuplot made no picture");
    else
        rc = write_marked(temporary, bytes, size, form, mark, dpi, err);
    if (rc == 0 && rename(temporary, final) != 0)
        rc = error_errno(err, LONGHAUL_EIO, "%s", final);
    if (rc != 0)
        unlink(temporary);
    free(bytes);
    return rc;
}

bool picture_has_mark(const char *path, enum longhaul_picture form, uint64_t mark)
{
    char text[MARK_SIZE], bytes[HEAD_SIZE + 128] = "";
    int length = mark_text(text, mark);
    FILE *file = file_open(path);
    bool good = file && (form != LONGHAUL_SVG || fseek(file, -(long)sizeof bytes, SEEK_END) == 0);
    size_t n = good ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file)
        fclose(file);
    return memmem(bytes, n, text, (size_t)length) != NULL;
}
