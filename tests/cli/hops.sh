# hops.sh - traces of a leg's route in made records: what show and report say of a route that changes, of the first hop that loses, of a loop, of silent routers and of flows,
# and that records with other texts in place of traces are read as if those were not there.
. tests/lib.sh

made() { name=$1 seconds=$2; shift 2; python3 tests/cli/hops.py "$work" "$name" "$seconds" "$@"; }
events() { "$longhaul" show --events "$work/$1"-*.json; }
says() { like "$1" "$(events "$2")" "$3"; }
unlike() { if printf '%s\n' "$2" | grep -qE -- "$3"; then not_ok "$1: $2"; else ok "$1"; fi; }

# ---- a route that changes
made A-B 7200 route=3000
says "a route that changes" A-B 'route \(hops\), 0 s; .*; the route changed from hop 4 on \(198\.18\.4\.1 before, 198\.19\.4\.1 since\)$'
is "and nothing else" "$(events A-B | wc -l)" 1
made A-C 7200 route=3000,3,2 silent=3
says "between two hops, one of which is silent" A-C 'route \(hops\), 0 s; .*; the route changed between hop 2 and 5 \(198\.18\.4\.1 before, 198\.19\.4\.1 since\)$'
made A-D 7200 route=3000 shift=3000,3
says "with a shift: one event, at the shift's time" A-D '2025-11-15T01:50:4[56]\.[0-9]*Z: route 3 ms, 3 at worst, 0 s; .*; the route changed from hop 4 on'
is "and no other" "$(events A-D | wc -l)" 1
made A-E 7200 shift=3000,3
unlike "a shift without another route" "$(events A-E)" 'changed|hop '
made A-F 7200 route=3000 untraced
is "without traces nothing is said" "$(events A-F | grep -c 'no events')" 1
made A-G 7200 flap=1000,5000,120
says "a route that goes to and fro is one event" A-G 'route \(hops\), 1 h 6 min; .*; the route changed 34 times, first between hop 2 and 4 \(198\.18\.3\.1 before, 198\.19\.3\.1 since\)$'
is "of 34 changes" "$(events A-G | wc -l)" 1
made A-H 7200 route=2000 route=6000
is "there and back: two events" "$(events A-H | grep -c 'the route changed from hop 4 on')" 2
made A-I 7200 flows=16 route=3000,2,1
is "16 flows that change together: one event" "$(events A-I | grep -c 'the route changed between hop 1 and 3 (198.18.2.1 before, 198.19.2.1 since)')" 1

made A-J 7200 flows=16 moved=5,3000,3 moved=9,3000,3
says "two of them: these are named" A-J 'route \(hops\), 0 s; only 2 of 16 flows \(source ports 20005, 20009\); the route changed between hop 2 and 4 '
is "in one event" "$(events A-J | wc -l)" 1
python3 - "$work"/A-J-*.json <<'END' || { not_ok "the data of the next tests"; exit 1; }
import json, sys
leg = json.load(open(sys.argv[1]))
for flow in leg["start"]["connected"]:
    flow["local_port"], flow["remote_port"] = flow["remote_port"], 5201
for hops in leg["longhaul"]["hops"]:
    hops["source_port"], hops["destination_port"] = 5201, hops["source_port"]
json.dump(leg, open(sys.argv[1], "w"))
END
says "where all have one source port, by their destination's" A-J 'only 2 of 16 flows \(destination ports 20005, 20009\); the route changed between hop 2 and 4 '

