/* events_outage.c - times without data: outages, which the next sequence numbers or the record itself tell of, pauses
 * of the sender, which lose nothing, and times in which only the control connection was silent. */

#include <stdio.h>
#include <string.h>

#include "analysis/events.h"
#include "base/units.h"

#define OMITTED_INTERVALS 1.5 /* by which an omit period may reach into the test */
#define FULL_SHARE 0.93       /* of the usual packets: an interval with fewer misses some */
#define FULL_SLACK 3.0        /* packets */
#define DARK_SHARE 0.97       /* lost of those sent, where both ends are known */
#define EDGE_SHARE 0.05
#define EXPLAINS 0.5 /* of what is missing, by what the next interval has too much */
#define LEAST_OUTAGE_S 0.8
#define LEAST_DEAD 2 /* intervals without a byte, where no loss tells */
#define LEAST_PAUSE_S 5.0
#define LEAST_SEEN_S 2.0   /* in a gap, of data that arrived: what was sent before the silence may arrive in 1 s */
#define MOST_RESTART_S 6.0 /* from the end of a session to the next, where the path is well */
#define EDGE_S 1.0
#define END_ARRIVED 0.3 /* of what is missing: more arrived at the end than in an outage */

/* Intervals that miss packets, one after another. */
struct dark {
    double start_s, end_s, missing, packets, arrived, lost;
    double late; /* packets that very short intervals have too much: a process that stood still counts them at once */
    size_t first, last, n_rows, n_dead;
    bool is_open, has_gap;
    const char *cause; /* the first gap in the record during it; "" */
};

struct search {
    const struct longhaul_analysis *a;
    const struct view *v;
    struct event_list *list;
    double pace;      /* packets a second; NAN: losses are not known */
    bool is_receiver; /* packets are known by sequence numbers that arrived */
    size_t gap;       /* of the record: the first that may end after the silence */
};

static double end_of(const struct view *v, size_t i)
{
    return v->start_s[i] + v->seconds[i];
}

static double expected(const struct search *s, size_t i)
{
    return s->pace * s->v->seconds[i];
}

/* An interval in which something is missing. */
static bool is_short(const struct search *s, size_t i)
{
    const struct view *v = s->v;
    if (s->is_receiver && view_has_loss(v, i)) /* also where nothing arrived: it may tell what was lost before */
        return v->packets[i] < FULL_SHARE * expected(s, i) - FULL_SLACK;
    if (view_is_dead(v, i) || (v->artefacts[i] & LONGHAUL_ARTEFACT_UNCONFIRMED))
        return true;
    if (!view_has_loss(v, i) || isnan(s->pace))
        return false;
    return v->packets[i] > 0 && v->lost[i] >= DARK_SHARE * v->packets[i];
}

static double known(double value)
{
    return isnan(value) ? 0 : value;
}

static void open_dark(struct dark *d, size_t i, double start_s)
{
    if (!d->is_open)
        *d = (struct dark){ .is_open = true, .start_s = start_s, .end_s = start_s, .first = i, .last = i, .cause = "" };
}

static void add_row(struct search *s, struct dark *d, size_t i)
{
    const struct view *v = s->v;
    double packets = known(v->packets[i]), due = s->is_receiver ? expected(s, i) : packets;
    double share = due > 0 && s->is_receiver ? fmin(fmax(packets / due, 0), 1) : 0;
    bool is_dead = view_is_dead(v, i) || (v->artefacts[i] & LONGHAUL_ARTEFACT_UNCONFIRMED) || !s->is_receiver;
    open_dark(d, i, v->start_s[i] + (is_dead ? 0 : share * v->seconds[i]));
    d->end_s = fmax(d->end_s, end_of(v, i));
    d->missing += known(due) - (s->is_receiver ? packets : 0);
    d->packets += packets;
    d->lost += v->lost[i];
    d->arrived += packets - known(v->lost[i]);
    d->last = i;
    d->n_rows++;
    d->n_dead += is_dead;
}

/* Marks first up to end - 1. */
static void mark_dark(struct search *s, size_t first, size_t end)
{
    for (size_t i = first; i < end && i < s->v->n; i++)
        s->list->mark[i] = EVENTS_DARK;
}

/* True if it is the rest of a gap in which the receiver saw data: the session ended since its control connection was
 * silent, and another began. Nothing is known to have been sent meanwhile. Silences come by time, as gaps do. */
static bool is_restart(struct search *s, const struct dark *d)
{
    const struct longhaul_gap *gaps = s->a->gaps.gaps;
    while (s->gap < s->a->gaps.n && gaps[s->gap].start_s + gaps[s->gap].seconds < d->end_s - EDGE_S)
        s->gap++;
    return d->has_gap && d->end_s - d->start_s <= MOST_RESTART_S && s->gap < s->a->gaps.n &&
           gaps[s->gap].seconds_seen >= LEAST_SEEN_S && gaps[s->gap].start_s <= d->start_s + EDGE_S;
}

