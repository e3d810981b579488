/* cause.h - what libiperf's error numbers mean for a leg. */
#ifndef CAUSE_H
#define CAUSE_H

#include <stdbool.h>

#include <longhaul.h>

#include "record.h"

/* The peer's host was heard of just now: keepalives come every second. NAN is false. */
bool cause_is_heard_of(double last_ack_s);

/* Why a session broke that had begun. text is libiperf's error; last_ack_s how long ago the peer's host was last heard of, NAN when
 * that is not known. */
enum record_cause cause_of(enum longhaul_protocol protocol, int i_errno, const char *text, double last_ack_s);

/* What a server says, or does not say, in the moment between two tests. */
bool cause_is_passing(int i_errno);

/* It comes from the peer's host: it is there, if only to say "no". */
bool cause_is_answer(int i_errno, const char *text);

/* NULL, or how the server's limits are told: iperf3's --server-bitrate-limit, longhaul serve's --max-rate and --max-duration. */
const char *cause_refusal(int i_errno);

#endif