# ---- the first hop that loses
made B-A 7200 loss=4000,4600,0.1,4
says "10 % from hop 4 on" B-A 'loss .*; first loss at hop 4 \(198\.18\.4\.1\)$'
made B-C 7200 loss=4000,4600,0.1,4 silent=4
says "the hop is silent: it, or the next one" B-C 'loss .*; first loss at one of hops 4 to 5$'
made B-D 7200 loss=4000,4600,0.1,0 limited=5,0.5
unlike "a loss behind all hops, and a router that limits its answers" "$(events B-D)" 'first loss'
made B-E 7200 loss=4000,4030,1,3
says "an outage behind hop 2" B-E 'first loss at hop 3 \(198\.18\.3\.1\)$'
made B-I 60 loss=8,25,1,4
says "an outage seconds after the start" B-I 'first loss at hop 4 \(198\.18\.4\.1\)$'
made B-F 7200 loss=4000,4600,0.1,4 untraced
unlike "without traces" "$(events B-F)" 'first loss|changed'
made B-G 7200 loss=4000,4600,0.1,4 silent=4 silent=5 silent=6
unlike "without answers behind hop 3" "$(events B-G)" 'first loss|changed'

made B-H 7200 flows=8 bad=2,4000,4900,0.2
says "a flow that loses: by its own traces" B-H 'loss .*; only 1 of 8 flows \(source port 20002\); first loss at hop 3 \(198\.18\.3\.1\)$'
python3 - "$work"/B-H-*.json <<'END' || { not_ok "the data of the next tests"; exit 1; }
import json, sys
leg = json.load(open(sys.argv[1]))
leg["longhaul"]["hops"] = [hops for hops in leg["longhaul"]["hops"] if hops["source_port"] != 20002]
json.dump(leg, open(sys.argv[1], "w"))
END
like "without these" "$(events B-H)" 'only 1 of 8 flows'
unlike "nothing is said by those of others" "$(events B-H)" 'first loss'

# ---- a loop
made C-A 7200 loop=5000,5040,4
says "a loop" C-A 'the route is a loop: 198\.18\.4\.1 answers at hop 4 and 6$'
unlike "what comes after it is the route before" "$(events C-A)" 'changed'

# ---- JSON, CSV
"$longhaul" show --json "$work"/A-B-*.json "$work"/B-A-*.json "$work"/A-F-*.json >"$work/show.json"
"$longhaul" show --events --csv "$work"/A-B-*.json "$work"/B-A-*.json >"$work/events.csv"
python3 - "$work" <<'END' || failures=$((failures + 1))
import csv, json, sys
work = sys.argv[1]
failed = []
def check(good, what): print(("ok - " if good else "not ok - ") + what); failed.extend([] if good else [what])
changed, loses, untraced = (json.loads(line) for line in open(work + "/show.json"))
event, = changed["events"]
hops = event["hops"]
check(event["kind"] == "route" and event["cause"] == "hops" and event["level"] is None and event["peak"] is None, "an event without a level")
check((hops["sign"], hops["hop"], hops["from"], hops["to"], hops["before"], hops["after"]) == ("differs", 4, 3, None, "198.18.4.1", "198.19.4.1"), "where the route changed")
check(hops["at_s"] == event["start_s"] and hops["before_s"] == 0.5 and hops["source_port"] == 20000 and hops["destination_port"] == 5201, "by which traces of which flow")
routes = changed["routes"]
check([r["reason"] for r in routes] == ["start", "change", "hourly"] and len(routes[0]["hops"]) == 6 and routes[0]["distance"] == 7, "its routes")
check(routes[0]["hops"][1] == {"address": "198.18.2.1", "sent": 3, "answered": 3, "min_ms": 0.8, "max_ms": 0.95, "mpls": "24005/0/1/254"}, "a hop with labels")
check(routes[1]["hops"][0]["watched"] > 0 and routes[1]["watched_from_s"] == 2, "what was watched before")
event, = loses["events"]
check(event["hops"]["sign"] == "loses" and event["hops"]["from"] == event["hops"]["to"] == 4 and 0.06 < event["hops"]["lost_share"] < 0.15, "the share that is lost")
check("routes" not in untraced, "a record without traces has none")
rows = list(csv.DictReader(open(work + "/events.csv")))
check([[r[k] for k in ("hops", "hop_from", "hop_to", "hop", "hop_before", "hop_after")] for r in rows] ==
      [["differs", "3", "", "4", "198.18.4.1", "198.19.4.1"], ["loses", "4", "4", "", "", "198.18.4.1"]], "show --events --csv")
