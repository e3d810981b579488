/* series.h - builds a series from the objects of iperf3's documents. For the reader. */
#ifndef SERIES_H
#define SERIES_H

#include <jansson.h>
#include <longhaul.h>
#include <stdint.h>

#include "base/histogram.h"
#include "model/stream_fold.h"

/* The objects of an interval that contain numbers for columns. */
enum series_place {
    SERIES_SUMMARY, /* "sum", or the first of "streams" if that is missing; for the other direction
                     * "sum_bidir_reverse" */
    SERIES_STREAM,  /* the first of "streams" */
    SERIES_STREAMS, /* all of those in the direction that this host sends, combined */
    SERIES_OWN,     /* "longhaul", which does not belong to one direction */
    SERIES_OWN_TCP, /* "tcp" in it */
    SERIES_OWN_DELAY /* "delay_us" in it */
};

/* An additional value: libiperf's count of reorderings since the session began, from which a column is computed. */
enum { SERIES_REORDER_COUNT = LONGHAUL_N_COLUMNS, SERIES_N_VALUES };

/* The source of a column: the key, and how many of the units there make one of the column's. */
struct series_source {
    enum series_place place;
    const char *key;
    double per;
    enum stream_fold fold; /* for SERIES_STREAMS */
};

/* The source for each of SERIES_N_VALUES: a new column is a new line there. */
const struct series_source *series_source(uint32_t value);

/* One direction of an interval, in the units of the file. Missing values are NAN. */
struct series_row {
    double value[SERIES_N_VALUES];
    unsigned n_streams[SERIES_N_VALUES]; /* that have a value */
    bool has_tcp;     /* some TCP column has a value */
    bool has_delay;   /* some column of delays, silences or losses in a row has one */
    const char *flows; /* longhaul's text about each flow, of n_flows bytes, borrowed; NULL for none */
    size_t n_flows;
    bool is_omitted;
    bool has_sender; /* the file says who sends */
    bool is_sender;
};

/* One element of "intervals". */
struct series_interval {
    struct series_row forward; /* the columns of SERIES_OWN, SERIES_OWN_TCP and SERIES_OWN_DELAY are only here */
    struct series_row reverse; /* for a bidirectional test */
    bool has_reverse;
};

/* The outcome of adding an interval. */
enum series_added {
    SERIES_ADDED,
    SERIES_OMITTED,   /* in the omit period, and not wanted */
    SERIES_NO_MEMORY
};

/* True if memory ran out for a part of it: what it says is not all. */
bool series_has_failed(const struct longhaul_series *series);
/* An empty series for the file at path (copied). NULL when out of memory. */
struct longhaul_series *series_new(const char *path, bool with_omitted);
/* Takes the document's "start". In a journal, the first one counts. */
void series_take_start(struct longhaul_series *series, json_t *start);
/* Reads an element of "intervals". False if there is no summary with bits_per_second. */
bool series_decode(const json_t *interval, struct series_interval *out);
/* The direction that has TCP values from streams: the one in which the writer sends. */
struct series_row *series_sending_row(struct series_interval *interval);
/* Both directions have the same keys in the file, like two separate tests. */
void series_set_same_keys(struct longhaul_series *series);
enum series_added series_add(struct longhaul_series *series, const struct series_interval *interval);
/* Announces the expected length: room for it is allocated at the next growth. */
void series_expect(struct longhaul_series *series, size_t length);
/* The interval that was added last, as a row of test number `test` in its file; the caller provides values. */
void series_last_row(const struct longhaul_series *series, size_t test, double values[LONGHAUL_N_COLUMNS],
                     struct longhaul_row *row);
/* The other direction of a bidirectional test that is being read, borrowed; NULL if none exists. */
const struct longhaul_series *series_reverse(const struct longhaul_series *series);
/* Drops the intervals: the last one of a repeated key counts. */
void series_clear_intervals(struct longhaul_series *series);
/* Takes the document's "end" or, in a journal, the end of one of its sessions. */
void series_take_end(struct longhaul_series *series, json_t *end);
/* For a journal: takes a round trip, a reading of the host, a histogram of delays, and a trace. */
void series_take_rtt(struct longhaul_series *series, json_t *sample);
void series_take_host(struct longhaul_series *series, json_t *reading);
void series_take_delays(struct longhaul_series *series, json_t *histogram);
void series_take_route(struct longhaul_series *series, const json_t *trace);
/* Adds another series' histograms of delays that end from start_s to end_s on its axis, shift_s later on this one. The
 * first n_used of them are not added; those that were are in it then. */
void series_add_delays(struct longhaul_series *series, const struct longhaul_series *other, size_t *n_used,
                       double start_s, double end_s, double shift_s);
