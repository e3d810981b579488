# host_drops_test.sh - a receiver that is too slow for its socket's buffer: the loss is its host's, and is said to be, to the datagram;
# a path that loses as much is not blamed on the host.
. tests/lib.sh
. tests/netns/bed.sh
bed_need "host drops"
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "host drops: built without libiperf"; exit 0; }
bed_make 2 || { not_ok "bed_make"; exit 1; }
for k in 1 2; do
    bed_start hub "$longhaul" serve -p 520$k --dir "$work/hub" 2>>"$work/serve.log"
    eval "server_$k=$!"
    bed_wait_port hub 520$k || not_ok "serve listens on 520$k"
done
bed_drop_random spoke2 hub 100; bed_arm spoke2 hub
bed_start spoke1 "$longhaul" run SLOW HUB "$(bed_address hub)" -p 5201 -t 8 -b 20M --dir "$work/24H" >"$work/run.log" 2>&1; leg=$!
bed_start spoke2 "$longhaul" run LOSSY HUB "$(bed_address hub)" -p 5202 -t 8 -b 2M --dir "$work/24H" >>"$work/run.log" 2>&1; other=$!
measuring() { grep -q '"event":"interval"' "$work"/24H/SLOW-*.journal 2>/dev/null; }
until_ok 20 measuring; sleep 1.5; bed_stop_process $server_1; sleep 1.5; bed_continue $server_1
wait $leg; is "the leg with the slow receiver: exit status" $? 0
wait $other; is "the leg over the path that loses: exit status" $? 0
dropped=$(bed_rcvbuf_errors hub)
recorded() { [ "$(ls "$work"/hub/receiver/*.json 2>/dev/null | wc -l)" = 2 ]; }
until_ok 10 recorded
"$longhaul" report "$work/24H" "$work/hub" --out "$work/out" --no-render --no-html >"$work/report.log" 2>&1
is "report: exit status" $? 0
notes=$(sed -n '/^## Validity notes/,/^## How/p' "$work/out/summary_report.md")
check "the bed made the host drop ($dropped)" test "$dropped" -gt 100
like "during the test the host's drops are named, all of them" "$(echo "$notes" | grep SLOW)" "host_drops: during the test the receiver's own host dropped packets: UDP sockets $dropped,"
# The counters are the host's, not a leg's: both legs end there.
like "and next to the other leg, which has a different loss" "$(grep -m 1 '^| LOSSY->HUB' "$work/out/summary_report.md")" '\| (7|8|9|10|11|12)\.[0-9]+ \|'
lost=$(python3 -c "import json,glob,sys; print(json.load(open(glob.glob(sys.argv[1])[0]))['end']['sum']['lost_packets'])" "$work/hub/receiver/SLOW-*.json")
is "what the receiver lost is what its host dropped" "$lost" "$dropped"
done_testing