sys.exit(len(failed) > 0)
END

# ---- a report
rm "$work"/*.json
made A-B 7200 route=3000,2,1
made A-C 7200 route=3001,2,1
"$longhaul" report "$work"/A-*.json --out "$work/report" --no-render >"$work/report.txt"
like "routes of two legs that change at one router: one incident" "$(cat "$work/report.txt")" \
    '^1\. .*: the routes of all 2 legs from A changed; traces show 198\.19\.2\.1 in place of 198\.18\.2\.1 since 01:50:51Z\.$'
is "it is one" "$(grep -c '^1 incident;' "$work/report.txt")" 1
like "its takeaway" "$(cat "$work/report/summary_report.md")" 'Traces: the route changed 2 times on 2 of 2 traced legs'
rm "$work"/A-*.json
made A-B 7200 loss=4000,4600,0.1,4
like "where a loss begins" "$("$longhaul" report "$work"/A-*.json --out "$work/report" --no-render)" 'A->B lost .*; first loss at hop 4 \(198\.18\.4\.1\)\.$'
rm "$work"/A-*.json
made A-B 7200 loss=4000,4005,1,0 route=4000,3,2
like "an outage and another route are one incident" "$("$longhaul" report "$work"/A-*.json --out "$work/report" --no-render)" \
    'A->B lost 100 %.*; the route changed at 02:07:[23][0-9]Z between hop 2 and 5 \(198\.18\.3\.1 before, 198\.19\.3\.1 since\)'
is "one" "$("$longhaul" report "$work"/A-*.json --out "$work/report" --no-render | grep -c '^1 incident;')" 1
rm "$work"/A-*.json
made A-B 7200 route=2000,3,2 unwatched
like "a change that only the hourly trace sees" "$("$longhaul" report "$work"/A-*.json --out "$work/report" --no-render)" \
    '02:00:46Z: the route of A->B changed between hop 2 and 5 \(198\.18\.3\.1 before, 198\.19\.3\.1 since\), after the trace of 01:00:46Z\.$'
rm "$work"/A-*.json
made A-B 86400 flap=1000,80000,240
"$longhaul" report "$work"/A-*.json --out "$work/report" --no-render >"$work/report.txt"
is "hundreds of changes: one incident" "$(grep -c '^1 incident;' "$work/report.txt")" 1
rm "$work"/A-*.json

# ---- a journal, in which traces are events
python3 - "$work" <<'END' || { not_ok "the data of the next tests"; exit 1; }
import json, sys
trace = lambda at, third: {"at_s": at, "seconds": 1.5, "why": "hourly", "source_port": 16384, "destination_port": 5201, "protocol": "UDP", "by": "errors", "distance": None,
                           "hops": [["198.18.1.1", 3, 3, 0.1, 0.2], ["198.18.2.1", 3, 3, 0.1, 0.2], [third, 3, 3, 0.1, 0.2]]}
with open(sys.argv[1] + "/A-B-10M_24H_20251115_010046.journal", "w") as out:
    def line(event, data): out.write(json.dumps({"event": event, "data": data}, separators=(",", ":")) + "\n")
    line("longhaul", {"format": 1, "version": "0.2.0", "source": "A", "destination": "B", "role": "sender", "protocol": "UDP", "duration_s": 86400, "start_unix_us": 1763168446000000})
    line("start", {"test_start": {"protocol": "UDP"}, "cookie": "a" * 36, "timestamp": {"timesecs": 1763168446}})
    for i in range(120):
        line("interval", {"sum": {"start": i, "end": i + 1, "seconds": 1, "bytes": 1250000, "bits_per_second": 1e7, "packets": 902}, "longhaul": {"unix_us": (1763168447 + i) * 1000000, "monotonic_us": (50 + i) * 1000000, "segment": 0}})
        if i in (5, 80):
            line("hops", trace(i, "2001:DB8::0:%d" % i))
END
like "a journal, and addresses in one form" "$("$longhaul" show --events "$work"/A-B-*.journal)" 'the route changed from hop 3 on \(2001:db8::5 before, 2001:db8::80 since\)'

# ---- texts that nobody measured: a trace with one is not there, and the others are
python3 - "$work" <<'END' || { not_ok "the data of the next tests"; exit 1; }
import copy, json, sys
hop = ["198.18.1.1", 3, 3, 0.1, 0.2]
good = {"at_s": 5, "seconds": 1.5, "why": "start", "source_port": 16384, "destination_port": 5201, "protocol": "UDP", "by": "raw", "distance": 6,
        "hops": [hop, [None, 3, 0, None, None], hop]}
def but(**members): return dict(copy.deepcopy(good), **members)
odd = [None, 7, "x", [], {}, but(at_s="5"), but(at_s=1e300), but(at_s=-1e18), but(seconds=-1), but(seconds=None), but(source_port=0), but(source_port=70000), but(source_port=-1),
       but(source_port=1.5), but(destination_port="5201"), but(hops=None), but(hops={}), but(hops="198.18.1.1"), but(hops=[hop] * 31), but(hops=[7]), but(hops=[[]]), but(hops=[{}])]
odd += [but(hops=[bad]) for bad in (["198.18.1.1", 3, 4, 0.1, 0.2], ["198.18.1.1", -3, 0, None, None], ["198.18.1.1", 3, -1, 0.1, 0.2], ["198.18.1.1", 1e12, 3, 0.1, 0.2],
        ["198.18.1.1", 2.5, 2, 0.1, 0.2], ["198.18.1", 3, 3, 0.1, 0.2], ["<script>", 3, 3, 0.1, 0.2], ["a" * 100000, 3, 3, 0.1, 0.2], ["198.18.1.1\0", 3, 3, 0.1, 0.2],
        ["198.18.1.1", 3, 3, -0.1, 0.2], ["198.18.1.1", 3, 3, 0.3, 0.2], ["198.18.1.1", 3, 3, 0.1, 1e300], ["198.18.1.1", 3, 3, "0.1", 0.2], [None, 3, 3, 0.1, 0.2],
        ["198.18.1.1"], ["198.18.1.1", 3], [7, 3, 3, 0.1, 0.2], ["fe80::1%eth0", 3, 3, 0.1, 0.2])]
kept = [but(why="later"), but(why=7), but(by=7), but(protocol=[]), but(distance=-1), but(distance=1e9), but(distance="6"), but(hops=[]), but(watch=7), but(watch={"from_s": 9e9, "hops": []}),
        but(watch={"from_s": 0, "hops": [[1, 2], [-1, 0], [1e9, 1], 7, [], [1, 1]] * 20}), but(watch={"from_s": 0, "hops": {}}),
        but(hops=[hop + ["x" * 100000]]), but(hops=[hop + [7]]), but(hops=[hop + ["1/2/<b>"]]), but(hops=[["198.18.1.1", 0, 0, None, None]])]
def write(name, hops, tail=""):
    rows = ",".join('{"sum":{"start":%d,"end":%d,"seconds":1,"bytes":100000,"bits_per_second":8e5,"jitter_ms":0,"lost_packets":%d,"packets":100}}' % (i, i + 1, 20 if 30 <= i < 50 else 0)
                    for i in range(90))
    open("%s/odd-%s-X.json" % (sys.argv[1], name), "w").write('{"start":{"test_start":{"protocol":"UDP"}},"intervals":[%s],"longhaul":{"role":"receiver","hops":%s%s}}'
                                                              % (rows, json.dumps(hops), tail))
for i, bad in enumerate(odd):
    write("bad%d" % i, [good, bad, but(at_s=40)])
for i, fine in enumerate(kept):
    write("kept%d" % i, [good, fine, but(at_s=40)])
write("number", 7)
write("object", {"a": 1})
write("twice", [but(hops=[["1.2.3.4", 1, 1, 0, 0]])] * 7, ',"hops":' + json.dumps([good, but(at_s=40)]))
# Many: flows of one trace each, a route that changes each time, all hops lose, all at one time, time that runs back.
write("flows", [but(source_port=1 + i % 65535, at_s=i / 1000) for i in range(20000)])
write("flap", [but(at_s=i / 250, hops=[["10.%d.%d.1" % (i // 250, i % 250), 3, 3, 0.1, 0.2], hop]) for i in range(20000)])
write("lost", [but(at_s=30 + i / 1000, hops=[["10.0.0.%d" % k, 10, i % 11, 0.1 if i % 11 else None, 0.2 if i % 11 else None] if i % 11 else [None, 10, 0, None, None] for k in range(1, 31)])
               for i in range(4000)])
write("one", [but(hops=[["10.%d.%d.1" % (i // 250, i % 250), 3, 3, 0.1, 0.2]]) for i in range(20000)])
write("back", [but(at_s=20000 - i) for i in range(20000)])
END
n=$(ls "$work"/odd-*.json | wc -l)
timeout 60 "$longhaul" show --json "$work"/odd-*.json >"$work/odd.json" 2>"$work/odd.err"
status=$?
check "odd traces: exit status $status" [ $status = 0 -o $status = 4 ]
timeout 60 "$longhaul" report "$work"/odd-*.json --out "$work/odd" --no-render >/dev/null 2>&1
check "a report of them: exit status $?" [ -s "$work/odd/summary_report.md" ]
python3 - "$work/odd.json" "$work/odd/summary_report.md" "$n" <<'END' || failures=$((failures + 1))
import json, re, sys
failed = []
def check(good, what): print(("ok - " if good else "not ok - ") + what); failed.extend([] if good else [what])
legs = {re.search(r"odd-(\w+)-X", leg["path"]).group(1): leg for leg in map(json.loads, open(sys.argv[1]))}
check(len(legs) == int(sys.argv[3]), "each is shown: %d" % len(legs))
bad = [name for name in legs if name.startswith("bad") and len(legs[name].get("routes", [])) != 2]
check(not bad, "a trace that cannot be one is not there, the others are: %s" % bad)
bad = [name for name in legs if name.startswith("kept") and len(legs[name].get("routes", [])) != 3]
check(not bad, "one with a member that cannot be is there without it: %s" % bad)
hops = [hop for leg in legs.values() for route in leg.get("routes", []) for hop in route["hops"]]
check(all(0 <= hop["answered"] <= hop["sent"] <= 1e6 and re.fullmatch(r"[0-9a-f.:]+", hop["address"] or "::") for hop in hops), "counts and addresses can be")
check(all(re.fullmatch(r"[0-9/ ]+", hop["mpls"]) for hop in hops if "mpls" in hop), "and labels")
check(len(legs["twice"]["routes"]) == 2 and "routes" not in legs["number"] and "routes" not in legs["object"], "the last list counts")
check([len(legs[name]["events"]) <= 12 for name in ("flows", "flap", "lost", "one", "back")] == [True] * 5, "few events: %s"
      % [len(legs[name]["events"]) for name in ("flows", "flap", "lost", "one", "back")])
check([r["at_s"] for r in legs["back"]["routes"]] == list(range(1, 20001)), "by time")
text = open(sys.argv[2]).read()
check(not re.search(r"[0-9]{12}|\binf\b|\bnan\b|<script", text), "in a report, too: %s" % re.findall(r".*(?:[0-9]{12}|\binf\b|\bnan\b|<script).*", text)[:3])
sys.exit(len(failed) > 0)
END
done_testing
