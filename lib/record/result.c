/* result.c - makes the result from a journal, in one pass and with constant memory: start, intervals as they stand, end
 * from 64-bit sums, and the "longhaul" object with segments and gaps. Unknown values are omitted, never 0. Also
 * `recover`. */

#include "record/result.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "record/interval.h"
#include "record/json_put.h"
#include "record/result_inside.h"

/* ---- reading events */

static void write_start(struct result *r, const json_t *data)
{
    char *text = data && !r->has_start ? json_dumps(data, JSON_COMPACT) : NULL;
    if (!r->has_start)
        fprintf(r->out, "{\"start\":%s,\n\"intervals\":[", text ? text : "{}");
    r->has_failed = r->has_failed || (data && !r->has_start && !text);
    r->has_start = true;
    free(text);
}

/* data is NULL if the row with the session's start was lost: its intervals were not. */
static void on_start(struct result *r, const json_t *data)
{
    result_session_close(r, NULL);
    r->segment = (struct segment){
        .is_open = true, .first = r->n_intervals, .start_s = r->totals.end_s, .end_s = r->totals.end_s
    };
    r->segment.cookie = json_incref(json_object_get(data, "cookie"));
    r->segment.loss.jitter_ms = NAN;
    if (!r->totals.is_receiver || r->totals.is_tcp)
        r->segment.order = (struct result_order){ NAN, NAN };
    write_start(r, data);
}

/* How much of an interval was confirmed: time within a gap was not. */
static double confirmed_seconds(struct result *r, double start_s, double end_s)
{
    while (r->next_gap < r->n_gap_times && r->gap_times[r->next_gap].end_s <= start_s)
        r->next_gap++;
    double gap_start_s = r->next_gap < r->n_gap_times ? r->gap_times[r->next_gap].start_s : INFINITY;
    return gap_start_s >= end_s ? end_s - start_s : gap_start_s > start_s ? gap_start_s - start_s : 0;
}

/* True for a row in longhaul's own form, which ends with the object "longhaul", never empty: one more member fits
 * before the braces. */
static bool ends_with_own(const struct result_event *event)
{
    const char *last = NULL, *key;
    json_t *value;
    json_object_foreach(event->data, key, value)
        last = key;
    return event->is_own_form && last && strcmp(last, "longhaul") == 0 &&
        json_object_size(json_object_get(event->data, last)) > 0 &&
           memcmp(event->text + event->length - 2, "}}", 2) == 0;
}

/* Writes the row as it stands in the journal; if it is unconfirmed, that is added. */
static void write_interval(struct result *r, const struct result_event *event, bool is_confirmed)
{
    fputs(r->n_intervals ? ",\n" : "\n", r->out);
    if (event->text && (is_confirmed || ends_with_own(event))) {
        fwrite(event->text, 1, event->length - (is_confirmed ? 0 : 2), r->out);
        fputs(is_confirmed ? "" : ",\"confirmed\":false}}", r->out);
        return;
    }
    if (!is_confirmed && !json_is_object(json_object_get(event->data, "longhaul")))
        json_put(event->data, "longhaul", json_object(), &r->has_failed);
    if (!is_confirmed)
        json_put(json_object_get(event->data, "longhaul"), "confirmed", json_false(), &r->has_failed);
    char *text = json_dumps(event->data, JSON_COMPACT);
    r->has_failed = r->has_failed || !text;
    fputs(text ? text : "{}", r->out);
    free(text);
}

/* The times may have any legal spelling; missing ones are unknown. */
static void take_time(struct result *r, const json_t *own)
{
    int64_t unix_us;
    if (!result_take_count(own, "unix_us", &unix_us))
        return;
    if (!r->has_times)
        r->first_unix_us = unix_us;
    r->has_times = true;
    r->last_unix_us = unix_us;
}

static void decode(const struct result *r, const json_t *data, struct longhaul_interval *v)
{
    interval_decode(data, 0, v);
    if (!(v->unreadable & LONGHAUL_UNREADABLE_TIME))
        return;
    v->start_s = r->totals.end_s;
    v->seconds = 0;
}

/* It counts as an interval, whatever it contains. */
static void on_interval(struct result *r, const struct result_event *event)
{
    json_t *data = event->data;
    struct longhaul_interval interval;
    struct segment *s = &r->segment;
    json_t *own = json_object_get(data, "longhaul");
    decode(r, data, &interval);
    if (!s->is_open)
        on_start(r, NULL);
    if (s->n++ == 0)
        s->start_s = interval.start_s;
    s->end_s = number_of(interval_sum(data), "end");
    if (isnan(s->end_s) || (interval.unreadable & LONGHAUL_UNREADABLE_TIME))
        s->end_s = interval.start_s + interval.seconds;
    double confirmed_s = confirmed_seconds(r, interval.start_s, s->end_s);
    write_interval(r, event, confirmed_s > 0 || s->end_s <= interval.start_s);
    result_check_row(&r->check, data);
    result_session_add(r, &interval, data);
    r->row_bytes = interval_add(r->row_bytes, interval.bytes);
    r->n_unreadable += interval.unreadable || json_object_get(own, "unreadable");
    take_time(r, own);
    r->n_intervals++;
    r->observed_s += confirmed_s;
    r->totals.end_s = s->end_s;
}

