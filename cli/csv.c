/* csv.c - prints comma-separated values on stdout. */

#include "csv.h"

#include <longhaul.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST_EXACT 1e15
#define LATEST_UNIX_S 253402300800.0 /* year 10000 */

static void separate(struct csv *line)
{
    if (line->has_cell)
        putchar(',');
    line->has_cell = true;
}

/* A spreadsheet would take a text that begins like this for a formula; also a single sign. */
static bool is_formula(const char *text)
{
    return text[0] && strchr("=+-@\t\r", text[0]);
}

static void print_text(const char *before, const char *text)
{
    bool is_quoted = strpbrk(text, "\",\r\n") != NULL;
    printf("%s%s", is_quoted ? "\"" : "", before);
    while (*text) {
        size_t skip, n = longhaul_text_character(text, &skip);
        if (*text == '"')
            putchar('"');
        if (n > 0)
            fwrite(text, 1, n, stdout);
        else
            putchar('?');
        text += skip;
    }
    if (is_quoted)
        putchar('"');
}

void csv_text(struct csv *line, const char *text)
{
    separate(line);
    print_text(is_formula(text) ? "'" : "", text);
}

void csv_key(struct csv *line, const char *text)
{
    char key[32];
    snprintf(key, sizeof key, "%s", text);
    for (char *c = key; *c; c++)
        *c = *c == ' ' ? '_' : *c;
    csv_text(line, key);
}

void csv_path(struct csv *line, const char *path)
{
    bool is_input = strcmp(path, "-") == 0; /* standard input, not a file of that name */
    separate(line);
    print_text(!is_formula(path) ? "" : is_input ? "'" : "./", path);
}

void csv_number(struct csv *line, double value)
{
    char text[40];
    separate(line);
    if (isnan(value))
        return;
    if (fabs(value) < MOST_EXACT && value == floor(value)) {
        printf("%.0f", value);
        return;
    }
    snprintf(text, sizeof text, "%.15g", value);
    if (strtod(text, NULL) != value)
        snprintf(text, sizeof text, "%.17g", value);
    fputs(text, stdout);
}

const char *utc_text(double unix_s, char text[UTC_TEXT_SIZE])
{
    struct tm utc;
    double ms = round(unix_s * 1000);
    if (!(fabs(unix_s) < LATEST_UNIX_S))
        return "-";
    time_t seconds = (time_t)floor(ms / 1000);
    size_t n = strftime(text, UTC_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &utc));
    snprintf(text + n, UTC_TEXT_SIZE - n, ".%03dZ", (int)(ms - 1000 * (double)seconds));
    return text;
}

void csv_utc(struct csv *line, double unix_s)
{
    char text[UTC_TEXT_SIZE];
    const char *utc = utc_text(unix_s, text);
    csv_text(line, strcmp(utc, "-") == 0 ? "" : utc);
}

void csv_end(struct csv *line)
{
    putchar('\n');
    line->has_cell = false;
}
