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
#include "json_put.h"
#include "result_check.h"
#include "result_end.h"
#include "result_host.h"
#include "result_lines.h"

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
    struct result_lines lines;
    struct result_check check; /* what is to be found in what was written */
    bool has_failed;           /* something could not be put into what is to be written */
    uint64_t n_lost;    /* intervals that the disk never took */
    double observed_s;
    int64_t unseen_packets;
    int64_t first_unix_us, last_unix_us;
    bool has_start, has_torn_tail, has_times;
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

static void set_side(struct result *r, json_t *object, const char *bytes, const char *packets, const struct side *side)
{
    if (!side->is_known)
        return;
    json_put(object, bytes, json_integer(side->bytes), &r->has_failed);
    if (!r->totals.is_tcp)
        json_put(object, packets, json_integer(side->packets), &r->has_failed);
}

/* What was sent after the last packet that arrived is in no sequence number that the receiver saw: a figure of its own. */
static void count_unseen(struct result *r, const struct segment *s, json_t *object)
{
    if (!s->peer.is_known || r->totals.is_tcp)
        return;
    int64_t unseen = r->totals.is_receiver ? interval_subtract(s->peer.packets, s->here.packets) : interval_subtract(s->here.packets, s->peer.packets);
    json_put(object, "unseen_packets", json_integer(unseen), &r->has_failed);
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
        json_put_all(object, json_pack("{s:I, s:I}", "first_interval", (json_int_t)s->first, "last_interval",
                                       (json_int_t)(s->first + s->n) - 1), &r->has_failed);
    json_put_all(object, json_pack("{s:f, s:f, s:s}", "start_s", s->start_s, "end_s", s->end_s, "ending",
                                   ending ? ending : "the journal ends here"), &r->has_failed);
    s->here.is_known = true;
    set_side(r, object, "sent_bytes", "sent_packets", r->totals.is_receiver ? &s->peer : &s->here);
    set_side(r, object, "received_bytes", "seen_packets", r->totals.is_receiver ? &s->here : &s->peer);
    if (s->loss.is_known)
        json_put(object, "lost_packets", json_integer(s->loss.lost_packets), &r->has_failed);
    if (s->retransmits.is_known)
        json_put(object, "retransmits", json_integer(s->retransmits.n), &r->has_failed);
    count_unseen(r, s, object);
    json_put_last(r->segments, object, &r->has_failed);
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
    char *text = data && !r->has_start ? json_dumps(data, JSON_COMPACT) : NULL;
    if (!r->has_start)
        fprintf(r->out, "{\"start\":%s,\n\"intervals\":[", text ? text : "{}");
    r->has_failed = r->has_failed || (data && !r->has_start && !text);
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

/* In longhaul's own form the row ends with its object "longhaul", which is not empty: one more member fits in before the braces. */
static bool ends_with_own(const struct result_event *event)
{
    const char *last = NULL, *key;
    json_t *value;
    json_object_foreach(event->data, key, value)
        last = key;
    return event->is_own_form && last && strcmp(last, "longhaul") == 0 && json_object_size(json_object_get(event->data, last)) > 0 &&
           memcmp(event->text + event->length - 2, "}}", 2) == 0;
}

/* The row as it stands in the journal; one that nobody confirmed says so. */
static void write_interval(struct result *r, const struct result_event *event, bool is_confirmed)
{
    fputs(r->n_intervals ? ",\n" : "\n", r->out);
    if (event->text && (is_confirmed || ends_with_own(event))) {
        fwrite(event->text, 1, event->length - (is_confirmed ? 0 : 2), r->out);
        fputs(is_confirmed ? "" : ",\"confirmed\":false}}", r->out);
        return;
    }
    if (!is_confirmed)
        json_put(json_object_get(event->data, "longhaul"), "confirmed", json_false(), &r->has_failed);
    char *text = json_dumps(event->data, JSON_COMPACT);
    r->has_failed = r->has_failed || !text;
    fputs(text ? text : "{}", r->out);
    free(text);
}

/* In whatever legal spelling; what is not there is not known. */
static void take_time(struct result *r, const json_t *own)
{
    int64_t unix_us;
    if (!take_count(own, "unix_us", &unix_us))
        return;
    if (!r->has_times)
        r->first_unix_us = unix_us;
    r->has_times = true;
    r->last_unix_us = unix_us;
}

static void on_interval(struct result *r, const struct result_event *event)
{
    json_t *data = event->data;
    struct longhaul_interval interval;
    struct segment *s = &r->segment;
    if (!interval_decode(data, 0, &interval) || !json_is_object(json_object_get(data, "longhaul"))) {
        r->lines.n_damaged++;
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
    write_interval(r, event, confirmed_s > 0 || s->end_s <= interval.start_s);
    result_check_row(&r->check, data);
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
    take_time(r, json_object_get(data, "longhaul"));
    r->n_intervals++;
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
    json_put_last(r->rtt, json_pack("[O, O]", at_s, ms), &r->has_failed);
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

static void on_event(const struct result_event *event, void *payload)
{
    struct result *r = payload;
    const char *name = event->name;
    json_t *data = event->data;
    int64_t n = 0;
    if (strcmp(name, "interval") == 0) {
        on_interval(r, event);
    } else if (strcmp(name, "start") == 0) {
        on_start(r, data);
    } else if (strcmp(name, "end") == 0) {
        json_decref(r->last_end);
        r->last_end = json_incref(data);
    } else if (strcmp(name, "session") == 0) {
        on_session(r, data);
    } else if (strcmp(name, "clock") == 0) {
        json_put_last(r->clock_steps, json_incref(data), &r->has_failed);
    } else if (strcmp(name, "rtt") == 0) {
        on_rtt(r, data);
    } else if (strcmp(name, "host") == 0) {
        result_host_add(&r->host, data);
    } else if (strcmp(name, "torn") == 0) {
        r->has_torn_tail = true;
    } else if (strcmp(name, "lost") == 0) {
        r->n_lost += take_count(data, "intervals", &n) && n > 0 ? (uint64_t)n : 0;
    } else if (strcmp(name, "longhaul") == 0) {
        on_header(r, data);
    }
}

static void on_event_for_gaps(const struct result_event *event, void *payload)
{
    struct result *r = payload;
    if (strcmp(event->name, "gap") != 0 || isnan(real_of(event->data, "start_s")) || isnan(real_of(event->data, "seconds")))
        return;
    json_put_last(r->gaps, json_incref(event->data), &r->has_failed);
    result_check_gap(&r->check, event->data);
}

/* A gap is known when it is over, after rows that fell into it. Most lines have nothing of one. */
static void take_line_for_gaps(const char *line, size_t length, void *payload)
{
    if (line && memmem(line, length, "gap", 3))
        result_take_line(line, length, payload);
}

static int read_lines(struct result *r, struct journal *journal, struct longhaul_error *err)
{
    bool is_torn = false;
    struct result_lines for_gaps = { .path = journal_path(journal), .on_event = on_event_for_gaps, .payload = r };
    r->lines = (struct result_lines){ .path = journal_path(journal), .on_event = on_event, .payload = r };
    int rc = journal_each_line(journal, take_line_for_gaps, &for_gaps, NULL, err);
    if (rc == 0)
        rc = journal_each_line(journal, result_take_line, &r->lines, &is_torn, err);
    if (rc == 0 && r->lines.error.code != 0)
        rc = error_set(err, r->lines.error.code, "%s", r->lines.error.text);
    r->has_torn_tail = r->has_torn_tail || is_torn;
    close_segment(r, NULL);
    return rc;
}

/* ---- writing the end */

static json_t *longhaul_object(struct result *r)
{
    bool *failed = &r->has_failed;
    json_t *own = json_deep_copy(r->header);
    double planned_s = real_of(own, "duration_s");
    json_object_del(own, "key"); /* a secret while the leg runs: results are published */
    if (r->has_times) {
        json_put(own, "first_interval_unix_us", json_integer(r->first_unix_us), failed);
        json_put(own, "last_interval_unix_us", json_integer(r->last_unix_us), failed);
    }
    json_put(own, "segments", json_incref(r->segments), failed);
    json_put(own, "gaps", json_incref(r->gaps), failed);
    json_put(own, "observed_s", json_real(r->observed_s), failed);
    if (planned_s > 0)
        json_put(own, "coverage", json_real(r->observed_s < planned_s ? r->observed_s / planned_s : 1.0), failed);
    json_put(own, "clock", json_pack("{s:s, s:O}", "axis", "CLOCK_BOOTTIME", "steps", r->clock_steps), failed);
    if (json_array_size(r->rtt) > 0) {
        json_put(own, "rtt", json_incref(r->rtt), failed);
        if (r->rtt_method)
            json_put(own, "rtt_method", json_incref(r->rtt_method), failed);
    }
    json_t *host = result_host_object(&r->host);
    r->has_failed = r->has_failed || r->host.has_failed;
    if (host)
        json_put(own, "host", host, failed);
    if (r->n_lost)
        json_put(own, "lost_intervals", json_integer((json_int_t)r->n_lost), failed);
    if (r->has_torn_tail)
        json_put(own, "torn_tail", json_true(), failed);
    if (r->lines.n_damaged)
        json_put(own, "damaged_lines", json_integer((json_int_t)r->lines.n_damaged), failed);
    return own;
}

static void write_member(struct result *r, const char *key, json_t *value, const char *after)
{
    char *text = json_dumps(value, JSON_COMPACT);
    r->has_failed = r->has_failed || !text;
    fprintf(r->out, "\"%s\":%s%s", key, text ? text : "null", after);
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

/* Is there something that can be written? */
static int check_what_was_read(const struct result *r, const char *path, struct longhaul_error *err)
{
    double format = real_of(r->header, "format"); /* NAN without a header */
    if (r->header == NULL || r->n_intervals == 0)
        return error_set(err, LONGHAUL_EFORMAT, "%s: %s", path, r->header == NULL ? "not a journal of longhaul's" : "no interval in it");
    if (format > JOURNAL_FORMAT)
        return error_set(err, LONGHAUL_EFORMAT, "%s: format %.10g is newer than this longhaul's (%d)", path, format, JOURNAL_FORMAT);
    return 0;
}

static int write_rest(struct result *r, struct file_draft *draft, const char *path, struct longhaul_error *err)
{
    char *written;
    json_t *end = result_end(&r->totals, json_array_size(r->segments) == 1, r->end, &r->has_failed);
    fputs("\n],\n", r->out);
    write_member(r, "end", json_incref(end), ",\n");
    write_member(r, "longhaul", longhaul_object(r), "}\n");
    r->check.end = end;
    r->check.n_segments = r->n_measured;
    int rc = r->has_failed ? error_set(err, LONGHAUL_ENOMEM, "%s: out of memory, or a sum is too large: the journal stays", path) : 0;
    if (rc == 0)
        rc = file_settle(draft, true, err);
    if (rc == 0) {
        written = file_draft_path(draft);
        rc = written ? result_check_file(&r->check, written, draft->path, err) : error_set(err, LONGHAUL_ENOMEM, "out of memory");
        free(written);
    }
    json_decref(end);
    return rc;
}

/* A result that holds more than the journal, as where an older copy of the journal was put back, is not given up for it. */
static int check_what_is_there(const struct result *r, const struct journal *journal, struct longhaul_error *err)
{
    const char *path = journal_result_path(journal);
    size_t n = access(path, F_OK) == 0 ? result_count_rows(path) : 0;
    if (n <= r->check.n_rows)
        return 0;
    return error_set(err, LONGHAUL_EBUSY, "%s: has %zu intervals, and the journal %" PRIu64 ": both stay", path, n, r->check.n_rows);
}

/* The result takes its name only when it was read again and holds what the journal does. */
static int write_from(struct result *r, struct journal *journal, struct longhaul_error *err)
{
    struct file_draft draft;
    int rc = file_begin(&draft, journal_result_path(journal), err);
    if (rc != 0)
        return rc;
    r->out = draft.stream;
    rc = read_lines(r, journal, err);
    if (rc == 0)
        rc = check_what_was_read(r, journal_path(journal), err);
    if (rc == 0)
        rc = check_what_is_there(r, journal, err);
    if (rc == 0)
        rc = write_rest(r, &draft, journal_path(journal), err);
    if (rc != 0) {
        file_abandon(&draft);
        return rc;
    }
    journal_set_damaged(journal, r->lines.n_damaged > 0);
    return file_commit(&draft, err);
}

int result_write(struct journal *journal, struct longhaul_outcome *outcome, struct longhaul_error *err)
{
    struct result r = { .segments = json_array(), .gaps = json_array(), .clock_steps = json_array(),
                        .rtt = json_array() };
    r.has_failed = !r.segments || !r.gaps || !r.clock_steps || !r.rtt;
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
    return journal_retire(journal, err);
}