static void on_session(struct result *r, const json_t *data)
{
    /* After a session that broke off, libiperf's counts of the receiver are zeros: they are used only after a clean
     * end. */
    if (json_is_true(json_object_get(data, "is_clean")) && r->last_end && r->segment.is_open) {
        result_session_end(r, r->last_end);
        json_decref(r->end);
        r->end = json_incref(r->last_end);
    }
    json_decref(r->last_end);
    r->last_end = NULL;
    result_session_close(r, data);
}

/* Of two methods, the later one is named. */
static void on_rtt(struct result *r, const json_t *data)
{
    json_t *at_s = json_object_get(data, "at_s"), *ms = json_object_get(data, "ms"),
           *method = json_object_get(data, "method");
    if (!json_is_number(at_s) || !(json_is_number(ms) || json_is_null(ms)))
        return;
    spill_add(&r->rtt, json_pack("[O, O]", at_s, ms));
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

static void on_left_out(struct result *r, const json_t *data)
{
    const char *why = json_string_value(json_object_get(data, "why"));
    int64_t n, before = 0;
    if (why == NULL || !result_take_count(data, "intervals", &n) || n <= 0)
        return;
    result_take_count(r->left_out, why, &before);
    json_put(r->left_out, why, json_integer(interval_add(before, n)), &r->has_failed);
    r->n_left_out += (uint64_t)n;
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
        spill_add(&r->clock_steps, json_incref(data));
    } else if (strcmp(name, "rtt") == 0) {
        on_rtt(r, data);
    } else if (strcmp(name, "host") == 0) {
        result_host_add(&r->host, data);
    } else if (strcmp(name, "left_out") == 0) {
        on_left_out(r, data);
    } else if (strcmp(name, "torn") == 0) {
        r->has_torn_tail = true;
    } else if (strcmp(name, "lost") == 0) {
        result_session_lose(r, result_take_count(data, "intervals", &n) && n > 0 ? (uint64_t)n : 0);
    } else if (strcmp(name, "longhaul") == 0) {
        on_header(r, data);
    }
}

/* Takes the reference to gap. */
static void add_gap(struct result *r, json_t *gap)
{
    double start_s = number_of(gap, "start_s");
    size_t room = r->n_gap_times < r->gap_room ? r->gap_room : 2 * r->gap_room + 16;
    struct stretch *times = room > r->gap_room ? realloc(r->gap_times, room * sizeof *times) : r->gap_times;
    if (times) {
        r->gap_times = times;
        r->gap_room = room;
        times[r->n_gap_times++] = (struct stretch){ start_s, start_s + number_of(gap, "seconds") };
    }
    r->has_failed = r->has_failed || !times;
    result_check_gap(&r->check, gap);
    spill_add(&r->gaps, gap);
}

static void set_unconfirmed(struct result *r, json_t *event)
{
    json_decref(r->unconfirmed);
    r->unconfirmed = json_incref(event);
    r->unconfirmed_until_s = number_of(event, "until_s");
}

static void on_event_for_gaps(const struct result_event *event, void *payload)
{
    struct result *r = payload;
    const char *name = event->name;
    if (strcmp(name, "gap") == 0 && !isnan(number_of(event->data, "start_s")) &&
        !isnan(number_of(event->data, "seconds"))) {
        add_gap(r, json_incref(event->data));
        set_unconfirmed(r, NULL);
    } else if (strcmp(name, "unconfirmed") == 0) {
        set_unconfirmed(r, event->data);
    } else if (strcmp(name, "confirmed") == 0 || strcmp(name, "start") == 0) {
        set_unconfirmed(r, NULL);
    } else if (strcmp(name, "interval") == 0 && r->unconfirmed) {
        double end_s = number_of(interval_sum(event->data), "end");
        r->unconfirmed_until_s = end_s > r->unconfirmed_until_s ? end_s : r->unconfirmed_until_s;
    }
}

/* A gap becomes known when it is over, after rows that fall into it. Most lines are not about gaps. */
static void take_line_for_gaps(const char *line, size_t length, void *payload)
{
    const struct result_lines *lines = payload;
    const struct result *r = lines->payload;
    if (line && (r->unconfirmed || memmem(line, length, "gap", 3) || memmem(line, length, "confirmed", 9)))
        result_take_line(line, length, payload);
}

