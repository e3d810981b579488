/* engine_control.h - the control connection of the child's session. For engine_child.c and engine_signal.c. control may
 * be -1: there is none yet. */
#ifndef ENGINE_CONTROL_H
#define ENGINE_CONTROL_H

#include <stdint.h>

/* A host that has gone silent is noticed. */
void engine_control_watch(int control);

/* How long ago the peer's host was last heard of; NAN when not known. */
double engine_control_last_ack_s(int control);

/* Its local port; 0 when not known. */
uint16_t engine_control_port(int control);

/* ENGINE_STUCK_...: where a client is whose test does not begin. Safe in a signal handler. */
int engine_control_stuck(int control);

#endif
