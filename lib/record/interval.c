/* interval.c - converts one libiperf interval to the typed struct, and to a journal's line on the leg's axis. No
 * I/O. */

#include "record/interval.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/plain_numbers.h"
#include "host/tcp_members.h"
#include "model/event_line.h"
#include "model/iperf_json.h"
#include "model/stream_fold.h"
#include "record/interval_delay.h"

#define TCP_TEXT_BYTES 512
#define TCP_MEMBER_BYTES 45 /* of one in it, at most */
#define OWN_TEXT_BYTES (TCP_TEXT_BYTES + 512 + INTERVAL_DELAY_BYTES)

/* Reads a count from the sum; returns false if it is missing or unreadable, and then sets bit in *unreadable, unless it
 * may be missing. */
static bool take_count(const json_t *sum, const char *key, int64_t least, bool may_miss, unsigned bit, int64_t *count,
                       unsigned *unreadable)
{
    const json_t *value = json_object_get(sum, key);
    double real = number_in(value);
    if (fabs(real) < 9e18 && real >= (double)least) {
        *count = json_is_integer(value) ? json_integer_value(value) : (int64_t)real;
        return true;
    }
    if (value != NULL || !may_miss)
        *unreadable |= bit;
    return false;
}

/* ---- TCP: the sum has only retransmits, each stream the rest */

