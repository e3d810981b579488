# both_ends.sh - a pushed leg is what its sender's and its receiver's records tell together, in show as in report: where the receiver saw data, the
# silence of the control connection is not an outage; intervals that only the receiver has are counted; what neither saw is missing.
. tests/lib.sh
python3 tests/cli/both_ends.py make "$work"
name=HK-WUS-10M_1M_20251115_010046.json
for set in seen cut back killed hole drift other never partly stalled buffered split; do
    "$longhaul" show --json "$work/$set/$name" >"$work/$set.json" 2>"$work/err"
    is "$set: show, exit status" $? 0
    python3 tests/cli/both_ends.py check $set <"$work/$set.json" || failures=1
done

# All ways to give the two records lead to the same figures.
figures() { python3 -c 'import json, sys
keys = ("lost_packets", "total_packets", "loss_percent", "coverage", "observed_s", "n_intervals", "gaps", "events", "has_receiver_record")
for line in sys.stdin:
    test = json.loads(line)
    for one in test.get("legs", [test]):
        for event in one["events"]: event.pop("number", None)
        print([one[k] for k in keys])'; }
wanted=$(figures <"$work/seen.json")
same() { is "$1" "$(figures)" "$wanted"; }
"$longhaul" show --json "$work/seen" 2>/dev/null | same "show FOLDER"
(cd "$work/seen" && "$longhaul" show --json $name) 2>/dev/null | same "show FILE, in its own folder"
"$longhaul" report --json --no-render --no-html --out "$work/out" "$work/seen" 2>/dev/null | same "report FOLDER"
"$longhaul" report --json --no-render --no-html --out "$work/out" "$work/seen/$name" 2>/dev/null | same "report FILE"
mkdir "$work/apart" "$work/apart/sent" "$work/apart/got"
cp "$work/seen/$name" "$work/apart/sent/any.json"
cp -r "$work/seen/receiver" "$work/apart/got/"
mv "$work/apart/got/receiver/$name" "$work/apart/got/receiver/renamed.json"
"$longhaul" show --json "$work/apart/got" "$work/apart/sent" 2>/dev/null | same "show FOLDER FOLDER: the receiver's in the other one, under another name"
"$longhaul" show --json "$work/apart/sent/any.json" "$work/apart/got" 2>/dev/null | same "show FILE FOLDER"
gzip -c "$work/apart/got/receiver/renamed.json" >"$work/apart/got/receiver/zipped.json.gz" && rm "$work/apart/got/receiver/renamed.json"
"$longhaul" show --json "$work/apart/sent" "$work/apart/got" "$work/apart/got" 2>/dev/null | same "compressed, and its folder given twice"
"$longhaul" report --json --no-render --no-html --out "$work/out" "$work/apart/sent" "$work/apart/got" 2>/dev/null | same "report FOLDER FOLDER"

# The bare file, and a receiver's record alone.
alone=$(figures <"$work/other.json" | sed 's/.*/alone/')
is "a record of other sessions is another leg's" "$("$longhaul" show --json "$work/other" | wc -l | tr -d ' ')" 2
like "--no-receiver: the file alone" "$("$longhaul" show --no-receiver "$work/seen/$name")" "loss unknown"
like "as from standard input" "$("$longhaul" show - <"$work/seen/$name")" "loss unknown"
like "joined: the line says where the loss is from" "$("$longhaul" show "$work/seen/$name")" "loss 0 % \(from the receiver's record\)"
is "a receiver's record without its sender's" "$("$longhaul" show "$work/apart/got" | grep -c 'loss 0 %')" 1
is "--intervals: the receiver's losses are in the sender's intervals" \
    "$("$longhaul" show --intervals "$work/back/$name" | awk -F, 'NR > 1 {n++; lost += $11; known += $11 != ""} END {print n, known, lost}')" "58 58 4500"
is "--intervals: what was lost after the last packet that arrived is unknown" \
    "$("$longhaul" show --intervals "$work/cut/$name" | awk -F, 'NR > 1 {n++; known += $11 != ""} END {print n, known}')" "58 48"
is "--intervals of the file alone" "$("$longhaul" show --intervals --no-receiver "$work/back/$name" | awk -F, 'NR > 1 {known += $11 != ""} END {print known + 0}')" 0

# The report's tables of gaps say so.
"$longhaul" report --no-render --out "$work/told" "$work/seen" >"$work/said" 2>&1
like "summary_report.md: the gap, and for how long data were seen" "$(cat "$work/told/summary_report.md")" "HK->WUS \| .* \| 12 s \| 10 s \| path-silent \|"
like "index.html: the same" "$(cat "$work/told/index.html")" "path-silent, with data that arrived for 10 s of it"

# What cannot be read is said, and does not stop the rest.
cp "$work/seen/$name" "$work/apart/"; mkdir "$work/apart/receiver"; echo broken >"$work/apart/receiver/x.json"
"$longhaul" show "$work/apart/$name" >"$work/line" 2>"$work/err"
is "a receiver's record that is not one: exit status" $? 4
like "and what is wrong" "$(cat "$work/err")" "receiver/x\.json: "
like "the file's own line is there" "$(cat "$work/line")" "HK->WUS: .*loss unknown"
mkdir "$work/empty"
like "a folder without records" "$("$longhaul" show "$work/empty" 2>&1)" "empty: contains no \.json or \.journal"
done_testing
