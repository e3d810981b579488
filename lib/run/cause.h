/* cause.h - what libiperf's error numbers mean for a leg. */
#ifndef CAUSE_H
#define CAUSE_H

#include <stdbool.h>

#include <longhaul.h>

#include "record/record.h"

/* True if the peer's host was heard of just now: keepalives are sent every second. False for NAN. */
bool cause_is_heard_of(double last_ack_s);

/* Why a session broke that had begun. text is libiperf's error; last_ack_s says how long ago the peer's host was last
 * heard of, NAN if unknown. */
enum record_cause cause_of(enum longhaul_protocol protocol, int i_errno, const char *text, double last_ack_s);

#endif
