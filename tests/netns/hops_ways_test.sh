# hops_ways_test.sh - a router hashes five-tuples, or flow labels, over four links: the probes of a flow take the flow's own.
. tests/lib.sh
. tests/netns/bed.sh
. tests/netns/chain.sh
. tests/netns/hops.sh
bed_need "hops of a flow"
hops_make || { not_ok "hops_make"; exit 1; }
without_limits

# Ports that the system does not hand out: those of the probes that look for the distance are others.
if chain_route many; then
    for port in 20101 20102 20103 20104 20105 20106; do
        bed_in client "$probe" udp "$client" $port "$server" 5202 5201 send:5 trace watch:1.5 >"$work/out"
        bed_in client "$probe" tcp "$client" $((port + 100)) "$server" 5201 5201 send:5 trace >"$work/out"
    done
    chain_ways >"$work/ways"
    is "the probes of each flow took the flow's link, UDP and TCP" "$(awk '$2 > 20100 && $2 < 20300 {print $2}' "$work/ways" | sort | uniq -d)" ""
    is "all flows are there" "$(awk '$2 > 20100 && $2 < 20300 {print $2}' "$work/ways" | sort -u | wc -l)" 12
    check "more than one link was used: $(awk '$2 > 20100 && $2 < 20300 {print $1}' "$work/ways" | sort | uniq -c | xargs)" \
        test "$(awk '$2 > 20100 && $2 < 20300 {print $1}' "$work/ways" | sort -u | wc -l)" -gt 1
    check "each carried probes, not the flow alone" awk '$2 > 20100 && $2 < 20200 && $3 < 8 {bad = 1} END {exit bad}' "$work/ways"
    # A router that knows addresses and flow labels only, as Linux does by default.
    bed_in r2 sh -c 'echo 0 >/proc/sys/net/ipv6/fib_multipath_hash_policy'
    for port in 20301 20302 20303 20304 20305 20306; do
        bed_in client "$probe" udp "$client6" $port "$server6" 5202 5203 send:5 live watch:1.5 >"$work/out"
        bed_in client "$probe" tcp "$client6" $((port + 100)) "$server6" 5203 5203 send:5 live >"$work/out"
    done
    chain_ways >"$work/ways"
    is "IPv6: the probes take the flow's link also where flow labels are hashed" "$(awk '$2 > 20300 && $2 < 20500 {print $2}' "$work/ways" | sort | uniq -d)" ""
    check "more than one link was used: $(awk '$2 > 20300 && $2 < 20500 {print $1}' "$work/ways" | sort | uniq -c | xargs)" \
        test "$(awk '$2 > 20300 && $2 < 20500 {print $1}' "$work/ways" | sort -u | wc -l)" -gt 1
else
    skip "the flow's own way among four: needs a kernel with multipath routes"
fi
done_testing
