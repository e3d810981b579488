/* engine_setup.h - libiperf's test as the parent wants it. For engine_child.c alone. */
#ifndef ENGINE_SETUP_H
#define ENGINE_SETUP_H

#include "engine/engine.h"

struct iperf_test;

/* A client's to host, or a server's. NULL, and it was said why, when it cannot be. */
struct iperf_test *engine_setup(const struct engine_params *params, const char *host);

#endif
