/* engine_setup.h - sets up libiperf's test. For engine_child.c alone. */
#ifndef ENGINE_SETUP_H
#define ENGINE_SETUP_H

#include "engine/engine.h"

struct iperf_test;

/* For a client towards host, or for a server. NULL, with a message sent, on failure. */
struct iperf_test *engine_setup(const struct engine_params *params, const char *host);

#endif
