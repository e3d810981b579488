/* series.h - building a series out of the objects of iperf3's documents. For the reader. */
#ifndef SERIES_H
#define SERIES_H

#include <jansson.h>
#include <longhaul.h>

/* What came of one element of "intervals". */
enum series_added {
    SERIES_ADDED,
    SERIES_OMITTED,   /* of the omit period, and not wanted */
    SERIES_UNUSABLE,  /* no summary with bits_per_second in it */
    SERIES_NO_MEMORY
};

/* An empty series of the file at path (copied). NULL when out of memory. */
struct longhaul_series *series_new(const char *path, bool with_omitted);
/* The document's "start". Of a journal, the first one counts. */
void series_take_start(struct longhaul_series *series, json_t *start);
enum series_added series_add_interval(struct longhaul_series *series, json_t *interval);
/* The interval that was added last, as a row of the test'th test of its file; values is the caller's room for it. */
void series_last_row(const struct longhaul_series *series, size_t test, double values[LONGHAUL_N_COLUMNS], struct longhaul_row *row);
/* Forgets the intervals: of a repeated key the last one counts. */
void series_clear_intervals(struct longhaul_series *series);
/* The document's "end", or, of a journal, the end of one of its sessions. */
void series_take_end(struct longhaul_series *series, json_t *end);
/* The document's "error". */
void series_take_error(struct longhaul_series *series, json_t *error);
/* The "longhaul" object of a result, or the first line of a journal. */
void series_take_longhaul(struct longhaul_series *series, json_t *longhaul, bool is_journal);
/* Everything was taken: settles the labels, and what a journal's sessions come to. */
void series_finish(struct longhaul_series *series);
/* A session's "start" was taken. */
bool series_has_start(const struct longhaul_series *series);

/* One session of a leg, of longhaul's own records: rows first to first + n - 1. */
struct series_session {
    char cookie[40]; /* the same at both ends */
    size_t first, n;
};

/* The sessions of a finished series, n of them; none for files that are not longhaul's. */
const struct series_session *series_sessions(const struct longhaul_series *series, size_t *n);

/* For join.c: the info and a column, to be changed. */
struct longhaul_info *series_info(struct longhaul_series *series);
double *series_column(struct longhaul_series *series, enum longhaul_column column);

#endif
