/* events.c - finds the events of a test, each kind outside of what the graver ones explain: outages, then loss, jitter,
 * the rate, and an early end. longhaul-show(1) has the methods and their sources. scope.c says what other legs did. */

#include "analysis/events.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/stats.h"

#define OF_TARGET 0.05     /* packets a second that differ by less are the target's */
#define LEAST_EARLY_S 3.0  /* before its plan */
#define EARLY_SHARE 1e-4   /* of the plan: clocks of two hosts */
#define OPEN_S 5.0         /* before the end of the data: it goes on */

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

struct longhaul_event events_between(const struct view *v, enum longhaul_event_kind kind, size_t first, size_t last)
{
    return (struct longhaul_event){ .kind = kind, .start_s = v->start_s[first],
                                    .seconds = v->start_s[last] + v->seconds[last] - v->start_s[first], .first = first,
                                    .n_intervals = last - first + 1, .level = NAN, .peak = NAN, .usual = NAN };
}

double events_peak_loss(const struct view *v, size_t first, size_t last)
{
    double peak = NAN;
    for (size_t i = first; i <= last; i++)
        if (view_has_loss(v, i) && v->packets[i] > 0)
            peak = fmax(peak, 100 * v->lost[i] / v->packets[i]); /* fmax ignores NAN */
    return peak;
}

double events_arrived(const struct view *v, size_t i)
{
    if (v->arrived && !isnan(v->arrived[i]))
        return v->arrived[i];
    return isnan(v->bytes[i]) ? v->bps[i] * v->seconds[i] / 8 : v->bytes[i];
}

double events_datagram_bytes(const struct view *v)
{
    return v->datagram_bytes;
}

/* Packets a second: the median of the intervals that know their loss, or the target's where they are close to it. */
static double pace_of(const struct longhaul_analysis *a, double *room)
{
    const struct view *v = &a->view;
    size_t n = 0;
    for (size_t i = 0; i < v->n; i++)
        if (view_has_loss(v, i) && v->packets[i] > 0 && v->seconds[i] > 0)
            room[n++] = v->packets[i] / v->seconds[i];
    if (n == 0)
        return NAN;
    double middle = stats_median(room, n), streams = isnan(a->info.n_streams) ? 1 : a->info.n_streams;
    double target = a->info.target_bps * streams / 8 / a->info.datagram_bytes;
    return fabs(middle / target - 1) < OF_TARGET ? target : middle;
}

/* Bytes of a datagram: as the test says, else by what its intervals carried. */
static double datagram_bytes_of(const struct longhaul_analysis *a)
{
    double bytes = 0, packets = 0;
    if (a->info.datagram_bytes > 0)
        return a->info.datagram_bytes;
    for (size_t i = 0; i < a->view.n; i++)
        if (view_has_loss(&a->view, i)) {
            bytes += a->view.bytes[i];
            packets += a->view.packets[i] - (a->info.is_sender ? 0 : a->view.lost[i]);
        }
    return packets > 0 ? bytes / packets : NAN;
}

/* The end of the data: of the intervals, or of a gap behind them. */
static double data_end_s(const struct longhaul_analysis *a)
{
    double end_s = a->last_end_s;
    for (size_t k = 0; k < a->view.n_gaps; k++)
        end_s = fmax(end_s, a->view.gaps[k].start_s + a->view.gaps[k].seconds);
    return end_s;
}

static bool find_early_end(const struct longhaul_analysis *a, double end_s, bool *is_early, struct event_list *list)
{
    double missing_s = a->info.planned_s - end_s;
    *is_early = a->view.n > 0 && !a->info.is_journal && missing_s > fmax(LEAST_EARLY_S, EARLY_SHARE * a->info.planned_s);
    if (!*is_early)
        return true;
    struct longhaul_event e = { .kind = LONGHAUL_EVENT_ENDED, .start_s = end_s, .seconds = missing_s, .is_open = true,
                                .first = a->view.n, .level = NAN, .peak = NAN, .usual = NAN };
    return event_list_add(list, &a->view, e);
}

static void mark_open(const struct longhaul_analysis *a, double end_s, struct event_list *list)
{
    double slack_s = fmax(OPEN_S, 1.5 * a->view.usual_s);
    for (size_t k = 0; k < list->n; k++) {
        struct longhaul_event *e = &list->events[k];
        /* One interval with data ends an outage. */
        e->is_open = e->start_s + e->seconds >=
                     end_s - (e->kind == LONGHAUL_EVENT_OUTAGE ? 0.5 * a->view.usual_s : slack_s);
    }
}

bool events_find(struct longhaul_analysis *a, double *room, struct event_list *list)
{
    struct view *v = &a->view;
    double pace = a->has_tcp ? NAN : pace_of(a, room), end_s = data_end_s(a);
    bool is_early;
    v->datagram_bytes = datagram_bytes_of(a);
    a->figures.usual_loss_least_percent = a->figures.usual_loss_most_percent = a->figures.usual_loss_most_s = NAN;
    list->mark = calloc(v->n + 1, 1);
    bool good = list->mark && events_find_outages(a, pace, list) && events_find_loss(a, pace, list) &&
                events_find_jitter(v, room, list) && events_find_rate(a, room, list);
    free(list->mark);
    list->mark = NULL;
    good = good && find_early_end(a, end_s, &is_early, list);
    if (good && !is_early)
        mark_open(a, end_s, list);
    if (good)
        events_find_causes(a, list);
    return good;
}

const char *longhaul_event_kind_text(enum longhaul_event_kind kind)
{
    static const char *const texts[LONGHAUL_N_EVENT_KINDS] = {
        [LONGHAUL_EVENT_OUTAGE] = "outage", [LONGHAUL_EVENT_LOSS] = "loss", [LONGHAUL_EVENT_RATE_CAP] = "rate cap",
        [LONGHAUL_EVENT_JITTER] = "jitter", [LONGHAUL_EVENT_RATE] = "rate", [LONGHAUL_EVENT_CONTROL] = "control",
        [LONGHAUL_EVENT_ENDED] = "ended" };
    return (unsigned)kind < LONGHAUL_N_EVENT_KINDS ? texts[kind] : "";
}

const char *event_kind_key(enum longhaul_event_kind kind)
{
    return kind == LONGHAUL_EVENT_RATE_CAP ? "rate_cap" : longhaul_event_kind_text(kind);
}
