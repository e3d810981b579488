/* engine_accept.h - a server's child gets its connections from its parent (serve_door.c), not from the network. */
#ifndef ENGINE_ACCEPT_H
#define ENGINE_ACCEPT_H

#include <stdbool.h>

struct sockaddr;
struct sockaddr_storage;

/* The descriptor of the parent's pair in a server's child. */
#define ENGINE_DOOR_FD 4

/* From now on libiperf's listening socket is the pair, and its accept() returns the connections that the parent sends
 * through it. family is that of the parent's listening socket. on_client, unless NULL, is called when the client has
 * arrived. Once per process; engine_has_door() must be true. */
void engine_accept_begin(int family, void (*on_client)(void));

/* The peer of the control connection; false before there is one. */
bool engine_accept_peer(struct sockaddr_storage *peer);

/* True if the parent has already sent this state to the client; libiperf must not send it again then. */
bool engine_accept_has_said(char state);

/* True if two addresses are the same host, whatever their ports; an IPv4 address may be written as an IPv6 address. */
bool engine_accept_is_same_host(const struct sockaddr *a, const struct sockaddr *b);

#endif
