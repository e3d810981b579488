# budgets.sh - limits for reading one file: bytes, intervals, tests, time without an interval, memory; a file beyond a limit becomes a note, and the other
# files are reported. And many runs: the number of charts is limited, and a note says so.
. tests/lib.sh

good=tests/data/reader/push.json
pull=tests/data/reader/pull.json
two=tests/data/reader/two.json

# refuses WHAT FLAGS FILE PATTERN: the file is refused with the limit's name; a good one next to it is shown and reported
refuses() {
    "$longhaul" show $2 "$3" > "$work/out" 2> "$work/err"
    status=$?
    like "$1: said in one line" "$(cat "$work/err")" "$4"
    "$longhaul" show $2 "$3" $5 > "$work/out" 2> "$work/err"
    is "$1: show, the other file is there, exit status 4" "$?$(grep -c "^$5: " "$work/out")" 41
    "$longhaul" report --no-render --no-html --out "$work/out1" $2 "$3" $5 > "$work/out" 2> "$work/err"
    is "$1: report, the other file is a leg, exit status 4" "$?$(grep -c '^[^ ]*->[^ ]*: ' "$work/out")" "4${6:-1}"
    like "$1: report says it" "$(cat "$work/err")" "$4"
}
small="$work/small.json"
python3 - "$good" "$small" <<'EOF'
import json, sys
d = json.load(open(sys.argv[1]))
d["intervals"] = d["intervals"][:1]
d["start"]["cookie"] = "another"
json.dump(d, open(sys.argv[2], "w"))
EOF
gzip -c "$pull" > "$work/pull.json.gz"
refuses "intervals" "--max-rows 4" $pull 'pull.json: more than 4 intervals, which is the limit \(--max-rows\)' "$small"
refuses "tests" "--max-tests 1" $two 'two.json: more than 1 tests?, which is the limit \(--max-tests\)' "$small" 2
refuses "bytes after decompression" "--max-bytes 2K" "$work/pull.json.gz" 'pull.json.gz: more than 2048 bytes of text, which is the limit \(--max-bytes\)' "$small" 2
is "as much as the limit is read" "$("$longhaul" show --max-rows 5 $pull 2>&1 | grep -c ' 5 intervals')" 1

# an endless input ends
timeout 60 "$longhaul" show --max-idle 0.5 - < /dev/zero > "$work/out" 2> "$work/err"
is "zeros without end: an error" $? 1
like "which names the limit" "$(cat "$work/err")" '0.5 s of CPU time without another interval'
python3 - <<'EOF' 2>/dev/null | timeout 60 "$longhaul" show --max-idle 0.5 - > "$work/out" 2> "$work/err"
import sys
while True: sys.stdout.write('{"start":{"x":"' + 'a' * 100000)
EOF
is "a string without end: an error" $? 1
python3 - <<'EOF' 2>/dev/null | timeout 60 "$longhaul" show --max-rows 50000 - > "$work/out" 2> "$work/err"
import sys
row = '{"event":"interval","data":{"sum":{"start":%d,"end":%d,"seconds":1,"bytes":1,"bits_per_second":8}}}\n'
for i in range(10**9): sys.stdout.write(row % (i, i + 1))
EOF
is "intervals without end: an error" $? 1
like "which names the limit too" "$(cat "$work/err")" 'more than 50000 intervals'
(head -c 300 $pull; sleep 3; tail -c +301 $pull) | "$longhaul" show --max-idle 0.5 - > "$work/out" 2> "$work/err"
is "a pipe that is waited for is not idle" "$?$(grep -c ' 5 intervals' "$work/out")" 01

# memory
python3 - "$work/bomb" <<'EOF'
import gzip, json, os, sys
os.mkdir(sys.argv[1])
d = json.load(open("tests/data/reader/pull.json"))
row = json.dumps(d["intervals"][0])
with open(sys.argv[1] + "/bomb.json.gz", "wb") as f:
    f.write(gzip.compress(b'{"start":{},"intervals":['))
    many = gzip.compress((",".join([row] * 2000) + ",").encode())
    for i in range(1000): f.write(many)
    f.write(gzip.compress((row + "]}").encode()))
d["start"]["cookie"] = "good"
json.dump(d, open(sys.argv[1] + "/good.json", "w"))
EOF
limited() { (ulimit -v 150000; exec "$longhaul" report --no-render --no-html --out "$work/out2" "$@"); }
if limited "$work/bomb/good.json" > /dev/null 2>&1; then
    limited "$work/bomb" > "$work/out" 2> "$work/err"
    is "a file that does not fit into memory: the other one is reported" "$?$(grep -c -- '->' "$work/out")" 41
    like "and it is said" "$(cat "$work/err")" 'bomb.json.gz: out of memory'
else
    skip "too little memory: this build needs more address space"
fi

# many runs
python3 - "$work/many.json" <<'EOF'
import json, sys
d = json.load(open("tests/data/reader/pull.json"))
with open(sys.argv[1], "w") as f:
    for i in range(2003):
        d["start"]["timestamp"]["timesecs"] = 1763168446 + 60 * i
        d["start"]["cookie"] = "%036d" % i
        f.write(json.dumps(d))
EOF
"$longhaul" report --no-render --no-html --charts direction --out "$work/out3" "$work/many.json" > "$work/out" 2> "$work/err"
is "2003 runs, and 2000 charts" "$?$(ls "$work/out3" | grep -c '\.gp$')" 42000
like "a note says what is omitted" "$(cat "$work/err")" '3 charts .* 2000 are the most'

# misuse
for flag in "--max-rows 0" "--max-rows x" "--max-bytes 1T" "--max-tests -1" "--max-idle 0" "--max-idle"; do
    "$longhaul" show $pull $flag > /dev/null 2> "$work/err"
    is "$flag is misuse, in one line" "$?$(wc -l < "$work/err")" 21
done
done_testing
