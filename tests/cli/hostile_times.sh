# hostile_times.sh - a peer whose datagrams have any times and numbers, duplicates by the hundred thousand, or are always late: the
# record is whole, its bytes, losses and order are right, and each delay is a number.
. tests/lib.sh
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "hostile times: built without libiperf"; exit 0; }

set -- plain chance backwards microseconds nothing swinging years twice jumping sparse late last_number wide leaping greatest wrapping shorts
first=$(ports $#)
background "$longhaul" serve -p $first-$((first + $# - 1)) --dir "$work/in" 2>"$work/serve.log"
port=$first running=
for how; do
    wait_port $port || not_ok "it listens on $port"
    timeout 30 python3 tests/cli/hostile_times.py leg $how $port >"$work/$how.sent" 2>&1 & running="$running $!"
    port=$((port + 1))
done
for pid in $running; do wait $pid; done
for how; do
    until_ok 5 sh -c "ls '$work'/in/receiver/$how-Y-*.json >/dev/null 2>&1"
    file=$(ls "$work"/in/receiver/$how-Y-*.json 2>/dev/null)
    [ -e "$file" ] && python3 tests/cli/hostile_times.py check "$file" "$(cat "$work/$how.sent")" || not_ok "$how: $(cat "$work/$how.sent")"
    check "$how: it is shown" sh -c "\"$longhaul\" show --json '$file' | python3 -m json.tool >/dev/null"
done
for how in greatest wrapping; do
    like "$how: its loss is unknown" "$("$longhaul" show "$work"/in/receiver/$how-Y-*.json)" 'loss unknown.*not valid'
done
is "no loss below 0, or above all" "$(grep -cE 'lost -|\([0-9]{3,}\.[0-9]+%\)' "$work/serve.log")" 0
done_testing