/* Gaps in which the receiver saw data: only the control connection was silent. */
static bool tell_control(struct search *s)
{
    size_t first = 0;
    for (size_t k = 0; k < s->a->gaps.n; k++) {
        const struct longhaul_gap *gap = &s->a->gaps.gaps[k];
        if (gap->seconds_seen < LEAST_SEEN_S)
            continue;
        while (first < s->v->n && end_of(s->v, first) <= gap->start_s)
            first++;
        struct longhaul_event e = { .kind = LONGHAUL_EVENT_CONTROL,
                                    .start_s = gap->start_s,
                                    .seconds = gap->seconds,
                                    .first = first,
                                    .level = NAN,
                                    .peak = NAN,
                                    .usual = NAN };
        snprintf(e.cause, sizeof e.cause, "%s", gap->cause);
        if (!event_list_add(s->list, s->v, e))
            return false;
    }
    return true;
}

/* An outage, whose intervals are those before end. What is very brief is a loss. */
static bool tell_outage(struct search *s, const struct dark *d, size_t end)
{
    if (d->end_s - d->start_s < LEAST_OUTAGE_S)
        return true;
    mark_dark(s, d->first, end);
    if (is_restart(s, d))
        return true;
    struct longhaul_event e = { .kind = LONGHAUL_EVENT_OUTAGE,
                                .start_s = d->start_s,
                                .seconds = d->end_s - d->start_s,
                                .first = d->first,
                                .n_intervals = d->n_rows,
                                .lost_packets = d->lost,
                                .level = NAN,
                                .peak = NAN,
                                .usual = NAN };
    snprintf(e.cause, sizeof e.cause, "%s", d->cause);
    return event_list_add(s->list, s->v, e);
}

/* The intervals of a silence end here; one that is only a gap has none. */
static size_t end_of_dark(const struct dark *d)
{
    return d->n_rows > 0 ? d->last + 1 : d->first;
}

/* Nothing was lost: the sender sent nothing, or less. What it makes up for at once is no event. */
static bool tell_pause(struct search *s, struct dark *d, bool makes_up)
{
    const struct view *v = s->v;
    double seconds = 0;
    if (makes_up) {
        mark_dark(s, d->first, d->last + 2);
        return true;
    }
    if (d->end_s - d->start_s < LEAST_PAUSE_S || d->n_rows < LEAST_DEAD)
        return true;
    for (size_t i = d->first; i <= d->last; i++)
        seconds += v->seconds[i];
    struct longhaul_event e = events_between(v, LONGHAUL_EVENT_RATE, d->first, d->last);
    double bytes = 8 * v->datagram_bytes / BPS_PER_MBPS;
    e.level = seconds > 0 ? d->packets / seconds * bytes : NAN;
    e.usual = s->pace * bytes;
    e.lost_packets = 0;
    snprintf(e.cause, sizeof e.cause, "%s", d->n_dead == d->n_rows ? "sender" : "");
    return event_list_add(s->list, v, e);
}

/* The part of an interval next to a silence that is lost too; where both ends are known. */
static void take_edges(struct search *s, struct dark *d, size_t next)
{
    const struct view *v = s->v;
    size_t before = d->first - 1;
    if (s->is_receiver || isnan(s->pace))
        return;
    if (d->first > 0 && view_has_loss(v, before) && v->lost[before] > EDGE_SHARE * v->packets[before] &&
        !s->list->mark[before]) {
        d->start_s -= v->lost[before] / v->packets[before] * v->seconds[before];
        d->lost += v->lost[before];
        d->first = before;
        d->n_rows++;
    }
    if (next < v->n && next == d->last + 1 && view_has_loss(v, next) && v->lost[next] > EDGE_SHARE * v->packets[next]) {
        d->end_s += v->lost[next] / v->packets[next] * v->seconds[next];
        d->lost += v->lost[next];
        d->last = next;
        d->n_rows++;
    }
}

/* The receiver's sequence numbers: what the next interval has too much is what is missing. */
static bool tell_by_numbers(struct search *s, struct dark *d, size_t next)
{
    const struct view *v = s->v;
    double surplus = v->packets[next] - expected(s, next) + d->late;
    if (surplus < EXPLAINS * d->missing && d->first > 0 && view_has_loss(v, d->first - 1) && v->lost[next] == 0)
        surplus += fmax(v->packets[d->first - 1] - expected(s, d->first - 1), 0); /* an edge that came late */
    bool is_missing = d->missing > FULL_SLACK, makes_up = is_missing && surplus > EXPLAINS * d->missing;
    if (!(makes_up && v->lost[next] + known(d->lost) > EXPLAINS * d->missing)) {
        if (d->has_gap) {
            d->lost += v->lost[next];
            return tell_outage(s, d, next + 1);
        }
        return !is_missing || tell_pause(s, d, makes_up);
    }
    d->lost += v->lost[next];
    double end_s = fmin(fmax(d->start_s + d->lost / s->pace, v->start_s[next]), end_of(v, next));
    d->end_s = d->has_gap ? fmax(d->end_s, v->start_s[next]) : end_s;
    return tell_outage(s, d, next + 1);
}

