/* record_inside.h - what record.c and record_found.c share. */
#ifndef RECORD_INSIDE_H
#define RECORD_INSIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "record/journal.h"
#include "record/live.h"
#include "record/record.h"
#include "record/record_counts.h"

struct record {
    struct journal *journal;
    json_t *header;
    struct longhaul_error error;
    bool is_unsynced;
    int64_t synced_ns;

    uint32_t n_sessions;
    uint64_t n_intervals;
    int64_t start_boot_ns; /* 0 on the axis */
    int64_t start_wall_ns;
    int64_t newest_start_ns; /* the same according to the newest row alone, while a journal is read; 0 for none */
    double shift_s;     /* of the session's axis */
    double row_start_s; /* of the session's last row */
    int64_t row_bytes;
    double end_s;       /* of the last row */
    double delays_from_s; /* what the next histogram of delays begins with */
    double confirmed_s; /* up to when the peer is known to have been there, or to have sent */
    int64_t wall_less_monotonic_ns;
    bool is_receiver, has_clock, has_flows;

    bool is_unconfirmed;    /* the journal says: ... */
    double unconfirmed_s;   /* ... that rows since then are unconfirmed */
    struct record_counts counts; /* of the session */

    bool has_gap; /* open since confirmed_s */
    enum record_cause cause;
    char cause_text[300];

    struct live live;
};

/* NULL when out of memory. */
struct record *record_new(void);
/* Takes the reference. */
void record_take_header(struct record *record, json_t *header);
/* Writes a line of its own; takes the reference to data. */
void record_keep_event(struct record *record, enum event_kind kind, json_t *data);

#endif
