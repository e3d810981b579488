# hops_answers_test.sh - the prober of a flow's hops: forged and odd answers, no privilege, IPv6, TCP.
. tests/lib.sh
. tests/netns/bed.sh
. tests/netns/chain.sh
. tests/netns/hops.sh
bed_need "hops of a flow"
hops_make || { not_ok "hops_make"; exit 1; }
without_limits

# ---- forged and odd answers
forge() { # HOW [PORT]: instead of r3's own answers
    [ -z "${forge_pid:-}" ] || bed_kill "$forge_pid" 2>/dev/null
    bed_start r3 python3 tests/netns/hops_forge.py l3 "$(chain_address r3)" "$1" "${2:-40001}" >"$work/forge"; forge_pid=$!
    until_ok 10 says ready "$work/forge"
}
hop3() { awk '$1 == "hop" && $2 == 3' "$work/out"; }
chain_mute r3
forge wrong; udp trace
like "answers that are wrong in one thing do not count" "$(hop3)" '^hop 3 - 3/0 nan nan'
forge twice; udp trace
like "an answer that comes twice counts once" "$(hop3)" "^hop 3 $(chain_address r3) 3/3 "
forge labels; udp trace
like "MPLS labels are read" "$(hop3)" "^hop 3 $(chain_address r3) 3/3 .* labels 24005/0/0/1 16/5/1/254\$"
forge old; udp trace
like "also those of old routers" "$(hop3)" ' labels 24005/0/0/1 16/5/1/254$'
is "nobody else has labels" "$(grep -c labels "$work/out")" 1

forge alien; udp trace
like "a router may have any address" "$(hop3)" '^hop 3 203.0.113.9 3/3 '
forge refused 0
udp trace send:5 trace send:5 port:40011 trace send:5
# Linux tells a socket of such an answer by its next send.
is "a filter that refuses probes interrupts the flow once" "$(grep -c '^send: No route' "$work/out")" 1
like "nothing is known from there on" "$(way 2) $(way 3)" "^$(routers r1 r2) - - - $(routers r1 r2) - - -\$"
is "and nothing is sent there any more" "$(awk '$1 == "route" {k++} k > 1 && $1 == "hop" && $2 > 2 {print $4}' "$work/out" | sort -u)" "0/0"

# ---- filters that drop short datagrams: r2's, and this host's own
bed_kill "$forge_pid" 2>/dev/null; chain_unmute r3
if bed_in r2 nft add table inet chain_state 2>/dev/null && chain_filter r2 state forward "ct state invalid" 2>/dev/null; then
    seen=$(peer | cut -d' ' -f 1)
    udp send:1 trace trace
    is "a stateful filter drops short probes: plain ones, up to three hops before the peer" "$(way) $(way 2)" "$(routers r1 r2 r3) - - $(routers r1 r2 r3) - -"
    is "and the next trace knows" "$(awk '$1 == "route" {k++} k == 2 && $1 == "hop" && $2 < 4 {print $4}' "$work/out" | sort -u)" 3/3
    chain_pass r2 state
    chain_filter client state output "ct state invalid"
    udp send:1 trace
    like "this host's own filter does" "$(way)" "^$(routers r1 r2 r3)( - -)?\$"
    chain_pass client state
    is "the peer saw what the flow sent, and nothing else" "$(peer | cut -d' ' -f 1,3-5)" "$((seen + 2)) 0 0 0"
else
    skip "filters that drop short datagrams: needs a kernel with conntrack"
fi
chain_mute r3