/* The process that wrote it was killed in a silence: its last rows are treated as a gap would have been. */
static void end_in_silence(struct result *r)
{
    double since_s = number_of(r->unconfirmed, "since_s"), seconds = r->unconfirmed_until_s - since_s;
    const char *cause = json_string_value(json_object_get(r->unconfirmed, "cause"));
    const char *noticed_by = json_string_value(json_object_get(r->unconfirmed, "noticed_by"));
    if (r->unconfirmed && seconds > 0)
        add_gap(r, json_pack("{s:f, s:f, s:s, s:s, s:s}", "start_s", since_s, "seconds", seconds, "cause",
                             cause ? cause : "path-silent",
                             "noticed_by", noticed_by ? noticed_by : "", "text", "the journal ends in a silence"));
}

/* Rows that were to follow the last known session are missing: the leg's totals are unknown. */
static void forget_totals(struct result *r)
{
    r->totals.here.is_known = r->totals.loss.is_known = r->totals.retransmits.is_known = false;
    r->totals.order = (struct result_order){ NAN, NAN };
}

static int read_lines(struct result *r, struct journal *journal, struct longhaul_error *err)
{
    bool is_torn = false;
    struct result_lines for_gaps = { .path = journal_path(journal), .on_event = on_event_for_gaps, .payload = r };
    r->lines = (struct result_lines){ .path = journal_path(journal), .on_event = on_event, .payload = r };
    int rc = journal_each_line(journal, take_line_for_gaps, &for_gaps, NULL, err);
    end_in_silence(r);
    if (rc == 0)
        rc = journal_each_line(journal, result_take_line, &r->lines, &is_torn, err);
    if (rc == 0 && r->lines.error.code != 0)
        rc = error_set(err, r->lines.error.code, "%s", r->lines.error.text);
    r->has_torn_tail = r->has_torn_tail || is_torn;
    bool has_all = result_session_settle(r);
    result_session_close(r, NULL);
    if (!has_all)
        forget_totals(r);
    return rc;
}

/* ---- writing the end */

static json_t *longhaul_object(struct result *r)
{
    bool *failed = &r->has_failed;
    json_t *own = json_deep_copy(r->header);
    double planned_s = number_of(own, "duration_s");
    json_object_del(own, "key"); /* it is secret while the leg runs, and results are published */
    if (r->has_times) {
        json_put(own, "first_interval_unix_us", json_integer(r->first_unix_us), failed);
        json_put(own, "last_interval_unix_us", json_integer(r->last_unix_us), failed);
    }
    json_put(own, "observed_s", json_real(r->observed_s), failed);
    if (planned_s > 0)
        json_put(own, "coverage", json_real(r->observed_s < planned_s ? r->observed_s / planned_s : 1.0), failed);
    if (r->rtt_method)
        json_put(own, "rtt_method", json_incref(r->rtt_method), failed);
    json_t *host = result_host_object(&r->host);
    r->has_failed = r->has_failed || r->host.has_failed;
    if (host)
        json_put(own, "host", host, failed);
    if (r->n_lost)
        json_put(own, "lost_intervals", json_integer((json_int_t)r->n_lost), failed);
    if (r->n_unreadable)
        json_put(own, "unreadable_intervals", json_integer((json_int_t)r->n_unreadable), failed);
    if (r->n_left_out)
        json_put(own, "left_out_rows", json_incref(r->left_out), failed);
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

/* Writes the object "longhaul": single values, then the lists. */
static void write_own(struct result *r)
{
    json_t *own = longhaul_object(r);
    char *text = json_dumps(own, JSON_COMPACT);
    size_t n = text ? strlen(text) : 0;
    r->has_failed = r->has_failed || n < 3; /* the header's members must be there */
    fprintf(r->out, "\"longhaul\":%.*s,\"segments\":", n ? (int)n - 1 : 0, n ? text : "");
    spill_write(&r->segments, r->out);
    fputs(",\"gaps\":", r->out);
    spill_write(&r->gaps, r->out);
    fputs(",\"clock\":{\"axis\":\"CLOCK_BOOTTIME\",\"steps\":", r->out);
    spill_write(&r->clock_steps, r->out);
    fputs(r->rtt.n > 0 ? "},\"rtt\":" : "}", r->out);
    if (r->rtt.n > 0)
        spill_write(&r->rtt, r->out);
    fputs("}}\n", r->out);
    free(text);
    json_decref(own);
}

static int spill_failure(const struct result *r)
{
    const struct spill *all[] = { &r->segments, &r->gaps, &r->clock_steps, &r->rtt };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i]->failure)
            return all[i]->failure;
    return 0;
}

