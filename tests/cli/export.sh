# export.sh - longhaul export to files: OpenMetrics (and what promtool and Prometheus make of it), CSV, InfluxDB's lines, SQLite.
. tests/lib.sh
command -v python3 >/dev/null || { skip "export: needs python3"; exit 0; }
export longhaul
check "fixture" python3 tests/cli/export_made.py "$work/made" "$BUILD/tests/bench/delay_day"
made="$work/made $work/made/days"
compare() { python3 tests/cli/export.py "$1" "$2" "$longhaul" $made || failures=$((failures + 1)); }

"$longhaul" export --openmetrics --label 'room=a"b\c
d,=eé' "$work/made" >"$work/out.om" 2>"$work/err"
is "openmetrics: something was skipped: exit status" $? 4
is "openmetrics: one line says what" "$(cat "$work/err")" "longhaul: $work/made/UU-VV.json: it is not known when the test began, and samples have times: not exported"
compare openmetrics "$work/out.om"
"$longhaul" export --openmetrics --out "$work/again.om" --label 'room=a"b\c
d,=eé' "$work/made" >"$work/out" 2>&1
check "openmetrics: --out has the same" cmp "$work/out.om" "$work/again.om"
like "openmetrics: --out: it says what was exported" "$(cat "$work/out")" "^15 tests, [0-9]+ intervals, [0-9]+ samples; 1 skipped$"

is "openmetrics: each name is in the manual, with its type" "$(sed -n 's/^# TYPE //p' "$work/out.om" | while read -r name type; do
    case $type in counter) name=${name}_total ;; info) name=${name}_info ;; esac
    grep -qFx ".It Cm $name No ($type)" man/longhaul-export.1 || echo "$name $type"; done)" ""

"$longhaul" export --csv "$work/made" >"$work/out.csv"
is "csv: exit status" $? 0
compare csv "$work/out.csv"
"$longhaul" export --influx "$work/made" >"$work/out.influx" 2>/dev/null
compare influx "$work/out.influx"

if "$longhaul" export --sqlite "$work/out.sqlite" "$work/made" >"$work/out" 2>&1; then
    "$longhaul" export --sqlite "$work/out.sqlite" "$work/made" >"$work/out" 2>&1
    is "sqlite: once more: exit status" $? 0
    compare sqlite "$work/out.sqlite"
    sql=$(sed -n 's/^\.Dl sqlite3 legs.sqlite \\(dq\(.*\)\\(dq$/\1/p' man/longhaul-export.1)
    like "sqlite: the manual's example" "$(python3 -c 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2].replace("HK", "GG")).fetchall())' "$work/out.sqlite" "$sql" 2>&1)" \
        "^\[\('2025-11-15 01:02:27', 902"
    # Killed at any moment: what is there is whole, and the next one completes it.
    for i in 1 2 3 4 5; do
        "$longhaul" export --sqlite "$work/killed.sqlite" "$work/made" >/dev/null 2>&1 & one=$!
        sleep "0.0$((i * 2 - 1))"
        kill -KILL $one 2>/dev/null; wait $one 2>/dev/null
    done
    "$longhaul" export --sqlite "$work/killed.sqlite" "$work/made" >/dev/null 2>&1
    compare sqlite "$work/killed.sqlite"
    python3 -c 'import sqlite3,sys; sqlite3.connect(sys.argv[1]).execute("CREATE TABLE other (x)").connection.commit()' "$work/other.sqlite"
    "$longhaul" export --sqlite "$work/other.sqlite" "$work/made" 2>"$work/err"
    is "sqlite: a database of something else is left alone" "$? $(cat "$work/err")" "1 longhaul: $work/other.sqlite: is a database of something else"
    echo "this is text, and long enough for a header of a database to be looked for in it: it is not one at all, it is text" >"$work/text"
    "$longhaul" export --sqlite "$work/text" "$work/made" 2>"$work/err"
    is "sqlite: a file of text" "$? $(cat "$work/err")" "1 longhaul: $work/text: file is not a database"
else
    skip "sqlite: $(cat "$work/out")"
fi

