# flows.sh - legs of several flows: options, what a run writes, which flows a made day names, and that quiet days name none.
. tests/lib.sh

# ---- options
refused() { # PATTERN FLAGS...
    pattern=$1; shift
    text=$("$longhaul" run A B 127.0.0.1 "$@" 2>&1); status=$?
    is "run $*: misused" $status 2
    like "run $*" "$text" "$pattern"
}
refused '129 is not a number of flows: 1 to 128' --flows 129
refused '0 is not a number of flows: 1 to 128' --flows 0
refused '4 flows and 2 streams: one of the two' --flows 4 -P 2
refused '4 flows: only for UDP; for TCP there are streams' --flows 4 --tcp
refused 'rate 100000 bit/s: too little for 128 flows, each of which needs 1000 bit/s' --flows 128 -b 100K
cat >"$work/topology.json" <<'END'
{"format": 1, "sites": {"A": {"address": "198.18.0.1", "hub": true, "ports": "5201-5210"}, "B": {"address": "198.18.0.2"}}, "legs": "hub-and-spoke",
 "defaults": {"flows": 16, "rate": "16M"}, "overrides": {"A-B": {"flows": 4}}}
END
"$longhaul" plan "$work/topology.json" --json >"$work/plan.json" 2>"$work/plan.log"
is "a topology has flows: plan" "$(python3 -c "import json,sys
legs = json.load(open(sys.argv[1]))['legs']
print(sorted((leg['source'], leg['flows'], leg['streams'], leg['rate_bps'], leg['bytes_per_day'] / 86400 * 8) for leg in legs))" "$work/plan.json")" \
    "[('A', 4, 1, 16000000, 16000000.0), ('B', 16, 1, 16000000, 16000000.0)]"

# ---- made days
made() { python3 tests/cli/flows.py "$work" "$@" >"$work/made.json"; }
made A-B 14400 quiet bad=5,3600,14400,0.01 route=7,9000
"$longhaul" show --json "$work"/A-B*.json >"$work/show.json"
"$longhaul" show --events "$work"/A-B*.json >"$work/events.txt"
"$longhaul" show --events --csv "$work"/A-B*.json >"$work/events.csv"
python3 - "$work" <<'END' || failures=1
import csv, glob, json, re, sys
work = sys.argv[1]
def check(good, what): print(("ok - " if good else "not ok - ") + what)
made = json.load(open(work + "/made.json"))
leg = json.load(open(work + "/show.json"))
check([[f["packets"], f["lost_packets"]] for f in leg["flows"]] == made, "each flow's packets and losses")
check([f["source_port"] for f in leg["flows"]] == list(range(20000, 20016)) and {f["destination_port"] for f in leg["flows"]} == {5201}, "and ports")
check(sum(f["lost_packets"] for f in leg["flows"]) == sum(m[1] for m in made), "the sum is the leg's")
events = [e for e in leg["events"] if "flows" in e]
check([(e["kind"], e["scope"], e["flows"]) for e in events] ==
      [("loss", "flow", {"affected": 1, "of": 16, "source_ports": [20005]}), ("route", "flow", {"affected": 1, "of": 16, "source_ports": [20007]})],
      "the bad flow and the one with another route are named: %s" % [(e["kind"], e["flows"]) for e in events])
loss, route = events
check(abs(loss["start_s"] - 3600) < 240 and abs(loss["start_s"] + loss["seconds"] - 14400) < 240 and 0.9 < loss["level"] < 1.6 and loss["usual"] < 0.6,
      "from when, until when, how much: %.0f s, %.0f s, %.2f %%, the others %.2f %%" % (loss["start_s"], loss["seconds"], loss["level"], loss["usual"]))
