/* receivers.c - receivers' records, found by the sessions that they share with senders' records, and joined to them.
 * Sorts and searches, so that a hundred thousand records are fast. Reads no file. */

#include "read/receivers.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "read/join.h"
#include "read/series.h"

struct record {
    struct longhaul_series *series;
    bool is_joined;
    size_t last_sender; /* the number of the last sender with which it was compared */
};

/* A session in a record. */
struct session {
    const char *cookie;
    size_t record;
};

struct receivers {
    struct record *records;
    size_t n, n_senders;
    bool has_no_copies;
    size_t n_sessions;
    struct session *sessions; /* sorted by cookie; NULL until it is needed */
};

struct receivers *receivers_new(void)
{
    return calloc(1, sizeof(struct receivers));
}

void receivers_free(struct receivers *receivers)
{
    if (receivers == NULL)
        return;
    for (size_t i = 0; i < receivers->n; i++)
        longhaul_series_free(receivers->records[i].series);
    free(receivers->records);
    free(receivers->sessions);
    free(receivers);
}

int receivers_add(struct receivers *receivers, struct longhaul_series *series, struct longhaul_error *err)
{
    struct record *grown = realloc(receivers->records, (receivers->n + 1) * sizeof *grown);
    if (grown == NULL) {
        longhaul_series_free(series);
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    }
    receivers->records = grown;
    grown[receivers->n++] = (struct record){ .series = series };
    receivers->has_no_copies = false;
    free(receivers->sessions);
    receivers->sessions = NULL;
    return 0;
}

/* ---- the index */

static int by_record(const void *a, const void *b)
{
    const struct record *x = a, *y = b;
    const struct longhaul_info *i = longhaul_series_info(x->series), *k = longhaul_series_info(y->series);
    size_t n = longhaul_series_length(x->series), m = longhaul_series_length(y->series);
    int order = strcmp(i->source, k->source);
    if (order == 0)
        order = strcmp(i->destination, k->destination);
    if (order == 0)
        order = (i->start_unix_s > k->start_unix_s) - (i->start_unix_s < k->start_unix_s);
    return order ? order : (n > m) - (n < m);
}

/* A folder may have been given or collected twice: a record that is joined twice would count its losses twice. */
static void drop_copies(struct receivers *r)
{
    size_t n = 0;
    if (r->has_no_copies)
        return;
    r->has_no_copies = true;
    if (r->n > 1)
        qsort(r->records, r->n, sizeof *r->records, by_record);
    for (size_t j = 0; j < r->n; j++) {
        if (n > 0 && by_record(&r->records[n - 1], &r->records[j]) == 0)
            longhaul_series_free(r->records[j].series);
        else
            r->records[n++] = r->records[j];
    }
    r->n = n;
}

static int by_cookie(const void *a, const void *b)
{
    const struct session *x = a, *y = b;
    int order = strcmp(x->cookie, y->cookie);
    return order ? order : (x->record > y->record) - (x->record < y->record);
}

static int make_index(struct receivers *r, struct longhaul_error *err)
{
    size_t n, most = 0;
    if (r->sessions)
        return 0;
    drop_copies(r);
    for (size_t i = 0; i < r->n; i++)
        most += (series_sessions(r->records[i].series, &n), n);
    r->n_sessions = 0;
    r->sessions = malloc((most + 1) * sizeof *r->sessions);
    if (r->sessions == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    for (size_t i = 0; i < r->n; i++) {
        const struct series_session *sessions = series_sessions(r->records[i].series, &n);
        for (size_t k = 0; k < n; k++)
            if (sessions[k].cookie[0])
                r->sessions[r->n_sessions++] = (struct session){ sessions[k].cookie, i };
    }
    if (r->n_sessions > 1)
        qsort(r->sessions, r->n_sessions, sizeof *r->sessions, by_cookie);
    return 0;
}

/* The first session with this cookie, or its place if none exists. */
static size_t find_cookie(const struct receivers *r, const char *cookie)
{
    size_t low = 0;
    for (size_t high = r->n_sessions; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(r->sessions[middle].cookie, cookie) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- joining */

static bool join_record(struct record *record, struct longhaul_series *sender)
{
    const struct longhaul_info *a = longhaul_series_info(sender), *b = longhaul_series_info(record->series);
    bool is_joined = strcmp(a->source, b->source) == 0 && strcmp(a->destination, b->destination) == 0 &&
        join_receiver(sender, record->series) > 0;
    record->is_joined = record->is_joined || is_joined;
    return is_joined;
}

int receivers_join(struct receivers *r, struct longhaul_series *sender, struct longhaul_error *err)
{
    size_t n;
    int rc = make_index(r, err), is_joined = 0;
    if (rc != 0)
        return rc;
    const struct series_session *sessions = series_sessions(sender, &n);
    if (!longhaul_series_info(sender)->is_sender)
        return 0;
    r->n_senders++;
    for (size_t k = 0; k < n; k++)
        for (size_t i = find_cookie(r, sessions[k].cookie);
             i < r->n_sessions && strcmp(r->sessions[i].cookie, sessions[k].cookie) == 0; i++) {
            struct record *record = &r->records[r->sessions[i].record];
            if (record->last_sender == r->n_senders)
                continue;
            record->last_sender = r->n_senders;
            is_joined = join_record(record, sender) || is_joined;
        }
    return is_joined;
}

struct longhaul_series *receivers_take_rest(struct receivers *r)
{
    drop_copies(r);
    for (size_t i = 0; i < r->n; i++) {
        struct longhaul_series *series = r->records[i].series;
        if (r->records[i].is_joined || series == NULL)
            continue;
        r->records[i].series = NULL;
        r->records[i].is_joined = true;
        return series;
    }
    return NULL;
}
