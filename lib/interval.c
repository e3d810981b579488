/* interval.c - one libiperf interval: to the typed struct, and to a journal's line on the leg's axis. No I/O. */

#include "interval.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_number.h"
#include "plain_numbers.h"

#define US_PER_MS 1000
#define TCP_TEXT_BYTES 512 /* ten members of at most 45 */

static int64_t integer(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_integer(value))
        return json_integer_value(value);
    double real = number_of(object, key);
    return fabs(real) < 9e18 ? (int64_t)real : 0;
}

/* ---- TCP: the sum has retransmits alone, each stream the rest */

static double sum_of(const json_t *streams, const char *key)
{
    size_t i;
    json_t *stream;
    double sum = json_array_size(streams) > 0 ? 0 : NAN;
    json_array_foreach(streams, i, stream)
        sum += count_of(stream, key);
    return sum;
}

static double least_of(const json_t *streams, const char *key)
{
    size_t i;
    json_t *stream;
    double least = NAN;
    json_array_foreach(streams, i, stream) {
        double value = count_of(stream, key);
        if (isnan(least) || value < least)
            least = value;
    }
    return least;
}

static void decode_tcp(const json_t *interval, const json_t *sum, struct longhaul_interval *out)
{
    const json_t *streams = json_object_get(interval, "streams");
    double n = (double)json_array_size(streams), retransmits = count_of(sum, "retransmits");
    out->snd_cwnd_bytes = sum_of(streams, "snd_cwnd");
    out->snd_wnd_bytes = sum_of(streams, "snd_wnd");
    out->rtt_ms = sum_of(streams, "rtt") / n / US_PER_MS;
    out->rttvar_ms = sum_of(streams, "rttvar") / n / US_PER_MS;
    out->pmtu_bytes = least_of(streams, "pmtu");
    out->has_tcp = !isnan(retransmits);
    out->retransmits = out->has_tcp ? integer(sum, "retransmits") : 0;
    out->segments = out->out_of_order_segments = out->spurious_retransmits = out->reorderings = NAN;
    out->busy_s = out->rwnd_limited_s = out->sndbuf_limited_s = NAN;
    out->zero_windows = out->min_rtt_ms = out->mss_bytes = NAN;
}

void interval_add_tcp(struct longhaul_interval *interval, const struct tcp_state *tcp, bool is_sender)
{
    if (tcp->n_streams == 0)
        return;
    interval->segments = is_sender ? tcp->segments_out : tcp->segments_in;
    if (!is_sender) {
        interval->out_of_order_segments = tcp->out_of_order_in;
        return;
    }
    interval->spurious_retransmits = tcp->dsack_dups;
    interval->reorderings = tcp->reorderings;
    interval->busy_s = tcp->busy_s;
    interval->rwnd_limited_s = tcp->rwnd_limited_s;
    interval->sndbuf_limited_s = tcp->sndbuf_limited_s;
    interval->zero_windows = tcp->zero_windows;
    interval->min_rtt_ms = tcp->min_rtt_ms;
    interval->mss_bytes = tcp->mss_bytes;
}

/* ,"tcp":{...} of what is known; "" when nothing is. */
static void tcp_text(const struct longhaul_interval *v, char text[TCP_TEXT_BYTES])
{
    const struct { const char *key; double value; } members[] = {
        { "segments", v->segments }, { "out_of_order_segments", v->out_of_order_segments },
        { "spurious_retransmits", v->spurious_retransmits }, { "reorderings", v->reorderings }, { "busy_s", v->busy_s },
        { "rwnd_limited_s", v->rwnd_limited_s }, { "sndbuf_limited_s", v->sndbuf_limited_s },
        { "zero_windows", v->zero_windows }, { "min_rtt_ms", v->min_rtt_ms }, { "mss_bytes", v->mss_bytes } };
    struct plain_numbers plain;
    size_t n = 0;
    text[0] = 0;
    plain_numbers_begin(&plain);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (!isnan(members[i].value))
            n += (size_t)snprintf(text + n, TCP_TEXT_BYTES - n, "%s\"%s\":%.10g", n ? "," : ",\"tcp\":{", members[i].key, members[i].value);
    if (n > 0)
        snprintf(text + n, TCP_TEXT_BYTES - n, "}");
    plain_numbers_end(&plain);
}

/* ---- whole intervals */

bool interval_decode(const json_t *interval, double shift_s, struct longhaul_interval *out)
{
    const json_t *sum = interval_sum(interval);
    struct longhaul_interval decoded = { .start_s = number_of(sum, "start") + shift_s, .seconds = number_of(sum, "seconds"),
                                         .bytes = integer(sum, "bytes"), .packets = integer(sum, "packets"),
                                         .bits_per_second = number_of(sum, "bits_per_second"), .jitter_ms = NAN };
    if (isnan(decoded.start_s) || isnan(decoded.seconds) || isnan(decoded.bits_per_second))
        return false;
    decoded.is_omitted = json_is_true(json_object_get(sum, "omitted"));
    decoded.has_loss = json_is_number(json_object_get(sum, "lost_packets")) && json_is_number(json_object_get(sum, "jitter_ms"));
    if (decoded.has_loss) {
        decoded.lost_packets = integer(sum, "lost_packets");
        decoded.jitter_ms = number_of(sum, "jitter_ms");
    }
    decode_tcp(interval, sum, &decoded);
    *out = decoded;
    return true;
}

static void shift(json_t *object, double shift_s)
{
    static const char *const keys[] = { "start", "end" };
    for (size_t i = 0; i < 2; i++)
        if (json_is_number(json_object_get(object, keys[i])))
            json_object_set_new(object, keys[i], json_real(number_of(object, keys[i]) + shift_s));
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
    char *dumped = NULL, *line = NULL, tcp[TCP_TEXT_BYTES];
    const char *data = text + sizeof head - 1;
    size_t n = length - sizeof head; /* without the outer brace */
    bool as_it_came = shift_s == 0 && length > sizeof head + 2 && strncmp(text, head, sizeof head - 1) == 0 &&
                      strcmp(text + length - 2, "}}") == 0 && strchr(text, '\n') == NULL;
    if (!as_it_came) {
        shift_all(interval, shift_s);
        data = dumped = json_dumps(interval, JSON_COMPACT);
        n = dumped ? strlen(dumped) : 0;
    }
    tcp_text(decoded, tcp);
    if (n < 2 || asprintf(&line, "%s%.*s,\"longhaul\":{\"unix_us\":%" PRId64 ",\"monotonic_us\":%" PRId64 ",\"segment\":%" PRIu32 "%s}}}\n",
                          head, (int)(n - 1), data, decoded->wall_unix_ns / 1000, decoded->monotonic_ns / 1000, decoded->segment, tcp) < 0)
        line = NULL;
    free(dumped);
    return line;
}
