/* series_join.c - what a sender's series gains from its receiver's record: the bytes that arrived, intervals that only
 * the receiver has, and the times within gaps that the receiver observed. join.c decides which these are. */

#include "read/series.h"

#include <stdlib.h>
#include <string.h>

#include "read/series_inside.h"

#define SLIVER_SHARE 0.1 /* of an interval: a shorter rest of a gap is inexact times, not an unobserved time */

/* ---- what arrived */

const double *series_arrived(const struct longhaul_series *s)
{
    return s->arrived;
}

double *series_make_arrived(struct longhaul_series *s)
{
    if (s->arrived || s->length == 0)
        return s->arrived;
    s->seen = calloc(s->length, 1);
    if (s->seen == NULL || (s->arrived = malloc(s->length * sizeof *s->arrived)) == NULL)
        return NULL;
    for (size_t i = 0; i < s->length; i++)
        s->arrived[i] = NAN;
    return s->arrived;
}

void series_mark_seen(struct longhaul_series *s, size_t row)
{
    s->seen[row] = 1;
}

const unsigned char *series_seen(const struct longhaul_series *s)
{
    return s->seen;
}

/* ---- intervals that only the receiver has */

/* Makes room for n more values. */
static bool widen(double **values, size_t length, size_t n)
{
    double *grown = *values ? realloc(*values, (length + n) * sizeof *grown) : NULL;
    if (grown)
        *values = grown;
    return grown || *values == NULL;
}

static bool widen_all(struct longhaul_series *s, size_t n)
{
    bool good = widen(&s->unknown, s->length, n) && widen(&s->arrived, s->length, n);
    for (int i = 0; good && i < LONGHAUL_N_COLUMNS; i++)
        good = widen(&s->column[i], s->length, n);
    unsigned char *seen = good && s->seen ? realloc(s->seen, s->length + n) : NULL;
    if (seen)
        s->seen = seen;
    return good && (seen || s->seen == NULL);
}

/* Moves the values apart, from the end, and fills the places in between. */
static void spread(double *values, size_t length, const size_t *at, size_t n)
{
    for (size_t to = length + n, from = length; values && n > 0;)
        if (at[n - 1] == from) {
            values[--to] = NAN;
            n--;
        } else {
            values[--to] = values[--from];
        }
}

static void spread_marks(unsigned char *marks, size_t length, const size_t *at, size_t n)
{
    for (size_t to = length + n, from = length; marks && n > 0;)
        if (at[n - 1] == from) {
            marks[--to] = 0;
            n--;
        } else {
            marks[--to] = marks[--from];
        }
}

bool series_insert(struct longhaul_series *s, size_t session, const size_t *at, size_t n)
{
    if (!widen_all(s, n))
        return false;
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++)
        spread(s->column[i], s->length, at, n);
    spread(s->arrived, s->length, at, n);
    spread_marks(s->seen, s->length, at, n);
    for (size_t i = s->length; s->unknown && i < s->length + n; i++)
        s->unknown[i] = NAN;
    s->length += n;
    s->capacity = s->length;
    s->session[session].n += n;
    for (size_t k = session + 1; k < s->n_sessions; k++)
        s->session[k].first += n;
    return true;
}

/* ---- gaps */

/* The intervals in the order of their times: sessions follow each other. */
struct cut {
    const double *start_s, *end_s;
    struct gap_list *to;
    bool is_good;
};

static void add_rest(struct cut *c, const struct longhaul_gap *gap, double from_s, double to_s, double least_s)
{
    struct longhaul_gap rest = *gap;
    bool is_whole = from_s == gap->start_s && to_s == gap->start_s + gap->seconds;
    if (!(to_s > from_s) || (!is_whole && to_s - from_s < least_s))
        return;
    rest.start_s = from_s;
    rest.seconds = to_s - from_s;
    rest.seconds_seen = 0;
    c->is_good = c->is_good && gap_list_add(c->to, &rest);
}

/* Adds what is left of a gap without the intervals that the receiver observed, from row *first on, which advances. */
static void cut_gap(struct longhaul_series *s, struct longhaul_gap *gap, struct cut *c, size_t *first)
{
    double at_s = gap->start_s, end_s = gap->start_s + gap->seconds, least_s = 0;
    gap->seconds_seen = 0;
    while (*first < s->length && !(c->end_s[*first] > gap->start_s))
        ++*first;
    for (size_t i = *first; i < s->length && !(c->start_s[i] >= end_s); i++) {
        double from_s = fmax(c->start_s[i], gap->start_s), to_s = fmin(c->end_s[i], end_s);
        if (!s->seen[i] || !(to_s > from_s))
            continue;
        least_s = SLIVER_SHARE * (c->end_s[i] - c->start_s[i]);
        add_rest(c, gap, at_s, from_s, least_s);
        at_s = fmax(at_s, to_s);
        gap->seconds_seen += s->arrived[i] > 0 ? to_s - from_s : 0;
    }
    add_rest(c, gap, at_s, end_s, least_s);
}

void series_settle_gaps(struct longhaul_series *s)
{
    struct gap_list sorted = { 0 }, unseen = { 0 };
    struct cut c = { longhaul_series_column(s, LONGHAUL_COLUMN_START_S),
                     longhaul_series_column(s, LONGHAUL_COLUMN_END_S), &unseen, true };
    size_t first = 0;
    if (s->seen == NULL || s->gaps.n == 0 || !gap_list_take_sorted(&sorted, s->gaps.gaps, s->gaps.n)) {
        gap_list_free(&sorted);
        return;
    }
    for (size_t i = 0; i < sorted.n; i++)
        cut_gap(s, &sorted.gaps[i], &c, &first);
    if (c.is_good) {
        gap_list_free(&s->gaps);
        s->gaps = sorted;
        sorted = s->unseen;
        s->unseen = unseen;
        s->has_unseen = true;
    } else {
        gap_list_free(&unseen);
    }
    gap_list_free(&sorted);
}

const struct longhaul_gap *series_unseen_gaps(const struct longhaul_series *s, size_t *n)
{
    *n = s->has_unseen ? s->unseen.n : s->gaps.n;
    return s->has_unseen ? s->unseen.gaps : s->gaps.gaps;
}
