/* same_paths.h - reads the same bytes by the fast path and by Jansson alone, and compares all results. */
#ifndef SAME_PATHS_H
#define SAME_PATHS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/reader.h"
#include "read/series.h"

/* The difference between two readers, "" if they agree. */
struct same_paths {
    char difference[256];
    size_t n_intervals, n_scanned, n_sessions, n_gaps, n_rtt, n_delays;
};

static inline bool same_bits(const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++) /* a NAN may have any sign */
        if (memcmp(a + i, b + i, sizeof *a) != 0 && !(a[i] != a[i] && b[i] != b[i]))
            return false;
    return true;
}

static inline bool same_column(const double *a, const double *b, size_t n)
{
    return a && b ? same_bits(a, b, n) : !a && !b; /* TCP's need not exist */
}

/* Round trips, and the host's drops. */
static inline void same_path(const struct longhaul_series *a, const struct longhaul_series *b, struct same_paths *out)
{
    size_t n, m, n_drops = sizeof(struct longhaul_host_drops) / sizeof(double);
    const struct longhaul_rtt_sample *x = longhaul_series_rtt(a, &n), *y = longhaul_series_rtt(b, &m);
    const double *p = (const double *)longhaul_series_host_drops(a), *q = (const double *)longhaul_series_host_drops(b);
    if (n != m || (n > 0 && !same_bits(&x->start_s, &y->start_s, 2 * n)) || !same_column(p, q, n_drops))
        snprintf(out->difference, sizeof out->difference, "%zu and %zu round trips, or the host's drops", n, m);
    out->n_rtt += n;
}

/* Histograms of delays. */
static inline void same_delays(const struct longhaul_series *a, const struct longhaul_series *b, struct same_paths *out)
{
    for (size_t i = 0;; i++) {
        struct histogram x = { 0 }, y = { 0 };
        double from[2] = { 0, 0 }, until[2] = { 0, 0 };
        bool has_x = series_delay_histogram(a, i, &from[0], &until[0], &x),
             has_y = series_delay_histogram(b, i, &from[1], &until[1], &y);
        if (has_x != has_y || !same_bits(&from[0], &from[1], 1) || !same_bits(&until[0], &until[1], 1) ||
            memcmp(&x, &y, sizeof x) != 0)
            snprintf(out->difference, sizeof out->difference, "histogram %zu of delays", i);
        if (!has_x || !has_y)
            return;
        out->n_delays++;
    }
}

static inline void same_info(const struct longhaul_info *a, const struct longhaul_info *b, struct same_paths *out)
{
    if (strcmp(a->source, b->source) != 0 || strcmp(a->destination, b->destination) != 0 ||
        strcmp(a->version, b->version) != 0 || strcmp(a->protocol, b->protocol) != 0 ||
        strcmp(a->error, b->error) != 0 || strcmp(a->longhaul_version, b->longhaul_version) != 0 ||
        strcmp(a->congestion, b->congestion) != 0 || strcmp(a->rtt_method, b->rtt_method) != 0 ||
        strcmp(a->local_address, b->local_address) != 0 || strcmp(a->remote_address, b->remote_address) != 0)
        snprintf(out->difference, sizeof out->difference, "texts of %s->%s", a->source, a->destination);
    const double *x = &a->start_unix_s, *y = &b->start_unix_s;
    size_t n_first = (size_t)(&a->n_sessions - x) + 1,
           n_end = (size_t)(&a->end_received_bits_per_second - &a->end_seconds) + 1;
    if (a->is_sender != b->is_sender || a->is_complete != b->is_complete || a->is_journal != b->is_journal ||
        a->is_other_direction != b->is_other_direction || a->has_omitted != b->has_omitted ||
        a->has_server_record != b->has_server_record || !same_bits(x, y, n_first) ||
        !same_bits(&a->end_seconds, &b->end_seconds, n_end))
        snprintf(out->difference, sizeof out->difference, "what is said of %s->%s", a->source, a->destination);
}

static inline void same_sessions(const struct longhaul_series *a, const struct longhaul_series *b,
                                 struct same_paths *out)
{
    size_t n, m;
    const struct series_session *x = series_sessions(a, &n), *y = series_sessions(b, &m);
    bool is_same = n == m;
    for (size_t i = 0; is_same && i < n; i++)
        is_same = strcmp(x[i].cookie, y[i].cookie) == 0 && x[i].first == y[i].first && x[i].n == y[i].n;
    if (!is_same)
        snprintf(out->difference, sizeof out->difference, "%zu and %zu sessions", n, m);
    out->n_sessions += n;
}

