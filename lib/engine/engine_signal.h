/* engine_signal.h - ends the child's session from outside. For engine_child.c alone. */
#ifndef ENGINE_SIGNAL_H
#define ENGINE_SIGNAL_H

#include <stdbool.h>

struct iperf_test;

/* From now on the parent's signals (engine_stop(), engine_refuse(), engine_ask()) and libiperf's exit() end this
 * session properly. Once per process. */
void engine_signal_begin(struct iperf_test *test, bool is_server);

#endif
