/* result_events.c - takes a journal's events into a result: rows go out as they stand, sessions and gaps into the sums
 * and lists. Reads the journal twice: a gap's line stands behind the rows that fell into it. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "record/interval.h"
#include "record/journal.h"
#include "record/json_put.h"
#include "record/result_inside.h"

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
    r->stopped_s = NAN; /* it was resumed */
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

static void on_delays(struct result *r, const json_t *data)
{
    json_t *from_s = json_object_get(data, "from_s"), *until_s = json_object_get(data, "until_s"),
           *us = json_object_get(data, "us");
    if (json_is_number(from_s) && json_is_number(until_s) && json_is_string(us))
        spill_add(&r->delays, json_pack("[O, O, O]", from_s, until_s, us));
}

/* A trace; or how traces are made, of which the newest is kept. */
static void on_hops(struct result *r, json_t *data)
{
    json_t *by = json_object_get(data, "hops_by"), *why = json_object_get(data, "hops_why");
    if (json_is_array(json_object_get(data, "hops")) && json_is_number(json_object_get(data, "at_s")))
        spill_add(&r->hops, json_incref(data));
    if (!json_is_string(by) && !json_is_null(by))
        return;
    json_decref(r->hops_by);
    json_decref(r->hops_why);
    r->hops_by = json_incref(by);
    r->hops_why = json_is_string(why) ? json_incref(why) : NULL;
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
    json_t *data = event->data;
    int64_t n = 0;
    switch (event->kind) {
    case EVENT_HEADER: on_header(r, data); break;
    case EVENT_INTERVAL: on_interval(r, event); break;
    case EVENT_START: on_start(r, data); break;
    case EVENT_END:
        json_decref(r->last_end);
        r->last_end = json_incref(data);
        break;
    case EVENT_SESSION: on_session(r, data); break;
    case EVENT_STOPPED: r->stopped_s = number_of(data, "at_s"); break;
    case EVENT_GAP: r->stopped_s = NAN; break; /* taken before; the leg went on */
    case EVENT_CLOCK: spill_add(&r->clock_steps, json_incref(data)); break;
    case EVENT_RTT: on_rtt(r, data); break;
    case EVENT_DELAYS: on_delays(r, data); break;
    case EVENT_HOPS: on_hops(r, data); break;
    case EVENT_HOST: result_host_add(&r->host, data); break;
    case EVENT_LEFT_OUT: on_left_out(r, data); break;
    case EVENT_TORN: r->has_torn_tail = true; break;
    case EVENT_LOST:
        result_session_lose(r, result_take_count(data, "intervals", &n) && n > 0 ? (uint64_t)n : 0);
        break;
    default: break; /* what is not known is of a newer longhaul */
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
    if (event->kind == EVENT_GAP && !isnan(number_of(event->data, "start_s")) &&
        !isnan(number_of(event->data, "seconds"))) {
        add_gap(r, json_incref(event->data));
        set_unconfirmed(r, NULL);
    } else if (event->kind == EVENT_UNCONFIRMED) {
        set_unconfirmed(r, event->data);
    } else if (event->kind == EVENT_CONFIRMED || event->kind == EVENT_START) {
        set_unconfirmed(r, NULL);
    } else if (event->kind == EVENT_INTERVAL && r->unconfirmed) {
        double end_s = number_of(interval_sum(event->data), "end");
        r->unconfirmed_until_s = end_s > r->unconfirmed_until_s ? end_s : r->unconfirmed_until_s;
    }
}

/* Somewhere in the line, in whatever spelling. "unconfirmed" has "confirmed" in it. */
static bool has_name(const char *line, size_t length, enum event_kind kind)
{
    const char *name = event_name(kind);
    return memmem(line, length, name, strlen(name)) != NULL;
}

/* A gap becomes known when it is over, after rows that fall into it. Most lines are not about gaps. */
static void take_line_for_gaps(const char *line, size_t length, void *payload)
{
    const struct result_lines *lines = payload;
    const struct result *r = lines->payload;
    if (line && (r->unconfirmed || has_name(line, length, EVENT_GAP) || has_name(line, length, EVENT_CONFIRMED)))
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

int result_read_journal(struct result *r, struct journal *journal, struct longhaul_error *err)
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
