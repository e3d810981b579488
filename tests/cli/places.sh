# places.sh - round trips that are faster than light between the places of a topology are said, in show and in report; those that are possible are not.
. tests/lib.sh
python3 - "$work" <<'PY'
import json, sys
sys.path.insert(0, "tests/cli"); sys.dont_write_bytecode = True
import made
def leg(name, rtt): return made.leg(name, "receiver", seconds=600, extra={"format": 1, "version": "0.2.0", "source": name[:2], "destination": name[3:], "rtt_method": "icmp", "rtt": [[60 * k, rtt + k / 1000] for k in range(9)]})
made.write(sys.argv[1] + "/near", [leg("HK-WUS", 0.02), leg("KC-WUS", 0.5), leg("XX-WUS", 0.02)])
made.write(sys.argv[1] + "/far", [leg("HK-WUS", 150), leg("KC-WUS", 130)])
PY
config=configs/azure-wus.json
text='a round trip of 0\.02 ms, and light in fibre needs 111 ms for [0-9]+ km: are the places right\?'
findings() { python3 -c 'import json, sys
for line in sys.stdin:
    for t in json.loads(line).get("legs", [json.loads(line)]):
        for f in t["findings"]:
            if f["rule"] == "rtt_below_light": print(t["source"], f["text"], f["is_fault"])'; }
"$longhaul" show --json --config $config "$work/near" 2>/dev/null | findings >"$work/found"
is "show --config: the two legs whose places are known" "$(cut -d' ' -f1 "$work/found" | tr '\n' ' ')" "HK KC "
like "what is wrong" "$(cat "$work/found")" "^HK $text False$"
like "show's line names the rule" "$("$longhaul" show --config $config "$work/near")" "HK->WUS: .*valid with notes \(.*rtt_below_light"
is "round trips that light allows" "$("$longhaul" show --json --config $config "$work/far" | findings)" ""
is "without a topology nothing is said" "$("$longhaul" show --json "$work/near" | findings)" ""
"$longhaul" report --json --no-render --no-html --config $config --out "$work/json" "$work/near" 2>/dev/null | findings >"$work/found2"
is "report says the same" "$(cat "$work/found2")" "$(cat "$work/found")"
"$longhaul" report --no-render --config $config --out "$work/out" "$work/near" >/dev/null 2>&1
like "a takeaway" "$(cat "$work/out/summary_report.md")" "^- Impossible: HK-.?>WUS, $text The same on 1 more leg\."
like "the table of round trips" "$(grep '^| HK->WUS | ICMP' "$work/out/summary_report.md")" "0\.00[0-9]*: are the places right\? \|$"
like "the page" "$(cat "$work/out/index.html")" "$text"
"$longhaul" report --no-render --config $config --out "$work/far.out" "$work/far" >/dev/null 2>&1
is "and nothing where light allows it" "$(grep -c 'places right\|Impossible' "$work/far.out/summary_report.md" "$work/far.out/index.html" | cut -d: -f2 | tr '\n' ' ')" "0 0 "
like "a topology that is not one" "$("$longhaul" show --config "$work/near" "$work/near" 2>&1)" "is a folder"
done_testing
