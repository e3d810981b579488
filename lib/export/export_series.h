/* export_series.h - a test as time series: names, labels, times in ms, values. */
#ifndef EXPORT_SERIES_H
#define EXPORT_SERIES_H

#include "export/export_family.h"

struct export_label {
    const char *name, *value;
};

/* Each value of a histogram has this many parts: its buckets up to +Inf, the count, the sum. */
enum { EXPORT_BUCKETS = LONGHAUL_DELAY_BOUNDS + 1, EXPORT_PARTS = EXPORT_BUCKETS + 2 };
enum { EXPORT_MOST_LABELS = 6 };

/* Values of one family and set of labels; times ascend strictly. No value is NAN: what is unknown is not there. */
struct export_series {
    const struct export_family *family;
    size_t i_family; /* its number in the order in which families come */
    struct export_label labels[EXPORT_MOST_LABELS]; /* those that are not the test's own */
    size_t n_labels;
    size_t n;
    const int64_t *ms;
    const double *values; /* n; a histogram's EXPORT_PARTS * n, those of a time together */
};

/* A test that is exported. */
struct export_test {
    const struct longhaul_series *series;
    const struct longhaul_info *info;
    const struct longhaul_analysis *analysis;
    double start_unix_s;       /* of the axis; NAN: no sample has a time */
    int64_t start_ms, last_ms; /* of its samples */
    size_t n;
    int64_t *ms;               /* the end of each interval, ascending strictly */
    char overlap[32];          /* "2025-11-15T01:00:46Z": its start, if an earlier test has its labels then; or "" */
};

/* How many samples a series has at each time. */
static inline size_t export_series_parts(const struct export_series *series)
{
    return series->family->type == EXPORT_HISTOGRAM ? EXPORT_PARTS : 1;
}

typedef int export_series_cb(const struct export_series *series, void *payload, struct longhaul_error *err);

/* Calls take() for each series of the test; a code other than 0 ends that. Needs start_unix_s. */
int export_series_each(const struct export_test *test, export_series_cb *take, void *payload,
                       struct longhaul_error *err);

/* ---- for export_series.c's parts */

/* The series being made. */
struct export_maker {
    const struct export_test *test;
    export_series_cb *take;
    void *payload;
    struct longhaul_error *err;
    struct export_series series;
    int64_t *ms;
    double *values;
    size_t room;     /* values */
    bool has_failed; /* out of memory */
};

/* Begins a series of the family of that name. */
void export_maker_begin(struct export_maker *maker, const char *family);
void export_maker_label(struct export_maker *maker, const char *name, const char *value);
/* Adds a value, unless it is unknown; one that is not later than the one before comes a ms after it. */
void export_maker_add(struct export_maker *maker, int64_t ms, double value);
/* Hands the series over, if it has a value. */
int export_maker_end(struct export_maker *maker);
/* The same for one whose times and values are not the maker's. */
int export_maker_hand_over(struct export_maker *maker);

/* export_events.c: events, gaps, and the figures of the test as a whole. */
int export_events(struct export_maker *maker);
int export_totals(struct export_maker *maker);
/* export_delays.c: the histogram of delays. */
int export_delays(struct export_maker *maker);
/* Whose counts a test has: "sender", "receiver", "both". */
const char *export_sides(const struct longhaul_info *info);
/* How often what does not change is told. */
int64_t export_every_ms(const struct export_test *test);
/* A time of the test's axis. */
int64_t export_time_ms(const struct export_test *test, double at_s);

#endif
