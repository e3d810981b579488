/* silence.h - how long a leg may be silent before something is wrong. */
#ifndef SILENCE_H
#define SILENCE_H

#include <jansson.h>
#include <longhaul.h>

#include "host/tcp_state.h"

/* TCP: nothing was sent in the interval because the receiver's window is 0. */
bool silence_is_shut(const struct tcp_state *tcp, const json_t *interval);

/* How long nothing may arrive or, for TCP, be accepted. 0: a sending UDP leg cannot know. */
int64_t silence_patience_ns(const struct longhaul_leg *leg, bool is_shut);

#endif
