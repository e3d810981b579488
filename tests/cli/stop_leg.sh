# stop_leg.sh - one leg of three is stopped by another thread, by a signal handler, by its own callback, by a callback of another leg. The
# others go on; its record ends there, says so, and can be resumed.
. tests/lib.sh
command -v iperf3 >/dev/null || { skip "stop: needs iperf3"; exit 0; }
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "stop: built without libiperf"; exit 0; }
rough=$BUILD/tests/host/rough
ways="stop-thread:loop stop-signal:wait stop-action:loop stop-other:wait stop-signal:loop"
port=$(ports 15); n=0
while [ $n -lt 15 ]; do background iperf3 -s -p $((port + n)) >/dev/null 2>&1; n=$((n + 1)); done
n=0; while [ $n -lt 15 ]; do wait_port $((port + n)) || not_ok "server $n listens"; n=$((n + 1)); done
n=0; pids=
for way in $ways; do
    "$rough" "${way%:*}" "${way#*:}" "$work/$way" 9 $((port + n)) $((port + n + 1)) $((port + n + 2)) >"$work/$way.out" 2>&1 &
    pids="$pids $way=$!"; n=$((n + 3))
done
# own FILE EXPRESSION: of the object "longhaul" of a result
own() { python3 -c "import json, sys; r = json.load(open(sys.argv[1])); o = r['longhaul']; print($2)" "$1"; }
n=0
for one in $pids; do
    way=${one%=*}
    wait "${one#*=}"
    is "$way: exit status" $? 0
    cat "$work/$way.out"
    stopped=$(echo "$work/$way"/S1-HUB-*.json)
    is "$way: its record says when it was stopped, where its last session ends" \
        "$(own "$stopped" "abs(o['stopped_s'] - o['segments'][-1]['end_s']) < 2 and 3 <= o['stopped_s'] < 9 and 'sum' in r['end']")" True
    is "$way: the others' records do not" "$(own "$(echo "$work/$way"/S0-HUB-*.json)" "'stopped_s' in o")" False
    like "$way: show says so" "$("$longhaul" show "$stopped")" ", stopped on request after [3-8](\.[0-9]+)? s of 9 s, "
    is "$way: show says it of that one alone" "$("$longhaul" show "$work/$way" | grep -c 'stopped on request')" 1
    is "$way: so does its JSON" "$("$longhaul" show --json "$work/$way" | python3 -c "
import json, sys
print([(t['source'], t['stopped_s'] is not None) for t in map(json.loads, sys.stdin)])")" "[('S0', False), ('S1', True), ('S2', False)]"
    like "$way: and its journal, which can be resumed" "$("$longhaul" show "$work/$way"/S1-HUB-*.journal)" "in progress or cut short, stopped on request after"
done
# The report of one of them tells it as a stop on request, in each of its outputs, and not as a record that broke off.
"$longhaul" report --no-render --out "$work/out" "$work/$way" >"$work/said" 2>"$work/err"
is "report: exit status, and nothing on standard error" "$? $(grep -v 'Records: ' "$work/err")" "0 "
like "report: the incident" "$(cat "$work/said")" '^[0-9]\. .*S1->HUB was stopped on request, [0-9.]+ s before the planned end\.$'
like "report: the leg's line" "$(cat "$work/said")" '^S1->HUB: .*, stopped on request after [3-8](\.[0-9]+)? s of 9 s$'
is "report: of that leg alone" "$(grep -c '^S[0-9]->HUB: .*stopped on request' "$work/said")" 1
for f in summary_report.md index.html; do
    like "report: $f says it" "$(cat "$work/out/$f")" 'S1.*HUB was stopped on request, [0-9.]+ s before the planned end'
    like "report: $f has the note of the rule" "$(cat "$work/out/$f")" 'it was stopped on request after [3-8](\.[0-9]+)? s of 9 s'
    is "report: $f does not call it a record that ends early" "$(grep -c 'ends [0-9.]* s before its plan' "$work/out/$f")" 0
