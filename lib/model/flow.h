/* flow.h - what the engine's child saw of each flow (stream) of an interval, and how it tells its parent: a line for
 * each flow, with the number of its socket and the members in this order, whole numbers or "nan". */
#ifndef FLOW_H
#define FLOW_H

/* Delays, silence and shift in us, as in struct longhaul_delay. The letter stands for the member in a record's rows
 * (record/interval_flows.h). late: counts as lost with libiperf, but arrived. */
#define FLOW_MEMBERS(MEMBER)                                                                                           \
    MEMBER(late, 0)                                                                                                    \
    MEMBER(loss_runs, 'r')                                                                                             \
    MEMBER(longest_run, 'g')                                                                                           \
    MEMBER(out_of_order, 'o')                                                                                          \
    MEMBER(duplicates, 'd')                                                                                            \
    MEMBER(p99_us, 'p')                                                                                                \
    MEMBER(max_us, 'm')                                                                                                \
    MEMBER(silences, 'n')                                                                                              \
    MEMBER(silence_us, 's')                                                                                            \
    MEMBER(shift_us, 'b')

struct flow_seen {
#define FLOW_MEMBER(member, letter) double member;
    FLOW_MEMBERS(FLOW_MEMBER)
#undef FLOW_MEMBER
};

#define FLOWS_MAX 128
#define FLOW_LINE_BYTES 240 /* of the text, at most */

#endif
