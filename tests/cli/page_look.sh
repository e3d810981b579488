# page_look.sh - index.html as it is seen, heard and typed, measured in headless Chromium by page_look.py: of six minutes of six legs, with faults.
. tests/lib.sh
mkdir "$work/story"
python3 tests/cli/story.py "$work/story" 360 > "$work/story.json"
if has_browser "the look of the page"; then
    "$longhaul" report --charts pair --format svg --out "$work/story.out" "$work/story" > /dev/null 2> "$work/err"
    is "a report" "$?$(cat "$work/err")" 0
    python3 tests/cli/page_look.py "$work/story.out/index.html" 2> "$work/err" || { failures=$((failures + 1)); sed 's/^/# /' "$work/err"; }
fi
done_testing
