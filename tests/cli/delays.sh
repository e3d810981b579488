# delays.sh - delays in the reader and the report: percentiles of all datagrams against the exact ones, incidents of a made day and of a
# quiet one, old files, odd files. The receiver's own figures: test_arrivals.c, test_transit_base.c, netns/delay_test.sh.
. tests/lib.sh
made=$BUILD/tests/bench/delay_day
mkdir -p "$work/day" "$work/quiet"
"$made" "$work/day" 7200 100 >"$work/exact"
"$made" "$work/quiet" 7200 100 0 >/dev/null
"$longhaul" report "$work/day" --out "$work/out" --no-render --json >"$work/day.json" 2>"$work/log"
"$longhaul" report "$work/quiet" --out "$work/quiet-out" --no-render --json >"$work/quiet.json" 2>>"$work/log"
python3 tests/cli/delays.py "$work" "$longhaul" "$BUILD/tests/tools/delay_quantiles" || failures=1
done_testing
