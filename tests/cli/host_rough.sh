# host_rough.sh - the library in programs that reap any child, ignore or handle SIGCHLD, have no descriptors 0 and 2, are slow in a callback, or
# block all signals: in a run that they wait for, and in one that they dispatch in a loop of their own.
. tests/lib.sh
command -v iperf3 >/dev/null || { skip "host: needs iperf3"; exit 0; }
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "host: built without libiperf"; exit 0; }
rough=$BUILD/tests/host/rough
manners="plain reaper ignored handled closed slow blocked"
port=$(ports 28); n=0
while [ $n -lt 28 ]; do background iperf3 -s -p $((port + n)) >/dev/null 2>&1; n=$((n + 1)); done
n=0; while [ $n -lt 28 ]; do wait_port $((port + n)) || not_ok "server $n listens"; n=$((n + 1)); done
n=0; pids=
for manner in $manners; do
    for way in wait loop; do
        "$rough" $manner $way "$work/$manner-$way" 5 $((port + n)) $((port + n + 1)) >"$work/$manner-$way.out" 2>"$work/$manner-$way.err" &
        pids="$pids $manner-$way:$!"; n=$((n + 2))
    done
done
for one in $pids; do
    wait "${one#*:}"
    is "host, ${one%:*}: exit status" $? 0
    cat "$work/${one%:*}.out" "$work/${one%:*}.err"
    is "host, ${one%:*}: no journal is left" "$(find "$work/${one%:*}" -name '*.journal')" ""
    "$longhaul" show "$work/${one%:*}" >"$work/shown" 2>&1
    is "host, ${one%:*}: two whole records of five intervals" "$(grep -c ' 5 intervals, valid' "$work/shown")" 2
done
done_testing
