/* series.h - building a series out of the objects of iperf3's documents. For the reader. */
#ifndef SERIES_H
#define SERIES_H

#include <jansson.h>
#include <longhaul.h>
#include <stdint.h>

#include "model/stream_fold.h"

/* The objects of an interval that have numbers for columns. */
enum series_place {
    SERIES_SUMMARY, /* "sum", or the first of "streams" where that is missing; of the other direction
                       "sum_bidir_reverse" */
    SERIES_STREAM,  /* the first of "streams" */
    SERIES_STREAMS, /* all of them, which are of the direction that this host sends: put together */
    SERIES_OWN,     /* "longhaul", which is not of one direction */
    SERIES_OWN_TCP  /* "tcp" in it */
};

/* Beside the columns: libiperf's count of reorderings since the session began, of which a column is made. */
enum { SERIES_REORDER_COUNT = LONGHAUL_N_COLUMNS, SERIES_N_VALUES };

/* Where a column is from: the key, and how many of its units there make one of the column's. */
struct series_source {
    enum series_place place;
    const char *key;
    double per;
    enum stream_fold fold; /* of SERIES_STREAMS */
};

/* One for each of SERIES_N_VALUES: a new column is a new line there. */
const struct series_source *series_source(uint32_t value);

/* One direction of an interval, in the units of the file. What it does not have is NAN. */
struct series_row {
    double value[SERIES_N_VALUES];
    unsigned n_streams[SERIES_N_VALUES]; /* that have it */
    bool has_tcp;     /* some value of TCP's columns */
    bool is_omitted;
    bool has_sender; /* it says who sends */
    bool is_sender;
};

/* One element of "intervals". */
struct series_interval {
    struct series_row forward; /* the columns of SERIES_OWN, SERIES_OWN_TCP are here alone */
    struct series_row reverse; /* of a bidirectional test */
    bool has_reverse;
};

/* What came of it. */
enum series_added {
    SERIES_ADDED,
    SERIES_OMITTED,   /* of the omit period, and not wanted */
    SERIES_NO_MEMORY
};

/* An empty series of the file at path (copied). NULL when out of memory. */
struct longhaul_series *series_new(const char *path, bool with_omitted);
/* The document's "start". Of a journal, the first one counts. */
void series_take_start(struct longhaul_series *series, json_t *start);
/* Reads an element of "intervals". False when there is no summary with bits_per_second in it. */
bool series_decode(const json_t *interval, struct series_interval *out);
/* The direction that has what streams tell of TCP: that which the writer sends. */
struct series_row *series_sending_row(struct series_interval *interval);
/* Both directions have the same keys in the file: they are two tests of one form. */
void series_set_same_keys(struct longhaul_series *series);
enum series_added series_add(struct longhaul_series *series, const struct series_interval *interval);
/* So many intervals may come to be in it: room for them is made at once when it is made next. */
void series_expect(struct longhaul_series *series, size_t length);
/* The interval that was added last, as a row of the test'th test of its file; values is the caller's room for it. */
void series_last_row(const struct longhaul_series *series, size_t test, double values[LONGHAUL_N_COLUMNS],
                     struct longhaul_row *row);
/* The other direction of a bidirectional test that is being read, borrowed; NULL when there is none. */
const struct longhaul_series *series_reverse(const struct longhaul_series *series);
/* Forgets the intervals: of a repeated key the last one counts. */
void series_clear_intervals(struct longhaul_series *series);
/* The document's "end", or, of a journal, the end of one of its sessions. */
void series_take_end(struct longhaul_series *series, json_t *end);
/* Of a journal: a round trip, and a reading of the host. */
void series_take_rtt(struct longhaul_series *series, json_t *sample);
void series_take_host(struct longhaul_series *series, json_t *reading);
/* The server's own document in the client's (server_output.h), which the series owns from now on. NULL: none. */
void series_set_server(struct longhaul_series *series, struct longhaul_series *server);
/* The document's "error". */
void series_take_error(struct longhaul_series *series, json_t *error);
/* A gap: an element of a result's list, or a journal's event. One that has no length is none. */
void series_take_gap(struct longhaul_series *series, json_t *gap);
/* The "longhaul" object of a result, or the first line of a journal. */
void series_take_longhaul(struct longhaul_series *series, json_t *longhaul, bool is_journal);
/* Everything was taken: settles the labels, and what a journal's sessions come to. Of a bidirectional test the other
 * direction becomes a series of its own, which is the caller's from then on; NULL when there is none. */
struct longhaul_series *series_finish(struct longhaul_series *series);
/* The "cookie" of the test; "" when not known. */
const char *series_cookie(const struct longhaul_series *series);
/* Of a sender's record: those of its receiver's host, from the record that was joined to it; NULL when not known.
 * Borrowed. */
const struct longhaul_host_drops *series_receiver_drops(const struct longhaul_series *series);
void series_set_receiver_drops(struct longhaul_series *series, const struct longhaul_host_drops *drops);
/* A session's "start" was taken. */
bool series_has_start(const struct longhaul_series *series);

/* One session of a leg, of longhaul's own records: rows first to first + n - 1. */
struct series_session {
    char cookie[40]; /* the same at both ends */
    size_t first, n;
};

/* The sessions of a finished series, n of them; none for files that are not longhaul's. */
const struct series_session *series_sessions(const struct longhaul_series *series, size_t *n);
/* One more of them. Without memory it is not known, and nothing is joined to it. */
void series_add_session(struct longhaul_series *series, const struct series_session *session);

/* One more gap, copied; without memory it is not known. */
void series_add_gap(struct longhaul_series *series, const struct longhaul_gap *gap);

/* For join.c: the info and a column, to be changed. NULL when there is no memory for the column. */
struct longhaul_info *series_info(struct longhaul_series *series);
double *series_column(struct longhaul_series *series, enum longhaul_column column);
/* Of a sender's series that was joined with its receiver's: bytes that arrived in each interval, NAN where that is not
 * known. Else NULL. */
const double *series_arrived(const struct longhaul_series *series);
/* Room for it, NAN at first. NULL when out of memory: then it stays unknown. */
double *series_make_arrived(struct longhaul_series *series);

#endif
