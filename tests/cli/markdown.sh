# markdown.sh - summary_report.md against the reference script's own writer, what comes after it, hostile names, the same text of the same
# data; the summary as JSON and CSV.
. tests/lib.sh
mkdir "$work/story" "$work/hostile"
python3 tests/cli/story.py "$work/story" 7200 > "$work/story.json"
python3 tests/cli/hostile.py "$work/hostile"

# ---- the reference's writer, without its charts
reference=${REFERENCE:-}
python=python3; /usr/bin/python3 -c 'import numpy' 2>/dev/null && python=/usr/bin/python3
"$longhaul" report --no-render --omitted --out "$work/out" "$work/story" > "$work/lines" 2> "$work/err"
is "a report of six legs" "$?$(cat "$work/err")" 0
if ! [ -f "$reference" ]; then
    skip "the reference script's table: REFERENCE does not name the script"
elif ! "$python" -c 'import numpy' 2> /dev/null; then
    skip "the reference script's table: needs numpy"
else
    mkdir "$work/theirs"; ln -s "$work/story" "$work/theirs/24H"
    "$python" tests/cli/reference_summary.py "$reference" "$work/theirs" > "$work/err" 2>&1 || cat "$work/err"
    sed -e '1{/iperf3 Summary$/d}' -e '/^Generated on: /d' "$work/theirs/diagrams/24h/summary_report.md" > "$work/want"
    sed -e '1{/iperf3 Summary$/d}' -e '/^Generated on: /d' -e '/^## In short/,/^## Pair observations/{/^## Pair observations/!d}' -e '/^The table and the pair observations /,$d' \
        "$work/out/summary_report.md" | sed '$d' > "$work/got"
    check "the first part below the title is the reference's, to the last character" diff "$work/want" "$work/got"
fi

# ---- what comes after it
md=$work/out/summary_report.md
is "the parts, in their order" "$(grep '^## ' "$md" | tr '\n' '|')" \
    "## In short|## Pair observations|## Takeaways|## Verdicts|## Incidents|## Percentiles|## Each minute|## Validity notes|## How it was measured|## The packet quantum|"
"$longhaul" report --no-render --json --out "$work/json.out" "$work/story" > "$work/json" 2> "$work/err"
is "tables are whole, incidents and events numbered once, sentences are true" "$(python3 tests/cli/markdown_true.py "$md" "$work/json")" ""
like "an outage of the hub is one incident of the hub" "$(cat "$md")" '^\| [0-9] \| outage \| WUS \| 2025-11-15 01:30:46Z \| 2025-11-15 01:31:26Z \| 40 s \| 216,240 \| 4 min \|'
like "under which stands each leg's" "$(cat "$md")" '^\| 1 \| 01:30:46Z \| [A-Z]+->[A-Z]+ \| outage \| 40 s \| 36,040 \| - \| hub WUS \|'
like "a fault or note is named" "$(cat "$md")" '^- UAE->WUS: short_run: it ended after 1 h 40 min of 2 h$'
like "the quantum is explained" "$(cat "$md")" 'within one datagram of the mean of 89'
like "how it was measured" "$(cat "$md")" '^\| HK->WUS \| 2025-11-15 01:00:46Z \| 2 h \| 1 s \| UDP \| 10 \| 1 \| 1,386 \| 192.0.2.2 -> 192.0.2.1 \| iperf 3.12 \|'

# ---- pictures are linked to, relative to the folder
if command -v gnuplot > /dev/null; then
    "$longhaul" report --no-html --charts pair --format png --out "$work/pictures" "$work/story" > /dev/null 2>&1
    links=$(sed -n 's/^!\[.*\](\(.*\))$/\1/p' "$work/pictures/summary_report.md")
    is "each pair's picture is linked to, and is there" "$(cd "$work/pictures" && for l in $links; do [ -s "$l" ] && echo "$l"; done | tr '\n' ' ')" \
        "pair_HK_WUS_bandwidth.png pair_KC_WUS_bandwidth.png pair_UAE_WUS_bandwidth.png "
else
    skip "links to pictures: gnuplot is not installed"
fi

# ---- names that mean something
"$longhaul" report --no-render --out "$work/evil" "$work/hostile" > /dev/null 2>&1
evil=$work/evil/summary_report.md
is "in hostile names nothing has a meaning" "$(grep -c -e '<script' -e '<img' -e '<b ' -e '^# no heading' "$evil")$(python3 tests/cli/markdown_true.py "$evil")" 0
like "they are there as text" "$(cat "$evil")" '&#60;/script'

# ---- unchanged
cp -p "$md" "$work/before"
sleep 1
"$longhaul" report --no-render --omitted --out "$work/out" "$work/story" > "$work/lines" 2> "$work/err"
is "of the same data the text is left alone" "$(grep -c 'summary_report.md' "$work/lines")$(cmp "$work/before" "$md")" 0

# ---- JSON, CSV
"$longhaul" report --no-render --csv --out "$work/json.out" "$work/story" > "$work/csv" 2> "$work/err"
check "JSON and CSV have the legs, pairs and numbered events" python3 tests/cli/report_json.py "$work/json" "$work/csv"
is "one line of JSON, and nothing else" "$(wc -l < "$work/json")" 1
"$longhaul" report --json --csv "$work/story" > "$work/lines" 2>&1; is "both at once: misused" "$?" 2
"$longhaul" report --no-render --json --out "$work/evil" "$work/hostile" > "$work/json" 2> "$work/err"
check "hostile names are JSON" python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$work/json"
done_testing