static const struct {
    const char *key;
    size_t offset;           /* in struct longhaul_interval */
    size_t sender, receiver; /* in struct tcp_state */
} tcp_members[] = {
#define MEMBER(column, member, sender, receiver)                                                                       \
    { #member, offsetof(struct longhaul_interval, member), sender, receiver },
    TCP_MEMBERS(MEMBER)
#undef MEMBER
};

#define N_TCP_MEMBERS (sizeof tcp_members / sizeof tcp_members[0])
_Static_assert(N_TCP_MEMBERS * TCP_MEMBER_BYTES + 16 < TCP_TEXT_BYTES, "the text of all of TCP_MEMBERS has no room");

static double *tcp_member(struct longhaul_interval *v, size_t i)
{
    return (double *)(void *)((char *)v + tcp_members[i].offset);
}

static double fold_of(const json_t *streams, const char *key, double per, enum stream_fold fold)
{
    size_t i, n = 0;
    json_t *stream;
    double folded = NAN;
    json_array_foreach(streams, i, stream) {
        double value = number_of(stream, key);
        folded = stream_fold(fold, folded, value);
        n += isnan(value) ? 0 : 1;
    }
    return stream_fold_end(fold, folded, (double)n, per);
}

static void decode_tcp(const json_t *interval, const json_t *sum, struct longhaul_interval *out)
{
    const json_t *streams = json_object_get(interval, "streams");
    double retransmits = count_of(sum, "retransmits");
#define DECODE(column, member, key, per, fold) out->member = fold_of(streams, key, per, fold);
    STREAM_MEMBERS(DECODE)
#undef DECODE
    out->has_tcp = !isnan(retransmits);
    out->retransmits = out->has_tcp && retransmits < 9e18 ? (int64_t)retransmits : 0;
    for (size_t i = 0; i < N_TCP_MEMBERS; i++)
        *tcp_member(out, i) = NAN;
}

void interval_add_tcp(struct longhaul_interval *interval, const struct tcp_state *tcp, bool is_sender)
{
    for (size_t i = 0; tcp->n_streams > 0 && i < N_TCP_MEMBERS; i++) {
        size_t offset = is_sender ? tcp_members[i].sender : tcp_members[i].receiver;
        if (offset != TCP_UNKNOWN)
            *tcp_member(interval, i) = *(const double *)(const void *)((const char *)tcp + offset);
    }
}

void interval_add_order(struct longhaul_interval *interval, const struct order *order)
{
    interval->out_of_order_packets = order->out_of_order;
    interval->duplicate_packets = order->duplicates;
    if (!interval->has_loss || !(order->late > 0))
        return;
    interval->late_packets = (int64_t)order->late;
    interval->lost_packets = interval_subtract(interval->lost_packets, interval->late_packets);
}

/* ,"tcp":{...} with what is known, in TCP_TEXT_BYTES; "" when nothing is. */
static void tcp_text(const struct longhaul_interval *v, char *text)
{
    struct plain_numbers plain;
    size_t n = 0;
    text[0] = 0;
    plain_numbers_begin(&plain);
    for (size_t i = 0; i < N_TCP_MEMBERS; i++) {
        double value = *tcp_member((struct longhaul_interval *)(uintptr_t)v, i);
        if (!isnan(value))
            n += (size_t)snprintf(text + n, TCP_TEXT_BYTES - n, "%s\"%s\":%.10g", n ? "," : ",\"tcp\":{",
                                  tcp_members[i].key, value);
    }
    if (n > 0)
        snprintf(text + n, TCP_TEXT_BYTES - n, "}");
    plain_numbers_end(&plain);
}

/* ---- whole intervals */

/* The rate, by libiperf's own rule if its value cannot be read. */
static double rate_of(const json_t *sum, struct longhaul_interval *v)
{
    double rate_bps = number_of(sum, "bits_per_second");
    if (isfinite(rate_bps) && rate_bps >= 0)
        return rate_bps;
    v->unreadable |= LONGHAUL_UNREADABLE_RATE;
    if (!(v->unreadable & LONGHAUL_UNREADABLE_BYTES) && v->seconds > 0)
        return (double)v->bytes * 8 / v->seconds;
    return NAN;
}

static void decode_loss(const json_t *sum, struct longhaul_interval *v)
{
    bool is_udp = json_object_get(sum, "jitter_ms") || json_object_get(sum, "lost_packets");
    take_count(sum, "packets", 0, !is_udp, LONGHAUL_UNREADABLE_PACKETS, &v->packets, &v->unreadable);
    v->has_loss =
        take_count(sum, "lost_packets", INT64_MIN, !is_udp, LONGHAUL_UNREADABLE_LOSS, &v->lost_packets, &v->unreadable);
    v->jitter_ms = count_of(sum, "jitter_ms");
    if (is_udp && isnan(v->jitter_ms))
        v->unreadable |= LONGHAUL_UNREADABLE_JITTER;
}

void interval_decode(const json_t *interval, double shift_s, struct longhaul_interval *out)
{
    const json_t *sum = interval_sum(interval), *own = json_object_get(interval, "longhaul");
    struct longhaul_interval v = { .start_s = number_of(sum, "start") + shift_s,
                                   .seconds = number_of(sum, "seconds"),
                                   .out_of_order_packets = count_of(own, "out_of_order"),
                                   .duplicate_packets = count_of(own, "duplicates") };
    if (!isfinite(v.start_s) || !isfinite(v.seconds) || v.seconds < 0)
        v.unreadable |= LONGHAUL_UNREADABLE_TIME;
    take_count(sum, "bytes", 0, false, LONGHAUL_UNREADABLE_BYTES, &v.bytes, &v.unreadable);
    v.bits_per_second = rate_of(sum, &v);
    v.is_omitted = json_is_true(json_object_get(sum, "omitted"));
    decode_loss(sum, &v);
    decode_tcp(interval, sum, &v);
    interval_delay_decode(own, &v.delay);
    *out = v;
}

/* ---- what cannot be read */

/* The object with the members of the sum. */
static json_t *sum_to_mend(json_t *interval)
{
    json_t *sum = (json_t *)(uintptr_t)interval_sum(interval);
    if (!json_is_object(sum))
        json_object_set_new(interval, "sum", sum = json_object());
    return sum;
}

static const struct { unsigned bit; const char *key;
} members[] = { { LONGHAUL_UNREADABLE_TIME, "start" },        { LONGHAUL_UNREADABLE_RATE, "bits_per_second" },
                { LONGHAUL_UNREADABLE_BYTES, "bytes" },       { LONGHAUL_UNREADABLE_PACKETS, "packets" },
                { LONGHAUL_UNREADABLE_LOSS, "lost_packets" }, { LONGHAUL_UNREADABLE_JITTER, "jitter_ms" } };

#define N_MEMBERS (sizeof members / sizeof members[0])

/* Sets the loss without the datagrams that came late: in the sum, and in the stream if there is only one. */
static void mend_loss(json_t *object, const struct longhaul_interval *v)
{
    double percent = v->packets > 0 ? 100 * (double)v->lost_packets / (double)v->packets : 0;
    json_object_set_new(object, "lost_packets", json_integer(v->lost_packets));
    json_object_set_new(object, "lost_percent", json_real(percent));
}

static void mend_late(json_t *interval, const struct longhaul_interval *v)
{
    const json_t *streams = json_object_get(interval, "streams");
    mend_loss(sum_to_mend(interval), v);
    if (json_array_size(streams) == 1 && json_is_object(json_array_get(streams, 0)))
        mend_loss(json_array_get(streams, 0), v);
}

/* Writes null in place of what cannot be read, and moves times to the leg's axis. */
static void mend(json_t *interval, const struct longhaul_interval *v)
{
    json_t *sum = sum_to_mend(interval);
    for (size_t i = 0; i < N_MEMBERS; i++)
        if (v->unreadable & members[i].bit)
            json_object_set_new(sum, members[i].key, json_null());
    if (!isnan(v->bits_per_second))
        json_object_set_new(sum, "bits_per_second", json_real(v->bits_per_second));
    if (!(v->unreadable & LONGHAUL_UNREADABLE_TIME))
        return;
    json_object_set_new(sum, "start", json_real(v->start_s));
    json_object_set_new(sum, "end", json_real(v->start_s + v->seconds));
    json_object_set_new(sum, "seconds", json_real(v->seconds));
}

void interval_unreadable_text(unsigned unreadable, const char *between, char *text, size_t size)
{
    size_t n = 0;
    *text = 0;
    for (size_t i = 0; i < N_MEMBERS && n < size; i++)
        if (unreadable & members[i].bit)
            n += (size_t)snprintf(text + n, size - n, "%s%s", n ? between : "", members[i].key);
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

/* What longhaul knows about the row except its times: members of its own object, each after a comma. */
static void own_text(const struct longhaul_interval *v, char text[OWN_TEXT_BYTES])
{
    char names[160];
    size_t n = 0;
    text[0] = 0;
    if (!isnan(v->out_of_order_packets))
        n += (size_t)snprintf(text + n, OWN_TEXT_BYTES - n, ",\"out_of_order\":%.0f", v->out_of_order_packets);
    if (!isnan(v->duplicate_packets))
        n += (size_t)snprintf(text + n, OWN_TEXT_BYTES - n, ",\"duplicates\":%.0f", v->duplicate_packets);
    if (v->late_packets)
        n += (size_t)snprintf(text + n, OWN_TEXT_BYTES - n, ",\"late\":%" PRId64, v->late_packets);
    interval_unreadable_text(v->unreadable, "\",\"", names, sizeof names);
    if (v->unreadable)
        n += (size_t)snprintf(text + n, OWN_TEXT_BYTES - n, ",\"unreadable\":[\"%s\"]", names);
    tcp_text(v, text + n);
    n += strlen(text + n);
    interval_delay_text(&v->delay, text + n);
}

/* The text of an interval after its "streams", which are the first of its members; NULL if they are not. */
static const char *after_streams(const char *data, size_t n)
{
    static const char head[] = "{\"streams\":[";
    const char *end =
        n > sizeof head && memcmp(data, head, sizeof head - 1) == 0 ? memchr(data, ']', n) : NULL;
    return end && (size_t)(end + 2 - data) < n && end[1] == ',' ? end + 2 : NULL;
}

/* An interval as it stands in a journal's line, without its last brace: `before`, then n bytes of data. */
struct body {
    const char *before, *data;
    size_t n;
    char *dumped; /* NULL if the data are libiperf's own text */
};

static struct body body_of(const char *text, size_t length, json_t *interval, double shift_s, bool has_flows,
                           const struct longhaul_interval *v)
{
    static const size_t head = sizeof EVENT_LINE(EVENT_NAME_INTERVAL) - 1;
    bool as_it_came = text && shift_s == 0 && v->unreadable == 0 && v->late_packets == 0 &&
                      json_object_get(interval, "longhaul") == NULL;
    struct body body = { "", as_it_came ? text + head : NULL, as_it_came ? length - head - 2 : 0, NULL };
    if (as_it_came && !has_flows)
        return body;
    const char *rest = as_it_came ? after_streams(body.data, body.n) : NULL;
    if (rest)
        return (struct body){ "{", rest, body.n - (size_t)(rest - body.data), NULL };
    shift_all(interval, shift_s);
    json_object_del(interval, "longhaul");
    if (v->unreadable)
        mend(interval, v);
    if (v->late_packets)
        mend_late(interval, v);
    if (has_flows)
        json_object_del(interval, "streams");
    body.data = body.dumped = json_dumps(interval, JSON_COMPACT);
    body.n = body.dumped ? strlen(body.dumped) - 1 : 0;
    return body;
}

char *interval_line(const char *text, size_t length, json_t *interval, double shift_s, const char *flows,
                    const struct longhaul_interval *v)
{
    char *line = NULL, own[OWN_TEXT_BYTES];
    struct body body = body_of(text, length, interval, shift_s, flows != NULL, v);
    own_text(v, own);
    if (body.n <= 1 ||
        asprintf(&line,
                 EVENT_LINE(EVENT_NAME_INTERVAL) "%s%.*s,\"longhaul\":{\"unix_us\":%" PRId64
                 ",\"monotonic_us\":%" PRId64 ",\"segment\":%" PRIu32 "%s%s%s%s}}}\n",
                 body.before, (int)body.n, body.data, v->wall_unix_ns / NS_PER_US, v->monotonic_ns / NS_PER_US,
                 v->segment, own, flows ? ",\"flows\":\"" : "", flows ? flows : "", flows ? "\"" : "") < 0)
        line = NULL;
    free(body.dumped);
    return line;
}
