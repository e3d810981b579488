# chain.sh - a path of routers for a test: client - r1 - r2 - r3 - r4 - r5 - server, and other ways between r1 and r4. Sourced after
# tests/netns/bed.sh, whose functions work here, too: bed_need, bed_in, bed_start, bed_wait_port, bed_close.
#
#     . tests/lib.sh
#     . tests/netns/bed.sh
#     . tests/netns/chain.sh
#     bed_need "what this test is about"
#     chain_make
#     bed_in client ping -c 1 "$(chain_address server)"
#
# Router k answers as chain_address rk: the end of its link to the router before. Routers limit their ICMP errors as Linux does if
# nobody says anything else. The way back is r5 r4 r3 r2 r1 always, so that the addresses of r4 and r5 do not depend on the way there.
#
# Link k leads to router k (6: to the server): 198.18.k.1 and fd00:198:18:k::1 are the router's end, .2 and ::2 the end before.

# chain_make: all namespaces and links; the route is `straight`.
chain_make() {
    bed_begin
    for chain_host in client r1 r2 r3 r4 r5 server x3 y3; do
        bed_hold $chain_host || return 1
        case $chain_host in client | server) continue ;; esac
        bed_in $chain_host sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
            for f in all default; do echo 0 >/proc/sys/net/ipv4/conf/$f/rp_filter; echo 0 >/proc/sys/net/ipv4/conf/$f/send_redirects; done
            # By addresses, protocol and ports. Policy 1 would take the hash that a socket of this kernel has given its packets.
            for f in 4 6; do cd /proc/sys/net/ipv$f; echo 55 >fib_multipath_hash_fields && echo 3 >fib_multipath_hash_policy || echo 1 >fib_multipath_hash_policy; done
            ' || return 1
    done
    chain_link client r1 1 && chain_link r1 r2 2 && chain_link r2 r3 3 && chain_link r3 r4 4 && chain_link r4 r5 5 &&
        chain_link r5 server 6 && chain_link r2 x3 13 && chain_link x3 r4 14 && chain_link x3 y3 15 && chain_link y3 r4 16 &&
        chain_link r2 r4 17 && chain_link r1 r4 18 && chain_link r2 r3 21 && chain_link r2 r3 22 && chain_link r2 r3 23 &&
        chain_link r2 r3 24 || return 1
    # The way back, hop by hop.
    for chain_pair in r1:1 r2:2 r3:3 r4:4 r5:5 server:6 x3:13 y3:15; do
        chain_gateway "${chain_pair%:*}" default "${chain_pair#*:}" 2 || return 1
    done
    chain_gateway client default 1 1 || return 1
    for chain_pair in r3:4 r4:5; do chain_to_server "${chain_pair%:*}" "${chain_pair#*:}" || return 1; done
    chain_route straight
}

# chain_link BEFORE AFTER K: the interfaces have the name lK.
chain_link() {
    eval "chain_before=\$bed_pid_$1 chain_after=\$bed_pid_$2"
    ip link add name l$3 netns "$chain_before" mtu 1500 type veth peer name l$3 mtu 1500 netns "$chain_after" || return 1
    bed_in "$1" sh -c "ip address add 198.18.$3.2/24 dev l$3 && ip address add fd00:198:18:$3::2/64 dev l$3 nodad && ip link set l$3 up" &&
        bed_in "$2" sh -c "ip address add 198.18.$3.1/24 dev l$3 && ip address add fd00:198:18:$3::1/64 dev l$3 nodad && ip link set l$3 up"
}

# chain_gateway HOST default|server K END: by the end 1 or 2 of link K.
chain_gateway() {
    chain_four=default chain_six=default
    [ "$2" = default ] || chain_four=198.18.6.0/24 chain_six=fd00:198:18:6::/64
    bed_in "$1" sh -c "ip route replace $chain_four via 198.18.$3.$4 && ip -6 route replace $chain_six via fd00:198:18:$3::$4"
}
chain_to_server() { chain_gateway "$1" server "$2" 1; }

# chain_address client|r1|...|r5|x3|y3|server [6]
chain_address() {
    case $1 in client) chain_k=1 chain_end=2 ;; server) chain_k=6 chain_end=1 ;; x3) chain_k=13 chain_end=1 ;; y3) chain_k=15 chain_end=1 ;;
    *) chain_k=${1#r} chain_end=1 ;; esac
    if [ "${2:-4}" = 6 ]; then echo "fd00:198:18:$chain_k::$chain_end"; else echo "198.18.$chain_k.$chain_end"; fi
}

