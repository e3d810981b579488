/* series_document.c - takes what a document says about a test apart from its intervals: start, end, error, longhaul's
 * own object. Knows the objects of iperf3's documents and of longhaul's. Refuses nothing: what an object does not have
 * stays NAN or "". */

#include "read/series.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/stats.h"
#include "base/text_safe.h"
#include "model/leg.h"
#include "read/series_inside.h"

/* ---- members of objects */

/* NAN for 0, where 0 means that there is no value. */
static double positive_of(const json_t *object, const char *key)
{
    double value = number_of(object, key);
    return value > 0 ? value : NAN;
}

/* Copies a string on one line, cut to size. */
static void copy_text(char *out, size_t size, const json_t *value)
{
    snprintf(out, size, "%s", json_is_string(value) ? json_string_value(value) : "");
    text_make_safe(out);
}

/* Drops characters that no host name or address has, so that nothing else from a file gets into names, tables and
 * scripts. */
static void keep_host_characters(char *text)
{
    for (char *p = text; *p; p++)
        if (!isalnum((unsigned char)*p) && !strchr("._:%-", *p))
            *p = '_';
}

static void copy_host(char *out, size_t size, const char *host)
{
    snprintf(out, size, "%s", host ? host : "");
    text_make_safe(out);
    keep_host_characters(out);
}

/* Copies a protocol or a gap's cause with safe characters only: it becomes a word in tables, a class of pages, a cell
 * of spreadsheets. */
static void copy_word(char *out, size_t size, const json_t *value)
{
    copy_text(out, size, value);
    for (char *p = out; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '-' && *p != '_')
            *p = '_';
}

static void copy_code(char *out, size_t size, const json_t *value)
{
    if (json_is_string(value) && leg_code_is_valid(json_string_value(value)))
        snprintf(out, size, "%s", json_string_value(value));
}

/* ---- start */

static void add_cookie(struct longhaul_series *s, const json_t *cookie, size_t first, size_t n)
{
    struct series_session session = { .first = first, .n = n };
    copy_text(session.cookie, sizeof session.cookie, cookie);
    series_add_session(s, &session);
}

void series_take_segment(struct longhaul_series *s, const json_t *segment)
{
    double first = number_of(segment, "first_interval"), last = number_of(segment, "last_interval");
    if (first >= 0 && last >= first && last < (double)s->length)
        add_cookie(s, json_object_get(segment, "cookie"), (size_t)first, (size_t)(last - first) + 1);
}

void series_take_gap(struct longhaul_series *s, const json_t *gap)
{
    char cause[32], noticed[64], text[256];
    double start_s = number_of(gap, "start_s"), seconds = number_of(gap, "seconds");
    if (!(isfinite(start_s) && seconds > 0 && isfinite(start_s + seconds)))
        return;
    copy_word(cause, sizeof cause, json_object_get(gap, "cause"));
    copy_text(noticed, sizeof noticed, json_object_get(gap, "noticed_by"));
    copy_text(text, sizeof text, json_object_get(gap, "text"));
    series_add_gap(s, &(struct longhaul_gap){
                          .start_s = start_s, .seconds = seconds, .cause = cause, .noticed = noticed, .text = text });
}

void series_take_stopped(struct longhaul_series *s, double at_s)
{
    s->info.stopped_s = at_s >= 0 && isfinite(at_s) ? at_s : NAN;
}

