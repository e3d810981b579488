# path.sh - `longhaul path PEER` on loopback, against a plain iperf3 server: figures compared with theory and with a result, a topology's
# distance, refusals. What it finds where something is wrong: tests/netns/path_test.sh.
. tests/lib.sh
. tests/host_root.sh
command -v iperf3 >/dev/null || { skip "path: needs iperf3"; exit 0; }
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "path: built without libiperf"; exit 0; }
port=$(ports 1)
background iperf3 -s -p "$port" >"$work/server" 2>&1
wait_port "$port"
host_root "$work/root" lo

# ---- a result for comparison: of 1448 bytes at 4 Mbit/s
"$longhaul" run A B 127.0.0.1 -p "$port" -t 2 -b 4M -l 1448 --dir "$work/24H" >/dev/null 2>"$work/err" || not_ok "run: $(cat "$work/err")"
result=$(ls "$work"/24H/*.json)
cat >"$work/sites.json" <<JSON
{"format": 1, "sites": {
  "NYC": {"address": "127.0.0.1", "ports": "$port", "place": {"latitude": 40.7128, "longitude": -74.0060}},
  "LON": {"place": {"latitude": 51.5074, "longitude": -0.1278}}},
 "legs": [{"leg": "LON-NYC", "rate": "3M", "datagram": 1200}]}
JSON
"$longhaul" path 127.0.0.1 -p "$port" --root "$work/root" --file "$result" -t 1 -c 5 -v >"$work/out" 2>"$work/err"; status=$?
case $status in 0 | 3) ok "exit status by the findings ($status)" ;; *) not_ok "exit status $status: $(cat "$work/err")" ;; esac
like "the plan is the result's" "$(cat "$work/out")" '^  planned rate +4\.000 Mbit/s'
like "the result's figures are shown for comparison" "$(cat "$work/out")" "^  the file's mean rate +(3\.[5-9]|4\.)[0-9]+ Mbit/s"
like "UDP's ways are open" "$(cat "$work/out")" '^ok +udp_there .* is open$'
like "and back" "$(cat "$work/out")" '^ok +udp_back .* is open$'
like "a window limit" "$(cat "$work/out")" "^  TCP's window limit +[0-9,.]+ [MGTPE]bit/s"
like "the hops" "$(cat "$work/out")" '^   1  127\.0\.0\.1 '
like "a last line that counts" "$(tail -1 "$work/out")" '^127\.0\.0\.1 \(127\.0\.0\.1\) from 127\.0\.0\.1: [0-9]+ problems?, [0-9]+ notes?$'
is "the server is not harmed" "$(iperf3 -c 127.0.0.1 -p "$port" -u -t 1 >/dev/null 2>&1; echo $?)" 0

# ---- a topology
json() { python3 -c 'import json, sys
d = json.load(sys.stdin); print(eval(sys.argv[1], d))' "$1"; }
"$longhaul" path NYC --config "$work/sites.json" --root "$work/root" --no-flows --no-hops -c 3 --json >"$work/json" 2>"$work/err"
is "a topology gives address, port, plan" "$(json 'peer, plan["port"], plan["rate_bps"], plan["datagram_bytes"], plan["n_flows"]' <"$work/json")" "('127.0.0.1', $port, 3000000.0, 1200, 2)"
is "and the distance: nothing is faster than light" "$(json 'round(theory["distance_km"]), round(theory["least_rtt_ms"], 1), [f["level"] for f in findings if f["rule"] == "rtt_floor"]' <"$work/json")" "(5570, 55.7, ['note'])"
"$longhaul" path 127.0.0.1 --config "$work/sites.json" --site LON -b 5M --distance 100km --root "$work/root" --no-flows --no-hops -c 3 --json >"$work/json" 2>"$work/err"
is "flags come before the topology" "$(json 'plan["rate_bps"], theory["distance_km"]' <"$work/json")" "(5000000.0, 100.0)"
"$longhaul" path 127.0.0.1 -p "$port" --root "$work/root" --tcp -b 3M -w 64K -t 1 -c 3 --no-hops --json >"$work/json" 2>"$work/err"
is "a TCP plan: rate compared with the window's limit" "$(json 'plan["protocol"], transfer["is_measured"], theory["window_bytes"], [f["rule"] for f in findings if f["rule"] == "tcp_rate"]' <"$work/json")" "('TCP', True, 65536.0, ['tcp_rate'])"

# ---- refusals. refused STATUS TEXT FLAGS...
refused() {
    wanted=$1 text=$2; shift 2
    "$longhaul" path "$@" >"$work/out" 2>"$work/err"
    is "refused, status $wanted: $*" "$? $(wc -l <"$work/err") $(wc -c <"$work/out")" "$wanted 1 0"
    like "refused, named: $*" "$(cat "$work/err")" "$text"
}
refused 2 'needs one PEER, got 0'
refused 2 'needs one PEER, got 2' a b
refused 2 "-c '2'" -c 2 127.0.0.1
refused 2 '"x" is not a rate' -b x 127.0.0.1
refused 2 "--distance 'far'" --distance far 127.0.0.1
refused 2 "bind address \"nowhere\"" -B nowhere 127.0.0.1
refused 2 "without --config" --site LON 127.0.0.1
refused 1 'does not resolve' -4 no-such-host.invalid
refused 1 'no-such-file' --file "$work/no-such-file" 127.0.0.1
refused 2 'no site "PAR"' PAR --config "$work/sites.json"
refused 2 "own site" LON --config "$work/sites.json" --site LON
"$longhaul" path --help >"$work/out"; is "--help" "$? $(head -1 "$work/out")" "0 usage: longhaul path PEER [flags]"
done_testing
