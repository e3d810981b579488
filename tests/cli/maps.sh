# maps.sh - the maps of hours in index.html, in the heat chart and in summary_report.md: of files that tell when packets were lost, of files that
# do not (iperf3's own, written by the sender), of both. Data are made by maps.py.
. tests/lib.sh
report() { "$longhaul" report --no-render --out "$1" "$2" > /dev/null 2> "$work/err"; }
for kind in plain pulled both happened tcp; do
    python3 tests/cli/maps.py make "$work/$kind" $kind || not_ok "data: $kind"
    report "$work/$kind.out" "$work/$kind"
    is "$kind: a report" "$?$(grep -v 'cut short' "$work/err")" $([ $kind = happened ] && echo 4 || echo 0)
    python3 tests/cli/maps.py check "$work/$kind.out" $kind
    [ $? -eq 0 ] || failures=$((failures + 1))
done
done_testing