void series_take_start(struct longhaul_series *s, json_t *start)
{
    const json_t *test = json_object_get(start, "test_start");
    s->sessions.n_started++;
    if (s->info.is_journal) {
        series_take_stopped(s, NAN);
        add_cookie(s, json_object_get(start, "cookie"), s->length, 0);
    }
    if (s->has_start && s->info.is_journal)
        return;
    s->has_start = true;
    copy_text(s->version, sizeof s->version, json_object_get(start, "version"));
    copy_word(s->protocol, sizeof s->protocol, json_object_get(test, "protocol"));
    copy_host(s->local_address, sizeof s->local_address, start_local_address(start));
    copy_host(s->remote_address, sizeof s->remote_address, start_remote_address(start));
    copy_text(s->cookie, sizeof s->cookie, json_object_get(start, "cookie"));
    s->is_reverse = is_set(test, "reverse");
    s->is_server = json_object_get(start, "accepted_connection") != NULL;
    if (s->remote_address[0] == 0) /* it did not come to a stream */
        copy_host(s->remote_address, sizeof s->remote_address,
                  json_string_value(json_object_get(
                      json_object_get(start, s->is_server ? "accepted_connection" : "connecting_to"), "host")));
    bool is_known = s->info.is_journal || s->longhaul_version[0]; /* longhaul's own object may come before: it knows the
                                                                     leg's; of a repeated key the last one counts */
    if (!is_known || isnan(s->info.start_unix_s))
        s->info.start_unix_s = number_of(json_object_get(start, "timestamp"), "timesecs");
    if (!is_known || isnan(s->info.planned_s))
        s->info.planned_s = positive_of(test, "duration");
    if (!is_known || isnan(s->info.target_bps))
        s->info.target_bps = positive_of(test, "target_bitrate");
    s->info.has_omitted = s->info.has_omitted || positive_of(test, "omit") > 0;
    s->info.datagram_bytes = positive_of(test, "blksize");
    s->info.n_streams = positive_of(test, "num_streams");
    series_take_ports(s, start);
    s->info.window_bytes = positive_of(start, "sock_bufsize");
}

void series_take_longhaul(struct longhaul_series *s, json_t *longhaul, bool is_journal)
{
    double start_us = number_of(longhaul, "start_unix_us");
    double planned_s = positive_of(longhaul, "duration_s");
    double rate_bps = positive_of(longhaul, "rate_bps");
    s->info.is_journal = is_journal;
    copy_code(s->source, sizeof s->source, json_object_get(longhaul, "source"));
    copy_code(s->destination, sizeof s->destination, json_object_get(longhaul, "destination"));
    if (!isnan(start_us))
        s->info.start_unix_s = start_us / US_PER_S;
    if (!isnan(planned_s))
        s->info.planned_s = planned_s; /* of the leg; a later session's test_start has only the remaining time */
    series_take_flows(s, longhaul);
    if (!isnan(rate_bps)) /* of all flows */
        s->info.target_bps = s->flows.n > 0 ? rate_bps / (double)s->flows.n : rate_bps;
    copy_text(s->longhaul_version, sizeof s->longhaul_version, json_object_get(longhaul, "version"));
    series_take_stopped(s, number_of(longhaul, "stopped_s"));
    series_take_path(s, longhaul);
}

void series_take_error(struct longhaul_series *s, json_t *error)
{
    copy_text(s->error, sizeof s->error, error);
}

/* ---- end */

/* A session of a journal ended: adds the receiver's figures, if it has them, to the sum over sessions. */
static void add_session(struct sessions *all, const struct end_figures *end)
{
    if (isnan(end->lost_packets) || isnan(end->packets))
        return;
    all->n_ended++;
    all->lost_packets += end->lost_packets;
    all->packets += end->packets;
    all->jitter_ms = end->jitter_ms;
}

static const json_t *sum_of(const json_t *end, const char *name, const char *direction)
{
    char key[64];
    snprintf(key, sizeof key, "%s%s", name, direction);
    return json_object_get(end, key);
}

/* The packets that the file's writer received out of order, which iperf3 has only in each stream. Only in a
 * bidirectional test are some streams sent: in other tests "sender" differs between versions. */
static double out_of_order_of(const json_t *end, const json_t *sum)
{
    size_t i;
    json_t *stream;
    double total = NAN;
    bool is_both_ways = json_object_get(end, "sum_bidir_reverse") || json_object_get(end, "sum_received_bidir_reverse");
    if (json_is_number(json_object_get(sum, "out_of_order"))) /* longhaul's */
        return number_of(sum, "out_of_order");
    json_array_foreach(json_object_get(end, "streams"), i, stream) {
        const json_t *udp = json_object_get(stream, "udp");
        double count = count_of(udp, "out_of_order");
        if (!(is_both_ways && json_is_true(json_object_get(udp, "sender"))) && !isnan(count))
            total = isnan(total) ? count : total + count;
    }
    return total;
}

