/* record.c - one leg's record: puts sessions on one axis, marks gaps and clock steps, and writes every row to the
 * journal, even if the disk refuses it for a while. Knows nothing of processes and networks. */

#include "record/record.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/json_make.h"
#include "base/json_mend.h"
#include "base/units.h"
#include "model/availability.h"
#include "record/interval.h"
#include "record/interval_flows.h"
#include "record/journal.h"
#include "record/record_inside.h"
#include "record/result.h"

/* Tolerance for a row's time compared with the time of its arrival: it may have waited in a stopped process. */
#define CLOCK_SLACK_S 60
#define CLOCK_STEP_NS (100 * NS_PER_MS) /* between two intervals; a slewed clock moves 0.5 ms in a second */

#define UNCONFIRMED_S 1.5 /* the peer's host is heard of every second, plus a round trip */
#define SAME_TIME_S 0.5

static const char *const cause_codes[] = {
    [RECORD_PATH_SILENT] = "path-silent", [RECORD_PEER_STOPPED] = "peer-stopped", [RECORD_PEER_CLOSED] = "peer-closed",
    [RECORD_LINK_DOWN] = "link-down",     [RECORD_SUSPENDED] = "host-suspended",  [RECORD_RESTARTED] = "restarted",
    [RECORD_ADDRESS_CHANGED] = "address-changed", [RECORD_SESSION_ERROR] = "session-error" };

static const char *const noticed_by[] = {
    [RECORD_PATH_SILENT] = "keepalives of the control connection", [RECORD_PEER_STOPPED] = "intervals without a packet",
    [RECORD_PEER_CLOSED] = "end of the control connection",        [RECORD_LINK_DOWN] = "error of a data socket",
    [RECORD_SUSPENDED] = "CLOCK_BOOTTIME against CLOCK_MONOTONIC", [RECORD_RESTARTED] = "the journal left behind",
    [RECORD_ADDRESS_CHANGED] = "the next session's address",       [RECORD_SESSION_ERROR] = "libiperf's error" };

/* ---- rows */

static void keep(struct record *r, int rc, const struct longhaul_error *err)
{
    if (rc != 0 && r->error.code == 0)
        r->error = *err;
    r->is_unsynced = true;
}

void record_keep_event(struct record *r, enum event_kind kind, json_t *data)
{
    struct longhaul_error err = { 0 };
    int rc = journal_event(r->journal, kind, data, &err);
    keep(r, rc, &err);
}

static void keep_line(struct record *r, const char *line, size_t n)
{
    struct longhaul_error err = { 0 };
    int rc = journal_append(r->journal, line, n, &err);
    keep(r, rc, &err);
}

const struct longhaul_error *record_error(const struct record *r)
{
    return &r->error;
}

int64_t record_sync(struct record *r, int64_t boot_ns, double every_s)
{
    struct longhaul_error err = { 0 };
    int64_t every_ns = (int64_t)(every_s * NS_PER_S);
    if (!r->is_unsynced)
        return INT64_MAX;
    if (boot_ns - r->synced_ns < every_ns)
        return r->synced_ns + every_ns;
    int rc = journal_sync(r->journal, &err);
    keep(r, rc, &err);
    r->is_unsynced = rc != 0;
    r->synced_ns = boot_ns;
    return rc != 0 ? boot_ns + every_ns : INT64_MAX;
}

/* ---- beginning */

struct record *record_new(void)
{
    struct record *r = calloc(1, sizeof *r);
    if (r)
        live_init(&r->live);
    return r;
}

void record_take_header(struct record *r, json_t *header)
{
    const char *role = json_string_value(json_object_get(header, "role"));
    r->header = header;
    r->has_flows = json_integer_value(json_object_get(header, "flows")) > 1;
    r->is_receiver = role && strcmp(role, "receiver") == 0;
}

int record_create(const char *dir, const char *stem, json_t *header, struct record **out, struct longhaul_error *err)
{
    struct record *r = record_new();
    int rc =
        r && header ? journal_create(dir, stem, &r->journal, err) : error_set(err, LONGHAUL_ENOMEM, "out of memory");
    if (rc == 0) {
        record_take_header(r, json_incref(header));
        r->synced_ns = clock_boot_ns();
        rc = journal_event(r->journal, EVENT_HEADER, json_incref(header), err);
    }
    if (rc == 0)
        rc = journal_begin_tally(r->journal, err);
    if (rc == 0)
        rc = journal_sync(r->journal, err);
    json_decref(header);
    if (rc != 0)
        record_discard(r);
    else
        *out = r;
    return rc;
}