/* Adds the delays of all datagrams that arrived from start_s to end_s, as far as they are known, to h: whole
 * histograms, of 10 s or a minute, so the times are extended to those that overlap. */
void series_delays(const struct longhaul_series *series, double start_s, double end_s, struct histogram *h);
size_t series_n_delay_histograms(const struct longhaul_series *series);
/* Adds histogram i, of those that are known, to h, which may be NULL, and says of which time it is. False behind the
 * last one. */
bool series_delay_histogram(const struct longhaul_series *series, size_t i, double *from_s, double *until_s,
                            struct histogram *h);
/* Adds what was not well with another series' flows from start_s to end_s on its axis, shift_s later on this one: of
 * its troubles from *n_used on, which advances. Sets the sums of each flow to what the receiver knows. */
void series_add_flows(struct longhaul_series *series, const struct longhaul_series *other, size_t *n_used,
                      double start_s, double end_s, double shift_s);
void series_set_flow_sums(struct longhaul_series *series, const struct longhaul_series *receiver);
/* Takes the server's own document within the client's (server_output.h), which the series owns then. NULL: none. */
void series_set_server(struct longhaul_series *series, struct longhaul_series *server);
/* Takes the document's "error". */
void series_take_error(struct longhaul_series *series, json_t *error);
/* Takes a gap: an element of a result's list, or a journal's event. One without a length is ignored. */
void series_take_gap(struct longhaul_series *series, const json_t *gap);
/* at_s: when the leg was stopped on request; NAN when it goes on. */
void series_take_stopped(struct longhaul_series *series, double at_s);
/* Takes the "longhaul" object of a result without its lists, or the first line of a journal. */
void series_take_longhaul(struct longhaul_series *series, json_t *longhaul, bool is_journal);
/* Call when everything was taken: determines the labels, and the totals of a journal's sessions. The other direction of
 * a bidirectional test becomes a series of its own, which the caller owns; NULL if none exists. */
struct longhaul_series *series_finish(struct longhaul_series *series);
/* The "cookie" of the test; "" if unknown. */
const char *series_cookie(const struct longhaul_series *series);
/* For a sender's record: the drops of its receiver's host, from the record that was joined to it; NULL if unknown.
 * Borrowed. */
const struct longhaul_host_drops *series_receiver_drops(const struct longhaul_series *series);
void series_set_receiver_drops(struct longhaul_series *series, const struct longhaul_host_drops *drops);
/* True if a session's "start" was taken. */
bool series_has_start(const struct longhaul_series *series);

/* One session of a leg, in longhaul's own records: rows first to first + n - 1. */
struct series_session {
    char cookie[40]; /* the same at both ends */
    size_t first, n;
};

/* The n sessions of a finished series; none for files that are not longhaul's. */
const struct series_session *series_sessions(const struct longhaul_series *series, size_t *n);
/* Adds a session. Without memory it is unknown, and nothing is joined to it. */
void series_add_session(struct longhaul_series *series, const struct series_session *session);

/* Adds a copy of a gap; without memory it is unknown. */
void series_add_gap(struct longhaul_series *series, const struct longhaul_gap *gap);

/* For join.c: the info and a column, to be changed. NULL when out of memory for the column. */
struct longhaul_info *series_info(struct longhaul_series *series);
double *series_column(struct longhaul_series *series, enum longhaul_column column);
/* series_join.c. For a sender's series that was joined with its receiver's: bytes that arrived in each interval, NAN if
 * unknown. Else NULL. */
const double *series_arrived(const struct longhaul_series *series);
/* Allocates it, filled with NAN. NULL when out of memory: then it stays unknown. */
double *series_make_arrived(struct longhaul_series *series);
/* Marks an interval as observed by the receiver: something arrived in it, or did later in its session. Needs
 * series_make_arrived(). */
void series_mark_seen(struct longhaul_series *series, size_t row);
/* The marks, one byte for each interval; NULL for a series that was not joined. */
const unsigned char *series_seen(const struct longhaul_series *series);
/* Adds n intervals to session number `session`, without values; the i-th one comes before interval at[i] (ascending, of
 * the intervals before the call). False when out of memory: then nothing has changed. */
bool series_insert(struct longhaul_series *series, size_t session, const size_t *at, size_t n);
/* Compares the gaps with the intervals that the receiver observed; call it after a join. */
void series_settle_gaps(struct longhaul_series *series);
/* The gaps without the times that the receiver observed, *n of them, by start; longhaul_series_gaps() has them as the
 * writer recorded them, with seconds_seen. */
const struct longhaul_gap *series_unseen_gaps(const struct longhaul_series *series, size_t *n);

#endif
