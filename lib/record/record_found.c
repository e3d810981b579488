/* record_found.c - continues an existing record: reads from its journal where it was, and what its process knew about
 * it. */

#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/json_mend.h"
#include "base/units.h"
#include "model/availability.h"
#include "record/interval.h"
#include "record/record_inside.h"

static void use_newest_time(struct record *r)
{
    if (r->newest_start_ns != 0 && (r->start_wall_ns == 0 || r->newest_start_ns < r->start_wall_ns))
        r->start_wall_ns = r->newest_start_ns;
    r->newest_start_ns = 0;
}

/* A row arrives some time after its end, later on a busy machine: the row with the least delay tells when the axis
 * began. If the clock was set, the event that says so follows the first row by the new clock. */
static void take_time(struct record *r, int64_t unix_us)
{
    use_newest_time(r);
    if (unix_us > 0)
        r->newest_start_ns = unix_us * NS_PER_US - (int64_t)(r->end_s * NS_PER_S);
}

static void on_old_interval(struct record *r, const json_t *data)
{
    struct longhaul_interval interval;
    interval_decode(data, 0, &interval);
    if (interval.unreadable & LONGHAUL_UNREADABLE_TIME) {
        interval.start_s = r->end_s;
        interval.seconds = 0;
    }
    live_interval(&r->live, &interval);
    r->end_s = interval.start_s + interval.seconds;
    if (!r->is_unconfirmed)
        r->confirmed_s = r->end_s;
    live_confirm(&r->live, r->confirmed_s);
    take_time(r, json_integer_value(json_object_get(json_object_get(data, "longhaul"), "unix_us")));
    r->n_intervals++;
}

static void on_old_delays(struct record *r, const json_t *data)
{
    const char *histogram = json_string_value(json_object_get(data, "us"));
    if (histogram)
        live_delays(&r->live, histogram);
}

static void on_old_gap(struct record *r, const json_t *data)
{
    double start_s = number_or_0(data, "start_s");
    double until_s = start_s + number_or_0(data, "seconds");
    const char *cause = json_string_value(json_object_get(data, "cause"));
    live_gap(&r->live, start_s, until_s, cause && cause_is_outage(cause));
    r->end_s = r->confirmed_s = fmax(r->end_s, until_s);
    r->is_unconfirmed = false;
}

static void on_old_event(struct record *r, enum event_kind kind, json_t *data)
{
    switch (kind) {
    case EVENT_HEADER:
        if (r->header == NULL)
            record_take_header(r, json_incref(data));
        break;
    case EVENT_START:
        r->n_sessions++;
        live_session(&r->live);
        r->is_unconfirmed = false;
        break;
    case EVENT_UNCONFIRMED:
        r->confirmed_s = r->unconfirmed_s = number_or_0(data, "since_s");
        r->is_unconfirmed = true;
        break;
    case EVENT_CONFIRMED:
        r->confirmed_s = r->end_s;
        r->is_unconfirmed = false;
        break;
    case EVENT_DELAYS: on_old_delays(r, data); break;
    case EVENT_INTERVAL: on_old_interval(r, data); break;
    case EVENT_GAP: on_old_gap(r, data); break;
    case EVENT_CLOCK: /* what the clock would have said at the start, had it been right */
        if (r->start_wall_ns != 0)
            r->start_wall_ns += (int64_t)(number_or_0(data, "step_s") * NS_PER_S);
        break;
    default: break;
    }
}

/* Learns from a journal's line where the record was. */
static void on_old_line(const char *line, size_t length, void *payload)
{
    bool is_mended;
    json_t *event = json_mend_load(line, length, &is_mended), *data;
    enum event_kind kind = event_take(event, &data);
    on_old_event(payload, kind, data);
    json_decref(event);
}

int record_reopen(const char *journal_path, enum record_cause cause, const char *why, struct record **out,
                  struct longhaul_error *err)
{
    struct record *r = record_new();
    int64_t n_cut = 0;
    bool is_empty = false;
    int rc = r ? journal_open(journal_path, &r->journal, err) : error_set(err, LONGHAUL_ENOMEM, "out of memory");
    if (rc == 0)
        rc = journal_check_own(r->journal, err);
    if (rc == 0)
        rc = journal_cut_tail(r->journal, &n_cut, &is_empty, err);
    if (rc == 0 && is_empty) { /* the host died while the journal was being made */
        record_discard(r);
        *out = NULL;
        return 0;
    }
    if (rc == 0)
        rc = journal_each_line(r->journal, on_old_line, r, NULL, err);
    if (rc == 0 && r->header == NULL)
        rc = error_set(err, LONGHAUL_EFORMAT, "%s: not a journal of longhaul's", journal_path);
    if (rc != 0) {
        record_close(r);
        return rc;
    }
    /* Only the wall clock has continued since then, so the axis is derived from it. If the date was set back meanwhile,
     * time continues where the record ends. */
    struct clock_reading now = clock_read();
    use_newest_time(r);
    int64_t elapsed_ns = now.wall_ns - r->start_wall_ns, end_ns = (int64_t)(r->end_s * NS_PER_S);
    if (r->n_intervals > 0)
        r->start_boot_ns = now.boot_ns - (elapsed_ns > end_ns ? elapsed_ns : end_ns);
    r->has_gap = r->n_intervals > 0;
    r->cause = cause;
    snprintf(r->cause_text, sizeof r->cause_text, "%s", why);
    r->synced_ns = now.boot_ns;
    journal_settle_tally(r->journal);
    if (n_cut > 0)
        record_keep_event(r, EVENT_TORN, json_pack("{s:I}", "bytes", (json_int_t)n_cut));
    *out = r;
    return 0;
}
