/* record.h - one leg's record on one host: sessions one after the other on one axis, in a journal, turned into a
 * result. */
#ifndef RECORD_H
#define RECORD_H

#include <jansson.h>
#include <longhaul.h>

#include "base/clock.h"
#include "host/tcp_state.h"
#include "model/event_line.h"
#include "model/delay.h"
#include "model/order.h"
#include "record/live.h"

struct record;

/* The causes of gaps. The codes are in files, and must not change. */
enum record_cause {
    RECORD_PATH_SILENT,  /* the peer's host stopped answering the control connection's keepalives */
    RECORD_PEER_STOPPED, /* the peer's host answers, but nothing comes from the peer */
    RECORD_PEER_CLOSED,  /* the peer ended the session, or died */
    RECORD_LINK_DOWN,    /* this host could not send */
    RECORD_ADDRESS_CHANGED, /* the address to which the session was bound no longer belongs to this host */
    RECORD_SUSPENDED,    /* this host slept */
    RECORD_RESTARTED,    /* longhaul itself was not running */
    RECORD_SESSION_ERROR, /* any other error of libiperf */
    RECORD_STOPPED       /* the user ended it: not a gap, unless the record is continued */
};

/* Begins a record: <dir>/<stem>.journal with its first line. Takes the reference to header. */
int record_create(const char *dir, const char *stem, json_t *header, struct record **out, struct longhaul_error *err);

/* Continues an existing record: cuts a torn tail, which is noted, and finds out where it was. cause and why describe
 * the gap since then. *out is NULL if there was no whole line in it, not even the first: then it is removed. */
int record_reopen(const char *journal_path, enum record_cause cause, const char *why, struct record **out,
                  struct longhaul_error *err);

const json_t *record_header(const struct record *record);
const char *record_journal_path(const struct record *record);
const char *record_result_path(const struct record *record);

/* Rows that the disk refuses are kept and tried again; those that cannot be kept are counted as lost in the record.
 * record_error() returns the first such error, with code 0 if none exists. */
const struct longhaul_error *record_error(const struct record *record);

/* A session began to measure. text is libiperf's start event if it is verbatim, else NULL. The first start is 0 on the
 * axis. */
void record_start(struct record *record, const char *text, size_t length, const json_t *data,
                  const struct clock_reading *at);

/* An interval from libiperf, and what else is known about it. */
struct record_row {
    const char *text; /* the event, if it is verbatim (session_event.h); else NULL */
    size_t length;
    json_t *data;     /* an object */
    struct clock_reading at;
    double last_ack_s; /* how long ago the peer's host was last heard of; NAN if unknown */
    struct tcp_state tcp; /* what the kernel knew about its streams */
    struct order order;
    struct longhaul_delay delay;
    const char *flows;     /* what was seen of each (model/flow.h); NULL or "" for nothing */
    const char *histogram; /* of its delays (base/histogram.h); NULL or "" for none */
};

/* Adds an interval of the session, whatever it contains. Returns false for one that the record already has (a session
 * that breaks reports its last interval twice), and for one before any session: these are counted as left out. decoded
 * is on the leg's axis, as for a callback. */
bool record_interval(struct record *record, const struct record_row *row, struct longhaul_interval *decoded);

/* Counts n rows of libiperf's that are not in the record, with the reason: a code that stands in the file. */
void record_left_out(struct record *record, uint64_t n, const char *why);

/* Adds a round trip that began at at_s on the axis; NAN if there was no answer. method is "icmp" or "tcp". */
void record_rtt(struct record *record, double at_s, double rtt_ms, const char *method);

/* The leg was ended on request, at_s on its axis: the last thing in the record, unless it is resumed. */
void record_stopped(struct record *record, double at_s);

/* Adds an event of its own, apart from rows and sessions. Takes the reference to data. */
void record_event(struct record *record, enum event_kind kind, json_t *data);

/* Adds libiperf's end object. */
void record_end(struct record *record, json_t *end);
/* Adds a histogram of delays (base/histogram.h) from the last one's end, or the session's start, to the last row's. */
void record_delays(struct record *record, const char *histogram);

/* The session is over. is_clean: the end object is reliable. cause and ending describe the gap that may follow.
 * alive_s: when the peer was known to be there by other means than the rows; NAN if unknown. */
void record_session(struct record *record, const char *ending, bool is_clean, enum record_cause cause, double alive_s);

/* Sets what becomes known later about the open gap, if there is one: its cause; with RECORD_STOPPED it is not a gap. */
void record_gap_cause(struct record *record, enum record_cause cause);

/* The current time in seconds on the record's axis. 0 before the first start. */
double record_elapsed_s(const struct record *record, int64_t boot_ns);
/* Up to where it is confirmed. */
double record_confirmed_s(const struct record *record);
uint64_t record_n_intervals(const struct record *record);
bool record_has_started(const struct record *record);

/* The figures so far, including what an earlier run left in the journal. Borrowed. */
const struct live *record_live(const struct record *record);

/* The rest of the plan, up to until_s on the axis, was not measured. */
void record_gap_until(struct record *record, double until_s);

/* Forces rows to disk that are older than every_s. Returns when it must be called next (boot_ns; INT64_MAX for
 * never). */
int64_t record_sync(struct record *record, int64_t boot_ns, double every_s);

/* Makes the result from the journal. keep_journal: the record may be continued later. Frees the record in every
 * case. */
int record_finish(struct record *record, bool keep_journal, struct longhaul_outcome *outcome,
                  struct longhaul_error *err);

/* Closes the record; the journal stays. NULL is accepted. */
void record_close(struct record *record);
/* Closes the record and removes its journal. NULL is accepted. */
void record_discard(struct record *record);

#endif
