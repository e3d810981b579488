# delay_page.sh - delays in index.html and summary_report.md: a panel, tables, cells and marks for the legs that know them, the data against
# `show`, nothing for the legs that do not; in headless Chromium: what is drawn, told and seen.
. tests/lib.sh
made=$BUILD/tests/bench/delay_day
mkdir -p "$work/day" "$work/minutes"
"$made" "$work/day" 7200 100 >/dev/null
"$made" "$work/minutes" 360 100 >/dev/null
python3 tests/cli/delay_page.py files "$work" || failures=$((failures + 1))
for name in day mixed old; do
    "$longhaul" report --no-render --out "$work/$name.out" "$work/$name" >/dev/null 2>"$work/err"
    is "$name: a report" "$?$(cat "$work/err")" 0
    python3 tests/cli/page_static.py "$work/$name.out/index.html" >"$work/static" || { grep '^not' "$work/static"; failures=$((failures + 1)); }
done
python3 tests/cli/delay_page.py texts "$work" "$longhaul" || failures=$((failures + 1))

if has_browser "delays in a browser"; then
    python3 tests/cli/delay_page.py browser "$work" "$longhaul" 2>"$work/err" || { failures=$((failures + 1)); sed 's/^/# /' "$work/err"; }
    "$longhaul" report --charts pair --format svg --out "$work/minutes.out" "$work/minutes" >/dev/null 2>"$work/err"
    python3 tests/cli/page_look.py "$work/minutes.out/index.html" 2>"$work/err" || { failures=$((failures + 1)); sed 's/^/# /' "$work/err"; }
fi
done_testing
