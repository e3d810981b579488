# abuse.sh - longhaul serve among hostile clients: afterwards every port serves an honest client, no file was written where
# it should not be, and the server has not grown.
. tests/lib.sh
command -v iperf3 >/dev/null || { skip "abuse: needs iperf3"; exit 0; }
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "abuse: built without libiperf"; exit 0; }

first=$(ports 4)
all="$first $((first + 1)) $((first + 2)) $((first + 3))"
mkdir -p "$work/in/here" "$work/tmp"
records_in=$work/in/here tests=$PWD/tests/cli
# The server's own folder is two levels down: ../../x would land in $work, which is listed.
(ulimit -c unlimited 2>/dev/null; cd "$records_in" && TMPDIR=$work/tmp exec "$longhaul" serve -p $first-$((first + 3)) --dir records --idle 2) 2>"$work/serve.log" &
server=$!; started="$started $server"
for port in $all; do wait_port $port || not_ok "it listens on $port"; done
abuse() { timeout 60 python3 "$tests/abuse.py" "$@"; }
# Whoever sends nonsense waits, for longer each time, and so does all that has its address: from there on the honest clients have another.
honest_from=127.0.0.1
honest() { # PORT TRIES: an iperf3 client that is refused comes again
    for _ in $(seq "$2"); do
        timeout 8 iperf3 -B $honest_from -c 127.0.0.1 -p "$1" -u -b 2M -t 1 -J >"$work/honest.$1" 2>&1 &&
            ! grep -q '"error"' "$work/honest.$1" && return 0
        sleep 0.5
    done
    return 1
}
# every_port WHAT TRIES: all ports at the same time
every_port() {
    after=$1 tries=$2; set --
    for port in $all; do { honest $port $tries && : >"$work/good.$port"; } & set -- "$@" $!; done
    for pid; do wait $pid; done
    for port in $all; do check "$after: port $port serves the next honest test" rm "$work/good.$port"; done
}
descriptors() { ls /proc/$server/fd | wc -l; }
rss_kb() { awk '/^VmRSS/ {print $2}' /proc/$server/status; }
children() { cat /proc/$server/task/*/children | wc -w; }
listing() { (cd "$work" && find . -path ./in/here/records -prune -o -type f -print | grep -vE '^\./(honest|good|log)\.|^\./serve\.log$|^\./(before|after)$' | sort); }

every_port "at first" 3
listing >"$work/before"
abuse garbage 400 $all >/dev/null
fds=$(descriptors) kb=$(rss_kb)

set -- $(abuse garbage 10000 $all)
is "10,000 connections of random bytes" "$1" 10000
check "the kernel refused few of them ($2)" [ "$2" -lt 100 ]
every_port "random bytes" 3
abuse scan $all
every_port "a port scan" 3

# half-open connections in every stage, and a test meanwhile
held() { abuse hold "$@" >"$work/log.$3" 2>&1 & started="$started $!"; holders="$holders $!"; }
holders=
set -- $all
held silent 100 $1; held partial 100 $1; held cookie 1 $2; held length 1 $3; held parameters 1 $4
sleep 1
every_port "half-open connections" 30
for pid in $holders; do kill $pid 2>/dev/null; wait $pid 2>/dev/null; done

# clients that stop, then vanish, in the middle of a test
clients_on_all() {
    clients=
    for port in $all; do
        iperf3 -c 127.0.0.1 -p $port -u -b 1M -t 60 --forceflush >"$work/log.client.$port" 2>&1 &
        clients="$clients $!"; started="$started $!"
    done
    for port in $all; do until_ok 20 says ' sec ' "$work/log.client.$port" || not_ok "a client of port $port has begun"; done
}
clients_on_all
for pid in $clients; do kill -STOP $pid; done
sleep 2
every_port "clients that stopped" 20
is "they were given up" "$(grep -c 'given up: no data came' "$work/serve.log")" 4
for pid in $clients; do kill -KILL $pid; wait $pid 2>/dev/null; done
clients_on_all
for pid in $clients; do kill -KILL $pid; done
for pid in $clients; do wait $pid 2>/dev/null; done
every_port "clients that vanished" 5

honest_from=127.0.0.2
set --
for port in $all; do abuse parameters $port & set -- "$@" $!; done
for pid; do wait $pid; done
every_port "parameters that make no sense" 30

# parameters without an end
largest_kb() { for child in $(cat /proc/$server/task/*/children); do awk '/^VmHWM/ {print $2}' /proc/$child/status 2>/dev/null; done | sort -n | tail -1; }
before=$(largest_kb) most=0
set --
for port in $all; do abuse flood $port >>"$work/log.flood" & set -- "$@" $!; done
for _ in 1 2 3 4 5 6 7 8; do
    sleep 0.5; now=$(largest_kb)
    [ "${now:-0}" -le $most ] || most=$now
