# below.sh - longhaul report of a folder that has results in folders below: which it finds, what it leaves out and says so, and the address of the
# page, which is its last line.
. tests/lib.sh
data=tests/data/reader
push=HK-WUS-10M_5S_20251115_010046.json pull=WUS-HK-10M_5S_20251115_010046.json
report() { "$longhaul" report --no-render --out "$work/out" "$@" >"$work/said" 2>"$work/err"; echo $? >"$work/status"; }
legs() { grep -c ' Mbps, ' "$work/said"; }
# remarks: what standard error says was left out, without the names
remarks() { sed -n 's/^longhaul: left out: //p' "$work/err"; }

# ---- as the hosts' folders were collected: site/24H, and receiver in one of them
mkdir -p "$work/all/HK/24H" "$work/all/KC" "$work/all/WUS/24H/receiver"
cp $data/push.json "$work/all/HK/24H/$push"
cp $data/pull.json "$work/all/WUS/24H/$pull"
sed 's/"cookie": *"/&kc/' $data/push.json >"$work/all/KC/KC-WUS-10M_5S_20251115_010046.json"
report "$work/all"
is "site/24H and site: found" "$(cat "$work/status"): $(legs) legs, err '$(cat "$work/err")'" "0: 3 legs, err ''"
report --verbose "$work/all" "$work/all/HK" "$work/all/HK/24H/$push"
is "given with what is below it: each counts once" "$(cat "$work/status"): $(legs) legs, err '$(cat "$work/err")'" "0: 3 legs, err ''"

# ---- what is below and is not read, each kind once
mkdir -p "$work/odd/a/b/c/d/e" "$work/odd/.git" "$work/odd/a/.cache" "$work/odd/notes" "$work/elsewhere" "$work/odd/copy" "$work/odd/copy2"
cp $data/push.json "$work/odd/a/b/c/d/$push"
cp $data/pull.json "$work/odd/a/b/c/d/e/$pull"
cp $data/pull.json "$work/odd/.git/$pull"
cp $data/pull.json "$work/elsewhere/$pull"
ln -s ../.. "$work/odd/a/loop"
ln -s "$work/elsewhere" "$work/odd/elsewhere"
ln -s "$work/nowhere" "$work/odd/dangling"
ln -s "../a/b/c/d/$push" "$work/odd/copy/$push"
cp $data/push.json "$work/odd/copy2/$push"
cp configs/loopback.json configs/mesh-12.json "$work/odd/notes"
echo '{"name": "a", "version": "1"}' >"$work/odd/notes/package.json"
: >"$work/odd/notes/empty.json"
mkfifo "$work/odd/notes/pipe.json"
timeout 60 "$longhaul" report --no-render --out "$work/odd/diagrams/24h" "$work/odd" >"$work/said" 2>"$work/err"
is "links that lead back and away, hidden, deep, foreign files: what is there is reported" "$? $(legs)" "0 1"
is "one line for each kind says what was left out" "$(remarks)" "2 hidden folders
2 links to folders (links below are not followed)
1 folder more than 4 levels below
4 files in folders below that contain no test
1 file in a folder below that repeats a test"
like "so does summary_report.md" "$(cat "$work/odd/diagrams/24h/summary_report.md")" '^- left out: 2 hidden folders$'
like "and the page" "$(cat "$work/odd/diagrams/24h/index.html")" 'left out: 2 hidden folders'
report --verbose --out "$work/odd/diagrams/24h" "$work/odd"
is "--verbose names them; the report's own folder has nothing that is read" "$(remarks | sed "s|$work/odd/||g" | sort | head -n 3)" \
    "1 file in a folder below that repeats a test: copy2/$push
1 folder more than 4 levels below: a/b/c/d/e
2 hidden folders: .git, a/.cache"
is "JSON has them with their names" "$("$longhaul" report --json --no-render --out "$work/odd/diagrams/24h" "$work/odd" 2>"$work/err" |
    python3 -c 'import json, sys; r = json.load(sys.stdin); print(len(r["left_out"]), [l for l in r["left_out"] if "hidden" in l][0].count("odd/"), r["notes"])')" "5 2 []"
is "and standard error none of it" "$(cat "$work/err")" ""
report "$work/odd/a/b/c/d/e" "$work/odd/.git"
is "a hidden or deep folder that is given is read" "$(cat "$work/status") $(legs)" "4 1"
mkdir -p "$work/void/.old" && cp $data/push.json "$work/void/.old/$push"
report "$work/void"
is "nothing but what is left out: the error says so" "$(cat "$work/status") $(cat "$work/err")" \
    "1 longhaul: $work/void: contains no .json or .journal; left out: 1 hidden folder: $work/void/.old"

