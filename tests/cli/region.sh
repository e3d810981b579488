# region.sh - run --config and serve --config on this machine: which legs, when, in which order; rounds; a leg that fails; SIGTERM.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "region: built without libiperf"; exit 0; }
p=$(ports 8)

# config FILE DURATION MAX_TESTS: three sites of one machine, each with each, nobody with more than MAX_TESTS at a time
config() {
    cat >"$1" <<END
{ "format": 1, "legs": "full-mesh", "stagger": 0.2, "pause": 3,
  "sites": { "A": { "address": "127.0.0.1", "ports": "$p-$((p + 1))", "max_tests": $3 },
             "B": { "address": "127.0.0.1", "ports": "$((p + 2))-$((p + 3))", "max_tests": $3 },
             "C": { "address": "127.0.0.1", "ports": "$((p + 4))-$((p + 5))", "max_tests": $3 } },
  "defaults": { "rate": "1M", "duration": $2, "datagram": 1000 }, "overrides": { "C": { "rate": "500K" }, "B-A": { "direction": "pull" } } }
END
}
config "$work/t.json" 3 2
for site in A B C; do background "$longhaul" serve --config "$work/t.json" --site $site --dir "$work/$site" 2>"$work/serve-$site.log"; done
wait_port $((p + 1)) && wait_port $((p + 3)) && wait_port $((p + 5)) || not_ok "the sites serve their ports"

# All three at once; three rounds of two legs.
runs=
for site in A B C; do
    "$longhaul" run --config "$work/t.json" --site $site --dir "$work/$site" >"$work/run-$site.log" 2>&1 & runs="$runs $site:$!"
done
for r in $runs; do wait "${r#*:}"; is "three rounds: run at ${r%:*}: exit status" $? 0; done
"$longhaul" plan "$work/t.json" --json >"$work/plan.json"
python3 tests/cli/region.py "$work" || failures=1
like "a leg of a later round says when it begins" "$(said "$work"/run-*.log | grep "begins at" | head -1)" '^[ABC]->[ABC] .*begins at 20[0-9-]+ [0-9:]+ UTC'

# --leg: at once, wherever it starts
"$longhaul" run --config "$work/t.json" --leg B-A --dir "$work/one" >"$work/one.log" 2>&1
is "--leg: exit status" $? 0
is "--leg: that one alone, pulled" "$(ls "$work/one" | sed 's/_20.*//') $(python3 -c "import json,sys; print(json.load(open(sys.argv[1]))['longhaul']['direction'])" "$work"/one/*.json)" "B-A-1M_3S pull"

