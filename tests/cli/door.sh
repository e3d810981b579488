# door.sh - strangers at the ports of longhaul serve: they keep nobody out, take no stream, spoil no record, and crash nothing.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "door: built without libiperf"; exit 0; }

first=$(ports 13)
port() { echo $((first + $1)); }
door() { timeout 55 python3 tests/cli/door.py "$@" 2>&1; }
background "$longhaul" serve -p $first-$((first + 6)) --dir "$work/in" 2>"$work/serve.log"
server=$!
background "$longhaul" serve -p $((first + 7)) --dir "$work/from" --udp-from 127.0.0.96/29 2>"$work/from.log"
background "$longhaul" serve -p $((first + 9))-$((first + 12)) --dir "$work/odd" 2>"$work/odd.log"
for n in 0 1 2 3 4 5 6 7 9 10 11 12; do wait_port "$(port $n)" || not_ok "port $n listens"; done
like "without flags it says that anybody may, and for how long" "$(said "$work/serve.log")" '^anybody may test here, for up to 26h24m at any rate'

# at the same time, each on a port of its own
door slow "$(port 0)" >"$work/slow" & running=$!
door idle "$(port 1)" >"$work/idle" & running="$running $!"
door numbers "$(port 2)" '{"longhaul":1,"stem":"A-B-800K_1M_20251115_010046","interval_s":1}' >"$work/numbers" & running="$running $!"
door results "$(port 3)" >"$work/results" & running="$running $!"
door types "$(port 4)" >"$work/types" & running="$running $!"
door cookies "$(port 5)" >"$work/cookies" & running="$running $!"
door steal "$(port 6)" >"$work/steal" & running="$running $!"
label() { echo '{"longhaul":1,"stem":"'"$1"'-800K_1M_20251115_0100%02d","interval_s":1}'; }
door documents "$(port 9)" "$(label E-F)" >"$work/documents" & running="$running $!"
door orders "$(port 10)" >"$work/orders" & running="$running $!"
door whole "$(port 11)" "$(label G-H)" >"$work/whole" & running="$running $!"
door crowd "$(port 12)" 200 >"$work/crowd" & running="$running $!"
for pid in $running; do wait $pid; done

is "first words of other clients: asked for their parameters" "$(tr '\n' ' ' <"$work/cookies")" "9 9 9 9 9 9 9 9 9 9 "
is "four that say a byte a second: a leg begins next to them" "$(cat "$work/slow")" "done in 20 s"
is "four that open no stream: a leg begins all the same" "$(cat "$work/idle")" "done in 20 s"
is "wrong types and sizes: refused, with a reason each; the next is served" "$(sort "$work/types" | uniq -c | awk '{$1=$1};1' | tr '\n' ',')" \
    "6 -2 114,2 -2 142,1 -2 5,1 -2 6,2 -2 7,1 done,"
is "greetings of others: the client's counts, the thief gets nothing, the next is served" "$(tr '\n' ',' <"$work/steal")" \
    "answered,the thief got nothing,done,"
like "... and they are counted" "$(cat "$work/serve.log")" "port $(port 6): .*datagrams dropped so far: [1-9][0-9]* from others"
is "results of 2 GB, states without an end: ended, and the next is served" "$(tr '\n' ',' <"$work/results")" "results ended,states ended,done,"
like "... and the log says why" "$(cat "$work/serve.log")" 'results are too large: 2000000000 bytes'
like "... of both" "$(cat "$work/serve.log")" 'too many states'
is "forged numbers: the session goes on" "$(cat "$work/numbers")" "done many"
has_record() { ls "$work"/in/receiver/A-B-*.journal "$work"/in/receiver/A-B-*.json 2>/dev/null | grep -q . && grep -q "port $(port 2): ended" "$work/serve.log"; }
until_ok 10 has_record
is "... and its record has every row, nothing lost" "$(python3 - "$work"/in/receiver/A-B-*.json <<'END'
import json, sys
rows = json.load(open(sys.argv[1]))["intervals"]
print(len(rows) >= 3, sum(r["sum"]["lost_packets"] for r in rows), sum(r["sum"]["packets"] for r in rows) < 600)
END
)" "True 0 True"
like "... and they are counted" "$(cat "$work/serve.log")" "port $(port 2): .*dropped so far: 0 from others, [1-9][0-9]* with impossible numbers"
is "no child died" "$(grep -c 'process died' "$work/serve.log")" 0

