/* events_jitter.c - events of jitter: it is a multiple of the usual for a while. */

#include "analysis/events.h"
#include "analysis/levels.h"

static double own_jitter(const struct view *v, size_t i)
{
    return view_has_jitter(v, i) && v->jitter_ms[i] > 0 ? v->jitter_ms[i] : NAN;
}

bool events_find_jitter(const struct view *v, double *room, struct event_list *list)
{
    static const struct level_kind jitter = { .kind = LONGHAUL_EVENT_JITTER, .value = own_jitter, .floor = 1e-6,
                                              .least_rise = 0.05, .least_s = 20, .slight_rise = 0.5, .slight_s = 45,
                                              .least_cells = 8 };
    return levels_find(&jitter, v, room, list);
}
