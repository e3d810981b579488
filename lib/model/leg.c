/* leg.c - one test: its defaults, its checks, its file names. Opens no file and no socket. */

#include "model/leg.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/file.h"

void longhaul_leg_fill(struct longhaul_leg *leg)
{
    if (leg->port == 0)
        leg->port = LEG_PORT;
    if (leg->rate_bps == 0)
        leg->rate_bps = leg->protocol == LONGHAUL_PROTOCOL_TCP ? LONGHAUL_RATE_UNLIMITED : 10000000;
    if (leg->duration_s == 0)
        leg->duration_s = 86400;
    if (leg->interval_s == 0)
        leg->interval_s = 1;
    if (leg->n_streams == 0)
        leg->n_streams = 1;
    if (leg->n_flows == 0)
        leg->n_flows = 1;
}

uint32_t leg_n_streams(const struct longhaul_leg *leg)
{
    return leg->n_flows > 1 ? leg->n_flows : leg->n_streams;
}

uint64_t leg_stream_rate(const struct longhaul_leg *leg)
{
    bool is_shared = leg->n_flows > 1 && leg->rate_bps != LONGHAUL_RATE_UNLIMITED;
    return is_shared ? (leg->rate_bps + leg->n_flows / 2) / leg->n_flows : leg->rate_bps;
}

uint64_t leg_total_rate(const struct longhaul_leg *leg)
{
    bool is_unlimited = leg->rate_bps == LONGHAUL_RATE_UNLIMITED;
    return is_unlimited ? LONGHAUL_RATE_UNLIMITED : leg_stream_rate(leg) * leg_n_streams(leg);
}

double leg_total_bps(const struct longhaul_leg *leg)
{
    uint64_t rate = leg_total_rate(leg);
    return rate == LONGHAUL_RATE_UNLIMITED ? NAN : (double)rate;
}

