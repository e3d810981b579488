# distrust.sh - files with impossible values, and names that a terminal would obey: read, shown and drawn where they make sense
# quickly, and without any effect.
. tests/lib.sh

# ---- times that no test has: the report of all the others is made too
for kind in plan_of_ages plan_without_end interval_in_ages interval_without_end interval_no_length interval_no_start interval_no_time start_in_ages \
    round_trips_of_ages; do
    mkdir "$work/$kind"
    python3 tests/cli/distrust.py make $kind "$work/$kind/HK-WUS-$kind.json"
    timeout 30 "$longhaul" report --no-render --out "$work/$kind.out" "$work/$kind" > "$work/out" 2> "$work/err"
    status=$?
    check "$kind: a report is made" [ $status = 0 -o $status = 4 ]
    if [ -e /usr/share/javascript/dygraphs/dygraph.min.js ]; then
        check "$kind: its live charts have data" python3 tests/cli/distrust.py page "$work/$kind.out/index.html"
    else
        skip "$kind: its live charts: libjs-dygraphs is not installed"
    fi
done

# ---- a leg whose loss is known of half an hour: its share is of the packets of that half, in each map
mkdir "$work/half"
python3 tests/cli/distrust.py make half_known "$work/half/HK-WUS-x.json"
"$longhaul" report --no-render --out "$work/half.out" "$work/half" > /dev/null 2>&1
is "half known: the heat strip" "$(awk '/^[0-9]+ 1 / { print $4 }' "$work/half.out/heat_loss.dat" | sort | uniq -c | tr -s ' ' | tr '\n' ',')" " 30 10, 30 nan,"
is "half known: the page's" "$(grep -oE 'title="11-15 [0-9:]+: (loss 10 %, 5,400 packets|[^"]*loss unknown)' "$work/half.out/index.html" | sed 's/.*loss/loss/' | sort | uniq -c | tr -s ' ' | tr '\n' ',')" " 30 loss 10 %, 5,400 packets, 30 loss unknown,"
like "half known: the table of hours" "$("$longhaul" show --hours "$work/half/HK-WUS-x.json")" '162000  10\.000000'

# ---- known parts of an incomplete figure are reported, and what is known twice counts once
mkdir "$work/part"
python3 tests/cli/distrust.py make thirty_gaps "$work/part/HK-WUS-x.json"
python3 tests/cli/distrust.py make no_end "$work/part/KC-WUS-10M_100S_20251115_010046.json"
"$longhaul" report --no-render --out "$work/part.out" "$work/part" > "$work/once" 2>&1
like "what was seen, and the share of it, agree" "$(grep '^- Not observed' "$work/part.out/summary_report.md")" 'HK->WUS was observed for 1 min 10 s of 1 min 40 s \(70 %\)'
like "gaps that are not listed are counted" "$(cat "$work/part.out/summary_report.md")" '^\| HK->WUS \| and 10 more;'
like "the matrix has the loss of intervals when there is no end" "$(cat "$work/part.out/matrix_loss_jitter_coverage.dat")" '^3 2 4 "1"$'
like "so has the title" "$(cat "$work/part.out/direction_KC_WUS_bandwidth.gp")" "'loss 1 % "
gzip -k "$work/part/KC-WUS-10M_100S_20251115_010046.json"
"$longhaul" report --no-render --redraw --out "$work/part.out" "$work/part" "$work/part/" "$work/part/HK-WUS-x.json" > "$work/twice" 2>&1
is "a folder given twice, a file of it, one that is compressed too: each test once" "$(grep -c 'delivered .* Mbps\|sent .* Mbps' "$work/twice")" 2
touch -d yesterday "$work/part/KC-WUS-10M_100S_20251115_010046.json"
"$longhaul" report --no-render --redraw --out "$work/part.out" "$work/part" > "$work/twice" 2>&1
is "of two the newer" "$(grep -o 'KC.*: cut short' "$work/twice")" "KC-WUS-10M_100S_20251115_010046.json.gz: cut short"
mkdir "$work/runs"
for run in a:day_2 b:no_start c:day_1; do python3 tests/cli/distrust.py make ${run#*:} "$work/runs/HK-WUS-${run%:*}.json"; done
"$longhaul" report --no-render --no-html --charts direction --out "$work/runs.out" "$work/runs" > /dev/null 2>&1
like "the plain name is the newest run's, not that of one whose start is not known" "$(cat "$work/runs.out/direction_192.0.2.2_192.0.2.1_bandwidth.gp")" "^x_label = '.* from 2025-11-16"
is "the others have their starts, where those are known" "$(cd "$work/runs.out" && echo *.gp)" \
    "direction_192.0.2.2_192.0.2.1_bandwidth.gp direction_192.0.2.2_192.0.2.1_bandwidth_20251115_010046.gp direction_192.0.2.2_192.0.2.1_bandwidth_undated.gp"

# ---- what a spreadsheet would reckon with
mkdir "$work/formula"
for name in '=1+1.json' '@x.json' '+x.json' '-x.json' '="a",b.json'; do python3 tests/cli/distrust.py make formula "$work/formula/$name"; done
for flags in "" --events --hours --intervals; do
    (cd "$work/formula" && "$longhaul" show --csv $flags -- *.json) 2> "$work/err"
done > "$work/out"
is "CSV: no cell begins a formula" "$(python3 -c '
import csv, sys
rows = list(csv.reader(open(sys.argv[1], newline="")))
print(len({row[0] for row in rows if row[0].startswith("./")}), [cell for row in rows for cell in row if cell[:1] in "=+@\t\r" and cell])' "$work/out")" "5 []"
is "CSV: a time that no calendar has is an empty cell" "$("$longhaul" show --csv "$work/start_in_ages/HK-WUS-start_in_ages.json" | tail -1 | cut -d, -f4-6)" "UDP,,valid"

# ---- very many events: time grows with their number, not with its square (which would be a minute of CPU here)
mkdir "$work/many"
python3 tests/cli/distrust.py make outage_each_hour "$work/many/hours.json"
(ulimit -t 20; exec "$longhaul" show --hours "$work/many/hours.json") > "$work/out" 2> "$work/err"
is "100,000 hours with an outage each" "$? $(grep -c ' 3599$' "$work/out")" "0 99998"
python3 tests/cli/distrust.py make outage_each_moment "$work/many/HK-WUS-x.json"
ln "$work/many/HK-WUS-x.json" "$work/many/WUS-HK-x.json"
(ulimit -t 20; exec "$longhaul" show --events "$work/many/HK-WUS-x.json" "$work/many/WUS-HK-x.json") > "$work/out" 2> "$work/err"
is "50,000 pauses in each direction, compared with each other" "$? $(grep -c 'rate (sender) .*, 2 s.*opposite direction too: the pair' "$work/out")" "0 100000"
rm "$work/many/hours.json"
(ulimit -t 20; exec "$longhaul" report --no-render --out "$work/many.out" "$work/many") > "$work/out" 2> "$work/err"
is "a report of them" "$? $(grep -c '^1\. .* 50000 times ' "$work/out")" "0 1"
for f in index.html summary_report.md pair_HK_WUS_bandwidth.dat; do
    size=$(wc -c < "$work/many.out/$f")
    check "its $f stays small: $size bytes" [ "$size" -lt 1500000 ]
done
rm -r "$work/many" "$work/many.out"

# ---- what a terminal obeys: in a message, a version, a file's name
mkdir "$work/terminal"
name=$(printf 'HK-WUS-\033[31m\302\23332m\007\303\251.json')
python3 tests/cli/distrust.py make terminal "$work/terminal/$name"
printf '{"start": {}, "intervals": []} rubbish' > "$work/terminal/$(printf '\033[1mrubbish.json')"
for flags in "" --events --hours; do
    "$longhaul" show $flags "$work/terminal"/* > "$work/show$flags" 2>&1
done
"$longhaul" report --no-render --out "$work/terminal.out" "$work/terminal" > "$work/report" 2>&1
for file in "$work/show" "$work/show--events" "$work/show--hours" "$work/report" "$work/terminal.out/summary_report.md" "$work/terminal.out/index.html"; do
    if LC_ALL=C grep -aP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$file" > "$work/obeyed"; then not_ok "$(basename "$file"): $(od -c "$work/obeyed" | head -8)"
    else check "$(basename "$file"): nothing that a terminal obeys" [ -s "$file" ]; fi
done
like "and letters are what they were" "$(cat "$work/terminal.out/summary_report.md")" 'é'
# ---- a pipe where a report's own file would be: not waited for, not replaced
mkdir "$work/piped"; mkfifo "$work/piped/index.html"
timeout 60 "$longhaul" report --no-render --out "$work/piped" tests/data/reader/push.json >"$work/out" 2>"$work/err"
is "a pipe in place of the page" "$? $(tail -n 1 "$work/err") $(test -p "$work/piped/index.html" && echo there)" \
    "1 longhaul: $work/piped/index.html: exists and is not a file there"
done_testing
