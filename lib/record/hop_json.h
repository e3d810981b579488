/* hop_json.h - a trace as a record has it: the data of the event "hops", and an element of a result's list
 * "longhaul.hops". */
#ifndef HOP_JSON_H
#define HOP_JSON_H

#include <jansson.h>

#include "host/hops.h"
#include "record/trace_plan.h"

/* {"at_s", "seconds", "why", "source_port", "destination_port", "protocol": "UDP" or "TCP", "by": "raw" or "errors",
 *  "distance": of the peer, null if unknown, "hops": [[address or null, sent, answered, min_ms, max_ms, labels]...],
 *  "watch": {"from_s", "hops": [[sent, answered]...]}}
 * labels only where there are some, "watch" only with probes of the watch. at_s is when it began, on an axis whose 0 is
 * zero_ns, CLOCK_BOOTTIME; a "watch" (TRACE_WATCH) has no probes of its own. NULL when out of memory. */
json_t *hop_json(const struct hops_route *route, enum trace_why why, bool is_tcp, int64_t zero_ns);

/* The same from a stranger, with times that are shift_s too early: a new object that has nothing but what a trace can
 * have, or NULL. */
json_t *hop_json_check(const json_t *said, double shift_s);

/* What another trace of the same ports shows first: "the route changed between hop 2 and 4: 198.18.3.2 instead of
 * 198.18.3.1". false if no hop that answered both times has another address. */
bool hop_json_differs(const json_t *before, const json_t *after, char *text, size_t size);

const char *hop_json_by(enum hops_by by);

#endif