done
for pid; do wait $pid; done
check "parameters of 2 GB: a child had $before kB, and $most at most (they sent $(sort -n "$work/log.flood" | tail -1) MB)" [ $most -lt $((before + 50000)) ]
every_port "parameters without an end" 30

# labels: a label that is not a leg's name makes no file
stem=A-B-800K_1S_20251115_010046
python3 - "$work" <<'END'
import sys
label = '{"longhaul":1,"stem":"%s","interval_s":1,"pad":"%s"}'
open(sys.argv[1] + "/log.long", "w").write(label % ("A-B-800K_1S_20251115_010046", "x" * 200000))
open(sys.argv[1] + "/log.longstem", "w").write(label % ("A" * 3000 + "-B-800K_1S_20251115_010046", ""))
END
label() { echo "{\"longhaul\":1,\"stem\":$1,\"interval_s\":${2:-1}}"; }
n=0
send() { # TEXT: on one port after the other, four at a time, each from an address of its own
    port=$((first + n % 4)); n=$((n + 1))
    abuse leg $port "$1" 127.0.0.$((10 + n)) >>"$work/log.legs" & senders="$senders $!"
    [ $((n % 4)) -ne 0 ] || { for pid in $senders; do wait $pid; done; senders=; }
}
senders=
for stem_json in '"../../x"' "\"../../$stem\"" "\"/tmp/$stem\"" "\"$work/$stem\"" "\"$stem\\n\"" "\"A\\n-B-800K_1S_20251115_010046\"" \
    "\"$stem\\u0000/x\"" "\"A-B-800K_1S_20251115_010046.json\"" '""' '"."' '".."' '"A-B"' 7 null '["A"]' '{"a":1}' true \
    '"A-B-8e5_1S_20251115_010046"' '"A-B-800K_1S_20251115_010099"' '"A-A-800K_1S_20251115_010046"'; do
    send "$(label "$stem_json")"
done
for interval in '"1"' -1 0 1e300 61 null; do send "$(label "\"A-C-800K_1S_20251115_010046\"" "$interval")"; done
for text in '{' '[]' '"text"' '' 'no JSON' "$(label '"A-B' 1)" "@$work/log.long" "@$work/log.longstem" 'JSON:7' 'JSON:null' 'JSON:[1]' \
    'JSON:{"stem":"../../x"}'; do send "$text"; done
for pid in $senders; do wait $pid; done
is "nothing of that was recorded" "$(cd "$records_in" && find records -type f 2>/dev/null)" ""
check "the legs themselves were served ($(sort "$work/log.legs" | uniq -c | tr '\n' ' '))" [ "$(grep -c done "$work/log.legs")" -ge 30 ]
abuse leg $first "$(label "\"$stem\"")" $honest_from >"$work/log.leg"
# The client is done a moment before the server has made the result of its journal.
is_one() { [ "$(cd "$records_in" && find records -type f)" = "records/receiver/$stem.json" ]; }
until_ok 10 is_one
is "a label that is one" "$(cat "$work/log.leg") $(cd "$records_in" && find records -type f)" "done records/receiver/$stem.json"
every_port "labels" 5

listing >"$work/after"
is "nothing was written outside the folder" "$(diff "$work/before" "$work/after")" ""
is "nor is anything left where temporary files go" "$(ls -A "$work/tmp")" ""
is "one child for each port" "$(children)" 4
is "descriptors" "$(descriptors)" "$fds"
if grep -q -- -fsanitize "$BUILD/flags"; then
    skip "memory under abuse: the sanitizers keep what is freed"
else
    check "memory: $kb kB, then $(rss_kb) kB" [ "$(rss_kb)" -lt $((kb + 1500)) ]
fi
kill -TERM $server; wait $server
is "and it is the same process, which ends when told to" $? 143
done_testing
