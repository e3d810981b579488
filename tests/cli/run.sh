# run.sh - one leg, pushed and pulled, against Debian's iperf3 and against longhaul serve; both ways to stop.
. tests/lib.sh
command -v iperf3 >/dev/null || { skip "run: needs iperf3"; exit 0; }
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "run: built without libiperf"; exit 0; }

port=$(ports 3)
background iperf3 -s -p $port >"$work/server.log" 2>&1
background "$longhaul" serve -p $((port + 1))-$((port + 2)) 2>"$work/serve.log"
wait_port $port && wait_port $((port + 1)) && wait_port $((port + 2)) || not_ok "servers listen"

for against in iperf3 longhaul; do
    at=$port; [ $against = longhaul ] && at=$((port + 1))
    for way in push pull; do
        dir=$work/$against-$way
        $BUILD/tests/tools/callbacks HK WUS 127.0.0.1 $at 10 1 $way "$dir" >"$work/calls" 2>"$work/err"
        is "$way against $against: exit status" $? 0
        is "$way against $against: one file" "$(ls "$dir" | wc -l)" 1
        python3 tests/check_result.py "$dir"/HK-WUS-10M_10S_*.json "$work/calls" 10 || failures=1
    done
done

# both at once, short intervals, several streams, a name of its own
"$longhaul" run HK WUS 127.0.0.1 -p $((port + 1)) --both -t 2 -i 0.1 -P 3 -b 1500K -l 500 --dir "$work/both" >"$work/out" 2>"$work/err"
is "both directions: exit status" $? 0
is "both directions: names" "$(ls "$work/both" | sed 's/_20.*//' | tr '\n' ' ')" "HK-WUS-1500K_2S WUS-HK-1500K_2S "
for f in "$work"/both/*.json; do python3 tests/check_result.py "$f" - 20; done
is "streams of an interval" "$(python3 -c "import json,sys; print(len(json.load(open(sys.argv[1]))['intervals'][3]['streams']))" "$work"/both/HK-WUS*.json)" 3

# TCP: both directions at once against serve, then against iperf3, where round trips are measured meanwhile
"$longhaul" run HK WUS 127.0.0.1 -p $((port + 1)) --both --tcp -t 6 -P 2 -b 20M -C reno -w 256K --dir "$work/tcp" >"$work/out" 2>"$work/err"
is "TCP, both directions: exit status" $? 0
is "TCP: names without a rate" "$(ls "$work/tcp" | sed 's/_20.*//' | tr '\n' ' ')" "HK-WUS-TCP_6S WUS-HK-TCP_6S "
"$longhaul" run HK KC 127.0.0.1 -p $port --tcp -t 8 --dir "$work/tcp-iperf3" >"$work/out" 2>"$work/err"
is "TCP against iperf3: exit status" $? 0
like "TCP: its line has retransmits" "$(cat "$work/out")" '^HK->KC: 8\.0 s of 8 s in 8 intervals, (sent|delivered) [0-9.]+ Mbps, [0-9]+ retransmits?$'
"$longhaul" run KC HK 127.0.0.1 -p $port --tcp --pull -t 6 -b 20M --dir "$work/tcp-iperf3" >"$work/out" 2>"$work/err"
is "TCP pulled from iperf3: exit status" $? 0
for f in "$work"/tcp/*.json "$work"/tcp-iperf3/*.json; do python3 tests/check_tcp.py "$f" || failures=1; done

# SIGTERM between seconds 4 and 5 of 10
for way in "" --pull; do
    dir=$work/stop$way
    "$longhaul" run HK WUS 127.0.0.1 -p $((port + 1)) -t 10 $way --dir "$dir" >"$work/out" 2>&1 &
    pid=$!
    has_4() { [ "$(cat "$dir"/*.journal 2>/dev/null | grep -c '"event":"interval"')" -ge 4 ]; }
    until_ok 40 has_4
    sleep 0.4; kill -TERM $pid; wait $pid
    is "SIGTERM${way}: exit status" $? 143
    n=$(python3 -c "import json,sys; r=json.load(open(sys.argv[1])); assert r['end']['sum']['seconds'] < 6 and r['longhaul']['segments'][0]['ending'] == 'stopped' and 'lost_packets' in r['end']['sum'] and r['end']['cpu_utilization_percent']; print(len(r['intervals']))" "$dir"/*.json)
    like "SIGTERM${way}: 4 or 5 intervals and an end record" "$n" '^[45]$'
    is "SIGTERM${way}: the journal is kept for --resume, and nothing else" "$(ls "$dir" | sed 's/.*\.//' | tr '\n' ' ')" "journal json "
done

# a stock client of ours
iperf3 -c 127.0.0.1 -p $((port + 1)) -u -b 5M -t 3 -J >"$work/stock.json"
is "iperf3 -c against serve: exit status" $? 0
is "iperf3 -c against serve: no error, loss known" "$(python3 -c "import json,sys; d=json.load(open(sys.argv[1])); print('error' in d, d['end']['sum']['lost_packets'], len(d['intervals']))" "$work/stock.json")" "False 0 3"
is "unlimited: its own name" "$("$longhaul" run A B 127.0.0.1 -p $((port + 1)) -b 0 -t 1 --dir "$work/fast" 2>/dev/null | sed -n 's|.*/||; s|_20.*||p')" "A-B-UNLIMITED_1S"
done_testing
