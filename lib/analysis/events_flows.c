/* events_flows.c - which of a leg's flows suffer: events that others have found, and what is too little in all flows
 * together to be an event but is confined to some of them. */

#include <stdlib.h>
#include <string.h>

#include "analysis/events.h"
#include "analysis/flow_test.h"
#include "base/units.h"

#define WINDOW_S 3600.0 /* a test of the flows for each hour */
#define CLUMP_S 5.0     /* spans in which events may come at once */
#define TOLD_S 6.0      /* a shift of the base is told so late, at most */
#define N_CELLS 120     /* in which the beginning and the end are looked for */

enum quantity { LOSSES, QUEUES, SILENCES, N_QUANTITIES };
static const enum longhaul_event_kind kinds[N_QUANTITIES] = { LONGHAUL_EVENT_LOSS, LONGHAUL_EVENT_DELAY,
                                                              LONGHAUL_EVENT_SILENCE };

/* The flows of a leg, and a set of them. */
struct flows {
    const struct view *v;
    const struct longhaul_flow *flow;
    size_t n;
    const struct longhaul_flow_trouble *trouble;
    size_t n_troubles;
    double end_s;
};

struct flow_set {
    bool has[FLOWS_MAX];
    size_t n;
};

/* How many events a flow's interval has. */
static double events_in(const struct longhaul_flow_trouble *t, enum quantity q)
{
    switch (q) {
    case LOSSES: return t->lost_packets > 0 ? fmax(1, (double)t->loss_runs) : 0;
    case QUEUES: return t->p99_us >= 0 ? 1 : 0;
    default: return (double)t->silences;
    }
}

