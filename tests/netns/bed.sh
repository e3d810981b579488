# bed.sh - a network of one's own for a test: a hub and N spokes around a router. Sourced after tests/lib.sh.
#
#     . tests/lib.sh
#     . tests/netns/bed.sh
#     bed_need "what this test is about"      # skips where it cannot be, see there
#     bed_make 2                              # hub, spoke1, spoke2
#
# Each host is a network namespace, held by a process that sleeps, with one end `eth0` of a veth pair; the other end is in the
# router's namespace and has the host's name. No namespace has a name in the file system and nothing is ever made in the
# machine's own network, so beds do not know of each other and nothing can be left in /run/netns. A namespace is gone with the
# last process in it: what the bed starts gets SIGKILL when the test ends in whatever way (PR_SET_PDEATHSIG), and what those
# started themselves carries the owner's id in its environment: tests/netns/sweep ends it when the owner is dead.
#
# The truth is the router's packet filter: a test datagram is one with more than 100 bytes in UDP (libiperf's exchange at the
# start has 12), and the filter counts each that it drops, per direction (bed_dropped).

bed_hosts=
bed_started=
bed_owner=$$.$(cut -d' ' -f22 "/proc/$$/stat")

# bed_need WHAT: goes on where network namespaces can be made: as root, or in a user namespace of the test's own (it is
# started anew in it). Elsewhere the test ends here: "skip - WHAT: needs root".
bed_need() {
    for bed_tool in ip nft nsenter unshare setpriv setsid python3; do
        command -v $bed_tool >/dev/null || { skip "$1: needs $bed_tool"; exit 0; }
    done
    if [ "$(id -u)" -ne 0 ]; then
        unshare -rn ip link set lo up 2>/dev/null || { skip "$1: needs root"; exit 0; }
        rm -rf "$work"
        exec unshare -rn sh "$0"
    fi
    unshare -n true 2>/dev/null || { skip "$1: needs the right to make network namespaces"; exit 0; }
    unshare -n nft add table inet bed 2>/dev/null || { skip "$1: needs a kernel with nftables"; exit 0; }
}

# bed_make N: the hub, N spokes (N <= 250) and the router; everything ends with the test.
bed_make() {
    bed_begin
    bed_hold router || return 1
    bed_in router sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward && echo 1 >/proc/sys/net/ipv6/conf/all/forwarding' || return 1
    bed_make_host hub 0 || return 1
    bed_i=1
    while [ $bed_i -le "$1" ]; do
        bed_make_host spoke$bed_i $bed_i || return 1
        bed_i=$((bed_i + 1))
    done
    bed_make_filter || return 1
    # The kernel's own multicasts at an end that is up before the other.
    bed_link_drops_before=$(bed_count_link_drops)
}

# bed_begin: what is held and started from now on ends with the test.
bed_begin() {
    tests/netns/sweep
    export LONGHAUL_BED=$bed_owner
    trap 'bed_close; finish' EXIT
    setsid tests/netns/sweep $bed_owner </dev/null >/dev/null 2>&1 &
}

# bed_hold HOST: a namespace and the process that holds it.
bed_hold() {
    setpriv --pdeathsig KILL unshare -n sleep 1000000 </dev/null >/dev/null 2>&1 &
    eval "bed_pid_$1=$!"
    bed_started="$bed_started $!"
    bed_own=$(readlink /proc/$$/ns/net); bed_tries=0
    until bed_its=$(readlink "/proc/$!/ns/net") && [ "$bed_its" != "$bed_own" ]; do
        bed_tries=$((bed_tries + 1)); [ $bed_tries -lt 200 ] || return 1; sleep 0.02
    done
    bed_in "$1" sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
        echo 0 >/proc/sys/net/ipv6/conf/default/accept_ra; ip link set lo up'
}

bed_make_host() { # HOST INDEX
    bed_hold "$1" || return 1
    bed_hosts="$bed_hosts $1"
    eval "bed_index_$1=$2"
    eval "bed_its=\$bed_pid_$1"
    ip link add name eth0 netns "$bed_its" mtu 1500 type veth peer name "$1" mtu 1500 netns "$bed_pid_router" || return 1
    bed_in router sh -c "ip address add 198.18.$2.1/24 dev $1 && ip link set $1 up && ip address add fd00:198:18:$2::1/64 dev $1 nodad" || return 1
    bed_link_up "$1"
}

