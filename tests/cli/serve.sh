# serve.sh - stock clients of every kind against longhaul serve: none does harm, and the next client is served.
. tests/lib.sh
command -v iperf3 >/dev/null || { skip "serve: needs iperf3"; exit 0; }
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "serve: built without libiperf"; exit 0; }

port=$(ports 1)
background "$longhaul" serve -p $port 2>"$work/serve.log"
server=$!
wait_port $port || not_ok "it listens"
again() { # a client that is refused in the moment between two tests tries again
    for _ in 1 2 3 4 5; do
        iperf3 -c 127.0.0.1 -p $port -t 1 -J "$@" >"$work/out.json" 2>&1 && ! grep -q '"error"' "$work/out.json" && return 0
        sleep 0.3
    done
    cat "$work/out.json"; return 1
}
check "TCP" again
check "TCP, both directions" again --bidir
check "UDP, both directions" again -u -b 2M --bidir
check "UDP, reverse" again -u -b 2M -R
check "TCP, 128 streams" again -P 128
check "UDP, 128 streams, 0.1 s intervals" again -u -b 100K -P 128 -i 0.1
check "UDP, both directions, 16 streams" again -u -b 100K -P 16 --bidir
check "UDP, 5 s, after all that" again -u -b 10M -t 5
all_told() { [ "$(grep -c 'test from 127.0.0.1' "$work/serve.log")" = "$(grep -c 'ended after' "$work/serve.log")" ]; }
until_ok 10 all_told
is "each test was logged" "$(grep -c 'test from 127.0.0.1' "$work/serve.log")" "$(grep -c 'ended after' "$work/serve.log")"
is "none ended badly" "$(grep 'ended after' "$work/serve.log" | grep 'bytes:')" ""
"$longhaul" serve -p $port 2>"$work/second.log"
is "a port that is taken: exit status" $? 1
is "a port that is taken: one line" "$(said "$work/second.log")" "longhaul: port $port: Address already in use"

# ended in the middle of a test: the client is told, and no child is left
iperf3 -c 127.0.0.1 -p $port -u -b 1M -t 60 --forceflush >"$work/client.log" 2>&1 &
client=$!
until_ok 20 says ' sec ' "$work/client.log"
children=$(cat /proc/$server/task/*/children)
kill -TERM $server; wait $server
is "SIGTERM: exit status" $? 143
wait $client
like "the client is told" "$(cat "$work/client.log")" "server has terminated"
for pid in $children; do check "child $pid is gone" gone $pid; done
# The client's window holds for the server's end of its streams, also where it is what the kernel begins with (64K): it must not grow.
if command -v ss >/dev/null; then
    window=$(ports 1)
    background "$longhaul" serve -p $window --dir "$work/window" 2>/dev/null
    wait_port $window
    timeout 20 iperf3 -c 127.0.0.1 -p $window -t 4 -w 64K >/dev/null 2>&1 & client=$!
    started="$started $client"
    sleep 2.5
    is "a window of 64K at the server stays so" "$(ss -tmnH "sport = :$window" | grep -o 'rb[0-9]*' | sort -u)" rb131072
    wait $client
fi
done_testing
