# server_loop.sh - a server in a program with an event loop of its own: tests, clients that say nothing, a stop, all without a timeout of poll().
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "server_loop: built without libiperf"; exit 0; }
port=$(ports 1)
background "$BUILD/tests/tools/serve_loop" $port "$work/received" >"$work/said" 2>"$work/err"
server=$!
until_ok 30 says '^idle$' "$work/said" || not_ok "a thousand calls without a client: $(cat "$work/err")"
is "a thousand calls without a client return at once; the port is idle" "$(grep -v listening "$work/said")" idle
"$longhaul" run HK WUS 127.0.0.1 -p $port -b 1M -t 2 --dir "$work/sent" >"$work/out" 2>"$work/run.err"
is "a leg is pushed: exit status" $? 0
until_ok 10 says '^ended' "$work/said"
like "... and recorded, with loss" "$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["end"]["sum"]["lost_packets"])' "$work"/received/receiver/HK-WUS-*.json)" '^0$'
"$longhaul" run WUS HK 127.0.0.1 -p $port -b 1M -t 2 --pull --dir "$work/sent" >"$work/out" 2>"$work/run.err"
is "the next one is pulled: exit status" $? 0
# Whoever says nothing is dropped when its time is over: nothing else happens then.
check "a client that says nothing is dropped when its time is over" python3 - $port <<'PY'
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.settimeout(60)
sys.exit(s.recv(1) != b"")
PY
"$longhaul" run HK WUS 127.0.0.1 -p $port -b 1M -t 30 --dir "$work/long" >/dev/null 2>"$work/run.err" &
pid=$!
has_row() { grep -qs '"event":"interval"' "$work"/received/receiver/HK-WUS-1M_30S_*.journal; }
until_ok 20 has_row
# One that waits behind the test, with more bytes than it should have sent by now, does not keep the loop busy.
python3 - $port <<'PY'
import socket, sys, time
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.sendall(b"a" * 36 + b"\0" + b"x" * 500)
time.sleep(3)
PY
kill $server; wait $server
is "a stop in mid-test: exit status" $? 0
like "... the last calls return 0, and none from a callback" "$(tail -n 2 "$work/said" | head -1)" '^over: 0, again 0, the same descriptor 1, refused inside 1$'
is "... and the record is whole" "$(ls "$work"/received/receiver/HK-WUS-1M_30S_*.json | wc -l)" 1
check "the loop has turned for a reason: $(tail -n 1 "$work/said")" test "$(sed -n 's/^turns //p' "$work/said")" -lt 5000
kill $pid; wait $pid

# What arrives while the figures of a moment ago are shown is shown soon, also if nothing happens in the second after it.
port=$(ports 1)
background "$BUILD/tests/tools/serve_shown" $port "$work/shown" 4 >"$work/shown.out" 2>&1
server=$!
sleep 0.3
"$longhaul" run HK WUS 127.0.0.1 -p $port -b 1M -t 20 --no-hops --dir "$work/of_shown" >/dev/null 2>"$work/run.err" &
pid=$!
until_ok 25 says 'shown soon$' "$work/shown.out"
like "what arrived is shown soon, also when nothing happens in the next second" "$(cat "$work/shown.out")" '^[2-4] of 4 shown soon$'
kill $pid; wait $pid
done_testing