# ---- a leg's file below that is broken is a fault; so is a folder that cannot be read
mkdir -p "$work/broken/HK/24H" "$work/broken/WUS"
cp $data/push.json "$work/broken/HK/24H/$push"
echo '{"start": {' >"$work/broken/HK/24H/$pull"
report "$work/broken"
like "a file with the name of a leg and without a test: a note" "$(cat "$work/status") $(cat "$work/err")" "^4 longhaul: .*$pull: "
rm "$work/broken/HK/24H/$pull"
if [ "$(id -u)" != 0 ] || command -v setpriv >/dev/null; then
    mkdir "$work/free" && chmod 755 "$work" && chmod 777 "$work/free" && chmod 700 "$work/broken/WUS"
    as() { [ "$(id -u)" != 0 ] && { chmod 0 "$work/broken/WUS" "$work"/broken/x* 2>/dev/null; "$@"; return; }; setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
    cp "$longhaul" "$work/free/longhaul"
    as "$work/free/longhaul" report --no-render --out "$work/free/out" "$work/broken" >"$work/said" 2>"$work/err"
    is "a folder that cannot be read: incomplete, and named" "$? $(legs) $(cat "$work/err")" "4 1 longhaul: $work/broken/WUS: this folder cannot be read"
    mkdir -m 700 "$work/broken/x1" "$work/broken/x2" "$work/broken/x3" "$work/broken/x4" "$work/broken/x5" "$work/broken/x6"
    as "$work/free/longhaul" report --no-render --out "$work/free/out" "$work/broken" >"$work/said" 2>"$work/err"
    is "seven: five are named" "$? $(grep -c 'this folder cannot be read' "$work/err") $(tail -n 1 "$work/err")" "4 5 longhaul: 2 more folders cannot be read"
    chmod 700 "$work/broken/WUS" "$work"/broken/x*
else
    skip "a folder that cannot be read: root without setpriv"
fi

# ---- other days: below a folder with results of its own, not below one that has none
mkdir -p "$work/days/old/11-14" "$work/days/HK"
cp $data/push.json "$work/days/$push"
cp $data/pull.json "$work/days/HK/$pull"
cp $data/pull.json "$work/days/old/11-14/WUS-HK-10M_5S_20251114_010046.json"
report --verbose "$work/days"
is "an archive of another day below is left out; the same time is not" "$(cat "$work/status") $(legs) $(remarks | sed "s|$work/||")" \
    "0 2 1 file in a folder below, of another time than the results of the folder itself: days/old/11-14/WUS-HK-10M_5S_20251114_010046.json"
rm "$work/days/$push"
report "$work/days"
is "without results of its own all days are read" "$(cat "$work/status") $(legs)" "0 2"

# ---- one side alone
python3 tests/cli/both_ends.py make "$work/ends"
mkdir "$work/sent" "$work/got"
cp "$work"/ends/seen/*.json "$work/sent"; cp -r "$work/ends/seen/receiver" "$work/got"
report "$work/sent"
is "only the sender's file: what the receiver's record would add, once" "$(cat "$work/err")" \
    "longhaul: Records: 1 leg to WUS is known from the sender's file alone; what longhaul serve wrote there (folder receiver) would add the loss and the jitter."
report "$work/got"
is "only the receiver's record: what the sender's would add" "$(cat "$work/err")" \
    "longhaul: Records: 1 leg from HK is known from the receiver's record alone; what longhaul run wrote there would add what was sent, the round trips, and the packets lost after the last one that arrived."
mkdir -p "$work/both/HK" "$work/both/WUS"; cp "$work/sent"/* "$work/both/HK"; cp -r "$work/got/receiver" "$work/both/WUS"
report "$work/both"
is "both, in folders below: joined, and nothing is missing" "$(grep -c "from the receiver's record" "$work/said") '$(cat "$work/err")'" "1 ''"
report "$work/all"
is "files of iperf3 alone have no such records" "$(cat "$work/err")" ""

# ---- many
mkdir -p "$work/many/x" "$work/many/HK"
cp $data/push.json "$work/many/HK/$push"
python3 -c 'import os, sys
for i in range(100000): os.close(os.open("%s/x/%d.txt" % (sys.argv[1], i), os.O_CREAT | os.O_WRONLY))
for i in range(3000): os.makedirs("%s/y/%d" % (sys.argv[1], i))' "$work/many"
timeout 60 "$longhaul" report --no-render --out "$work/out" "$work/many" >"$work/said" 2>"$work/err"
is "100,000 other files and 3,000 folders below" "$? $(legs) '$(cat "$work/err")'" "0 1 ''"

# ---- the address
cd "$work" || exit 1
odd='a b#%?ü&;'
"$longhaul" report --no-render --out "$odd" all >said 2>err
is "the last line is the address of the page: absolute, escaped" "$(tail -n 1 said)" \
    "file://$(python3 -c 'import os, sys, urllib.parse; print(urllib.parse.quote(os.path.realpath(sys.argv[1]), safe="/-._~"))' "$odd/index.html")"
is "and the only file that is named" "$(grep -c / said)" 1
"$longhaul" report --verbose --no-render --redraw --out "$odd" all >said 2>err
is "--verbose names the others" "$(grep -cx "$odd/\(index.html\|summary_report.md\|Makefile\)" said)" 2
"$longhaul" report --no-html --no-render all >said 2>err
is "without a page it is that of the text" "$(tail -n 1 said)" "file://$(realpath .)/diagrams/24h/summary_report.md"
"$longhaul" report --brief all >said 2>err
is "--brief writes nothing and names nothing" "$(grep -c file: said)" 0
"$longhaul" report --no-render all >said 2>err; "$longhaul" report --no-render all >said 2>err
is "nothing new to write: the address all the same" "$(tail -n 1 said)" "file://$(realpath .)/diagrams/24h/index.html"
cd "$OLDPWD" || exit 1

# ---- --watch looks below, too
mkdir -p "$work/watched/HK"
cp $data/push.json "$work/watched/HK/$push"
background "$longhaul" report --no-render --json --watch=1 --out "$work/watch.out" "$work/watched" >"$work/lines" 2>"$work/err"; watch=$!
until_ok 20 eval '[ "$(grep -c . "$work/lines")" -ge 1 ]'
mkdir -p "$work/watched/WUS/24H"; cp $data/pull.json "$work/watched/WUS/24H/$pull"
check "--watch: a result in a new folder below makes a new report" until_ok 20 eval '[ "$(grep -c . "$work/lines")" -ge 2 ]'
kill $watch
done_testing
