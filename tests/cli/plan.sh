# plan.sh - the plan of each shipped topology, checked independently from its JSON; doc/OPERATING.md shows what is printed; a mesh of 50 sites.
. tests/lib.sh
awk '/^    longhaul plan configs\/azure-wus.json/ {on = 1; next} on && /^    / {print substr($0, 5); next} on && /^$/ {print; next} on {exit}' doc/OPERATING.md |
    sed -e '1{/^$/d}' | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' >"$work/readme"
"$longhaul" plan configs/azure-wus.json --price-per-gb 0.08 >"$work/plan"
is "azure-wus.json: exit status" $? 0
is "doc/OPERATING.md has the plan of azure-wus.json" "$(cat "$work/readme")" "$(cat "$work/plan")"
for f in configs/*.json; do
    case $f in *.schema.json) continue ;; esac
    "$longhaul" plan "$f" --json --price-per-gb 0.05 >"$work/plan.json"
    is "$f: exit status" $? 0
    python3 tests/cli/plan.py "$f" "$work/plan.json" || failures=1
done
python3 - "$work" <<'END'
import json, sys
for n in 25, 50:
    sites = {f"S{i}": {"address": f"10.0.0.{i + 1}", "ports": "5201-5204", "max_tests": 3,
                       "place": {"latitude": i - 25, "longitude": 3 * i - 70}} for i in range(n)}
    json.dump({"format": 1, "sites": sites, "legs": "full-mesh", "defaults": {"duration": "10m"}}, open(f"{sys.argv[1]}/mesh-{n}.json", "w"))
END
for n in 25 50; do
    start=$(date +%s%N)
    "$longhaul" plan "$work/mesh-$n.json" --json >"$work/plan.json"
    is "a mesh of $n sites: exit status" $? 0
    echo "# $n sites: $((($(date +%s%N) - start) / 1000000)) ms"
    python3 tests/cli/plan.py "$work/mesh-$n.json" "$work/plan.json" || failures=1
done
# "a day" is a column only where a day is not the plan.
python3 - "$work" <<'PY'
import json, sys
text = json.load(open("configs/azure-wus.json"))
for name in ("1h", "24h", "48h"):
    text.setdefault("defaults", {})["duration"] = name
    json.dump(text, open("%s/of-%s.json" % (sys.argv[1], name), "w"))
PY
for row in 1h:0 24h:0 48h:2; do
    is "a plan of ${row%:*}: ${row#*:} tables say what a day is" "$("$longhaul" plan "$work/of-${row%:*}.json" | grep -c ' a day')" "${row#*:}"
done
like "... a day of two" "$("$longhaul" plan "$work/of-48h.json")" 'HK->WUS +push +UDP 10M 48H +WUS:5201 +216 GB +108 GB '
done_testing
