/* reader_events.c - adds event lines, {"event":"interval","data":{...}}, to the tests that they describe. Two processes
 * may have written to one file: lines are assigned to a test by its sockets, and by the time at which its last interval
 * ended. If neither decides, the test is marked as mixed. A journal always has one test. */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/event_line.h"
#include "model/iperf_json.h"
#include "read/reader_inside.h"
#include "read/server_output.h"

#define SAME_S 1e-6      /* an interval begins where the previous one ended: to the microsecond */
#define NEAR_SHARE 0.25  /* of an interval: a line of another test is closer than that */
#define DEAD_INTERVALS 3 /* a test without a line for this many intervals has died */

/* ---- sockets */

static void add_socket(uint64_t sockets[16], const json_t *object)
{
    double number = number_of(object, "socket");
    if (number >= 0 && number < 16 * 64)
        sockets[(unsigned)number / 64] |= UINT64_C(1) << (unsigned)number % 64;
}

/* Adds those of "connected" or "streams"; in an end's streams they are one level deeper. */
static void add_sockets(uint64_t sockets[16], const json_t *list)
{
    static const char *const inner[] = { "udp", "sender", "receiver" };
    size_t i;
    json_t *element;
    json_array_foreach(list, i, element) {
        add_socket(sockets, element);
        for (size_t k = 0; k < sizeof inner / sizeof *inner; k++)
            add_socket(sockets, json_object_get(element, inner[k]));
    }
}

static bool has_common(const uint64_t a[16], const uint64_t b[16])
{
    bool has = false;
    for (size_t i = 0; i < 16; i++)
        has = has || (a[i] & b[i]);
    return has;
}

static bool is_none(const uint64_t sockets[16])
{
    return !has_common(sockets, sockets);
}

/* ---- which test */

/* What a line says about the test to which it belongs. */
struct line {
    uint64_t sockets[16];
    double start_s, end_s;
    bool is_end;
};

static struct line describe(enum event_kind kind, const json_t *data)
{
    struct line line = { .is_end = kind == EVENT_END };
    const json_t *sent = json_object_get(data, "sum_sent"); /* the end of a TCP test has no "sum" */
    const json_t *sum = json_object_size(json_object_get(data, "sum")) == 0 && sent ? sent : interval_sum(data);
    line.start_s = number_of(sum, "start");
    line.end_s = number_of(sum, "end");
    add_sockets(line.sockets, json_object_get(data, "streams"));
    return line;
}

/* The end of a test's last interval; 0 before the first. */
static double last_end_s(const struct stream *s)
{
    double values[LONGHAUL_N_COLUMNS];
    struct longhaul_row row;
    if (longhaul_series_length(s->series) == 0)
        return 0;
    series_last_row(s->series, 0, values, &row);
    return values[LONGHAUL_COLUMN_END_S];
}

/* The distance of the line from there; infinite if the line has no time. */
static double distance(const struct stream *s, const struct line *line)
{
    double apart_s = fabs((line->is_end ? line->end_s : line->start_s) - last_end_s(s));
    return isnan(apart_s) ? INFINITY : apart_s;
}

/* True if the test has died: its intervals had ended this long before another test began. */
static bool has_died(const struct stream *s, const struct stream *newest, const struct line *line)
{
    return newest->start_unix_s - s->start_unix_s - last_end_s(s) > DEAD_INTERVALS * (line->end_s - line->start_s);
}

static bool has_its_sockets(const struct stream *s, const struct line *line)
{
    return is_none(line->sockets) || is_none(s->sockets) || has_common(s->sockets, line->sockets);
}

static bool may_be_of(const struct stream *s, const struct line *line)
{
    return !s->has_end && has_its_sockets(s, line);
}

/* Marks tests, including ended ones, if intervals were assigned to the wrong one. */
static void mark_mixed(struct longhaul_reader *r, const struct line *line, bool with_ended)
{
    for (size_t i = 0; i < r->n_streams; i++)
        if (with_ended ? has_its_sockets(&r->streams[i], line) : may_be_of(&r->streams[i], line))
            series_info(r->streams[i].series)->is_mixed = true;
}

/* The tests to which a line may belong, and the closest of them. */
struct candidates {
    struct stream *best; /* NULL if none exists */
    size_t n, n_same;    /* n_same are where the line begins */
};

/* Looks among those that have died by the clock of the newest test's host, or among those that have not. */
static struct candidates candidates_of(struct longhaul_reader *r, const struct line *line, bool dead)
{
    struct candidates c = { 0 };
    const struct stream *newest = &r->streams[r->n_streams - 1];
    for (size_t i = 0; i < r->n_streams; i++) {
        struct stream *s = &r->streams[i];
        if (!may_be_of(s, line) || has_died(s, newest, line) != dead)
            continue;
        c.n++;
        c.n_same += distance(s, line) < SAME_S;
        if (c.best == NULL || distance(s, line) <= distance(c.best, line))
            c.best = s;
    }
    return c;
}

/* True for the end of a test without intervals, if another test on the same socket has ended, too: that one got
 * them. */
static bool has_lost_intervals(const struct longhaul_reader *r, const struct stream *s, const struct line *line)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_streams; i++)
        n += r->streams[i].has_end && has_its_sockets(&r->streams[i], line);
    return line->is_end && n > 0 && longhaul_series_length(s->series) == 0;
}

