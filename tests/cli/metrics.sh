# metrics.sh - the metrics files of run and serve: what promtool says of them, counters over broken sessions and restarts, a file that
# cannot be written.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "metrics: built without libiperf"; exit 0; }
watched=$BUILD/tests/tools/watched
export longhaul

port=$(ports 4)
serve() { # PORT: in the background, its id in $!
    "$longhaul" serve -p $1 --dir "$work/received" --metrics "$work/serve.prom" 2>>"$work/serve.log" &
    started="$started $!"
}
serve $port; server=$!
wait_port $port || not_ok "it listens"
watch() { # NAME: every version of its file
    touch "$work/$1.samples.on"
    python3 tests/cli/metrics.py watch "$work/$1.prom" 60 "$work/$1.samples" & watcher=$!
    started="$started $watcher"
}
# measuring FOLDER: its leg has had an interval
measuring() { grep -q '"event":"interval"' "$work/$1"/*.journal 2>/dev/null; }
unwatch() { rm "$work/$1.samples.on"; wait $watcher; }

# A session breaks: the server is killed and comes again.
for way in push pull; do
    watch $way
    $watched "$work/$way.prom" $port 8 $way "$work/$way" >"$work/$way.status" 2>"$work/$way.err" & leg=$!
    until_ok 30 measuring $way; sleep 2
    kill -KILL $server; wait $server 2>/dev/null
    serve $port; server=$!
    wait_port $port || not_ok "broken, $way: the server came again: $(tail -n 1 "$work/serve.log")"
    wait $leg
    is "broken, $way: exit status" $? 0
    unwatch $way
    python3 tests/cli/metrics.py check "broken, $way" "$work/$way.samples" "$work/$way.status" "$work/$way"/*.json || failures=1
    is "broken, $way: it waited, and said so" "$(grep -c 'state=\\"waiting\\"} 1' "$work/$way.samples" | sed 's/^[1-9].*/some/')" some
done

# longhaul itself is killed and resumed: the counters go on where they were.
watch again
$watched "$work/again.prom" $port 9 pull "$work/again" >"$work/again.status" 2>"$work/again.err" & leg=$!
until_ok 30 measuring again; sleep 2
kill -KILL $leg; wait $leg 2>/dev/null
sleep 1
$watched "$work/again.prom" $port 9 pull "$work/again" resume >"$work/again.status" 2>>"$work/again.err"
is "killed and resumed: exit status" $? 0
unwatch again
python3 tests/cli/metrics.py check "killed and resumed" "$work/again.samples" "$work/again.status" "$work/again"/*.json || failures=1

# The command's own, at its start and its end; serve's for what was pushed to it.
"$longhaul" run HK WUS 127.0.0.1 -p $port -t 2 -b 1M --dir "$work/command" --metrics "$work/command.prom" >/dev/null 2>"$work/command.err"
is "the command: exit status" $? 0
is "the command: done" "$(grep -c '^longhaul_run_state{src="HK",dst="WUS",state="done"} 1$' "$work/command.prom")" 1
is "readable for a collector" "$(stat -c %a "$work/command.prom")" 644
kill -TERM $server; wait $server
is "serve: its last file has the leg" "$(grep -c '^longhaul_serve_state{src="HK",dst="WUS",state="done"} 1$' "$work/serve.prom")" 1
is "serve: its bytes are the record's" "$(sed -n 's/^longhaul_serve_bytes_total{src="HK",dst="WUS"} //p' "$work/serve.prom")" \
    "$(python3 -c "import json,glob,sys; print(json.load(open(max(glob.glob(sys.argv[1]))))['end']['sum']['bytes'])" "$work/received/receiver/HK-WUS-1M_2S_*.json")"
is "serve: its delays are the record's" "$(sed -n 's/^longhaul_serve_delay_seconds_count{src="HK",dst="WUS"} //p' "$work/serve.prom")" \
    "$("$longhaul" show --json "$(ls "$work"/received/receiver/HK-WUS-1M_2S_*.json)" | python3 -c "import json,sys; print(int(json.load(sys.stdin)['delay']['n_datagrams']))")"
like "serve: a port" "$(grep "port=\"$port\"" "$work/serve.prom" | tr '\n' ' ')" "port_busy.* 0 .*tests_total.* [1-9]"
is "each is in the manual, with its type" "$(cat "$work"/*.prom | sed -n 's/^# TYPE //p' | sort -u | while read -r name type; do
    grep -E '^\.It Cm' man/longhaul-metrics.5 | grep -w "$name" | grep -q "($type" || echo "$name $type"; done)" ""
is "nothing else is left next to them" "$(ls "$work" | grep -c 'prom\.')" 0
if command -v promtool >/dev/null; then
    for f in push pull again command serve; do
        promtool check metrics <"$work/$f.prom" >"$work/$f.lint" 2>&1
        is "promtool check metrics: $f" "$? $(cat "$work/$f.lint")" "0 "
    done
else
    skip "promtool check metrics: needs promtool (Debian: prometheus)"
fi

# What cannot be written.
"$longhaul" run HK WUS 127.0.0.1 -p $port -t 1 --dir "$work/none" --metrics "$work/missing/x.prom" 2>"$work/err"
is "a folder that is not there: exit status" $? 1
is "a folder that is not there: one line" "$(said "$work/err")" "longhaul: $work/missing/x.prom: No such file or directory"
is "a folder that is not there: nothing was begun" "$(ls "$work/none" 2>/dev/null)" ""
"$longhaul" serve -p $((port + 1)) --metrics "$work/missing/x.prom" 2>"$work/err"
is "serve, a folder that is not there: exit status" $? 1
is "serve, a folder that is not there: one line" "$(said "$work/err" | tail -n 1)" "longhaul: $work/missing/x.prom: No such file or directory"
mkfifo "$work/pipe"
"$longhaul" run HK WUS 127.0.0.1 -p $port -t 1 --dir "$work/none" --metrics "$work/pipe" 2>"$work/err"
is "no file but a pipe or a device: refused, and left alone" "$? $(said "$work/err") $(test -p "$work/pipe" && echo there)" "1 longhaul: $work/pipe: exists and is not a file there"
"$longhaul" run HK WUS 127.0.0.1 --metrics "" 2>"$work/err"
is "no name: exit status" $? 2
serve $((port + 2)); wait_port $((port + 2))
mkdir "$work/vanishing"
$watched "$work/vanishing/x.prom" $((port + 2)) 5 push "$work/vanished" >/dev/null 2>"$work/err" & leg=$!
until_ok 20 test -s "$work/vanishing/x.prom"
mv "$work/vanishing" "$work/elsewhere"
until_ok 20 says 'No such file' "$work/err"
mkdir "$work/vanishing"
wait $leg
is "a folder that vanishes: the test goes on" $? 0
is "a folder that vanishes: said once, and when it is well again" "$(cat "$work/err")" "note: $work/vanishing/x.prom: No such file or directory
note: "
done_testing
