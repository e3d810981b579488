/* engine_control.h - the control connection of the child's session. For engine_child.c and engine_signal.c. control is
 * -1 before there is one. */
#ifndef ENGINE_CONTROL_H
#define ENGINE_CONTROL_H

#include <stdint.h>

/* Makes the kernel detect a host that went silent. */
void engine_control_watch(int control);

/* How long ago the peer's host was last heard of; NAN if unknown. */
double engine_control_last_ack_s(int control);

/* Its local port; 0 if unknown. */
uint16_t engine_control_port(int control);

/* Returns ENGINE_STUCK_...: where a client is whose test does not begin. Safe in a signal handler. */
int engine_control_stuck(int control);

#endif
