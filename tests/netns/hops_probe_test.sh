# hops_probe_test.sh - the prober of a flow's hops on a chain of five routers: what it finds, and that the peer's sockets see nothing of it.
. tests/lib.sh
. tests/netns/bed.sh
. tests/netns/chain.sh
. tests/netns/hops.sh
bed_need "hops of a flow"
hops_make || { not_ok "hops_make"; exit 1; }

# ---- all hops, and what is sent
bed_start r1 python3 tests/netns/hops_sniff.py l1 >"$work/sniff"; sniff_pid=$!
until_ok 10 says ready "$work/sniff"
udp trace
is "each hop has its address" "$(way)" "$straight"
is "the distance is the peer's, by raw sockets" "$(head_of 1)" "6 raw"
is "each hop answers each probe" "$(awk '$1 == "hop" {print $4}' "$work/out" | sort -u)" 3/3
like "round trips are measured" "$(awk '$1 == "hop" && $5 > 0 && $6 >= $5 && $6 < 1000' "$work/out" | wc -l)" '^5$'
sleep 0.2
n=$(grep -c '^4' "$work/sniff")
check "a trace sends 64 probes at most: $n" test "$n" -gt 15 -a "$n" -le 64
is "its probes have the flow's ports and one checksum" "$(awk '$2 == "udp" {print $5, $6, $7}' "$work/sniff" | sort -u | wc -l)" 1
is "each says more bytes than it has" "$(awk '$2 == "udp" && $8 + 20 <= $4' "$work/sniff" | wc -l)" 0
is "none but the distance is measured by SYNs" "$(awk '$2 == "tcp" && $9 == "02" {print $6}' "$work/sniff" | sort -u)" 5201
: >"$work/sniff"
udp trace loss
sleep 0.2
n=$(grep -c '^4' "$work/sniff")
check "a trace for loss sends 64 probes at most: $n with the one before" test "$n" -gt 65 -a "$n" -le 88
check "spread over seconds" awk '$1 == "route" && ++k == 2 {seen = $11 > 5 && $11 < 20} END {exit !seen}' "$work/out"
without_limits
: >"$work/sniff"
udp trace watch:6 counts
sleep 0.2
watched=$(awk '$1 == "counts" {seen = 1} seen && $1 == "hop" {split($8, n, "/"); sent += n[1]; good += n[2]} END {print sent, good}' "$work/out")
like "the watch of 6 s: probes, answered" "$watched" '^([3-6]) \1$'
bed_kill $sniff_pid 2>/dev/null
like "no change is seen while nothing changes" "$(cat "$work/out")" '^unchanged'
is "the peer saw nothing of all that" "$(peer)" "0 0 0 0 0"

# ---- the path moves, and becomes shorter
during chain_route other
like "a route that moves is noticed" "$(cat "$work/out")" '^changed'
is "and the next trace shows it" "$(way 2)" "$(routers r1 r2 x3 r4 r5)"
chain_route straight; rest
during chain_route longer
like "a longer route is noticed" "$(cat "$work/out")" '^changed'
is "and its distance" "$(head_of 2) $(way 2)" "7 raw $(routers r1 r2 x3 y3 r4 r5)"
chain_route straight; rest
during chain_route shorter
is "one hop less" "$(head_of 2) $(way 2)" "5 raw $(routers r1 r2 r4 r5)"
is "the peer saw nothing when the path became shorter" "$(peer)" "0 0 0 0 0"
chain_route straight; rest
during chain_route shortest
is "two hops less" "$(head_of 2) $(way 2)" "4 raw $(routers r1 r4 r5)"
is "the peer saw nothing when it became shorter by two" "$(peer)" "0 0 0 0 0"
chain_route straight; rest

# ---- the distance is unknown
chain_filter server deaf input "tcp dport 5201"
during chain_route shortest
is "a control port that does not answer: the route ends with the last router" "$(head_of 1) $(way 1)" "0 raw $straight"
is "also after it has become shorter by two" "$(head_of 2) $(way 2)" "0 raw $(routers r1 r4 r5)"
is "and the peer saw nothing of probes that did arrive" "$(peer)" "0 0 0 0 0"
check "the whole host's UDP InErrors count them" test "$(bed_udp server InErrors)" -gt 0
is "no datagram was delivered" "$(bed_udp server InDatagrams)" 0
chain_route straight; chain_pass server deaf; rest

# ---- silent hops, outages, loops
chain_mute r3
udp trace
is "a hop that answers nothing" "$(head_of 1) $(way)" "6 raw $(routers r1 r2) - $(routers r4 r5)"
chain_unmute r3; chain_mute r5; rest
udp trace
is "the last one, too" "$(head_of 1) $(way)" "6 raw $(routers r1 r2 r3 r4) -"
chain_unmute r5; rest
during chain_cut r3
like "nothing passes r3 any more: noticed" "$(cat "$work/out")" '^changed'
is "the trace ends there" "$(head_of 2) $(way 2)" "0 raw $(routers r1 r2 r3)"
chain_drop r3 0; rest
during chain_loop 4
like "a loop is noticed" "$(cat "$work/out")" '^changed'
like "its routers come again" "$(head_of 2) $(way 2)" "^0 raw $(routers r1 r2 r3 r4 r3)( |\$)"
check "and not for ever" test "$(way 2 | wc -w)" -le 12
chain_unloop 4; rest
done_testing
