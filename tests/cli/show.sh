# show.sh - longhaul show: every shape of file in tests/data/reader, with its exact output and exit status; the figures
# against python's; misuse. To see what changed: diff tests/data/show.expected with what is printed on failure.
. tests/lib.sh

shapes() {
    cd tests/data/reader || exit 1
    for file in *; do
        echo "== $file"
        "$longhaul" show "$file" > "$work/out" 2> "$work/err"
        status=$?
        cat "$work/out" "$work/err"
        echo "exit $status"
    done
}
(shapes) > "$work/shapes"
if diff tests/data/show.expected "$work/shapes"; then ok "every shape of file is read or refused as expected"
else not_ok "shapes of files: see the difference above"; fi

strict=
for name in push pull server tcp bidir streams omitted crlf_bom repeated; do strict="$strict tests/data/reader/$name.json"; done
"$longhaul" show --json $strict > "$work/json" 2>/dev/null
check "figures are python's" python3 tests/cli/figures.py --compare "$work/json" $strict
"$longhaul" show --json --omitted $strict > "$work/json" 2>/dev/null
check "also with the omitted intervals" python3 tests/cli/figures.py --omitted --compare "$work/json" $strict

"$longhaul" show --json tests/data/reader/HK-WUS-10M_14S_20251116_010046.json > "$work/json"
check "what is not known is null" python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
assert d["loss_percent"] is None and d["jitter_ms"] is None and d["lost_packets"] is None
assert (d["source"], d["destination"], d["is_complete"], d["is_journal"]) == ("HK", "WUS", True, False)' "$work/json"

cat tests/data/reader/push.json | "$longhaul" show /dev/stdin > "$work/out"
is "a pipe is read too" "$?" 0
printf '{"start":{},"intervals":[],"error":"caf\351\033[31m"}' > "$work/bytes.json"
"$longhaul" show "$work/bytes.json" > "$work/out" 2>&1
like "what a file says cannot steer a terminal" "$(cat -v "$work/out")" 'error: caf\? \[31m$'

"$longhaul" show > "$work/out" 2> "$work/err"; is "no file: misused" "$?" 2
"$longhaul" show --jsno x > "$work/out" 2> "$work/err"; is "an unknown flag: misused" "$?" 2
like "and named" "$(cat "$work/err")" "^longhaul show: unknown option '--jsno' "
"$longhaul" show --help > "$work/out"; is "--help" "$?" 0
"$longhaul" show tests/data/reader/push.json > /dev/full 2> "$work/err"; is "a full disk is not silent" "$?" 1
"$longhaul" show tests/data/reader/push.json "$work/nowhere.json" > "$work/out" 2> "$work/err"
is "one of two could be read: incomplete" "$?" 4
is "the other is named" "$(cat "$work/err")" "longhaul: $work/nowhere.json: No such file or directory"
done_testing
