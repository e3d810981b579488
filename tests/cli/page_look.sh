# page_look.sh - index.html as it is seen, heard and typed, measured in headless Chromium by page_look.py: of six minutes of six legs, with faults.
. tests/lib.sh
mkdir "$work/story"
python3 tests/cli/story.py "$work/story" 360 > "$work/story.json"
without=$(python3 -c 'import sys; sys.path.insert(0, "tests/cli"); import browser; print(browser.missing() or "")')
if [ -n "$without" ]; then
    skip "the look of the page: $without is not installed"
elif ! [ -e /usr/share/javascript/dygraphs/dygraph.min.js ]; then
    skip "the look of the page: libjs-dygraphs is not installed"
elif ! command -v gnuplot > /dev/null; then
    skip "the look of the page: gnuplot is not installed"
else
    "$longhaul" report --charts pair --format svg --out "$work/story.out" "$work/story" > /dev/null 2> "$work/err"
    is "a report" "$?$(cat "$work/err")" 0
    python3 tests/cli/page_look.py "$work/story.out/index.html" 2> "$work/err" || { failures=$((failures + 1)); sed 's/^/# /' "$work/err"; }
fi
done_testing
