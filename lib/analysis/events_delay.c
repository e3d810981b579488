/* events_delay.c - events of delays: queues that stand above the usual, other routes, and silences of less than an
 * outage. Of the intervals that know their delays (longhaul/delay.h). */

#include <stdlib.h>

#include "analysis/events.h"
#include "analysis/levels.h"
#include "base/stats.h"
#include "base/units.h"

#define LEAST_SHIFT_US 500.0
#define LEAST_SILENCE_US 50000.0
#define MOST_SILENCE_US 2000000.0
#define USUAL_SHARE 0.99  /* of the intervals have no longer silence than twice ... */
#define USUAL_TIMES 2.0   /* ... this: such silences are usual */
#define SHORT_LOSS 3      /* intervals, at most, of a loss that a silence explains */
#define MOST_OF 0.6       /* of the event's loss, in a row */

/* ---- routes */

/* Marks the intervals between a rise of the base and when it was told: their delays have the rise in them. */
static void mark_told_late(const struct view *v, size_t told, double at_s, struct event_list *list)
{
    for (size_t i = told + 1; i-- > 0 && v->start_s[i] + v->seconds[i] > at_s;)
        list->mark[i] |= EVENTS_DARK;
}

static bool find_routes(const struct view *v, struct event_list *list)
{
    for (size_t i = 0; i < v->n; i++) {
        double shift = v->delay.shift[i], ago_s = v->delay.shifted[i] / US_PER_S;
        if (!view_is_usable(v, i) || !(fabs(shift) >= LEAST_SHIFT_US) || isnan(ago_s))
            continue;
        struct longhaul_event e = events_between(v, LONGHAUL_EVENT_ROUTE, i, i);
        e.start_s = fmax(v->start_s[i] + v->seconds[i] - ago_s, 0);
        e.seconds = 0;
        e.level = fabs(shift) / US_PER_MS;
        e.peak = shift / US_PER_MS;
        e.lost_packets = 0;
        if (shift > 0)
            mark_told_late(v, i, e.start_s, list);
        if (!event_list_add(list, v, e))
            return false;
    }
    return true;
}

/* ---- silences */

/* What is longer is an event. Many legs have bursts, or a medium that is shared in turns. */
static double silence_limit(const struct view *v, double *room)
{
    const double share = USUAL_SHARE;
    double usual = 0;
    size_t n = 0;
    for (size_t i = 0; i < v->n; i++)
        if (view_is_usable(v, i) && v->delay.silence[i] >= 0)
            room[n++] = v->delay.silence[i];
    if (n > 0)
        stats_quantiles(room, n, &share, 1, &usual);
    return fmax(LEAST_SILENCE_US, USUAL_TIMES * usual);
}

/* Of each interval the short loss that it belongs to; SIZE_MAX for none. */
static size_t *short_losses(const struct view *v, const struct event_list *list)
{
    size_t *loss = malloc((v->n + 1) * sizeof *loss);
    for (size_t i = 0; loss && i < v->n; i++)
        loss[i] = SIZE_MAX;
    for (size_t k = 0; loss && k < list->n; k++) {
        const struct longhaul_event *e = &list->events[k];
        for (size_t i = e->first; e->kind == LONGHAUL_EVENT_LOSS && e->n_intervals <= SHORT_LOSS &&
                                  i < e->first + e->n_intervals && i < v->n; i++)
            loss[i] = k;
    }
    return loss;
}

/* A run of losses is told up to 0.2 s after it ended (longhaul/delay.h). */
static double run_told_by(const struct view *v, size_t i)
{
    return i + 1 < v->n ? fmax(v->delay.longest_run[i], v->delay.longest_run[i + 1]) : v->delay.longest_run[i];
}

/* The loss that a silence which ended in interval i explains: it ends there, or one interval before or after. */
static size_t explained_loss(const struct view *v, const struct event_list *list, const size_t *loss, size_t i)
{
    for (size_t k = i > 0 ? i - 1 : 0; k <= i + 1 && k < v->n; k++)
        if (loss[k] != SIZE_MAX && list->events[loss[k]].kind == LONGHAUL_EVENT_LOSS &&
            run_told_by(v, i) >= MOST_OF * list->events[loss[k]].lost_packets)
            return loss[k];
    return SIZE_MAX;
}

static bool tell_silence(const struct view *v, size_t i, struct event_list *list, const size_t *loss)
{
    double us = v->delay.silence[i], ago_s = v->delay.silent[i] / US_PER_S;
    size_t k = explained_loss(v, list, loss, i);
    struct longhaul_event e = events_between(v, LONGHAUL_EVENT_SILENCE, i, i);
    e.start_s = fmax(v->start_s[i] + v->seconds[i] - ago_s, 0);
    e.seconds = us / US_PER_S;
    e.level = e.peak = us / US_PER_MS;
    e.lost_packets = 0;
    if (k == SIZE_MAX)
        return event_list_add(list, v, e);
    e.lost_packets = list->events[k].lost_packets;
    e.start_unix_s = v->start_unix_s + e.start_s;
    list->events[k] = e;
    return true;
}

static bool is_in_outage(const struct view *v, size_t i, const struct event_list *list)
{
    return (list->mark[i] & EVENTS_DARK) || (i > 0 && (list->mark[i - 1] & EVENTS_DARK)) || view_is_dead(v, i);
}

static bool find_silences(const struct view *v, double *room, struct event_list *list)
{
    double limit_us = silence_limit(v, room);
    size_t *loss = short_losses(v, list);
    bool good = loss != NULL;
    for (size_t i = 0; good && i < v->n; i++)
        if (view_is_usable(v, i) && v->delay.silences[i] > 0 && v->delay.silence[i] >= limit_us &&
            v->delay.silence[i] < MOST_SILENCE_US && v->delay.silent[i] >= 0 && !is_in_outage(v, i, list))
            good = tell_silence(v, i, list, loss);
    free(loss);
    return good;
}

/* ---- queues */

static double queue_ms(const struct view *v, size_t i)
{
    return view_has_delay(v, i) ? v->delay.p95[i] / US_PER_MS : NAN;
}

bool events_find_delays(const struct view *v, double *room, struct event_list *list)
{
    static const struct level_kind queue = { .kind = LONGHAUL_EVENT_DELAY, .value = queue_ms, .floor = 0.1,
                                             .least_rise = 2, .least_s = 5, .slight_rise = 5, .slight_s = 20,
                                             .least_cells = 5 };
    if (!find_silences(v, room, list) || !find_routes(v, list))
        return false;
    return levels_find(&queue, v, room, list);
}
