# report.sh - longhaul report: table and observations against python's figures, names and colours of the charts, one-second
# spikes in the picture, gnuplot missing, notes, misuse.
. tests/lib.sh
data=tests/data/reader

# ---- two legs of one pair
mkdir "$work/24H"
cp $data/push.json "$work/24H/HK-WUS-10M_5S_20251115_010046.json"
cp $data/pull.json "$work/24H/WUS-HK-10M_5S_20251115_010046.json"
cd "$work" || exit 1
"$longhaul" report --verbose --no-render > out 2> err
is "a folder 24H is read without being named" "$?" 0
is "nothing on stderr" "$(cat err)" ""
is "the first line says what happened" "$(sed 1q out)" "No incident found; 0.0665 % lost"
is "then comes a line for each leg" "$(sed -n 2,3p out)" "HK->WUS: delivered 9.99 Mbps, loss 0.0665 %, jitter 0.0106 ms
WUS->HK: delivered 10 Mbps, loss 0.0665 %, jitter 0.014 ms"
check "then, with --verbose, the files that were written, and they are there" sh -c 'sed -e 1,3d -e "\$d" out | while read -r f; do [ -s "$f" ] || exit 1; done'
is "the last line is the address of the page" "$(tail -n 1 out)" "file://$(realpath .)/diagrams/24h/index.html"
is "data and scripts without pictures" "$(cd diagrams/24h && echo *)" "Makefile direction_HK_WUS_bandwidth.dat direction_HK_WUS_bandwidth.gp direction_WUS_HK_bandwidth.dat direction_WUS_HK_bandwidth.gp distribution_jitter_loss.dat distribution_jitter_loss.gp heat_loss.dat heat_loss.gp hub_overview.dat hub_overview.gp index.html matrix_loss_jitter_coverage.dat matrix_loss_jitter_coverage.gp pair_HK_WUS_bandwidth.dat pair_HK_WUS_bandwidth.gp summary_report.md"
cd "$OLDPWD" || exit 1

cat > "$work/table.py" <<'EOF'
"""The reference's report of two legs, from figures that tests/cli/figures.py computed."""
import json, sys
legs = [(a, json.loads(b)) for a, b in zip(("HK->WUS", "WUS->HK"), open(sys.argv[1]))]
print("| Direction | Mean Mbps | Std Mbps | Min Mbps | Max Mbps | Loss % | Lost/Total pkts | Jitter (ms) |")
print("|---|---:|---:|---:|---:|---:|---:|---:|")
for label, f in legs:
    print("| %s | %.4f | %.4f | %.4f | %.4f | %.6f | %d/%d | %.4f |" % (label, f["mean_mbps"], f["std_mbps"], f["min_mbps"],
          f["max_mbps"], f["loss_percent"], f["lost_packets"], f["total_packets"], f["jitter_ms"]))
print("\n## Pair observations\n\n### HK <-> WUS\n")
for label, f in legs:
    print("- %s: mean %.4f Mbps, jitter %.4f ms, loss %.6f%% (%d packets)" % (label, f["mean_mbps"], f["jitter_ms"],
          f["loss_percent"], f["lost_packets"]))
print("- Directional delta: %.6f Mbps (higher on HK->WUS)" % abs(legs[0][1]["mean_mbps"] - legs[1][1]["mean_mbps"]))
EOF
python3 tests/cli/figures.py $data/push.json $data/pull.json > "$work/figures"
python3 "$work/table.py" "$work/figures" > "$work/want"
sed -e 1,5d -e "/^## In short/,/^## Pair observations/{/^## Pair observations/!d}" -e "/^The table and the pair observations /,\$d" "$work/diagrams/24h/summary_report.md" | sed "\$d" > "$work/got"
check "summary_report.md has python's figures" diff "$work/want" "$work/got"
like "and says when it was made" "$(sed -n 1,3p "$work/diagrams/24h/summary_report.md" | tr '\n' '/')" \
    '^# 5 s iperf3 Summary//Generated on: 20[0-9-]+ [0-9:]+Z/$'

# ---- what is not known, journals, several runs, what cannot be read
mkdir "$work/mixed"
cp $data/HK-WUS-10M_20S_20251115_010046.journal $data/WUS-HK-10M_20S_20251115_010046.journal \
    $data/HK-WUS-10M_14S_20251116_010046.json "$work/mixed"
