/* hops_trace.h - the stages of a trace. */
#ifndef HOPS_TRACE_H
#define HOPS_TRACE_H

#include "host/hops_state.h"

/* Goes on with a trace as far as now_ns lets it; true when it has ended: hops->route is its result. */
bool hops_trace_step(struct hops *hops, int64_t now_ns);

/* A route of this flow without any probes. */
struct hops_route hops_trace_nothing(const struct hops *hops, int64_t at_ns);

#endif
