# reload.sh - SIGUSR2: a topology that changes while legs run: those that go on have no gap, others end or begin, ports are opened.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "reload: built without libiperf"; exit 0; }
p=$(ports 9); t=$work/t.json
# topology LEGS LAST_PORT_OF_W
topology() {
    cat >"$work/new" <<JSON
{ "format": 1, "stagger": 0, "defaults": { "rate": "200K", "duration": "16s" }, "legs": [$1],
  "sites": { "W": { "address": "127.0.0.1", "ports": "$p-$2" }, "V": { "address": "127.0.0.1", "ports": "$((p + 6))-$((p + 8))" },
             "A": { "bind": "127.0.0.1" }, "B": { "bind": "127.0.0.1" } } }
JSON
    mv "$work/new" "$t"
}
start() { # NAME COMMAND...
    name=$1; shift
    "$longhaul" "$@" >"$work/$name.out" 2>"$work/$name.err" &
    eval "$name=$!"; started="$started $!"
}
rows() { cat "$work"/"$1"/"$2"-*.journal 2>/dev/null | grep -c '"event":"interval"'; }
has_rows() { [ "$(rows "$1" "$2")" -ge "$3" ]; }
field() { python3 -c 'import json, sys; d = json.load(open(sys.argv[1]))["longhaul"]; print(eval(sys.argv[2]))' "$1" "$2"; }
result() { ls "$work/$1/$2"-*.json 2>/dev/null | head -n 1; }
children() { cat "/proc/$1/task"/*/children | tr ' ' '\n' | while read -r c; do
    [ -z "$c" ] || ! tr '\0' ' ' <"/proc/$c/cmdline" | grep -q -e "$2" || echo "$c"; done; }

topology '{"leg": "A-W", "port": '$p'}, {"leg": "W-A", "port": '$((p + 1))', "rate": "300K"}' $((p + 1))
start w serve --config "$t" --site W --dir "$work/w" --metrics "$work/w.prom"
start v serve --config "$t" --site V --dir "$work/v"
wait_port $((p + 1)); wait_port $((p + 6))
start a run --config "$t" --site A --dir "$work/a" --ne --wait 10s --metrics "$work/a.prom"
check "both legs run" until_ok 10 has_rows a A-W 2
check "the other, too" until_ok 10 has_rows a W-A 2
echo '{ "format": 1' >"$work/new"; cp "$t" "$work/good"; mv "$work/new" "$t"
kill -USR2 "$a" "$w"
check "a file that cannot be read: run goes on" until_ok 5 says 'everything goes on as before' "$work/a.err"
check "a file that cannot be read: serve goes on" until_ok 5 says 'everything goes on as before' "$work/w.err"
mv "$work/good" "$t"; before=$(rows a A-W)
kill -USR2 "$a" "$w"; sleep 1
is "nothing changed: no other process" "$(children "$a" '--leg')$(children "$w" '--port')" ""

# W-A leaves, A-V comes; W gets a port, and a leg from B.
topology '{"leg": "A-W", "port": '$p'}, {"leg": "B-W", "port": '$((p + 2))', "duration": "4s"}, {"leg": "A-V", "duration": "8s"}' $((p + 2))
kill -USR2 "$w"
check "serve opens the new port" wait_port $((p + 2))
is "with the metrics of its own" "$(until_ok 10 test -s "$work/w.2.prom"; grep -c "port_busy.*port=\"$((p + 2))\"" "$work/w.2.prom")" 1
kill -USR2 "$a"
check "the leg that left ends, with a result" until_ok 10 test -n "$(sleep 2; result a W-A)"
is "it was stopped" "$(field "$(result a W-A)" 'd["stopped_s"] < 16')" True
check "the new leg begins" until_ok 10 has_rows a A-V 1
other=$(children "$a" '--leg A-V')
like "in another process, with the same flags" "$(tr '\0' ' ' <"/proc/$other/cmdline")" "run --config .*t.json --site A --dir .* --leg A-V --metrics $work/a.2.prom --resume"
start b run --config "$t" --site B --dir "$work/b"
{ for i in $(seq 500); do kill -USR1 "$a"; sleep 0.001; done; } & storm=$!
kill -KILL "$other"
check "killed, it is started again" until_ok 10 says 'ended by signal 9: it is started again' "$work/a.err"
wait $storm
asked() { kill -USR1 "$a"; says 'A->V .*running' "$work/a.err"; }
check "SIGUSR1 asks the other process, too" until_ok 10 asked
is "and ends none that does not listen yet" "$(grep 'ended by signal 10' "$work/a.err")" ""
wait "$b"; is "the leg over the new port" $? 0
is "it is recorded where a leg of this site belongs" "$(ls "$work/w/receiver" | grep -c '^B-W-.*json$') $(ls "$work/w/receiver/strangers" 2>/dev/null)" "1 "
wait "$a"; status=$?
is "the run waits for all, and tells of the gap" "$status" 4
is "the leg that went on has no gap" "$(field "$(result a A-W)" '(len(d["gaps"]), len(d["segments"]), d["coverage"])')" "(0, 1, 1.0)"
is "the new one has one, of the kill" "$(field "$(result a A-V)" '[g["cause"] for g in d["gaps"]]')" "['restarted']"
is "and nothing is left open" "$(ls "$work/a" | grep -c 'journal$')" 1
# A leg in another way: it ends, and begins anew.
rm -rf "$work/a"
topology '{"leg": "A-W", "port": '$p', "duration": "60s"}' $((p + 2))
start a run --config "$t" --site A --dir "$work/a"
check "a leg runs" until_ok 10 has_rows a A-W 2
topology '{"leg": "A-W", "port": '$p', "duration": "60s", "rate": "300K"}' $((p + 2))
kill -USR2 "$a"
rate_is() { ls "$work"/a/A-W-300K*.journal >/dev/null 2>&1; }
check "its rate changes: it begins anew" until_ok 15 rate_is
is "and ends as it was" "$(ls "$work"/a/A-W-200K*.json | wc -l)" 1
other=$(children "$a" '--leg A-W')
kill -TERM "$a"; wait "$a"; is "SIGTERM ends all" $? 143
check "the other process is over before" gone "$other"
is "with results" "$(ls "$work"/a/A-W-300K*.json | wc -l)" 1
other=$(children "$w" "--port $((p + 2))")
kill -KILL "$w"; check "a server that is killed takes the other with it" gone "$other"
done_testing
