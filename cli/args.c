/* args.c - numbers and lists from the command line. Refuses in one line that names the flag and the value. */

#include "args.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd.h"

static bool parse_digits(const char *text, char **end, uint64_t *value)
{
    errno = 0;
    *value = isdigit((unsigned char)*text) ? strtoull(text, end, 10) : 0;
    return isdigit((unsigned char)*text) && errno == 0;
}

bool args_integer(const char *command, const char *flag, const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
    char *end;
    if (parse_digits(text, &end, out) && *end == 0 && *out >= min && *out <= max)
        return true;
    cmd_misused(command, "%s '%s': a whole number from %" PRIu64 " to %" PRIu64, flag, text, min, max);
    return false;
}

bool args_bytes(const char *command, const char *flag, const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
    static const char units[] = "KMG";
    char *end;
    if (parse_digits(text, &end, out)) {
        const char *unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
        unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
        if (end[unit ? 1 : 0] == 0 && *out <= UINT64_MAX >> shift && *out << shift >= min && *out << shift <= max) {
            *out <<= shift;
            return true;
        }
    }
    cmd_misused(command, "%s '%s': bytes from %" PRIu64 " to %" PRIu64 ", optionally with K, M or G", flag, text, min,
                max);
    return false;
}

bool args_real(const char *command, const char *flag, const char *text, double min, double max, double *out)
{
    char *end;
    *out = isdigit((unsigned char)*text) || *text == '.' ? strtod(text, &end) : NAN;
    if (*out >= min && *out <= max && *end == 0)
        return true;
    cmd_misused(command, "%s '%s': a number from %g to %g", flag, text, min, max);
    return false;
}

bool args_quantity(const char *command, const char *flag, const char *text, const struct args_unit *units, double min,
                   double max, const char *example, double *out)
{
    char *end;
    double number = isdigit((unsigned char)*text) || *text == '.' ? strtod(text, &end) : NAN;
    for (; units->name && !isnan(number) && text[1] != 'x' && text[1] != 'X'; units++)
        if (strcmp(end, units->name) == 0) {
            *out = number * units->factor;
            if (*out >= min && *out <= max)
                return true;
            break;
        }
    cmd_misused(command, "%s '%s': not like %s, or out of range", flag, text, example);
    return false;
}

bool args_distance(const char *command, const char *text, double *distance_km)
{
    static const struct args_unit kilometres[] = { { "km", 1 }, { "", 1 }, { NULL, 0 } };
    return args_quantity(command, "--distance", text, kilometres, 0, 1e5, "4148km", distance_km);
}

static bool is_listed(const uint16_t *ports, size_t n, uint64_t port)
{
    for (size_t i = 0; i < n; i++)
        if (ports[i] == port)
            return true;
    return false;
}

/* strptime() is generous: what it accepted must be what it would print. */
static bool parse_time(const char *text, const char *format, struct tm *utc)
{
    char again[32];
    const char *end = strptime(text, format, utc);
    time_t t = end ? timegm(utc) : -1;
    return end && (*end == 0 || strcmp(end, "Z") == 0) && gmtime_r(&t, utc) &&
           strftime(again, sizeof again, format, utc) > 0 && strlen(again) == (size_t)(end - text) &&
           strncmp(again, text, strlen(again)) == 0;
}

bool args_time(const char *command, const char *flag, const char *text, int64_t now_unix_s, int64_t *unix_s)
{
    static const char *const formats[] = { "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M",
                                           "%Y-%m-%d %H:%M:%S" };
    struct tm utc;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        utc = (struct tm){ 0 };
        if (parse_time(text, formats[i], &utc)) {
            *unix_s = timegm(&utc);
            return true;
        }
    }
    utc = (struct tm){ .tm_year = 100, .tm_mday = 1 }; /* any day */
    if (parse_time(text, "%H:%M", &utc)) {
        int64_t of_day_s = utc.tm_hour * 3600 + utc.tm_min * 60, day_s = 86400;
        *unix_s = now_unix_s - now_unix_s % day_s + of_day_s;
        *unix_s += *unix_s < now_unix_s ? day_s : 0;
        return true;
    }
    cmd_misused(command, "%s '%s': a time in UTC, such as 2026-11-25T00:00Z, or 00:00 for the next midnight", flag,
                text);
    return false;
}

bool args_ports(const char *command, const char *flag, const char *text, uint16_t **out, size_t *n_out)
{
    uint16_t *ports = calloc(65536, sizeof *ports);
    size_t n = 0;
    char *end = NULL;
    bool good = ports != NULL;
    for (const char *p = text; good; p = end + 1) {
        uint64_t first, last;
        good = parse_digits(p, &end, &first);
        last = first;
        if (good && *end == '-')
            good = parse_digits(end + 1, &end, &last);
        good = good && first >= 1 && last <= 65535 && first <= last && (*end == 0 || *end == ',');
        for (uint64_t port = first; good && port <= last; port++) {
            good = !is_listed(ports, n, port);
            if (good)
                ports[n++] = (uint16_t)port;
        }
        if (!good || *end == 0)
            break;
    }
    if (!good) {
        cmd_misused(command, "%s '%s': ports from 1 to 65535, such as 5201-5206,5300, without repetitions", flag, text);
        free(ports);
        return false;
    }
    *out = ports;
    *n_out = n;
    return true;
}
