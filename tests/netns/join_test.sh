# join_test.sh - a pushed leg and its receiver's record make one: loss and jitter of every second, across a reconnect, and loss that the
# sender was never told.
. tests/lib.sh
. tests/netns/bed.sh
bed_need "join"
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "join: built without libiperf"; exit 0; }
bed_make 1 || { not_ok "bed_make"; exit 1; }
bed_start hub "$longhaul" serve -p 5201 --dir "$work/hub" 2>>"$work/serve.log"; server=$!
bed_wait_port hub 5201
bed_drop_random spoke1 hub 50; bed_arm spoke1 hub
bed_start spoke1 "$longhaul" run A B "$(bed_address hub)" -p 5201 -t 16 --dir "$work/spoke" >"$work/run.log" 2>&1; leg=$!
sleep 6.5; bed_kill $server
bed_start hub "$longhaul" serve -p 5201 --dir "$work/hub" 2>>"$work/serve.log"; server=$!
wait $leg
is "a leg across a restart of its server: exit status" $? 4
sleep 0.5
"$longhaul" report "$work/spoke" "$work/hub" --out "$work/out" --no-render --json >"$work/report.json" 2>"$work/report.log"
is "report of both folders: exit status" $? 0
cat >"$work/check.py" <<'PY'
import glob, json, re, sys
def check(good, what): print(("ok - " if good else "not ok - ") + what)
sent = json.load(open(glob.glob(sys.argv[1] + "/spoke/*.json")[0]))
got = json.load(open(glob.glob(sys.argv[1] + "/hub/receiver/*.json")[0]))
report = open(sys.argv[1] + "/out/summary_report.md").read()
check("lost_packets" not in sent["end"]["sum"], "the sender was never told what the broken session lost")
cookies = [[s["cookie"] for s in d["longhaul"]["segments"]] for d in (sent, got)]
check(cookies[0] == cookies[1] and len(cookies[0]) == 2, "both records have the same two sessions, by their cookies")
legs = json.load(open(sys.argv[1] + "/report.json"))["legs"]
check(len(legs) == 1, "one leg, not two")
n, n_loss, n_jitter = legs[0]["n_intervals"], legs[0]["loss_percent_percentiles"]["n"], legs[0]["jitter_ms_percentiles"]["n"]
check(n_loss == n_jitter >= 14 and n - n_loss <= 1, f"every second knows its loss and jitter ({n_loss} and {n_jitter} of {n})")
check("the receiver's record" in report, "and it is said from where")
lost = sum(i["sum"]["lost_packets"] for i in got["intervals"])
table = re.search(r"^\| A->B \|.*\| (\d+)/(\d+) \| ", report, re.M)
check(table and int(table[1]) == lost and lost > 0, f"the leg's loss is the receiver's ({table and table[1]}, {lost})")
check(table and int(table[2]) == sent["end"]["sum"]["packets"], "over what was sent")
PY
python3 "$work/check.py" "$work" || failures=1
"$longhaul" report "$work/hub/receiver" "$work/hub" "$work/spoke" --out "$work/twice" --no-render --json >"$work/twice.json" 2>"$work/report.log"
is "the receiver's folder, given twice: nothing counts twice" "$(python3 -c "import json,sys
a, b = (json.load(open(f))['legs'] for f in sys.argv[1:])
print(len(b), [x['loss_percent'] for x in a] == [x['loss_percent'] for x in b] and a[0]['loss_percent'] > 0)" "$work/report.json" "$work/twice.json")" "1 True"
done_testing
