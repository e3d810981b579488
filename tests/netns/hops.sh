# hops.sh - for tests of the prober of a flow's hops: the chain, the prober, the peer that must see nothing. Sourced after tests/netns/chain.sh.

# hops_make: the chain and its peers. IPv4's has the ports 5202 and, for control, 5201; IPv6's 5202 and 5203.
hops_make() {
    chain_make || return 1
    probe=$BUILD/tests/netns/hops_probe
    client=$(chain_address client) server=$(chain_address server) client6=$(chain_address client 6) server6=$(chain_address server 6)
    bed_start server python3 tests/netns/hops_peer.py "$server" 5202 "$client" 40001 5201 "$work/peer"
    bed_start server python3 tests/netns/hops_peer.py "$server6" 5202 "$client6" 40001 5203 "$work/peer6"
    bed_wait_port server 5201 && bed_wait_port server 5203
}

# udp COMMANDS, udp6 COMMANDS: what tests/netns/hops_probe.c prints is in $work/out
udp() { bed_in client "$probe" udp "$client" 40001 "$server" 5202 5201 "$@" >"$work/out"; }
udp6() { bed_in client "$probe" udp "$client6" 40001 "$server6" 5202 5203 "$@" >"$work/out"; }
# way [N]: the addresses of the N-th route (the first one), "-" for a silent hop
way() { awk -v n="${1:-1}" '$1 == "route" {k++} $1 == "counts" {k += 100} k == n && $1 == "hop" {printf "%s%s", s, $3; s = " "}' "$work/out"; }
# head_of N: distance, by, of the N-th route
head_of() { awk -v n="$1" '$1 == "route" && ++k == n {print $3, $7}' "$work/out"; }
routers() { routers_all=; for r; do routers_all="$routers_all${routers_all:+ }$(chain_address "$r")"; done; echo "$routers_all"; }
routers6() { routers_all=; for r; do routers_all="$routers_all${routers_all:+ }$(chain_address "$r" 6)"; done; echo "$routers_all"; }
straight=$(routers r1 r2 r3 r4 r5)
# What the peer's sockets got, and how often they woke: datagrams, wakes, accepted, read, drops
peer() { sleep 0.15; cat "$work/peer${1:-}"; }
rest() { sleep 2; } # routers may answer again
# From here on routers answer without limits, so that each test can begin at once.
without_limits() {
    for host in r1 r2 r3 r4 r5 x3 y3 server; do
        bed_in $host sh -c 'echo 0 >/proc/sys/net/ipv4/icmp_ratelimit; echo 0 >/proc/sys/net/ipv6/icmp/ratelimit'
    done
    rest() { :; }
}
during() { # CHANGE...: the route changes between two traces
    rm -f "$work/first" "$work/go"
    udp trace "touch:$work/first" "wait:$work/go" watch:12 trace & during_pid=$!
    until_ok 20 test -e "$work/first"
    "$@"
    touch "$work/go"
    wait $during_pid
}
