/* engine_accept.h - the server's door: who may become libiperf's client. For engine_setup.c alone. */
#ifndef ENGINE_ACCEPT_H
#define ENGINE_ACCEPT_H

#include <stddef.h>

#include "cidr.h"

/* From now on libiperf's accept() lets in only clients from the allowed networks (n 0: from anywhere) that have said an iperf3
 * cookie. on_client is told the address of the one that becomes its control connection. Once per process. Without effect where
 * libiperf is a shared library: its accept() cannot be wrapped. */
void engine_accept_begin(const struct cidr *allowed, size_t n, void (*on_client)(const char *address));

#endif