# chain_route WAY: the way to the server from now on. `straight`: r1 r2 r3 r4 r5; `other`: r1 r2 x3 r4 r5; `longer`: r1 r2 x3 y3 r4 r5;
# `shorter`: r1 r2 r4 r5; `shortest`: r1 r4 r5; `many`: straight, over four links between r2 and r3, by a hash of the five-tuple.
# `delayed`: as `other`, and what passes from r2 to x3 takes as long as chain_wire said.
chain_route() {
    case $1 in
    straight) chain_to_server r2 3 && chain_to_server r1 2 ;;
    other) chain_to_server x3 14 && chain_to_server r2 13 && chain_to_server r1 2 ;;
    delayed) chain_to_server x3 14 && bed_in r2 sh -c 'ip route replace 198.18.6.0/24 dev wire && ip -6 route replace fd00:198:18:6::/64 dev wire' &&
        chain_to_server r1 2 ;;
    longer) chain_to_server y3 16 && chain_to_server x3 15 && chain_to_server r2 13 && chain_to_server r1 2 ;;
    shorter) chain_to_server r2 17 && chain_to_server r1 2 ;;
    shortest) chain_to_server r1 18 ;;
    many) chain_count_ways && bed_in r2 sh -c '
        ip route replace 198.18.6.0/24 nexthop via 198.18.21.1 nexthop via 198.18.22.1 nexthop via 198.18.23.1 nexthop via 198.18.24.1 &&
        ip -6 route del fd00:198:18:6::/64 &&
        ip -6 route add fd00:198:18:6::/64 nexthop via fd00:198:18:21::1 nexthop via fd00:198:18:22::1 \
            nexthop via fd00:198:18:23::1 nexthop via fd00:198:18:24::1' && chain_to_server r1 2 ;;
    *) return 1 ;;
    esac
}

# chain_wire MS: makes the wire of the way `delayed` (tests/netns/delay_line.py: not each kernel has netem). Returns 1 where there is no
# /dev/net/tun. Once.
chain_wire() {
    (: <>/dev/net/tun) 2>/dev/null || return 1
    # shellcheck disable=SC2154
    setpriv --pdeathsig KILL python3 tests/netns/delay_line.py "$bed_pid_r2" 198.19.1.2 "$bed_pid_x3" 198.19.1.1 "$1" 0 "$work/chain-wire" &
    bed_started="$bed_started $!"
    until_ok 10 test -e "$work/chain-wire"
}

# chain_ways: what came over each of the four links to r3 since chain_route many: lines "LINK PORT PACKETS", LINK 1 to 4, PORT the source port.
# UDP and TCP, whether r3 forwards them or answers that their time is over.
chain_ways() {
    for chain_way in 1 2 3 4; do
        bed_in r3 nft -j list set inet ways way$chain_way | python3 -c '
import json, sys
for item in json.load(sys.stdin)["nftables"]:
    for e in item.get("set", {}).get("elem", []):
        print(sys.argv[1], e["elem"]["val"], e["elem"]["counter"]["packets"])' $chain_way
    done
}
chain_count_ways() {
    bed_in r3 nft delete table inet ways 2>/dev/null
    {
        echo 'table inet ways {'
        for chain_way in 1 2 3 4; do echo "set way$chain_way { type inet_service; size 4096; flags dynamic; counter; }"; done
        echo 'chain prerouting { type filter hook prerouting priority 0;'
        for chain_way in 1 2 3 4; do echo "iifname l2$chain_way meta l4proto { udp, tcp } update @way$chain_way { th sport }"; done
        echo '}'
        echo '}'
    } | bed_in r3 nft -f -
}

# chain_drop HOST PERCENT [MATCH]: a router drops so much of what it forwards to the server, at random; 0: nothing any more. Its own ICMP, and
# what goes back, is not concerned. chain_drop_every HOST N [MATCH]: the first of every N.
chain_drop() {
    if [ "$2" = 0 ]; then chain_pass "$1" drop; else chain_lose "$1" "numgen random mod 100 < $2" "${3:-}"; fi
}
chain_drop_every() { chain_lose "$1" "numgen inc mod $2 0" "${3:-}"; }
chain_lose() { # HOST CHOICE MATCH
    chain_pass "$1" drop
    bed_in "$1" nft -f - <<END
table inet chain_drop {
counter dropped { }
chain forward { type filter hook forward priority 0; ip daddr 198.18.6.0/24 $3 $2 counter name dropped drop
ip6 daddr fd00:198:18:6::/64 $3 $2 counter name dropped drop; }
}
END
}
# chain_dropped HOST: how many packets since its last chain_drop
chain_dropped() { bed_in "$1" nft list counter inet chain_drop dropped | awk '$1 == "packets" {print $2}'; }
# chain_cut HOST: nothing passes to the server any more, until chain_drop HOST 0.
chain_cut() { chain_lose "$1" "" ""; }

# chain_mute HOST: says nothing by ICMP any more. chain_unmute HOST
chain_mute() {
    chain_filter "$1" mute output "meta l4proto icmp"
    chain_filter "$1" mute output "icmpv6 type { destination-unreachable, packet-too-big, time-exceeded }"
}
chain_unmute() { chain_pass "$1" mute; }

# chain_loop K: router K (2 to 5) sends what is for the server back to the router before it. chain_unloop K
chain_loop() { chain_gateway "r$1" server "$1" 2; }
chain_unloop() {
    case $1 in 2) chain_route straight ;; 5) bed_in r5 sh -c 'ip route del 198.18.6.0/24 via 198.18.5.2; ip -6 route del fd00:198:18:6::/64 via fd00:198:18:5::2' ;;
    *) chain_to_server "r$1" $(($1 + 1)) ;; esac
}

# chain_filter HOST NAME HOOK MATCH: HOST drops what matches (nft's words: tcp dport 5201) in its hook input, output or forward, until
# chain_pass HOST NAME.
chain_filter() {
    bed_in "$1" nft -f - <<END
table inet chain_$2 {
chain $3 { type filter hook $3 priority 0; policy accept; }
}
add rule inet chain_$2 $3 $4 drop
END
}
chain_pass() { bed_in "$1" nft delete table inet "chain_$2" 2>/dev/null || :; }
