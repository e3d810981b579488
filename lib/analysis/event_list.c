/* event_list.c - a list of events, what an event of some intervals is, and the names of kinds. */

#include <stdlib.h>

#include "analysis/events.h"

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
    return (struct longhaul_event){ .kind = kind,
                                    .start_s = v->start_s[first],
                                    .seconds = v->start_s[last] + v->seconds[last] - v->start_s[first],
                                    .first = first,
                                    .n_intervals = last - first + 1,
                                    .level = NAN,
                                    .peak = NAN,
                                    .usual = NAN };
}

size_t events_row_at(const struct view *v, double at_s)
{
    size_t low = 0;
    for (size_t high = v->n; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (v->start_s[middle] + v->seconds[middle] / 2 < at_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low < v->n ? low : v->n - 1;
}

double events_peak_loss(const struct view *v, size_t first, size_t last)
{
    double peak = NAN;
    for (size_t i = first; i <= last; i++)
        if (view_has_loss(v, i) && v->packets[i] > 0)
            peak = fmax(peak, 100 * v->lost[i] / v->packets[i]); /* fmax ignores NAN */
    return peak;
}

const char *longhaul_event_kind_text(enum longhaul_event_kind kind)
{
    static const char *const texts[LONGHAUL_N_EVENT_KINDS] = {
        [LONGHAUL_EVENT_OUTAGE] = "outage", [LONGHAUL_EVENT_LOSS] = "loss", [LONGHAUL_EVENT_RATE_CAP] = "rate cap",
        [LONGHAUL_EVENT_JITTER] = "jitter", [LONGHAUL_EVENT_RATE] = "rate", [LONGHAUL_EVENT_CONTROL] = "control",
        [LONGHAUL_EVENT_ENDED] = "ended", [LONGHAUL_EVENT_DELAY] = "delay", [LONGHAUL_EVENT_ROUTE] = "route",
        [LONGHAUL_EVENT_SILENCE] = "silence"
    };
    return (unsigned)kind < LONGHAUL_N_EVENT_KINDS ? texts[kind] : "";
}

const char *event_kind_key(enum longhaul_event_kind kind)
{
    return kind == LONGHAUL_EVENT_RATE_CAP ? "rate_cap" : longhaul_event_kind_text(kind);
}

static const enum longhaul_event_kind by_rank[] = {
    LONGHAUL_EVENT_OUTAGE, LONGHAUL_EVENT_SILENCE, LONGHAUL_EVENT_LOSS, LONGHAUL_EVENT_RATE_CAP, LONGHAUL_EVENT_DELAY,
    LONGHAUL_EVENT_JITTER, LONGHAUL_EVENT_ROUTE, LONGHAUL_EVENT_RATE, LONGHAUL_EVENT_CONTROL, LONGHAUL_EVENT_ENDED
};
_Static_assert(sizeof by_rank / sizeof *by_rank == LONGHAUL_N_EVENT_KINDS, "all kinds");

enum longhaul_event_kind event_kind_at(int rank)
{
    return by_rank[rank];
}

int event_kind_rank(enum longhaul_event_kind kind)
{
    int rank = 0;
    while (rank + 1 < LONGHAUL_N_EVENT_KINDS && by_rank[rank] != kind)
        rank++;
    return rank;
}
