/* record.h - one leg's record on one host: sessions one after the other on one axis, in a journal, to a result. */
#ifndef RECORD_H
#define RECORD_H

#include <jansson.h>
#include <longhaul.h>

#include "base/clock.h"
#include "host/tcp_state.h"
#include "model/order.h"
#include "record/live.h"

struct record;

/* Why there is a gap. The codes stand in the file; they are few and stay what they are. */
enum record_cause {
    RECORD_PATH_SILENT,  /* the peer's host stopped answering: keepalives of the control connection */
    RECORD_PEER_STOPPED, /* its host answers, but nothing comes from the peer */
    RECORD_PEER_CLOSED,  /* the peer ended the session, or died */
    RECORD_LINK_DOWN,    /* this host could not send */
    RECORD_ADDRESS_CHANGED, /* the address that the session was bound to is no longer this host's */
    RECORD_SUSPENDED,    /* this host slept */
    RECORD_RESTARTED,    /* longhaul itself was not running */
    RECORD_SESSION_ERROR, /* anything else that libiperf says */
    RECORD_STOPPED       /* the user ended it: no gap, unless the record is taken up again */
};

/* Begins a record: <dir>/<stem>.journal with its first line. Takes header's reference. */
int record_create(const char *dir, const char *stem, json_t *header, struct record **out, struct longhaul_error *err);

/* Takes up one that was left: cuts a torn tail, which is noted, and finds out where it was. cause and why are for the
 * gap since. *out is NULL when there was no whole line in it, not even the first: then it is gone. */
int record_reopen(const char *journal_path, enum record_cause cause, const char *why, struct record **out,
                  struct longhaul_error *err);

const json_t *record_header(const struct record *record);
const char *record_journal_path(const struct record *record);
const char *record_result_path(const struct record *record);

/* Rows that the disk refuses are kept and tried again; what cannot be kept is counted as lost in the record. The first
 * such error is in record_error(), code 0 while there is none. */
const struct longhaul_error *record_error(const struct record *record);

/* A session began to measure: text is libiperf's start event when it is verbatim, else NULL. The first one's start is
 * the axis' 0. */
void record_start(struct record *record, const char *text, size_t length, const json_t *data,
                  const struct clock_reading *at);

/* An interval as libiperf handed it out, and what is known of it besides. */
struct record_row {
    const char *text; /* the event, when it is verbatim (session_event.h); else NULL */
    size_t length;
    json_t *data;     /* an object */
    struct clock_reading at;
    double last_ack_s; /* how long ago the peer's host was last heard of; NAN when not known */
    struct tcp_state tcp; /* what the kernel knew of its streams */
    struct order order;
};

/* An interval of the session: kept whatever is in it. false for one that the record has already (a session that breaks
 * reports its last interval once more), and for one before any session: these are counted as left out. decoded is as a
 * callback gets it, on the leg's axis. */
bool record_interval(struct record *record, const struct record_row *row, struct longhaul_interval *decoded);

/* n rows of libiperf's are not in the record, and why: a code that stands in the file. */
void record_left_out(struct record *record, uint64_t n, const char *why);

/* A round trip, begun at at_s on the axis; NAN when no answer came. method is "icmp" or "tcp". */
void record_rtt(struct record *record, double at_s, double rtt_ms, const char *method);

/* A line of its own beside rows and sessions. Takes data's reference. */
void record_event(struct record *record, const char *name, json_t *data);

/* libiperf's end object. */
void record_end(struct record *record, json_t *end);

/* The session is over. is_clean: the end object can be believed. cause and ending are for the gap that may follow.
 * alive_s: the peer is known to have been there then, by other means than the rows; NAN when it is not. */
void record_session(struct record *record, const char *ending, bool is_clean, enum record_cause cause, double alive_s);

/* What is known later of the gap that is open, if one is: why it is; RECORD_STOPPED: it is none. */
void record_gap_cause(struct record *record, enum record_cause cause);

/* Where the record is: seconds on its axis. 0 before the first start. */
double record_elapsed_s(const struct record *record, int64_t boot_ns);
/* Up to where it is good: the end of what was confirmed. */
double record_confirmed_s(const struct record *record);
uint64_t record_n_intervals(const struct record *record);
bool record_has_started(const struct record *record);

/* The figures so far, also of what an earlier run left in the journal. Borrowed. */
const struct live *record_live(const struct record *record);

/* The rest of the plan, until_s on the axis, was not measured. */
void record_gap_until(struct record *record, double until_s);

/* Forces rows to disk that are older than every_s. Returns when it wants to be called next (boot_ns; INT64_MAX for
 * never). */
int64_t record_sync(struct record *record, int64_t boot_ns, double every_s);

/* Journal to result. keep_journal: the record may go on later. The record is freed, whatever happens. */
int record_finish(struct record *record, bool keep_journal, struct longhaul_outcome *outcome,
                  struct longhaul_error *err);

/* Lets go of the record; the journal stays. NULL is accepted. */
void record_close(struct record *record);
/* Leaves no trace. NULL is accepted. */
void record_discard(struct record *record);

#endif
