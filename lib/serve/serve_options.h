/* serve_options.h - whether a server can do what it is asked to. */
#ifndef SERVE_OPTIONS_H
#define SERVE_OPTIONS_H

#include <longhaul.h>

/* 0, or the first thing that is wrong. ports are those of o, or the usual one. */
int serve_options_check(const struct longhaul_server_options *o, const uint16_t *ports, size_t n,
                        struct longhaul_error *err);

#endif
