/* interval.c - one libiperf interval: to the typed struct, and to a journal's line on the leg's axis. No I/O. */

#include "interval.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const json_t *interval_sum(const json_t *interval)
{
    const json_t *sum = json_object_get(interval, "sum");
    return json_is_object(sum) ? sum : json_array_get(json_object_get(interval, "streams"), 0);
}

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static int64_t integer(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_integer(value))
        return json_integer_value(value);
    double real = number(object, key);
    return fabs(real) < 9e18 ? (int64_t)real : 0;
}

bool interval_decode(const json_t *interval, double shift_s, struct longhaul_interval *out)
{
    const json_t *sum = interval_sum(interval);
    struct longhaul_interval decoded = { .start_s = number(sum, "start") + shift_s, .seconds = number(sum, "seconds"),
                                         .bytes = integer(sum, "bytes"), .packets = integer(sum, "packets"),
                                         .bits_per_second = number(sum, "bits_per_second"), .jitter_ms = NAN };
    if (isnan(decoded.start_s) || isnan(decoded.seconds) || isnan(decoded.bits_per_second))
        return false;
    decoded.is_omitted = json_is_true(json_object_get(sum, "omitted"));
    decoded.has_loss = json_is_number(json_object_get(sum, "lost_packets")) && json_is_number(json_object_get(sum, "jitter_ms"));
    if (decoded.has_loss) {
        decoded.lost_packets = integer(sum, "lost_packets");
        decoded.jitter_ms = number(sum, "jitter_ms");
    }
    *out = decoded;
    return true;
}

static void shift(json_t *object, double shift_s)
{
    static const char *const keys[] = { "start", "end" };
    for (size_t i = 0; i < 2; i++)
        if (json_is_number(json_object_get(object, keys[i])))
            json_object_set_new(object, keys[i], json_real(number(object, keys[i]) + shift_s));
}

static void shift_all(json_t *interval, double shift_s)
{
    size_t i;
    json_t *stream;
    json_array_foreach(json_object_get(interval, "streams"), i, stream)
        shift(stream, shift_s);
    shift(json_object_get(interval, "sum"), shift_s);
    shift(json_object_get(interval, "sum_bidir_reverse"), shift_s);
}

char *interval_line(const char *text, size_t length, json_t *interval, double shift_s, const struct longhaul_interval *decoded)
{
    static const char head[] = "{\"event\":\"interval\",\"data\":";
    char *dumped = NULL, *line = NULL;
    const char *data = text + sizeof head - 1;
    size_t n = length - sizeof head; /* without the outer brace */
    bool as_it_came = shift_s == 0 && length > sizeof head + 2 && strncmp(text, head, sizeof head - 1) == 0 &&
                      strcmp(text + length - 2, "}}") == 0 && strchr(text, '\n') == NULL;
    if (!as_it_came) {
        shift_all(interval, shift_s);
        data = dumped = json_dumps(interval, JSON_COMPACT);
        n = dumped ? strlen(dumped) : 0;
    }
    if (n < 2 || asprintf(&line, "%s%.*s,\"longhaul\":{\"unix_us\":%" PRId64 ",\"monotonic_us\":%" PRId64 ",\"segment\":%" PRIu32 "}}}\n",
                          head, (int)(n - 1), data, decoded->wall_unix_ns / 1000, decoded->monotonic_ns / 1000, decoded->segment) < 0)
        line = NULL;
    free(dumped);
    return line;
}
