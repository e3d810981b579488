/* longhaul/host.h - what this host's kernel dropped. */
#ifndef LONGHAUL_HOST_H
#define LONGHAUL_HOST_H
#include <longhaul/base.h>
LONGHAUL_BEGIN
/* Packets dropped, by the kernel's counters for the network namespace; NAN without a counter. */
struct longhaul_host_drops {
    /* IPv4 and IPv6 together (/proc/net/snmp, snmp6): datagrams delivered; those that found their socket's buffer full
     * (RcvbufErrors); SndbufErrors; InCsumErrors; MemErrors. */
    double udp_received, udp_receive_buffer, udp_send_buffer, udp_checksum, udp_memory;
    double udp_sockets; /* drops of the UDP sockets open now (/proc/net/udp, udp6) */
    double udp_worst, udp_worst_port; /* most of one such socket, and its local port; the port is NAN without drops */
    double backlog; /* the queue before the stack was full, all CPUs (/proc/net/softnet_stat) */
    double interface_received, interface_sent; /* of the interface: no room, missed, FIFO (/proc/net/dev) */
    double reassembly; /* packets whose fragments did not all arrive: ReasmFails, Ip6ReasmFails */
};
LONGHAUL_END
#endif
