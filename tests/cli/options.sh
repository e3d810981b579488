# options.sh - the options of iperf3's client against longhaul serve: the client ends as with a stock server, and says the same.
. tests/lib.sh
command -v iperf3 >/dev/null || { skip "options: needs iperf3"; exit 0; }
[ -n "$("$longhaul" --version | grep 'iperf ')" ] || { skip "options: built without libiperf"; exit 0; }

n=8
first=$(ports $((2 * n))); stock=$((first + n))
background "$longhaul" serve -p $first-$((stock - 1)) --dir "$work/in" 2>"$work/serve.log"
server=$!
for i in $(seq 0 $((n - 1))); do background iperf3 -s -p $((stock + i)) >/dev/null 2>&1; done
until_ok 40 says ' listening on every address ' "$work/serve.log" || not_ok "serve listens"
for i in $(seq 0 $((n - 1))); do wait_port $((stock + i)) || not_ok "iperf3 listens"; done
timeout 170 python3 tests/cli/options.py $first $stock $n >"$work/out" 2>&1
cat "$work/out"
check "all were compared" [ "$(grep -c '^ok - \|^not ok - ' "$work/out")" -ge 70 ]
is "none differs" "$(grep -c '^not ok' "$work/out")" 0
is "no child died" "$(grep -c 'process died' "$work/serve.log")" 0
kill -TERM $server; wait $server
is "and it is the same server" $? 143
done_testing