static inline void same_gaps(const struct longhaul_series *a, const struct longhaul_series *b, struct same_paths *out)
{
    size_t n, m;
    const struct longhaul_gap *x = longhaul_series_gaps(a, &n), *y = longhaul_series_gaps(b, &m);
    bool is_same = n == m;
    for (size_t i = 0; is_same && i < n; i++)
        is_same = strcmp(x[i].cause, y[i].cause) == 0 && strcmp(x[i].noticed, y[i].noticed) == 0 &&
                  strcmp(x[i].text, y[i].text) == 0 && same_bits(&x[i].start_s, &y[i].start_s, 1) &&
                  same_bits(&x[i].seconds, &y[i].seconds, 1);
    if (!is_same)
        snprintf(out->difference, sizeof out->difference, "%zu and %zu gaps", n, m);
    out->n_gaps += n;
}

static inline void same_series(const struct longhaul_series *a, const struct longhaul_series *b, struct same_paths *out)
{
    size_t n = longhaul_series_length(a);
    same_info(longhaul_series_info(a), longhaul_series_info(b), out);
    same_sessions(a, b, out);
    same_gaps(a, b, out);
    same_path(a, b, out);
    same_delays(a, b, out);
    if (n != longhaul_series_length(b)) {
        snprintf(out->difference, sizeof out->difference, "%zu and %zu intervals", n, longhaul_series_length(b));
        return;
    }
    for (int c = 0; n > 0 && c < LONGHAUL_N_COLUMNS; c++)
        if (!same_column(longhaul_series_column(a, (enum longhaul_column)c),
                         longhaul_series_column(b, (enum longhaul_column)c), n))
            snprintf(out->difference, sizeof out->difference, "column %d", c);
    if (!same_column(series_arrived(a), series_arrived(b), n))
        snprintf(out->difference, sizeof out->difference, "bytes that arrived");
    out->n_intervals += n;
}

static inline void same_warnings(const struct longhaul_reader *a, const struct longhaul_reader *b,
                                 struct same_paths *out)
{
    size_t n = longhaul_reader_n_warnings(a);
    if (n != longhaul_reader_n_warnings(b))
        snprintf(out->difference, sizeof out->difference, "%zu and %zu warnings", n, longhaul_reader_n_warnings(b));
    for (size_t i = 0; i < n && i < longhaul_reader_n_warnings(b); i++)
        if (strcmp(longhaul_reader_warning(a, i), longhaul_reader_warning(b, i)) != 0)
            snprintf(out->difference, sizeof out->difference, "warning: %.200s", longhaul_reader_warning(a, i));
}

/* Reads one test with each. False if there are no more. */
static inline bool same_next(struct longhaul_reader *a, struct longhaul_reader *b, struct same_paths *out)
{
    struct longhaul_error ea = { 0 }, eb = { 0 };
    struct longhaul_series *x = NULL, *y = NULL;
    int ra = longhaul_reader_next(a, &x, &ea), rb = longhaul_reader_next(b, &y, &eb);
    if (ra != rb || strcmp(ea.text, eb.text) != 0)
        snprintf(out->difference, sizeof out->difference, "%d and %d: %.100s, %.100s", ra, rb, ea.text, eb.text);
    else if (ra == 1)
        same_series(x, y, out);
    longhaul_series_free(x);
    longhaul_series_free(y);
    return ra == 1 && rb == 1 && out->difference[0] == 0;
}

static inline struct same_paths same_paths(const void *bytes, size_t size)
{
    struct same_paths out = { .difference = "" };
    struct longhaul_reader *a = NULL, *b = NULL;
    int ra = reader_open_memory(bytes, size, &(struct reader_options){ .no_scan = false }, &a, NULL);
    int rb = reader_open_memory(bytes, size, &(struct reader_options){ .no_scan = true }, &b, NULL);
    if (ra != rb)
        snprintf(out.difference, sizeof out.difference, "only one can be opened");
    while (ra == 0 && rb == 0 && same_next(a, b, &out))
        ;
    if (a && b && out.difference[0] == 0) {
        same_warnings(a, b, &out);
        out.n_scanned = reader_n_scanned(a);
    }
    longhaul_reader_free(a);
    longhaul_reader_free(b);
    return out;
}

#endif
