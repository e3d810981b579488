/* spans.c - divides a test into hours of UTC, or spans of any length, and finds the worst minutes. */

#include <math.h>
#include <stdlib.h>

#include "analysis/analysis.h"
#include "analysis/spans.h"
#include "base/stats.h"
#include "base/units.h"

#define FEW_INTERVALS 30 /* in a span: the phase of the intervals' starts matters */

double spans_start(const struct view *v, double time_s, const struct grid *grid)
{
    double offset = isnan(v->start_unix_s) ? 0 : fmod(v->start_unix_s, grid->length_s);
    return floor((time_s + grid->shift_s + offset) / grid->length_s) * grid->length_s - offset;
}

struct grid spans_grid(const struct view *v, double length_s)
{
    struct grid grid = { length_s, 0 };
    if (v->n == 0 || !(v->usual_s > 0) || length_s >= FEW_INTERVALS * v->usual_s)
        return grid;
    double usual_s = length_s / fmax(rint(length_s / v->usual_s), 1);
    if (fabs(usual_s - v->usual_s) > 0.01 * v->usual_s) /* the intervals do not fill spans evenly */
        return grid;
    double first = (isnan(v->start_unix_s) ? 0 : fmod(v->start_unix_s, length_s)) + v->start_s[0];
    double phase_s = first - floor(first / usual_s) * usual_s;
    grid.shift_s = usual_s / 2 - phase_s;
    return grid;
}

static void add_known(double *sum, double value)
{
    if (!isnan(value))
        *sum = isnan(*sum) ? value : *sum + value;
}

/* Of the intervals of one span, what the file has and what arrived: bits over seconds, least and most. */
struct rates {
    double bits, seconds, min_mbps, max_mbps;
};

static void add_rate(struct rates *r, double bps, double seconds)
{
    double mbps = bps / BPS_PER_MBPS;
    r->bits += bps * seconds;
    r->seconds += seconds;
    r->min_mbps = fmin(r->min_mbps, mbps); /* fmin ignores NAN */
    r->max_mbps = fmax(r->max_mbps, mbps);
}

struct span_rates {
    struct rates own, arrived;
    size_t gap, rate_gap; /* the first gaps that may reach the interval */
};

static void add_interval(struct longhaul_span *span, const struct view *v, size_t i, struct span_rates *rates)
{
    if (v->artefacts[i] & LONGHAUL_ARTEFACT_REPEATED)
        return;
    double end_s = v->start_s[i] + v->seconds[i], arrived = analysis_arrived(v, i);
    double in_gaps_s = gaps_time_in(v->gaps, v->n_gaps, v->start_s[i], end_s, &rates->gap);
    span->n_intervals++;
    span->observed_s += v->seconds[i] - fmin(in_gaps_s, v->seconds[i]);
    add_known(&span->packets, v->packets[i]);
    add_known(&span->lost_packets, v->lost[i]);
    if (!isnan(v->lost[i]))
        add_known(&span->known_packets, v->packets[i]);
    if (!analysis_is_observed(v, i, &rates->rate_gap))
        return;
    if (!isnan(v->bps[i]))
        add_rate(&rates->own, v->bps[i], v->seconds[i]);
    if (v->is_sender && !isnan(arrived))
        add_rate(&rates->arrived, 8 * arrived / v->seconds[i], v->seconds[i]);
}

/* As for the whole leg (rate.c): by what arrived, if most of the time has it. */
static void set_rate(struct longhaul_span *span, const struct view *v, const struct span_rates *rates)
{
    bool is_delivered = rates->arrived.seconds > rates->own.seconds / 2;
    const struct rates *r = is_delivered ? &rates->arrived : &rates->own;
    span->mean_mbps = r->seconds > 0 ? r->bits / r->seconds / BPS_PER_MBPS : NAN;
    span->min_mbps = r->min_mbps;
    span->max_mbps = r->max_mbps;
    span->rate_kind = isnan(span->mean_mbps)              ? LONGHAUL_RATE_KIND_UNKNOWN
                      : is_delivered || !v->is_sender ? LONGHAUL_RATE_KIND_DELIVERED
                                                      : LONGHAUL_RATE_KIND_SENT;
}

/* Makes the span that begins at start_s with interval *i; *i is then the first interval after it. */
static struct longhaul_span take_span(const struct view *v, size_t *i, const struct grid *grid,
                                      struct span_rates *rates)
{
    double start_s = spans_start(v, v->start_s[*i], grid), end_s = start_s + grid->length_s;
    struct longhaul_span span = { .start_s = start_s, .start_unix_s = v->start_unix_s + start_s, .jitter_p50_ms = NAN,
                                  .jitter_p95_ms = NAN, .packets = NAN, .lost_packets = NAN, .known_packets = NAN };
    rates->own = rates->arrived = (struct rates){ 0, 0, NAN, NAN };
    do
        add_interval(&span, v, *i, rates);
    while (++*i < v->n && v->start_s[*i] + grid->shift_s >= start_s && v->start_s[*i] + grid->shift_s < end_s);
    set_rate(&span, v, rates);
    span.loss_percent = span.known_packets > 0 ? 100 * span.lost_packets / span.known_packets : NAN;
    return span;
}

