/* export_text.c - a text that grows: numbers, times, names. Knows no format as a whole. */

#include "export/export_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text_safe.h"
#include "base/units.h"

#define NUMBER_SIZE 40
#define LEAST_ROOM 65536

void export_text_free(struct export_text *text)
{
    free(text->at);
    *text = (struct export_text){ .at = NULL };
}

char *export_text_room(struct export_text *text, size_t n)
{
    if (text->room - text->n < n) {
        size_t room = text->room + text->room / 2 + n + LEAST_ROOM;
        char *grown = realloc(text->at, room);
        text->has_failed = text->has_failed || grown == NULL;
        if (grown == NULL)
            return NULL;
        text->at = grown;
        text->room = room;
    }
    return text->at + text->n;
}

void export_text_bytes(struct export_text *text, const char *bytes, size_t n)
{
    char *to = n > 0 ? export_text_room(text, n) : NULL;
    if (to == NULL)
        return;
    memcpy(to, bytes, n);
    text->n += n;
}

void export_text_put(struct export_text *text, const char *string)
{
    export_text_bytes(text, string, strlen(string));
}

const char *export_text_string(struct export_text *text)
{
    char *end = export_text_room(text, 1);
    if (end)
        *end = 0;
    return text->has_failed ? NULL : text->at;
}

/* ---- numbers */

/* The digits of value, at least least of them, ending at end. */
static char *digits(char *end, uint64_t value, int least)
{
    for (; value > 0 || least > 0; value /= 10, least--)
        *--end = (char)('0' + value % 10);
    return end;
}

/* value / 10^decimals without zeros at its end. */
static void put_decimal(struct export_text *text, int64_t value, int decimals)
{
    char all[NUMBER_SIZE], *end = all + sizeof all, *begin;
    uint64_t part = 1, magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    for (int i = 0; i < decimals; i++)
        part *= 10;
    uint64_t fraction = magnitude % part;
    for (; decimals > 0 && fraction % 10 == 0; decimals--)
        fraction /= 10;
    begin = digits(end, fraction, decimals);
    if (decimals > 0)
        *--begin = '.';
    begin = digits(begin, magnitude / part, 1);
    if (value < 0)
        *--begin = '-';
    export_text_bytes(text, begin, (size_t)(end - begin));
}

void export_text_integer(struct export_text *text, int64_t value)
{
    put_decimal(text, value, 0);
}

void export_text_seconds(struct export_text *text, int64_t ms)
{
    put_decimal(text, ms, 3);
}

/* A whole number and a power of ten up to 10^22 are doubles, and their quotient is rounded once: when it is the value,
 * so is what reads their decimal. */
void export_text_number(struct export_text *text, double value)
{
    static const double powers[] = { 1, 1e3, 1e6, 1e9, 1e12 };
    char number[NUMBER_SIZE];
    for (int i = 0; i < 5; i++) {
        double whole = nearbyint(value * powers[i]);
        if (!(fabs(whole) < MOST_EXACT))
            break;
        if (whole / powers[i] == value) {
            put_decimal(text, (int64_t)whole, 3 * i);
            return;
        }
    }
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(number, sizeof number, "%.*g", precision, value);
        if (strtod(number, NULL) == value)
            break;
    }
    export_text_put(text, number);
}

void export_text_utc(struct export_text *text, double unix_s)
{
    struct tm utc;
    char time[NUMBER_SIZE];
    double ms = round(unix_s * 1000);
    if (!calendar_of(ms / 1000, &utc))
        return;
    size_t n = strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(time + n, sizeof time - n, ".%03dZ", (int)(ms - 1000 * floor(ms / 1000)));
    export_text_put(text, time);
}

/* ---- names */

/* One character of a name, or what stands for it. Returns the place after it. */
static const char *put_character(struct export_text *text, const char *name)
{
    size_t skip, n = text_safe_character(name, &skip);
    if (n > 0)
        export_text_bytes(text, name, n);
    else
        export_text_put(text, (unsigned char)*name < 0x80 || skip > 1 ? " " : "\xef\xbf\xbd");
    return name + skip;
}

void export_text_escaped(struct export_text *text, const char *name, const char *escaped)
{
    while (*name) {
        if (strchr(escaped, *name))
            export_text_put(text, "\\");
        name = put_character(text, name);
    }
}

void export_text_cell(struct export_text *text, const char *name)
{
    bool is_formula = text_is_formula(name), is_quoted = strpbrk(name, "\",\r\n") != NULL;
    export_text_put(text, is_quoted ? "\"" : "");
    export_text_put(text, is_formula ? "'" : "");
    while (*name) {
        if (*name == '"')
            export_text_put(text, "\"");
        name = put_character(text, name);
    }
    export_text_put(text, is_quoted ? "\"" : "");
}
