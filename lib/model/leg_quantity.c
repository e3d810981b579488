/* leg_quantity.c - rates and durations as texts: one rule for names of files, the command line and topologies. */

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/plain_numbers.h"
#include "model/leg.h"

#define NO_RATE "is not a rate: 10M, 1.5G, a whole number of bit/s, 0 for unlimited; at most 1000T"
#define NO_DURATION "is not a duration: 24h, 1h30m, 90 for seconds; 1 s to a year"

/* ---- refusals */

const char *leg_quantity_refusal(const char *key)
{
    return strcmp(key, "rate") == 0 ? NO_RATE : strcmp(key, "duration") == 0 ? NO_DURATION : NULL;
}

int leg_refuse(const char *value, const char *refusal, struct longhaul_error *err)
{
    bool is_number = *value && strspn(value, "0123456789.-") == strlen(value);
    return error_set(err, LONGHAUL_EINVAL, is_number ? "%.60s %s" : "\"%.60s\" %s", value, refusal);
}

/* ---- rates */

int longhaul_rate_parse(const char *text, uint64_t *rate_bps, struct longhaul_error *err)
{
    struct plain_numbers plain;
    char *end;
    plain_numbers_begin(&plain);
    double value = isdigit((unsigned char)text[0]) ? strtod(text, &end) : -1;
    double unit = 1;
    plain_numbers_end(&plain);
    if (strcmp(text, "UNLIMITED") == 0) {
        *rate_bps = LONGHAUL_RATE_UNLIMITED;
        return 0;
    }
    if (value < 0 || text[1] == 'x' || text[1] == 'X')
        return leg_refuse(text, NO_RATE, err);
    switch (*end) {
    case 'k': case 'K': unit = 1e3; break;
    case 'm': case 'M': unit = 1e6; break;
    case 'g': case 'G': unit = 1e9; break;
    case 't': case 'T': unit = 1e12; break;
    default: break;
    }
    if (unit > 1)
        end++;
    double bps = value * unit;
    bool is_whole = fabs(bps - rint(bps)) <= 1e-6 * (bps < 1 ? 1 : bps) && (bps == 0 || bps >= 1);
    if (*end || !(bps <= (double)LEG_RATE_MAX_BPS) || !is_whole)
        return leg_refuse(text, NO_RATE, err);
    *rate_bps = bps > 0 ? (uint64_t)rint(bps) : LONGHAUL_RATE_UNLIMITED;
    return 0;
}

void longhaul_rate_text(uint64_t rate_bps, char *text, size_t size)
{
    static const struct { uint64_t unit; const char *letter; } units[] = {
        { 1000000000000, "T" }, { 1000000000, "G" }, { 1000000, "M" }, { 1000, "K" }, { 1, "" } };
    if (rate_bps == LONGHAUL_RATE_UNLIMITED) {
        snprintf(text, size, "UNLIMITED");
        return;
    }
    size_t i = 0;
    while (rate_bps % units[i].unit != 0)
        i++;
    snprintf(text, size, "%" PRIu64 "%s", rate_bps / units[i].unit, rate_bps ? units[i].letter : "");
}

/* ---- durations */

int longhaul_duration_parse(const char *text, uint32_t *seconds, struct longhaul_error *err)
{
    static const struct {
        char letter;
        uint32_t unit;
    } units[] = { { 'D', 86400 }, { 'H', 3600 }, { 'M', 60 }, { 'S', 1 } };
    uint64_t total = 0;
    size_t next = 0; /* units come in descending order, each once */
    const char *p = text;
    bool bad = *p == 0;
    while (*p && !bad) {
        char *end;
        errno = 0;
        unsigned long value = isdigit((unsigned char)*p) ? strtoul(p, &end, 10) : ULONG_MAX;
        if (value > LEG_DURATION_MAX_S) {
            bad = true;
            break;
        }
        if (*end == 0 && p == text) { /* plain seconds */
            total = value;
            break;
        }
        while (next < 4 && units[next].letter != toupper((unsigned char)*end))
            next++;
        if (next == 4) {
            bad = true;
            break;
        }
        total += value * (uint64_t)units[next++].unit;
        p = end + 1;
    }
    if (bad || total == 0 || total > LEG_DURATION_MAX_S)
        return leg_refuse(text, NO_DURATION, err);
    *seconds = (uint32_t)total;
    return 0;
}

void longhaul_duration_text(uint32_t seconds, char *text, size_t size)
{
    char h[16] = "", m[16] = "", s[16] = "";
    if (seconds >= 3600)
        snprintf(h, sizeof h, "%" PRIu32 "H", seconds / 3600);
    if (seconds / 60 % 60 != 0)
        snprintf(m, sizeof m, "%" PRIu32 "M", seconds / 60 % 60);
    if (seconds % 60 != 0 || seconds == 0)
        snprintf(s, sizeof s, "%" PRIu32 "S", seconds % 60);
    snprintf(text, size, "%s%s%s", h, m, s);
}