# Direction X has a chain drop_X, which the map `armed` leads to, and a chain cut_X, which the map `cut` leads to. Host by host: what an
# ordinary user may say to the kernel at once (net.core.wmem_max) is less than those of 27 spokes.
bed_make_filter() {
    bed_in router nft -f - <<'END' || return 1
table inet bed {
map armed { type ifname . ifname : verdict; }
map cut { type ifname . ifname : verdict; }
chain forward { type filter hook forward priority 0; policy accept; iifname . oifname vmap @cut; iifname . oifname vmap @armed; }
}
END
    for bed_from in $bed_hosts; do
        {
            echo 'table inet bed {'
            for bed_to in $bed_hosts; do
                [ $bed_from != $bed_to ] || continue
                bed_way=${bed_from}_$bed_to
                echo "counter dropped_$bed_way { }"
                echo "counter cut_$bed_way { }"
                echo "chain drop_$bed_way { }"
                echo "chain cut_$bed_way { udp length > 100 counter name dropped_$bed_way drop; counter name cut_$bed_way drop; }"
            done
            echo '}'
        } | bed_in router nft -f - || return 1
    done
}

# bed_in HOST COMMAND...: runs it there. HOST is hub, spoke1, ..., or router.
bed_in() {
    eval "bed_its=\$bed_pid_$1"; shift
    nsenter --net="/proc/$bed_its/ns/net" -- "$@"
}

# bed_address HOST [6]: its address, of IPv6 when asked.
bed_address() {
    eval "bed_its=\$bed_index_$1"
    if [ "${2:-4}" = 6 ]; then echo "fd00:198:18:$bed_its::2"; else echo "198.18.$bed_its.2"; fi
}

# ---- drops. A direction has one rule. It is prepared by bed_drop_..., and works between bed_arm and bed_disarm.
# bed_drop_random FROM TO PERMILLE: each test datagram with this chance.
bed_drop_random() {
    case $3 in
    0) bed_in router nft flush chain inet bed "drop_$1_$2" ;;
    1000) bed_prepare "$1" "$2" ;;
    *) bed_prepare "$1" "$2" "numgen random mod 1000 < $3" ;;
    esac
}
# bed_drop_every FROM TO N: the first test datagram of every N that pass while armed.
bed_drop_every() { bed_prepare "$1" "$2" "numgen inc mod $3 0"; }
# bed_drop_next FROM TO COUNT: the first COUNT test datagrams that pass while armed, and none after them.
bed_drop_next() { bed_prepare "$1" "$2" "numgen inc mod 2147483648 < $3"; }
bed_prepare() { # FROM TO [MATCH]
    bed_in router nft -f - <<END
flush chain inet bed drop_$1_$2
add rule inet bed drop_$1_$2 udp length > 100 ${3:-} counter name dropped_$1_$2 drop
END
}
# bed_arm FROM TO, bed_disarm FROM TO
bed_arm() { bed_in router nft add element inet bed armed "{ $1 . $2 : goto drop_$1_$2 }"; }
bed_disarm() { bed_in router nft delete element inet bed armed "{ $1 . $2 }" 2>/dev/null || :; }
# bed_dropped FROM TO: how many test datagrams the filter has dropped on this way since bed_make, by a rule or a cut.
bed_dropped() { bed_counter "dropped_$1_$2"; }
# bed_cut_dropped FROM TO: what else a cut has dropped: TCP, small datagrams.
bed_cut_dropped() { bed_counter "cut_$1_$2"; }
bed_counter() { bed_in router nft list counter inet bed "$1" | awk '$1 == "packets" {print $2}'; }

