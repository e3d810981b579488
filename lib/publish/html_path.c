/* html_path.c - the coordinates of gnuplot's lines and areas, in as few characters as SVG allows: tenths of a pixel,
 * each point relative to the one before. They are sums of whole tenths, so that no error adds up. Reads no other
 * commands than gnuplot's M and L. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "publish/html.h"

#define MOST_TENTHS 10000000L

struct pen {
    FILE *out;          /* NULL: only checks */
    long x, y;          /* where it is, in tenths of a pixel */
    bool has_point;
    char command;       /* the last one that was written: a repeated "l" is omitted */
};

/* A number with a sign and a fraction, to the nearest tenth. */
static bool read_tenths(const char **at, const char *end, long *tenths)
{
    const char *p = *at;
    bool is_negative = p < end && *p == '-';
    long value = 0, n_decimals = 0;
    p += is_negative;
    if (p == end || !isdigit((unsigned char)*p))
        return false;
    for (; p < end && isdigit((unsigned char)*p) && value < MOST_TENTHS; p++)
        value = 10 * value + (*p - '0');
    value *= 100;
    if (p < end && *p == '.')
        for (p++; p < end && isdigit((unsigned char)*p); p++, n_decimals++)
            value += n_decimals == 0 ? 10 * (*p - '0') : n_decimals == 1 ? *p - '0' : 0;
    *tenths = (is_negative ? -1 : 1) * ((value + 5) / 10);
    *at = p;
    return value < MOST_TENTHS * 10;
}

static void put_tenths(FILE *out, long tenths, bool is_first)
{
    long whole = labs(tenths) / 10, tenth = labs(tenths) % 10;
    fprintf(out, "%s", tenths < 0 ? "-" : is_first ? "" : " ");
    if (whole > 0 || tenth == 0)
        fprintf(out, "%ld", whole);
    if (tenth > 0)
        fprintf(out, ".%ld", tenth);
}

static void draw_to(struct pen *pen, char command, long x, long y)
{
    long dx = x - pen->x, dy = y - pen->y;
    char next = command == 'M' ? (pen->has_point ? 'm' : 'M') : dx == 0 ? 'v' : dy == 0 ? 'h' : 'l';
    bool is_repeated = next == 'l' && pen->command == 'l';
    if (pen->out) {
        if (!is_repeated)
            fputc(next, pen->out);
        if (next != 'v')
            put_tenths(pen->out, dx, !is_repeated);
        if (next != 'h')
            put_tenths(pen->out, dy, next == 'v');
    }
    *pen = (struct pen){ pen->out, x, y, true, next };
}

static const char *skip(const char *p, const char *end, const char *blanks)
{
    while (p < end && *p && strchr(blanks, *p))
        p++;
    return p;
}

/* Draws all points; false if there is anything else, or the first point is not the beginning of a line. */
static bool draw(FILE *out, const char *value, size_t n, char command)
{
    struct pen pen = { .out = out };
    const char *p = value, *end = value + n;
    for (;;) {
        long x, y;
        p = skip(p, end, " \t\r\n");
        if (p == end)
            return pen.has_point;
        if (*p == 'M' || *p == 'L')
            command = *p++;
        p = skip(p, end, " \t\r\n");
        if (!read_tenths(&p, end, &x) || p == end || *p++ != ',' || !read_tenths(&p, end, &y) ||
            (command != 'M' && !pen.has_point))
            return false;
        draw_to(&pen, command, x, y);
        command = 'L';
    }
}

bool html_write_path(FILE *out, const char *value, size_t n, bool is_area)
{
    if (!draw(NULL, value, n, is_area ? 'M' : 'L'))
        return false;
    draw(out, value, n, is_area ? 'M' : 'L');
    if (is_area)
        fputc('z', out);
    return true;
}
