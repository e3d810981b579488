/* incident_hops.h - what traces of the route say about an incident. */
#ifndef INCIDENT_HOPS_H
#define INCIDENT_HOPS_H

#include "report/incidents.h"
#include "report/wording.h"

struct incident_hops_text {
    char text[480];
};

/* The event whose traces stand for the incident: those of its legs that have traces show the same. NULL if they do not,
 * and where traces say nothing. */
const struct longhaul_event *incident_hops_event(const struct incident_part *parts, size_t n);
/* "; the route changed at 14:02:11Z between hop 4 and 7 (198.18.4.1 before, 198.18.9.1 since)",
 * "; first loss at hop 4 (198.18.4.1)"; of several legs the routers alone; "". */
struct incident_hops_text incident_hops_tell(const struct longhaul_analysis *const *tests,
                                             const struct longhaul_incident *incident,
                                             const struct incident_part *parts, size_t n);
/* ", after the trace of 13:02:11Z": where that is all that is known of the time of a change; "". */
struct wording incident_hops_after(const struct longhaul_analysis *const *tests, const struct incident_part *parts,
                                   size_t n);
/* Two changes of the route that are one: at the same time, from or to the same router. */
bool incident_hops_are_one(const struct incident_part *a, const struct incident_part *b);

#endif
