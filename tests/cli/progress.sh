# progress.sh - the output of a run: a table on a terminal, lines elsewhere, figures on request.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "progress: built without libiperf"; exit 0; }

port=$(ports 2)
background "$longhaul" serve -p $port-$((port + 1)) --dir "$work/received" 2>"$work/serve.log"
server=$!
wait_port $port && wait_port $((port + 1)) || not_ok "it listens"
python3 tests/cli/progress.py "$longhaul" $port "$work" || failures=1

# Elsewhere: neither table nor colours; both ends answer requests, and the measuring processes are not disturbed.
"$longhaul" run HK WUS 127.0.0.1 -p $port --both -t 8 -b 1M --dir "$work/plain-file" >"$work/out" 2>"$work/err" &
pid=$!
# The second row of each: by now both ends have had an interval.
rows() { cat "$work"/plain-file/$1-*.journal "$work"/received/receiver/$1-*.journal 2>/dev/null | grep -c '"event":"interval"'; }
has_rows() { [ "$(rows HK-WUS)" -ge 4 ] && [ "$(rows WUS-HK)" -ge 2 ]; }
until_ok 30 has_rows
for child in $(cat /proc/$pid/task/*/children /proc/$server/task/*/children); do kill -USR1 "$child"; done
kill -USR1 $pid $server
wait $pid
is "in a file: exit status" $? 0
is "in a file: no control characters" "$(tr -d '\n' <"$work/err" | tr -dc '\000-\037\177' | wc -c)" 0
like "SIGUSR1: the leg that is pushed" "$(said "$work/err" | grep left | grep '^HK->WUS')" '^HK->WUS 0:00:0[1-8] elapsed, 0:00:0[0-7] left, sent [01]\.[0-9]{3} Mbps, loss known at the receiver, 0 gaps, running$'
like "SIGUSR1: the leg that is pulled" "$(said "$work/err" | grep left | grep '^WUS->HK')" '^WUS->HK 0:00:0[1-8] elapsed, 0:00:0[0-7] left, [01]\.[0-9]{3} Mbps, lost 0 \(0\.0000%\), delay p99 [0-9.]+ ms, 0 gaps, running$'
like "SIGUSR1 to serve: the leg that is pushed there" "$(said "$work/serve.log" | grep left)" "^port $port: HK->WUS 0:00:0[1-8] elapsed, 0:00:0[0-7] left, [01]\.[0-9]{3} Mbps, lost 0 \(0\.0000%\), delay p99 [0-9.]+ ms, 0 gaps, running$"
like "SIGUSR1 to serve: a test that it does not record" "$(said "$work/serve.log" | grep "^port $((port + 1)): test from 127.0.0.1, ")" ' [1-8] intervals?, [0-9]+ bytes$'
is "SIGUSR1: no gap came of it" "$(grep -c 'gap' "$work/out")" 0
is_recorded() { ls "$work"/received/receiver/HK-WUS-1M_8S_*.json >/dev/null 2>&1; }
until_ok 10 is_recorded
kill -USR1 $server
until_ok 10 says "port $port: no test" "$work/serve.log"
like "SIGUSR1 to serve, after the test" "$(said "$work/serve.log" | grep "^port $port: no test")" "^port $port: no test; last HK->WUS 0:00:08 elapsed, 0:00:00 left, - Mbps, lost 0 \(0\.0000%\), delay p99 [0-9.]+ ms, 0 gaps, done$"

# The totals: those of all datagrams, as the result has them, to a microsecond; none of what this host sends.
delay_in() { sed -nE 's/.*, delay p99 ([0-9.]+) ms.*/\1/p'; }
alike() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a > 0 && b > 0 && a - b <= 0.001 && b - a <= 0.001) }'; }
check "a leg that is pulled: its last line has the delay p99 of its result" alike "$(grep '^WUS->HK' "$work/out" | delay_in)" \
    "$("$longhaul" show "$work"/plain-file/WUS-HK-*.json | delay_in)"
is "... and a leg that is pushed has none" "$(grep '^HK->WUS' "$work/out" | grep -c delay)" 0
until_ok 10 says "port $port: HK->WUS: ended after 8 intervals" "$work/serve.log"
check "serve: the end of a test has the delay p99 of its record" alike "$(said "$work/serve.log" | grep "^port $port: HK->WUS: ended after 8 " | delay_in)" \
    "$("$longhaul" show "$work"/received/receiver/HK-WUS-1M_8S_*.json | delay_in)"
"$longhaul" run HK WUS 127.0.0.1 -p $port --pull --tcp -t 2 --dir "$work/tcp" >"$work/tcp.out" 2>"$work/tcp.err"
is "TCP: no word of delays in queues" "$? $(cat "$work/tcp.out" "$work/tcp.err" | grep -c 'delay')" "0 0"
done_testing
