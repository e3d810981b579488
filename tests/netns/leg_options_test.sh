# leg_options_test.sh - --dscp, -M and --bind-dev, seen by the kernel on the wire: marks by a packet filter, segments by their length,
# an interface by what it carried although the route leads to another one.
. tests/lib.sh
. tests/netns/bed.sh
bed_need "options of a leg"
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "options of a leg: built without libiperf"; exit 0; }

# near has two ways to far: w1, where the route leads, and w2. far answers by the way that the address belongs to.
make_ways() {
    bed_begin
    bed_hold near && bed_hold far || return 1
    for way in 1 2; do
        ip link add name w$way netns "$bed_pid_near" type veth peer name w$way netns "$bed_pid_far" || return 1
        for host in near:1 far:2; do
            bed_in ${host%:*} sh -c "ip address add 198.19.$way.${host#*:}/24 dev w$way && ip link set w$way up && ip link set lo up" || return 1
        done
    done
    bed_in far ip address add 198.19.9.9/32 dev lo && bed_in near ip route add 198.19.9.9/32 via 198.19.1.2 &&
        bed_in near ip route add 198.19.9.9/32 via 198.19.2.2 metric 100 || return 1
    for host in near far; do
        bed_in $host sh -c 'for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 >$f; done' || return 1
    done
    bed_in far nft -f - <<'END'
table inet seen {
    counter mark_ef { }
    counter mark_le { }
    counter other { }
    counter long { }
    counter segments { }
    chain input { type filter hook input priority 0;
        meta l4proto udp udp length > 100 ip dscp ef counter name mark_ef
        meta l4proto udp udp length > 100 ip dscp lephb counter name mark_le
        meta l4proto udp udp length > 100 ip dscp != { ef, lephb } counter name other
        meta l4proto tcp ip length > 200 tcp dport 5202 counter name segments
        meta l4proto tcp ip length > 652 tcp dport 5202 counter name long
    }
}
END
}
make_ways 2>"$work/made" || { skip "options of a leg: the network cannot be made here: $(head -n 1 "$work/made")"; exit 0; }
seen() { bed_in far nft list counter inet seen "$1" | awk '$1 == "packets" {print $2}'; }
carried() { bed_in near cat /proc/net/dev | awk -v d="$1:" '$1 == d {print $10}'; }
bed_start far "$longhaul" serve -p 5201,5202 -B 198.19.9.9 --dir "$work/far" 2>>"$work/serve.log"
bed_wait_port far 5201
leg() { bed_in near timeout 60 "$longhaul" run A B 198.19.9.9 -t 2 --dir "$work/near" --new "$@" >"$work/out" 2>&1; }

check "a leg marked EF" leg -b 1M --dscp ef
ef=$(seen mark_ef)
check "... its datagrams have that mark ($ef)" test "$ef" -gt 100
check "a leg marked LE by -S" leg -b 1M -S LE
check "... its datagrams have that mark" test "$(seen mark_le)" -gt 100
is "... no datagram has another one" "$(seen other)" 0
is "the record has the marks" "$(cat "$work"/near/*.json | grep -o '"tos": *[0-9]*,"' | sort -u | tr -dc '0-9\n' | tr '\n' ' ')" "184 4 "

# The kernel's receive offload joins segments on a veth only where GRO is on; it is off by default.
bed_in far ethtool -K w1 gro off 2>/dev/null
bed_in near sh -c 'ip link set w1 gso_max_segs 1 2>/dev/null; ethtool -K w1 tso off gso off 2>/dev/null' || :
if bed_in near ip -d link show w1 | grep -q 'gso_max_segs 1 '; then
    check "a TCP leg with segments of 600 bytes" leg -p 5202 --tcp -b 5M -M 600
    check "... many arrive" test "$(seen segments)" -gt 1000
    is "... none is longer" "$(seen long)" 0
else
    skip "segments on the wire: this ip cannot switch segmentation off"
fi

one=$(carried w1) two=$(carried w2)
check "a leg bound to the other interface" leg -b 8M --bind-dev w2
one=$(($(carried w1) - one)) two=$(($(carried w2) - two))
check "... all its data went there ($two bytes, $one where the route leads)" test $two -gt 1900000 -a $one -lt 20000
is "... and the record says so" "$(cat "$work"/near/*.json | grep -o '"bind_device": *"[^"]*"' | sort -u)" '"bind_device":"w2"'
leg -b 1M --bind-dev w3
is "an interface that is not there is refused before the start" "$? $(grep -c "^.*longhaul run: --bind-dev w3: this host has no such interface (longhaul run --help)$" "$work/out") $(grep -c . "$work/out")" "2 1 1"
done_testing
