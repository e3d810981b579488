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
for name in push pull server tcp bidir streams streams_128 omitted crlf_bom repeated; do strict="$strict tests/data/reader/$name.json"; done
"$longhaul" show --json $strict > "$work/json" 2>/dev/null
check "figures are python's" python3 tests/cli/figures.py --compare "$work/json" $strict
"$longhaul" show --json --omitted $strict > "$work/json" 2>/dev/null
check "also with the omitted intervals" python3 tests/cli/figures.py --omitted --compare "$work/json" $strict

python3 tests/cli/exact.py make "$work/day.json"
"$longhaul" show --json "$work/day.json" > "$work/line"
check "percentiles, clusters, hours of a day are those of exact arithmetic" python3 tests/cli/exact.py check "$work/day.json" "$work/line"

is "of a repeated key the last one counts, of start too" "$("$longhaul" show --json tests/data/reader/repeated_start.json 2>/dev/null |
    python3 -c 'import json, sys; t = json.load(sys.stdin); print(t["start_unix_s"], t["planned_s"], t["verdict"])')" "1763168446.0 5.0 valid"

# Each table as it should be: tests/data/show_tables.expected
tables() {
    cd tests/data/reader || exit 1
    for flags in --events --hours --intervals --csv "--csv --events" "--csv --hours"; do
        echo "== $flags"
        "$longhaul" show $flags WUS-HK-10M_20S_20251115_010046.journal HK-WUS-10M_14S_20251116_010046.json 2>&1
        echo "exit $?"
    done
}
(tables) > "$work/tables"
if diff tests/data/show_tables.expected "$work/tables"; then ok "events, hours, intervals, CSV"
else not_ok "tables: see the difference above"; fi
check "CSV is CSV, and its numbers are those of JSON" python3 -c '
import csv, json, subprocess, sys
tool, *files = sys.argv[1:]
show = lambda *flags: subprocess.run([tool, "show", *flags, *files], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
tests = [json.loads(line) for line in show("--json").splitlines()]
rows = list(csv.DictReader(show("--csv").splitlines()))
assert len(rows) == len(tests) == len(files)
for row, test in zip(rows, tests):
    assert None not in row and None not in row.values(), row
    for key in set(row) & set(test):
        if key not in ("findings",):
            got, want = row[key], test[key]
            assert got == "" if want is None else got == want if isinstance(want, str) else float(got) == want, (key, got, want)
    for p in "p1", "p5", "p50", "p95", "p99", "p99_9":
        want = test["rate_mbps_percentiles"][p]
        assert float(row["rate_%s_mbps" % p]) == want
    assert row["findings"].split() == [f["rule"] for f in test["findings"]]
assert len(list(csv.DictReader(show("--csv", "--events").splitlines()))) == sum(len(t["events"]) for t in tests)
assert len(list(csv.DictReader(show("--csv", "--hours").splitlines()))) == sum(len(t["hours"]) for t in tests)
assert len(list(csv.DictReader(show("--intervals").splitlines()))) == sum(t["n_intervals"] for t in tests)' \
    "$longhaul" "$work/day.json" tests/data/reader/push.json tests/data/reader/tcp.json tests/data/reader/HK-WUS-10M_14S_20251116_010046.json
check "the first intervals come before the last are read" python3 -c '
import os, subprocess, sys
best = {}
for what, lines in ("head", 3), ("all", None):
    for _ in range(3):
        run = subprocess.Popen([sys.argv[1], "show", "--intervals", sys.argv[2]], stdout=subprocess.PIPE)
        n = 0
        for line in run.stdout:
            n += 1
            if n == lines: break
        run.stdout.close()
        used = os.wait4(run.pid, 0)[2] # of a processor: what others take of it does not count
        best[what] = min(best.get(what, 9e9), used.ru_utime + used.ru_stime)
assert n == 86402 and best["head"] < best["all"] / 5, (n, best)' "$longhaul" "$work/day.json"
"$longhaul" show --intervals tests/data/reader/push.json | head -1 > "$work/out"; is "a pipe that closes is not a fault" "$(cut -d, -f1 "$work/out")" path
"$longhaul" show --loss-limit 0.1 --json tests/data/reader/pull.json > "$work/json"
like "--loss-limit" "$(cat "$work/json")" '"availability":0.59999|"availability":0.6,'

"$longhaul" show --json tests/data/reader/HK-WUS-10M_14S_20251116_010046.json > "$work/json"
check "what is not known is null" python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
assert d["loss_percent"] is None and d["jitter_ms"] is None and d["lost_packets"] is None
assert (d["source"], d["destination"], d["is_complete"], d["is_journal"]) == ("HK", "WUS", True, False)' "$work/json"

cat tests/data/reader/push.json | "$longhaul" show /dev/stdin > "$work/out"
is "a pipe is read too" "$?" 0
"$longhaul" show - < tests/data/reader/push.json > "$work/out"
is "and standard input" "$?: $(cat "$work/out")" "0: $("$longhaul" show tests/data/reader/push.json | sed 's/^[^:]*/-/')"
for form in gz xz zst; do
    cat "tests/data/reader/compressed.json.$form" | "$longhaul" show - > "$work/out" 2> "$work/err"
    is "compressed ($form), through a pipe" "$?: $(cut -d: -f2- "$work/out")" "0: $("$longhaul" show "tests/data/reader/compressed.json.$form" | cut -d: -f2-)"
done
mkfifo "$work/fifo.json"
background sh -c "cat tests/data/reader/two.json > '$work/fifo.json'"
"$longhaul" show "$work/fifo.json" > "$work/out"
is "a fifo, two documents" "$?: $(wc -l < "$work/out")" "0: 2"
printf '{"start":{},"intervals":[],"error":"caf\351\033[31m"}' > "$work/bytes.json"
"$longhaul" show "$work/bytes.json" > "$work/out" 2>&1
like "what a file says cannot steer a terminal" "$(cat -v "$work/out")" 'error: caf\? \[31m$'

"$longhaul" show > "$work/out" 2> "$work/err"; is "no file: misused" "$?" 2
"$longhaul" show --jsno x > "$work/out" 2> "$work/err"; is "an unknown flag: misused" "$?" 2
like "and named" "$(cat "$work/err")" "^longhaul show: unknown option '--jsno'"
"$longhaul" show --json --csv x > "$work/out" 2> "$work/err"; is "two formats: misused" "$?" 2
"$longhaul" show --hours --events x > "$work/out" 2> "$work/err"; is "two tables: misused" "$?" 2
for limit in 0 101 x 1x ''; do
    "$longhaul" show --loss-limit "$limit" x > "$work/out" 2> "$work/err"; is "--loss-limit '$limit': misused" "$?" 2
done
"$longhaul" show --help > "$work/out"; is "--help" "$?" 0
"$longhaul" show tests/data/reader/push.json > /dev/full 2> "$work/err"; is "a full disk is not silent" "$?" 1
"$longhaul" show tests/data/reader/push.json "$work/nowhere.json" > "$work/out" 2> "$work/err"
is "one of two could be read: incomplete" "$?" 4
is "the other is named" "$(cat "$work/err")" "longhaul: $work/nowhere.json: No such file or directory"
# An event has its end, in JSON as in CSV; one that goes on has none.
python3 -B -c 'import sys; sys.path.insert(0, "tests/cli"); import sentence_data as d
for name in "burst", "half_run": d.make(sys.argv[1] + "/" + name, name)' "$work"
ends() { "$longhaul" show --json "$1" 2>/dev/null | python3 -c 'import json, sys
print([(e["kind"], e["end_unix_s"] and e["end_unix_s"] - e["start_unix_s"] - e["seconds"]) for e in json.loads(sys.stdin.readline())["events"]])'; }
is "JSON: the end of an event" "$(ends "$work/burst")" "[('loss', 0.0)]"
is "JSON: the end of one that goes on is unknown" "$(ends "$work/half_run")" "[('ended', None)]"
is "CSV: the end, and the leg's name" "$("$longhaul" show --csv --events "$work/burst" | python3 -c 'import csv, sys; print([(r["leg_name"], r["end_utc"]) for r in csv.DictReader(sys.stdin)])')" \
    "[('KC->WUS', '2025-11-15T01:52:26.000Z')]"
done_testing
