# distrust.sh - files that say what cannot be, and names that mean something to a terminal: read, shown and drawn as far as there is sense in
# them, in a moment, and nothing of it does anything.
. tests/lib.sh

# ---- times that no test has: the report of all the others is made too
for kind in plan_of_ages plan_without_end interval_in_ages interval_without_end interval_no_length interval_no_start interval_no_time start_in_ages; do
    mkdir "$work/$kind"
    python3 tests/cli/distrust.py make $kind "$work/$kind/HK-WUS-$kind.json"
    timeout 30 "$longhaul" report --no-render --out "$work/$kind.out" "$work/$kind" > "$work/out" 2> "$work/err"
    status=$?
    check "$kind: a report is made" [ $status = 0 -o $status = 4 ]
    if [ -e /usr/share/javascript/dygraphs/dygraph.min.js ]; then
        check "$kind: its live charts have data" python3 tests/cli/distrust.py page "$work/$kind.out/index.html"
    else
        skip "$kind: its live charts: libjs-dygraphs is not installed"
    fi
done
done_testing
