/* objective_time.c - the time of a test that an objective is judged by: its end, the holes in which the quantity is not
 * known, and packets at the time when they were lost. Judges nothing. */

#include "analysis/objective_time.h"

#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "model/availability.h"

#define LEAST_HOLE 0.5 /* of the usual interval: less is how intervals vary */

/* ---- the axis */

/* A run in progress was to be observed so far as its record goes, one that was stopped on request until then, any other
 * until its planned end. */
static void take_axis(struct objective_test *t)
{
    const struct longhaul_info *info = &t->a->info;
    double end_s = t->a->last_end_s, planned_s = info->planned_s;
    for (size_t i = 0; i < t->a->gaps.n; i++)
        end_s = fmax(end_s, t->a->gaps.gaps[i].start_s + t->a->gaps.gaps[i].seconds);
    if (!isnan(planned_s))
        end_s = fmax(t->a->last_end_s, fmin(end_s, planned_s));
    if (!isnan(info->stopped_s))
        planned_s = fmin(planned_s, info->stopped_s);
    t->to_come_s = info->is_journal && isnan(info->stopped_s) && planned_s > end_s ? planned_s - end_s : 0;
    t->end_s = info->is_journal || isnan(planned_s) ? end_s : fmax(planned_s, t->a->last_end_s);
}

/* ---- where packets were lost */

static double shared_s(double from_s, double to_s, double start_s, double seconds)
{
    return fmax(fmin(to_s, start_s + seconds) - fmax(from_s, start_s), 0);
}

static bool has_counts(const struct objective_test *t, size_t i)
{
    return view_is_usable(&t->view, i) && !isnan(t->lost[i]) && !isnan(t->packets[i]);
}

/* Intervals first to last have what the outage lost: moved to where it was lost. If nobody counted it, it is what is
 * sent in that time. */
static void spread(struct objective_test *t, const struct longhaul_event *e, size_t first, size_t last)
{
    const struct view *v = &t->view;
    double lost = 0, dark_s = 0, to_s = e->start_s + e->seconds;
    for (size_t i = first; i <= last; i++)
        if (has_counts(t, i)) {
            lost += t->lost[i];
            dark_s += shared_s(e->start_s, to_s, v->start_s[i], v->seconds[i]);
        }
    bool is_counted = lost > 0 || !isnan(e->lost_packets);
    if (!(dark_s > 0) || (!is_counted && !(t->pace > 0)))
        return;
    double a_second = is_counted ? lost / dark_s : t->pace;
    for (size_t i = first; i <= last; i++)
        if (has_counts(t, i)) {
            double moved = a_second * shared_s(e->start_s, to_s, v->start_s[i], v->seconds[i]);
            t->packets[i] += moved - (is_counted ? t->lost[i] : 0);
            t->lost[i] = moved + (is_counted ? 0 : t->lost[i]);
            t->expected += is_counted ? 0 : moved;
        }
}

static void spread_outages(struct objective_test *t)
{
    const struct view *v = &t->view;
    for (size_t k = 0; k < t->a->events.n; k++) {
        const struct longhaul_event *e = &t->a->events.events[k];
        if (e->kind != LONGHAUL_EVENT_OUTAGE || e->n_intervals == 0 || e->first + e->n_intervals > v->n)
            continue;
        size_t last = e->first + e->n_intervals - 1, next = last + 1;
        while (next < v->n && !view_is_usable(v, next))
            next++;
        if (!v->is_sender) /* else the counts are of what was sent in the interval */
            spread(t, e, e->first, next < v->n ? next : last);
    }
}

/* ---- what is known */

double objective_test_arrived(const struct objective_test *t, size_t i)
{
    const struct view *v = &t->view;
    double bytes = analysis_arrived(v, i);
    if (isnan(bytes) && view_has_loss(v, i) && v->packets[i] > 0)
        bytes = v->bytes[i] * (1 - v->lost[i] / v->packets[i]);
    return 8 * bytes;
}

bool objective_test_knows(const struct objective_test *t, enum longhaul_objective_kind quantity, size_t i)
{
    const struct view *v = &t->view;
    bool is_known = view_is_usable(v, i);
    switch (quantity) {
    case LONGHAUL_OBJECTIVE_LOSS: return has_counts(t, i) && t->lost[i] >= 0 && t->lost[i] <= t->packets[i];
    case LONGHAUL_OBJECTIVE_DELAY_P50:
    case LONGHAUL_OBJECTIVE_DELAY_P99: return view_has_delay(v, i) || view_is_dead(v, i);
    case LONGHAUL_OBJECTIVE_JITTER: return view_has_jitter(v, i);
    case LONGHAUL_OBJECTIVE_RATE:
        return is_known && !(v->artefacts[i] & LONGHAUL_ARTEFACT_ABSURD_TIME) && v->seconds[i] > 0 &&
               !isnan(objective_test_arrived(t, i));
    case LONGHAUL_OBJECTIVE_OUTAGE: /* a sender of UDP does not notice any */
        return is_known &&
               (!v->is_sender || t->a->has_tcp || !isnan(analysis_arrived(v, i)) || !isnan(v->lost[i]));
    case LONGHAUL_OBJECTIVE_AVAILABILITY:
        return view_has_loss(v, i) && (v->packets[i] > 0 || view_is_dead(v, i));
    case LONGHAUL_OBJECTIVE_COVERAGE: break;
    }
    return is_known;
}

