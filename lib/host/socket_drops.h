/* socket_drops.h - datagrams that arrived for this process's own sockets and found no room in their buffers. */
#ifndef SOCKET_DROPS_H
#define SOCKET_DROPS_H

#include <stddef.h>

/* Sum over n sockets since they were opened (SO_MEMINFO). Sockets that are closed or unknown to the kernel are omitted;
 * NAN if all are. */
double socket_drops(const int *sockets, size_t n);

#endif
