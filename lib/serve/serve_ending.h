/* serve_ending.h - how the session of a server's port ended, for people. */
#ifndef SERVE_ENDING_H
#define SERVE_ENDING_H

#include "serve/serve_port.h"

/* From the event ENGINE_EXIT. libiperf's own text is kept where it says more. */
const char *serve_ending_text(const struct serve_port *port, const struct engine_event *event);

#endif
