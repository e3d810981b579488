# goodput.sh - a leg has one rate in every output: what its receiver got over the time in which it was observed; where nobody knows what arrived, the rate
# is called sent, everywhere.
. tests/lib.sh
python3 tests/cli/goodput.py make "$work"
for set in joined got end sent near opposite; do
    "$longhaul" show "$work/$set" >"$work/$set.show" 2>&1
    "$longhaul" show --json "$work/$set" >"$work/$set.json" 2>&1
    "$longhaul" show --csv "$work/$set" >"$work/$set.csv" 2>&1
    "$longhaul" show --hours "$work/$set" >"$work/$set.hours" 2>&1
    "$longhaul" show --hours --csv "$work/$set" >"$work/$set.hours.csv" 2>&1
    "$longhaul" report --no-render --out "$work/$set.out" "$work/$set" >"$work/$set.report" 2>&1
    "$longhaul" report --json --no-render --no-html --out "$work/out" "$work/$set" >"$work/$set.report.json" 2>"$work/err"
done
python3 tests/cli/goodput.py check "$work" || failures=1
done_testing
