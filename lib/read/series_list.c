/* series_list.c - the lists in longhaul's object of a result: their names, their elements, how long they may be. */

#include "read/series_list.h"

#include <string.h>

#include "base/json_mend.h"
#include "base/number.h"
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

/* A number and what follows it; NULL for anything else. */
static const char *read_number(const char *at, const char *end, char next, double *value)
{
    at = number_read(at, value);
    return at && at < end && *at == next && *value < JSON_MEND_WRAPPED ? at + 1 : NULL;
}

bool series_list_take_plain(struct longhaul_series *s, enum series_list list, const char *text, const char *end,
                            size_t *n)
{
    bool is_delay = list == SERIES_DELAYS;
    size_t before = length_of(s, list);
    double first, second;
    *n = 0;
    if ((list != SERIES_RTT && !is_delay) || end - text < 2 || *text != '[')
        return false;
    const char *at = read_number(text + 1, end, ',', &first);
    at = at ? read_number(at, end, is_delay ? ',' : ']', &second) : NULL;
    if (at && !is_delay)
        series_take_rtt_numbers(s, first, second);
    if (at && is_delay) {
        const char *begin = at + 1, *quote = at < end && *at == '"' ? memchr(begin, '"', (size_t)(end - begin)) : NULL;
        at = quote && end - quote >= 2 && quote[1] == ']' && histogram_is_text(begin, (size_t)(quote - begin))
                 ? quote + 2
                 : NULL;
        if (at)
            series_take_delay_text(s, first, second, begin, (size_t)(quote - begin));
    }
    *n = at ? (size_t)(at - text) : 0;
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