# ---- without CAP_NET_RAW
cp "$probe" "$work/hops_probe" && chmod 755 "$work" "$work/hops_probe"
ordinary() { bed_in client setpriv --reuid 65534 --regid 65534 --clear-groups "$@" >"$work/out"; }
seen=$(peer | cut -d' ' -f 1,2,5)
if bed_in client setpriv --reuid 65534 --regid 65534 --clear-groups true 2>/dev/null; then
    forge labels
    ordinary "$work/hops_probe" udp "$client" 40001 "$server" 5202 5201 trace watch:3 counts trace
    is "an ordinary user, by the error queue" "$(head_of 1) $(way)" "6 errors $straight"
    like "labels, too" "$(hop3 | head -1)" ' labels 24005/0/0/1 16/5/1/254$'
    like "the watch stays three hops away" "$(awk '$1 == "counts" {seen = $5; exit} END {print seen}' "$work/out")" '^[123]$'
    bed_kill "$forge_pid" 2>/dev/null; chain_unmute r3; rest
    (sleep 2; touch "$work/peer.send") &
    ordinary "$work/hops_probe" udp "$client" 40001 "$server" 5202 5201 trace watch:3 read
    like "what the peer sends comes to the prober's socket" "$(cat "$work/out")" '^read 4$'
    rest
    ordinary "$work/hops_probe" udp "$client" 40001 "$server" 5202 5201 trace "wait:$work/go" loss loss & user_pid=$!
    until_ok 20 grep -q . "$work/out"
    chain_drop r2 40; touch "$work/go"; wait $user_pid
    is "40 % of the probes are lost: a trace because of loss finds the distance, and all hops" \
        "$(awk '$1 == "route" && ++k > 1 {print $3, $5}' "$work/out" | sort | uniq -c | xargs)" "2 6 5"
    is "each hop has its address" "$(way 2) $(way 3)" "$straight $straight"
    check "lost probes are waited for as long as it takes to know, not for a second each" \
        awk '$1 == "route" && ++k > 1 {seconds += $11} END {exit !(seconds > 8 && seconds < 27)}' "$work/out"
    chain_drop r2 0; rest
    chain_filter server deaf input "udp dport != 5202"
    ordinary "$work/hops_probe" udp "$client" 40001 "$server" 5202 5201 trace watch:1
    like "a peer that answers no closed port: no trace" "$(cat "$work/out")" '^route distance 0 n 0 by errors sent 0 '
    chain_pass server deaf; rest
    ordinary --inh-caps +net_raw --ambient-caps +net_raw "$work/hops_probe" udp "$client" 40001 "$server" 5202 5201 trace
    is "an ordinary user with CAP_NET_RAW alone, by raw sockets" "$(head_of 1) $(way)" "6 raw $straight"
    ordinary "$work/hops_probe" tcp "$client" 40002 "$server" 5201 5201 trace
    is "TCP needs it" "$(cat "$work/out")" "none: CAP_NET_RAW is lacking, without which TCP cannot be traced"
    is "the peer's UDP socket saw nothing" "$(peer | cut -d' ' -f 1,2,5)" "$seen"
    rest
    ordinary "$work/hops_probe" udp "$client6" 40001 "$server6" 5202 5203 trace
    is "IPv6 by the error queue" "$(head_of 1) $(way)" "6 errors $(routers6 r1 r2 r3 r4 r5)"
else
    skip "hops without CAP_NET_RAW: needs a second user"
    bed_kill "$forge_pid" 2>/dev/null; chain_unmute r3
fi

# ---- IPv6
rest
udp6 trace
is "IPv6: each hop" "$(head_of 1) $(way)" "6 raw $(routers6 r1 r2 r3 r4 r5)"
chain_filter server deaf input "tcp dport 5203"; rest
udp6 trace
is "IPv6: the distance is unknown" "$(head_of 1) $(way)" "0 raw $(routers6 r1 r2 r3 r4 r5)"
chain_pass server deaf
is "IPv6: the peer saw nothing" "$(peer 6)" "0 0 0 0 0"

# ---- TCP: an established connection
rest
accepted=$(peer | cut -d' ' -f 3) read=$(peer | cut -d' ' -f 4)
retransmitted() { bed_in client awk '$1 == "Tcp:" {v = $13} END {print v}' /proc/net/snmp; }
before=$(retransmitted)
bed_in client "$probe" tcp "$client" 40003 "$server" 5201 5201 send:10 trace send:10 trace send:10 watch:2 send:10 >"$work/out"
is "TCP: each hop by SYNs of the connection's five-tuple" "$(head_of 1) $(way)" "6 raw $straight"
is "TCP: one connection was accepted, all its bytes arrived" "$(peer | cut -d' ' -f 3,4)" "$((accepted + 1)) $((read + 8000))"
is "TCP: nothing was sent again, no error" "$(($(retransmitted) - before)) $(grep -c '^send' "$work/out")" "0 0"
rest
rm -f "$work/first" "$work/go"
bed_in client "$probe" tcp "$client" 40004 "$server" 5201 5201 trace "touch:$work/first" "wait:$work/go" watch:12 send:10 trace >"$work/out" & tcp_pid=$!
until_ok 20 test -e "$work/first"; chain_route shortest; touch "$work/go"; wait $tcp_pid
is "TCP: two hops less" "$(head_of 2) $(way 2)" "4 raw $(routers r1 r4 r5)"
is "TCP: the connection stays well" "$(peer | cut -d' ' -f 3,4) $(grep -c '^send' "$work/out")" "$((accepted + 2)) $((read + 10000)) 0"
chain_route straight
done_testing