cp $data/HK-WUS-10M_20S_20251115_010046.journal "$work/mixed/HK-WUS-10M_14S_20251116_010046.journal"
touch "$work/mixed/HK-WUS-10M_14S_20251116_010046.json" # a result that is older than its journal would give way to it
cp $data/error.json $data/not_json.json "$work/mixed"
"$longhaul" report --no-render --out "$work/out dir/a" "$work/mixed" > "$work/out" 2> "$work/err"
is "with unreadable files it is incomplete" "$?" 4
is "journals in progress are read, one with a result next to it is not" "$(grep -c ' Mbps, ' "$work/out")" 3
like "unknown is said to be unknown" "$(cat "$work/out")" '^HK->WUS: sent 10 Mbps, loss unknown, jitter unknown$'
like "and is a dash in the table; what was sent is known" "$(cat "$work/out dir/a/summary_report.md")" '^\| HK->WUS \| .* \| - \| -/4509 \| - \|$'
like "a test that failed is named" "$(cat "$work/err")" 'error.json: iperf3 said: unable to connect to server'
like "a file that is not JSON is named" "$(cat "$work/err")" 'not_json.json: contains nothing'
like "a torn journal is named" "$(cat "$work/err")" '20251115_010046.journal: byte [0-9]+: left out: a line that breaks off'
is "the newest run has the plain name, an older one its start" "$(cd "$work/out dir/a" && echo direction_HK*.gp pair*.gp)" \
    "direction_HK_WUS_bandwidth.gp direction_HK_WUS_bandwidth_20251115_010046.gp pair_HK_WUS_bandwidth.gp pair_HK_WUS_bandwidth_20251115_010046.gp"
like "the older runs share a chart" "$(cat "$work/out dir/a/pair_HK_WUS_bandwidth_20251115_010046.gp")" '^array panel_title.*WUS.*•.*WUS.*•'
like "the newest stands alone" "$(cat "$work/out dir/a/pair_HK_WUS_bandwidth.gp")" '^panels = 1$'

# ---- the hub
"$longhaul" report --no-render --hub HK --out "$work/hub" "$work/24H" > /dev/null 2> "$work/err"
like "legs to the hub come first, and are inbound" "$(cat "$work/hub/pair_HK_WUS_bandwidth.gp")" "^array panel_title\[[0-9]\] = \['WUS->HK .*, 'HK->WUS "
like "so they are green" "$(cat "$work/hub/pair_HK_WUS_bandwidth.gp")" "^array panel_color\[[0-9]\] = \['inbound', .*'outbound'"
"$longhaul" report --no-render --hub MARS --out "$work/hub" "$work/24H" > /dev/null 2> "$work/err"
is "a note says that the hub is not a site" "$?: $(cat "$work/err")" "4: longhaul: hub MARS: not a site of these results"

# ---- no gnuplot, an old one, one that lies
mkdir "$work/bin"
PATH="$work/bin" "$longhaul" report --out "$work/none" "$work/24H" > "$work/out" 2> "$work/err"
is "without gnuplot the report is incomplete" "$?" 4
is "which one line says" "$(grep -c '' "$work/err"): $(cat "$work/err")" "1: longhaul: charts are not drawn (scripts and data are in $work/none): gnuplot: No such file or directory (charts need gnuplot 5.4 or newer)"
PATH="$work/bin" "$longhaul" report --no-render --out "$work/none" "$work/24H" > /dev/null 2> "$work/err"
is "and --no-render does not miss it" "$?$(cat "$work/err")" 0
printf '#!/bin/sh\necho gnuplot 4.6 patchlevel 6\n' > "$work/bin/gnuplot"; chmod +x "$work/bin/gnuplot"
PATH="$work/bin:$PATH" "$longhaul" report --out "$work/none" "$work/24H" > /dev/null 2> "$work/err"
like "an old one is refused" "$?: $(cat "$work/err")" '^4: .*gnuplot 4.6: too old, 5.4 is needed$'
printf '#!/bin/sh\necho gnuplot 5.4 patchlevel 4\n' > "$work/bin/gnuplot"
PATH="$work/bin:$PATH" "$longhaul" report --out "$work/none" "$work/24H" > /dev/null 2> "$work/err"
like "exit status 0 without a picture is not a success" "$?: $(cat "$work/err")" '^4: .*pair_HK_WUS_bandwidth.png and [0-9]+ more pictures: gnuplot made no picture$'
printf '#!/bin/sh\n[ $# = 1 ] && echo gnuplot 5.4 patchlevel 4 && exit\necho "    ^" >&2; echo "line 3: bad" >&2; exit 1\n' > "$work/bin/gnuplot"
PATH="$work/bin:$PATH" "$longhaul" report --out "$work/none" "$work/24H" > /dev/null 2> "$work/err"
like "what gnuplot complains of is passed on" "$(cat "$work/err")" 'pair_HK_WUS_bandwidth.png and [0-9]+ more pictures: gnuplot failed \(1\): line 3: bad$'
is "no picture is left half made" "$(ls "$work/none" | grep -c -e png -e tmp)" 0

