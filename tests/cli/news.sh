# news.sh - what a server tells a receiving client about routes comes among the data: good traces are kept, everything else is nothing, and no
# datagram of them counts as data.
. tests/lib.sh
command -v python3 >/dev/null || { skip "news: needs python3"; done_testing; }
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "news: built without libiperf"; done_testing; }
port=$(ports 3)
behind=$((port + 1))
background "$longhaul" serve -p $behind --dir "$work/served" 2>"$work/serve.log"
wait_port $behind
background python3 tests/cli/news_path.py "$port" $behind >"$work/path"; path=$!
wait_port "$port"
"$longhaul" run A B 127.0.0.1 -p "$port" -t 8 -b 2M -l 1000 --pull --dir "$work/run" >"$work/out" 2>"$work/run.log"
is "an attacker with the cookie: the leg ends as it should" $? 0
kill $path; wait $path 2>/dev/null
read -r made got <"$work/path"
check "it made up $made datagrams" test "$made" -gt 1000
check "the client said that it had the trace ($got times, as often as parts of it came again)" test "$got" -ge 1
python3 - "$work"/run/*.json >"$work/facts" <<'END'
import json, sys
d = json.load(open(sys.argv[1]))
hops = d["longhaul"].get("hops", [])
print(len(d["intervals"]), d["end"]["sum"]["lost_packets"], d["end"]["sum"].get("out_of_order"), len(hops), d["longhaul"].get("hops_by"))
print(*(f"{t['why']} {t['hops'][0][0]} {0 <= t['at_s'] <= 8} {sorted(t)}" for t in hops))
END
is "no made up datagram is lost, late or counted; one trace is kept" "$(sed -n 1p "$work/facts")" "8 0 0 1 raw"
is "the good one, on this leg's axis" "$(sed -n 2p "$work/facts")" \
    "loss 203.0.113.7 True ['at_s', 'by', 'destination_port', 'distance', 'hops', 'protocol', 'seconds', 'source_port', 'why']"
is "the journal was read back" "$(ls "$work/run" | wc -l)" 1
is "no line about made up routes" "$(grep -c 'route' "$work/run.log")" 0

# A client that wants no traces takes no news: such datagrams are what they look like.
background python3 tests/cli/news_path.py $((port + 2)) $behind >"$work/path"
wait_port $((port + 2))
"$longhaul" run A B 127.0.0.1 -p $((port + 2)) -t 3 -b 2M -l 1000 --pull --no-hops --dir "$work/none" >"$work/out" 2>"$work/run.log"
is "--no-hops: nothing of the kind is in the record" "$(grep -c '"hops' "$work"/none/*.json)" 0
like "--no-hops: they are dropped, and told" "$(cat "$work/run.log")" "datagrams dropped so far: [0-9]+ with numbers"
done_testing
