# axes.sh - the axes of charts, by the scripts and data that gnuplot gets: one scale for the legs of a figure, bursts that are cut off and marked, labels
# of cells and of times, axes that do not begin at 0, bars without seams, numbers of incidents, what arrived and what was sent, delays. Data are made by axes.py.
. tests/lib.sh
for kind in two burst hours slow comb day reach pushed tcp delay; do
    python3 tests/cli/axes.py make "$work/$kind" $kind || not_ok "data: $kind"
    "$longhaul" report --no-render --out "$work/$kind.out" "$work/$kind" > /dev/null 2> "$work/err"
    is "$kind: a report" "$?" 0
    python3 tests/cli/axes.py check "$work/$kind.out" $kind || failures=$((failures + 1))
done
done_testing
