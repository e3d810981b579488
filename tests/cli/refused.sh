# refused.sh - a server's UDP port closes in the middle of a test: the gap says that the peer closed, whatever libiperf
# does between the error and its report.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "refused: built without libiperf"; exit 0; }
port=$(ports 1)
background python3 tests/cli/server.py $port closed
wait_port $port || not_ok "the server listens"
"$longhaul" run A B 127.0.0.1 -p $port -t 6 -b 1M --dir "$work/24H" >"$work/out" 2>"$work/err"
is "exit status: with a gap" $? 4
is "the gap's cause" "$(python3 -c "
import json, sys
gap = json.load(open(sys.argv[1]))['longhaul']['gaps'][0]
print(gap['cause'] if 'descriptor' not in gap['text'] else gap)" "$work"/24H/*.json)" peer-closed
done_testing