const json_t *record_header(const struct record *r)
{
    return r->header;
}

const char *record_journal_path(const struct record *r)
{
    return journal_path(r->journal);
}

const char *record_result_path(const struct record *r)
{
    return journal_result_path(r->journal);
}

/* ---- sessions */

double record_elapsed_s(const struct record *r, int64_t boot_ns)
{
    return record_has_started(r) ? (double)(boot_ns - r->start_boot_ns) / NS_PER_S : 0;
}

double record_confirmed_s(const struct record *r)
{
    return r->confirmed_s;
}

uint64_t record_n_intervals(const struct record *r)
{
    return r->n_intervals;
}

bool record_has_started(const struct record *r)
{
    return r->start_boot_ns != 0;
}

/* Writes to the journal up to where the record is confirmed, if that is not the end of its last row: then whoever reads
 * it after this process was killed marks the same rows. cause is RECORD_STOPPED if the rest counts as confirmed. */
static void note_confirmed(struct record *r, enum record_cause cause)
{
    bool is_behind = cause != RECORD_STOPPED && r->end_s - r->confirmed_s > UNCONFIRMED_S;
    bool is_said = r->is_unconfirmed && r->confirmed_s - r->unconfirmed_s < SAME_TIME_S;
    if (is_behind && !is_said) {
        record_keep_event(r, EVENT_UNCONFIRMED,
                          json_pack("{s:f, s:f, s:s, s:s}", "since_s", r->confirmed_s, "until_s", r->end_s, "cause",
                                    cause_codes[cause], "noticed_by", noticed_by[cause]));
        r->unconfirmed_s = r->confirmed_s;
    } else if (!is_behind && r->is_unconfirmed) {
        record_keep_event(r, EVENT_CONFIRMED, json_pack("{s:f}", "until_s", r->end_s));
    }
    r->is_unconfirmed = is_behind;
}

void record_gap_cause(struct record *r, enum record_cause cause)
{
    r->cause = cause;
    r->has_gap = r->has_gap && cause != RECORD_STOPPED;
    if (cause == RECORD_STOPPED)
        note_confirmed(r, cause);
}

void record_gap_until(struct record *r, double until_s)
{
    if (r->has_gap && until_s > r->confirmed_s) {
        record_keep_event(r, EVENT_GAP,
                          json_pack("{s:f, s:f, s:s, s:s, s:s}", "start_s", r->confirmed_s, "seconds",
                                    until_s - r->confirmed_s, "cause", cause_codes[r->cause], "noticed_by",
                                    noticed_by[r->cause], "text", r->cause_text));
        live_gap(&r->live, r->confirmed_s, until_s, cause_is_outage(cause_codes[r->cause]));
        r->is_unconfirmed = false; /* the gap says it */
    }
    r->has_gap = false;
}

/* Writes an event as it came. */
static void keep_text(struct record *r, const char *text, size_t length)
{
    char *line = malloc(length + 1);
    struct longhaul_error err = { 0 };
    if (line == NULL) {
        keep(r, error_set(&err, LONGHAUL_ENOMEM, "out of memory"), &err);
        return;
    }
    memcpy(line, text, length);
    line[length] = '\n';
    keep_line(r, line, length + 1);
    free(line);
}

void record_start(struct record *r, const char *text, size_t length, const json_t *data, const struct clock_reading *at)
{
    if (!record_has_started(r)) {
        r->start_boot_ns = at->boot_ns;
        r->start_wall_ns = at->wall_ns;
    } else {
        r->shift_s = (double)(at->boot_ns - r->start_boot_ns) / NS_PER_S;
        record_gap_until(r, r->shift_s);
        r->end_s = r->confirmed_s = r->shift_s;
    }
    r->n_sessions++;
    r->delays_from_s = r->shift_s;
    r->counts = (struct record_counts){ .n_given_up = journal_n_given_up(r->journal), .jitter_ms = NAN };
    live_session(&r->live);
    r->has_clock = false;
    r->row_start_s = -INFINITY;
    if (text)
        keep_text(r, text, length);
    else
        record_keep_event(r, EVENT_START, json_incref((json_t *)(uintptr_t)data));
}

