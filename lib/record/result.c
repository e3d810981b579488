/* result.c - makes the result from a journal, in one pass and with constant memory: start, intervals as they stand, end
 * from 64-bit sums, and the "longhaul" object with segments and gaps. Unknown values are omitted, never 0. Also
 * `recover`. */

#include "record/result.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "record/json_put.h"
#include "record/result_inside.h"

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
    if (!isnan(r->stopped_s))
        json_put(own, "stopped_s", json_real(r->stopped_s), failed);
    if (r->rtt_method)
        json_put(own, "rtt_method", json_incref(r->rtt_method), failed);
    if (r->hops_by)
        json_put(own, "hops_by", json_incref(r->hops_by), failed);
    if (r->hops_why)
        json_put(own, "hops_why", json_incref(r->hops_why), failed);
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

/* A list, omitted when it is empty. */
static void write_list(struct result *r, const char *key, struct spill *list)
{
    if (list->n == 0)
        return;
    fprintf(r->out, ",\"%s\":", key);
    spill_write(list, r->out);
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
    fputs("}", r->out);
    write_list(r, "rtt", &r->rtt);
    write_list(r, "delays", &r->delays);
    write_list(r, "hops", &r->hops);
    fputs("}}\n", r->out);
    free(text);
    json_decref(own);
}

static int spill_failure(const struct result *r)
{
    const struct spill *all[] = { &r->segments, &r->gaps, &r->clock_steps, &r->rtt, &r->delays, &r->hops };
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
    r->segments.dir = r->gaps.dir = r->clock_steps.dir = r->rtt.dir = r->delays.dir = r->hops.dir = draft.dir;
    rc = result_read_journal(r, journal, err);
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
    struct result r = { .is_last = is_last, .stopped_s = NAN, .left_out = json_object(), .totals.order = { NAN, NAN },
                        .totals.windows = { 0, NAN, NAN, NAN, NAN, 0 } };
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
    spill_clear(&r.delays);
    spill_clear(&r.hops);
    free(r.gap_times);
    json_decref(r.left_out);
    json_decref(r.rtt_method);
    json_decref(r.hops_by);
    json_decref(r.hops_why);
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
