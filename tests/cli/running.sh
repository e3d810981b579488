# running.sh - a report of a run in progress ends where its data ends, with the planned end next to it, and tells of no test that broke off; one of
# a run that never finished says so; the titles have the length that was measured.
. tests/lib.sh
data=tests/data/reader
title() { sed -n 1p "$work/out/summary_report.md"; }
heading() { sed -n 's/.*<h1>\(.*\)<\/h1>.*/\1/p' "$work/out/index.html"; }
keys() { python3 -c 'import json, sys
r = json.load(sys.stdin); m = r["measured"]
print(r["is_in_progress"], round(m["planned_s"]), 0 < m["seconds"] < m["planned_s"], abs(m["end"] - m["start"] - m["seconds"]) < 1e-3, abs(m["planned_end"] - m["start"] - m["planned_s"]) < 1e-3,
      [l["coverage"] for l in r["legs"] if l["coverage"] < 0.9], [e["kind"] for l in r["legs"] for e in l["events"] if e["kind"] == "ended"])'; }
report() { "$longhaul" report --no-render --redraw --out "$work/out" "$@" >"$work/said" 2>"$work/err"; }

# ---- finished runs
mkdir "$work/short" "$work/day" "$work/died"
cp $data/push.json "$work/short/HK-WUS-10M_5S_20251115_010046.json"
report "$work/short"
is "five seconds: the titles say so" "$(title); $(heading)" "# 5 s iperf3 Summary; longhaul: 1 leg, hub WUS, 5 s"
is "and nothing is in progress" "$(grep -cE 'in progress|planned until|not finished' "$work/said") $(grep -c '<time>.*planned until' "$work/out/index.html")" "0 0"
python3 tests/cli/day.py "$work/day/UAE-WUS-10M_24H_20251115_010046.json" a b 36000
report "$work/day"
is "a day: that of the reference script; the page has the length" "$(title); $(heading)" "# 24H iperf3 Summary; longhaul: 1 leg, hub WUS, 24 h"

# ---- a journal that nobody continues: its planned end has passed
cp $data/WUS-HK-10M_20S_20251115_010046.journal "$work/died"
report "$work/died"
like "not finished: the first line, with both ends" "$(sed -n 1p "$work/said")" '; not finished: measured until 2025-11-15 01:00:5[0-9]Z, planned until 2025-11-15 01:01:0[56]Z$'
like "the titles have the length of both" "$(title); $(heading)" '^# [0-9]+ s of 20 s iperf3 Summary; longhaul: 1 leg, hub WUS, [0-9]+ s of 20 s$'

# ---- a run in progress
command -v iperf3 >/dev/null || { skip "in progress: needs iperf3"; done_testing; }
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "in progress: built without libiperf"; done_testing; }
p=$(ports 2)
background iperf3 -s -p $p >/dev/null 2>&1; background iperf3 -s -p $((p + 1)) >/dev/null 2>&1
wait_port $p && wait_port $((p + 1)) || not_ok "the servers listen"
background "$longhaul" run HK WUS 127.0.0.1 --both -b 1M -t 600 -p $p --dir "$work/now" >"$work/run.log" 2>&1
until_ok 30 eval 'says "\"event\":\"interval\".*\"end\":4" "$work"/now/WUS-HK-*.journal && says "\"event\":\"interval\".*\"end\":4" "$work"/now/HK-WUS-*.journal'
report "$work/now"
like "in progress: the first line, with both ends" "$(sed -n 1p "$work/said")" '^No incident found.*; in progress: measured until 20[0-9: -]*Z, planned until 20[0-9: -]*Z$'
like "the titles have the length so far, and the planned one" "$(title); $(heading)" '^# [0-9]+ s of 10 min iperf3 Summary; longhaul: 2 legs, hub WUS, [0-9]+ s of 10 min$'
like "the page: now, and the planned end" "$(cat "$work/out/index.html")" '<time>20[0-9: -]*Z</time> to <time>20[0-9: -]*Z</time>, planned until <time>20[0-9: -]*Z</time>'
is "no text tells of an end, or of a part that was not observed" "$(grep -ciE 'before its plan|broke off|cut short|not observed: part' "$work/said" "$work/out/summary_report.md" | cut -d: -f2 | sort -u)" 0
is "--brief says it too" "$("$longhaul" report --brief "$work/now" 2>"$work/err" | grep -c '; in progress: measured until')" 1
is "JSON: its times; all of the time so far was observed; no event of an end" "$("$longhaul" report --json --no-render --out "$work/out" "$work/now" 2>"$work/err" | keys)" "True 600 True True True [] []"
like "the picture's axis too" "$(cat "$work/out"/pair_HK_WUS_bandwidth.gp)" "in progress, planned until 20"
done_testing
