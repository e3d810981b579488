# watch.sh - longhaul report --watch: writes again when a journal grows, only what changed, always whole files; ends on a signal.
. tests/lib.sh
mkdir "$work/24H"
source=tests/data/reader/HK-WUS-10M_20S_20251115_010046.journal
journal=$work/24H/HK-WUS-10M_20S_20251115_010046.journal
out=$work/out
n_lines=$(wc -l < "$source")
lines() { [ "$(grep -c '' "$1" 2>/dev/null)" -ge "$2" ]; }

background "$longhaul" report --no-render --json --watch=1 --out "$out" "$work/24H" > "$work/json" 2> "$work/err"
pid=$!
check "an empty folder is waited for" until_ok 20 says 'no .json or .journal' "$work/err"
head -$((n_lines - 4)) "$source" > "$work/part" && mv "$work/part" "$journal"
check "a journal that appears is read" until_ok 30 lines "$work/json" 1
like "the page reloads itself while the run is in progress" "$(cat "$out/index.html")" '<meta http-equiv=refresh content=1>'
like "and says so" "$(cat "$out/index.html")" 'in progress, reloads by itself'
before=$(ls -i --full-time "$out/index.html" "$out/summary_report.md")
sleep 2.5
is "while nothing changes nothing is written" "$(ls -i --full-time "$out/index.html" "$out/summary_report.md")$(grep -c '' "$work/json")" "${before}1"
head -$((n_lines - 1)) "$source" > "$work/part" && mv "$work/part" "$journal"
check "a journal that grew is read again" until_ok 30 lines "$work/json" 2
is "with its new intervals" "$(python3 -c 'import json, sys; n = [json.loads(l)["legs"][0]["n_intervals"] for l in open(sys.argv[1])]; print(n[1] - n[0])' "$work/json")" 3
"$longhaul" recover "$journal" > /dev/null 2>&1
check "the result takes its place" until_ok 30 lines "$work/json" 3
is_quiet() { ! says '<meta http-equiv=refresh' "$out/index.html"; }
until_ok 30 is_quiet
is "the page of a run that is over does not reload" "$(grep -c '<meta http-equiv=refresh' "$out/index.html")" 0
check "it goes on until it is told" kill -0 $pid
kill -TERM $pid; wait $pid
is "SIGTERM ends it: 128 + 15" "$?" 143
is "nothing half made is left" "$(ls "$out" | grep -c tmp)" 0

background "$longhaul" report --no-render --watch --out "$out" "$work/24H" > "$work/lines" 2> "$work/err"
pid=$!
check "for people: the lines at once" until_ok 30 says '^HK->WUS: [a-z]* [0-9.]* Mbps' "$work/lines"
kill -HUP $pid; wait $pid; is "SIGHUP ends it" "$?" 129

background "$longhaul" report --no-render --watch=1 --out "$out" "$work/24H" > "$work/lines" 2> "$work/err"
pid=$!
until_ok 30 says '^HK->WUS: [a-z]* [0-9.]* Mbps' "$work/lines"
mv "$out" "$work/away"; : > "$out"
cp tests/data/reader/push.json "$work/24H/KC-WUS-10M_5S_20251115_010046.json"
check "what cannot be written is said" until_ok 30 says "folder $out: File exists" "$work/err"
sleep 1.5; rm "$out"
check "and is written when it can be again" until_ok 30 says '^| KC->WUS ' "$out/summary_report.md"
is "it was said once" "$(grep -c 'File exists' "$work/err")" 1
kill -TERM $pid; wait $pid
: > "$work/no"; "$longhaul" report --no-render --watch --out "$work/no" "$work/24H" > /dev/null 2>&1
is "what can never be written ends it" "$?" 1
for bad in 0 -1 x 1e9; do
    "$longhaul" report --watch=$bad "$work/24H" > /dev/null 2>&1; is "--watch=$bad: misused" "$?" 2
done
"$longhaul" report --watch --csv "$work/24H" > /dev/null 2>&1; is "--watch with --csv: misused" "$?" 2
done_testing
