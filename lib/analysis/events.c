/* events.c - finds the events of a test: outages, loss bursts, jitter bursts. longhaul.h has the definitions and their
 * sources (struct longhaul_event). shifts.c finds rate shifts, scope.c what other legs did. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/analysis.h"
#include "analysis/change.h"
#include "base/stats.h"

#define OMITTED_INTERVALS 1.5    /* by which an omit period may reach into the test */
#define LEAST_DEAD 2             /* intervals without a byte that make an outage */
#define LEAST_LOST 10            /* least number of packets in a loss burst */
#define LEAST_BURST_LOSS 0.5     /* least loss per interval, in packets, with which a loss burst is compared */
#define BURST_RATIO 2.0          /* and this many times the usual loss */
#define FALSE_ALARMS 0.01        /* expected number of loss bursts in a test with independent losses */
#define JITTER_REFERENCE 4.0     /* scales above the median: the reference for a jitter burst */
#define JITTER_MOST 16.0         /* limits a value, so that one interval alone is not a jitter burst */
#define JITTER_THRESHOLD 20.0
#define JITTER_RATIO 2.0
#define LEAST_SCALE_MS 0.001
#define P95_OF_NORMAL 1.6449     /* standard deviations */

bool event_list_add(struct event_list *list, const struct view *v, struct longhaul_event event)
{
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 16;
        struct longhaul_event *grown = realloc(list->events, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        list->events = grown;
        list->capacity = capacity;
    }
    event.start_unix_s = v->start_unix_s + event.start_s;
    list->events[list->n++] = event;
    return true;
}

static double end_of(const struct view *v, size_t i)
{
    return v->start_s[i] + v->seconds[i];
}

/* first may be n. */
static double lost_between(const struct view *v, size_t first, size_t last)
{
    double lost = 0;
    for (size_t i = first; i <= last && i < v->n; i++)
        lost += v->lost[i];
    return lost; /* NAN if any of them is */
}

/* ---- outages */

struct outage {
    double start_s, end_s;
    size_t first, n_dead;
    bool is_open, has_gap;
    const char *cause; /* the first gap in the record during the outage; "" */
};

static void extend(struct outage *o, size_t i, double start_s, double end_s)
{
    if (!o->is_open)
        *o = (struct outage){ .is_open = true, .start_s = start_s, .end_s = end_s, .first = i, .cause = "" };
    o->end_s = fmax(o->end_s, end_s);
}

/* Interval i is the first one after the outage, or n. */
static bool close_outage(struct outage *o, size_t i, const struct view *v, struct event_list *list)
{
    bool is_real = o->is_open && (o->has_gap || o->n_dead >= LEAST_DEAD);
    o->is_open = false;
    if (!is_real)
        return true;
    struct longhaul_event event = { .kind = LONGHAUL_EVENT_OUTAGE, .start_s = o->start_s,
                                    .seconds = o->end_s - o->start_s, .first = o->first, .n_intervals = o->n_dead,
                                    .lost_packets = lost_between(v, o->first, i), .peak = NAN, .before = NAN };
    snprintf(event.cause, sizeof event.cause, "%s", o->cause);
    return event_list_add(list, v, event);
}

/* Adds a gap in the record; a gap that begins after the end of an outage is another outage. */
static bool take_gap(struct outage *o, size_t i, const struct longhaul_gap *gap, const struct view *v,
                     struct event_list *list)
{
    if (o->is_open && gap->start_s > o->end_s && !close_outage(o, i, v, list))
        return false;
    extend(o, i, gap->start_s, gap->start_s + gap->seconds);
    o->has_gap = true;
    if (o->cause[0] == 0)
        o->cause = gap->cause;
    return true;
}

/* Adds interval i; nothing was observed between end_s and its start. */
static bool take_interval(struct outage *o, size_t i, double end_s, const struct view *v, struct event_list *list)
{
    if (view_gap(v, i, end_s) > 0) {
        extend(o, i, end_s, v->start_s[i]);
        o->has_gap = true;
    }
    if (view_is_dead(v, i) || (v->artefacts[i] & LONGHAUL_ARTEFACT_UNCONFIRMED)) {
        extend(o, i, v->start_s[i], end_of(v, i));
        o->n_dead++;
        return true;
    }
    return (v->artefacts[i] & LONGHAUL_ARTEFACT_TINY) || close_outage(o, i, v, list);
}

