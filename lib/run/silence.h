/* silence.h - how long nothing may come of a leg before something is wrong. */
#ifndef SILENCE_H
#define SILENCE_H

#include <jansson.h>
#include <longhaul.h>

#include "host/tcp_state.h"

/* TCP: nothing was sent in the interval, since the receiver has no window for it. */
bool silence_is_shut(const struct tcp_state *tcp, const json_t *interval);

/* How long nothing may come, or with TCP be taken. 0: a pushed leg of UDP cannot know. */
int64_t silence_patience_ns(const struct longhaul_leg *leg, bool is_shut);

#endif
