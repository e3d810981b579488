# tcp_test.sh - TCP legs over a wire of known delay and loss: their retransmits, windows and round trips, compared with the truth.
. tests/lib.sh
. tests/netns/bed.sh
bed_need "TCP legs"
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "TCP legs: built without libiperf"; exit 0; }
(: <>/dev/net/tun) 2>/dev/null || { skip "TCP legs: needs /dev/net/tun, and the right to open it"; exit 0; }
bed_make 4 || { not_ok "bed_make"; exit 1; }

# wire K DELAY_MS PERMILLE: between spoke K and the hub, 10.0.K.1 and 10.0.K.2; data from the spoke is lost; counts in $work/wire-K
wire() {
    eval "here=\$bed_pid_spoke$1"
    setpriv --pdeathsig KILL python3 tests/netns/delay_line.py "$here" 10.0.$1.1 "$bed_pid_hub" 10.0.$1.2 "$2" "$3" "$work/wire-$1" &
    bed_started="$bed_started $!"
    tries=0
    until [ -e "$work/wire-$1" ]; do tries=$((tries + 1)); [ $tries -lt 100 ] || return 1; sleep 0.05; done
}
# leg K NAME FLAG...: from spoke K, in the background
leg() {
    k=$1; name=$2; shift 2
    bed_start spoke$k "$longhaul" run "$name" HUB 10.0.$k.2 -p 520$k -t 12 --tcp --dir "$work/24H" "$@" >"$work/$name.log" 2>&1
    legs="$legs $!"
}
truth() { python3 tests/netns/tcp_truth.py "$@" || failures=$((failures + 1)); }

# A thousand kilometres along the equator, and one site without a place.
cat >"$work/sites.json" <<END
{"format": 1, "sites": {"HUB": {"address": "10.0.1.2", "ports": "5201-5203", "hub": true, "place": {"latitude": 0, "longitude": 0}},
 "LOSSY": {"place": {"latitude": 0, "longitude": 8.99320}}, "CLAMPED": {}}, "legs": "hub-and-spoke", "defaults": {"protocol": "tcp"}}
END
legs=
bed_start hub "$longhaul" serve -p 5201-5203 --dir "$work/hub" 2>"$work/serve.log"
for k in 1 2 3; do bed_wait_port hub 520$k || not_ok "serve listens on 520$k"; done
wire 1 10 20 && wire 2 20 0 && wire 3 10 0 && wire 4 10 0 || not_ok "the wires are there"
leg 1 LOSSY -C reno
leg 2 CLAMPED -w 16K
leg 3 PACED -b 2M -P 2 --pull
# Who may send no echo, and whose echoes are dropped, measures by TCP: against a stock server, which is busy with the test.
command -v iperf3 >/dev/null && {
    bed_in hub nft -f - <<END
table inet quiet {
    chain input {
        type filter hook input priority 0
        ip saddr 10.0.4.1 icmp type echo-request drop
    }
}
END
    for port in 5204 5205; do
        bed_start hub iperf3 -s -p $port >"$work/iperf3-$port.log" 2>&1
        bed_wait_port hub $port || not_ok "iperf3 listens on $port"
    done
    bed_start spoke1 setpriv --bounding-set -net_raw "$longhaul" run MAYNOT HUB 10.0.1.2 -p 5204 -t 12 -b 1M --pull --dir "$work/24H" >"$work/MAYNOT.log" 2>&1
    legs="$legs $!"
    bed_start spoke4 "$longhaul" run QUIET HUB 10.0.4.2 -p 5205 -t 24 -b 1M --dir "$work/24H" >"$work/QUIET.log" 2>&1
    legs="$legs $!"
}
for id in $legs; do wait $id; is "leg: exit status" $? 0; done
cat "$work"/*.log
truth lossy "$work"/24H/LOSSY-*.json "$work/wire-1" 20
truth clamped "$work"/24H/CLAMPED-*.json "$work/wire-2" 40
truth paced "$work"/24H/PACED-*.json "$work/wire-3" 20
[ -e "$work/QUIET.log" ] && {
    truth by_tcp "$work"/24H/MAYNOT-*.json "$work/wire-1" 20
    truth by_tcp_later "$work"/24H/QUIET-*.json "$work/wire-4" 20
}
truth receiver "$work"/hub/receiver/LOSSY-*.json "$work/wire-1" 20

"$longhaul" report --no-render --no-html --out "$work/report" --config "$work/sites.json" "$work/24H" "$work/hub" >"$work/report.log" 2>&1
is "report: exit status" $? 0
row() { sed -n "/$1/,/^## /p" "$work/report/summary_report.md" | grep -m 1 "^| $2"; } # TABLE LEG
like "report: the leg that loses, compared with Mathis" "$(row 'compared with its limits' LOSSY)" '^\| LOSSY->HUB \| reno \| [0-9.]+ \| [0-9.]+ \| loss \|'
like "report: the clamped one, compared with its window" "$(row 'compared with its limits' CLAMPED)" '\| window \| [0-9.]+ \|'
like "report: the paced one, compared with its target" "$(row 'compared with its limits' PACED)" '\| 4 \| pacing \| (9[5-9]|10[0-5])'
like "report: the clamped one is held back by the receiver's window" "$(grep '^- CLAMPED' "$work/report/summary_report.md")" 'tcp_receiver_limited'
is "report: the others are not" "$(grep -E '^- (LOSSY|PACED)->HUB: tcp_(receiver|sndbuf)_limited' "$work/report/summary_report.md")" ""
like "report: the round trip compared with its floor" "$(row '^## Round trips' LOSSY)" '\| ICMP echo \| 1[0-9] \| 0 \| 2[0-9.]+ \|.*\| 1,000 \| 10(\.00)? \| [2-6]\.[0-9]+ \|$'
like "report: of a site without a place it is not known" "$(row '^## Round trips' CLAMPED)" '\| - \| - \| - \|$'
done_testing
