/* result.c - journal to result, in one pass and with flat memory: start, intervals as they stand, end from 64-bit sums, and the
 * "longhaul" object with segments and gaps. What is not known is left out, never 0. Also `recover`. */

#include "result.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "file.h"
#include "interval.h"
#include "result_end.h"
#include "result_host.h"

#define MAX_INT32 2147483647.0 /* a count that iperf3 3.12 gives for "I have lost count" (esnet/iperf#1534) */

struct segment {
    json_t *cookie;
    uint64_t first, n; /* intervals */
    double start_s, end_s;
    struct side here;     /* this host's intervals */
    struct side peer;     /* what the peer reported at the end */
    struct loss loss;
    struct retransmits retransmits;
    bool is_open;
};

struct result {
    FILE *out;
    json_t *header;   /* the journal's first line */
    json_t *last_end; /* libiperf's newest end record, not yet known to be good */
    json_t *end;      /* that of the newest session that ended well */
    json_t *segments; /* finished ones */
    json_t *gaps;
    json_t *clock_steps;
    json_t *rtt; /* [elapsed_s, ms or null]... */
    json_t *rtt_method;
    struct result_host host;
    size_t next_gap; /* the first that does not end before the newest interval */
    struct segment segment;
    struct result_totals totals;
    uint32_t n_measured; /* segments with an interval */
    uint64_t n_intervals;
    uint64_t n_damaged; /* lines that are no JSON */
    uint64_t n_lost;    /* intervals that the disk never took */
    double observed_s;
    int64_t unseen_packets;
    int64_t first_unix_us, last_unix_us;
    bool has_start, has_torn_tail;
};

/* ---- reading events */

static double real_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static bool take_count(const json_t *object, const char *key, int64_t *count)
{
    double value = real_of(object, key);
    if (isnan(value) || fabs(value) >= 9e15 || value == MAX_INT32)
        return false;
    *count = (int64_t)value;
    return true;
}

static void add_side(struct side *total, const struct side *part, bool is_first)
{
    total->is_known = part->is_known && (is_first || total->is_known);
    total->bytes = interval_add(total->bytes, part->bytes);
    total->packets = interval_add(total->packets, part->packets);
}

/* The end record of a session that ended well: the peer's counts. */
static void take_end(struct result *r, const json_t *end)
{
    struct segment *s = &r->segment;
    const json_t *sum = json_object_get(end, "sum");
    const json_t *peer = json_object_get(end, r->totals.is_receiver ? "sum_sent" : "sum_received");
    /* Zeros are what libiperf fills in when the peer has said nothing. */
    if (r->totals.is_tcp)
        s->peer.is_known = take_count(peer, "bytes", &s->peer.bytes) && (s->peer.bytes > 0 || s->here.bytes == 0);
    else
        s->peer.is_known = take_count(peer, "bytes", &s->peer.bytes) && take_count(peer, "packets", &s->peer.packets) &&
                           (s->peer.packets > 0 || s->here.packets == 0);
    if (r->totals.is_receiver) {
        s->retransmits.is_known = s->peer.is_known && take_count(peer, "retransmits", &s->retransmits.n);
        return;
    }
    s->loss.jitter_ms = real_of(sum, "jitter_ms");
    s->loss.is_known = s->peer.is_known && take_count(sum, "lost_packets", &s->loss.lost_packets) && !isnan(s->loss.jitter_ms);
}

static void set_side(const struct result *r, json_t *object, const char *bytes, const char *packets, const struct side *side)
{
    if (!side->is_known)
        return;
    json_object_set_new(object, bytes, json_integer(side->bytes));
    if (!r->totals.is_tcp)
        json_object_set_new(object, packets, json_integer(side->packets));
}

/* What was sent after the last packet that arrived is in no sequence number that the receiver saw: a figure of its own. */
static void count_unseen(struct result *r, const struct segment *s, json_t *object)
{
    if (!s->peer.is_known || r->totals.is_tcp)
        return;
    int64_t unseen = r->totals.is_receiver ? interval_subtract(s->peer.packets, s->here.packets) : interval_subtract(s->here.packets, s->peer.packets);
    json_object_set_new(object, "unseen_packets", json_integer(unseen));
    r->unseen_packets = interval_add(r->unseen_packets, unseen);
}