bool leg_code_is_valid(const char *code)
{
    size_t n = strlen(code);
    return n >= 1 && n <= LONGHAUL_CODE_MAX &&
           strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

static int check_code(const char *which, const char *code, struct longhaul_error *err)
{
    if (leg_code_is_valid(code))
        return 0;
    return error_set(err, LONGHAUL_EINVAL, "%s \"%.40s\": a site's code is 1 to %d of A-Z a-z 0-9 _", which, code,
                     LONGHAUL_CODE_MAX);
}

/* A flow needs a rate, since libiperf takes 0 for "unlimited". */
static int check_flows(const struct longhaul_leg *leg, struct longhaul_error *err)
{
    if (leg->n_flows <= 1)
        return 0;
    if (leg->protocol == LONGHAUL_PROTOCOL_TCP)
        return error_set(err, LONGHAUL_EINVAL, "%" PRIu32 " flows: only for UDP; for TCP there are streams",
                         leg->n_flows);
    if (leg->n_streams > 1)
        return error_set(err, LONGHAUL_EINVAL, "%" PRIu32 " flows and %" PRIu32 " streams: one of the two",
                         leg->n_flows, leg->n_streams);
    if (leg_stream_rate(leg) < LEG_FLOW_RATE_MIN)
        return error_set(err, LONGHAUL_EINVAL, "rate %" PRIu64 " bit/s: too little for %" PRIu32
                         " flows, each of which needs %d bit/s", leg->rate_bps, leg->n_flows, LEG_FLOW_RATE_MIN);
    return 0;
}

/* Names and addresses go to the resolver, into messages and into JSON: only visible ASCII, and nothing that looks like
 * a flag. */
static int check_host(const char *which, const char *host, size_t size, struct longhaul_error *err)
{
    size_t n = strnlen(host, size);
    bool good = n > 0 && n < size && host[0] != '-';
    for (size_t i = 0; i < n; i++)
        good = good && host[i] > ' ' && host[i] < 127;
    return good ? 0 : error_set(err, LONGHAUL_EINVAL, "%s \"%.40s\": not a host name or an address", which, host);
}

bool leg_device_is_valid(const char *name)
{
    size_t n = strnlen(name, LONGHAUL_DEVICE_MAX + 1);
    for (size_t i = 0; i < n; i++)
        if (name[i] <= ' ' || name[i] == 127 || name[i] == '/' || name[i] == ':')
            return false;
    return n <= LONGHAUL_DEVICE_MAX && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

int longhaul_leg_check(const struct longhaul_leg *given, struct longhaul_error *err)
{
    struct longhaul_leg leg = *given;
    int rc;
    longhaul_leg_fill(&leg);
    if ((rc = check_code("SRC", leg.source, err)) || (rc = check_code("DST", leg.destination, err)) ||
        (rc = check_host("peer", leg.peer, sizeof leg.peer, err)))
        return rc;
    if (leg.bind_address[0] && (rc = check_host("bind address", leg.bind_address, sizeof leg.bind_address, err)))
        return rc;
    if (!leg_device_is_valid(leg.bind_device))
        return error_set(err, LONGHAUL_EINVAL, "interface \"%.15s\": not a name of 1 to %d visible characters",
                         leg.bind_device, LONGHAUL_DEVICE_MAX);
    if (strcmp(leg.source, leg.destination) == 0)
        return error_set(err, LONGHAUL_EINVAL, "SRC and DST are both \"%s\"", leg.source);
    if (leg.rate_bps != LONGHAUL_RATE_UNLIMITED && leg.rate_bps > LEG_RATE_MAX_BPS)
        return error_set(err, LONGHAUL_EINVAL, "rate %" PRIu64 " bit/s: at most 1000T, or 0 for unlimited",
                         leg.rate_bps);
    if (leg.duration_s > LEG_DURATION_MAX_S)
        return error_set(err, LONGHAUL_EINVAL, "duration %" PRIu32 " s: at most %u (a year)", leg.duration_s,
                         LEG_DURATION_MAX_S);
    if ((rc = leg_check_options(&leg, err)) || (rc = check_flows(&leg, err)))
        return rc;
    if (leg.interval_s > leg.duration_s)
        return error_set(err, LONGHAUL_EINVAL, "interval %g s: longer than the test (%" PRIu32 " s)", leg.interval_s,
                         leg.duration_s);
    return 0;
}

/* ---- names */

#define TCP_RATE "TCP" /* stands in a name where UDP has its rate: TCP finds its own */

int longhaul_leg_stem(const struct longhaul_leg *given, int64_t unix_s, char stem[LONGHAUL_STEM_MAX],
                      struct longhaul_error *err)
{
    struct longhaul_leg leg = *given;
    char rate[32], duration[32], stamp[32];
    time_t t = (time_t)unix_s;
    struct tm utc;
    int rc = longhaul_leg_check(&leg, err);
    if (rc)
        return rc;
    longhaul_leg_fill(&leg);
    if (gmtime_r(&t, &utc) == NULL || strftime(stamp, sizeof stamp, LEG_STAMP_FORMAT, &utc) != 15)
        return error_set(err, LONGHAUL_EINVAL, "start time %" PRId64 ": outside the years 1000 to 9999", unix_s);
    if (leg.protocol == LONGHAUL_PROTOCOL_TCP)
        snprintf(rate, sizeof rate, "%s", TCP_RATE);
    else
        longhaul_rate_text(leg.rate_bps, rate, sizeof rate);
    longhaul_duration_text(leg.duration_s, duration, sizeof duration);
    snprintf(stem, LONGHAUL_STEM_MAX, "%s-%s-%s_%s_%s", leg.source, leg.destination, rate, duration, stamp);
    return 0;
}

static bool all_digits(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isdigit((unsigned char)s[i]))
            return false;
    return true;
}

/* Parses "20251115_010046" as UTC; false if it is not a date. */
static bool parse_stamp(const char *s, int64_t *unix_s)
{
    struct tm utc = { 0 }, back;
    if (strlen(s) != 15 || !all_digits(s, 8) || s[8] != '_' || !all_digits(s + 9, 6))
        return false;
    if (strptime(s, LEG_STAMP_FORMAT, &utc) == NULL)
        return false;
    time_t t = timegm(&utc);
    char again[32];
    *unix_s = t;
    return gmtime_r(&t, &back) && strftime(again, sizeof again, LEG_STAMP_FORMAT, &back) && strcmp(again, s) == 0;
}

/* Parses the "<RATE>_<DUR>_<stamp>" of a name, from the right. Parts that do not fit stay 0. */
static void parse_plan(char *rest, struct longhaul_file_name *name)
{
    uint64_t rate_bps = 0;
    uint32_t duration_s;
    int64_t start;
    size_t n = strlen(rest);
    if (n < 16 || rest[n - 16] != '_' || !parse_stamp(rest + n - 15, &start))
        return;
    rest[n - 16] = 0;
    char *duration = strrchr(rest, '_');
    if (duration == NULL || longhaul_duration_parse(duration + 1, &duration_s, NULL) != 0)
        return;
    *duration = 0;
    bool is_tcp = strcmp(rest, TCP_RATE) == 0;
    if (!is_tcp && longhaul_rate_parse(rest, &rate_bps, NULL) != 0)
        return;
    name->protocol = is_tcp ? LONGHAUL_PROTOCOL_TCP : LONGHAUL_PROTOCOL_UDP;
    name->rate_bps = rate_bps;
    name->duration_s = duration_s;
    name->start_unix_s = start;
}

static void cut_ending(char *stem, const char *ending)
{
    if (file_has_ending(stem, ending))
        stem[strlen(stem) - strlen(ending)] = 0;
}

/* Cuts the ".2" of a second record with the same name: see serve_record_begin(). */
static void cut_number(char *stem)
{
    char *dot = strrchr(stem, '.');
    size_t n = dot ? strlen(dot + 1) : 0;
    if (n >= 1 && n <= 2 && all_digits(dot + 1, n))
        *dot = 0;
}

int longhaul_file_name_parse(const char *file_name, struct longhaul_file_name *name, struct longhaul_error *err)
{
    const char *slash = strrchr(file_name, '/');
    const char *base = slash ? slash + 1 : file_name;
    struct longhaul_file_name parsed = { .source = "" };
    char stem[256];
    if (snprintf(stem, sizeof stem, "%s", base) >= (int)sizeof stem)
        return error_set(err, LONGHAUL_EFORMAT, "%.60s...: too long for a name", base);
    cut_ending(stem, ".gz");
    cut_ending(stem, ".zst");
    cut_ending(stem, ".xz");
    cut_ending(stem, LEG_RESULT);
    cut_ending(stem, LEG_JOURNAL);
    cut_number(stem);
    char *destination = strchr(stem, '-');
    if (destination)
        *destination++ = 0;
    char *rest = destination ? strchr(destination, '-') : NULL;
    if (rest)
        *rest++ = 0;
    if (!destination || !leg_code_is_valid(stem) || !leg_code_is_valid(destination))
        return error_set(err, LONGHAUL_EFORMAT, "%.200s: not named <SRC>-<DST>-<RATE>_<DUR>_<time>", base);
    memcpy(parsed.source, stem, strlen(stem)); /* valid codes, so they fit */
    memcpy(parsed.destination, destination, strlen(destination));
    if (rest)
        parse_plan(rest, &parsed);
    *name = parsed;
    return 0;
}
