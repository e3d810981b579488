/* csv.c - comma-separated values on stdout. */

#include "csv.h"

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

void csv_text(struct csv *line, const char *text)
{
    separate(line);
    if (strpbrk(text, "\",\r\n") == NULL) {
        fputs(text, stdout);
        return;
    }
    putchar('"');
    for (; *text; text++) {
        if (*text == '"')
            putchar('"');
        putchar(*text);
    }
    putchar('"');
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
    csv_text(line, isnan(unix_s) ? "" : utc_text(unix_s, text));
}

void csv_end(struct csv *line)
{
    putchar('\n');
    line->has_cell = false;
}
