/* engine_peer.h - the other end of a client's session. For engine_child.c alone. */
#ifndef ENGINE_PEER_H
#define ENGINE_PEER_H

#include "engine/engine.h"

/* The host as libiperf is to have it. Says what libiperf does not: which name does not resolve; false then. With a
 * wanted family the address replaces the name, since libiperf has no setter for the family. A server that does not know
 * that an earlier session is dead is freed of it. */
bool engine_peer_find(const struct engine_params *params, char *host, size_t size);

#endif
