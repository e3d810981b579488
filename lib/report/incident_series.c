/* incident_series.c - folds like events of a leg to one series, and finds its period. */

#include <math.h>
#include <stdlib.h>

#include "analysis/analysis.h"
#include "base/stats.h"
#include "report/incidents.h"

#define SHORT_S 20.0
#define LONG_S 900.0    /* a longer event is told by itself */
#define LIKE 1.7        /* times what the next smaller one lost */
#define LIKE_SLACK 10.0 /* packets */
#define LIKE_LENGTH 1.5 /* times the next shorter one */
#define LEAST_SHORT 4   /* like short events are a series */
#define LEAST_LONG 5
#define LEAST_PERIOD_S 5.0
#define LEAST_SPACINGS 3
#define MOST_MISSING 1.35 /* periods for each spacing */
#define SPREAD 0.02       /* of the period: rms of what is left of the beginnings */
#define LEAST_WITH_STRAYS 8
#define MOST_WITH_STRAYS 200
#define STRAY 0.06 /* of the period: a beginning so far away does not belong to it */
#define NOT_STRAY_SHARE 0.75

/* An event that may be one of a series. */
static bool may_repeat(const struct longhaul_event *e, double short_s)
{
    bool is_kind = e->kind != LONGHAUL_EVENT_CONTROL && e->kind != LONGHAUL_EVENT_ENDED;
    return is_kind && e->seconds <= (e->is_open ? short_s : LONG_S);
}

/* Caps and losses of a few seconds cannot be told apart; what some flows have is not like what all have. */
static int sort_of(const struct longhaul_event *e)
{
    int kind = e->kind == LONGHAUL_EVENT_RATE_CAP ? LONGHAUL_EVENT_LOSS : (int)e->kind;
    return e->scope == LONGHAUL_SCOPE_FLOW ? kind + LONGHAUL_N_EVENT_KINDS : kind;
}

/* By kind, then what it lost, or its length where that is unknown. */
static double size_of(const struct longhaul_event *e)
{
    return isnan(e->lost_packets) ? e->seconds : e->lost_packets;
}

static double length_of(const struct longhaul_event *e, double short_s)
{
    return fmax(e->seconds, short_s); /* all shorter events are of like length */
}

static int by_length(const void *a, const void *b)
{
    const struct longhaul_event *x = *(const struct longhaul_event *const *)a,
                                *y = *(const struct longhaul_event *const *)b;
    return sort_of(x) != sort_of(y) ? sort_of(x) - sort_of(y) : (x->seconds > y->seconds) - (x->seconds < y->seconds);
}

static int by_size(const void *a, const void *b)
{
    const struct longhaul_event *x = *(const struct longhaul_event *const *)a,
                                *y = *(const struct longhaul_event *const *)b;
    return (size_of(x) > size_of(y)) - (size_of(x) < size_of(y));
}

static int by_start(const void *a, const void *b)
{
    const struct longhaul_event *x = *(const struct longhaul_event *const *)a,
                                *y = *(const struct longhaul_event *const *)b;
    return (x->start_s > y->start_s) - (x->start_s < y->start_s);
}

static bool is_like(const struct longhaul_event *smaller, const struct longhaul_event *greater)
{
    return size_of(greater) <= LIKE * size_of(smaller) + LIKE_SLACK;
}

/* ---- periods */

/* The slope of the least squares through the beginnings by their numbers k. */
static double slope_of(const double *begin, const double *k, size_t n, double *rms)
{
    double mean_k = stats_mean(k, n), mean = stats_mean(begin, n), both = 0, squares = 0, rest = 0;
    for (size_t i = 0; i < n; i++) {
        both += (k[i] - mean_k) * (begin[i] - mean);
        squares += (k[i] - mean_k) * (k[i] - mean_k);
    }
    double slope = squares > 0 ? both / squares : 0;
    for (size_t i = 0; i < n; i++) {
        double off = begin[i] - mean - slope * (k[i] - mean_k);
        rest += off * off;
    }
    *rms = sqrt(rest / (double)n);
    return slope;
}