# ---- misuse
"$longhaul" report --out > /dev/null 2> "$work/err"; is "--out without a folder: misused" "$?" 2
"$longhaul" report --out "" "$work/24H" > "$work/out" 2> "$work/err"
is "--out without a name: misused, and nothing goes to the root" "$? $(cat "$work/err")" '2 longhaul report: folder "": no name (longhaul report --help)'
"$longhaul" report --frob > /dev/null 2> "$work/err"; is "an unknown flag: misused" "$?" 2
"$longhaul" report --help > "$work/out"; is "--help" "$?" 0
"$longhaul" report --out "$work/x" "$work/nowhere" > "$work/out" 2> "$work/err"
is "a folder that is not there: failed" "$?: $(cat "$work/err")" "1: longhaul: $work/nowhere: No such file or directory"
mkdir "$work/void"; "$longhaul" report --out "$work/x" "$work/void" > "$work/out" 2> "$work/err"
is "nothing in a folder: failed" "$?: $(cat "$work/err")" "1: longhaul: $work/void: contains no .json or .journal"
is "and nothing is written" "$(ls -d "$work/x" 2>/dev/null)" ""
: > "$work/file"; "$longhaul" report --out "$work/file/sub" "$work/24H" > "$work/out" 2> "$work/err"
is "a folder that cannot be made: failed" "$?: $(cat "$work/err")" "1: longhaul: folder $work/file: File exists"

# ---- pictures
if ! command -v gnuplot > /dev/null; then
    skip "pictures: gnuplot is not installed"
    done_testing
fi
mkdir "$work/day"
python3 tests/cli/day.py "$work/day/UAE-WUS-10M_24H_20251115_010046.json" a b 36000
python3 tests/cli/day.py "$work/day/WUS-UAE-10M_24H_20251115_010046.json" b a
"$longhaul" report --verbose --out "$work/pictures" "$work/day" > "$work/out" 2> "$work/err"
is "a day is drawn" "$?$(cat "$work/err")" 0
check "a pair's picture: 2800 x 1600, green and blue" python3 tests/cli/png.py "$work/pictures/pair_UAE_WUS_bandwidth.png" 2800 1600 009e73 0072b2
check "one second in a day can be seen at its hour" python3 tests/cli/png.py "$work/pictures/direction_UAE_WUS_bandwidth.png" 2400 1000 --spike 74c5ae 0.45 0.47
like "the time axis is the day" "$(cat "$work/pictures/pair_UAE_WUS_bandwidth.gp")" '^x_max = 24$'
mv "$work/pictures/direction_UAE_WUS_bandwidth.png" "$work/before.png"
(cd "$work/pictures" && LC_ALL=C.UTF-8 gnuplot direction_UAE_WUS_bandwidth.gp) > "$work/err" 2>&1
is "gnuplot draws it again next to its data, silently" "$(cat "$work/err")" ""
check "the same picture" python3 tests/cli/png.py "$work/before.png" 2400 1000 --same "$work/pictures/direction_UAE_WUS_bandwidth.png"

"$longhaul" report --verbose --out "$work/pictures" "$work/day" > "$work/out" 2> "$work/err"
is "what somebody else drew is drawn again" "$(grep '\.png$' "$work/out")" "$work/pictures/direction_UAE_WUS_bandwidth.png"
"$longhaul" report --verbose --out "$work/pictures" "$work/day" > "$work/out" 2> "$work/err"
is "nothing is drawn again when nothing changed" "$(grep -c -e '\.png$' -e '\.svg$' "$work/out")" 0
touch -d yesterday "$work"/pictures/*.png
"$longhaul" report --verbose --out "$work/pictures" "$work/day" > "$work/out" 2> "$work/err"
is "whatever the files' times are" "$(grep -c -e '\.png$' -e '\.svg$' "$work/out")" 0
"$longhaul" report --verbose --redraw --charts direction --format png --out "$work/pictures" "$work/day" > "$work/out" 2> "$work/err"
is "but with --redraw" "$(grep -c '\.png$' "$work/out")" 2
rm "$work/pictures/direction_WUS_UAE_bandwidth.png"
python3 tests/cli/day.py "$work/day/UAE-WUS-10M_24H_20251115_010046.json" a b 40000
"$longhaul" report --verbose --out "$work/pictures" "$work/day" > "$work/out" 2> "$work/err"
is "else what is missing, and what has other data" "$(grep '\.png$' "$work/out" | sed 's|.*/||' | sort | tr '\n' ' ')" \
    "direction_UAE_WUS_bandwidth.png direction_WUS_UAE_bandwidth.png hub_overview.png pair_UAE_WUS_bandwidth.png "

done_testing
