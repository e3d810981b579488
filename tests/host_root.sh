# host_root.sh - makes a folder in place of a healthy host's /proc and /sys, which tests then spoil. Sourced.
#
#     host_root DIR INTERFACE       what `longhaul path --root DIR` reads; counters of the network are this machine's own
#     host_set DIR PATH TEXT        one file of it
host_set() { mkdir -p "$(dirname "$1/$2")"; printf '%s\n' "$3" >"$1/$2"; }
host_root() {
    host_set "$1" proc/sys/net/ipv4/tcp_rmem '4096 131072 33554432'
    host_set "$1" proc/sys/net/ipv4/tcp_wmem '4096 16384 33554432'
    host_set "$1" proc/sys/net/core/rmem_default 1048576
    host_set "$1" proc/sys/net/core/rmem_max 4194304
    host_set "$1" proc/sys/net/core/wmem_default 212992
    host_set "$1" proc/sys/net/core/wmem_max 4194304
    for name in tcp_moderate_rcvbuf tcp_window_scaling tcp_sack tcp_timestamps; do host_set "$1" proc/sys/net/ipv4/$name 1; done
    host_set "$1" proc/sys/net/ipv4/tcp_congestion_control cubic
    host_set "$1" proc/sys/net/ipv4/tcp_mtu_probing 0
    host_set "$1" proc/sys/net/ipv4/ip_no_pmtu_disc 0
    host_set "$1" proc/sys/net/ipv4/ip_local_port_range '32768 60999'
    host_set "$1" proc/sys/net/ipv4/tcp_tw_reuse 2
    host_set "$1" proc/stat 'cpu  100 0 100 9800 0 0 0 0 0 0
cpu0 50 0 50 4900 0 0 0 0 0 0
cpu1 50 0 50 4900 0 0 0 0 0 0'
    host_set "$1" sys/devices/system/clocksource/clocksource0/current_clocksource tsc
    host_set "$1" adjtimex 'synchronised 1
maxerror_us 500'
    ln -s /proc/self/net "$1/proc/net"
    host_set "$1" "sys/class/net/$2/mtu" 1500
    host_set "$1" "sys/class/net/$2/type" 1
    host_set "$1" "ethtool/$2" 'driver: ena
tcp-segmentation-offload: on
generic-segmentation-offload: on
generic-receive-offload: on
large-receive-offload: off [fixed]
Channel parameters:
Pre-set maximums:
RX:		n/a
TX:		n/a
Combined:	4
Current hardware settings:
RX:		n/a
TX:		n/a
Combined:	2
RX flow hash indirection table for eth0 with 2 RX ring(s):
    0:      0     1     0     1     0     1     0     1
    8:      0     1     0     1     0     1     0     1
RSS hash key:'
}
