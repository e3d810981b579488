/* wording_number.c - words times, lengths and counts. Knows nothing of reports. */

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/calendar.h"
#include "report/wording.h"

#define LEAST_TINY 0.0095 /* percent: with two decimals it is 0.01 */

struct wording wording_say(const char *format, ...)
{
    struct wording w;
    va_list args;
    va_start(args, format);
    vsnprintf(w.text, sizeof w.text, format, args);
    va_end(args);
    return w;
}

/* ---- time */

static struct wording utc(double unix_s, const char *format)
{
    struct wording w = { "-" };
    struct tm tm;
    if (calendar_of(unix_s + 1e-3, &tm)) /* a start of 45.9999 s is shown as 46 */
        strftime(w.text, sizeof w.text, format, &tm);
    return w;
}

struct wording wording_utc(double unix_s)
{
    return utc(unix_s, "%Y-%m-%d %H:%M:%SZ");
}

struct wording wording_time_of_day(double unix_s, bool with_day)
{
    return utc(unix_s, with_day ? "%m-%d %H:%M:%SZ" : "%H:%M:%SZ");
}

struct wording wording_length(double seconds)
{
    struct wording w;
    longhaul_seconds_text(seconds, w.text, sizeof w.text);
    return w;
}

/* ---- numbers */

struct wording wording_count(double value)
{
    char plain[32];
    struct wording w = { "-" };
    if (!isfinite(value))
        return w;
    int n = snprintf(plain, sizeof plain, "%.0f", fabs(value));
    size_t at = 0;
    if (value < 0 && value <= -0.5)
        w.text[at++] = '-';
    for (int i = 0; i < n && n < (int)sizeof plain; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            w.text[at++] = ',';
        w.text[at++] = plain[i];
    }
    w.text[at] = 0;
    return w;
}

struct wording wording_number(double value, int digits, const char *unit)
{
    return isfinite(value) ? wording_say("%.*f%s", digits, value, unit) : wording_say("-");
}

struct wording wording_short(double value, const char *unit)
{
    char text[LONGHAUL_PEOPLE_SIZE];
    longhaul_figure_text(value, text, sizeof text);
    return wording_say("%s%s", text, isfinite(value) ? unit : "");
}

struct wording wording_share(double percent, const char *unit)
{
    double missing = 100 - percent;
    if (!(percent > 90 && missing > 0))
        return wording_short(percent, unit);
    int digits = (int)fmin(fmax(-floor(log10(missing)), 1), 6);
    return missing < 5e-7 ? wording_say("100%s", unit) : wording_number(percent, digits, unit);
}

struct wording wording_leg(const struct longhaul_info *info)
{
    return wording_say("%s->%s", info->source, info->destination);
}

struct wording wording_tiny_loss(double percent)
{
    struct wording w = wording_number(percent, percent >= 9.95 ? 0 : percent >= 0.995 ? 1 : 2, "");
    if (percent < LEAST_TINY)
        return (struct wording){ "" };
    if (w.text[0] == '0')
        memmove(w.text, w.text + 1, strlen(w.text));
    return w;
}
