# progress.sh - what a run shows: a table on a terminal, lines elsewhere, figures when it is asked.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "progress: built without libiperf"; exit 0; }

port=$(ports 2)
background "$longhaul" serve -p $port-$((port + 1)) --dir "$work/received" 2>"$work/serve.log"
server=$!
wait_port $port && wait_port $((port + 1)) || not_ok "it listens"
python3 tests/cli/progress.py "$longhaul" $port "$work" || failures=1

# Elsewhere: neither table nor colours; whoever asks is answered by both ends, and the processes that measure take no harm.
"$longhaul" run HK WUS 127.0.0.1 -p $port --both -t 4 -b 1M --dir "$work/plain-file" >"$work/out" 2>"$work/err" &
pid=$!
i=0
until [ "$(grep -c began "$work/err")" = 2 ] || [ $i = 100 ]; do sleep 0.1; i=$((i + 1)); done
sleep 1.2
for child in $(cat /proc/$pid/task/*/children /proc/$server/task/*/children); do kill -USR1 "$child"; done
kill -USR1 $pid $server
wait $pid
is "in a file: exit status" $? 0
is "in a file: no control characters" "$(tr -d '\n' <"$work/err" | tr -dc '\000-\037\177' | wc -c)" 0
like "SIGUSR1: the leg that is pushed" "$(grep 'left' "$work/err" | grep '^HK->WUS')" '^HK->WUS [1-4]S, [0-3]S left, [01]\.[0-9]{3} Mbps, loss unknown, 0 gaps, running$'
like "SIGUSR1: the leg that is pulled" "$(grep 'left' "$work/err" | grep '^WUS->HK')" '^WUS->HK [1-4]S, [0-3]S left, [01]\.[0-9]{3} Mbps, lost 0 \(0\.0000%\), 0 gaps, running$'
like "SIGUSR1 to serve: the leg that is pushed there" "$(grep 'left' "$work/serve.log")" "^port $port: HK->WUS [1-4]S, [0-3]S left, [01]\.[0-9]{3} Mbps, lost 0 \(0\.0000%\), 0 gaps, running$"
like "SIGUSR1 to serve: a test that it does not record" "$(grep "^port $((port + 1)): test from 127.0.0.1, " "$work/serve.log")" ' [1-4] intervals?, [0-9]+ bytes$'
is "SIGUSR1: no gap came of it" "$(grep -c 'gap' "$work/out")" 0
kill -USR1 $server
i=0
until grep -q "port $port: no test; last HK->WUS 4S, 0S left" "$work/serve.log" || [ $i = 50 ]; do sleep 0.1; i=$((i + 1)); done
like "SIGUSR1 to serve, after the test" "$(tail -n 2 "$work/serve.log" | head -n 1)" "^port $port: no test; last HK->WUS 4S, 0S left, - Mbps, lost 0 \(0\.0000%\), 0 gaps, done$"
done_testing