/* Notes that the date jumped, and where; the axis is not affected. */
static void note_clock(struct record *r, const struct clock_reading *at, double at_s)
{
    int64_t offset_ns = at->wall_ns - at->monotonic_ns, step_ns = offset_ns - r->wall_less_monotonic_ns;
    if (r->has_clock && (step_ns > CLOCK_STEP_NS || step_ns < -CLOCK_STEP_NS))
        record_keep_event(r, EVENT_CLOCK, json_pack("{s:f, s:f}", "at_s", at_s, "step_s", (double)step_ns / NS_PER_S));
    r->wall_less_monotonic_ns = offset_ns;
    r->has_clock = true;
}

/* A sender's rows look perfect even if nothing arrives: they are confirmed up to when the peer's host was last heard
 * of. A receiver's rows are confirmed by arriving packets. */
static void confirm(struct record *r, const struct longhaul_interval *interval, double last_ack_s)
{
    if (r->is_receiver) {
        if (interval->bytes > 0)
            r->confirmed_s = r->end_s;
    } else if (isnan(last_ack_s)) {
        r->confirmed_s = r->end_s;
    } else if (r->end_s - last_ack_s > r->confirmed_s) {
        r->confirmed_s = r->end_s - last_ack_s;
    }
}

/* The reason why the newest rows are unconfirmed, if it is known when they arrive. */
static enum record_cause cause_of_silence(double last_ack_s)
{
    return last_ack_s < UNCONFIRMED_S || isinf(last_ack_s) ? RECORD_PEER_STOPPED : RECORD_PATH_SILENT;
}

void record_left_out(struct record *r, uint64_t n, const char *why)
{
    record_keep_event(r, EVENT_LEFT_OUT, json_pack("{s:I, s:s}", "intervals", (json_int_t)n, "why", why));
}

/* libiperf counts the seconds of a session by this host's clock. If a row begins before the last one or after now, its
 * times are useless: it then covers the time from the last row until now. */
static void place(struct record *r, const struct clock_reading *at, struct longhaul_interval *v)
{
    double now_s = record_elapsed_s(r, at->boot_ns);
    bool is_good = !(v->unreadable & LONGHAUL_UNREADABLE_TIME) && v->start_s >= r->shift_s - CLOCK_SLACK_S &&
                   v->start_s > r->row_start_s && v->start_s + v->seconds <= now_s + CLOCK_SLACK_S;
    if (is_good)
        return;
    v->unreadable |= LONGHAUL_UNREADABLE_TIME;
    v->start_s = r->end_s;
    v->seconds = now_s > r->end_s ? now_s - r->end_s : 0;
}

/* A session that breaks reports its last interval twice. */
static bool is_repeated(const struct record *r, const struct longhaul_interval *v)
{
    return v->start_s == r->row_start_s && v->bytes == r->row_bytes;
}

/* Writes the row to the journal; without memory for it, it counts as one that the disk did not take. */
static void keep_row(struct record *r, const struct record_row *row, const struct longhaul_interval *v)
{
    char *flows = r->has_flows ? interval_flows_text(row->data, row->flows ? row->flows : "") : NULL;
    char *line = interval_line(row->text, row->length, row->data, r->shift_s, flows, v);
    if (line)
        keep_line(r, line, strlen(line));
    else
        journal_lose(r->journal, 1);
    free(flows);
    free(line);
}

void record_delays(struct record *r, const char *histogram)
{
    if (r->n_sessions == 0)
        return;
    live_delays(&r->live, histogram);
    record_keep_event(r, EVENT_DELAYS, json_pack("{s:f, s:f, s:s}", "from_s", r->delays_from_s, "until_s", r->end_s,
                                                 "us", histogram));
    r->delays_from_s = r->end_s;
}

