# objective_rules.sh - the rules that `longhaul plan --rules` makes of a topology's objectives: promtool takes them, and of the same data they say the same as
# the report.
. tests/lib.sh
out() { "$longhaul" plan --rules "$1" 2>"$work/err.txt"; }
cat >"$work/t.json" <<EOF
{"format": 1, "sites": {"NO": {}, "WUS": {"address": "192.0.2.1", "ports": "5201-5204", "hub": true}}, "legs": "hub-and-spoke", "defaults": {"duration": "24h"}}
EOF
is "no objectives: no rules" "$(out "$work/t.json" | grep -v '^#')" "groups: []"
sed -i 's/"duration"/"objectives": ["loss <= 0.1% in 99.9% of minutes", "loss <= 0.1% in 100% of hours", "jitter <= 1ms", "availability >= 99%", "loss <= 1% in 99% of seconds"], "duration"/' "$work/t.json"
out "$work/t.json" >"$work/rules.yml"
like "a pushed leg has its receiver's metrics" "$(grep -o 'longhaul_[a-z]*_lost_packets_total{src="NO",dst="WUS"}' "$work/rules.yml" | sort -u)" '^longhaul_serve_lost_packets_total.*$'
like "a pulled leg those of its run" "$(grep -o 'longhaul_[a-z]*_lost_packets_total{src="WUS",dst="NO"}' "$work/rules.yml" | sort -u)" '^longhaul_run_lost_packets_total.*$'
like "of 1,440 minutes 1.44 may be bad" "$(grep 'sum_over_time' "$work/rules.yml")" '\[86400s\]\) > 1\.44$'
is "what has no rule, and why" "$(sed -n 's/^# NO->WUS: //p' "$work/rules.yml")" \
    "loss <= 1 % in 99 % of seconds: no rule: the metrics are written every 15 s, and do not tell one second from the next."
is "--rules excludes --json" "$("$longhaul" plan --rules --json "$work/t.json" 2>&1; echo $?)" "longhaul plan: --json, --rules, --ansible, --prometheus-sd, --sites and --legs exclude each other (longhaul plan --help)
2"
command -v promtool >/dev/null || { skip "rules of objectives: needs promtool (Debian: prometheus)"; done_testing; }
check "promtool takes names that YAML would read as something else" promtool check rules "$work/rules.yml" >/dev/null
python3 tests/cli/objective_rules.py "$longhaul" "$work" || failures=1
done_testing
