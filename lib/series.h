/* series.h - building a series out of the objects of iperf3's documents. For the reader. */
#ifndef SERIES_H
#define SERIES_H

#include <jansson.h>
#include <longhaul.h>

/* An interval's summary: what goes into the columns. What it does not have is NAN. */
struct series_row {
    double value[LONGHAUL_N_COLUMNS];
    bool is_omitted;
    bool has_sender; /* it says who sends */
    bool is_sender;
};

/* One element of "intervals". */
struct series_interval {
    struct series_row forward;
    struct series_row reverse; /* of a bidirectional test */
    bool has_reverse;
};

/* What came of it. */
enum series_added {
    SERIES_ADDED,
    SERIES_OMITTED,   /* of the omit period, and not wanted */
    SERIES_NO_MEMORY
};

/* The key of a column in iperf3's summaries. */
const char *series_column_key(enum longhaul_column column);

/* An empty series of the file at path (copied). NULL when out of memory. */
struct longhaul_series *series_new(const char *path, bool with_omitted);
/* The document's "start". Of a journal, the first one counts. */
void series_take_start(struct longhaul_series *series, json_t *start);
/* Reads an element of "intervals". False when there is no summary with bits_per_second in it. */
bool series_decode(const json_t *interval, struct series_interval *out);
enum series_added series_add(struct longhaul_series *series, const struct series_interval *interval);
/* Forgets the intervals: of a repeated key the last one counts. */
void series_clear_intervals(struct longhaul_series *series);
/* The document's "end", or, of a journal, the end of one of its sessions. */
void series_take_end(struct longhaul_series *series, json_t *end);
/* The document's "error". */
void series_take_error(struct longhaul_series *series, json_t *error);
/* The "longhaul" object of a result, or the first line of a journal. */
void series_take_longhaul(struct longhaul_series *series, json_t *longhaul, bool is_journal);
/* Everything was taken: settles the labels, and what a journal's sessions come to. Of a bidirectional test the other direction
 * becomes a series of its own, which is the caller's from then on; NULL when there is none. */
struct longhaul_series *series_finish(struct longhaul_series *series);
/* A finished series from what it says and the number of its intervals; its columns are for the caller to fill. NULL when out of
 * memory. For the cache. */
struct longhaul_series *series_restore(const struct longhaul_info *info, size_t length);
double *series_fill(struct longhaul_series *series, enum longhaul_column column);
/* The "cookie" of the test; "" when not known. */
const char *series_cookie(const struct longhaul_series *series);
/* A session's "start" was taken. */
bool series_has_start(const struct longhaul_series *series);

#endif
