# flows_test.sh - a leg of 16 flows over a router that chooses among four ways by ports, one of which loses 5 %: the flows on it are
# named, all of them and no other. The truth is what the ways carried, by port. FLOWS_ROUNDS runs, of FLOWS_SECONDS each.
. tests/lib.sh
. tests/netns/bed.sh
bed_need "flows"
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "flows: built without libiperf"; exit 0; }
rounds=${FLOWS_ROUNDS:-1} seconds=${FLOWS_SECONDS:-15}

# hub - router = w1 w2 w3 w4 = beyond - far: the router hashes five-tuples, as a bundle of links does.
make_ways() {
    bed_make 0 || return 1
    bed_hold beyond && bed_hold far || return 1
    ip link add name eth0 netns "$bed_pid_far" mtu 1500 type veth peer name far mtu 1500 netns "$bed_pid_beyond" || return 1
    bed_in far sh -c 'ip address add 198.19.9.2/24 dev eth0 && ip link set eth0 up && ip route add default via 198.19.9.1' || return 1
    bed_in beyond sh -c 'ip address add 198.19.9.1/24 dev far && ip link set far up && echo 1 >/proc/sys/net/ipv4/ip_forward
        echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter' || return 1
    bed_in router sh -c 'echo 1 >/proc/sys/net/ipv4/fib_multipath_hash_policy; echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter'
    next=
    for way in 1 2 3 4; do
        ip link add name w$way netns "$bed_pid_router" mtu 1500 type veth peer name w$way mtu 1500 netns "$bed_pid_beyond" || return 1
        bed_in router sh -c "ip address add 198.19.$way.1/24 dev w$way && ip link set w$way up && echo 0 >/proc/sys/net/ipv4/conf/w$way/rp_filter" &&
            bed_in beyond sh -c "ip address add 198.19.$way.2/24 dev w$way && ip link set w$way up && echo 0 >/proc/sys/net/ipv4/conf/w$way/rp_filter" || return 1
        next="$next nexthop via 198.19.$way.2 dev w$way"
    done
    bed_in router ip route add 198.19.9.0/24 $next || return 1
    bed_in beyond ip route add 198.18.0.0/24 via 198.19.1.1 || return 1
    # Which ports a way carries, and 5 % of what it carries, are the filter's.
    bed_in beyond nft -f - <<'END' || return 1
table inet ways {
set ports1 { type inet_service; flags dynamic; size 1024; }
set ports2 { type inet_service; flags dynamic; size 1024; }
set ports3 { type inet_service; flags dynamic; size 1024; }
set ports4 { type inet_service; flags dynamic; size 1024; }
counter lost { }
chain ill { }
chain forward { type filter hook forward priority 0;
    iifname w1 udp length > 100 update @ports1 { udp sport }
    iifname w2 udp length > 100 update @ports2 { udp sport }
    iifname w3 udp length > 100 update @ports3 { udp sport }
    iifname w4 udp length > 100 update @ports4 { udp sport }
    jump ill
}
}
END
}
make_ways || { not_ok "the network"; exit 1; }
bed_start far "$longhaul" serve -p 5201 --dir "$work/far" 2>>"$work/serve.log"
bed_wait_port far 5201
round=0
while [ $round -lt "$rounds" ]; do
    round=$((round + 1))
    way=$((round % 4 + 1))
    bed_in beyond nft -f - <<END
flush set inet ways ports1
flush set inet ways ports2
flush set inet ways ports3
flush set inet ways ports4
flush chain inet ways ill
add rule inet ways ill iifname w$way udp length > 100 numgen random mod 1000 < 50 counter name lost drop
END
    bed_in beyond nft reset counter inet ways lost >/dev/null
    rm -rf "$work/$round" "$work/far/receiver"
    bed_in hub "$longhaul" run A B 198.19.9.2 -p 5201 -t "$seconds" --flows 16 --dir "$work/$round" >"$work/run.log" 2>&1
    is "round $round: exit status" $? 0
    recorded() { ls "$work"/far/receiver/*.json >/dev/null 2>&1; }
    until_ok 10 recorded
    bed_in beyond nft -j list table inet ways >"$work/ways.json"
    python3 tests/netns/flows_truth.py "$longhaul" "$work/$round" "$work/far/receiver" "$work/ways.json" "$way" || failures=1
done
done_testing
