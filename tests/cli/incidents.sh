# incidents.sh - legs in which known things happen, a quiet day, an outage of which nobody knows what it lost: JSON, CSV, terminal, --brief, Markdown, page and
# charts tell the same incidents under the same numbers, and each lost packet is in one of them or outside.
. tests/lib.sh
for kind in happened quiet unknown own two; do
    python3 tests/cli/incidents.py make "$work/$kind" $kind
    out=$work/$kind.out
    "$longhaul" report --no-render --json --out "$out" "$work/$kind" > "$work/$kind.json" 2> "$work/err"
    "$longhaul" report --no-render --no-html --csv=incidents --out "$work/other" "$work/$kind" > "$work/$kind.csv" 2> "$work/err"
    mkdir "$work/nothing.$kind"
    (cd "$work/nothing.$kind" && "$longhaul" report --brief "../$kind" > "$work/$kind.brief" 2> "$work/err"; echo $? > "$work/status")
    like "$kind: --brief ends as the report does" "$(cat "$work/status")" '^[04]$'
    is "$kind: --brief writes nothing" "$(ls -A "$work/nothing.$kind")" ""
    "$longhaul" report --no-render --no-html --out "$work/other" "$work/$kind" > "$work/$kind.txt" 2> "$work/err"
    "$longhaul" show --events --csv "$work/$kind"/*.json > "$work/events.csv" 2> "$work/err"
    python3 -B tests/cli/incidents.py check $kind "$out" "$work/$kind.json" "$work/$kind.csv" "$work/$kind.brief" "$work/$kind.txt" "$work/events.csv"
    check "$kind: each says the same" test $? -eq 0
done

# A number that is not written in the language of numbers is not written as another either.
if locale -a 2>/dev/null | grep -qi '^de_DE.utf-\?8$'; then
    LC_ALL=de_DE.UTF-8 "$longhaul" report --brief "$work/happened" > "$work/german" 2> "$work/err"
    is "another locale changes nothing" "$(cat "$work/german")" "$(cat "$work/happened.brief")"
fi
"$longhaul" report --brief --json "$work/two" > "$work/out" 2> "$work/err"
is "--brief and --json exclude each other" "$?: $(cut -c1-60 "$work/err" | head -1)" "2: longhaul report: --brief, --json and --csv exclude each othe"
"$longhaul" report --brief --watch "$work/two" > "$work/out" 2> "$work/err"; is "--brief excludes --watch" "$?" 2
"$longhaul" report --csv=events "$work/two" > "$work/out" 2> "$work/err"; is "--csv of something else: misused" "$?" 2
"$longhaul" report --brief "$work/nowhere" > "$work/out" 2> "$work/err"; is "--brief of a folder that is not there: failed" "$?" 1
"$longhaul" report --no-render --csv --out "$work/other" "$work/two" > "$work/a" 2>/dev/null
"$longhaul" report --no-render --csv=legs --out "$work/other" "$work/two" > "$work/b" 2>/dev/null
check "--csv=legs is --csv" cmp "$work/a" "$work/b"
done_testing
