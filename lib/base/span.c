/* span.c - a length of time for people: two units at most. Parses nothing. */

#include "base/span.h"

#include <math.h>
#include <stdio.h>

static void two_units(char *text, size_t size, long n, long per, const char *large, const char *small)
{
    if (n % per)
        snprintf(text, size, "%ld %s %ld %s", n / per, large, n % per, small);
    else
        snprintf(text, size, "%ld %s", n / per, large);
}

void span_text(double seconds, char *text, size_t size)
{
    long s = isnan(seconds) ? 0 : lrint(fmin(fmax(seconds, -1e9), 1e9)), minutes = lrint((double)s / 60);
    if (isnan(seconds))
        snprintf(text, size, "-");
    else if (seconds < 9.95)
        snprintf(text, size, "%.3g s", seconds);
    else if (s < 60)
        snprintf(text, size, "%ld s", s);
    else if (s < 3600)
        two_units(text, size, s, 60, "min", "s");
    else if (minutes < 48 * 60)
        two_units(text, size, minutes, 60, "h", "min");
    else
        two_units(text, size, lrint((double)s / 3600), 24, "d", "h");
}