done
is "report: JSON and CSV have the cause, and the time" "$("$longhaul" report --json --no-render --out "$work/out" "$work/$way" 2>"$work/err" |
    python3 -c 'import json, sys; r = json.load(sys.stdin); print([i["cause"] for i in r["incidents"] if i["kind"] == "ended"], [l["stopped_s"] is not None for l in r["legs"]])')" "['stopped'] [False, True, False]"
is "show --csv: stopped_s" "$("$longhaul" show --csv "$work/$way" | python3 -c 'import csv, sys; print([r["stopped_s"] != "" for r in csv.DictReader(sys.stdin)])')" "[False, True, False]"
is "show --csv --events: its cause" "$("$longhaul" show --csv --events "$work/$way" | python3 -c 'import csv, sys; print([(r["source"], r["cause"]) for r in csv.DictReader(sys.stdin) if r["kind"] == "ended"])')" "[('S1', 'stopped')]"
like "show --events: its cause" "$("$longhaul" show --events "$work/$way")" 'S1->HUB: .*ended \(stopped\)'
# A leg whose time has not come, and one that waits for a server that is gone: the others go on all the same.
p=$(ports 6)
background iperf3 -s -p $((p + 4)) >/dev/null 2>&1; gone=$!
for n in 0 2 3 5; do background iperf3 -s -p $((p + n)) >/dev/null 2>&1; done
for n in 0 2 3 4 5; do wait_port $((p + n)) || not_ok "server $n listens"; done
"$rough" stop-pending loop "$work/pending" 6 $p $((p + 1)) $((p + 2)) >"$work/pending.out" 2>&1 & pending=$!
"$rough" stop-waiting loop "$work/waiting" 12 $((p + 3)) $((p + 4)) $((p + 5)) >"$work/waiting.out" 2>&1 & waiting=$!
until_ok 20 eval 'says "\"event\":\"interval\".*\"end\":4" "$work"/waiting/S1-HUB-*.journal'
kill $gone
wait $pending; is "stop-pending: exit status" $? 0
wait $waiting; is "stop-waiting: exit status" $? 0
cat "$work/pending.out" "$work/waiting.out"
is "stop-pending: two results" "$(find "$work/pending" -name '*.json' | wc -l)" 2
is "stop-waiting: stopped after its last session, with a gap until then" "$(own "$(echo "$work"/waiting/S1-HUB-*.json)" "(o['stopped_s'] - o['segments'][-1]['end_s'] > 1, len(o['gaps']), abs(o['gaps'][0]['start_s'] + o['gaps'][0]['seconds'] - o['stopped_s']) < 0.1)")" "(True, 1, True)"
like "stop-waiting: show says so" "$("$longhaul" show "$work"/waiting/S1-HUB-*.json)" ", stopped on request after [5-9](\.[0-9]+)? s of 12 s, "
# Of the first one: recovered, the journal gives the same; resumed, it was not stopped.
way=${ways%% *}
mkdir "$work/again" && cp "$work/$way"/S1-HUB-*.journal "$work/again"
"$longhaul" recover "$work/again"/*.journal >/dev/null
is "recovered: stopped at the same time" "$(own "$(echo "$work/again"/*.json)" "o['stopped_s']")" "$(own "$(echo "$work/$way"/S1-HUB-*.json)" "o['stopped_s']")"
"$longhaul" run S1 HUB 127.0.0.1 --pull -b 1M -t 9 -p $((port + 1)) --dir "$work/$way" --resume >/dev/null 2>"$work/err"
is "resumed: exit status" $? 4
is "resumed: it was not stopped" "$(own "$(echo "$work/$way"/S1-HUB-*.json)" "('stopped_s' in o, o['gaps'][0]['cause'])")" "(False, 'restarted')"
is "resumed: and show does not say it" "$("$longhaul" show "$work/$way" | grep -c 'stopped on request')" 0
done_testing