# Killed between its first round and the next, and resumed: what is done is done, the rest has its time.
run_a() { "$longhaul" run --config "$work/t.json" --site A --dir "$work/killed" "$@" >>"$work/killed.log" 2>&1; }
"$longhaul" run --config "$work/t.json" --site A --dir "$work/killed" >"$work/killed.log" 2>&1 & run=$!
i=0; until [ "$(ls "$work/killed" 2>/dev/null | grep -c '\.json$')" -ge 2 ] || [ $i -ge 200 ]; do i=$((i + 1)); sleep 0.05; done
kill -KILL $run; wait $run 2>/dev/null
begun=$(sed 's/.*"start_unix_s":\([0-9]*\).*/\1/' "$work/killed/A.rounds")
sleep 1
run_a --resume
is "killed between two rounds, resumed: exit status" $? 0
is "killed between two rounds, resumed: three legs, each once" "$(ls "$work/killed" | sed -n 's/_20.*json$//p' | tr '\n' ' ')" "A-B-1M_3S A-C-500K_3S B-A-1M_3S "
is "killed between two rounds, resumed: what it left alone" "$(grep -c 'done before: .*/killed/[AB]-[AB]-1M_3S_20' "$work/killed.log")" 2
is "killed between two rounds, resumed: the later leg began at its time" "$(python3 -c "
import glob, json, sys
leg = next(leg for leg in json.load(open(sys.argv[1] + '/plan.json'))['legs'] if leg['leg'] == 'A-C')
at = json.load(open(glob.glob(sys.argv[1] + '/killed/A-C-*.json')[0]))['start']['timestamp']['timesecs']
print(-1 <= at - (int(sys.argv[2]) + leg['start_s']) <= 3)" "$work" "$begun")" True
# Resumed when the last round is long over for it
rm "$work"/killed/A-C-*.json
late=$(python3 -c "
import json, sys, time
plan = json.load(open(sys.argv[1] + '/plan.json'))
print(int(time.time() - next(leg['start_s'] for leg in plan['legs'] if leg['leg'] == 'A-C') - 4))" "$work")
sed -i "s/\"start_unix_s\":[0-9]*/\"start_unix_s\":$late/" "$work/killed/A.rounds"
run_a --resume
is "resumed too late for a round: exit status" $? 1
like "resumed too late for a round: which, and how late" "$(said "$work/killed.log" | grep 'its start')" '^A->C ended: its start was [0-9]+ s ago$'
is "resumed too late for a round: no second result" "$(ls "$work/killed" | grep -c '\.json$')" 2

# --at: hosts that come at different moments have the same rounds; a host that comes after the time of a leg runs only the later ones.
at=$(python3 -c "import time; print(int(time.time()) + 2)")
when=$(date -u -d @$at +%Y-%m-%dT%H:%M:%SZ)
"$longhaul" run --config "$work/t.json" --site A --dir "$work/at" --at "$when" >"$work/at-A.log" 2>&1 & first=$!
sleep 1.2
"$longhaul" run --config "$work/t.json" --site B --dir "$work/at" --at "$when" >"$work/at-B.log" 2>&1 & second=$!
wait $first; is "--at: exit status" $? 0
wait $second; is "--at, a moment later: exit status" $? 0
is "--at: each leg at its time of the one plan" "$(python3 -c "
import glob, json, sys
work, at = sys.argv[1], int(sys.argv[2])
for leg in json.load(open(work + '/plan.json'))['legs']:
    for f in glob.glob('%s/at/%s-1M*.json' % (work, leg['leg'])) + glob.glob('%s/at/%s-500K*.json' % (work, leg['leg'])):
        print(leg['leg'], -1 <= json.load(open(f))['start']['timestamp']['timesecs'] - (at + leg['start_s']) <= 1)" "$work" $at | sort | tr '\n' ' ')" \
    "A-B True A-C True B-A True B-C True "
ago() { date -u -d "@$(($(date +%s) - $1))" '+%Y-%m-%d %H:%M:%S'; }
last=$(python3 -c "import json, sys; print(int(max(leg['start_s'] for leg in json.load(open(sys.argv[1] + '/plan.json'))['legs'] if leg['starter'] == 'A')))" "$work")
"$longhaul" run --config "$work/t.json" --site A --dir "$work/late" --at "$(ago $((last - 1)))" >"$work/late.log" 2>&1
is "--at, in the last round: exit status" $? 1
is "--at, in the last round: the leg that is still to come" "$(ls "$work/late" | sed -n 's/_20.*json$//p' | tr '\n' ' ')" "A-C-500K_3S "
is "--at, in the last round: the others" "$(grep -c 'its start was' "$work/late.log")" 2
"$longhaul" run --config "$work/t.json" --site A --dir "$work/over" --at "$(ago 3600)" 2>"$work/err"
like "--at, after the plan's end" "$? $(cat "$work/err")" "^2 [0-9TZ:-]+ longhaul: $work/t\.json: the plan is over: it takes [0-9]+ s, and was to begin 360[0-9] s ago$"
is "--at, after the plan's end: nothing was begun" "$(ls "$work/over" 2>/dev/null)" ""
"$longhaul" run --config "$work/t.json" --leg B-A --dir "$work/one-at" --at "$(ago -2)Z" >"$work/one-at.log" 2>&1
like "--at with --leg" "$? $(said "$work/one-at.log" | head -1)" "^0 B->A begins at 20"

# One leg's server is not there: the other is run all the same, and the status is the worst.
sed -e "s/$((p + 4))-$((p + 5))/$((p + 6))/" -e 's/"max_tests": 2/"max_tests": 9/g' -e 's/"full-mesh"/["A-B", "A-C"]/' -e 's/, "B-A": { "direction": "pull" }//' "$work/t.json" >"$work/half.json"
"$longhaul" run --config "$work/half.json" --site A --dir "$work/half" >"$work/half.log" 2>&1
is "one of two legs fails: exit status" $? 1
is "one of two legs fails: the other has a result" "$(ls "$work/half" | sed 's/_20.*//')" "A-B-1M_3S"
like "one of two legs fails: which and why" "$(said "$work/half.log")" "^A->C ended: 127\.0\.0\.1 port $((p + 6)): .*refused"

# SIGTERM: legs that run end with results, those whose time has not come without.
config "$work/long.json" 60 2
"$longhaul" run --config "$work/long.json" --site A --dir "$work/stopped" >"$work/stopped.log" 2>&1 &
run=$!
i=0; until [ "$(cat "$work"/stopped/*.journal 2>/dev/null | grep -c '"event":"interval"')" -ge 2 ] || [ $i -ge 100 ]; do i=$((i + 1)); sleep 0.1; done
kill -TERM $run; wait $run
is "SIGTERM: exit status" $? 143
is "SIGTERM: results of what ran" "$(ls "$work"/stopped/*.json | wc -l)" "$(grep -c ' began$' "$work/stopped.log")"
like "SIGTERM: those that wait leave" "$(cat "$work/stopped.log")" 'ended: .*stopped before its start'
done_testing
