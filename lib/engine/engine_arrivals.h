/* engine_arrivals.h - the datagrams that libiperf reads: their order, and their delays. For engine_child.c alone. */
#ifndef ENGINE_ARRIVALS_H
#define ENGINE_ARRIVALS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/delay.h"
#include "model/order.h"

/* The test begins: datagrams count from now on. is_64bit: their numbers have 64 bits (--udp-counters-64bit), else
 * 32. */
void engine_arrivals_begin(bool is_64bit, double duration_s);

/* What arrived since the last call; now_ns is CLOCK_BOOTTIME. Unknown before the first datagram, and where libiperf is
 * a shared library. The histogram, of DELAY_TEXT_BYTES, is that of the delays since the last one that was handed out:
 * there is one for each 10 s of this host's date, or minute in a test of over 3 minutes, in the first interval that
 * ends after them; "" in the other intervals. */
struct order engine_arrivals_take(int64_t now_ns, struct longhaul_delay *delay, char *histogram);

/* What was seen of each stream in the interval that engine_arrivals_take() took last (model/flow.h), malloc'd; NULL if
 * there are not several, or nothing is known. */
char *engine_arrivals_flows(void);

/* The histogram of the intervals since the last one that was handed out; "" for none. */
void engine_arrivals_rest(char histogram[DELAY_TEXT_BYTES]);

#endif