static bool find_outages(const struct view *v, struct event_list *list)
{
    struct outage o = { .is_open = false };
    /* The first interval may follow an omitted one, which began before the time restarted. */
    double end_s =
        v->has_omitted && v->n > 0 && v->start_s[0] <= OMITTED_INTERVALS * v->usual_s ? fmax(v->start_s[0], 0) : 0;
    size_t gap = 0;
    for (size_t i = 0; i < v->n; i++) {
        for (; gap < v->n_gaps && v->gaps[gap].start_s <= v->start_s[i]; gap++)
            if (!take_gap(&o, i, &v->gaps[gap], v, list))
                return false;
        if (!take_interval(&o, i, end_s, v, list))
            return false;
        end_s = fmax(end_s, end_of(v, i)); /* a repeated interval has no length the second time */
    }
    for (; gap < v->n_gaps; gap++)
        if (!take_gap(&o, v->n, &v->gaps[gap], v, list))
            return false;
    return close_outage(&o, v->n, v, list);
}

/* Excludes the intervals of outages, and the one after each, from score. */
static void mask_outages(const struct event_list *list, double *score, size_t n)
{
    for (size_t k = 0; k < list->n; k++)
        for (size_t i = list->events[k].first; i <= list->events[k].first + list->events[k].n_intervals && i < n; i++)
            score[i] = -INFINITY;
}

/* ---- loss bursts */

struct usual_loss {
    double measured;   /* packets lost per interval */
    double packets;    /* the same, but at least one packet in the whole test */
    double dispersion; /* variance / mean; 1 if losses are independent */
};

/* Over the intervals outside bursts and outages: those whose score[i] is finite. */
static struct usual_loss usual_loss_of(const struct view *v, const double *score, double at_most)
{
    double n = 0, sum = 0, squares = 0;
    for (size_t i = 0; i < v->n; i++)
        if (view_has_loss(v, i) && isfinite(score[i]) && v->lost[i] <= at_most) {
            n++;
            sum += v->lost[i];
            squares += v->lost[i] * v->lost[i];
        }
    double mean = n > 0 ? sum / n : 0;
    double dispersion = mean > 0 ? (squares / n - mean * mean) / mean : 1;
    return (struct usual_loss){ mean, fmax(mean, 1 / fmax(n, 1)), fmax(dispersion, 1) };
}

static void score_losses(const struct view *v, struct usual_loss usual, const struct event_list *outages, double *score)
{
    double burst = fmax(BURST_RATIO * usual.packets, LEAST_BURST_LOSS);
    double each = log(burst / usual.packets), drift = burst - usual.packets;
    for (size_t i = 0; i < v->n; i++)
        score[i] = view_has_loss(v, i) ? (v->lost[i] * each - drift) / usual.dispersion : 0;
    mask_outages(outages, score, v->n);
}

static double peak_loss(const struct view *v, size_t first, size_t last)
{
    double peak = NAN;
    for (size_t i = first; i <= last; i++)
        if (view_has_loss(v, i) && v->packets[i] > 0)
            peak = fmax(peak, 100 * v->lost[i] / v->packets[i]); /* fmax ignores NAN */
    return peak;
}

static double known_lost(const struct view *v, size_t first, size_t last)
{
    double lost = 0;
    for (size_t i = first; i <= last; i++)
        lost += view_has_loss(v, i) ? v->lost[i] : 0;
    return lost;
}

static struct longhaul_event burst_of(const struct view *v, enum longhaul_event_kind kind, size_t first, size_t last)
{
    return (struct longhaul_event){ .kind = kind, .start_s = v->start_s[first],
                                    .seconds = end_of(v, last) - v->start_s[first], .first = first,
                                    .n_intervals = last - first + 1 };
}