bool record_interval(struct record *r, const struct record_row *row, struct longhaul_interval *decoded)
{
    if (r->n_sessions == 0) {
        record_left_out(r, 1, "before-start");
        return false;
    }
    interval_decode(row->data, r->shift_s, decoded);
    if (is_repeated(r, decoded)) {
        record_left_out(r, 1, "repeated");
        return false;
    }
    place(r, &row->at, decoded);
    r->row_start_s = decoded->start_s;
    r->row_bytes = decoded->bytes;
    decoded->segment = r->n_sessions - 1;
    decoded->wall_unix_ns = row->at.wall_ns;
    decoded->monotonic_ns = row->at.monotonic_ns;
    interval_add_order(decoded, &row->order);
    decoded->delay = row->delay;
    interval_add_tcp(decoded, &row->tcp, !r->is_receiver);
    keep_row(r, row, decoded);
    r->end_s = decoded->start_s + decoded->seconds;
    if (row->histogram && *row->histogram)
        record_delays(r, row->histogram);
    r->n_intervals++;
    record_counts_add(&r->counts, decoded);
    confirm(r, decoded, row->last_ack_s);
    note_confirmed(r, cause_of_silence(row->last_ack_s));
    live_interval(&r->live, decoded);
    live_confirm(&r->live, r->confirmed_s);
    note_clock(r, &row->at, r->end_s);
    return true;
}

void record_rtt(struct record *r, double at_s, double rtt_ms, const char *method)
{
    json_t *sample = json_pack("{s:f, s:s}", "at_s", at_s, "method", method);
    json_object_set_new(sample, "ms", json_make_number(rtt_ms));
    record_keep_event(r, EVENT_RTT, sample);
}

void record_stopped(struct record *r, double at_s)
{
    record_keep_event(r, EVENT_STOPPED, json_pack("{s:f}", "at_s", at_s));
}

void record_event(struct record *r, enum event_kind kind, json_t *data)
{
    record_keep_event(r, kind, data);
}

void record_end(struct record *r, json_t *end)
{
    record_keep_event(r, EVENT_END, json_incref(end));
}

void record_session(struct record *r, const char *ending, bool is_clean, enum record_cause cause, double alive_s)
{
    /* A clean end confirms every row; so does, for the sender, a connection that the peer closed just now. */
    bool is_peers_word =
        !r->is_receiver && cause != RECORD_PATH_SILENT && cause != RECORD_PEER_STOPPED && cause != RECORD_SUSPENDED;
    if (is_clean || is_peers_word)
        r->confirmed_s = r->end_s;
    if (alive_s > r->confirmed_s)
        r->confirmed_s = alive_s < r->end_s ? alive_s : r->end_s;
    live_confirm(&r->live, r->confirmed_s);
    r->unconfirmed_s = -INFINITY; /* written again, now with the reason */
    note_confirmed(r, cause);
    uint64_t n_given_up = journal_n_given_up(r->journal) - r->counts.n_given_up;
    json_t *session = json_pack("{s:s, s:b}", "ending", ending, "is_clean", is_clean);
    if (n_given_up > 0) {
        json_object_set_new(session, "lost_intervals", json_integer((json_int_t)n_given_up));
        json_object_set_new(session, "counted", record_counts_object(&r->counts));
    }
    record_keep_event(r, EVENT_SESSION, session);
    r->has_gap = cause != RECORD_STOPPED;
    r->cause = cause;
    snprintf(r->cause_text, sizeof r->cause_text, "%s", ending);
}

const struct live *record_live(const struct record *r)
{
    return &r->live;
}

/* ---- ending */

int record_finish(struct record *r, bool keep_journal, struct longhaul_outcome *outcome, struct longhaul_error *err)
{
    int rc = journal_sync(r->journal, err);
    if (rc == 0)
        rc = result_write(r->journal, !keep_journal, outcome, err);
    if (rc == 0 && !keep_journal) {
        rc = journal_retire(r->journal, err);
        r->journal = NULL;
    }
    record_close(r);
    return rc;
}

void record_close(struct record *r)
{
    if (r == NULL)
        return;
    journal_close(r->journal);
    json_decref(r->header);
    free(r);
}

void record_discard(struct record *r)
{
    if (r == NULL)
        return;
    journal_remove(r->journal);
    r->journal = NULL;
    record_close(r);
}
