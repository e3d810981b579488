/* people_text.c - lengths of time and figures for people: two units, or three significant digits. Parses nothing. */

#include <longhaul.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/plain_numbers.h"

static void two_units(char *text, size_t size, long n, long per, const char *large, const char *small)
{
    if (n % per)
        snprintf(text, size, "%ld %s %ld %s", n / per, large, n % per, small);
    else
        snprintf(text, size, "%ld %s", n / per, large);
}

void longhaul_seconds_text(double seconds, char *text, size_t size)
{
    char figure[LONGHAUL_PEOPLE_SIZE];
    long s = isnan(seconds) ? 0 : lrint(fmin(fmax(seconds, -1e9), 1e9)), minutes = lrint((double)s / 60);
    longhaul_figure_text(seconds, figure, sizeof figure);
    if (isnan(seconds))
        snprintf(text, size, "-");
    else if (seconds < 9.95)
        snprintf(text, size, "%s s", figure);
    else if (s < 60)
        snprintf(text, size, "%ld s", s);
    else if (s < 3600)
        two_units(text, size, s, 60, "min", "s");
    else if (minutes < 48 * 60)
        two_units(text, size, minutes, 60, "h", "min");
    else
        two_units(text, size, lrint((double)s / 3600), 24, "d", "h");
}

/* Without the zeros at the end of a fraction. */
static void trim(char *text)
{
    char *end = text + strlen(text);
    if (strchr(text, '.') == NULL)
        return;
    while (end[-1] == '0')
        end--;
    end[end[-1] == '.' ? -1 : 0] = 0;
}

void longhaul_figure_text(double value, char *text, size_t size)
{
    char plain[LONGHAUL_PEOPLE_SIZE] = "0";
    double most = fmin(fmax(value, -1e20), 1e20), decade = floor(log10(fabs(most)));
    struct plain_numbers numbers;
    plain_numbers_begin(&numbers);
    if (value != 0)
        snprintf(plain, sizeof plain, "%.*f", decade >= 2 ? 0 : (int)fmin(2 - decade, 9), most);
    plain_numbers_end(&numbers);
    trim(plain);
    snprintf(text, size, "%s", isfinite(value) ? strcmp(plain, "-0") == 0 ? "0" : plain : "-");
}
