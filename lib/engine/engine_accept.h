/* engine_accept.h - where a server's child gets its connections from: its parent (serve_door.c), not the network. */
#ifndef ENGINE_ACCEPT_H
#define ENGINE_ACCEPT_H

#include <stdbool.h>

struct sockaddr;
struct sockaddr_storage;

/* Where the parent's pair lies in a server's child. */
#define ENGINE_DOOR_FD 4

/* From now on libiperf's listening socket is the pair, and its accept() takes the connections that the parent sends
 * through it. family is that of the parent's listening socket. on_client, unless NULL, is called when the client is
 * there. Once per process; engine_has_door() must be true. */
void engine_accept_begin(int family, void (*on_client)(void));

/* The control connection's other end; false before there is one. */
bool engine_accept_peer(struct sockaddr_storage *peer);

/* Whether the parent has sent this state to the client already; then libiperf must not send it again. */
bool engine_accept_has_said(char state);

/* Whether two addresses are of one host, whatever their ports; an IPv4 address may be written as an IPv6 one. */
bool engine_accept_is_same_host(const struct sockaddr *a, const struct sockaddr *b);

#endif
