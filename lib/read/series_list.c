/* series_list.c - the lists in longhaul's object of a result: their names, their elements, how long they may be. */

#include "read/series_list.h"

#include <string.h>

#include "read/series_inside.h"

static const char *const names[] = {
    [SERIES_SEGMENTS] = "segments", [SERIES_GAPS] = "gaps", [SERIES_RTT] = "rtt",
    [SERIES_DELAYS] = "delays",     [SERIES_HOPS] = "hops",
};

enum series_list series_list_of(const char *key)
{
    int i = 0;
    while (i < SERIES_N_LISTS && strcmp(key, names[i]) != 0)
        i++;
    return (enum series_list)i;
}

const char *series_list_name(enum series_list list)
{
    return names[list];
}

void series_list_begin(struct longhaul_series *s, enum series_list list)
{
    switch (list) {
    case SERIES_SEGMENTS: s->n_sessions = 0; break;
    case SERIES_GAPS: gap_list_free(&s->gaps); break;
    case SERIES_RTT: s->n_rtt = 0; break;
    case SERIES_DELAYS: series_forget_delays(s); break;
    case SERIES_HOPS: route_list_free(&s->routes); break;
    case SERIES_N_LISTS: break;
    }
}

static size_t length_of(const struct longhaul_series *s, enum series_list list)
{
    switch (list) {
    case SERIES_SEGMENTS: return s->n_sessions;
    case SERIES_GAPS: return s->gaps.n;
    case SERIES_RTT: return s->n_rtt;
    case SERIES_DELAYS: return s->n_delays;
    case SERIES_HOPS: return s->routes.n;
    default: return 0;
    }
}

bool series_list_take(struct longhaul_series *s, enum series_list list, const json_t *element)
{
    size_t before = length_of(s, list);
    switch (list) {
    case SERIES_SEGMENTS: series_take_segment(s, element); break;
    case SERIES_GAPS: series_take_gap(s, element); break;
    case SERIES_RTT: series_take_rtt_entry(s, element); break;
    case SERIES_DELAYS: series_take_delays_entry(s, element); break;
    case SERIES_HOPS: series_take_route(s, element); break;
    case SERIES_N_LISTS: break;
    }
    return length_of(s, list) > before;
}

bool series_list_is_full(const struct longhaul_series *s, enum series_list list)
{
    switch (list) {
    case SERIES_SEGMENTS: return s->n_sessions >= SERIES_SESSIONS_MAX;
    case SERIES_GAPS: return s->gaps.n >= SERIES_GAPS_MAX;
    case SERIES_RTT: return s->n_rtt >= SERIES_RTT_MAX;
    case SERIES_DELAYS: return s->n_delays >= SERIES_DELAYS_MAX || s->delay_bytes >= SERIES_DELAY_BYTES_MAX;
    case SERIES_HOPS: return route_list_is_full(&s->routes);
    default: return false;
    }
}