check(route["peak"] == 3 and abs(route["start_s"] - 9000) < 3, "the route")
text = open(work + "/events.txt").read()
check(len(re.findall(r"loss .*; only 1 of 16 flows \(source port 20005\)", text)) == 1, "show --events")
rows = [r for r in csv.DictReader(open(work + "/events.csv")) if r["scope"] == "flow"]
check([(r["flows_affected"], r["flows"], r["flow_ports"]) for r in rows] == [("1", "16", "20005"), ("1", "16", "20007")], "show --events --csv")
END
rm "$work"/A-B*.json
made A-B 3600 quiet bad=1,0,3600,0.02 bad=2,0,3600,0.02 bad=9,0,3600,0.02 queue=4,1000,1600,20
like "three flows of a bundle" "$("$longhaul" show --events "$work"/A-B*.json)" 'loss .*; only 3 of 16 flows \(source ports 20001, 20002, 20009\)'
like "a queue in one" "$("$longhaul" show --events "$work"/A-B*.json)" 'delay 20 ms.*; only 1 of 16 flows \(source port 20004\)'
"$longhaul" report "$work"/A-B*.json --out "$work/report" --no-render --json >"$work/report.json" 2>&1
like "the report's first lines" "$(head -30 "$work/report/summary_report.md")" \
    '3 of 16 flows \(source ports 20001, 20002, 20009\) of A->B lost [0-9.]+ %.*look for one member of a LAG, or one ECMP path'
rm "$work"/A-B*.json

# ---- quiet: 1,000 hours of flows with the losses of the path
n=0 seed=1
while [ $seed -le 3 ]; do
    made C-D 75600 quiet seed=$seed
    n=$((n + $("$longhaul" show --events "$work"/C-D*.json | grep -c 'only [0-9]* of 16 flows')))
    seed=$((seed + 1))
done
check "1,008 quiet hours of flows: $n named" [ $n -le 1 ]
rm "$work"/C-D*.json

# ---- texts that nobody measured: of a row with such a part the other parts count
python3 - "$work" <<'END'
import json, sys
texts = ["", " ", "?", "50", "50 50 50", "-50 50", "50l60 50", "50l-60 50", "50l9999999999999999999999 50", "1e9 50", "50p1e9 50", "50p99999999999999999999 50",
         "50r999999 50", "50s-5 50", "50n5000000 50", "50l 50", "50l1l2l3 50", "50ll1 50", "50z5y9 50", "50\\u0000l5 50", "50,50", "NaN 50", "99999999999999999999 50",
         "50b-99999999999999999999 50", " ".join(["50"] * 200), "50" + "l1" * 100000 + " 50", "l" * 100000, "5" * 100000, " 50", "50  50", "50l5\\ud800 50"]
for n, text in enumerate(texts):
    rows = ",".join('{"sum":{"start":%d,"end":%d,"seconds":1,"bytes":100000,"bits_per_second":8e5,"jitter_ms":0,"lost_packets":0,"packets":100},"longhaul":{"flows":%s}}'
                    % (i, i + 1, '"%s"' % text if i % 2 else '"50 50"') for i in range(60))
    for flows in ("2", "1e9"):
        open("%s/odd-%d-%s-X.json" % (sys.argv[1], n, flows), "w").write(
            '{"start":{"connected":[{"local_port":-5,"remote_port":99999},7],"test_start":{"protocol":"UDP","num_streams":2}},"intervals":[%s],"longhaul":{"role":"receiver","flows":%s}}'
            % (rows, flows))
END
timeout 60 "$longhaul" show --json "$work"/odd-*.json >"$work/odd.json" 2>"$work/odd.err"
status=$?
check "odd texts about flows: exit status $status" [ $status = 0 -o $status = 4 ]
timeout 60 "$longhaul" report "$work"/odd-*.json --out "$work/odd" --no-render >/dev/null 2>&1
python3 - "$work/odd.json" "$work/odd/summary_report.md" <<'END' || failures=1
import json, re, sys
def check(good, what): print(("ok - " if good else "not ok - ") + what)
legs = [json.loads(line) for line in open(sys.argv[1])]
flows = [leg["flows"] for leg in legs if "flows" in leg]
check(len(legs) == 62 and len(flows) == 62, "each is shown")
check(all(len(f) <= 128 and f[0]["source_port"] is None for f in flows), "at most 128 flows, without ports that cannot be")
check(all(0 <= x["lost_packets"] <= x["packets"] and x["packets"] >= 1500 and x["loss_percent"] <= 100 for f in flows for x in f[:2]), "with figures that can be")
check(not re.search(r"[0-9]{12}|\binf\b|\bnan\b", open(sys.argv[2]).read()), "in a report, too")
END
rm -rf "$work"/odd*

