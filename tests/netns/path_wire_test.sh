# path_wire_test.sh - `longhaul path` over wires of known delay: round trips by each method, compared with a distance; windows; reordering.
. tests/lib.sh
. tests/netns/bed.sh
. tests/host_root.sh
bed_need "path over a long wire"
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "path over a long wire: built without libiperf"; exit 0; }
(: <>/dev/net/tun) 2>/dev/null || { skip "path over a long wire: needs /dev/net/tun, and the right to open it"; exit 0; }
bed_make 5 || { not_ok "bed_make"; exit 1; }
host_root "$work/root" wire
# wire K [EARLY_PERMILLE [BACK]]: 40 ms each way between spoke K and the hub, 10.0.K.1 and 10.0.K.2; BACK: early to the spoke
wire() {
    eval "ends=\"\$bed_pid_spoke$1 10.0.$1.1 $bed_pid_hub 10.0.$1.2\"; [ -z \"${3:-}\" ] || ends=\"$bed_pid_hub 10.0.$1.2 \$bed_pid_spoke$1 10.0.$1.1\""
    # shellcheck disable=SC2086
    setpriv --pdeathsig KILL python3 tests/netns/delay_line.py $ends 40 0 "$work/wire-$1" "${2:-0}" &
    bed_started="$bed_started $!"
    tries=0
    until [ -e "$work/wire-$1" ]; do tries=$((tries + 1)); [ $tries -lt 100 ] || return 1; sleep 0.05; done
}
looks=
look() { # K FLAGS...
    k=$1; shift
    bed_start spoke$k "$longhaul" path 10.0.$k.2 -p 520$k --root "$work/root" --json "$@" >"$work/$k.json" 2>"$work/$k.err"
    looks="$looks $!"
}
found() { python3 -c 'import json, sys
d = json.load(open(sys.argv[1])); print(" ".join(f["rule"] + "=" + f["level"] for f in d["findings"] if f["level"] != "ok"))' "$work/$1.json" 2>/dev/null || cat "$work/$1.err"; }
fact() { python3 -c 'import json, sys
d = json.load(open(sys.argv[1])); print(eval(sys.argv[2], d))' "$work/$1.json" "$2"; }

bed_start hub "$longhaul" serve -p 5201-5205 --dir "$work/hub" 2>"$work/serve.log"
for k in 1 2 3 4 5; do bed_wait_port hub 520$k || not_ok "serve listens on 520$k"; done
wire 1 && wire 2 50 && wire 3 && wire 4 && wire 5 50 BACK || not_ok "the wires are there"
look 1 -b 1M --distance 6000km -c 10
look 2 -b 2M -c 10
look 5 -b 2M -c 10
look 3 -b 6M --tcp -w 16K -c 10 -t 4
look 4 -b 1M --distance 1000km -c 10 --no-flows
# shellcheck disable=SC2086
for id in $looks; do wait $id; done
is "80 ms, 6,000 km: nothing is found" "$(found 1)" ""
is "round trips by ICMP, by TCP, within a transfer: 80 ms" "$(fact 1 'all(79.9 <= x < 100 for x in (rtt_icmp["min_ms"], rtt_tcp["min_ms"])) and 79.9 <= transfer["rtt_ms"] < 150')" True
is "compared with light's 60 ms" "$(fact 1 'theory["least_rtt_ms"]')" 60.0
is "a detour: 80 ms for 1,000 km" "$(found 4)" "rtt_floor=note"
is "own probes: one hop of 80 ms" "$(fact 4 'hops_by, [h["address"] for h in hops], 79.9 <= hops[0]["best_ms"] < 100')" "('udp', ['10.0.4.2'], True)"
is "packets that overtake" "$(found 2)" "reordering=note"
is "TCP saw them, and they are not lost" "$(fact 2 'transfer["reorderings"] >= 3 and there["lost_packets"] == 0')" True
is "datagrams that overtake on the way back" "$(found 5 | sed 's/problem/note/')" "reordering=note"
is "they are counted" "$(fact 5 '0.01 < back["out_of_order"] / back["sent_packets"] < 0.5')" True
is "a window of 16 K: neither it nor the rate does" "$(found 3)" "tcp_rate=problem tcp_window=problem"
is "its limit: 16,384 x 8 / RTT" "$(fact 3 'abs(theory["window_limit_bps"] - 16384 * 8000 / theory["rtt_ms"]) < 1')" True
is "what arrived is at most its limit" "$(fact 3 '0.2 < transfer["received_bps"] / theory["window_limit_bps"] < 1.15')" True
done_testing