# results, states and first words that no iperf3 sends: no crash, each test's record is whole
is "23 results that no iperf3 sends, each at a test's end: the next is served" "$(cat "$work/documents")" "23 done"
like "... the log says what is wrong" "$(cat "$work/odd.log")" 'results are refused: congestion_used is not text'
like "... of a stream, too" "$(cat "$work/odd.log")" 'results are refused: id is not a number'
is "24 clients with states out of order, or that vanish: the next is served" "$(cat "$work/orders")" "24 done"
is "10 first words of odd bytes: each test is served" "$(cat "$work/whole")" "10 done"
is "200 silent connections of an address: its next test is served" "$(cat "$work/crowd")" "done at once"
is "no child died of them" "$(grep -cE 'process died|signal' "$work/odd.log")" 0
is "each of these tests has its record, and nothing is lost in any" "$(python3 - "$work/odd/receiver" <<'END'
import glob, json, sys
rows = [json.load(open(path))["intervals"] for path in glob.glob(sys.argv[1] + "/*.json")]
print(len(rows), all(rows), sum(row["sum"].get("lost_packets", 0) for r in rows for row in r))
END
)" "33 True 0"

# a victim's address as the greeting's
is "reverse, greeted from another address: it gets nothing" "$(door reflect "$(port 0)")" nothing
is "--udp-from: data where the user wants it" "$(door reflect "$(port 7)")" data

# words that are not a client's: told in the log, not each
is "40 first words that are not iperf3's: closed" "$(door words "$(port 7)" 40 | sort | uniq -c | awk '{$1=$1};1')" "40 closed"
like "... the log says who and why" "$(cat "$work/from.log")" '127.0.0.77 is refused: its first message is not an iperf3 client.s'
n=$(grep -c 'is refused' "$work/from.log")
check "... not for each of them ($n lines in all)" [ "$n" -le 20 ]

# the port is open all the time, also between tests
door open "$(port 5)" 8 >"$work/open" & watcher=$!
for _ in 1 2 3 4 5; do timeout 20 python3 tests/cli/abuse.py leg "$(port 5)" x >>"$work/legs"; done
wait $watcher
is "while tests end and begin nobody is refused or reset" "$(cat "$work/open")" "0 of many"
is "... and each test is served at once" "$(sort "$work/legs" | uniq -c | awk '{$1=$1};1')" "5 done"
kill -TERM $server; wait $server
is "and it is the same server" $? 143

# rows of many streams are as coarse as a record of 20 kB/s needs
background "$longhaul" serve -p "$(port 8)" --dir "$work/many" 2>"$work/many.log"
wait_port "$(port 8)" || not_ok "it listens"
if command -v iperf3 >/dev/null; then
    iperf3 -c 127.0.0.1 -p "$(port 8)" -u -b 10K -l 100 -P 64 -t 3 --extra-data '{"longhaul":1,"stem":"A-B-640K_3S_20251115_010046","interval_s":0.1}' >/dev/null 2>&1
    like "64 streams, rows of 0.1 s: coarser" "$(cat "$work/many.log")" '64 streams: intervals of 1\.[0-9]* s instead of 0\.1'
    until_ok 10 says 'recorded in' "$work/many.log"
    is "... as the record has them" "$(python3 -c '
import glob, json, sys
[path] = glob.glob(sys.argv[1] + "/many/receiver/*.json")
rows = json.load(open(path))["intervals"]
print(1 <= len(rows) <= 4, len(rows[0]["streams"]))' "$work")" "True 64"
else
    skip "rows of many streams: needs iperf3"
fi
done_testing
