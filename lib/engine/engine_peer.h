/* engine_peer.h - the other end of a client's session. For engine_child.c alone. */
#ifndef ENGINE_PEER_H
#define ENGINE_PEER_H

#include "engine/engine.h"

/* Finds the host for libiperf. Reports which name does not resolve, and returns false then; libiperf does not say it.
 * If a family is wanted, the address replaces the name, since libiperf has no setter for the family. A server that
 * still believes in a dead earlier session is freed of it. */
bool engine_peer_find(const struct engine_params *params, char *host, size_t size);

#endif
