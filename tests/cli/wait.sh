# wait.sh - --wait: a run that starts before its server waits for it, and is named after the time when it began to measure.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "--wait: built without libiperf"; exit 0; }
port=$(ports 2); none=$((port + 1))
# run FLAG...: in the background it is the process itself
run() { exec "$longhaul" run A B 127.0.0.1 -t 2 -b 1M -i 0.1 "$@"; }

run -p $port --dir "$work/waits" --wait 1m >"$work/out" 2>"$work/err" & waits=$!
run -p $none --dir "$work/plain" >/dev/null 2>"$work/plain.err" & plain=$!
since=$(date +%s)
run -p $none --dir "$work/vain" --wait 5s >/dev/null 2>"$work/vain.err" & vain=$!
run -p $none --dir "$work/ended" --wait 1h >/dev/null 2>"$work/ended.err" & ended=$!
wait $vain
like "--wait, and nobody comes: it fails" "$? $(said "$work/vain.err" | tail -n 1)" "^1 longhaul: A->B: 127.0.0.1 port $none: .*refused"
check "--wait, and nobody comes: not before the time is over" test $(($(date +%s) - since)) -ge 4
wait $plain
is "without --wait it has failed" $? 1
is "nothing is left of either" "$(ls "$work/plain" "$work/vain" 2>/dev/null | grep -c A-B)" 0
like "it says that it waits, and why" "$(said "$work/err")" "^A->B waits to connect: .*refused"
kill -TERM $ended; wait $ended
is "SIGTERM while it waits: exit status" $? 143
is "SIGTERM while it waits: nothing is left" "$(ls "$work/ended" | wc -l)" 0

background "$longhaul" serve -p $port --dir "$work/serve" 2>/dev/null
wait $waits
is "the server comes: exit status" $? 0
is "the server comes: every interval of the plan" "$(python3 tests/whole.py "$work"/waits/*.json 2 0.1)" whole
is "the reason was told once" "$(grep -c 'waits to connect' "$work/err")" 1
is "one result, and nothing else" "$(ls "$work/waits" | sed 's/.*\.//' | tr '\n' ' ')" "json "
is "the receiver's record has its name" "$(ls "$work/serve/receiver")" "$(ls "$work/waits")"
python3 - "$work"/waits/*.json <<'PY'
import datetime, json, re, sys
named = datetime.datetime.strptime(re.search(r"_(\d{8}_\d{6})\.json", sys.argv[1])[1], "%Y%m%d_%H%M%S").replace(tzinfo=datetime.timezone.utc).timestamp()
own = json.load(open(sys.argv[1]))["longhaul"]
first = own["first_interval_unix_us"] / 1e6 - 0.1
print(("ok" if -1 <= first - named < 4 else "not ok") + f" - it is named for its beginning ({first - named:.2f} s)")
print(("ok" if abs(own["start_unix_us"] / 1e6 - first) < 4 and not own["gaps"] else "not ok") + " - and so is its first line; no gap")
PY
(run -p $none --wait soon) 2>"$work/err"
like "no duration: misused" "$? $(cat "$work/err")" '^2 .*"soon"'
done_testing
