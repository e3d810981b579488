# delay_route_test.sh - a route that gets 2 ms longer, and shorter again, while a leg runs; datagrams that a relay delays or delivers again, by
# their numbers: what is told is what a packet socket at the receiver saw.
. tests/lib.sh
. tests/netns/bed.sh
bed_need "routes and order"
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "routes and order: built without libiperf"; exit 0; }
(: <>/dev/net/tun) 2>/dev/null || { skip "routes and order: needs /dev/net/tun, and the right to open it"; exit 0; }
bed_make 1 || { not_ok "bed_make"; exit 1; }

# 863 datagrams a second: the first change after 7.5 s, the second one after 14 s, then each of the others within 0.7 s.
python3 tests/netns/delay_route.py plan >"$work/plan"
# From spoke1 (A) to the hub (B).
# shellcheck disable=SC2154
setpriv --pdeathsig KILL python3 tests/netns/delay_line.py "$bed_pid_spoke1" 10.0.1.1 "$bed_pid_hub" 10.0.1.2 5 0 "$work/wire" 0 "$work/plan" &
bed_started="$bed_started $!"
until_ok 10 test -e "$work/wire"
bed_start spoke1 "$longhaul" serve -p 5201 --dir "$work/spoke" 2>"$work/serve.log"
bed_wait_port spoke1 5201
bed_start spoke1 python3 tests/netns/capture.py wire "$work/sent" >"$work/sent.log"; at_spoke=$!
bed_start hub python3 tests/netns/capture.py "wire$bed_pid_spoke1" "$work/got" >"$work/got.log"; at_hub=$!
is_watching() { grep -q ready "$work/sent.log" && grep -q ready "$work/got.log"; }
until_ok 10 is_watching
# What a busy machine reads late has room.
room=; [ "$(cat /proc/sys/net/core/rmem_max)" -lt 2097152 ] || [ "$(cat /proc/sys/net/core/wmem_max)" -lt 2097152 ] || room="-w 2M"
# shellcheck disable=SC2086
bed_in hub "$longhaul" run --pull A B 10.0.1.1 -p 5201 -l 1448 $room -i 0.5 -t 27 --dir "$work/leg" >"$work/run.log" 2>&1
is "exit status" $? 0
sleep 0.3; bed_kill $at_spoke TERM; bed_kill $at_hub TERM
python3 tests/netns/delay_route.py check "$work/plan" "$work"/leg/A-B-*.json "$work/sent" "$work/got" || failures=1
done_testing
