/* longhaul/flow.h - the flows of a leg that has several (longhaul run --flows): streams that share its rate, each with
 * ports of its own, so that routers that choose among paths by ports send each its own way. */
#ifndef LONGHAUL_FLOW_H
#define LONGHAUL_FLOW_H
#include <longhaul/read.h>
LONGHAUL_BEGIN
/* A flow over the whole test, as far as intervals tell. Counts are as in the columns; NAN where unknown, as on the
 * sender's side all but packets. */
struct longhaul_flow {
    uint16_t source_port, destination_port; /* of the first session; 0 if the file does not tell */
    double packets, lost_packets, loss_runs, silences, out_of_order_packets, duplicate_packets;
};
/* What was not well with a flow in an interval. Counts are 0, and the others NAN, where nothing was. */
struct longhaul_flow_trouble {
    double start_s, end_s;        /* of the interval */
    uint32_t flow;                /* its index */
    float packets, lost_packets, loss_runs, longest_run, out_of_order_packets, duplicate_packets;
    float p99_us, max_us;         /* delays, if its p99 is over twice the median of the flows' and 200 us more */
    float silences, silence_us, shift_us; /* as in struct longhaul_delay */
};
/* The flows of a series, in the order in which they were connected, and their troubles by time, then by flow: n of
 * them, borrowed; n is 0 for a test with one flow, and in files of others. */
const struct longhaul_flow *longhaul_series_flows(const struct longhaul_series *series, size_t *n);
const struct longhaul_flow_trouble *longhaul_series_flow_troubles(const struct longhaul_series *series, size_t *n);
LONGHAUL_END
#endif