/* The period of n beginnings, some of which may be missing; NAN without one. room: for 2 n doubles. */
static double period_of(const double *begin, size_t n, double *room)
{
    double *k = room, *spacing = room + n, rms = 0;
    if (n < LEAST_SPACINGS + 1)
        return NAN;
    for (size_t i = 0; i + 1 < n; i++)
        spacing[i] = begin[i + 1] - begin[i];
    double period = stats_median(spacing, n - 1);
    for (int turn = 0; turn < 2; turn++) {
        if (!(period >= LEAST_PERIOD_S))
            return NAN;
        k[0] = 0;
        for (size_t i = 0; i + 1 < n; i++)
            k[i + 1] = k[i] + fmax(1, round((begin[i + 1] - begin[i]) / period));
        if (k[n - 1] > MOST_MISSING * (double)(n - 1) + 0.5)
            return NAN;
        period = slope_of(begin, k, n, &rms);
    }
    return period > 0 && rms <= SPREAD * period ? period : NAN;
}

/* Marks in has[] which beginnings go with the rhythm of number i and the next. Returns how many; *n_different: how many
 * places of the rhythm they have. */
static size_t rhythm(const double *begin, size_t n, size_t i, unsigned char *has, size_t *n_different)
{
    double period = begin[i + 1] - begin[i];
    size_t count = 0;
    *n_different = 0;
    for (int turn = 0; turn < 2 && period >= LEAST_PERIOD_S; turn++) {
        double first_at = NAN, first_k = 0, last_at = NAN, last_k = NAN;
        count = *n_different = 0;
        for (size_t j = 0; j < n; j++) {
            double k = round((begin[j] - begin[i]) / period), off = fabs(begin[j] - begin[i] - k * period);
            has[j] = off <= STRAY * period * sqrt(fmax(1, fabs(k)));
            if (!has[j])
                continue;
            count++;
            *n_different += !(k == last_k);
            last_k = k;
            last_at = begin[j];
            if (isnan(first_at)) {
                first_at = begin[j];
                first_k = k;
            }
        }
        if (*n_different < LEAST_SHORT)
            return 0;
        period = (last_at - first_at) / fmax(1, last_k - first_k);
    }
    return count;
}

/* Orders n events so that those of a rhythm, if most have one, come first; returns their number, or 0. */
static size_t divide_strays(const struct longhaul_event **events, size_t n, double *begin)
{
    unsigned char has[MOST_WITH_STRAYS], best[MOST_WITH_STRAYS];
    const struct longhaul_event *copy[MOST_WITH_STRAYS];
    size_t most = 0, at = 0;
    if (n < LEAST_WITH_STRAYS || n > MOST_WITH_STRAYS)
        return 0;
    for (size_t i = 0; i + 1 < n; i++) {
        size_t n_different, count = rhythm(begin, n, i, has, &n_different);
        if (count <= most || (double)n_different < fmax(6, NOT_STRAY_SHARE * (double)n))
            continue;
        most = count;
        for (size_t j = 0; j < n; j++)
            best[j] = has[j];
    }
    if (most == 0 || most == n)
        return 0;
    for (int turn = 1; turn >= 0; turn--)
        for (size_t j = 0; j < n; j++)
            if (best[j] == turn)
                copy[at++] = events[j];
    for (size_t j = 0; j < n; j++)
        events[j] = copy[j];
    return most;
}

/* ---- parts */

static double time_of(const struct longhaul_event *e)
{
    return isnan(e->start_unix_s) ? e->start_s : e->start_unix_s;
}

static double median_of(const struct longhaul_event *const *events, size_t n, bool wants_usual, double *room)
{
    size_t known = 0;
    for (size_t i = 0; i < n; i++) {
        double value = wants_usual ? events[i]->usual : events[i]->level;
        if (!isnan(value))
            room[known++] = value;
    }
    return known ? stats_median(room, known) : NAN;
}

static enum longhaul_event_kind kind_of(const struct longhaul_event *const *events, size_t n)
{
    size_t n_same = 0;
    for (size_t i = 0; i < n; i++)
        n_same += events[i]->kind == events[0]->kind;
    return n_same == n ? events[0]->kind : LONGHAUL_EVENT_LOSS;
}

