/* engine_control.c - watches the control connection of the child's session, and asks the kernel about it. Reads and
 * writes nothing on it. */

#include "engine/engine_control.h"

#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include <iperf_api.h>

#include "engine/engine.h"
#include "host/address.h"

/* Detects a host that went silent: probes every second, and gives the connection up after 8 s without an answer. */
void engine_control_watch(int control)
{
    int on = 1, every_s = 1, probes = 8, give_up_ms = 8000;
    setsockopt(control, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(control, IPPROTO_TCP, TCP_KEEPIDLE, &every_s, sizeof every_s);
    setsockopt(control, IPPROTO_TCP, TCP_KEEPINTVL, &every_s, sizeof every_s);
    setsockopt(control, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
    setsockopt(control, IPPROTO_TCP, TCP_USER_TIMEOUT, &give_up_ms, sizeof give_up_ms);
}

double engine_control_last_ack_s(int control)
{
    struct tcp_info info;
    socklen_t size = sizeof info;
    if (getsockopt(control, IPPROTO_TCP, TCP_INFO, &info, &size) < 0)
        return NAN;
    return info.tcpi_last_ack_recv / 1e3;
}

uint16_t engine_control_port(int control)
{
    struct sockaddr_storage here;
    socklen_t size = sizeof here;
    if (getsockname(control, (struct sockaddr *)&here, &size) < 0)
        return 0;
    return address_port(&here);
}

/* True if the exchange that begins a UDP stream is in progress: one of the child's few descriptors is then a datagram
 * socket. */
static bool has_udp_socket(void)
{
    int type;
    for (int fd = 4; fd < 64; fd++) {
        socklen_t size = sizeof type;
        if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_DGRAM)
            return true;
    }
    return false;
}

/* libiperf waits for the server's first datagram and meanwhile reads nothing else. A server that received ours has gone
 * on to TEST_START, which lies unread in the control connection: that distinguishes the two directions. */
int engine_control_stuck(int control)
{
    struct tcp_info info;
    socklen_t size = sizeof info;
    char state;
    if (getsockopt(control, IPPROTO_TCP, TCP_INFO, &info, &size) < 0 || info.tcpi_state != TCP_ESTABLISHED)
        return ENGINE_STUCK_CONNECTING;
    if (!has_udp_socket())
        return ENGINE_STUCK_TALKING;
    return recv(control, &state, 1, MSG_PEEK | MSG_DONTWAIT) == 1 && state == TEST_START ? ENGINE_STUCK_BACK
                                                                                         : ENGINE_STUCK_THERE;
}
