/* engine_accept.h - the server's door: who may become libiperf's client. For engine_setup.c alone. */
#ifndef ENGINE_ACCEPT_H
#define ENGINE_ACCEPT_H

#include <stdbool.h>
#include <stddef.h>

#include "cidr.h"

/* From now on libiperf's accept() lets in only clients from the allowed networks (n 0: from anywhere) that have said an iperf3
 * cookie. on_client is told the address of the one that becomes its control connection; is_tcp whether his test is one for TCP, asked
 * after his parameters. Once per process. Without effect where libiperf is a shared library: its accept() cannot be wrapped. */
void engine_accept_begin(const struct cidr *allowed, size_t n, void (*on_client)(const char *address), bool (*is_tcp)(void));

/* His test begins: no more streams are awaited. Until then this process may take only so much more memory: libiperf older than 3.19 reads a client's parameters
 * whatever length he names. */
void engine_accept_end(void);

#endif
