# kill_nine.sh - kill -9 of the whole process group at 100 random moments: recover brings back every interval but the one in progress,
# counted against a clock of the test's own (kill_nine.py).
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "kill -9 at random moments: built without libiperf"; exit 0; }
command -v iperf3 >/dev/null || { skip "kill -9 at random moments: needs iperf3"; exit 0; }
slots=10
port=$(ports $((2 * slots))); server=$((port + slots))
background "$longhaul" serve -p $server-$((server + slots - 2)) --dir "$work/received" >/dev/null 2>"$work/serve.log"
background iperf3 -s -p $((server + slots - 1)) >/dev/null 2>&1
for at in $server $((server + slots - 1)); do wait_port $at || not_ok "server listens"; done
python3 tests/cli/kill_nine.py "$longhaul" "$work" 100 $port $server $slots || { failures=1; tail -n 20 "$work/serve.log"; }
done_testing
