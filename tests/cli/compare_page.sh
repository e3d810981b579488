# compare_page.sh - longhaul compare --html: what the page says, against JSON and against the days calculated again; hostile names; 100 legs;
# files of others; and how it looks, in headless Chromium.
. tests/lib.sh
python3 tests/cli/compare_page.py "$work" "$longhaul" 2>"$work/err" || { failures=$((failures + 1)); sed 's/^/# /' "$work/err"; }
for page in page evil; do
    python3 tests/cli/page_static.py "$work/$page.html" > "$work/static"
    is "$page: closed elements, no address, no handler, no script of others" "$(grep -v '^ok' "$work/static")" ""
done
if has_browser "the look of a comparison"; then
    python3 tests/cli/compare_look.py "$work/page.html" "$work/evil.html" 2>"$work/err" || { failures=$((failures + 1)); sed 's/^/# /' "$work/err"; }
fi
done_testing