/* The first trouble whose interval begins at that time or later. */
static size_t first_from(const struct flows *f, double from_s)
{
    size_t low = 0;
    for (size_t high = f->n_troubles; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (f->trouble[middle].start_s < from_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- one test */

/* Of one flow: the events of the span that is open, and the sums over spans. */
struct clumps {
    double span, events, sum, sum_of_squares;
};

static void close_span(struct clumps *c)
{
    c->sum += c->events;
    c->sum_of_squares += c->events * c->events;
    c->events = 0;
}

static double clump_of(const struct clumps *c, double n_spans)
{
    double mean = c->sum / n_spans;
    if (!(mean > 0) || n_spans < 2)
        return 1;
    return fmax(1, (c->sum_of_squares / n_spans - mean * mean) * n_spans / (n_spans - 1) / mean);
}

/* The flows that have more events than the others between two times. */
static struct flow_set worse_flows(const struct flows *f, enum quantity q, double from_s, double to_s)
{
    struct clumps clumps[FLOWS_MAX] = { { 0 } };
    struct flow_count counts[FLOWS_MAX];
    struct flow_set set = { .n = 0 };
    double length_s = fmax(f->v->usual_s, fmin(CLUMP_S, (to_s - from_s) / 6));
    for (size_t i = first_from(f, from_s - length_s / 2); i < f->n_troubles && f->trouble[i].start_s < to_s; i++) {
        struct clumps *c = &clumps[f->trouble[i].flow];
        double span = floor((f->trouble[i].start_s - from_s) / length_s);
        if (span != c->span)
            close_span(c);
        c->span = span;
        c->events += events_in(&f->trouble[i], q);
    }
    for (size_t i = 0; i < f->n; i++) {
        close_span(&clumps[i]);
        counts[i] = (struct flow_count){ clumps[i].sum, f->flow[i].packets,
                                         clump_of(&clumps[i], fmax(1, floor((to_s - from_s) / length_s))) };
    }
    set.n = flow_test(counts, f->n, set.has);
    return set;
}

/* ---- an event of some flows */

static void name_flows(const struct flows *f, const struct flow_set *set, struct longhaul_event *e)
{
    bool have_one_source = flows_have_one_source(f->flow, f->n);
    size_t n = 0;
    e->scope = LONGHAUL_SCOPE_FLOW;
    e->n_flows = (uint32_t)f->n;
    e->n_flows_affected = (uint32_t)set->n;
    e->is_flow_destination = have_one_source;
    for (size_t i = 0; i < f->n && n < LONGHAUL_EVENT_PORTS; i++)
        if (set->has[i])
            e->flow_ports[n++] = have_one_source ? f->flow[i].destination_port : f->flow[i].source_port;
}

/* Where the flows have most more events than the others: from *from_s to *to_s, which it narrows (the maximum-sum span;
 * J. Bentley: Programming Pearls, 1984). */
static void narrow(const struct flows *f, const struct flow_set *set, enum quantity q, double *from_s, double *to_s)
{
    double cell_s = fmax(f->v->usual_s, (*to_s - *from_s) / N_CELLS), cells[N_CELLS + 1] = { 0 }, sum = 0;
    size_t n = (size_t)fmin(N_CELLS, ceil((*to_s - *from_s) / cell_s)), first = 0, last = n ? n - 1 : 0;
    for (size_t i = first_from(f, *from_s); i < f->n_troubles && f->trouble[i].start_s < *to_s; i++) {
        const struct longhaul_flow_trouble *t = &f->trouble[i];
        double more = set->has[t->flow] ? 1 / (double)set->n : -1 / (double)(f->n - set->n);
        size_t cell = (size_t)((t->start_s - *from_s) / cell_s);
        cells[cell < n ? cell : n] += more * events_in(t, q);
        sum += more * events_in(t, q);
    }
    double least = sum / (double)(n ? n : 1) / 2, best = 0, here = 0;
    for (size_t i = 0, begin = 0; i < n; i++) {
        here += cells[i] - least;
        if (here < 0) {
            here = 0;
            begin = i + 1;
        } else if (here > best) {
            best = here;
            first = begin;
            last = i;
        }
    }
    *to_s = fmin(*to_s, *from_s + cell_s * (double)(last + 1));
    *from_s += cell_s * (double)first;
}

/* Marks those of n rows, from the first one on, which an event has that lost packets. NULL when out of memory. */
static unsigned char *mark_lost(const struct event_list *list, size_t first, size_t n)
{
    unsigned char *is_lost = calloc(n, 1);
    for (size_t k = 0; is_lost && k < list->n; k++) {
        const struct longhaul_event *e = &list->events[k];
        for (size_t i = e->first > first ? e->first : first;
             e->lost_packets > 0 && i < e->first + e->n_intervals && i < first + n; i++)
            is_lost[i - first] = 1;
    }
    return is_lost;
}

/* Its level, peak and usual: for losses those of the flows, and of the others as the usual; else of the intervals that
 * stand out. */
static void fill_figures(const struct flows *f, const struct flow_set *set, enum quantity q, struct longhaul_event *e)
{
    double lost[2] = { 0, 0 }, packets[2] = { 0, 0 }, sum = 0, n = 0, end_s = e->start_s + e->seconds;
    e->peak = e->usual = NAN;
    for (size_t i = 0; i < f->n; i++)
        packets[set->has[i]] += f->flow[i].packets * e->seconds / f->end_s;
    for (size_t i = first_from(f, e->start_s - 1e-6); i < f->n_troubles && f->trouble[i].start_s < end_s; i++) {
        const struct longhaul_flow_trouble *t = &f->trouble[i];
        lost[set->has[t->flow]] += (double)t->lost_packets;
        if (!set->has[t->flow] || events_in(t, q) == 0)
            continue;
        double value = q == LOSSES   ? 100 * (double)t->lost_packets / fmax(1, (double)t->packets)
                       : q == QUEUES ? (double)t->p99_us / US_PER_MS
                                     : (double)t->silence_us / US_PER_MS;
        e->peak = fmax(e->peak, value);
        sum += value;
        n++;
    }
    e->level = q == LOSSES ? fmin(100, 100 * lost[1] / packets[1]) : n > 0 ? sum / n : NAN;
    if (q == LOSSES && packets[0] > 0)
        e->usual = fmin(100, 100 * lost[0] / packets[0]);
}

/* Of a trouble. */
static size_t row_of(const struct flows *f, size_t trouble)
{
    return events_row_at(f->v, (f->trouble[trouble].start_s + f->trouble[trouble].end_s) / 2);
}

/* What the flows lost that no other event has. False when out of memory. */
static bool fill_lost(const struct flows *f, const struct flow_set *set, const struct event_list *list,
                      struct longhaul_event *e)
{
    size_t from = first_from(f, e->start_s - 1e-6), to = from, first = SIZE_MAX, last = 0;
    for (; to < f->n_troubles && f->trouble[to].start_s < e->start_s + e->seconds; to++) {
        first = row_of(f, to) < first ? row_of(f, to) : first;
        last = row_of(f, to) > last ? row_of(f, to) : last;
    }
    e->lost_packets = 0;
    if (from == to)
        return true;
    unsigned char *is_lost = mark_lost(list, first, last - first + 1);
    for (size_t i = from; is_lost && i < to; i++) {
        const struct longhaul_flow_trouble *t = &f->trouble[i];
        if (set->has[t->flow] && t->lost_packets > 0 && !is_lost[row_of(f, i) - first])
            e->lost_packets += (double)t->lost_packets;
    }
    free(is_lost);
    return is_lost != NULL;
}

/* Takes the events of these flows that overlap the time out of the list, and extends the time by them: it is one. */
static void absorb(const struct longhaul_event *named, double slack_s, double *from_s, double *to_s,
                   struct event_list *list)
{
    size_t n = 0;
    for (size_t k = 0; k < list->n; k++) {
        const struct longhaul_event *e = &list->events[k];
        bool is_same = e->kind == named->kind && e->n_flows > 0 && e->n_flows_affected == named->n_flows_affected &&
                       memcmp(e->flow_ports, named->flow_ports, sizeof e->flow_ports) == 0 &&
                       e->start_s <= *to_s + slack_s && e->start_s + e->seconds >= *from_s - slack_s;
        if (is_same) {
            *from_s = fmin(*from_s, e->start_s);
            *to_s = fmax(*to_s, e->start_s + e->seconds);
        } else {
            list->events[n++] = *e;
        }
    }
    list->n = n;
}

/* What other flows have at the time has been told, and is no more than a part of it. */
static bool is_told(const struct event_list *list, enum longhaul_event_kind kind, double from_s, double to_s)
{
    double told_s = 0;
    for (size_t k = 0; k < list->n; k++) {
        const struct longhaul_event *e = &list->events[k];
        if (e->kind == kind && e->n_flows > 0)
            told_s += fmax(0, fmin(to_s, e->start_s + e->seconds) - fmax(from_s, e->start_s));
    }
    return told_s > (to_s - from_s) / 2;
}

static bool tell(const struct flows *f, const struct flow_set *set, enum quantity q, double from_s, double to_s,
                 struct event_list *list)
{
    struct longhaul_event named = { .kind = kinds[q] };
    narrow(f, set, q, &from_s, &to_s);
    name_flows(f, set, &named);
    absorb(&named, 2 * f->v->usual_s, &from_s, &to_s, list);
    if (is_told(list, kinds[q], from_s, to_s))
        return true;
    double half_s = f->v->usual_s / 2;
    size_t first = events_row_at(f->v, from_s + half_s), last = events_row_at(f->v, to_s - half_s);
    struct longhaul_event e = events_between(f->v, kinds[q], first, last < first ? first : last);
    name_flows(f, set, &e);
    fill_figures(f, set, q, &e);
    e.lost_packets = 0;
    return (q != LOSSES || fill_lost(f, set, list, &e)) && event_list_add(list, f->v, e);
}

/* ---- all of a leg */

static bool meet(const struct flow_set *a, const struct flow_set *b)
{
    for (size_t i = 0; i < FLOWS_MAX; i++)
        if (a->has[i] && b->has[i])
            return true;
    return false;
}

static void unite(struct flow_set *a, const struct flow_set *b)
{
    a->n = 0;
    for (size_t i = 0; i < FLOWS_MAX; i++) {
        a->has[i] = a->has[i] || b->has[i];
        a->n += a->has[i];
    }
}

/* The whole test, then hour by hour; hours in a row with some flow in common are one event. */
static bool find(const struct flows *f, enum quantity q, struct event_list *list)
{
    double n_windows = fmax(1, floor(f->end_s / WINDOW_S)), window_s = f->end_s / n_windows, from_s = 0;
    struct flow_set open = worse_flows(f, q, 0, f->end_s);
    bool good = open.n == 0 || tell(f, &open, q, 0, f->end_s, list);
    open.n = 0;
    for (double i = 0; i < n_windows && good; i++) {
        struct flow_set set = worse_flows(f, q, i * window_s, (i + 1) * window_s);
        if (open.n > 0 && meet(&open, &set)) {
            unite(&open, &set);
            continue;
        }
        if (open.n > 0)
            good = tell(f, &open, q, from_s, i * window_s, list);
        open = set;
        from_s = i * window_s;
    }
    return good && (open.n == 0 || tell(f, &open, q, from_s, f->end_s, list));
}

/* The flows that had a silence, or another route, at an event. */
static struct flow_set flows_at(const struct flows *f, const struct longhaul_event *e)
{
    struct flow_set set = { .n = 0 };
    bool is_route = e->kind == LONGHAUL_EVENT_ROUTE;
    double until_s = e->start_s + e->seconds + (is_route ? TOLD_S : f->v->usual_s);
    size_t i = first_from(f, e->start_s - f->v->usual_s);
    for (; i < f->n_troubles && f->trouble[i].start_s < until_s; i++) {
        const struct longhaul_flow_trouble *t = &f->trouble[i];
        bool is = is_route ? !isnan(t->shift_us) && (double)t->shift_us * e->peak > 0
                           : (double)t->silence_us >= e->level * US_PER_MS / 2;
        set.n += is && !set.has[t->flow];
        set.has[t->flow] = set.has[t->flow] || is;
    }
    return set;
}

/* The level of a loss or a queue is then that of the flows. A silence or a route that most flows have is the path's. */
static void confine(const struct flows *f, struct longhaul_event *e)
{
    bool is_loss = e->kind == LONGHAUL_EVENT_LOSS, is_level = is_loss || e->kind == LONGHAUL_EVENT_DELAY;
    bool is_seen = e->kind == LONGHAUL_EVENT_ROUTE || e->kind == LONGHAUL_EVENT_SILENCE;
    if (!is_level && !is_seen)
        return;
    struct flow_set set = is_seen ? flows_at(f, e)
                                  : worse_flows(f, is_loss ? LOSSES : QUEUES, e->start_s, e->start_s + e->seconds);
    if (set.n == 0 || (is_seen && 2 * set.n > f->n))
        return;
    name_flows(f, &set, e);
    if (is_level)
        fill_figures(f, &set, is_loss ? LOSSES : QUEUES, e);
}

bool events_find_flows(const struct view *v, struct event_list *list)
{
    struct flows f = { .v = v };
    bool good = true;
    f.flow = longhaul_series_flows(v->delay.series, &f.n);
    f.trouble = longhaul_series_flow_troubles(v->delay.series, &f.n_troubles);
    if (f.n < 2 || f.n > FLOWS_MAX || v->n == 0 || f.n_troubles == 0)
        return true;
    f.end_s = v->start_s[v->n - 1] + v->seconds[v->n - 1];
    for (size_t i = 0; i < f.n; i++)
        if (!(f.flow[i].packets > 0))
            return true; /* nothing is known of one: nor how much worse others are */
    for (size_t k = 0; k < list->n; k++)
        confine(&f, &list->events[k]);
    for (int q = 0; q < N_QUANTITIES && good; q++)
        good = find(&f, (enum quantity)q, list);
    return good;
}