static void count_outcome(const struct result *r, struct longhaul_outcome *outcome)
{
    if (outcome == NULL)
        return;
    outcome->n_intervals = r->n_intervals;
    outcome->n_segments = r->n_measured;
    outcome->n_gaps = (uint32_t)r->gaps.n;
    outcome->planned_s = number_of(r->header, "duration_s");
    outcome->n_lost_intervals = r->n_lost;
    outcome->n_unreadable = r->n_unreadable;
    outcome->n_left_out = r->n_left_out;
    outcome->out_of_order_packets = r->totals.order.out_of_order;
    outcome->duplicate_packets = r->totals.order.duplicates;
    outcome->observed_s = r->observed_s;
    outcome->bytes = r->row_bytes;
    outcome->packets = r->totals.here.packets;
    outcome->unseen_packets = r->unseen_packets;
    outcome->lost_packets = r->totals.loss.lost_packets;
    outcome->has_loss = r->totals.loss.is_known;
    outcome->retransmits = r->totals.retransmits.n;
    outcome->has_retransmits = r->totals.retransmits.is_known;
}

/* Checks that there is something to write. */
static int check_what_was_read(const struct result *r, const char *path, struct longhaul_error *err)
{
    double format = number_of(r->header, "format"); /* NAN without a header */
    if (r->header == NULL || r->n_intervals == 0)
        return error_set(err, LONGHAUL_EFORMAT, "%s: %s", path,
                         r->header == NULL ? "not a journal of longhaul's" : "no interval in it");
    if (format > JOURNAL_FORMAT)
        return error_set(err, LONGHAUL_EFORMAT, "%s: format %.10g is newer than this longhaul's (%d)", path, format,
                         JOURNAL_FORMAT);
    return 0;
}

static int write_rest(struct result *r, struct file_draft *draft, const char *path, struct longhaul_error *err)
{
    char *written;
    json_t *end = result_end(&r->totals, r->segments.n == 1, r->end, &r->has_failed);
    fputs("\n],\n", r->out);
    write_member(r, "end", json_incref(end), ",\n");
    write_own(r);
    r->check.end = end;
    r->check.n_segments = r->n_measured;
    int rc = r->has_failed ? error_set(err, LONGHAUL_ENOMEM,
                                       "%s: out of memory, or a sum is too large: the journal stays", path) : 0;
    if (rc == 0 && (errno = spill_failure(r)) != 0)
        rc = error_errno(err, LONGHAUL_EIO, "%s", draft->path);
    if (rc == 0)
        rc = file_settle(draft, true, err);
    if (rc == 0 && r->is_last) {
        written = file_draft_path(draft);
        rc = written ? result_check_file(&r->check, written, draft->path, err)
                     : error_set(err, LONGHAUL_ENOMEM, "out of memory");
        free(written);
    }
    json_decref(end);
    return rc;
}

/* An existing result that holds more than the journal is not replaced, for example if an older copy of the journal was
 * put back. */
static int check_what_is_there(const struct result *r, const struct journal *journal, struct longhaul_error *err)
{
    const char *path = journal_result_path(journal);
    size_t n = access(path, F_OK) == 0 ? result_count_rows(path) : 0;
    if (n <= r->check.n_rows)
        return 0;
    return error_set(err, LONGHAUL_EBUSY, "%s: has %zu intervals, and the journal %" PRIu64 ": both stay", path, n,
                     r->check.n_rows);
}

/* The result of a finished record gets its name only after it was read back and found to contain what the journal
 * does. */
static int write_from(struct result *r, struct journal *journal, struct longhaul_error *err)
{
    struct file_draft draft;
    int rc = file_begin(&draft, journal_result_path(journal), err);
    if (rc != 0)
        return rc;
    r->out = draft.stream;
    r->segments.dir = r->gaps.dir = r->clock_steps.dir = r->rtt.dir = draft.dir;
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

int result_write(struct journal *journal, bool is_last, struct longhaul_outcome *outcome, struct longhaul_error *err)
{
    struct result r = { .is_last = is_last, .left_out = json_object(), .totals.order = { NAN, NAN } };
    r.has_failed = !r.left_out;
    int rc = write_from(&r, journal, err);
    if (rc == 0)
        count_outcome(&r, outcome);
    json_decref(r.segment.cookie);
    json_decref(r.header);
    json_decref(r.last_end);
    json_decref(r.unconfirmed);
    json_decref(r.end);
    spill_clear(&r.segments);
    spill_clear(&r.gaps);
    spill_clear(&r.clock_steps);
    spill_clear(&r.rtt);
    free(r.gap_times);
    json_decref(r.left_out);
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
    rc = result_write(journal, true, NULL, err);
    if (rc != 0) {
        journal_close(journal);
        return rc;
    }
    if (result_path)
        snprintf(result_path, size, "%s", journal_result_path(journal));
    return journal_retire(journal, err);
}
