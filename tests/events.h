/* events.h - what tests ask of the events of an analysis. */
#ifndef TEST_EVENTS_H
#define TEST_EVENTS_H

#include "rows.h"

static inline size_t count(const struct longhaul_analysis *a, enum longhaul_event_kind kind)
{
    size_t n, found = 0;
    const struct longhaul_event *events = longhaul_analysis_events(a, &n);
    for (size_t i = 0; i < n; i++)
        found += events[i].kind == kind;
    return found;
}

static inline size_t count_all(const struct longhaul_analysis *a)
{
    size_t n;
    longhaul_analysis_events(a, &n);
    return n;
}

static inline const struct longhaul_event *the(const struct longhaul_analysis *a, enum longhaul_event_kind kind)
{
    static const struct longhaul_event none = { .start_s = -1 };
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(a, &n);
    for (size_t i = 0; i < n; i++)
        if (events[i].kind == kind)
            return &events[i];
    return &none;
}

#endif
