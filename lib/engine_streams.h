/* engine_streams.h - the TCP streams of a server's test: which connections are they? For engine_accept.c and engine_child.c alone. */
#ifndef ENGINE_STREAMS_H
#define ENGINE_STREAMS_H

#include <stdbool.h>
#include <sys/socket.h>

#define ENGINE_COOKIE_BYTES 37 /* iperf3's COOKIE_SIZE: 36, and a 0 */

/* The client of this process' one test is known: its address, and the cookie that it said. Until engine_streams_end() libiperf
 * sees of its listening socket only connections from that address that have said that cookie. is_tcp is asked when the first one
 * comes, since the client names its protocol later; of a UDP test no connection is a stream. Without effect where libiperf is a
 * shared library: its select() cannot be wrapped. */
void engine_streams_begin(const struct sockaddr_storage *client, const char cookie[ENGINE_COOKIE_BYTES], bool (*is_tcp)(void));

/* All streams are there, the test begins: who is still held is told that the server is busy. */
void engine_streams_end(void);

/* Between the two. */
bool engine_streams_are_awaited(void);

/* The next stream's socket, its cookie unread; waits for it when there is none yet. -1 and errno when the listening socket fails. */
int engine_streams_accept(int listener, struct sockaddr_storage *address);

#endif