# ---- faults
# bed_cut FROM TO: nothing passes this way from now on, and nobody is told. bed_cut_both A B: neither way, from the same moment on.
bed_cut() { bed_in router nft add element inet bed cut "{ $1 . $2 : goto cut_$1_$2 }"; }
bed_cut_both() { bed_in router nft add element inet bed cut "{ $1 . $2 : goto cut_$1_$2, $2 . $1 : goto cut_$2_$1 }"; }
# bed_heal A B: both ways pass again.
bed_heal() {
    bed_in router nft delete element inet bed cut "{ $1 . $2 }" 2>/dev/null
    bed_in router nft delete element inet bed cut "{ $2 . $1 }" 2>/dev/null || :
}

# bed_link_down HOST: its own end, as with a cable drawn: its routes are gone and its sends fail.
bed_link_down() { bed_in "$1" ip link set eth0 down; }
# bed_link_up HOST: with its addresses and routes; back when both ends carry (the kernel takes up to 1 s to see it).
bed_link_up() {
    eval "bed_k=\$bed_index_$1"
    bed_in "$1" sh -c "ip link set eth0 up &&
        ip address replace 198.18.$bed_k.2/24 dev eth0 && ip route replace default via 198.18.$bed_k.1 &&
        ip address replace fd00:198:18:$bed_k::2/64 dev eth0 nodad && ip -6 route replace default via fd00:198:18:$bed_k::1" || return 1
    bed_tries=0
    until bed_in "$1" ip -o link show eth0 | grep -q 'state UP' && bed_in router ip -o link show "$1" | grep -q 'state UP'; do
        bed_tries=$((bed_tries + 1)); [ $bed_tries -lt 60 ] || return 1; sleep 0.05
    done
}

# bed_rate HOST RATE: its link carries RATE (tc's words: 8mbit) each way and holds back 50 ms of it; none: as before. Returns 1
# where the kernel has no tbf. What did not fit: bed_rate_dropped HOST, both ways together.
bed_rate() {
    if [ "$2" = none ]; then bed_queue "$1" none; else bed_queue "$1" tbf rate "$2" burst 16kb latency 50ms; fi
}
bed_rate_dropped() {
    { bed_in "$1" tc -s qdisc show dev eth0; bed_in router tc -s qdisc show dev "$1"; } |
        sed -n 's/.*(dropped \([0-9]*\),.*/\1/p' | awk '{n += $1} END {print n + 0}'
}
# bed_delay HOST TIME [JITTER]: each way (tc's words: 50ms); none: as before. Returns 1 where the kernel has no netem.
bed_delay() {
    if [ "$2" = none ]; then bed_queue "$1" none; else bed_queue "$1" netem delay "$2" ${3:+"$3"} limit 100000; fi
}
# bed_reorder HOST PERCENT: so many packets each way overtake the others by 10 ms; none: as before. Returns 1 as bed_delay.
bed_reorder() {
    if [ "$2" = none ]; then bed_queue "$1" none; else bed_queue "$1" netem delay 10ms reorder "$2%" limit 100000; fi
}
bed_queue() { # HOST none, or HOST KIND...: at both ends of the link; the last one counts
    bed_host=$1; shift
    bed_in "$bed_host" tc qdisc del dev eth0 root 2>/dev/null
    bed_in router tc qdisc del dev "$bed_host" root 2>/dev/null
    [ "$1" != none ] || return 0
    bed_in "$bed_host" tc qdisc add dev eth0 root "$@" 2>/dev/null &&
        bed_in router tc qdisc add dev "$bed_host" root "$@" 2>/dev/null || return 1
}

# ---- the kernel's own counters, of IPv4 and IPv6 together, since bed_make
# bed_udp HOST NAME: one of /proc/net/snmp: InDatagrams, OutDatagrams, NoPorts, RcvbufErrors, SndbufErrors...
bed_udp() {
    bed_in "$1" cat /proc/net/snmp /proc/net/snmp6 | awk -v name="$2" '
        $1 == "Udp:" && !n_names {n_names = split($0, names); next}
        $1 == "Udp:" {for (i = 2; i <= n_names; i++) if (names[i] == name) sum += $i}
        $1 == "Udp6" name {sum += $2}
        END {printf "%d\n", sum}'
}
bed_udp_in() { bed_udp "$1" InDatagrams; }
bed_udp_out() { bed_udp "$1" OutDatagrams; }
# bed_rcvbuf_errors HOST: datagrams that arrived and found their socket's buffer full
bed_rcvbuf_errors() { bed_udp "$1" RcvbufErrors; }
# bed_link_dropped: packets that the bed's interfaces have dropped since bed_make: 0, or the filter is not the whole truth
# (a link that was down has some).
bed_link_dropped() { echo $(($(bed_count_link_drops) - bed_link_drops_before)); }
bed_count_link_drops() {
    for bed_host in router $bed_hosts; do bed_in $bed_host cat /proc/net/dev; done |
        awk -F'[: ]+' 'NF > 16 {sub(/^ +/, ""); n += $5 + $13} END {print n + 0}'
}

