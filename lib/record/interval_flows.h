/* interval_flows.h - a row's text "flows": what each of a leg's flows did in the interval, in the order of "connected".
 * For each flow its packets, then a letter and a whole number for each thing that was not well: "54 53l2r1g2 54". The
 * letters: l lost, r losses in a row, g the longest of those, o out of order, d duplicates, n silences, s the longest
 * silence (us), b a change of the base (us), and p and m, 99th percentile and maximum of the delays (us), where p
 * stands out among the flows. A flow whose packets are unknown is "?". On a sender's side only packets are known. */
#ifndef INTERVAL_FLOWS_H
#define INTERVAL_FLOWS_H

#include <jansson.h>

#include "model/flow.h"

/* What the engine saw of the stream with this socket, from its text (model/flow.h); all is NAN without a line of it. */
struct flow_seen interval_flow_seen(const char *text, long socket);

/* From an interval's "streams", and from what the engine saw of each (model/flow.h), "" for nothing. malloc'd; NULL
 * when out of memory, or for an interval without streams. */
char *interval_flows_text(const json_t *interval, const char *seen);

#endif
