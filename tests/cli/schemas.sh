# schemas.sh - what longhaul prints and writes as JSON is as the schemas in doc/ say, which name every member.
. tests/lib.sh
python3 -c 'import jsonschema' 2>/dev/null || { skip "schemas: needs python3-jsonschema"; exit 0; }
folder=$work/24H
mkdir "$folder" "$work/told"
# Results of legs of each kind, one of them recovered from its journal.
if [ -n "$("$longhaul" --version | grep 'iperf ')" ]; then
    port=$(ports 3)
    background "$longhaul" serve -p "$port-$((port + 2))" --dir "$folder" 2>"$work/serve.log"
    wait_port "$port"
    "$longhaul" run A B 127.0.0.1 -p "$port" -t 2 -b 1M --dir "$folder" >/dev/null 2>&1 &
    "$longhaul" run C D 127.0.0.1 -p $((port + 1)) -t 2 -b 1M --flows 3 --pull --dir "$folder" >/dev/null 2>&1 &
    second=$!
    "$longhaul" run E F 127.0.0.1 -p $((port + 2)) -t 2 --tcp -b 5M -M 1000 --bind-dev lo --dscp EF --dir "$folder" >/dev/null 2>&1
    wait $second
    "$longhaul" run G H 127.0.0.1 -p "$port" -t 20 -b 1M --dir "$folder" >/dev/null 2>&1 &
    run=$!
    until_ok 10 sh -c "grep -q '\"interval\"' '$folder'/G-H-*.journal 2>/dev/null"
    kill -9 $run; wait $run 2>/dev/null
    "$longhaul" recover "$folder" >/dev/null 2>&1
    # What path and preflight say: of all that can be measured, of a part of it, and of ports that nobody serves.
    set -- 127.0.0.1 -p "$port" -c 3 -t 1 --json
    "$longhaul" path "$@" -b 1M --file "$(ls "$folder"/A-B-*.json)" >"$work/told/path.udp" 2>"$work/err"
    "$longhaul" path "$@" --no-hops --tcp -b 5M -w 64K >"$work/told/path.tcp" 2>"$work/err"
    shut=$(ports 2)
    "$longhaul" path 127.0.0.1 -p "$shut" -c 3 --no-hops --json >"$work/told/path.shut" 2>"$work/err"
    "$longhaul" path ::1 -p "$shut" -c 3 --no-hops --no-flows --json >"$work/told/path.ipv6" 2>"$work/err"
    for legs in "$port,$((port + 1))" "$port,$shut" "$shut-$((shut + 1))"; do
        cat >"$work/t.json" <<END
{ "format": 1, "legs": ["HK-WUS", "WUS-HK"], "sites": { "HK": {}, "WUS": { "address": "127.0.0.1", "ports": "$legs" } } }
END
        "$longhaul" preflight --config "$work/t.json" --site HK -t 1 --json >"$work/told/preflight.$legs" 2>"$work/err"
    done
    is "preflight: open, open in part, refused" "$(cat "$work/told"/preflight.* | grep -oE '"verdict": "[a-z ]*"' | sort | uniq -c | tr -s ' ' | tr '\n' ',')" ' 3 "verdict": "open", 3 "verdict": "tcp refused",'
    is "four legs have results, and three their receivers' records" "$(ls "$folder"/*.json | wc -l) $([ "$(ls "$folder"/receiver/*.json | wc -l)" -ge 2 ] && echo yes)" "4 yes"
else
    skip "results of legs, path, preflight: built without libiperf"
    cp tests/data/reader/*.json "$folder"
fi
n=0
calc() { n=$((n + 1)); "$longhaul" path calc --json "$@" >"$work/told/path-calc.$n" 2>"$work/err" || cat "$work/err"; }
values="--rtt 150ms -b 10M --loss 0.01% --time-wait 60s --ports 28000 -t 2h"
# shellcheck disable=SC2086
for values in "$values --window 65535 --mss 1460 --distance 4148km -l 1386" "$values --window 32K --scale 7 --mtu 1400 --from 37.37,-121.92 --to 22.28,114.16 --packet 4000 -6" \
    "$values --mathis-c 1 --mtu 1500 -l 8972" "--ports 1 --time-wait 1s"; do calc $values; done
python3 tests/cli/schemas.py "$longhaul" "$folder" "$work/told" || failures=1
done_testing
