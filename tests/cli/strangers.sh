# strangers.sh - strangers connect in the moment when a server awaits the streams of a TCP test: the test begins, they are told that the
# server is busy, and none of them becomes a stream.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "strangers: built without libiperf"; exit 0; }

set -- "silent 127.0.0.50" "silent 127.0.0.1" "partial 127.0.0.50" "partial 127.0.0.1" "wrong 127.0.0.1" "beginning 127.0.0.50" \
    "beginning 127.0.0.1" "closed 127.0.0.1" "reset 127.0.0.1" "many 127.0.0.50" "silent 127.0.0.1 reverse" "silent 127.0.0.1 bidirectional" \
    "silent 127.0.0.50 window" "silent 127.0.0.50 slow" "many 127.0.0.1 slow" "closed 127.0.0.1 slow bidirectional"
first=$(ports $#)
background "$longhaul" serve -p $first-$((first + $# - 1)) --dir "$work/in" 2>"$work/serve.log"
port=$first running=
for scenario; do
    wait_port $port || not_ok "it listens on $port"
    timeout 50 python3 tests/cli/strangers.py $port $scenario >"$work/said.$port" 2>&1 & running="$running $!"
    port=$((port + 1))
done
for pid in $running; do wait $pid; done
port=$first
for scenario; do
    # 9: its parameters are asked for, next to the test that is about to begin. Nothing: on a busy machine some have not been answered yet.
    case $scenario in closed*|reset*) wanted=gone ;; wrong*) wanted=9; sed -i 's/ 9,255$/ 9/' "$work/said.$port" ;; *) wanted=255; sed -i 's/ 255 nothing$/ 255/' "$work/said.$port" ;; esac
    is "$scenario" "$(cat "$work/said.$port")" "done, data on all streams, strangers: $wanted"
    port=$((port + 1))
done
is "no test was broken off" "$(grep -c 'began no test\|broke off' "$work/serve.log")" 0

if command -v iperf3 >/dev/null; then # a real client, its streams by the hundred, while strangers come all the time
    python3 - $first 2>/dev/null <<'END' & started="$started $!"
import socket, sys, time
held, end = [], time.time() + 40
while time.time() < end:
    s = socket.socket()
    s.bind(("127.0.0.%d" % (1 if len(held) % 5 == 0 else 50), 0))
    try:
        s.connect(("127.0.0.1", int(sys.argv[1])))
        held.append(s)
    except OSError:
        pass
    time.sleep(0.01)
END
    for flags in "-P 32" "-P 8 --bidir" "-P 8 -R -w 64K"; do
        is "iperf3 $flags among strangers" "$(timeout 30 iperf3 -c 127.0.0.1 -p $first -t 1 -b 1M $flags -J | python3 -c '
import json, sys
d = json.load(sys.stdin)
print(d.get("error"), d["end"]["sum_sent"]["bytes"] > 0 and d["end"]["sum_received"]["bytes"] > 0)')" "None True"
        sleep 0.5
    done
fi
done_testing
