# one_loss.sh - the loss of a leg is one figure, with its origin, in every output: show in its three forms, report's lines, summary_report.md,
# index.html, the matrix, report --json; and a leg whose loss only its intervals know is not ranked as one that lost nothing.
. tests/lib.sh
python3 tests/cli/one_loss.py make "$work"
"$longhaul" show "$work"/*.json > "$work/show" 2>&1
"$longhaul" show --json "$work"/*.json > "$work/json" 2>&1
"$longhaul" show --csv "$work"/*.json > "$work/csv" 2>&1
"$longhaul" report --no-render --out "$work/out" "$work"/*.json > "$work/report" 2>&1
"$longhaul" report --json --no-render --no-html --out "$work/out2" "$work"/*-WUS-*.json > "$work/report.json" 2> "$work/err"
python3 tests/cli/one_loss.py check "$work" || failures=1
mkdir "$work/many"
python3 tests/cli/one_loss.py many "$work/many"
"$longhaul" report --no-render --no-html --charts hub,heat --out "$work/many/out" "$work"/many/*.json > "$work/many/said" 2>&1
check "of 42 legs the chart of 40 shows the one that lost most, which has no end" grep -q "'ZZ->WUS'" "$work/many/out/hub_overview.gp"
check "and not all of the others" grep -q '40 of 42 legs' "$work/many/out/hub_overview.gp"
done_testing