/* Of n events by time. */
static struct incident_part part_of(size_t test, const struct longhaul_event *const *events, size_t n, double period_s,
                                    double *room)
{
    const struct longhaul_event *last = events[n - 1];
    struct incident_part part = { .test = test,
                                  .events = events,
                                  .n = n,
                                  .kind = kind_of(events, n),
                                  .is_of_flows = events[0]->scope == LONGHAUL_SCOPE_FLOW,
                                  .is_open = last->is_open,
                                  .start_s = time_of(events[0]),
                                  .end_s = time_of(last) + last->seconds,
                                  .period_s = period_s,
                                  .level = median_of(events, n, false, room),
                                  .usual = median_of(events, n, true, room) };
    for (size_t i = 0; i < n; i++)
        part.lost += events[i]->lost_packets;
    /* The burst that the data end in is over as such: the next one is what would tell whether the series goes on. */
    part.is_open = part.is_open && n == 1;
    return part;
}

static size_t singles(size_t test, const struct longhaul_event **events, size_t n, double *room,
                      struct incident_part *parts)
{
    for (size_t i = 0; i < n; i++)
        parts[i] = part_of(test, events + i, 1, NAN, room);
    return n;
}

/* Like events, by time: one series, or two, or single ones. room: for 3 n doubles. */
static size_t tell_like(size_t test, const struct longhaul_event **events, size_t n, double short_s, double *room,
                        struct incident_part *parts)
{
    double *begin = room + 2 * n, longest = 0;
    for (size_t i = 0; i < n; i++) {
        begin[i] = events[i]->start_s;
        longest = fmax(longest, events[i]->seconds);
    }
    if (n < (longest <= short_s ? LEAST_SHORT : LEAST_LONG))
        return singles(test, events, n, room, parts);
    double period = period_of(begin, n, room);
    size_t n_rhythm = isnan(period) ? divide_strays(events, n, begin) : 0;
    if (n_rhythm > 0) {
        for (size_t i = 0; i < n_rhythm; i++)
            begin[i] = events[i]->start_s;
        period = period_of(begin, n_rhythm, room);
        if (isnan(period)) {
            qsort(events, n, sizeof *events, by_start);
            n_rhythm = 0;
        }
    }
    size_t n_series = n_rhythm ? n_rhythm : n, n_rest = n - n_series, n_parts = 1;
    parts[0] = part_of(test, events, n_series, period, room);
    if (n_rest >= LEAST_SHORT)
        parts[n_parts++] = part_of(test, events + n_series, n_rest, NAN, room);
    else
        n_parts += singles(test, events + n_series, n_rest, room, parts + 1);
    return n_parts;
}

/* Events of like length: those of like size are told together. */
static size_t tell_like_lengths(size_t test, const struct longhaul_event **events, size_t n, double short_s,
                                double *room, struct incident_part *parts)
{
    size_t n_parts = 0;
    qsort(events, n, sizeof *events, by_size);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && is_like(events[to - 1], events[to]); to++)
            ;
        qsort(events + from, to - from, sizeof *events, by_start);
        n_parts += tell_like(test, events + from, to - from, short_s, room, parts + n_parts);
    }
    return n_parts;
}

size_t incident_series_of(size_t test, const struct longhaul_analysis *analysis, const struct longhaul_event **room,
                          struct incident_part *parts)
{
    size_t n, n_parts = 0, n_like = 0, n_other;
    const struct longhaul_event *events = longhaul_analysis_events(analysis, &n);
    double short_s = fmax(SHORT_S, 2 * longhaul_analysis_figures(analysis)->usual_s);
    double *numbers = malloc((3 * n + 1) * sizeof *numbers);
    if (numbers == NULL)
        return SIZE_MAX;
    for (size_t i = 0; i < n; i++)
        if (may_repeat(&events[i], short_s))
            room[n_like++] = &events[i];
    n_other = n_like;
    for (size_t i = 0; i < n; i++)
        if (!may_repeat(&events[i], short_s))
            room[n_other++] = &events[i];
    if (n_like > 1)
        qsort(room, n_like, sizeof *room, by_length);
    for (size_t from = 0, to; from < n_like; from = to) {
        for (to = from + 1; to < n_like && sort_of(room[to]) == sort_of(room[from]) &&
                            length_of(room[to], short_s) <= LIKE_LENGTH * length_of(room[to - 1], short_s);
             to++)
            ;
        n_parts += tell_like_lengths(test, room + from, to - from, short_s, numbers, parts + n_parts);
    }
    n_parts += singles(test, room + n_like, n - n_like, numbers, parts + n_parts);
    free(numbers);
    return n_parts;
}