/* The test to which a line belongs. */
static struct stream *stream_of(struct longhaul_reader *r, enum event_kind kind, const json_t *data)
{
    if (r->n_streams == 1)
        return &r->streams[0];
    struct line line = describe(kind, data);
    struct candidates c = candidates_of(r, &line, false);
    if (c.best == NULL) /* or the clocks of two hosts differ */
        c = candidates_of(r, &line, true);
    if (c.best == NULL)
        return &r->streams[r->n_streams - 1];
    bool is_near = distance(c.best, &line) < NEAR_SHARE * (line.end_s - line.start_s);
    if (c.n > 1 && (c.n_same > 1 || (c.n_same == 0 && !is_near)) && (kind == EVENT_INTERVAL || line.is_end))
        mark_mixed(r, &line, false);
    if (has_lost_intervals(r, c.best, &line))
        mark_mixed(r, &line, true);
    return c.best;
}

/* ---- tests in progress */

int reader_give_stream(struct longhaul_reader *r, struct longhaul_series **out)
{
    struct longhaul_series *s = r->streams[0].series;
    snprintf(r->stream_cookie, sizeof r->stream_cookie, "%s", series_cookie(s));
    memmove(r->streams, r->streams + 1, --r->n_streams * sizeof *r->streams);
    return reader_give(r, s, out);
}

static bool add_stream(struct longhaul_reader *r)
{
    struct longhaul_series *s = series_new(r->path, r->options.wants_omitted);
    if (s)
        r->streams[r->n_streams++] = (struct stream){ .series = s, .start_unix_s = NAN };
    return s != NULL;
}

static bool is_journal(const struct longhaul_reader *r)
{
    return r->n_streams > 0 && longhaul_series_info(r->streams[0].series)->is_journal;
}

/* True if the oldest test must be returned before another one begins. */
static bool must_give(const struct longhaul_reader *r, enum event_kind kind)
{
    if (r->n_streams == 0)
        return false;
    if (kind == EVENT_HEADER)
        return true;
    return kind == EVENT_START && !is_journal(r) &&
           (r->streams[0].has_end || r->n_streams == READER_MOST_STREAMS);
}

/* True unless this is the test whose "start" is missing, and which has nothing yet. */
static bool begins_another(const struct longhaul_reader *r, enum event_kind kind)
{
    if (r->n_streams == 0)
        return true;
    const struct longhaul_series *newest = r->streams[r->n_streams - 1].series;
    return kind == EVENT_START && !is_journal(r) &&
           (series_has_start(newest) || longhaul_series_length(newest) > 0);
}

/* ---- lines */

static void take_start(struct stream *stream, json_t *data)
{
    series_take_start(stream->series, data);
    add_sockets(stream->sockets, json_object_get(data, "connected"));
    stream->start_unix_s = number_of(json_object_get(data, "timestamp"), "timesecs");
}

static void take_end(struct longhaul_reader *r, struct stream *stream, json_t *data, const struct json_text_got *got)
{
    json_t *both = json_text_repeated(&r->text, got) > 0 ? reader_other_direction(r, data, "data", got) : NULL;
    json_t *end = both ? json_object_get(both, "data") : data;
    series_take_end(stream->series, end);
    server_output_take_end(stream->series, end);
    json_decref(both);
    stream->has_end = !longhaul_series_info(stream->series)->is_journal;
}

static int apply(struct longhaul_reader *r, enum event_kind kind, json_t *data, const struct json_text_got *got)
{
    struct stream *stream = kind == EVENT_START ? &r->streams[r->n_streams - 1] : stream_of(r, kind, data);
    struct longhaul_series *s = stream->series;
    switch (kind) {
    case EVENT_INTERVAL: return reader_add_interval(r, s, data, SCAN_EVENT, got);
    case EVENT_START: take_start(stream, data); break;
    case EVENT_HEADER: series_take_longhaul(s, data, true); break;
    case EVENT_ERROR: series_take_error(s, data); break;
    case EVENT_SERVER_OUTPUT: server_output_take(s, data); break;
    case EVENT_GAP:
        series_take_gap(s, data);
        series_take_stopped(s, NAN);
        break;
    case EVENT_STOPPED: series_take_stopped(s, number_of(data, "at_s")); break;
    case EVENT_RTT: series_take_rtt(s, data); break;
    case EVENT_DELAYS: series_take_delays(s, data); break;
    case EVENT_HOPS: series_take_route(s, data); break;
    case EVENT_HOST: series_take_host(s, data); break;
    case EVENT_END: take_end(r, stream, data, got); break;
    default: break;
    }
    return 0;
}

static void pass_line(struct longhaul_reader *r)
{
    int c;
    while ((c = json_text_look(&r->text, 0)) >= 0 && c != '\n')
        r->text.at++;
}

/* Adds an event to its test; returns 1 and *out if another test is complete before it, and then leaves the text before
 * it. */
static int take_event(struct longhaul_reader *r, json_t *event, const struct json_text_got *got,
                      struct longhaul_series **out)
{
    json_t *data;
    enum event_kind kind = event_take(event, &data);
    if (must_give(r, kind)) {
        r->text.at -= got->length;
        return reader_give_stream(r, out);
    }
    if (begins_another(r, kind) && !add_stream(r))
        return LONGHAUL_ENOMEM;
    return kind == EVENT_NONE ? 0 : apply(r, kind, data, got);
}

int reader_take_event(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err)
{
    struct json_text_got got;
    int rc =
        r->n_streams == 1 && !r->streams[0].has_end ? reader_scan_interval(r, r->streams[0].series, SCAN_EVENT) : 0;
    if (rc == 0) {
        json_t *event = reader_take_value(r, &got);
        if (event) {
            rc = take_event(r, event, &got, out);
            json_decref(event);
        } else {
            warnings_add(&r->warnings, json_text_offset(&r->text), "left out: a line that breaks off");
            pass_line(r);
        }
    } else if (rc > 0) {
        rc = 0;
    }
    return rc < 0 ? reader_failed(r, rc, err) : rc;
}