/* direction is "" or "_bidir_reverse". */
static struct end_figures end_of(const json_t *end, const char *direction)
{
    const json_t *sum = sum_of(end, "sum", direction), *sent = sum_of(end, "sum_sent", direction);
    const json_t *received = sum_of(end, "sum_received", direction);
    if (json_object_size(sum) == 0) /* TCP has none: uses what iperf3 prints last, the receiver's */
        sum = json_object_size(received) > 0 ? received : sent;
    /* A side that was never heard of has 0 bytes, and 0 or -1 retransmits. */
    double retransmits = number_of(sent, "bytes") == 0 ? NAN : count_of(sent, "retransmits");
    return (struct end_figures){ .seconds = number_of(sum, "seconds"),
                                 .bits_per_second = number_of(sum, "bits_per_second"),
                                 .bytes = number_of(sum, "bytes"), .jitter_ms = number_of(sum, "jitter_ms"),
                                 .lost_packets = number_of(sum, "lost_packets"), .packets = number_of(sum, "packets"),
                                 .lost_percent = number_of(sum, "lost_percent"),
                                 .sent_packets = number_of(sent, "packets"), .sent_bytes = number_of(sent, "bytes"),
                                 .sent_bits_per_second = number_of(sent, "bits_per_second"),
                                 .received_bits_per_second = number_of(received, "bits_per_second"),
                                 .received_packets = number_of(received, "packets"),
                                 .received_bytes = number_of(received, "bytes"), .retransmits = retransmits,
                                 .out_of_order_packets = out_of_order_of(end, sum),
                                 .duplicate_packets = count_of(sum, "duplicates") };
}

void series_take_end(struct longhaul_series *s, json_t *end)
{
    struct end_figures figures = end_of(end, "");
    if (s->info.is_journal) {
        add_session(&s->sessions, &figures);
        return;
    }
    copy_text(s->congestion, sizeof s->congestion, json_object_get(end, "sender_tcp_congestion"));
    s->info.is_complete = json_object_size(end) > 0;
    series_set_end(&s->info, &figures);
    s->reverse_end = end_of(end, "_bidir_reverse");
}

/* True if every interval of a journal knows its losses. */
static bool intervals_know_loss(const struct longhaul_series *s)
{
    const double *lost = longhaul_series_column(s, LONGHAUL_COLUMN_LOST_PACKETS),
                 *packets = longhaul_series_column(s, LONGHAUL_COLUMN_PACKETS);
    for (size_t i = 0; i < s->length; i++)
        if (isnan(lost[i]) || isnan(packets[i]))
            return false;
    return s->length > 0;
}

/* A journal has no end of the whole leg: its totals come from its sessions or, if those do not tell, from its
 * intervals; else they are unknown. */
static void sum_up_journal(struct longhaul_series *s)
{
    struct longhaul_info *info = &s->info;
    if (s->length == 0)
        return;
    info->end_seconds = longhaul_series_column(s, LONGHAUL_COLUMN_END_S)[s->length - 1];
    info->end_bits_per_second =
        8 * stats_sum(longhaul_series_column(s, LONGHAUL_COLUMN_BYTES), s->length) / info->end_seconds;
    if (intervals_know_loss(s)) {
        info->end_lost_packets = stats_sum(longhaul_series_column(s, LONGHAUL_COLUMN_LOST_PACKETS), s->length);
        info->end_packets = stats_sum(longhaul_series_column(s, LONGHAUL_COLUMN_PACKETS), s->length);
        info->end_jitter_ms = longhaul_series_column(s, LONGHAUL_COLUMN_JITTER_MS)[s->length - 1];
    } else if (s->sessions.n_ended > 0 && s->sessions.n_ended == s->sessions.n_started) {
        info->end_lost_packets = s->sessions.lost_packets;
        info->end_packets = s->sessions.packets;
        info->end_jitter_ms = s->sessions.jitter_ms;
    } else if (s->info.is_sender &&
               longhaul_series_column(s, LONGHAUL_COLUMN_PACKETS)) { /* the receiver may know what arrived: join.c */
        info->end_packets = stats_sum(longhaul_series_column(s, LONGHAUL_COLUMN_PACKETS), s->length);
    }
    if (info->end_packets > 0)
        info->end_lost_percent = 100 * info->end_lost_packets / info->end_packets;
}

/* ---- labels */

/* Labels the series from sender to receiver, with the names of the file's writer and its peer. */
static void label(struct longhaul_series *s, const char *own, const char *peer)
{
    snprintf(s->source, LABEL_SIZE, "%s", s->info.is_sender ? own : peer);
    snprintf(s->destination, LABEL_SIZE, "%s", s->info.is_sender ? peer : own);
}