# ---- processes
# bed_start HOST COMMAND...: in the background, as the leader of a process group; its id in $!. Not from $(...): it ends with
# the shell that started it.
bed_start() {
    eval "bed_its=\$bed_pid_$1"; shift
    setsid setpriv --pdeathsig KILL nsenter --net="/proc/$bed_its/ns/net" -- "$@" &
    bed_started="$bed_started $!"
}
# bed_stop_process ID, bed_continue ID: it and what it started (SIGSTOP, SIGCONT)
bed_stop_process() { kill -s STOP -- "-$1"; }
bed_continue() { kill -s CONT -- "-$1"; }
# bed_kill ID [SIGNAL]: it and what it started; with SIGKILL if nothing else is said. Returns its exit status.
bed_kill() { kill -s "${2:-KILL}" -- "-$1" 2>/dev/null; wait "$1" 2>/dev/null; }
# bed_wait_port HOST PORT: until somebody there listens on it for TCP (5 s at most)
bed_wait_port() {
    bed_tries=0
    until bed_in "$1" cat /proc/net/tcp /proc/net/tcp6 | awk -v h="$(printf ':%04X' "$2")" '$4 == "0A" && $2 ~ h "$" {f=1} END {exit !f}'; do
        bed_tries=$((bed_tries + 1)); [ $bed_tries -lt 100 ] || return 1; sleep 0.05
    done
}

# bed_close: ends everything that was started and with it the namespaces. The end of the test does it, too.
bed_close() {
    for bed_its in $bed_started; do kill -KILL "$bed_its" 2>/dev/null; kill -s KILL -- "-$bed_its" 2>/dev/null; done
    for bed_its in $bed_started; do wait "$bed_its" 2>/dev/null; done
    [ -z "$bed_started" ] || tests/netns/sweep --now "$bed_owner"
    bed_started= bed_hosts=
}

# ---- what `longhaul path` is to find. All of it is taken back by the end of the bed only.
# bed_middle_mtu FROM TO BYTES: from FROM to TO the way has a link of this MTU behind the router, which says so to those who send more,
# and fragments what may be; both families.
bed_middle_mtu() {
    eval "bed_from=\$bed_index_$1; bed_to=\$bed_index_$2"
    bed_table=$((1000 + 256 * bed_from + bed_to))
    bed_in router sh -c "
        ip rule add iif $1 to 198.18.$bed_to.0/24 lookup $bed_table && ip route add 198.18.$bed_to.0/24 dev $2 mtu $3 table $bed_table &&
        ip -6 rule add iif $1 to fd00:198:18:$bed_to::/64 lookup $bed_table && ip -6 route add fd00:198:18:$bed_to::/64 dev $2 mtu $3 table $bed_table"
}
# bed_router_mute HOST: the router says nothing to this host by ICMP any more.
bed_router_mute() { bed_nft output "oifname $1 meta l4proto icmp drop"; bed_nft output "oifname $1 icmpv6 type { packet-too-big, time-exceeded, destination-unreachable } drop"; }
# bed_block FROM TO MATCH: what matches (nft's words: meta l4proto udp) is dropped on this way, without a word.
bed_block() { bed_nft forward "iifname $1 oifname $2 $3 drop"; }
bed_nft() { # CHAIN RULE
    bed_in router nft -f - <<END
table inet bed_path {
chain forward { type filter hook forward priority 1; policy accept; }
chain output { type filter hook output priority 1; policy accept; }
}
add rule inet bed_path $1 $2
END
}
