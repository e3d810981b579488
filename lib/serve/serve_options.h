/* serve_options.h - checks a server's options. */
#ifndef SERVE_OPTIONS_H
#define SERVE_OPTIONS_H

#include <longhaul.h>

/* Returns 0, or the first error found. ports are those of o, or the default. */
int serve_options_check(const struct longhaul_server_options *o, const uint16_t *ports, size_t n,
                        struct longhaul_error *err);

#endif