static void fill_jitter(struct longhaul_span *span, const struct view *v, size_t first, size_t end, double *room)
{
    static const double shares[] = { 0.5, 0.95 };
    double q[2];
    size_t n = 0;
    for (size_t i = first; i < end; i++)
        if (view_has_jitter(v, i))
            room[n++] = v->jitter_ms[i];
    stats_quantiles(room, n, shares, 2, q);
    span->jitter_p50_ms = q[0];
    span->jitter_p95_ms = q[1];
}

/* The outages among the events, by start, with the greatest end of all up to each: a test may have as many outages as
 * spans. */
struct outages {
    double *start_s, *end_s, *reach_s;
    size_t n;
};

static bool take_outages(struct outages *o, const struct event_list *list)
{
    *o = (struct outages){ .start_s = malloc((3 * list->n + 1) * sizeof(double)) };
    if (o->start_s == NULL)
        return false;
    o->end_s = o->start_s + list->n;
    o->reach_s = o->end_s + list->n;
    for (size_t k = 0; k < list->n; k++) {
        const struct longhaul_event *e = &list->events[k];
        if (e->kind != LONGHAUL_EVENT_OUTAGE)
            continue;
        o->start_s[o->n] = e->start_s;
        o->end_s[o->n] = e->start_s + e->seconds;
        o->reach_s[o->n] = o->n > 0 ? fmax(o->reach_s[o->n - 1], o->end_s[o->n]) : o->end_s[o->n];
        o->n++;
    }
    return true;
}

static void fill_outages(struct longhaul_span *span, double length_s, const struct outages *o)
{
    size_t low = 0;
    for (size_t high = o->n; low < high;) { /* the first that overlaps the span */
        size_t middle = low + (high - low) / 2;
        if (o->reach_s[middle] > span->start_s)
            high = middle;
        else
            low = middle + 1;
    }
    for (size_t k = low; k < o->n && o->start_s[k] < span->start_s + length_s; k++)
        span->outage_s += fmax(fmin(o->end_s[k], span->start_s + length_s) - fmax(o->start_s[k], span->start_s), 0);
}

/* Only spans in which an interval begins. False when out of memory; the spans so far are then still the list's. */
static bool fill_spans(struct span_list *list, const struct view *v, const struct grid *grid,
                       const struct outages *outages, double *room)
{
    size_t capacity = 0;
    struct span_rates rates = { .gap = 0 };
    for (size_t i = 0; i < v->n;) {
        if (list->n == capacity) {
            capacity = capacity ? 2 * capacity : 2;
            struct longhaul_span *grown = realloc(list->spans, capacity * sizeof *grown);
            if (grown == NULL)
                return false;
            list->spans = grown;
        }
        size_t first = i;
        struct longhaul_span *span = &list->spans[list->n++];
        *span = take_span(v, &i, grid, &rates);
        if (span->n_intervals == 0) { /* all members are set already */
            list->n--;
            continue;
        }
        fill_jitter(span, v, first, i, room);
        delay_figures_of_span(v, first, i, span->start_s + grid->length_s, room, span);
        fill_outages(span, grid->length_s, outages);
    }
    return true;
}

static void rank(struct longhaul_figures *f, struct longhaul_span minute)
{
    size_t at = f->n_worst;
    while (at > 0 && f->worst[at - 1].lost_packets < minute.lost_packets)
        at--;
    if (at == LONGHAUL_N_WORST)
        return;
    if (f->n_worst < LONGHAUL_N_WORST)
        f->n_worst++;
    for (size_t k = f->n_worst - 1; k > at; k--)
        f->worst[k] = f->worst[k - 1];
    f->worst[at] = minute;
}

static void fill_worst(struct longhaul_analysis *a, const struct outages *outages, double *room)
{
    struct span_rates rates = { .gap = 0 };
    struct grid grid = { MINUTE_S, 0 };
    for (size_t i = 0; i < a->view.n;) {
        size_t first = i;
        struct longhaul_span minute = take_span(&a->view, &i, &grid, &rates);
        if (!(minute.lost_packets > 0))
            continue;
        fill_jitter(&minute, &a->view, first, i, room);
        delay_figures_of_span(&a->view, first, i, minute.start_s + 60, room, &minute);
        fill_outages(&minute, MINUTE_S, outages);
        rank(&a->figures, minute);
    }
}

bool spans_fill(struct longhaul_analysis *a, double *room)
{
    struct outages outages;
    struct grid hours = { HOUR_S, 0 };
    bool good = take_outages(&outages, &a->events);
    if (good)
        fill_worst(a, &outages, room);
    good = good && fill_spans(&a->hours, &a->view, &hours, &outages, room);
    free(outages.start_s);
    return good;
}

bool spans_take(const struct event_list *events, const struct view *v, double length_s, double *room,
                struct span_list *list)
{
    struct outages outages;
    struct grid grid = spans_grid(v, length_s);
    bool good = take_outages(&outages, events) && fill_spans(list, v, &grid, &outages, room);
    free(outages.start_s);
    return good;
}