# Both sides of a pushed leg, by longhaul itself: the sender's file has no loss, its receiver's record has.
if "$longhaul" --version | grep -q 'iperf '; then
    port=$(ports 1)
    background "$longhaul" serve -p "$port" --dir "$work/both" 2>"$work/serve.log"
    wait_port "$port" || not_ok "it listens"
    "$longhaul" run HK WUS 127.0.0.1 -p "$port" -t 3 -b 2M --dir "$work/both" >"$work/run.log" 2>&1
    "$longhaul" export --openmetrics "$work/both" >"$work/both.om"
    is "both sides: exit status" $? 0
    is "both sides: one series, with the receiver's loss" "$(grep -c '^longhaul_leg_lost_packets_total{src="HK",dst="WUS",protocol="UDP"} 0 ' "$work/both.om") $(grep -c 'sides="both"' "$work/both.om")" "4 2"
    is "both sides: what arrived" "$(sed -n 's/^longhaul_leg_received_bytes_total{.*} \([0-9]*\) .*/\1/p' "$work/both.om" | tail -n 1)" \
        "$("$longhaul" show --json "$work/both"/*.json | python3 -c 'import json,sys; print(int(json.load(sys.stdin)["intervals_bytes"]))')"
    # Collected into one folder, without "receiver".
    mkdir -p "$work/flat/a" "$work/flat/b"
    cp "$work/both"/*.json "$work/flat/a"; cp "$work/both/receiver"/*.json "$work/flat/b"
    "$longhaul" export --openmetrics "$work/flat" >"$work/flat.om" 2>"$work/err"
    check "both sides: from two folders" cmp "$work/both.om" "$work/flat.om"
    is "both sides: and nothing is said of it" "$(cat "$work/err")" ""
    rm "$work/flat/a"/*
    "$longhaul" export --openmetrics "$work/flat" >"$work/flat.om"
    is "the receiver's record alone" "$? $(grep -c 'sides="receiver"' "$work/flat.om")" "0 2"
    "$longhaul" export --openmetrics "$work/both"/*.json >"$work/file.om"
    check "both sides: of a file alone, with what is next to it" cmp "$work/both.om" "$work/file.om"
else
    skip "both sides of a leg: built without libiperf"
fi

# Memory: of the longest test, not of all.
"$BUILD/tests/bench/generate" receiver 20000 "$work/AA-BB-10M_20000S_20251115_000000.json" 1
mkdir "$work/one" "$work/many"
for i in 01 02 03 04 05 06 07 08 09 10; do
    cp "$work/AA-BB-10M_20000S_20251115_000000.json" "$work/many/AA-BB-10M_20000S_202511${i}_000000.json"
    sed -i -E "s/\"timesecs\":([^0-9]*)[0-9]+/\"timesecs\":\\117$i$i$i$i/" "$work/many/AA-BB-10M_20000S_202511${i}_000000.json"
done
cp "$work/many/AA-BB-10M_20000S_20251101_000000.json" "$work/one"
memory() { python3 -c 'import os, resource, subprocess, sys
subprocess.run(sys.argv[2:], stdout=open(sys.argv[1], "w"), check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$@"; }
one=$(memory "$work/one.csv" "$longhaul" export --csv "$work/one"); many=$(memory "$work/many.csv" "$longhaul" export --csv "$work/many")
is "ten tests are all there" "$(wc -l <"$work/many.csv")" 200001
if grep -q -- -fsanitize "$BUILD/flags"; then
    skip "memory of ten tests: the sanitizers keep what is freed"
else
    check "ten tests need as much memory as one: $many kB, $one kB" test "$many" -le $((one + one / 2))
fi

# What promtool and Prometheus make of it.
if command -v promtool >/dev/null && command -v prometheus >/dev/null; then
    "$longhaul" export --openmetrics "$work/made" >"$work/plain.om" 2>/dev/null
    promtool tsdb create-blocks-from openmetrics "$work/plain.om" "$work/tsdb" >"$work/promtool.log" 2>&1
    is "promtool makes blocks of it" "$?$(grep -i error "$work/promtool.log")" 0
    printf 'global: {}\n' >"$work/prometheus.yml"
    port=$(ports 1)
    background prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/tsdb" --storage.tsdb.retention.time=100y \
        --web.listen-address="127.0.0.1:$port" >"$work/prometheus.log" 2>&1
    until_ok 30 curl -sf "http://127.0.0.1:$port/-/ready" >/dev/null
    compare_server() { python3 tests/cli/export.py prometheus "http://127.0.0.1:$port" "$longhaul" $made || failures=$((failures + 1)); }
    compare_server
else
    skip "promtool and prometheus: not installed (Debian: prometheus)"
fi

# ---- what it refuses
refused() { # WHAT STATUS MESSAGE ARGUMENTS...
    what=$1 status=$2 message=$3; shift 3
    "$longhaul" export "$@" >"$work/out" 2>"$work/err"
    is "$what" "$? $(cat "$work/err")" "$status $message"
}
hint="(longhaul export --help)"
refused "no form" 2 "longhaul export: where to? --to, --sqlite, --openmetrics, --csv or --influx $hint" "$work/made"
refused "two forms" 2 "longhaul export: --to, --sqlite, --openmetrics, --csv and --influx exclude each other $hint" --csv --influx "$work/made"
refused "no file" 2 "longhaul export: which file? $hint" --csv
refused "a folder without results" 1 "longhaul: $work/tsdb.none: contains no .json or .journal" --csv "$(mkdir "$work/tsdb.none"; echo "$work/tsdb.none")"
refused "a label without a name" 2 "longhaul export: label '9x=1' is not NAME=VALUE, with a NAME of letters, digits and \"_\" $hint" --influx --label 9x=1 "$work/made"
refused "a label that is taken" 2 "longhaul export: label 'src=1': the samples have a label src already $hint" --influx --label src=1 "$work/made"
refused "a label twice" 2 "longhaul export: label 'a' is given twice $hint" --influx --label a=1 --label a=2 "$work/made"
refused "an output that cannot be" 1 "longhaul: $work/none/x: No such file or directory" --csv --out "$work/none/x" "$work/made"
"$longhaul" export --csv "$work/made" >/dev/full 2>"$work/err"
is "a full disk: exit status" $? 1
is "a full disk: one line" "$(cat "$work/err")" "longhaul: export: the output: No space left on device"
done_testing
