/* socket_drops.c - asks the kernel how many datagrams a process's own sockets dropped. host_drops reads the drops of
 * all sockets. */

#include "host/socket_drops.h"

#include <linux/sock_diag.h>
#include <math.h>
#include <stdint.h>
#include <sys/socket.h>

double socket_drops(const int *sockets, size_t n)
{
    double sum = NAN;
    for (size_t i = 0; i < n; i++) {
        uint32_t memory[SK_MEMINFO_VARS];
        socklen_t size = sizeof memory;
        if (getsockopt(sockets[i], SOL_SOCKET, SO_MEMINFO, memory, &size) == 0 &&
            size > SK_MEMINFO_DROPS * sizeof memory[0])
            sum = (isnan(sum) ? 0 : sum) + memory[SK_MEMINFO_DROPS];
    }
    return sum;
}
