/* result_inside.h - what result.c and result_session.c share: a result while its journal is read. */
#ifndef RESULT_INSIDE_H
#define RESULT_INSIDE_H

#include <jansson.h>
#include <longhaul.h>
#include <stdio.h>

#include "base/json_number.h"
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
    uint64_t n_unknown_counts; /* likewise bytes or packets */
    bool has_lost_rows; /* and nobody knows what was in them */
    bool is_open;
};

/* On the record's axis. */
struct stretch {
    double start_s, end_s;
};

struct result {
    FILE *out;
    json_t *header;   /* the journal's first line */
    json_t *last_end; /* libiperf's newest end record, not yet known to be good */
    json_t *end;      /* that of the newest session that ended well */
    struct spill segments; /* finished ones */
    struct spill gaps;
    struct spill clock_steps;
    struct spill rtt; /* [elapsed_s, ms or null]... */
    json_t *rtt_method;
    struct result_host host;
    struct stretch *gap_times; /* of gaps */
    size_t n_gap_times, gap_room;
    size_t next_gap; /* the first that does not end before the newest interval */
    struct segment segment;
    struct result_totals totals;
    uint32_t n_measured; /* segments with an interval */
    uint64_t n_intervals;
    struct result_lines lines;
    struct result_check check; /* what is to be found in what was written */
    bool has_failed;           /* something could not be put into what is to be written */
    uint64_t n_lost;    /* intervals that the disk never took: ... */
    uint64_t n_explained; /* ... of them, those whose session knows what it came to without its rows */
    bool has_stray;       /* some belong to no session that is there */
    json_t *unconfirmed;  /* event: since when nobody has confirmed the rows; NULL when somebody has */
    double unconfirmed_until_s; /* the end of the last of them */
    int64_t row_bytes;    /* sum over the intervals that are there */
    uint64_t n_unreadable; /* intervals with a member that cannot be read */
    uint64_t n_left_out;   /* rows of libiperf's that came to no interval ... */
    json_t *left_out;      /* ... by why */
    double observed_s;
    int64_t unseen_packets;
    int64_t first_unix_us, last_unix_us;
    bool is_last; /* the journal may go when this is written */
    bool has_start, has_torn_tail, has_times;
};

/* A count that libiperf, or longhaul, has written; false when it is none that can be believed. */
bool result_take_count(const json_t *object, const char *key, int64_t *count);
/* Intervals of it, or of one that is not there, were lost by the disk. */
void result_session_lose(struct result *result, uint64_t n);
/* At the journal's end: those that belong to no session that is over belong to the one that is open; false when none
 * is. */
bool result_session_settle(struct result *result);
/* Into the sums of the session that is open. */
void result_session_add(struct result *result, const struct longhaul_interval *interval, const json_t *data);
/* Its end record, when it ended well: the peer's counts, and what this host's intervals do not know. */
void result_session_end(struct result *result, const json_t *end);
/* It is over: into the totals and the list. session is the journal's event; NULL for one that was cut off with the
 * journal. */
void result_session_close(struct result *result, const json_t *session);

#endif
