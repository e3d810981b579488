/* socket_drops.h - datagrams that arrived for sockets of one's own and found no room. */
#ifndef SOCKET_DROPS_H
#define SOCKET_DROPS_H

#include <stddef.h>

/* Sum over n sockets since they were opened (SO_MEMINFO); such as are closed or unknown to the kernel are left out; NAN
 * when all are. */
double socket_drops(const int *sockets, size_t n);

#endif
