# trend.sh - reports of many days from the index: figures against the raw files, levels that changed, months, objectives, the page.
. tests/lib.sh
"$longhaul" archive --index "$work/none/x" "$work" 2>"$work/said" >/dev/null
if grep -q libsqlite3 "$work/said"; then
    skip "reports of many days: built without libsqlite3"
    done_testing
fi
mkdir "$work/days"
"$BUILD/tests/bench/year" "$work/days" HK-WUS 100 120 86400 1 60 0.02 0
"$BUILD/tests/bench/year" "$work/days" WUS-HK 100 120 86400 2 40 0 1
"$BUILD/tests/bench/year" "$work/days" HK-KC 100 120 86400 3
python3 tests/cli/trend.py "$longhaul" "$work" || failures=1
done_testing
