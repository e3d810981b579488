# schemas.sh - what longhaul prints and writes as JSON is as the schemas in doc/ say, which name every member.
. tests/lib.sh
python3 -c 'import jsonschema' 2>/dev/null || { skip "schemas: needs python3-jsonschema"; exit 0; }
folder=$work/24H
mkdir "$folder"
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
    is "four legs have results, and three their receivers' records" "$(ls "$folder"/*.json | wc -l) $([ "$(ls "$folder"/receiver/*.json | wc -l)" -ge 2 ] && echo yes)" "4 yes"
else
    skip "results of legs: built without libiperf"
    cp tests/data/reader/*.json "$folder"
fi
python3 tests/cli/schemas.py "$longhaul" "$folder" || failures=1
done_testing
