# hops_record.sh - traces of the route in journals and results, and the option that switches them off. Which traces are made is
# netns/hops_test.sh's.
. tests/lib.sh
command -v python3 >/dev/null || { skip "hops: needs python3"; done_testing; }

# ---- the option
topology() { # the members before "rate" of the defaults, and of the leg KC-WUS
    cat >"$work/t.json" <<END
{ "format": 1, "legs": "hub-and-spoke", "defaults": { $1 "rate": "1M" }, "overrides": { "KC-WUS": { $2 "rate": "3M" } },
  "sites": { "WUS": { "address": "192.0.2.1", "ports": "5201-5204", "hub": true }, "HK": {}, "KC": {} } }
END
}
plan_of() {
    "$longhaul" plan "$work/t.json" --json 2>"$work/err" | python3 -c '
import json, sys
print(*sorted("%s-%s=%s" % (leg["source"], leg["destination"], leg["hops"]) for leg in json.load(sys.stdin)["legs"]))'
}
topology "" ""
is "by default all legs are traced" "$(plan_of)" "HK-WUS=True KC-WUS=True WUS-HK=True WUS-KC=True"
is "the table of plan says nothing of it" "$("$longhaul" plan "$work/t.json" | grep -c 'no hops')" 0
topology '"hops": false,' '"hops": true,'
is "hops in the defaults, and of a leg" "$(plan_of)" "HK-WUS=False KC-WUS=True WUS-HK=False WUS-KC=False"
topology "" '"hops": false,'
is "the table of plan says which are not" "$("$longhaul" plan "$work/t.json" | grep 'no hops' | grep -c KC)" 1
for value in '"false"' 0 null '[]'; do
    topology "\"hops\": $value," ""
    like "hops: $value is refused" "$("$longhaul" plan "$work/t.json" 2>&1)" 't.json: defaults.hops: .*is not a decision: true or false'
done

# ---- journals and results
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "hops: built without libiperf"; done_testing; }
port=$(ports 1)
background "$longhaul" serve -p "$port" --dir "$work/served" 2>"$work/serve.log"
wait_port "$port"
"$longhaul" run A B 127.0.0.1 -p "$port" -t 60 -b 1M --dir "$work/run" >"$work/out" 2>&1 & pid=$!
until_ok 20 sh -c "[ \"\$(cat '$work'/run/*.journal 2>/dev/null | grep -c '\"interval\"')\" -ge 3 ]"
kill -9 $pid; wait $pid 2>/dev/null
journal=$(ls "$work"/run/*.journal)
is "a peer on this host: no trace" "$(grep -c '"hops"' "$journal")" 0
# Two traces, two events without one, what is known of privileges, twice.
python3 - "$journal" <<'END'
import json, sys
lines = open(sys.argv[1]).read().split("\n")
trace = {"at_s": 0.5, "seconds": 1.2, "why": "start", "source_port": 4000, "destination_port": 5201, "protocol": "UDP", "by": "raw", "distance": 3,
         "hops": [["198.18.1.1", 3, 3, 0.05, 0.06], [None, 3, 0, None, None]]}
events = [{"hops_by": None, "hops_why": "no privilege"}, trace, {"hops_by": "raw"}, {"hops": 5, "at_s": 1}, {"at_s": 2},
          dict(trace, at_s=2.5, why="change", watch={"from_s": 1.7, "hops": [[1, 1], [0, 0]]}, future="kept")]
k = next(i for i, line in enumerate(lines) if '"interval"' in line)
lines[k + 1:k + 1] = [json.dumps({"event": "hops", "data": e}, separators=(",", ":")) for e in events]
open(sys.argv[1], "w").write("\n".join(lines))
END
cat >"$work/facts.py" <<'END'
import json, sys
own = json.load(open(sys.argv[1]))["longhaul"]
print(*("%s@%g" % (t["why"], t["at_s"]) for t in own["hops"]), own["hops_by"], own.get("hops_why"), own["hops"][1].get("future"),
      own["hops"][1]["watch"]["hops"])
END
cp "$journal" "$work/copy.journal"
wanted='start@0.5 change@2.5 raw None kept [[1, 1], [0, 0]]'
"$longhaul" recover "$work/copy.journal" >"$work/out" 2>"$work/err"
is "recover: the traces are in the result, as they are, and what is known last of privileges" "$(python3 "$work/facts.py" "$work/copy.json")" "$wanted"
"$longhaul" run A B 127.0.0.1 -p "$port" -t 60 -b 1M --dir "$work/run" --resume >"$work/out" 2>"$work/err" & pid=$!
until_ok 20 sh -c "[ \"\$(grep -c '\"interval\"' '$journal')\" -ge 6 ]"
kill $pid; wait $pid 2>/dev/null
is "a run that goes on keeps them" "$(python3 "$work/facts.py" "$work"/run/*.json)" "$wanted"

# Days of traces, one a minute.
python3 - "$journal" <<'END'
import json, sys
lines = open(sys.argv[1]).read().split("\n")
k = next(i for i, line in enumerate(lines) if '"interval"' in line)
hops = [["198.18.%d.1" % i, 10, 9, 0.05, 0.06, "24005/0/1/254"] for i in range(30)]
lines[k + 1:k + 1] = [json.dumps({"event": "hops", "data": {"at_s": 60 * i, "seconds": 6, "why": "loss", "source_port": 4000, "hops": hops}})
                      for i in range(5000)]
open(sys.argv[1], "w").write("\n".join(lines))
END
mv "$journal" "$work/many.journal"
"$longhaul" recover "$work/many.journal" >"$work/out" 2>"$work/err"
is "5,000 traces of 30 hops are in the result" "$(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["longhaul"]["hops"]))' "$work/many.json")" 5002
done_testing