/* The newest segment is over: into the totals and the list. ending is "" for one that was cut off with the journal. */
static void close_segment(struct result *r, const json_t *session)
{
    struct segment *s = &r->segment;
    if (!s->is_open)
        return;
    const char *ending = json_string_value(json_object_get(session, "ending"));
    json_t *object = json_pack("{s:O?}", "cookie", s->cookie);
    if (s->n > 0)
        json_object_update_new(object, json_pack("{s:I, s:I}", "first_interval", (json_int_t)s->first, "last_interval",
                                                 (json_int_t)(s->first + s->n) - 1));
    json_object_update_new(object, json_pack("{s:f, s:f, s:s}", "start_s", s->start_s, "end_s", s->end_s, "ending",
                                             ending ? ending : "the journal ends here"));
    s->here.is_known = true;
    set_side(r, object, "sent_bytes", "sent_packets", r->totals.is_receiver ? &s->peer : &s->here);
    set_side(r, object, "received_bytes", "seen_packets", r->totals.is_receiver ? &s->here : &s->peer);
    if (s->loss.is_known)
        json_object_set_new(object, "lost_packets", json_integer(s->loss.lost_packets));
    if (s->retransmits.is_known)
        json_object_set_new(object, "retransmits", json_integer(s->retransmits.n));
    count_unseen(r, s, object);
    json_array_append_new(r->segments, object);
    if (s->n > 0) { /* one that measured nothing leaves nothing unknown */
        bool is_first = r->n_measured++ == 0;
        add_side(&r->totals.here, &s->here, is_first);
        add_side(&r->totals.peer, &s->peer, is_first);
        r->totals.loss.is_known = s->loss.is_known && (is_first || r->totals.loss.is_known);
        r->totals.loss.lost_packets = interval_add(r->totals.loss.lost_packets, s->loss.lost_packets);
        r->totals.loss.jitter_ms = s->loss.jitter_ms;
        r->totals.retransmits.is_known = s->retransmits.is_known && (is_first || r->totals.retransmits.is_known);
        r->totals.retransmits.n = interval_add(r->totals.retransmits.n, s->retransmits.n);
    }
    json_decref(s->cookie);
    memset(s, 0, sizeof *s);
}

static void write_start(struct result *r, const json_t *data)
{
    char *text = data ? json_dumps(data, JSON_COMPACT) : NULL;
    if (!r->has_start)
        fprintf(r->out, "{\"start\":%s,\n\"intervals\":[", text ? text : "{}");
    r->has_start = true;
    free(text);
}

/* data is NULL when the row of the session's start was lost: its intervals are not. */
static void on_start(struct result *r, const json_t *data)
{
    close_segment(r, NULL);
    r->segment = (struct segment){ .is_open = true, .first = r->n_intervals, .start_s = r->totals.end_s, .end_s = r->totals.end_s };
    r->segment.cookie = json_incref(json_object_get(data, "cookie"));
    r->segment.loss.jitter_ms = NAN;
    write_start(r, data);
}

/* How much of an interval was confirmed: what lies in a gap was not. */
static double confirmed_seconds(struct result *r, double start_s, double end_s)
{
    const json_t *gap;
    while ((gap = json_array_get(r->gaps, r->next_gap)) != NULL &&
           real_of(gap, "start_s") + real_of(gap, "seconds") <= start_s)
        r->next_gap++;
    double gap_start_s = gap ? real_of(gap, "start_s") : INFINITY;
    return gap_start_s >= end_s ? end_s - start_s : gap_start_s > start_s ? gap_start_s - start_s : 0;
}

/* The row as it stands in the journal; one that nobody confirmed says so. */
static void write_interval(struct result *r, json_t *data, const char *line, size_t length, bool is_confirmed)
{
    static const char head[] = "{\"event\":\"interval\",\"data\":";
    bool as_it_stands = is_confirmed && length > sizeof head && memcmp(line, head, sizeof head - 1) == 0;
    fputs(r->n_intervals ? ",\n" : "\n", r->out);
    if (as_it_stands) {
        fwrite(line + sizeof head - 1, 1, length - sizeof head, r->out);
        return;
    }
    if (!is_confirmed)
        json_object_set_new(json_object_get(data, "longhaul"), "confirmed", json_false());
    char *text = json_dumps(data, JSON_COMPACT);
    fputs(text ? text : "{}", r->out);
    free(text);
}

static void on_interval(struct result *r, json_t *data, const char *line, size_t length)
{
    struct longhaul_interval interval;
    struct segment *s = &r->segment;
    if (!interval_decode(data, 0, &interval) || !json_is_object(json_object_get(data, "longhaul"))) {
        r->n_damaged++;
        return;
    }
    if (!s->is_open)
        on_start(r, NULL);
    if (s->n++ == 0)
        s->start_s = interval.start_s;
    s->end_s = real_of(interval_sum(data), "end");
    if (isnan(s->end_s))
        s->end_s = interval.start_s + interval.seconds;
    double confirmed_s = confirmed_seconds(r, interval.start_s, s->end_s);
    write_interval(r, data, line, length, confirmed_s > 0 || s->end_s <= interval.start_s);
    s->here.bytes = interval_add(s->here.bytes, interval.bytes);
    s->here.packets = interval_add(s->here.packets, interval.packets);
    if (r->totals.is_receiver && interval.has_loss) {
        s->loss.is_known = true;
        s->loss.lost_packets = interval_add(s->loss.lost_packets, interval.lost_packets);
        s->loss.jitter_ms = interval.jitter_ms;
    }
    if (interval.has_tcp) {
        s->retransmits.is_known = true;
        s->retransmits.n = interval_add(s->retransmits.n, interval.retransmits);
        result_add_windows(&r->totals, data);
    }
    int64_t unix_us = json_integer_value(json_object_get(json_object_get(data, "longhaul"), "unix_us"));
    if (r->n_intervals++ == 0)
        r->first_unix_us = unix_us;
    r->last_unix_us = unix_us;
    r->observed_s += confirmed_s;
    r->totals.end_s = s->end_s;
}

