# path_host.sh - what `longhaul path` says about a host, from folders in place of other hosts' /proc and /sys.
. tests/lib.sh
. tests/host_root.sh
command -v python3 >/dev/null || { skip "path_host: needs python3"; exit 0; }
port=$(ports 1)
# host NAME: its folder, all well, with counters of its own
host() {
    root=$work/$1
    host_root "$root" lo
    rm "$root/proc/net"
    host_set "$root" proc/net/sockstat 'sockets: used 200
TCP: inuse 5 orphan 0 tw 12 alloc 7 mem 1'
    host_set "$root" proc/net/snmp 'Ip: Forwarding DefaultTTL ReasmFails FragFails
Ip: 1 64 7 0
Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors
Udp: 90000 1 2 3 4 5 6 7 8
UdpLite: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors
UdpLite: 11 12 13 14 15 16 17 18 19'
    host_set "$root" proc/net/snmp6 'Udp6InDatagrams                 	10000
Udp6RcvbufErrors                	1
UdpLite6RcvbufErrors            	99
Ip6ReasmFails                   	2'
    host_set "$root" proc/net/udp '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  101: 00000000:1451 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0000000000000000 7         
  102: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 2 2 0000000000000000 3         '
    host_set "$root" proc/net/udp6 '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  103: 00000000000000000000000000000000:1452 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 3 2 0000000000000000 1'
    host_set "$root" proc/net/softnet_stat '0016bf2e 0000000a 00000000 00000000
0018fdb1 00000005 00000000 00000000'
    host_set "$root" proc/net/dev 'Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
xlo: 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1
    lo: 100 10 0 3 1 0 0 0 200 20 0 5 2 0 0 0'
}
# look NAME [FLAGS...]: into $work/NAME.json
look() { name=$1; shift; "$longhaul" path 127.0.0.1 -p "$port" --root "$work/$name" --no-flows --no-hops -c 3 --json "$@" >"$work/$name.json" 2>"$work/$name.err"; }
fact() { python3 -c 'import json, sys
d = json.load(open(sys.argv[1])); print(eval(sys.argv[2], d))' "$work/$1.json" "$2"; }
# Nobody serves here: that one finding is expected in all of them.
found() { python3 -c 'import json, sys
d = json.load(open(sys.argv[1])); print(" ".join(f["rule"] + "=" + f["level"] for f in d["findings"] if f["level"] != "ok" and f["rule"] != "tcp_control"))' "$work/$1.json"; }

host good; look good; status=$?
is "nobody serves: status 3" $status 3
is "a good host: nothing is found" "$(found good)" ""
is "settings" "$(fact good 'host["tcp_rmem_bytes"], host["rmem_max_bytes"], host["congestion_control"], host["first_port"], host["last_port"], host["time_wait_reuse"], host["n_time_wait"]')" \
    "([4096.0, 131072.0, 33554432.0], 4194304.0, 'cubic', 32768.0, 60999.0, 2.0, 12.0)"
is "offloads, queues, RSS" "$(fact good '[host[k] for k in ("tso", "gso", "gro", "lro", "n_rx_queues", "n_rx_queues_max", "n_rss_queues", "n_cpus")]')" "[1.0, 1.0, 1.0, 0.0, 2.0, 4.0, 2.0, 2.0]"
is "clock" "$(fact good 'host["clock_source"], host["is_clock_synchronised"], host["clock_error_ms"]')" "('tsc', 1.0, 0.5)"
is "UDP counters: both families, not UDP-Lite's" "$(fact good '[host["drops"][k] for k in ("udp_received", "udp_receive_buffer", "udp_send_buffer", "udp_checksum", "udp_memory", "reassembly")]')" \
    "[100000.0, 5.0, 5.0, 6.0, 8.0, 9.0]"
is "drops of open sockets, and the worst" "$(fact good '[host["drops"][k] for k in ("udp_sockets", "udp_worst", "udp_worst_port")]')" "[11.0, 7.0, 5201.0]"
is "drops before the stack, and of the interface" "$(fact good '[host["drops"][k] for k in ("backlog", "interface_received", "interface_sent")]')" "[15.0, 4.0, 7.0]"

host azure; host_set "$work/azure" sys/class/dmi/id/chassis_asset_tag 7783-7084-3265-9085-8269-3286-77
host_set "$work/azure" ethtool/lo 'driver: hv_netvsc'
look azure
is "Azure's synthetic interface alone" "$(found azure), $(fact azure 'host["cloud"], host["driver"], host["acceleration"]')" "azure_fragments=note acceleration=note, ('azure', 'hv_netvsc', 'none')"
like "and the command that changes it" "$(fact azure '[f["command"] for f in findings if f["rule"] == "acceleration"]')" 'accelerated-networking true'
for vf in mlx4_core mlx5_core mana; do
    mkdir -p "$work/azure/sys/bus/drivers/$vf" "$work/azure/sys/class/net/enP1/device"
    rm -f "$work/azure/sys/class/net/enP1/device/driver"; ln -s "../../../../bus/drivers/$vf" "$work/azure/sys/class/net/enP1/device/driver"
    ln -sfn ../enP1 "$work/azure/sys/class/net/lo/lower_enP1"
    look azure -l 1372
    is "with its virtual function, $vf" "$(found azure), $(fact azure 'host["acceleration"], host["accelerated_driver"]')" ", ('hardware', '$vf')"
done
for row in ena:hardware gve:hardware mana:hardware virtio_net:virtio e1000e:unknown; do
    host "driver.${row%:*}"; host_set "$root" ethtool/lo "driver: ${row%:*}"; look "driver.${row%:*}"
    is "driver ${row%:*} is ${row#*:}" "$(found "driver.${row%:*}"), $(fact "driver.${row%:*}" 'host["acceleration"]')" ", ${row#*:}"
done
host raised; host_set "$root" sys/class/dmi/id/chassis_asset_tag 7783-7084-3265-9085-8269-3286-77; host_set "$root" sys/class/net/lo/mtu 9000; look raised -l 1372
is "a raised MTU in Azure" "$(found raised)" "raised_mtu=note"
host tunnel; host_set "$root" ethtool/lo 'driver: tun'; host_set "$root" sys/class/net/lo/type 65534; look tunnel
is "a tunnel" "$(found tunnel)" "vpn=note"
like "clamp MSS to 1350, MTU to 1400" "$(fact tunnel '[f["command"] for f in findings if f["rule"] == "vpn"]')" 'mtu 1400.*maxseg size set 1350'

# spoil RULE=LEVEL FILE TEXT [FLAGS...]: spoils one file of a good host. All hosts are examined in parallel, and judged at the end.
spoilt= n=0
spoil() {
    n=$((n + 1))
    host "spoilt$n"; host_set "$root" "$2" "$3"
    spoilt="$spoilt $n:$1:$2"
    shift 3
    look "spoilt$n" "$@" & started="$started $!"; looks="$looks $!"
}
looks=
ipv4=proc/sys/net/ipv4
spoil window_scaling=note $ipv4/tcp_window_scaling 0
spoil receive_autotuning=note $ipv4/tcp_moderate_rcvbuf 0
spoil sack=note $ipv4/tcp_sack 0
spoil timestamps=note $ipv4/tcp_timestamps 0
spoil no_pmtu_discovery=note $ipv4/ip_no_pmtu_disc 1
spoil ports=note $ipv4/ip_local_port_range '40000 40099'
spoil ports=problem proc/net/sockstat 'TCP: inuse 5 orphan 0 tw 25000 alloc 7 mem 1'
spoil udp_buffer=note proc/sys/net/core/rmem_default 20000
spoil clock_source=note sys/devices/system/clocksource/clocksource0/current_clocksource hpet
spoil clock=note adjtimex 'synchronised 0
maxerror_us 16000000'
spoil steal=problem proc/stat 'cpu  100 0 100 9800 0 0 0 2000 0 0
cpu0 100 0 100 9800 0 0 0 2000 0 0'
spoil link_speed=problem sys/class/net/lo/speed 5
spoil udp_drops=note proc/net/snmp 'Udp: InDatagrams RcvbufErrors
Udp: 1000 30'
# shellcheck disable=SC2086
wait $looks
for row in $spoilt; do
    IFS=: read -r n wanted file <<END
$row
END
    is "$file: $wanted" "$(found "spoilt$n")" "$wanted"
done
mkdir "$work/empty"; look empty
is "a host that tells nothing: nothing is found" "$(found empty)" ""
done_testing