/* The name of the file without folder and endings, as a label. */
static void stem_of(const char *path, char stem[LABEL_SIZE])
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    if (strcmp(path, "-") == 0)
        base = "stdin";
    snprintf(stem, LABEL_SIZE, "%.*s", (int)strcspn(base, "."), base);
    keep_host_characters(stem);
    if (stem[0] == 0)
        snprintf(stem, LABEL_SIZE, "unnamed");
}

/* A name in longhaul's form, with plan and time, names the sites of the test. Any other name, such as "udp-test.json",
 * may mean anything: the addresses of both sides in the file are preferred. A side of which nothing is known is named
 * after the file. */
static void settle_labels(struct longhaul_series *s)
{
    struct longhaul_file_name name;
    char stem[LABEL_SIZE];
    if (s->source[0] && s->destination[0])
        return;
    bool has_codes = longhaul_file_name_parse(s->path, &name, NULL) == 0,
         has_addresses = s->local_address[0] && s->remote_address[0];
    if (has_codes && (name.start_unix_s != 0 || !has_addresses)) {
        snprintf(s->source, LABEL_SIZE, "%s", name.source);
        snprintf(s->destination, LABEL_SIZE, "%s", name.destination);
        return;
    }
    stem_of(s->path, stem);
    label(s, s->local_address[0] ? s->local_address : stem, s->remote_address[0] ? s->remote_address : "peer");
}

/* A sender has no order of arrival. */
static void settle_order(struct longhaul_series *s)
{
    if (s->info.is_sender)
        s->info.end_out_of_order_packets = s->info.end_duplicate_packets = NAN;
}

/* Makes the other direction: the same test, from the other site. */
static struct longhaul_series *split_reverse(struct longhaul_series *s)
{
    struct longhaul_series *r = s->reverse;
    if (r == NULL)
        return NULL;
    bool is_sender = r->knows_sender ? r->info.is_sender : !s->info.is_sender;
    s->reverse = NULL;
    memcpy(r->source, s->destination, LABEL_SIZE);
    memcpy(r->destination, s->source, LABEL_SIZE);
    memcpy(r->version, s->version, sizeof r->version);
    memcpy(r->protocol, s->protocol, sizeof r->protocol);
    memcpy(r->cookie, s->cookie, sizeof r->cookie);
    memcpy(r->error, s->error, sizeof r->error);
    memcpy(r->local_address, s->local_address, sizeof r->local_address);
    memcpy(r->remote_address, s->remote_address, sizeof r->remote_address);
    memcpy(r->congestion, s->congestion, sizeof r->congestion);
    r->info.start_unix_s = s->info.start_unix_s;
    r->info.planned_s = s->info.planned_s;
    r->info.target_bps = s->info.target_bps;
    r->info.datagram_bytes = s->info.datagram_bytes;
    r->info.n_streams = s->info.n_streams;
    r->info.window_bytes = s->info.window_bytes;
    r->info.is_sender = is_sender;
    r->info.has_omitted = s->info.has_omitted;
    r->info.is_complete = s->info.is_complete;
    r->info.is_journal = s->info.is_journal;
    r->info.is_other_direction = !s->has_same_keys;
    series_set_end(&r->info, &s->reverse_end);
    settle_order(r);
    series_trim(r);
    if (r->info.is_journal)
        sum_up_journal(r);
    return r;
}

static void count_sessions(struct longhaul_series *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_sessions; i++)
        n += s->session[i].n > 0;
    if (n > 0)
        s->info.n_sessions = (double)n;
}

struct longhaul_series *series_finish(struct longhaul_series *s)
{
    if (!s->knows_sender)
        s->info.is_sender = s->is_server == s->is_reverse; /* a client sends, unless the test is reversed */
    settle_order(s);
    settle_labels(s);
    for (size_t i = 0; s->info.is_journal && i < s->n_sessions; i++)
        s->session[i].n = (i + 1 < s->n_sessions ? s->session[i + 1].first : s->length) - s->session[i].first;
    count_sessions(s);
    route_list_sort(&s->routes);
    series_trim(s);
    if (s->info.is_journal)
        sum_up_journal(s);
    return split_reverse(s);
}