static void on_session(struct result *r, const json_t *data)
{
    /* libiperf fills the receiver's counts of a session that broke off with zeros: only a clean end is believed. */
    if (json_is_true(json_object_get(data, "is_clean")) && r->last_end && r->segment.is_open) {
        take_end(r, r->last_end);
        json_decref(r->end);
        r->end = json_incref(r->last_end);
    }
    json_decref(r->last_end);
    r->last_end = NULL;
    close_segment(r, data);
}

/* Of two methods the later one is named. */
static void on_rtt(struct result *r, const json_t *data)
{
    json_t *at_s = json_object_get(data, "at_s"), *ms = json_object_get(data, "ms"), *method = json_object_get(data, "method");
    if (!json_is_number(at_s) || !(json_is_number(ms) || json_is_null(ms)))
        return;
    json_array_append_new(r->rtt, json_pack("[O, O]", at_s, ms));
    json_decref(r->rtt_method);
    r->rtt_method = json_incref(method);
}

static void on_header(struct result *r, json_t *data)
{
    const char *role = json_string_value(json_object_get(data, "role"));
    const char *protocol = json_string_value(json_object_get(data, "protocol"));
    if (r->header)
        return;
    r->totals.is_tcp = protocol && strcmp(protocol, "TCP") == 0;
    r->header = json_incref(data);
    r->totals.is_receiver = role && strcmp(role, "receiver") == 0;
}

static void on_line(const char *line, size_t length, void *payload)
{
    struct result *r = payload;
    json_t *event = json_loadb(line, length, 0, NULL);
    const char *name = json_string_value(json_object_get(event, "event"));
    json_t *data = json_object_get(event, "data");
    if (name == NULL || !json_is_object(data)) {
        r->n_damaged++;
    } else if (strcmp(name, "interval") == 0) {
        on_interval(r, data, line, length);
    } else if (strcmp(name, "start") == 0) {
        on_start(r, data);
    } else if (strcmp(name, "end") == 0) {
        json_decref(r->last_end);
        r->last_end = json_incref(data);
    } else if (strcmp(name, "session") == 0) {
        on_session(r, data);
    } else if (strcmp(name, "clock") == 0) {
        json_array_append(r->clock_steps, data);
    } else if (strcmp(name, "rtt") == 0) {
        on_rtt(r, data);
    } else if (strcmp(name, "host") == 0) {
        result_host_add(&r->host, data);
    } else if (strcmp(name, "torn") == 0) {
        r->has_torn_tail = true;
    } else if (strcmp(name, "lost") == 0) {
        r->n_lost += (uint64_t)json_integer_value(json_object_get(data, "intervals"));
    } else if (strcmp(name, "longhaul") == 0) {
        on_header(r, data);
    }
    json_decref(event);
}

/* A gap is known when it is over, after rows that fell into it. */
static void on_line_for_gaps(const char *line, size_t length, void *payload)
{
    static const char gap[] = "{\"event\":\"gap\"";
    struct result *r = payload;
    if (length < sizeof gap || memcmp(line, gap, sizeof gap - 1) != 0)
        return;
    json_t *event = json_loadb(line, length, 0, NULL);
    json_t *data = json_object_get(event, "data");
    if (!isnan(real_of(data, "start_s")) && !isnan(real_of(data, "seconds")))
        json_array_append(r->gaps, data);
    json_decref(event);
}

static int read_lines(struct result *r, struct journal *journal, struct longhaul_error *err)
{
    bool is_torn = false;
    int rc = journal_each_line(journal, on_line_for_gaps, r, NULL, err);
    if (rc == 0)
        rc = journal_each_line(journal, on_line, r, &is_torn, err);
    r->has_torn_tail = r->has_torn_tail || is_torn;
    close_segment(r, NULL);
    return rc;
}

/* ---- writing the end */

