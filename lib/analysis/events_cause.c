/* events_cause.c - why an event happened, where the record has evidence of it: small packets that got through, round
 * trips that stayed the same, and drops of the receiving host itself. */

#include <stdio.h>

#include "analysis/events.h"

#define EDGE_S 0.5        /* of an outage: a round trip so near to it may belong to either side */
#define LEAST_ALIVE_S 5.0 /* a control connection that is silent for so long is known to be */
#define N_TRIPS 5         /* round trips that are looked at before a change of the route, and after it */
#define LEAST_TRIPS 3
#define SAME_SHARE 0.25   /* of the change: round trips that differ by less are the same */
#define MOST_OF 0.97      /* of the lost packets, by the host's own drops: they are its own */

/* A small packet was answered during the outage. */
static bool has_answer(const struct view *v, double from_s, double to_s, size_t *first)
{
    while (*first < v->n_rtt && v->rtt[*first].start_s <= from_s)
        ++*first;
    for (size_t i = *first; i < v->n_rtt && v->rtt[i].start_s < to_s; i++)
        if (v->rtt[i].start_s > from_s && v->rtt[i].start_s + v->rtt[i].rtt_ms / 1000 < to_s) /* false for NAN */
            return true;
    return false;
}

/* Both ends went on, and neither noticed a silence of the control connection. */
static bool is_control_alive(const struct longhaul_analysis *a, const struct longhaul_event *e, size_t *gap)
{
    const struct view *v = &a->view;
    if (gaps_time_in(a->gaps.gaps, a->gaps.n, e->start_s, e->start_s + e->seconds, gap) > 0)
        return false;
    if (v->seen == NULL || e->seconds < LEAST_ALIVE_S || e->n_intervals == 0)
        return false;
    for (size_t i = e->first; i < e->first + e->n_intervals && i < v->n; i++)
        if (!v->seen[i])
            return false;
    return true;
}

/* Outages come by time in the list, as gaps and round trips do: each is looked at once. */
static void find_small_packets(const struct longhaul_analysis *a, struct event_list *list)
{
    size_t gap = 0, rtt = 0;
    for (size_t i = 0; i < list->n; i++) {
        struct longhaul_event *e = &list->events[i];
        bool has_gap = e->cause[0] != 0;
        if (e->kind == LONGHAUL_EVENT_OUTAGE && !has_gap && !e->is_open &&
            (is_control_alive(a, e, &gap) ||
             has_answer(&a->view, e->start_s + EDGE_S, e->start_s + e->seconds - EDGE_S, &rtt)))
            snprintf(e->cause, sizeof e->cause, "large-packets");
    }
}

/* ---- a route */

struct trips {
    double least_ms, second_ms;
    int n;
};

static void add_trip(struct trips *t, double ms)
{
    if (isnan(ms))
        return;
    t->second_ms = fmin(fmax(ms, t->least_ms), t->second_ms);
    t->least_ms = fmin(ms, t->least_ms);
    t->n++;
}

static bool is_sure(const struct trips *t, double limit_ms)
{
    return t->n >= LEAST_TRIPS && t->second_ms - t->least_ms <= limit_ms;
}

static size_t first_trip_from(const struct view *v, double start_s)
{
    size_t low = 0, high = v->n_rtt;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (v->rtt[middle].start_s < start_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The round trips between the change before and the one after are the same on both sides of this one. Two of each side
 * must agree: a round trip has queues in it, too. */
static bool is_round_trip_same(const struct view *v, const struct longhaul_event *e, double from_s, double to_s)
{
    struct trips before = { INFINITY, INFINITY, 0 }, after = before;
    size_t k = first_trip_from(v, e->start_s);
    double limit_ms = SAME_SHARE * e->level;
    for (size_t i = k; i-- > 0 && before.n < N_TRIPS && v->rtt[i].start_s >= from_s;)
        if (v->rtt[i].start_s + v->rtt[i].rtt_ms / 1000 <= e->start_s)
            add_trip(&before, v->rtt[i].rtt_ms);
    for (size_t i = k; i < v->n_rtt && after.n < N_TRIPS && v->rtt[i].start_s < to_s; i++)
        add_trip(&after, v->rtt[i].rtt_ms);
    return is_sure(&before, limit_ms) && is_sure(&after, limit_ms) &&
           fabs(after.least_ms - before.least_ms) <= limit_ms;
}

/* Where the route that the datagrams take gets longer, so does the round trip. If it does not, the sender's clock was
 * set, or it stood still as a host's does that is moved; or small packets go another way than the test's. */
static void find_same_round_trips(const struct view *v, struct event_list *list)
{
    struct longhaul_event *e = NULL;
    double from_s = -INFINITY;
    for (size_t i = 0; i <= list->n; i++) {
        struct longhaul_event *next = i < list->n ? &list->events[i] : NULL;
        if (next && (next->kind != LONGHAUL_EVENT_ROUTE || analysis_is_traced(next->kind, next->level)))
            continue;
        if (e && e->hops.sign != LONGHAUL_HOPS_SIGN_DIFFERS &&
            is_round_trip_same(v, e, from_s, next ? next->start_s : INFINITY))
            snprintf(e->cause, sizeof e->cause, "round-trip-same");
        from_s = e ? e->start_s : from_s;
        e = next;
    }
}

/* ---- this host */

double events_receiver_drops(const struct longhaul_analysis *a)
{
    const struct longhaul_host_drops *d = a->has_receiver_drops                     ? &a->receiver_drops
                                          : !a->has_host_drops || a->info.is_sender ? NULL
                                                                                    : &a->host_drops;
    return d == NULL || a->has_tcp || isnan(d->udp_receive_buffer) ? 0 : fmax(d->udp_receive_buffer, 0);
}

bool events_are_own_drops(double lost, double drops)
{
    return lost > 0 && drops >= MOST_OF * lost && drops <= lost / MOST_OF;
}

/* The host's counters have no times, and count what came to its other sockets too. So they tell only where they are as
 * many as all that was lost, or as one event alone lost. */
static void find_own_drops(const struct longhaul_analysis *a, struct event_list *list)
{
    double drops = events_receiver_drops(a), lost = 0;
    size_t n_same = 0, same = 0;
    for (size_t i = 0; i < list->n; i++) {
        double its = list->events[i].lost_packets;
        lost += its > 0 ? its : 0;
        if (list->events[i].kind != LONGHAUL_EVENT_RATE_CAP && events_are_own_drops(its, drops)) {
            n_same++;
            same = i;
        }
    }
    for (size_t i = 0; drops > 0 && i < list->n; i++) {
        struct longhaul_event *e = &list->events[i];
        bool is_own = events_are_own_drops(lost, drops) || (n_same == 1 && i == same);
        if (is_own && e->lost_packets > 0)
            snprintf(e->cause, sizeof e->cause, "this-host");
    }
}

void events_find_causes(const struct longhaul_analysis *a, struct event_list *list)
{
    find_small_packets(a, list);
    find_same_round_trips(&a->view, list);
    find_own_drops(a, list);
}