/* Estimates the usual loss without the bursts that the previous estimate gives. */
static struct usual_loss refine(const struct view *v, struct usual_loss usual, double threshold,
                                const struct event_list *outages, double *score)
{
    size_t first, last, from = 0;
    score_losses(v, usual, outages, score);
    while (change_next_burst(score, v->n, from, threshold, &first, &last)) {
        for (size_t i = first; i <= last; i++)
            score[i] = NAN;
        from = last + 1;
    }
    return usual_loss_of(v, score, INFINITY);
}

static bool find_loss_bursts(const struct view *v, double *room, struct event_list *list)
{
    double *score = room, *lost = room + v->n, most_usual, share = 0.99;
    size_t n = 0, first, last, from = 0;
    const struct event_list outages = *list;
    double mean_packets = 0;
    for (size_t i = 0; i < v->n; i++) {
        score[i] = 0;
        if (view_has_loss(v, i)) {
            mean_packets += v->packets[i];
            lost[n++] = v->lost[i];
        }
    }
    if (n == 0)
        return true;
    double threshold = log((double)n / FALSE_ALARMS);
    stats_quantiles(lost, n, &share, 1, &most_usual);
    struct usual_loss usual = usual_loss_of(v, score, most_usual);
    for (int i = 0; i < 2; i++)
        usual = refine(v, usual, threshold, &outages, score);
    score_losses(v, usual, &outages, score);
    while (change_next_burst(score, v->n, from, threshold, &first, &last)) {
        struct longhaul_event event = burst_of(v, LONGHAUL_EVENT_LOSS_BURST, first, last);
        event.lost_packets = known_lost(v, first, last);
        event.peak = peak_loss(v, first, last);
        event.before = mean_packets > 0 ? 100 * usual.measured * (double)n / mean_packets : 0;
        if (event.lost_packets >= LEAST_LOST && !event_list_add(list, v, event))
            return false;
        from = last + 1;
    }
    return true;
}

/* ---- jitter bursts */

static double peak_jitter(const struct view *v, size_t first, size_t last)
{
    double peak = NAN;
    for (size_t i = first; i <= last; i++)
        if (view_has_jitter(v, i))
            peak = fmax(peak, v->jitter_ms[i]);
    return peak;
}

static bool find_jitter_bursts(const struct view *v, double *room, struct event_list *list)
{
    static const double shares[] = { 0.5, 0.95 };
    double *score = room, *jitter = room + v->n, q[2];
    size_t n = 0, first, last, from = 0;
    for (size_t i = 0; i < v->n; i++)
        if (view_has_jitter(v, i))
            jitter[n++] = v->jitter_ms[i];
    if (n == 0)
        return true;
    stats_quantiles(jitter, n, shares, 2, q);
    double scale = fmax((q[1] - q[0]) / P95_OF_NORMAL, fmax(0.1 * q[0], LEAST_SCALE_MS));
    for (size_t i = 0; i < v->n; i++)
        score[i] = view_has_jitter(v, i) ? fmin((v->jitter_ms[i] - q[0]) / scale - JITTER_REFERENCE, JITTER_MOST) : 0;
    while (change_next_burst(score, v->n, from, JITTER_THRESHOLD, &first, &last)) {
        struct longhaul_event event = burst_of(v, LONGHAUL_EVENT_JITTER_BURST, first, last);
        event.lost_packets = lost_between(v, first, last);
        event.peak = peak_jitter(v, first, last);
        event.before = q[0];
        if (event.peak >= JITTER_RATIO * q[0] && !event_list_add(list, v, event))
            return false;
        from = last + 1;
    }
    return true;
}

bool events_find(const struct view *v, double *room, struct event_list *list)
{
    return find_outages(v, list) && find_loss_bursts(v, room, list) && find_jitter_bursts(v, room, list);
}

const char *longhaul_event_kind_text(enum longhaul_event_kind kind)
{
    static const char *const texts[] = { "outage", "loss burst", "jitter burst", "rate shift" };
    return (unsigned)kind < sizeof texts / sizeof *texts ? texts[kind] : "";
}
