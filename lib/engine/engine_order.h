/* engine_order.h - the order of the datagrams that libiperf reads. For engine_child.c alone. */
#ifndef ENGINE_ORDER_H
#define ENGINE_ORDER_H

#include <stdbool.h>

#include "model/order.h"

/* The test begins: datagrams count from now on. is_64bit: their numbers have 64 bits (--udp-counters-64bit), else
 * 32. */
void engine_order_begin(bool is_64bit);

/* What arrived since the last call. Unknown before the first datagram, and where libiperf is a shared library. */
struct order engine_order_take(void);

#endif
