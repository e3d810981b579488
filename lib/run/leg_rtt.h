/* leg_rtt.h - measures round trips on a leg's path, once a minute while it runs. */
#ifndef LEG_RTT_H
#define LEG_RTT_H

#include <jansson.h>
#include <longhaul.h>

#include "record/record.h"

struct leg_rtt;

/* NULL when out of memory. */
struct leg_rtt *leg_rtt_new(const struct longhaul_leg *leg);

/* A session began: libiperf's start event has the addresses. Times are CLOCK_BOOTTIME. */
void leg_rtt_start(struct leg_rtt *rtt, const json_t *start, int64_t now_ns);

/* Takes replies, sends probes that are due, and adds samples to the record. is_running: a session measures, and will
 * for some seconds more. Returns when it must be called next; INT64_MAX for never. Never blocks. */
int64_t leg_rtt_tend(struct leg_rtt *rtt, struct record *record, int64_t now_ns, bool is_running);

/* NULL is accepted. */
void leg_rtt_free(struct leg_rtt *rtt);

#endif