/* A record that knows its loss on neither side of a silence does not know what the silence lost. */
static bool knows_loss(const struct view *v, size_t i)
{
    return i < v->n && !isnan(v->lost[i]);
}

/* An outage where no sequence numbers tell: by silent intervals, or a gap of the record. */
static bool tell_by_silence(struct search *s, struct dark *d, size_t next)
{
    bool is_sent = s->a->info.is_sender && s->v->arrived == NULL && !s->a->has_tcp;
    if (d->end_s - d->start_s < LEAST_OUTAGE_S || (!d->has_gap && d->n_dead < LEAST_DEAD))
        return true;
    if (!d->has_gap && is_sent) { /* nobody but the sender is known, and it sent nothing */
        struct longhaul_event e = events_between(s->v, LONGHAUL_EVENT_RATE, d->first, d->last);
        e.level = 0;
        e.usual = s->a->figures.rate_mbps.p95;
        snprintf(e.cause, sizeof e.cause, "sender");
        return event_list_add(s->list, s->v, e);
    }
    take_edges(s, d, next);
    if (!knows_loss(s->v, next) && (d->first == 0 || !knows_loss(s->v, d->first - 1)))
        d->lost = NAN;
    return tell_outage(s, d, end_of_dark(d));
}

/* next: the first interval after it, or n. */
static bool close_dark(struct search *s, struct dark *d, size_t next)
{
    if (!d->is_open)
        return true;
    d->is_open = false;
    if (!s->is_receiver)
        return tell_by_silence(s, d, next);
    if (next < s->v->n && view_has_loss(s->v, next))
        return tell_by_numbers(s, d, next);
    if (d->has_gap || d->arrived <= END_ARRIVED * d->missing) { /* to the end: nothing tells what was lost */
        if (next >= s->v->n && !d->has_gap)
            d->lost = d->lost > 0 ? d->lost : NAN;
        return tell_outage(s, d, end_of_dark(d));
    }
    return tell_pause(s, d, false);
}

/* Adds a gap in the record; one that begins after the end of a silence is another. */
static bool take_gap(struct search *s, struct dark *d, size_t i, const struct longhaul_gap *gap)
{
    if (d->is_open && gap->start_s > d->end_s && !close_dark(s, d, i))
        return false;
    open_dark(d, i, gap->start_s);
    d->end_s = fmax(d->end_s, gap->start_s + gap->seconds);
    d->has_gap = true;
    if (d->cause[0] == 0)
        d->cause = gap->cause;
    return true;
}

/* A very short interval after others that miss packets. */
static void take_tiny(const struct search *s, struct dark *d, size_t i)
{
    if (!d->is_open || !s->is_receiver || !(s->v->packets[i] > 0))
        return;
    d->late += s->v->packets[i] - expected(s, i);
    d->lost += known(s->v->lost[i]);
    d->last = i;
}

/* Adds interval i; nothing was observed between end_s and its start. */
static bool take_interval(struct search *s, struct dark *d, size_t i, double end_s)
{
    if (view_gap(s->v, i, end_s) > 0) {
        open_dark(d, i, end_s);
        d->end_s = fmax(d->end_s, s->v->start_s[i]);
        d->has_gap = true;
    }
    if (s->v->artefacts[i] & LONGHAUL_ARTEFACT_TINY) {
        take_tiny(s, d, i);
        return true;
    }
    if (!is_short(s, i))
        return close_dark(s, d, i);
    add_row(s, d, i);
    return true;
}

bool events_find_outages(const struct longhaul_analysis *a, double pace, struct event_list *list)
{
    const struct view *v = &a->view;
    struct dark d = { .is_open = false };
    struct search s = {
        .a = a, .v = v, .list = list, .pace = pace, .is_receiver = pace > 0 && v->arrived == NULL && !a->info.is_sender
    };
    /* The first interval may follow an omitted one, which began before the time restarted. */
    double end_s =
        v->has_omitted && v->n > 0 && v->start_s[0] <= OMITTED_INTERVALS * v->usual_s ? fmax(v->start_s[0], 0) : 0;
    size_t gap = 0;
    for (size_t i = 0; i < v->n; i++) {
        for (; gap < v->n_gaps && v->gaps[gap].start_s <= v->start_s[i]; gap++)
            if (!take_gap(&s, &d, i, &v->gaps[gap]))
                return false;
        if (!take_interval(&s, &d, i, end_s))
            return false;
        end_s = fmax(end_s, end_of(v, i)); /* a repeated interval has no length the second time */
    }
    for (; gap < v->n_gaps; gap++)
        if (!take_gap(&s, &d, v->n, &v->gaps[gap]))
            return false;
    return close_dark(&s, &d, v->n) && tell_control(&s);
}
