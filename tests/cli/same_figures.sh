# same_figures.sh - libiperf's own figures stay as they are while longhaul measures delays from the same datagrams: bytes, packets and losses of
# each second to the digit, with losses, duplicates and reordering, as iperf3 -s and a computation of the test have them.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "same figures: built without libiperf"; exit 0; }

set -- narrow wide two
first=$(ports 6)
background "$longhaul" serve -p $first-$((first + 2)) --dir "$work/in" 2>"$work/serve.log"
port=$first running=
for how; do
    wait_port $port || not_ok "it listens on $port"
    timeout 30 python3 tests/cli/same_figures.py leg $how $port >"$work/$how.sent" 2>&1 & running="$running $!"
    if command -v iperf3 >/dev/null; then
        timeout 40 iperf3 -s -1 -J -p $((port + 3)) >"$work/$how.stock" 2>/dev/null & running="$running $!"
        wait_port $((port + 3)) || not_ok "iperf3 listens on $((port + 3))"
        timeout 30 python3 tests/cli/same_figures.py leg $how $((port + 3)) >"$work/$how.stock.sent" 2>&1 & running="$running $!"
    fi
    port=$((port + 1))
done
for pid in $running; do wait $pid; done
for how; do
    until_ok 5 sh -c "ls '$work'/in/receiver/$how-Y-*.json >/dev/null 2>&1"
    stock=
    [ ! -s "$work/$how.stock" ] || stock=$work/$how.stock
    python3 tests/cli/same_figures.py check $how "$work/$how.sent" "$work"/in/receiver/$how-Y-*.json $stock || not_ok "$how: $(cat "$work/$how.sent")"
done
done_testing