# ---- a day: the file, and the time to read it, compared with one flow's
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "a run: built without libiperf"; done_testing; }
port=$(ports 1)
background "$longhaul" serve -p "$port" --dir "$work/in" 2>"$work/serve.log"
wait_port "$port" || not_ok "it listens"
for flows in 1 16; do
    "$longhaul" run A B 127.0.0.1 -p "$port" -t 8 --flows $flows -l 1200 --dir "$work/$flows" >"$work/run.log" 2>&1
    is "$flows flows: exit status" $? 0
done
"$longhaul" run A B 127.0.0.1 -p "$port" -t 8 -l 1200 --dir "$work/plain" >"$work/run.log" 2>&1
python3 - "$work" <<'END' || failures=1
import glob, json, sys
work = sys.argv[1]
def check(good, what): print(("ok - " if good else "not ok - ") + what)
def of(folder): return json.load(open(glob.glob("%s/%s/*.json" % (work, folder))[0]))
one, many, plain = of("1"), of("16"), of("plain")
def shape(value):
    if isinstance(value, dict): return {k: shape(v) for k, v in value.items()}
    return [shape(v) for v in value] if isinstance(value, list) else None
check(shape(one["intervals"][2]) == shape(plain["intervals"][2]) and one["longhaul"].keys() == plain["longhaul"].keys(), "--flows 1 is as without")
check(len(json.dumps(many["intervals"])) <= 1.5 * len(json.dumps(one["intervals"])), "rows of 16 flows are at most 1.5 times as long: %d, %d bytes"
      % (len(json.dumps(many["intervals"])), len(json.dumps(one["intervals"]))))
ports = [c["local_port"] for c in many["start"]["connected"]]
check(ports == list(range(ports[0], ports[0] + 16)) and many["longhaul"]["first_port"] == ports[0] and many["longhaul"]["flows"] == 16, "ports in a row")
check(all(sum(int(f) for f in row["longhaul"]["flows"].split()) == row["sum"]["packets"] for row in many["intervals"]), "a row's flows are its sum")
check(abs(many["end"]["sum"]["bytes"] * 8 / many["end"]["sum"]["seconds"] / 1e7 - 1) < 0.05, "the flows share the rate")
END
# ---- the flows keep their ports when the leg connects again
port=$(ports 1)
background "$longhaul" serve -p "$port" --dir "$work/in2" 2>"$work/serve.log"; first=$!
wait_port "$port" || not_ok "it listens"
"$longhaul" run --pull B A 127.0.0.1 -p "$port" -t 12 --flows 4 -l 1200 --dir "$work/again" >"$work/run.log" 2>&1 & leg=$!
sleep 3.5; kill -9 $first; wait $first 2>/dev/null
sleep 0.5
background "$longhaul" serve -p "$port" --dir "$work/in2" 2>>"$work/serve.log"
two_sessions() { cp "$work"/again/*.journal "$work/journal" && [ "$(grep -c '^{"event":"start"' "$work/journal")" -ge 2 ]; }
until_ok 7 two_sessions
wait $leg
is "a leg across a restart of its server: exit status" $? 4
is "its sessions have the same ports" "$(python3 -c 'import json, sys
starts = [json.loads(line)["data"] for line in open(sys.argv[1]) if line.startswith("{\"event\":\"start\"")]
ports = [[c["local_port"] for c in s["connected"]] for s in starts]
print(len(ports), all(p == list(range(ports[0][0], ports[0][0] + 4)) for p in ports))' "$work/journal")" "2 True"
done_testing