/* ---- holes */

/* They come by their start. What is less than intervals vary does not count. */
static void add_hole(struct objective_test *t, double from_s, double to_s)
{
    struct objective_hole *last = t->n_holes > 0 ? &t->holes[t->n_holes - 1] : NULL;
    if (last && from_s <= last->to_s)
        last->to_s = fmax(last->to_s, to_s);
    else if (!(to_s - from_s <= LEAST_HOLE * t->view.usual_s)) /* also without any interval */
        t->holes[t->n_holes++] = (struct objective_hole){ from_s, to_s };
}

/* The gaps of the record that begin before a time; *gap advances. */
static void add_gaps(struct objective_test *t, double before_s, size_t *gap)
{
    const struct view *v = &t->view;
    for (; *gap < v->n_gaps && v->gaps[*gap].start_s < before_s; ++*gap)
        add_hole(t, v->gaps[*gap].start_s, fmin(v->gaps[*gap].start_s + v->gaps[*gap].seconds, t->end_s));
}

static void take_holes(struct objective_test *t, enum longhaul_objective_kind quantity)
{
    const struct view *v = &t->view;
    double reach_s = 0;
    size_t gap = 0;
    for (size_t i = 0; i < v->n; i++) {
        if (!objective_test_knows(t, quantity, i))
            continue;
        add_gaps(t, reach_s, &gap);
        if (v->start_s[i] > reach_s)
            add_hole(t, reach_s, v->start_s[i]);
        reach_s = fmax(reach_s, v->start_s[i] + v->seconds[i]);
    }
    add_gaps(t, reach_s, &gap);
    if (t->end_s > reach_s)
        add_hole(t, reach_s, t->end_s);
    for (size_t k = 0; k < t->n_holes; k++)
        t->missing_s += t->holes[k].to_s - t->holes[k].from_s;
}

size_t objective_first_hole(const struct objective_test *t, double from_s)
{
    size_t low = 0;
    for (size_t high = t->n_holes; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (t->holes[middle].to_s > from_s)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

double objective_missing_s(const struct objective_test *t, double from_s, double to_s)
{
    double sum_s = 0;
    for (size_t k = objective_first_hole(t, from_s); k < t->n_holes && t->holes[k].from_s < to_s; k++)
        sum_s += shared_s(from_s, to_s, t->holes[k].from_s, t->holes[k].to_s - t->holes[k].from_s);
    return sum_s < LEAST_HOLE * t->view.usual_s ? 0 : sum_s;
}

bool objective_is_outage(const struct longhaul_gap *gap)
{
    return cause_is_outage(gap->cause);
}

/* ---- the whole */

static double pace_of(const struct objective_test *t)
{
    double packets = 0, seconds = 0;
    for (size_t i = 0; i < t->view.n; i++)
        if (has_counts(t, i)) {
            packets += t->view.packets[i];
            seconds += t->view.seconds[i];
        }
    double target = analysis_target_bps(&t->a->info) / 8 / t->a->info.datagram_bytes;
    return target > 0 ? target : packets > 0 && seconds > 0 ? packets / seconds : NAN;
}

bool objective_test_begin(struct objective_test *t, const struct longhaul_analysis *a,
                          const struct longhaul_series *series)
{
    *t = (struct objective_test){ .a = a, .series = series };
    if (!analysis_view_again(a, series, &t->view, &t->room))
        return false;
    t->lost = t->room.more;
    t->packets = t->room.more + t->view.n;
    if (t->view.n > 0) {
        memcpy(t->lost, t->view.lost, t->view.n * sizeof *t->lost);
        memcpy(t->packets, t->view.packets, t->view.n * sizeof *t->packets);
    }
    t->pace = pace_of(t);
    take_axis(t);
    spread_outages(t);
    t->holes = malloc((t->view.n + t->view.n_gaps + 1) * sizeof *t->holes);
    return t->holes != NULL;
}

void objective_test_ask(struct objective_test *t, enum longhaul_objective_kind quantity, bool by_totals)
{
    t->n_holes = 0;
    t->missing_s = 0;
    if (!by_totals || t->view.n > 0) /* else the totals are all there is */
        take_holes(t, by_totals ? LONGHAUL_OBJECTIVE_COVERAGE : quantity);
}

void objective_test_end(struct objective_test *t)
{
    analysis_view_free(&t->view, &t->room);
    free(t->holes);
}