static json_t *longhaul_object(const struct result *r)
{
    json_t *own = json_deep_copy(r->header);
    double planned_s = real_of(own, "duration_s");
    json_object_del(own, "key"); /* a secret while the leg runs: results are published */
    json_object_set_new(own, "first_interval_unix_us", json_integer(r->first_unix_us));
    json_object_set_new(own, "last_interval_unix_us", json_integer(r->last_unix_us));
    json_object_set(own, "segments", r->segments);
    json_object_set(own, "gaps", r->gaps);
    json_object_set_new(own, "observed_s", json_real(r->observed_s));
    if (planned_s > 0)
        json_object_set_new(own, "coverage", json_real(r->observed_s < planned_s ? r->observed_s / planned_s : 1.0));
    json_object_set_new(own, "clock", json_pack("{s:s, s:O}", "axis", "CLOCK_BOOTTIME", "steps", r->clock_steps));
    if (json_array_size(r->rtt) > 0) {
        json_object_set(own, "rtt", r->rtt);
        json_object_set(own, "rtt_method", r->rtt_method);
    }
    json_t *host = result_host_object(&r->host);
    if (host)
        json_object_set_new(own, "host", host);
    if (r->n_lost)
        json_object_set_new(own, "lost_intervals", json_integer((json_int_t)r->n_lost));
    if (r->has_torn_tail)
        json_object_set_new(own, "torn_tail", json_true());
    if (r->n_damaged)
        json_object_set_new(own, "damaged_lines", json_integer((json_int_t)r->n_damaged));
    return own;
}

static void write_member(FILE *out, const char *key, json_t *value, const char *after)
{
    char *text = json_dumps(value, JSON_COMPACT);
    fprintf(out, "\"%s\":%s%s", key, text ? text : "null", after);
    free(text);
    json_decref(value);
}

static void count_outcome(const struct result *r, struct longhaul_outcome *outcome)
{
    if (outcome == NULL)
        return;
    outcome->n_intervals = r->n_intervals;
    outcome->n_segments = r->n_measured;
    outcome->n_gaps = (uint32_t)json_array_size(r->gaps);
    outcome->planned_s = real_of(r->header, "duration_s");
    outcome->n_lost_intervals = r->n_lost;
    outcome->observed_s = r->observed_s;
    outcome->bytes = r->totals.here.bytes;
    outcome->packets = r->totals.here.packets;
    outcome->unseen_packets = r->unseen_packets;
    outcome->lost_packets = r->totals.loss.lost_packets;
    outcome->has_loss = r->totals.loss.is_known;
    outcome->retransmits = r->totals.retransmits.n;
    outcome->has_retransmits = r->totals.retransmits.is_known;
}

static int write_from(struct result *r, struct journal *journal, struct longhaul_error *err)
{
    struct file_draft draft;
    int rc = file_begin(&draft, journal_result_path(journal), err);
    if (rc != 0)
        return rc;
    r->out = draft.stream;
    rc = read_lines(r, journal, err);
    if (rc == 0 && (r->header == NULL || r->n_intervals == 0))
        rc = error_set(err, LONGHAUL_EFORMAT, "%s: %s", journal_path(journal),
                       r->header == NULL ? "not a journal of longhaul's" : "no interval in it");
    double format = real_of(r->header, "format"); /* NAN without a header */
    if (rc == 0 && format > JOURNAL_FORMAT)
        rc = error_set(err, LONGHAUL_EFORMAT, "%s: format %.10g is newer than this longhaul's (%d)", journal_path(journal), format,
                       JOURNAL_FORMAT);
    if (rc != 0) {
        file_abandon(&draft);
        return rc;
    }
    fputs("\n],\n", draft.stream);
    write_member(draft.stream, "end", result_end(&r->totals, json_array_size(r->segments) == 1, r->end), ",\n");
    write_member(draft.stream, "longhaul", longhaul_object(r), "}\n");
    return file_commit(&draft, err);
}

int result_write(struct journal *journal, struct longhaul_outcome *outcome, struct longhaul_error *err)
{
    struct result r = { .segments = json_array(), .gaps = json_array(), .clock_steps = json_array(),
                        .rtt = json_array() };
    int rc = write_from(&r, journal, err);
    if (rc == 0)
        count_outcome(&r, outcome);
    json_decref(r.segment.cookie);
    json_decref(r.header);
    json_decref(r.last_end);
    json_decref(r.end);
    json_decref(r.segments);
    json_decref(r.gaps);
    json_decref(r.clock_steps);
    json_decref(r.rtt);
    json_decref(r.rtt_method);
    result_host_clear(&r.host);
    return rc;
}

int longhaul_recover(const char *path, char *result_path, size_t size, struct longhaul_error *err)
{
    struct journal *journal;
    int rc = journal_open(path, &journal, err);
    if (rc != 0)
        return rc;
    rc = result_write(journal, NULL, err);
    if (rc != 0) {
        journal_close(journal);
        return rc;
    }
    if (result_path)
        snprintf(result_path, size, "%s", journal_result_path(journal));
    journal_remove(journal);
    return 0;
}
