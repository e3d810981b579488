/* result_inside.h - what result.c, result_events.c and result_session.c share: a result while its journal is read. */
#ifndef RESULT_INSIDE_H
#define RESULT_INSIDE_H

#include <jansson.h>
#include <longhaul.h>
#include <stdio.h>

#include "base/json_number.h"
#include "record/journal.h"
#include "record/result_check.h"
#include "record/result_end.h"
#include "record/result_host.h"
#include "record/result_lines.h"
#include "record/spill.h"

struct segment {
    json_t *cookie;
    uint64_t first, n; /* intervals */
    double start_s, end_s;
    struct side here;     /* this host's intervals */
    struct side peer;     /* what the peer reported at the end */
    struct loss loss;
    struct retransmits retransmits;
    struct result_order order;
    uint64_t n_unknown_losses; /* intervals whose lost count cannot be read */
    uint64_t n_unknown_counts; /* the same for bytes or packets */
    bool has_lost_rows; /* and their content is unknown */
    bool is_open;
};

/* A stretch of time on the record's axis. */
struct stretch {
    double start_s, end_s;
};

struct result {
    FILE *out;
    json_t *header;   /* the journal's first line */
    json_t *last_end; /* libiperf's newest end record, not yet known to be reliable */
    json_t *end;      /* that of the newest session that ended well */
    struct spill segments; /* finished ones */
    struct spill gaps;
    struct spill clock_steps;
    struct spill rtt; /* [elapsed_s, ms or null]... */
    struct spill delays; /* [from_s, until_s, histogram]... */
    struct spill hops;   /* traces, as their events have them */
    json_t *rtt_method;
    json_t *hops_by, *hops_why; /* how routes were traced, or why not; NULL if that is unknown */
    struct result_host host;
    struct stretch *gap_times; /* of gaps */
    size_t n_gap_times, gap_room;
    size_t next_gap; /* the first one that does not end before the newest interval */
    struct segment segment;
    struct result_totals totals;
    uint32_t n_measured; /* segments with an interval */
    uint64_t n_intervals;
    struct result_lines lines;
    struct result_check check; /* what must be found in the written file */
    bool has_failed;           /* something could not be added to the result */
    uint64_t n_lost;    /* intervals that the disk never took: ... */
    uint64_t n_explained; /* ... those whose session knows its sums without its rows */
    bool has_stray;       /* some belong to none of the sessions */
    json_t *unconfirmed;  /* event: since when the rows are unconfirmed; NULL if they are confirmed */
    double unconfirmed_until_s; /* the end of the last of them */
    int64_t row_bytes;    /* sum over the intervals that exist */
    uint64_t n_unreadable; /* intervals with a member that cannot be read */
    uint64_t n_left_out;   /* rows of libiperf's that became no interval ... */
    json_t *left_out;      /* ... by reason */
    double observed_s, stopped_s; /* stopped_s: when the leg was stopped on request; NAN if not */
    int64_t unseen_packets;
    int64_t first_unix_us, last_unix_us;
    bool is_last; /* the journal may be removed when this is written */
    bool has_start, has_torn_tail, has_times;
};

/* result_events.c: takes all of the journal. Writes the start and the intervals to r->out, and keeps the rest in r. */
int result_read_journal(struct result *r, struct journal *journal, struct longhaul_error *err);

/* Reads a count that libiperf, or longhaul, has written; false if it is not a plausible count. */
bool result_take_count(const json_t *object, const char *key, int64_t *count);
/* The disk lost n intervals of this session, or of one that is missing. */
void result_session_lose(struct result *result, uint64_t n);
/* At the journal's end: lost intervals that belong to no finished session belong to the open one; false
 * without one. */
bool result_session_settle(struct result *result);
/* Adds an interval to the sums of the open session. */
void result_session_add(struct result *result, const struct longhaul_interval *interval, const json_t *data);
/* Adds its end record, if it ended well: the peer's counts, and what this host's intervals do not know. */
void result_session_end(struct result *result, const json_t *end);
/* Ends the session: adds it to the totals and the list. session is the journal's event; NULL for a session that was cut
 * off with the journal. */
void result_session_close(struct result *result, const json_t *session);

#endif
